/*
 * Good texts: trees, kinds, exact places, documents, JSON.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

static bool is_view(const struct reading *in, struct str text)
{
	return text.p >= in->file->text.p && text.p + text.n <= in->file->text.p + in->file->text.n;
}

static void test_block_and_flow_styles_give_one_tree(void **state)
{
	(void)state;
	struct reading block =
		read_text("spec:\n  hosts:\n  - a\n  - b: 1\n    c:\n  tls: {}\n  ports: []\n");
	struct reading flow = read_text("{spec: {hosts: [a, {b: 1, c: }], tls: {}, ports: []}}");

	assert_true(node_eq(only_root(&block), only_root(&flow)));
	assert_int_equal(only_root(&block)->style, STYLE_BLOCK);
	assert_int_equal(only_root(&flow)->style, STYLE_FLOW);
	reading_free(&block);
	reading_free(&flow);
}

static void test_quoted_and_literal_scalars_are_text(void **state)
{
	(void)state;
	struct reading in = read_text("- '1'\n- \"true\"\n- |-\n  null\n- >-\n  1\n- ''\n");
	const struct node *seq = only_root(&in);
	static const struct {
		const char *text;
		enum node_style style;
	} want[] = {
		{ "1", STYLE_QUOTED }, { "true", STYLE_QUOTED }, { "null", STYLE_BLOCK },
		{ "1", STYLE_BLOCK },  { "", STYLE_QUOTED },
	};
	assert_int_equal(seq->n, countof(want));
	for (uint32_t i = 0; i < seq->n; i++) {
		assert_int_equal(seq->u.items[i]->kind, NODE_STRING);
		assert_int_equal(seq->u.items[i]->style, want[i].style);
		assert_str(seq->u.items[i]->u.text, want[i].text);
	}
	reading_free(&in);
}

static const struct {
	const char *written, *text;
	bool view;
} scalars[] = {
	{ "plain", "plain", true },
	{ "'single'", "single", true },
	{ "\"double\"", "double", true },
	{ "'it''s'", "it's", false },
	{ "\"a\\tb\"", "a\tb", false },
	{ "\"\\N\"", "\xc2\x85", false }, /* as long as what it stands for */
	{ "\"\\u003cb\\u003e \\/\"", "<b> /", false },
	{ "a\n  b", "a b", false }, /* as long as what it stands for */
	{ "\"a\n  b\"", "a b", false },
	{ "é€", "é€", true },
	{ "|\n  a\n  b\n", "a\nb\n", false },
	{ ">\n  a\n  b\n", "a b\n", false },
};

static void test_scalars_are_views_unless_something_was_unescaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(scalars); i++) {
		struct arena *mem = arena_new();
		struct reading in = read_bytes(str_format(mem, "k: %s\n", scalars[i].written));
		struct str text = node_get(only_root(&in), S("k"))->u.text;
		assert_str(text, scalars[i].text);
		if (is_view(&in, text) != scalars[i].view)
			fail_msg("%s is %s view", scalars[i].written, scalars[i].view ? "no" : "a");
		reading_free(&in);
		arena_free(mem);
	}
}

/* Folded, they are as long as they were. */
static void test_lines_folded_without_indentation_are_copies(void **state)
{
	(void)state;
	struct reading in = read_text("[a\nb, \"c\nd\", 'e\nf']");
	static const char *const want[] = { "a b", "c d", "e f" };
	for (uint32_t i = 0; i < countof(want); i++)
		assert_str(only_root(&in)->u.items[i]->u.text, want[i]);
	reading_free(&in);
}

static void test_spans_cover_exactly_what_was_written(void **state)
{
	(void)state;
	struct reading in = read_text("a: 'x y'   # comment\n"
				      "b:\n"
				      "  c: 1\n"
				      "  d:\n"
				      "  - e\n"
				      "  - f: [1, {g: 2}]  # comment\n"
				      "\n"
				      "  # comment\n"
				      "h:\n"
				      "i: |\n"
				      "  text\n"
				      "\n"
				      "j: end\n");
	const struct node *root = only_root(&in);
	const struct node *b = node_get(root, S("b")), *d = node_get(b, S("d"));

	assert_int_equal(root->at.start, 0);
	assert_int_equal(root->at.end, in.file->text.n - 1);
	assert_covers(&in, node_pair(root, S("a"))->key_at, "a");
	assert_covers(&in, node_get(root, S("a"))->at, "'x y'");
	assert_covers(&in, b->at, "c: 1\n  d:\n  - e\n  - f: [1, {g: 2}]");
	assert_covers(&in, d->at, "- e\n  - f: [1, {g: 2}]");
	assert_covers(&in, d->u.items[1]->at, "f: [1, {g: 2}]");
	assert_covers(&in, node_get(d->u.items[1], S("f"))->at, "[1, {g: 2}]");
	assert_covers(&in, node_get(d->u.items[1], S("f"))->u.items[1]->at, "{g: 2}");
	assert_covers(&in, node_get(root, S("h"))->at, "");
	assert_int_equal(node_get(root, S("h"))->at.start, node_pair(root, S("h"))->key_at.end + 1);
	assert_covers(&in, node_get(root, S("i"))->at, "|\n  text");
	assert_covers(&in, node_get(root, S("j"))->at, "end");
	assert_int_equal(in.documents.all.at[0].at.start, root->at.start);
	assert_int_equal(in.documents.all.at[0].at.end, root->at.end);
	reading_free(&in);
}

/* libyaml counts characters, and ends lines at U+2028 and CR as well. */
static void test_spans_count_bytes_behind_characters_of_any_width(void **state)
{
	(void)state;
	struct reading in = read_text("# \xe2\x80\xa8# \xc2\xa0\r# é\n"
				      "é: \"€ \xf0\x9f\x98\x80\"\n"
				      "\xf0\x9f\x98\x80 k: [é, b€: [ü], x]\n"
				      "z:\r\n"
				      "  ß: \xf0\x9f\x98\x80\n");
	const struct node *root = only_root(&in);
	assert_int_equal(root->n, 3);
	const struct node *list = root->u.pairs[1].value;

	assert_covers(&in, root->u.pairs[0].key_at, "é");
	assert_covers(&in, root->u.pairs[0].value->at, "\"€ \xf0\x9f\x98\x80\"");
	assert_covers(&in, root->u.pairs[1].key_at, "\xf0\x9f\x98\x80 k");
	assert_covers(&in, list->at, "[é, b€: [ü], x]");
	assert_covers(&in, list->u.items[1]->u.pairs[0].key_at, "b€");
	assert_covers(&in, list->u.items[1]->u.pairs[0].value->at, "[ü]");
	assert_covers(&in, list->u.items[2]->at, "x");
	assert_covers(&in, root->u.pairs[2].value->u.pairs[0].key_at, "ß");
	assert_covers(&in, root->u.pairs[2].value->at, "ß: \xf0\x9f\x98\x80");
	reading_free(&in);
}

static const struct {
	const char *name, *text;
	uint32_t n;
} documents[] = {
	{ "nothing", "", 0 },
	{ "blanks", "\n  \n", 0 },
	{ "only a comment", "# nothing here\n", 0 },
	{ "only markers", "---\n---\n...\n---\n", 0 },
	{ "empty ones around a real one", "---\n---\nfoo: 1\n---\n# end\n", 1 },
	{ "two", "a: 1\n---\nb: 2\n", 2 },
	{ "content on the marker's line", "--- {a: 1}\n--- b\n", 2 },
	{ "document ends", "a: 1\n...\n---\nb: 1\n...\n", 2 },
	{ "a written null is a document", "--- ~\n", 1 },
	{ "a list is a document", "- a\n", 1 },
	{ "a scalar is a document", "just text\n", 1 },
	{ "no line end at the end", "a: 1\n---\nb: 1", 2 },
};

static void test_empty_documents_are_nobodys(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(documents); i++) {
		struct reading in = read_text(documents[i].text);
		assert_clean(&in);
		if (in.documents.all.n != documents[i].n)
			fail_msg("%s: %u documents", documents[i].name, in.documents.all.n);
		reading_free(&in);
	}
}

static void test_documents_stand_where_they_are_written(void **state)
{
	(void)state;
	struct reading in = read_text("# first\na: 1\n# second\n---\nb:\n- 2\n\n--- c\n");
	assert_clean(&in);
	assert_int_equal(in.documents.all.n, 3);
	assert_covers(&in, in.documents.all.at[0].at, "a: 1");
	assert_covers(&in, in.documents.all.at[1].at, "b:\n- 2");
	assert_covers(&in, in.documents.all.at[2].at, "c");
	reading_free(&in);
}

static void test_kubectl_json_is_read(void **state)
{
	(void)state;
	struct reading in =
		read_text("{\n\t\"apiVersion\": \"v1\",\n\t\"items\": [\n\t\t{\n"
			  "\t\t\t\"a\": \"\\u003cb\\u003e\\/\\\"\\\\ \\u00e9\",\"n\":-1.5e3,\n"
			  "\t\t\t\"t\":true,\"z\":null,\"e\":{},\"l\":[ ]\n"
			  "\t\t}\n\t]\n}\n");
	const struct node *root = only_root(&in);
	const struct node *item = node_get(root, S("items"))->u.items[0];

	assert_true(node_is(node_get(root, S("apiVersion")), S("v1")));
	assert_true(node_is(node_get(item, S("a")), S("<b>/\"\\ é")));
	assert_int_equal(node_get(item, S("n"))->kind, NODE_FLOAT);
	assert_int_equal(node_get(item, S("t"))->kind, NODE_BOOL);
	assert_int_equal(node_get(item, S("z"))->kind, NODE_NULL);
	assert_int_equal(node_get(item, S("e"))->kind, NODE_MAP);
	assert_int_equal(node_get(item, S("l"))->kind, NODE_SEQ);
	reading_free(&in);
}

static void test_json_keys_may_be_long(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct buf text = buf_new(mem, 0);
	buf_lit(&text, "{\"");
	buf_fill(&text, 'k', 1000);
	buf_lit(&text, "\": 1}");
	struct reading in = read_bytes(buf_view(&text));
	assert_int_equal(only_root(&in)->u.pairs[0].key.n, 1000);
	reading_free(&in);
	arena_free(mem);
}

static void test_crlf_lines_read_like_lf_lines(void **state)
{
	(void)state;
	struct reading dos =
		read_text("a: 1\r\nb:\r\n- 'x'\r\n- |\r\n  l1\r\n  l2\r\n---\r\nc: d\r\n");
	struct reading unix_ = read_text("a: 1\nb:\n- 'x'\n- |\n  l1\n  l2\n---\nc: d\n");
	assert_clean(&dos);
	assert_int_equal(dos.documents.all.n, 2);
	for (uint32_t i = 0; i < 2; i++)
		assert_true(node_eq(dos.documents.all.at[i].root, unix_.documents.all.at[i].root));
	assert_covers(&dos, node_get(dos.documents.all.at[0].root, S("a"))->at, "1");
	assert_covers(&dos, dos.documents.all.at[1].at, "c: d");
	reading_free(&dos);
	reading_free(&unix_);
}

static void test_percent_signs_within_lines_are_text(void **state)
{
	(void)state;
	struct reading in = read_text("a: 100%\nb: |\n  %not a directive\nc: '%x'\n # %\n");
	assert_true(node_is(node_get(only_root(&in), S("b")), S("%not a directive\n")));
	reading_free(&in);
}

static void test_many_distinct_keys_are_read(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct buf text = buf_new(mem, 0);
	for (int i = 0; i < 5000; i++)
		buf_format(&text, "key-%d: {a: [1, 2], b: %d}\n", i, i);
	struct reading in = read_bytes(buf_view(&text));
	const struct node *root = only_root(&in);
	assert_int_equal(root->n, 5000);
	assert_true(node_is(node_get(node_get(root, S("key-4321")), S("b")), S("4321")));
	reading_free(&in);
	arena_free(mem);
}

static void test_texts_outlive_nodes_of_an_arena_of_their_own(void **state)
{
	(void)state;
	struct reading in = read_text("");
	struct arena *nodes = arena_new();
	struct documents read = { 0 };
	const struct file *file = files_get(
		&in.files, files_add(&in.files, S("b.yaml"), S("\"\\x6b\": [\"\\x76\", v]\n")));
	yaml_read_apart((struct yaml_arenas){ nodes, in.mem }, &in.diags, file, &read);
	assert_int_equal(read.all.n, 1);
	struct pair pair = read.all.at[0].root->u.pairs[0];
	struct str value = pair.value->u.items[0]->u.text;
	arena_free(nodes);
	assert_str(pair.key, "k");
	assert_str(value, "v");
	reading_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_and_flow_styles_give_one_tree),
		cmocka_unit_test(test_quoted_and_literal_scalars_are_text),
		cmocka_unit_test(test_scalars_are_views_unless_something_was_unescaped),
		cmocka_unit_test(test_lines_folded_without_indentation_are_copies),
		cmocka_unit_test(test_spans_cover_exactly_what_was_written),
		cmocka_unit_test(test_spans_count_bytes_behind_characters_of_any_width),
		cmocka_unit_test(test_empty_documents_are_nobodys),
		cmocka_unit_test(test_documents_stand_where_they_are_written),
		cmocka_unit_test(test_kubectl_json_is_read),
		cmocka_unit_test(test_json_keys_may_be_long),
		cmocka_unit_test(test_crlf_lines_read_like_lf_lines),
		cmocka_unit_test(test_percent_signs_within_lines_are_text),
		cmocka_unit_test(test_many_distinct_keys_are_read),
		cmocka_unit_test(test_texts_outlive_nodes_of_an_arena_of_their_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
