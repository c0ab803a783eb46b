/*
 * Written JSON: exact text, digits as they were, and that the YAML reader takes
 * it back.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

#include "tree/json.h"

static const struct {
	const char *name, *in, *out;
} rows[] = {
	{ "nesting", "a:\n- b: {c: [x, true, FALSE, ~]}\n- []\n- {}\n",
	  "{\"a\":[{\"b\":{\"c\":[\"x\",true,false,null]}},[],{}]}" },
	{ "order of keys", "{z: 1, a: 2}", "{\"z\":1,\"a\":2}" },
	{ "digits", "[12345678901234567890123, 0.10, 1e400, -0.0]",
	  "[12345678901234567890123,0.10,1e400,-0.0]" },
	{ "decimals that JSON spells otherwise", "[007, +5, -01.50, .5, 5., -.5e+3, 00, 000.5]",
	  "[7,5,-1.50,0.5,5.0,-0.5e+3,0,0.5]" },
	{ "other radixes", "[0x1F, 0o17, 0xffffffffffffff]", "[31,15,72057594037927935]" },
	{ "radixes at the end of 64 bits", "[0xffffffffffffffff, 0x10000000000000000]",
	  "[18446744073709551615,\"0x10000000000000000\"]" },
	{ "numbers beyond JSON", "[.inf, -.inf, .nan]", "[\".inf\",\"-.inf\",\".nan\"]" },
	{ "text that looks like something else", "['1', \"true\", 'null']",
	  "[\"1\",\"true\",\"null\"]" },
	{ "escapes", "[\"\\\"\\\\/\\n\\t\\e\\x7f é \\L\"]",
	  "[\"\\\"\\\\/\\n\\t\\u001b\x7f é \xe2\x80\xa8\"]" },
	{ "text with a NUL", "[\"a\\0\\\"b\\n\"]", "[\"a\\u0000\\\"b\\u000a\"]" },
	{ "empty text and key", "{'': ''}", "{\"\":\"\"}" },
	{ "a scalar", "--- a\n", "\"a\"" },
};

static void test_trees_are_written_as_compact_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct reading in = read_text(rows[i].in);
		struct buf out = buf_new(in.mem, 0);
		json_write(&out, only_root(&in), false);
		if (!str_eq(buf_view(&out), str_of(rows[i].out)))
			fail_msg("%s: %.*s", rows[i].name, STR(buf_view(&out)));
		reading_free(&in);
	}
}

static void test_pretty_json_is_indented_by_tabs(void **state)
{
	(void)state;
	struct reading in = read_text("{a: {b: 1}, c: d}");
	struct buf out = buf_new(in.mem, 0);
	json_write(&out, only_root(&in), true);
	assert_str(buf_view(&out), "{\n\t\"a\":\t{\n\t\t\"b\":\t1\n\t},\n\t\"c\":\t\"d\"\n}");
	reading_free(&in);
}

static void test_json_comes_back_through_the_yaml_reader(void **state)
{
	(void)state;
	struct reading in = read_text("a: [1, 0.5, {b: \"x\\n\\\"é\\0\", c: }]\nd: ''\ne: {}\n");
	for (int pretty = 0; pretty < 2; pretty++) {
		struct buf out = buf_new(in.mem, 0);
		json_write(&out, only_root(&in), pretty);
		struct reading back = read_bytes(buf_view(&out));
		assert_true(node_eq(only_root(&in), only_root(&back)));
		reading_free(&back);
	}
	reading_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees_are_written_as_compact_json),
		cmocka_unit_test(test_pretty_json_is_indented_by_tabs),
		cmocka_unit_test(test_json_comes_back_through_the_yaml_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
