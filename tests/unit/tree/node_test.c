/*
 * Building, searching, sorting and comparing trees.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

static const struct span nowhere;

static struct node *text(struct arena *mem, const char *value)
{
	return node_string(mem, str_of(value), nowhere);
}

static void test_get_finds_the_value_of_a_key(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct node *map = node_map(mem, nowhere);
	node_put(mem, map, S("a"), text(mem, "1"));
	node_put(mem, map, S("ab"), text(mem, "2"));

	assert_true(node_is(node_get(map, S("ab")), S("2")));
	assert_str(node_pair(map, S("a"))->key, "a");
	assert_null(node_get(map, S("b")));
	assert_null(node_get(map, S("")));
	arena_free(mem);
}

static void test_get_takes_what_is_no_map(void **state)
{
	(void)state;
	struct arena *mem = arena_new();

	assert_null(node_get(NULL, S("a")));
	assert_null(node_get(text(mem, "a"), S("a")));
	assert_null(node_get(node_seq(mem, nowhere), S("a")));
	assert_false(node_is(NULL, S("a")));
	assert_false(node_is(node_map(mem, nowhere), S("a")));
	arena_free(mem);
}

static void test_put_and_add_keep_the_order_of_many_calls(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct node *map = node_map(mem, nowhere), *seq = node_seq(mem, nowhere);
	for (int i = 0; i < 1000; i++) {
		node_put(mem, map, str_format(mem, "k%d", i), node_int(mem, i, nowhere));
		node_add(mem, seq, node_int(mem, -i, nowhere));
	}

	assert_int_equal(map->n, 1000);
	assert_int_equal(seq->n, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(str_eq(map->u.pairs[i].key, str_format(mem, "k%u", i)));
		assert_true(node_is(map->u.pairs[i].value, str_format(mem, "%u", i)));
		assert_true(node_is(seq->u.items[i], str_format(mem, "%d", -(int)i)));
	}
	arena_free(mem);
}

/* The reader's arrays have no room to spare, whatever their length. */
static void test_put_adds_to_a_map_that_was_read(void **state)
{
	(void)state;
	struct reading in = read_text("{a: 1, b: 2, c: [1, 2, 3]}");
	struct node *map = only_root(&in);
	struct node *seq = node_get(map, S("c"));
	for (int i = 0; i < 20; i++) {
		node_put(in.mem, map, str_format(in.mem, "k%d", i), text(in.mem, "x"));
		node_add(in.mem, seq, text(in.mem, "y"));
	}

	assert_int_equal(map->n, 23);
	assert_int_equal(seq->n, 23);
	assert_str(map->u.pairs[1].key, "b");
	assert_true(node_is(seq->u.items[2], S("3")));
	assert_str(map->u.pairs[22].key, "k19");
	reading_free(&in);
}

static void test_scalars_have_their_kind_and_text(void **state)
{
	(void)state;
	struct arena *mem = arena_new();
	struct span at = { 1, 2, 3 };
	struct node *smallest = node_int(mem, INT64_MIN, at);

	assert_int_equal(smallest->kind, NODE_INT);
	assert_str(smallest->u.text, "-9223372036854775808");
	assert_int_equal(smallest->at.start, 2);
	assert_str(node_bool(mem, true, nowhere)->u.text, "true");
	assert_str(node_bool(mem, false, nowhere)->u.text, "false");
	assert_str(node_float(mem, S("0.10"), nowhere)->u.text, "0.10");
	assert_int_equal(node_float(mem, S("0.10"), nowhere)->kind, NODE_FLOAT);
	arena_free(mem);
}

static void test_sort_keys_orders_bytes_of_this_level_only(void **state)
{
	(void)state;
	struct reading in = read_text("{b: {z: 1, a: 2}, é: 1, B: 1, a: 1, ab: 1, '': 1}");
	struct node *map = only_root(&in);
	node_sort_keys(in.mem, map);

	static const char *const want[] = { "", "B", "a", "ab", "b", "é" };
	for (uint32_t i = 0; i < countof(want); i++)
		assert_str(map->u.pairs[i].key, want[i]);
	assert_str(node_get(map, S("b"))->u.pairs[0].key, "z");
	reading_free(&in);
}

static const struct {
	const char *name, *a, *b;
	bool want;
} equal[] = {
	{ "spelling of a string does not count", "{a: b}", "a: 'b'\n", true },
	{ "spelling of null does not count", "a: ~\n", "a:\n", true },
	{ "kinds count", "a: 1\n", "a: '1'\n", false },
	{ "texts count", "a: 1\n", "a: 01\n", false },
	{ "order of keys counts", "{a: 1, b: 2}", "{b: 2, a: 1}", false },
	{ "order of items counts", "[1, 2]", "[2, 1]", false },
	{ "length counts", "[1, 2]", "[1]", false },
	{ "keys count", "{a: 1}", "{b: 1}", false },
	{ "an empty map is no empty list", "{}", "[]", false },
	{ "depth is compared", "a: [{b: {c: [1]}}]", "a:\n- b:\n    c:\n    - 1\n", true },
	{ "a difference in depth is seen", "a: [{b: {c: [1]}}]", "a: [{b: {c: [2]}}]", false },
};

static void test_eq_compares_kinds_texts_and_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(equal); i++) {
		struct reading a = read_text(equal[i].a), b = read_text(equal[i].b);
		if (node_eq(only_root(&a), only_root(&b)) != equal[i].want)
			fail_msg("%s", equal[i].name);
		reading_free(&a);
		reading_free(&b);
	}
	assert_true(node_eq(NULL, NULL));
}

static void test_every_kind_has_a_name_for_findings(void **state)
{
	(void)state;
	for (int kind = NODE_NULL; kind <= NODE_MAP; kind++)
		assert_true(strlen(node_kind_name((enum node_kind)kind)) > 0);
	assert_string_equal(node_kind_name(NODE_SEQ), "a list");
	assert_string_equal(node_kind_name(NODE_MAP), "an object");
}

static void test_a_copy_outlives_the_tree_it_is_of(void **state)
{
	(void)state;
	struct arena *kept = arena_new(), *dropped = arena_new();
	struct reading in = read_text("{a: [1, {b: ~}, []], 'c': {}, d: x}");
	struct node *copy = node_copy(kept, node_copy(dropped, only_root(&in)));
	arena_free(dropped);
	assert_true(node_eq(copy, only_root(&in)));
	assert_int_equal(copy->u.pairs[1].key_at.start, only_root(&in)->u.pairs[1].key_at.start);

	node_put(kept, copy, S("e"), text(kept, "y"));
	node_add(kept, node_get(copy, S("a")), text(kept, "z"));
	assert_int_equal(only_root(&in)->n, 3);
	assert_int_equal(node_get(only_root(&in), S("a"))->n, 3);
	reading_free(&in);
	arena_free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get_finds_the_value_of_a_key),
		cmocka_unit_test(test_get_takes_what_is_no_map),
		cmocka_unit_test(test_put_and_add_keep_the_order_of_many_calls),
		cmocka_unit_test(test_put_adds_to_a_map_that_was_read),
		cmocka_unit_test(test_scalars_have_their_kind_and_text),
		cmocka_unit_test(test_sort_keys_orders_bytes_of_this_level_only),
		cmocka_unit_test(test_eq_compares_kinds_texts_and_order),
		cmocka_unit_test(test_a_copy_outlives_the_tree_it_is_of),
		cmocka_unit_test(test_every_kind_has_a_name_for_findings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
