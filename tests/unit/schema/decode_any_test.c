/*
 * Whatever stands in whatever field, decoding ends with a struct and, where it was refused, with a finding.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/decode.h"
#include "schema/model.gen.h"

static const struct shape *const kinds[] = {
#define KIND(constant, type, name, api, role) &shape_##type,
#define ALSO(api, as)
#define SKIPPED(name, api)
#define LATER(name, api)
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
};

static const char *const values[] = {
	"null",
	"~",
	"true",
	"no",
	"0",
	"-1",
	"017",
	"99999999999999999999",
	"1.5",
	".inf",
	"1e3",
	"''",
	"text",
	"\"5\"",
	"5s",
	"1ns",
	"1:30",
	"[]",
	"{}",
	"[null]",
	"[[]]",
	"[{}]",
	"[a, a, 1, {}]",
	"[1, 1]",
	"{a: b}",
	"{a: null}",
	"{b: 1, a: {}}",
	"{'': ''}",
};

/* A path of fields from a kind to an object, as YAML around `hole`. */
struct nest {
	const char *before, *after;
	uint32_t depth;
};

static void try_value(const struct shape *kind, const struct nest *nest, const char *field,
		      const char *value)
{
	struct fixture f;
	bool sound = true;

	fixture_setup(&f);
	const char *text = str_z(
		f.mem, str_format(f.mem, "%s%s: %s%s\n", nest->before, field, value, nest->after));
	const struct node *root = fixture_node(&f, "a.yaml", text);
	assert_int_equal(f.diags.errors, 0);
	assert_non_null(decode(f.mem, &f.diags, kind, root, &sound));
	if (sound != !f.diags.errors)
		fail_msg("%s: sound %d, %u errors", text, sound, f.diags.errors);
	for (uint32_t i = 0; i < f.diags.all.n; i++)
		if (!span_set(f.diags.all.at[i]->at))
			fail_msg("%s: a finding without a place", text);
	fixture_text(&f);
	fixture_teardown(&f);
}

static void try_shape(struct arena *mem, const struct shape *kind, const struct shape *shape,
		      const struct nest *nest)
{
	enum { DEEPEST = 9 };

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *field = &shape->fields[i];
		bool list = field->type == FIELD_OBJECTS;
		for (size_t v = 0; v < countof(values); v++)
			try_value(kind, nest, field->name, values[v]);
		if ((!list && field->type != FIELD_OBJECT) || nest->depth == DEEPEST)
			continue;
		struct nest inner = { .depth = nest->depth + 1 };
		inner.before = str_z(mem, str_format(mem, "%s%s: %s{", nest->before, field->name,
						     list ? "[" : ""));
		inner.after = str_z(mem, str_format(mem, "}%s%s", list ? "]" : "", nest->after));
		try_shape(mem, kind, field->shape, &inner);
	}
}

static void test_decode_survives_any_value_in_any_field(void **state)
{
	static const struct nest whole = { "{", "}", 0 };
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(kinds); i++)
		try_shape(mem, kinds[i], kinds[i], &whole);
	arena_free(mem);
}

static void test_decode_survives_a_root_of_any_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(kinds); i++)
		for (size_t v = 0; v < countof(values); v++) {
			struct fixture f;
			bool sound = true;

			fixture_setup(&f);
			const struct node *root = fixture_node(&f, "a.yaml", values[v]);
			assert_non_null(decode(f.mem, &f.diags, kinds[i], root, &sound));
			assert_int_equal(sound, !f.diags.errors);
			fixture_teardown(&f);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_survives_any_value_in_any_field),
		cmocka_unit_test(test_decode_survives_a_root_of_any_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
