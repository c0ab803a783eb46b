/*
 * Written trees: the exact text, and that reading it gives the tree back.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

static struct str written(struct arena *mem, const struct node *node)
{
	struct buf out = buf_new(mem, 0);
	yaml_write(&out, node);
	assert_false(out.overflow);
	return buf_view(&out);
}

static const struct {
	const char *name, *in, *out;
} rows[] = {
	{ "an object as kubectl prints it",
	  "{apiVersion: networking.istio.io/v1, kind: VirtualService,"
	  " metadata: {name: reviews, labels: {app.kubernetes.io/managed-by: meshc, empty: ''}, "
	  "annotations: {}},"
	  " spec: {hosts: [reviews.bookinfo.svc.cluster.local, '*'], http: [{match: [{uri: "
	  "{prefix: /api}, port: 80},"
	  " {headers: {x: {exact: 'yes'}}}], timeout: 1.5s, retries: {attempts: 3}, weights: [1, "
	  "-2], fault: },"
	  " {nested: [[a, b], [], [[c]], {}]}], on: true, ratio: 0.10}}",
	  "apiVersion: networking.istio.io/v1\n"
	  "kind: VirtualService\n"
	  "metadata:\n"
	  "  name: reviews\n"
	  "  labels:\n"
	  "    app.kubernetes.io/managed-by: meshc\n"
	  "    empty: \"\"\n"
	  "  annotations: {}\n"
	  "spec:\n"
	  "  hosts:\n"
	  "  - reviews.bookinfo.svc.cluster.local\n"
	  "  - \"*\"\n"
	  "  http:\n"
	  "  - match:\n"
	  "    - uri:\n"
	  "        prefix: \"/api\"\n"
	  "      port: 80\n"
	  "    - headers:\n"
	  "        x:\n"
	  "          exact: \"yes\"\n"
	  "    timeout: \"1.5s\"\n"
	  "    retries:\n"
	  "      attempts: 3\n"
	  "    weights:\n"
	  "    - 1\n"
	  "    - -2\n"
	  "    fault: null\n"
	  "  - nested:\n"
	  "    - - a\n"
	  "      - b\n"
	  "    - []\n"
	  "    - - - c\n"
	  "    - {}\n"
	  "  \"on\": true\n"
	  "  ratio: 0.10\n" },
	{ "an empty object", "{}", "{}\n" },
	{ "an empty list", "[]", "[]\n" },
	{ "a scalar", "--- text\n", "text\n" },
	{ "a list", "[a, [b, {c: d, e: [f]}]]", "- a\n- - b\n  - c: d\n    e:\n    - f\n" },
	{ "a map in a list in a list", "[[{a: {b: 1}}]]", "- - a:\n      b: 1\n" },
	{ "lines in double quotes", "a: |\n  x\n  y\n", "a: \"x\\ny\\n\"\n" },
	{ "escapes", "\"\\t\\r\\\"\\\\\\e\\0\\x7f\\N\\L\\P\\uFEFF\\uFFFE\\u00e9\\U0001F600\"",
	  "\"\\t\\r\\\"\\\\\\x1b\\x00\\x7f\\x85\\u2028\\u2029\\ufeff\\ufffe\xc3\xa9\xf0\x9f\x98\x80"
	  "\"\n" },
	{ "quoted keys", "{'1': a, 'a b': b, '': c, a:b: d}",
	  "\"1\": a\n\"a b\": b\n\"\": c\n\"a:b\": d\n" },
};

static void test_trees_are_written_in_one_way_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct reading in = read_text(rows[i].in);
		struct str out = written(in.mem, only_root(&in));
		if (!str_eq(out, str_of(rows[i].out)))
			fail_msg("%s:\n%.*s", rows[i].name, STR(out));

		struct reading back = read_bytes(out);
		assert_true(node_eq(only_root(&in), only_root(&back)));
		assert_true(str_eq(written(back.mem, only_root(&back)), out));
		reading_free(&back);
		reading_free(&in);
	}
}

/* Bare means: as it is; everything else stands in double quotes. */
static const struct {
	const char *text;
	bool bare;
} texts[] = {
	{ "a", true },
	{ "reviews", true },
	{ "a.b-c_d/E9", true },
	{ "networking.istio.io/v1", true },
	{ "yesterday", true },
	{ "nope", true },
	{ "x", true },
	{ "e3", true },
	{ "ISTIO_MUTUAL", true },
	{ "a-", true },
	{ "TRUST", true },
	{ "spiffe-x", true },
	{ "", false },
	{ " a", false },
	{ "a ", false },
	{ "a b", false },
	{ "1", false },
	{ "-1", false },
	{ "0x1f", false },
	{ "0o17", false },
	{ "1e3", false },
	{ "12e03", false },
	{ "1:30", false },
	{ "1_000", false },
	{ "1.5", false },
	{ ".5", false },
	{ ".inf", false },
	{ "NaN", false },
	{ "nan", false },
	{ "Inf", false },
	{ "y", false },
	{ "Y", false },
	{ "n", false },
	{ "N", false },
	{ "yes", false },
	{ "Yes", false },
	{ "YES", false },
	{ "no", false },
	{ "No", false },
	{ "NO", false },
	{ "on", false },
	{ "On", false },
	{ "ON", false },
	{ "off", false },
	{ "Off", false },
	{ "OFF", false },
	{ "true", false },
	{ "True", false },
	{ "tRuE", false },
	{ "false", false },
	{ "FALSE", false },
	{ "null", false },
	{ "Null", false },
	{ "NULL", false },
	{ "~", false },
	{ "=", false },
	{ "<<", false },
	{ "2024-01-01", false },
	{ "10.0.0.1", false },
	{ "5s", false },
	{ "*", false },
	{ "&a", false },
	{ "!a", false },
	{ "%a", false },
	{ "@a", false },
	{ "`a", false },
	{ "|", false },
	{ ">", false },
	{ "?", false },
	{ "? a", false },
	{ "-", false },
	{ "- a", false },
	{ "---", false },
	{ "...", false },
	{ ":", false },
	{ "a:", false },
	{ "a: b", false },
	{ "a:b", false },
	{ "a #b", false },
	{ "#a", false },
	{ "[a]", false },
	{ "{a}", false },
	{ "a,b", false },
	{ "'a'", false },
	{ "\"a\"", false },
	{ "a\\b", false },
	{ "a\nb", false },
	{ "a\n", false },
	{ "\ta", false },
	{ "é", false },
	{ "/a", false },
	{ "_a", false },
};

static void test_text_is_bare_only_where_no_reader_retypes_it(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	for (size_t i = 0; i < countof(texts); i++) {
		struct str out =
			written(mem, node_string(mem, str_of(texts[i].text), (struct span){ 0 }));
		if ((out.p[0] != '"') != texts[i].bare)
			fail_msg("`%s` is written as %.*s", texts[i].text, STR(out));
	}
	arena_free(mem);
}

static void test_keys_follow_the_same_rule(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	for (size_t i = 0; i < countof(texts); i++) {
		struct node *map = node_map(mem, (struct span){ 0 });
		node_put(mem, map, str_of(texts[i].text), node_int(mem, 1, (struct span){ 0 }));
		struct str out = written(mem, map);
		if ((out.p[0] != '"') != texts[i].bare)
			fail_msg("`%s` is written as %.*s", texts[i].text, STR(out));
		struct reading back = read_bytes(out);
		assert_true(node_eq(map, only_root(&back)));
		reading_free(&back);
	}
	arena_free(mem);
}

static void test_keys_too_long_for_a_line_come_back(void **state)
{
	(void)state;
	static const uint32_t lengths[] = { 990, 1000, 1001, 1023, 1024, 1025, 2000, 5000 };
	for (size_t i = 0; i < countof(lengths); i++) {
		struct arena *mem = arena_new();
		struct buf key = buf_new(mem, 0);
		buf_fill(&key, 'k', lengths[i]);
		struct node *map = node_map(mem, (struct span){ 0 }),
			    *list = node_seq(mem, (struct span){ 0 });
		node_put(mem, map, buf_view(&key), node_int(mem, 1, (struct span){ 0 }));
		node_put(mem, map, S("b"), list);
		node_add(mem, list, map->u.pairs[0].value);
		struct node *outer = node_map(mem, (struct span){ 0 });
		node_put(mem, outer, buf_view(&key), map);
		struct reading back = read_bytes(written(mem, outer));
		assert_true(node_eq(outer, only_root(&back)));
		reading_free(&back);
		arena_free(mem);
	}
}

static void test_writing_stops_at_the_ceiling_of_the_buffer(void **state)
{
	(void)state;
	struct reading in = read_text("{a: {b: [c, d]}}");
	struct buf out = buf_new(in.mem, 8);
	yaml_write(&out, only_root(&in));
	assert_true(out.overflow);
	reading_free(&in);
}

/* SplitMix64: the same trees everywhere. */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static const char *const pieces[] = {
	"a",
	"Z",
	"0",
	"9",
	"1e3",
	"yes",
	"on",
	"null",
	"0x1f",
	"-",
	"---",
	"...",
	":",
	": ",
	" #",
	"#",
	"\n",
	"\n\n",
	"\t",
	" ",
	"  ",
	"'",
	"\"",
	"\\",
	"\\n",
	"&",
	"*",
	"!",
	"|",
	">",
	"%",
	"@",
	"`",
	"[",
	"]",
	"{",
	"}",
	",",
	"?",
	"~",
	"é",
	"€",
	"\r",
	"\x1b",
	".",
	"/",
	"_",
	"<<",
	"=",
	"\x7f",
	"\xc2\x85",
	"\xe2\x80\xa8",
	"\xe2\x80\xa9",
	"\xef\xbb\xbf",
	"\xc2\xa0",
	"\xf0\x9f\x98\x80",
	"2024-01-01",
	"\xef\xbf\xbf",
	"\r\n",
	"1:30",
	".5",
	"\x01",
};

static struct str random_text(struct arena *mem, uint64_t *seed)
{
	struct str text = S("");
	for (uint64_t n = next(seed) % 6; n > 0; n--) {
		const char *piece = pieces[next(seed) % countof(pieces)];
		text = str_format(mem, "%.*s%s", STR(text), piece);
	}
	return text;
}

static struct node *random_scalar(struct arena *mem, uint64_t *seed)
{
	static const struct span nowhere;
	switch (next(seed) % 12) {
	case 0:
		return node_int(mem, (int64_t)next(seed), nowhere);
	case 1:
		return node_bool(mem, next(seed) & 1, nowhere);
	case 2:
		return node_float(mem,
				  str_format(mem, "-%u.%03u", (unsigned)(next(seed) % 1000),
					     (unsigned)(next(seed) % 1000)),
				  nowhere);
	case 3:
		return NEW(mem, struct node, 1);
	default:
		return node_string(mem, random_text(mem, seed), nowhere);
	}
}

static struct node *random_tree(struct arena *mem, uint64_t *seed, uint32_t depth,
				uint32_t *scalars)
{
	static const struct span nowhere;
	uint64_t choice = depth == 0 ? 0 : next(seed) % 4;
	if (choice < 2 && depth < 5) {
		++*scalars;
		return random_scalar(mem, seed);
	}

	struct node *node = choice == 2 ? node_seq(mem, nowhere) : node_map(mem, nowhere);
	for (uint64_t n = next(seed) % 6; n > 0; n--) {
		struct node *child = random_tree(mem, seed, depth - 1, scalars);
		struct str key = random_text(mem, seed);
		if (node->kind == NODE_SEQ)
			node_add(mem, node, child);
		else if (!node_pair(node, key))
			node_put(mem, node, key, child);
	}
	return node;
}

static void test_random_trees_come_back_as_they_were_written(void **state)
{
	(void)state;
	uint64_t seed = 20;
	for (uint32_t scalars = 0, trees = 0; scalars < 20000; trees++) {
		struct arena *mem = arena_new();
		struct node *tree = random_tree(mem, &seed, 5, &scalars);
		struct str out = written(mem, tree);
		struct reading back = read_bytes(out);
		if (!node_eq(tree, only_root(&back)))
			fail_msg("tree %u:\n%.*s", trees, STR(out));
		assert_true(str_eq(written(mem, only_root(&back)), out));
		reading_free(&back);
		arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees_are_written_in_one_way_only),
		cmocka_unit_test(test_text_is_bare_only_where_no_reader_retypes_it),
		cmocka_unit_test(test_keys_follow_the_same_rule),
		cmocka_unit_test(test_keys_too_long_for_a_line_come_back),
		cmocka_unit_test(test_writing_stops_at_the_ceiling_of_the_buffer),
		cmocka_unit_test(test_random_trees_come_back_as_they_were_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
