/*
 * What is said to people: the bundled schemas and the tables of the README.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/describe.h"
#include "schema/model.gen.h"

static void test_schema_texts_are_sorted_and_cover_every_kind(void **state)
{
	static const char *const kinds[] = {
#define KIND(constant, type, name, api, role) name,
#define ALSO(api, as)
#define SKIPPED(name, api)
#define LATER(name, api)
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
	};

	(void)state;
	/* Kinds of one name, of two APIs, have one schema. */
	for (size_t k = 0; k < countof(kinds); k++) {
		uint32_t found = 0;

		for (uint32_t i = 0; i < n_schema_texts; i++)
			found += !strcmp(kinds[k], schema_texts[i].kind);
		assert_int_equal(found, 1);
	}
	for (uint32_t i = 0; i < n_schema_texts; i++) {
		assert_true(!i || strcmp(schema_texts[i - 1].kind, schema_texts[i].kind) < 0);
		assert_int_equal(strlen(schema_texts[i].text), schema_texts[i].n);
	}
}

/* Every "$ref" below the node names a definition of the same document. */
static void check_refs(const struct node *defs, const struct node *node)
{
	static const struct str local = S("#/$defs/");

	for (uint32_t i = 0; i < node->n && node->kind == NODE_SEQ; i++)
		check_refs(defs, node->u.items[i]);
	for (uint32_t i = 0; i < node->n && node->kind == NODE_MAP; i++) {
		const struct pair *pair = &node->u.pairs[i];
		if (str_eq(pair->key, S("$ref")) && pair->value->kind == NODE_STRING) {
			struct str ref = pair->value->u.text;
			assert_true(str_starts(ref, local));
			assert_non_null(node_get(defs, str_slice(ref, local.n, ref.n)));
		}
		assert_false(str_starts(pair->key, S("x-meshc-")));
		check_refs(defs, pair->value);
	}
}

static void test_schema_texts_are_complete_in_themselves(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < n_schema_texts; i++) {
		struct fixture f;

		fixture_setup(&f);
		const struct node *root =
			fixture_node(&f, schema_texts[i].kind, schema_texts[i].text);
		fixture_assert_sound(&f);
		check_refs(node_get(root, S("$defs")), root);
		fixture_teardown(&f);
	}
}

static void test_shape_find_finds_fields_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(shape_find(&shape_traffic_rules, S("retries"))->shape,
			 &shape_retry_policy);
	assert_null(shape_find(&shape_traffic_rules, S("retry")));
}

static void test_describe_prints_each_object_once(void **state)
{
	static const struct shape *const shapes[] = { &shape_access_policy, &shape_traffic_policy };
	struct arena *mem = arena_new();
	struct buf out = buf_new(mem, 0);

	(void)state;
	describe_markdown(&out, shapes, countof(shapes));
	const char *text = str_z(mem, buf_view(&out));
	const char *first = strstr(text, "### DestinationSelector\n");
	assert_non_null(first);
	assert_null(strstr(first + 1, "### DestinationSelector\n"));
	assert_non_null(strstr(text, "| `requestTimeout` | duration, at least 1ms |  | "));
	assert_non_null(strstr(text, "| `interval` | duration, at least 1ms | `10s` | "));
	assert_non_null(strstr(text, "| `percentage` | percentage, 0 to 100 | `100` | "));
	assert_non_null(
		strstr(text, "| `tlsMode` | `DISABLE`, `SIMPLE`, `ISTIO_MUTUAL` | required | "));
	assert_non_null(strstr(text, "| `csrf` | not implemented |  | "));
	assert_non_null(
		strstr(text, "| `destinationSelector` | list of DestinationSelector |  | "));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schema_texts_are_sorted_and_cover_every_kind),
		cmocka_unit_test(test_schema_texts_are_complete_in_themselves),
		cmocka_unit_test(test_shape_find_finds_fields_by_name),
		cmocka_unit_test(test_describe_prints_each_object_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
