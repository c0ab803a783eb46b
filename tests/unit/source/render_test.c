/* Findings as text: the shape, the columns, and nothing that acts on a terminal. */
#include "base/base.h"
#include "source/render.h"

#include <setjmp.h>
#include <cmocka.h>

struct world {
	struct arena *mem;
	struct files files;
	struct diags diags;
};

static struct world world_new(void)
{
	struct arena *mem = arena_new();

	return (struct world){ mem, files_new(mem), diags_new(mem) };
}

static uint32_t add_file(struct world *w, const char *path, const char *text)
{
	return files_add(&w->files, str_of(path), str_of(text));
}

/* The first place where `needle` stands in a file. */
static struct span span_of(const struct world *w, uint32_t file, const char *needle)
{
	const char *text = files_get(&w->files, file)->text.p;
	const char *at = strstr(text, needle);

	assert_non_null(at);
	return (struct span){ file, (uint32_t)(at - text),
			      (uint32_t)(at - text + (ptrdiff_t)strlen(needle)) };
}

static const char *text_of(struct world *w, const struct finding *f, bool color)
{
	struct buf b = buf_new(w->mem, 0);

	render_finding(&b, &w->files, f, (struct render_options){ .color = color });
	return str_z(w->mem, buf_view(&b));
}

static const char routing[] = "a: 1\n"
			      "\n"
			      "\n"
			      "\n"
			      "\n"
			      "\n"
			      "\n"
			      "\n"
			      "\n"
			      "route:\n"
			      "  - cluster: prod-eu-3\n"
			      "    weight: 1\n";

static void test_a_finding_with_everything_has_the_known_shape(void **state)
{
	struct world w = world_new();
	uint32_t inventory =
		add_file(&w, "inventory/eu/cluster.yaml", "kind: Cluster\nname: prod-eu-2\n");
	uint32_t mesh = add_file(&w, "mesh/routing.yaml", routing);
	struct finding *f =
		report_unknown_cluster(&w.diags, span_of(&w, mesh, "prod-eu-3"), S("prod-eu-3"));

	(void)state;
	note(f, (struct span){ 0 }, "2 clusters match");
	note(f, span_of(&w, inventory, "prod-eu-2"), "closest name");
	help(f, "use `prod-eu-2`");
	fix(f, f->at, S("prod-eu-2"));
	f->repeats = 399;
	assert_string_equal(text_of(&w, f, false),
			    "error[MSH0204]: `prod-eu-3` is not a cluster of the inventory\n"
			    "  --> mesh/routing.yaml:11:14\n"
			    "   |\n"
			    "11 |   - cluster: prod-eu-3\n"
			    "   |              ^^^^^^^^^\n"
			    "   |\n"
			    "  ::: inventory/eu/cluster.yaml:2:7\n"
			    "   |\n"
			    " 2 | name: prod-eu-2\n"
			    "   |       --------- closest name\n"
			    "   = note: 2 clusters match\n"
			    "   = note: and 399 more like this\n"
			    "   = help: use `prod-eu-2`\n"
			    "   |\n"
			    "11 |   - cluster: prod-eu-2\n"
			    "   |              ~~~~~~~~~\n"
			    "   = more: meshc explain MSH0204\n");
	arena_free(w.mem);
}

static void test_a_finding_without_a_place_is_its_message(void **state)
{
	struct world w = world_new();
	struct finding *f = report_nothing_federated(&w.diags, (struct span){ 0 }, S("vm"));

	(void)state;
	assert_string_equal(text_of(&w, f, false), "warning[MSH0612]: `vm` federates nothing\n"
						   "  = more: meshc explain MSH0612\n");
	arena_free(w.mem);
}

static void test_colour_wraps_words_and_changes_nothing_else(void **state)
{
	struct world w = world_new();
	uint32_t file = add_file(&w, "a.yaml", "x: y\n");
	struct finding *f = report_empty_policy(&w.diags, span_of(&w, file, "y"));

	(void)state;
	assert_string_equal(text_of(&w, f, true),
			    "\x1b[1;33mwarning[MSH0410]\x1b[0m: this sets nothing\n"
			    "\x1b[1;34m --> \x1b[0ma.yaml:1:4\n"
			    "\x1b[1;34m  |\x1b[0m\n"
			    "\x1b[1;34m1 |\x1b[0m x: y\n"
			    "\x1b[1;34m  |\x1b[0m    \x1b[1;33m^\x1b[0m\n"
			    "\x1b[1;34m  = \x1b[0mmore: meshc explain MSH0410\n");
	arena_free(w.mem);
}

/* Source and caret lines of a finding at the given bytes. */
static void test_carets_stand_below_what_they_mean(void **state)
{
	static const struct {
		const char *name, *text;
		uint32_t start, end;
		const char *want;
	} cases[] = {
		{ "tab", "a:\tbc", 3, 5, "1 | a:  bc\n  |     ^^\n" },
		{ "tab inside", "a\tb", 0, 3, "1 | a   b\n  | ^^^^^\n" },
		{ "several characters", "\xc3\xa9\xe2\x82\xac: x", 7, 8,
		  "1 | \xc3\xa9\xe2\x82\xac: x\n  |     ^\n" },
		{ "empty span", "a: b", 3, 3, "1 | a: b\n  |    ^\n" },
		{ "end of text", "a: b\n", 5, 5, "2 |\n  | ^\n" },
		{ "first line of many", "a:  \n  b: c\n  d: e\n", 0, 15, "1 | a:  \n  | ^^\n" },
		{ "carriage return", "a: b\r\nc: d\r\n", 3, 10, "1 | a: b\n  |    ^\n" },
		{ "escape", "a\x1b[0m: b", 7, 8, "1 | a\\x1b[0m: b\n  |           ^\n" },
		{ "bidi", "a\xe2\x80\xae: b", 6, 7, "1 | a\\u202e: b\n  |          ^\n" },
		{ "not UTF-8", "a\xff: b", 4, 5, "1 | a\\xff: b\n  |        ^\n" },
		{ "beyond the end", "a", 7, 9, "1 | a\n  |  ^\n" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct world w = world_new();
		uint32_t file = add_file(&w, "a.yaml", cases[i].text);
		struct span at = { file, cases[i].start, cases[i].end };
		const char *got = text_of(&w, report_empty_policy(&w.diags, at), false);

		if (!strstr(got, cases[i].want))
			print_error("%s:\n%s", cases[i].name, got);
		assert_non_null(strstr(got, cases[i].want));
		arena_free(w.mem);
	}
}

static const char *line_of(const char *text, unsigned n)
{
	while (n--)
		text = strchr(text, '\n') + 1;
	return text;
}

static void test_long_lines_are_cut_around_the_span(void **state)
{
	struct world w = world_new();
	static char text[200001];
	const char *source, *carets;
	struct span at;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	memcpy(text + 100000, "HERE", 4);
	at = (struct span){ add_file(&w, "a.json", text), 100000, 100004 };
	source = text_of(&w, report_empty_policy(&w.diags, at), false);
	assert_true(strlen(source) < 600);
	source = line_of(source, 3);
	carets = line_of(source, 1);
	assert_memory_equal(source, "1 | ...xxx", 10);
	assert_memory_equal(strchr(source, '\n') - 6, "xxx...", 6);
	assert_int_equal(strstr(source, "HERE") - source, strstr(carets, "^^^^\n") - carets);

	at = (struct span){ at.file, 110, 130 };
	source = line_of(text_of(&w, report_empty_policy(&w.diags, at), false), 3);
	assert_memory_equal(source, "1 | ...xxx", 10);
	assert_int_equal(strcspn(line_of(source, 1), "\n"), 4 + 3 + 40 + 20);

	at = (struct span){ at.file, 10, 150000 };
	source = line_of(text_of(&w, report_empty_policy(&w.diags, at), false), 3);
	assert_int_equal(strcspn(source, "\n"), 4 + 120 + 3);
	assert_int_equal(strcspn(line_of(source, 1), "\n"), 4 + 120);
	arena_free(w.mem);
}

static void test_fixes_show_the_lines_as_they_will_be(void **state)
{
	static const struct {
		const char *name;
		uint32_t start, end;
		const char *text, *want;
	} cases[] = {
		{ "removal", 3, 6, "", "  = help: change it to\n  |\n1 | a: \n  = more" },
		{ "word", 3, 6, "x", "1 | a: x\n  |    ~\n  = more" },
		{ "new line before", 7, 7, "n: 1\n", "2 | n: 1\n  | ~~~~\n3 | b: two\n  = more" },
		{ "two lines to one", 3, 10, "", "1 | a: two\n  = more" },
		{ "inside", 4, 5, "XY", "1 | a: oXYe\n  |     ~~\n  = more" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct world w = world_new();
		uint32_t file = add_file(&w, "a.yaml", "a: one\nb: two\n");
		struct finding *f = report_empty_policy(&w.diags, (struct span){ file, 0, 1 });
		const char *got;

		fix(f, (struct span){ file, cases[i].start, cases[i].end }, str_of(cases[i].text));
		got = text_of(&w, f, false);
		if (!strstr(got, cases[i].want))
			print_error("%s:\n%s", cases[i].name, got);
		assert_non_null(strstr(got, cases[i].want));
		arena_free(w.mem);
	}
}

static void test_escaped_text_cannot_act(void **state)
{
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{ S("plain `text` \\ ok"), "plain `text` \\ ok" },
		{ S("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
		  "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ S("a\nb\r\tc"), "a\\nb\\r\\tc" },
		{ S("a ##[debug]b ###[x #[y"), "a \\x23#[debug]b #\\x23#[x #[y" },
		{ S("\x1b[31m\x7f\0x"), "\\x1b[31m\\x7f\\x00x" },
		{ S("\xc2\x85\xc2\x9b"), "\\u0085\\u009b" },
		{ S("\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"),
		  "\\u202a\\u202e\\u2066\\u2069" },
		{ S("\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf"), "\\u2028\\u2029\\ufeff" },
		{ S("\xf3\xa0\x81\x81"), "\\ue0041" },
		{ S("\xff\xc3(\xe2\x82"), "\\xff\\xc3(\\xe2\\x82" },
		{ S("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80"),
		  "\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct buf b = buf_new(mem, 0);

		render_escaped(&b, cases[i].in);
		assert_string_equal(str_z(mem, buf_view(&b)), cases[i].want);
	}
	arena_free(mem);
}

static void test_no_line_can_be_a_command_to_a_ci_runner(void **state)
{
	struct world w = world_new();
	uint32_t file = add_file(&w, "\n::error::path", "::error::a\n##[group]b\n");
	struct finding *f = report_bad_regex(&w.diags, (struct span){ file, 11, 14 },
					     S("\n::error::x"), S("\n##[error]y"));
	const char *line;

	(void)state;
	note(f, (struct span){ file, 0, 2 }, "\n::error::z");
	note(f, (struct span){ 0 }, "\n::error::z");
	help(f, "\n##[x]");
	fix(f, (struct span){ file, 0, 2 }, S("\n::error::z\n##[x]"));
	for (line = text_of(&w, f, false); *line; line = line_of(line, 1)) {
		assert_memory_not_equal(line, "::", 2);
		assert_memory_not_equal(line, "##", 2);
	}
	arena_free(w.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_finding_with_everything_has_the_known_shape),
		cmocka_unit_test(test_a_finding_without_a_place_is_its_message),
		cmocka_unit_test(test_colour_wraps_words_and_changes_nothing_else),
		cmocka_unit_test(test_carets_stand_below_what_they_mean),
		cmocka_unit_test(test_long_lines_are_cut_around_the_span),
		cmocka_unit_test(test_fixes_show_the_lines_as_they_will_be),
		cmocka_unit_test(test_escaped_text_cannot_act),
		cmocka_unit_test(test_no_line_can_be_a_command_to_a_ci_runner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
