/* Differences of trees, as paths and as pointers. */
#include "support/fixture.h"

#include "tree/compare.h"

static const char marks[] = {
	[EDIT_CHANGED] = '~', [EDIT_ADDED] = '+', [EDIT_REMOVED] = '-', [EDIT_ORDER] = '%'
};

/* "~spec.a +spec.b[name=x]" */
static const char *edited(struct fixture *f, const char *old, const char *new)
{
	struct edits edits = { 0 };
	struct buf out = buf_new(f->mem, 0);

	node_compare(f->mem, fixture_node(f, "a", old), fixture_node(f, "b", new), &edits);
	for (uint32_t i = 0; i < edits.all.n; i++) {
		if (i)
			buf_char(&out, ' ');
		buf_char(&out, marks[edits.all.at[i].kind]);
		buf_str(&out, edits.all.at[i].path);
	}
	return str_z(f->mem, buf_view(&out));
}

static void test_fields_and_items_are_found_by_what_names_them(void **state)
{
	/* clang-format off */
	static const struct { const char *name, *old, *new, *want; } rows[] = {
		{ "nothing", "a: 1\nb: 2\n", "a: 1\nb: 2\n", "" },
		{ "order of keys", "a: 1\nb: 2\n", "b: 2\na: 1\n", "" },
		{ "a value", "a: {b: 1}\n", "a: {b: 2}\n", "~a.b" },
		{ "a field more and one less", "a: 1\n", "b: 1\n", "+b -a" },
		{ "a key that is no word", "l: {x/y: 1}\n", "l: {x/y: 2}\n", "~l[x/y]" },
		{ "another kind", "a: 1\n", "a: {b: 1}\n", "~a" },
		{ "an item in between", "r: [{name: a}, {name: b}]\n",
		  "r: [{name: a}, {name: c}, {name: b}]\n", "+r[name=c]" },
		{ "inside an item", "r: [{name: a, t: 1}, {name: b}]\n",
		  "r: [{name: a, t: 2}, {name: b}]\n", "~r[name=a].t" },
		{ "another order", "r: [{name: a}, {name: b}]\n", "r: [{name: b}, {name: a}]\n", "%r" },
		{ "by port where names repeat", "r: [{name: a, port: 1, t: 1}, {name: a, port: 2}]\n",
		  "r: [{name: a, port: 1, t: 2}, {name: a, port: 2}]\n", "~r[port=1].t" },
		{ "by an object", "r: [{destination: {host: h, subset: v1}, weight: 90}, {destination: {host: h, subset: v2}, weight: 10}]\n",
		  "r: [{destination: {host: h, subset: v1}, weight: 80}, {destination: {host: h, subset: v2}, weight: 20}]\n",
		  "~r[destination=h v1].weight ~r[destination=h v2].weight" },
		{ "texts", "l: [a, b, c]\n", "l: [a, c, d]\n", "-l[1] +l[2]" },
		{ "texts in another order", "l: [a, b]\n", "l: [b, a]\n", "%l" },
		{ "repeated texts", "l: [a, a, b]\n", "l: [a, b]\n", "-l[1]" },
		{ "objects without a name", "l: [{x: 1}, {x: 2}, {x: 3}]\n", "l: [{x: 1}, {x: 4}, {x: 3}]\n", "~l[1].x" },
		{ "by what must not be shown", "r: [{match: {headers: {authorization: {exact: s3}}}, t: 1}]\n",
		  "r: [{match: {headers: {authorization: {exact: s3}}}, t: 2}]\n", "~r[match=(hidden)].t" },
		{ "an empty list", "l: []\n", "l: [{name: a}]\n", "+l[0]" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct fixture f;

		fixture_setup(&f);
		if (strcmp(edited(&f, rows[i].old, rows[i].new), rows[i].want) != 0)
			fail_msg("%s: %s, not %s", rows[i].name,
				 edited(&f, rows[i].old, rows[i].new), rows[i].want);
		fixture_teardown(&f);
	}
}

static void test_pointers_escape_and_count_from_the_new_list(void **state)
{
	struct fixture f;
	struct edits edits = { 0 };

	(void)state;
	fixture_setup(&f);
	node_compare(
		f.mem, fixture_node(&f, "a", "l: {x/y: 1, a~b: 1}\nr: [{name: a}]\n"),
		fixture_node(&f, "b", "l: {x/y: 2, a~b: 2}\nr: [{name: b}, {name: a, t: 1}]\n"),
		&edits);
	assert_int_equal(edits.all.n, 4);
	assert_true(str_eq(edits.all.at[0].pointer, S("/l/x~1y")));
	assert_true(str_eq(edits.all.at[1].pointer, S("/l/a~0b")));
	assert_true(str_eq(edits.all.at[2].pointer, S("/r/0")));
	assert_true(str_eq(edits.all.at[3].pointer, S("/r/1/t")));
	fixture_teardown(&f);
}

static void test_origins_are_those_of_the_value_or_what_is_around_it(void **state)
{
	struct fixture f;
	struct span one = { 1, 10, 11 }, two = { 1, 20, 21 }, nowhere = { 0 };
	struct node *root, *spec, *list;

	(void)state;
	fixture_setup(&f);
	root = node_map(f.mem, nowhere);
	spec = node_map(f.mem, one);
	list = node_seq(f.mem, nowhere);
	node_put(f.mem, root, S("spec"), spec);
	node_put(f.mem, spec, S("plain"), node_int(f.mem, 1, nowhere));
	node_put(f.mem, spec, S("a/b"), list);
	node_add(f.mem, list, node_int(f.mem, 1, two));
	assert_int_equal(node_origin(root, S("/spec/plain")).start, 10);
	assert_int_equal(node_origin(root, S("/spec/a~1b/0")).start, 20);
	assert_int_equal(node_origin(root, S("/spec/a~1b")).start, 20);
	assert_int_equal(node_origin(root, S("/spec/gone/0")).start, 10);
	assert_false(span_set(node_origin(root, S("/gone"))));
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_and_items_are_found_by_what_names_them),
		cmocka_unit_test(test_pointers_escape_and_count_from_the_new_list),
		cmocka_unit_test(test_origins_are_those_of_the_value_or_what_is_around_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
