/*
 * The way back: what the decoder made of a document says the same as the document.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/decode.h"
#include "schema/encode.h"
#include "schema/format.h"
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

static const char *yaml_of(struct fixture *f, const struct node *node)
{
	struct buf out = buf_new(f->mem, 0);

	yaml_write(&out, node);
	return str_z(f->mem, buf_view(&out));
}

/* What is missing of an object is no matter here. */
static struct node *there_and_back(struct fixture *f, const struct shape *shape,
				   const struct node *node)
{
	bool sound = true;

	return encode(f->mem, shape, decode(f->mem, &f->diags, shape, node, &sound));
}

/* Everything of `part` is in `all`, which may hold defaults beside it. */
static bool holds(const struct node *all, const struct node *part)
{
	if (!all || all->kind != part->kind)
		return false;
	if (part->kind == NODE_MAP) {
		for (uint32_t i = 0; i < part->n; i++)
			if (!holds(node_get(all, part->u.pairs[i].key), part->u.pairs[i].value))
				return false;
		return true;
	}
	if (part->kind != NODE_SEQ)
		return str_eq(all->u.text, part->u.text);
	for (uint32_t i = 0; i < part->n; i++)
		if (all->n != part->n || !holds(all->u.items[i], part->u.items[i]))
			return false;
	return true;
}

/* A value that the field takes, as YAML in one line. */
static const char *value_of(struct arena *mem, const struct shape_field *field)
{
	static const char *const texts[FORMAT_MAX] = {
		[FORMAT_HTTP_METHOD] = "GET", [FORMAT_HTTP_METHOD_PATTERN] = "GET",
		[FORMAT_PATH] = "/a",         [FORMAT_CIDR] = "10.0.0.0/8",
		[FORMAT_LABEL_KEY] = "a",
	};
	static const char *const numbers[FORMAT_MAX] = {
		[FORMAT_DURATION] = "1.5s",
		[FORMAT_PERCENT] = "12.5",
		[FORMAT_RATIO] = "0.25",
	};
	const char *text = texts[field->format] ? texts[field->format] : "on";
	int64_t least = field->has_minimum ? field->minimum + 1 : 7;

	switch (field->type) {
	case FIELD_TEXT:
		return str_z(mem, str_format(mem, "\"%s\"", text));
	case FIELD_NUMBER:
		return numbers[field->format] ? numbers[field->format]
					      : str_z(mem, str_int(mem, least));
	case FIELD_FLAG:
		return "true";
	case FIELD_CHOICE:
		return field->choices->values[field->choices->n - 1];
	case FIELD_TEXTS:
		return str_z(mem, str_format(mem, "[\"%s\", \"%s1\"]", text, text));
	case FIELD_NUMBERS:
		return "[7, 8]";
	case FIELD_TEXT_MAP:
		return "{a: \"1\", b: x}";
	case FIELD_NODE:
		return "{a: [1, x, null, true]}";
	case FIELD_OBJECT:
		return "{}";
	case FIELD_OBJECTS:
		return "[{}, {}]";
	case FIELD_IGNORED:
	case FIELD_LATER:
		break;
	}
	return NULL;
}

/* A path of fields from a kind to an object, as YAML around `hole`. */
struct nest {
	const char *before, *after;
	uint32_t depth;
};

static void try_field(const struct shape *kind, const struct nest *nest,
		      const struct shape_field *field)
{
	struct fixture f;
	const struct node *written, *once, *twice;
	const char *text;

	fixture_setup(&f);
	text = str_z(f.mem, str_format(f.mem, "%s%s: %s%s\n", nest->before, field->name,
				       value_of(f.mem, field), nest->after));
	written = fixture_node(&f, "a.yaml", text);
	once = there_and_back(&f, kind, written);
	twice = there_and_back(&f, kind, fixture_node(&f, "b.yaml", yaml_of(&f, once)));
	if (!holds(once, written))
		fail_msg("%sbecame\n%s", text, yaml_of(&f, once));
	if (!node_eq(once, twice))
		fail_msg("%s\nbecame\n%s", yaml_of(&f, once), yaml_of(&f, twice));
	if (!node_eq(once, there_and_back(&f, kind, once)))
		fail_msg("%s is another without its text", text);
	fixture_teardown(&f);
}

static void try_shape(struct arena *mem, const struct shape *kind, const struct shape *shape,
		      const struct nest *nest)
{
	enum { DEEPEST = 9 };

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *field = &shape->fields[i];
		bool list = field->type == FIELD_OBJECTS;
		if (!value_of(mem, field) || field->renamed_to)
			continue;
		try_field(kind, nest, field);
		if ((!list && field->type != FIELD_OBJECT) || nest->depth == DEEPEST)
			continue;
		struct nest inner = { .depth = nest->depth + 1 };
		inner.before = str_z(mem, str_format(mem, "%s%s: %s{", nest->before, field->name,
						     list ? "[" : ""));
		inner.after = str_z(mem, str_format(mem, "}%s%s", list ? "]" : "", nest->after));
		try_shape(mem, kind, field->shape, &inner);
	}
}

static void test_encode_gives_back_every_field_of_every_kind(void **state)
{
	static const struct nest whole = { "{", "}", 0 };
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(kinds); i++)
		try_shape(mem, kinds[i], kinds[i], &whole);
	arena_free(mem);
}

static const struct {
	const char *name;
	const struct shape *shape;
	const char *in, *want;
} rows[] = {
	{ "nothing", &shape_retry_policy, "{}", "attempts: 2\n" },
	{ "a duration in its shortest form", &shape_retry_policy,
	  "{attempts: 0, perTryTimeout: 1500ms}", "attempts: 0\nperTryTimeout: \"1.5s\"\n" },
	{ "percentages, whole and not", &shape_fault_injection,
	  "{fixedDelay: 250ms, percentage: 0.0001}",
	  "fixedDelay: \"250ms\"\npercentage: 0.0001\n" },
	{ "a default of a percentage", &shape_fault_injection, "{abort: {httpStatus: 503}}",
	  "abort:\n  httpStatus: 503\npercentage: 100\n" },
	{ "an explicit zero", &shape_outlier_detection, "{maxEjectionPercent: 0}",
	  "consecutiveErrors: 5\ninterval: \"10s\"\nbaseEjectionTime: \"30s\"\nmaxEjectionPercent: "
	  "0\n" },
	{ "an empty list and an empty map that were given", &shape_header_manipulation,
	  "{removeRequestHeaders: [], appendRequestHeaders: {}}",
	  "appendRequestHeaders: {}\nremoveRequestHeaders: []\n" },
	{ "keys in their order", &shape_header_manipulation,
	  "{appendRequestHeaders: {b: 'no', a: '1'}}",
	  "appendRequestHeaders:\n  a: \"1\"\n  b: \"no\"\n" },
};

static void test_encode_writes_values_as_they_were_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct fixture f;
		const struct node *node;

		fixture_setup(&f);
		node = fixture_node(&f, "a.yaml", rows[i].in);
		const char *got = yaml_of(&f, there_and_back(&f, rows[i].shape, node));
		fixture_assert_sound(&f);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s:\n%s", rows[i].name, got);
		fixture_teardown(&f);
	}
}

/* A setting that the compiler made up itself has no places. */
static void test_encode_takes_values_that_nobody_wrote(void **state)
{
	struct tcp_keepalive keepalive = { .time = { .v = 7200000000000 } };
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_string_equal(yaml_of(&f, encode(f.mem, &shape_tcp_keepalive, &keepalive)),
			    "time: \"7200s\"\n");
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode_gives_back_every_field_of_every_kind),
		cmocka_unit_test(test_encode_writes_values_as_they_were_understood),
		cmocka_unit_test(test_encode_takes_values_that_nobody_wrote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
