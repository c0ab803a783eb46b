/*
 * Bad and hostile texts: the finding, its place, and that the rest of the file
 * is still read; in time that grows with the text and no faster.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

#include "base/limit.h"

#include <time.h>

#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

static const struct {
	const char *name;
	struct str text;
	enum code code;
	const char *covers, *argument, *note;
} faults[] = {
	{ "duplicate key", BYTES("a: 1\nb: 2\na: 3\n"), CODE_duplicate_key, "a", "a", "a" },
	{ "duplicate key, spelled otherwise", BYTES("{a: 1, 'a': 2}"), CODE_duplicate_key, "'a'",
	  "a", "a" },
	{ "duplicate key, deep", BYTES("- x:\n  - {é: 1, é: 2}\n"), CODE_duplicate_key, "é", "é",
	  "é" },
	{ "anchor on a scalar", BYTES("a: &x 1\n"), CODE_anchor, "&x", "x", NULL },
	{ "anchor on a map", BYTES("a: &x\n  b: 1\n"), CODE_anchor, "&x", "x", NULL },
	{ "anchor on a list", BYTES("a: &x [1]\n"), CODE_anchor, "&x", "x", NULL },
	{ "anchor on nothing", BYTES("[&x , 1]"), CODE_anchor, "&x", "x", NULL },
	{ "anchor on a key", BYTES("&x a: 1\n"), CODE_anchor, "&x", "x", NULL },
	{ "alias", BYTES("a: 1\nb: *x\n"), CODE_alias, "*x", "x", NULL },
	{ "alias as a key", BYTES("*x : 1\n"), CODE_alias, "*x", "x", NULL },
	{ "standard tag", BYTES("a: !!str 1\n"), CODE_tag, "!!str", "!!str", NULL },
	{ "own tag", BYTES("a: !x [1]\n"), CODE_tag, "!x", "!x", NULL },
	{ "verbatim tag", BYTES("a: !<tag:y.org,2002:str> 1\n"), CODE_tag, "!<tag:y.org",
	  "!<tag:y.org", NULL },
	{ "tag without a name", BYTES("a: ! 1\n"), CODE_tag, "!", "!", NULL },
	{ "tag without a name on a list", BYTES("a: ! [1]\n"), CODE_tag, "!", "!", NULL },
	{ "tag without a name on a map", BYTES("a: !\n  b: 1\n"), CODE_tag, "!", "!", NULL },
	{ "tag without its directive", BYTES("a: !e!x 1\n"), CODE_tag, "!e!x", "!e!x", NULL },
	{ "version directive", BYTES("%YAML 1.2\n---\na: 1\n"), CODE_directive, "%YAML", "%YAML",
	  NULL },
	{ "directive of a later document", BYTES("a: 1\n...\n%X y\n---\nb: 1\n"), CODE_directive,
	  "%X", "%X", NULL },
	{ "directive behind U+2028", BYTES("# \xe2\x80\xa8%X y\n"), CODE_directive, "%X", "%X",
	  NULL },
	{ "merge key", BYTES("a:\n  <<: {b: 1}\n"), CODE_merge_key, "<<", NULL, NULL },
	{ "number as a key", BYTES("a: {1: b}\n"), CODE_key_not_string, "1", NULL, NULL },
	{ "bool as a key", BYTES("true: b\n"), CODE_key_not_string, "true", NULL, NULL },
	{ "null as a key", BYTES("~: b\n"), CODE_key_not_string, "~", NULL, NULL },
	{ "no key", BYTES("?\n: b\n"), CODE_key_not_string, "", NULL, NULL },
	{ "list as a key", BYTES("? [a, b]\n: c\n"), CODE_key_not_string, "[a, b]", NULL, NULL },
	{ "map as a key", BYTES("{{a: b}: c}"), CODE_key_not_string, "{a: b}", NULL, NULL },
	{ "NUL", BYTES("a: 1\0\n"), CODE_nul_byte, "\0", NULL, NULL },
	{ "escape", BYTES("a: \x1b[1m\n"), CODE_control_character, "\x1b", "U+001B", NULL },
	{ "delete", BYTES("a: \x7f\n"), CODE_control_character, "\x7f", "U+007F", NULL },
	{ "next line", BYTES("a: \xc2\x85\n"), CODE_control_character, "\xc2\x85", "U+0085", NULL },
	{ "byte order mark inside", BYTES("a: \xef\xbb\xbf\n"), CODE_control_character,
	  "\xef\xbb\xbf", "U+FEFF", NULL },
	{ "no character", BYTES("a: \xef\xbf\xbf\n"), CODE_control_character, "\xef\xbf\xbf",
	  "U+FFFF", NULL },
	{ "truncated UTF-8", BYTES("a: \xe2\x82"), CODE_not_utf8, "\xe2", NULL, NULL },
	{ "truncated UTF-8 before more", BYTES("a: \xe2\x82z\n"), CODE_not_utf8, "\xe2", NULL,
	  NULL },
	{ "overlong UTF-8", BYTES("a: \xc0\xaf\n"), CODE_not_utf8, "\xc0", NULL, NULL },
	{ "overlong UTF-8 of three bytes", BYTES("a: \xe0\x80\xaf\n"), CODE_not_utf8, "\xe0", NULL,
	  NULL },
	{ "surrogate in UTF-8", BYTES("a: \xed\xa0\x80\n"), CODE_not_utf8, "\xed", NULL, NULL },
	{ "beyond Unicode", BYTES("a: \xf4\x90\x80\x80\n"), CODE_not_utf8, "\xf4", NULL, NULL },
	{ "Latin-1", BYTES("a: caf\xe9\n"), CODE_not_utf8, "\xe9", NULL, NULL },
};

static void test_each_fault_has_its_finding_at_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(faults); i++) {
		struct reading in = read_bytes(faults[i].text);
		if (in.diags.all.n != 1 || in.diags.all.at[0]->code != faults[i].code)
			fail_msg("%s:%s", faults[i].name, all_findings(&in));
		const struct finding *f = in.diags.all.at[0];
		if (f->code == CODE_nul_byte)
			assert_int_equal(f->at.end - f->at.start, 1);
		else
			assert_covers(&in, f->at, faults[i].covers);
		if (faults[i].argument)
			assert_str(f->arguments[0], faults[i].argument);
		assert_int_equal(f->notes.n, faults[i].note ? 1 : 0);
		if (faults[i].note)
			assert_covers(&in, f->notes.at[0].at, faults[i].note);
		reading_free(&in);
	}
}

static void test_a_document_with_a_fault_is_broken_and_has_no_root(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(faults); i++) {
		struct reading in = read_bytes(faults[i].text);
		uint32_t broken = 0;
		for (uint32_t k = 0; k < in.documents.all.n; k++) {
			const struct document *document = &in.documents.all.at[k];
			assert_true(document->broken == !document->root);
			broken += document->broken;
		}
		if (broken != 1)
			fail_msg("%s: %u broken documents", faults[i].name, broken);
		reading_free(&in);
	}
}

static const struct {
	const char *name, *text, *covers, *message, *help;
} syntax[] = {
	{ "value within a value", "a: b: c\n", ":", "mapping values are not allowed",
	  "quote the value" },
	{ "no space behind the colon", "a: 1\nb:c\n", "c", "could not find expected ':'",
	  "a colon and a space" },
	{ "indentation of a key", "a:\n    b: 1\n  c: 2\n", "c", "did not find expected key",
	  "indented like the keys" },
	{ "indentation of an item", "a:\n  - 1\n  b: 2\n", "b", "did not find expected '-'",
	  "indented like the items" },
	{ "list on the key's line", "a: - b\n", "-", "block sequence entries", "line of its own" },
	{ "star", "host: *.example.com\n", ".", "did not find expected alphabetic",
	  "starts with `*`" },
	{ "at sign", "a: @b\n", "@", "cannot start any token", "quote text" },
	{ "percent sign", "a: %b\n", "%", "cannot start any token", "quote text" },
	{ "unknown escape", "a: \"\\d+\"\n", "\\", "unknown escape", "single quotes" },
	{ "surrogates", "a: \"\\ud83d\\ude00\"\n", "d", "invalid Unicode", "the character itself" },
	{ "open quote", "a: \"b\nc: d\n", "d", "end of stream", "closing quote" },
	{ "open bracket", "a: [b, c\nd: e\n", ":", "',' or ']'", "closing `]`" },
	{ "open brace", "a: {b: c\n", "c", "',' or '}'", "closing `}`" },
	{ "closing bracket", "a: ]\n", "]", "did not find expected node content",
	  "must be quoted" },
	{ "text behind a document", "{a: 1}\nb\n", "b", "expected <document start>", "`---`" },
	{ "text on the line of a literal", "a: | b\n", "b", "comment or line break", "below" },
	{ "tab before a key", "a:\n\tb: 1\n", "\t", "a tab cannot be used", "indent with spaces" },
	{ "tab between keys", "a:\n  b: 1\n\tc: 2\n", "\t", "a tab cannot be used",
	  "indent with spaces" },
};

static bool contains(struct str text, const char *part)
{
	return text.n && memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void test_syntax_errors_say_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(syntax); i++) {
		struct reading in = read_text(syntax[i].text);
		const struct finding *f = only_finding(&in, CODE_yaml_syntax);
		if (!contains(f->arguments[0], syntax[i].message) ||
		    !contains(f->help, syntax[i].help))
			fail_msg("%s: %.*s (help: %.*s)", syntax[i].name, STR(f->arguments[0]),
				 STR(f->help));
		struct str covered = str_slice(in.file->text, f->at.start, f->at.end);
		if (!str_eq(covered, str_of(syntax[i].covers)))
			fail_msg("%s: covers `%.*s`", syntax[i].name, STR(covered));
		assert_int_equal(in.documents.all.n > 0, 1);
		reading_free(&in);
	}
}

static void test_syntax_errors_note_where_the_construct_began(void **state)
{
	(void)state;
	struct reading in = read_text("é: 1\nb: \"c\nd: e\n");
	const struct finding *f = only_finding(&in, CODE_yaml_syntax);
	assert_int_equal(f->notes.n, 1);
	assert_covers(&in, f->notes.at[0].at, "\"");
	assert_str(f->notes.at[0].text, "while scanning a quoted scalar");
	reading_free(&in);
}

static const char *const broken_starts[] = {
	"a: [1, 2", "a: \"open",    "a: b: c", "a:\n\tb: 1", "]",
	"a: *x",    "{a: 1, a: 2}", "a: !x 1", "--- ]",      "a: @",
};

static void test_a_fault_does_not_cost_the_other_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(broken_starts); i++) {
		struct arena *mem = arena_new();
		struct reading in = read_bytes(
			str_format(mem, "é: 0\n---\n%s\n---\nü: 1\n---\n%s\n--- {z: é}\n",
				   broken_starts[i], broken_starts[i]));
		assert_int_equal(in.diags.errors, 2);
		if (in.documents.all.n != 5)
			fail_msg("%s: %u documents", broken_starts[i], in.documents.all.n);
		static const bool broken[] = { false, true, false, true, false };
		for (uint32_t k = 0; k < 5; k++)
			assert_int_equal(in.documents.all.at[k].broken, broken[k]);
		assert_covers(&in, in.documents.all.at[2].at, "ü: 1");
		const struct node *last = in.documents.all.at[4].root;
		assert_covers(&in, node_pair(last, S("z"))->key_at, "z");
		assert_covers(&in, node_get(last, S("z"))->at, "é");
		reading_free(&in);
		arena_free(mem);
	}
}

static void test_all_faults_of_one_document_are_reported(void **state)
{
	(void)state;
	struct reading in = read_text("a: 1\na: 2\nb: &x 1\nc: *x\n<<: {}\n1: !t ~\n");
	assert_int_equal(in.diags.errors, 6);
	find_finding(&in, CODE_duplicate_key);
	find_finding(&in, CODE_anchor);
	find_finding(&in, CODE_alias);
	find_finding(&in, CODE_merge_key);
	find_finding(&in, CODE_key_not_string);
	find_finding(&in, CODE_tag);
	reading_free(&in);
}

static void test_anchor_and_tag_in_any_order_are_two_findings(void **state)
{
	(void)state;
	static const char *const texts[] = { "a: &x !t b\n", "a: !t &x b\n",
					     "a: !t\n  &x\n  b: 1\n" };
	for (size_t i = 0; i < countof(texts); i++) {
		struct reading in = read_text(texts[i]);
		assert_int_equal(in.diags.errors, 2);
		assert_covers(&in, find_finding(&in, CODE_anchor)->at, "&x");
		assert_covers(&in, find_finding(&in, CODE_tag)->at, "!t");
		reading_free(&in);
	}
}

static void test_a_key_that_is_no_text_can_be_fixed_by_quotes(void **state)
{
	(void)state;
	struct reading in = read_text("8080: a\n");
	const struct finding *f = only_finding(&in, CODE_key_not_string);
	assert_covers(&in, f->fix_at, "8080");
	assert_str(f->fix_text, "\"8080\"");
	reading_free(&in);
}

static void test_duplicates_are_found_among_thousands_of_keys(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct buf text = buf_new(mem, 0);
	for (int i = 0; i < 5000; i++)
		buf_format(&text, "k%d: %d\n", i, i);
	buf_lit(&text, "'k17': again\n");
	struct reading in = read_bytes(buf_view(&text));
	const struct finding *f = only_finding(&in, CODE_duplicate_key);
	assert_covers(&in, f->at, "'k17'");
	assert_covers(&in, f->notes.at[0].at, "k17");
	reading_free(&in);
	arena_free(mem);
}

static void test_byte_order_mark_is_reported_with_a_fix_and_the_rest_is_read(void **state)
{
	(void)state;
	struct reading in = read_text("\xef\xbb\xbf"
				      "a: é\n");
	const struct finding *f = only_finding(&in, CODE_byte_order_mark);
	assert_int_equal(f->fix_at.start, 0);
	assert_int_equal(f->fix_at.end, 3);
	assert_int_equal(f->fix_text.n, 0);
	assert_int_equal(in.documents.all.n, 1);
	assert_covers(&in, node_get(in.documents.all.at[0].root, S("a"))->at, "é");
	reading_free(&in);
}

static void test_utf16_is_named(void **state)
{
	(void)state;
	static const struct {
		struct str text;
		enum code code;
	} rows[] = {
		{ BYTES("\xff\xfe"
			"a\0:\0"),
		  CODE_not_utf8 },
		{ BYTES("\xfe\xff"
			"\0a\0:"),
		  CODE_not_utf8 },
		{ BYTES("a\0:\0 \0"
			"1\0"),
		  CODE_nul_byte },
		{ BYTES("\0a\0:"), CODE_nul_byte },
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct reading in = read_bytes(rows[i].text);
		assert_true(contains(only_finding(&in, rows[i].code)->help, "UTF-16"));
		assert_int_equal(in.documents.all.n, 1);
		assert_true(in.documents.all.at[0].broken);
		reading_free(&in);
	}
}

static struct str nested(struct arena *mem, uint32_t depth, const char *open, const char *close)
{
	struct buf text = buf_new(mem, 0);
	for (uint32_t i = 0; i < depth; i++)
		buf_str(&text, str_of(open));
	for (uint32_t i = 0; i < depth; i++)
		buf_str(&text, str_of(close));
	return buf_view(&text);
}

static struct str nested_block(struct arena *mem, uint32_t depth)
{
	struct buf text = buf_new(mem, 0);
	for (uint32_t i = 0; i < depth; i++) {
		buf_fill(&text, ' ', i);
		buf_lit(&text, "a:\n");
	}
	return buf_view(&text);
}

static void test_nesting_up_to_the_limit_is_read(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	const struct str texts[] = {
		nested(mem, LIMIT_DEPTH, "[", "]"),
		nested(mem, LIMIT_DEPTH, "{a: ", "}"),
		nested(mem, LIMIT_DEPTH, "- ", ""),
		nested_block(mem, LIMIT_DEPTH),
	};
	for (size_t i = 0; i < countof(texts); i++) {
		struct reading in = read_bytes(texts[i]);
		only_root(&in);
		reading_free(&in);
	}
	arena_free(mem);
}

static void test_nesting_beyond_the_limit_is_refused_where_it_happens(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	const struct {
		struct str text;
		uint32_t at;
	} rows[] = {
		{ nested(mem, LIMIT_DEPTH + 1, "[", "]"), LIMIT_DEPTH },
		{ nested(mem, LIMIT_DEPTH + 1, "{a: ", "}"), LIMIT_DEPTH * 4 },
		{ nested(mem, LIMIT_DEPTH + 1, "- ", ""), LIMIT_DEPTH * 2 },
		{ nested_block(mem, LIMIT_DEPTH + 1),
		  LIMIT_DEPTH * (LIMIT_DEPTH - 1) / 2 + LIMIT_DEPTH * 4 },
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct reading in =
			read_bytes(str_format(mem, "%.*s\n---\nb: 1\n", STR(rows[i].text)));
		const struct finding *f = only_finding(&in, CODE_too_deep);
		assert_str(f->arguments[0], "64");
		assert_int_equal(f->at.start, rows[i].at);
		assert_int_equal(in.documents.all.n, 2);
		assert_covers(&in, in.documents.all.at[1].at, "b: 1");
		reading_free(&in);
	}
	arena_free(mem);
}

static struct str repeated(struct arena *mem, const char *part, size_t bytes)
{
	struct buf text = buf_new(mem, 0);
	while (text.n < bytes)
		buf_str(&text, str_of(part));
	return buf_view(&text);
}

static double cpu_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* What two megabytes of ordinary text take, at least 50 ms: sanitizers and valgrind slow down both. */
static double budget_ms(void)
{
	struct arena *mem = arena_new();
	struct str text = repeated(mem, "- name: [a, b, {c: d}]\n", 2u << 20);
	double start = cpu_ms();
	struct reading in = read_bytes(text);
	double took = cpu_ms() - start;
	reading_free(&in);
	arena_free(mem);
	return took < 50 ? 50 : took;
}

/* Without the checks these take libyaml from half a second to minutes. */
static void test_texts_that_are_slow_to_parse_end_at_once(void **state)
{
	(void)state;
	double budget = budget_ms();
	static const struct {
		const char *name, *part;
		size_t bytes;
		enum code code;
	} rows[] = {
		{ "100 KB of [", "[", 100000, CODE_too_deep },
		{ "400 KB of [[],", "[[],", 400000, CODE_too_deep },
		{ "braces", "{", 100000, CODE_too_deep },
		{ "dashes", "- ", 100000, CODE_too_deep },
		{ "question marks", "? ", 100000, CODE_too_deep },
		{ "nested keys", "{a: ", 100000, CODE_too_deep },
		{ "20 000 %TAG", "%TAG !abcdefgh! tag:x.org,20:\n", 600000, CODE_directive },
		{ "%TAG behind a document", "[a]\n%TAG !a! tag:x\n", 400000, CODE_directive },
		{ "thousands of documents that are broken", "---\n]\n", 100000, CODE_yaml_syntax },
		{ "thousands of deep documents",
		  "---\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
		  100000, CODE_too_deep },
		{ "thousands of anchors", "- &a x\n", 100000, CODE_anchor },
		{ "thousands of duplicates", "a: x\n", 100000, CODE_duplicate_key },
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct arena *mem = arena_new();
		struct str text = repeated(mem, rows[i].part, rows[i].bytes);
		double start = cpu_ms();
		struct reading in = read_bytes(text);
		double took = cpu_ms() - start;
		find_finding(&in, rows[i].code);
		assert_true(in.diags.all.n <= 101);
		if (took > budget)
			fail_msg("%s: %.1f ms", rows[i].name, took);
		reading_free(&in);
		arena_free(mem);
	}
}

static void test_an_alias_bomb_does_not_go_off(void **state)
{
	(void)state;
	struct reading in =
		read_text("a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\n"
			  "d: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]\n");
	assert_int_equal(in.diags.errors, 4 + 16);
	assert_int_equal(in.documents.all.n, 1);
	assert_null(in.documents.all.at[0].root);
	reading_free(&in);
}

static void test_a_scalar_of_megabytes_is_refused_and_reading_goes_on(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct buf text = buf_new(mem, 0);
	buf_lit(&text, "a: \"");
	buf_fill(&text, 'x', 3u << 20);
	buf_lit(&text, "\"\nb: 1\nb: 2\n---\nc: ");
	buf_fill(&text, 'y', LIMIT_SCALAR_BYTES);
	buf_lit(&text, "\n---\nd: ");
	buf_fill(&text, 'z', LIMIT_SCALAR_BYTES + 1);
	struct reading in = read_bytes(buf_view(&text));

	assert_int_equal(in.diags.errors, 3);
	assert_str(find_finding(&in, CODE_scalar_too_long)->arguments[0], "262144");
	assert_covers(&in, find_finding(&in, CODE_scalar_too_long)->at, "\"");
	find_finding(&in, CODE_duplicate_key);
	assert_int_equal(in.documents.all.n, 3);
	assert_int_equal(node_get(in.documents.all.at[1].root, S("c"))->u.text.n,
			 LIMIT_SCALAR_BYTES);
	assert_true(in.documents.all.at[2].broken);
	reading_free(&in);
	arena_free(mem);
}

static void test_documents_beyond_the_limit_are_one_finding(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct str most = repeated(mem, "--- a\n", LIMIT_DOCUMENTS * 6);
	struct reading in = read_bytes(most);
	assert_clean(&in);
	assert_int_equal(in.documents.all.n, LIMIT_DOCUMENTS);
	reading_free(&in);

	in = read_bytes(repeated(mem, "--- a\n", (LIMIT_DOCUMENTS + 500) * 6));
	const struct finding *f = only_finding(&in, CODE_too_many_documents);
	assert_str(f->arguments[0], "10000");
	assert_int_equal(f->at.start, LIMIT_DOCUMENTS * 6);
	reading_free(&in);
	arena_free(mem);
}

static void test_names_in_findings_are_cut(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct str name = repeated(mem, "é", 400);
	struct reading in = read_bytes(str_format(mem, "{%.*s: 1, %.*s: 2}", STR(name), STR(name)));
	const struct finding *f = only_finding(&in, CODE_duplicate_key);
	assert_int_equal(f->arguments[0].n, 100);
	assert_int_equal(f->at.end - f->at.start, 400);
	reading_free(&in);
	arena_free(mem);
}

/* Any cut of a text with everything in it is read without a stray byte (sanitizers look on). */
static void test_every_prefix_of_a_text_can_be_read(void **state)
{
	(void)state;
	const struct str text = S("%X\n--- &a !t\né: [1, {b: \"c\\u00e9\"}, 'd']\n? [x]\n: *y\nf: "
				  "|\n  g\n\nh: >-\n  i\n"
				  "---\n\tj: k: l\n--- \"m\n---\n<<: 1\n\xf0\x9f\x98\x80: 2\n");
	for (uint32_t n = 0; n <= text.n; n++) {
		struct reading in = read_bytes(str_slice(text, 0, n));
		for (uint32_t i = 0; i < in.diags.all.n; i++) {
			const struct finding *f = in.diags.all.at[i];
			assert_true(f->at.start <= f->at.end && f->at.end <= n);
		}
		reading_free(&in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fault_has_its_finding_at_its_place),
		cmocka_unit_test(test_a_document_with_a_fault_is_broken_and_has_no_root),
		cmocka_unit_test(test_syntax_errors_say_what_to_do),
		cmocka_unit_test(test_syntax_errors_note_where_the_construct_began),
		cmocka_unit_test(test_a_fault_does_not_cost_the_other_documents),
		cmocka_unit_test(test_all_faults_of_one_document_are_reported),
		cmocka_unit_test(test_anchor_and_tag_in_any_order_are_two_findings),
		cmocka_unit_test(test_a_key_that_is_no_text_can_be_fixed_by_quotes),
		cmocka_unit_test(test_duplicates_are_found_among_thousands_of_keys),
		cmocka_unit_test(test_byte_order_mark_is_reported_with_a_fix_and_the_rest_is_read),
		cmocka_unit_test(test_utf16_is_named),
		cmocka_unit_test(test_nesting_up_to_the_limit_is_read),
		cmocka_unit_test(test_nesting_beyond_the_limit_is_refused_where_it_happens),
		cmocka_unit_test(test_texts_that_are_slow_to_parse_end_at_once),
		cmocka_unit_test(test_an_alias_bomb_does_not_go_off),
		cmocka_unit_test(test_a_scalar_of_megabytes_is_refused_and_reading_goes_on),
		cmocka_unit_test(test_documents_beyond_the_limit_are_one_finding),
		cmocka_unit_test(test_names_in_findings_are_cut),
		cmocka_unit_test(test_every_prefix_of_a_text_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
