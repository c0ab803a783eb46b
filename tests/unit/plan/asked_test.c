/*
 * What a cluster's plan asks of its mesh.
 */
#include "unit/target/scene.h"

#include "support/condition.h"

struct heard {
	bool of[FEATURE_MAX];
	uint32_t n;
	struct asked last;
};

static void hear(void *cx, const struct asked *asked)
{
	struct heard *heard = cx;

	heard->of[asked->feature] = true;
	heard->n++;
	heard->last = *asked;
}

static void want_all(bool *wanted)
{
	for (enum feature f = 0; f < FEATURE_MAX; f++)
		wanted[f] = true;
}

static void test_every_way_to_match_is_asked_for_where_a_condition_has_it(void **state)
{
	static const struct {
		const char *when, *name;
		enum feature asked[4];
		uint32_t n;
	} rows[] = {
		{ "", "", { 0 }, 0 },
		{ "", "all", { FEATURE_MATCH_NAME }, 1 },
		{ "ns:web", "", { FEATURE_CALLER_NAMESPACES }, 1 },
		{ "l:app=x", "", { FEATURE_CALLER_LABELS }, 1 },
		{ "=/a", "", { FEATURE_PATH_EXACT }, 1 },
		{ "^/a", "", { FEATURE_PATH_PREFIX }, 1 },
		{ "i^/a", "", { FEATURE_PATH_PREFIX, FEATURE_PATH_IGNORE_CASE }, 2 },
		{ "$/a", "", { FEATURE_PATH_SUFFIX }, 1 },
		{ "~/a", "", { FEATURE_PATH_REGEX }, 1 },
		{ "GET", "", { FEATURE_METHOD }, 1 },
		{ "h:x", "", { FEATURE_HEADER }, 1 },
		{ "h:x h!y=1", "", { FEATURE_HEADER, FEATURE_HEADER_INVERTED }, 2 },
		{ "h:x h:y~1", "", { FEATURE_HEADER, FEATURE_HEADER_REGEX }, 2 },
		{ "q:x", "", { FEATURE_QUERY }, 1 },
		{ "q:x q:y~1", "", { FEATURE_QUERY, FEATURE_QUERY_REGEX }, 2 },
	};
	bool wanted[FEATURE_MAX];

	(void)state;
	want_all(wanted);
	for (size_t i = 0; i < countof(rows); i++) {
		struct heard heard = { 0 };
		struct scene s;
		struct route *route;

		scene_open(&s);
		route = scene_route(&s, scene_local(&s));
		route->when = condition_read(s.f.mem, rows[i].when);
		route->name = str_of(rows[i].name);
		plan_asked(&s.plans[0], wanted, hear, &heard);
		for (uint32_t k = 0; k < rows[i].n; k++)
			if (!heard.of[rows[i].asked[k]])
				fail_msg("`%s` does not ask for %s", rows[i].when,
					 feature_path(rows[i].asked[k]));
		if (heard.n != rows[i].n)
			fail_msg("`%s` asks for %u ways to match", rows[i].when, heard.n);
		if (heard.n) {
			assert_int_equal(heard.last.at.start, s.at.start);
			assert_ptr_equal(heard.last.by, &s.policy);
		}
		scene_close(&s);
	}
}

static void test_nothing_is_asked_that_nobody_wants_to_hear(void **state)
{
	bool wanted[FEATURE_MAX] = { [FEATURE_PATH_EXACT] = true };
	struct heard heard = { 0 };
	struct scene s;

	(void)state;
	scene_open(&s);
	scene_route(&s, scene_local(&s))->when = condition_read(s.f.mem, "^/a GET h:x~1 q:x~1");
	plan_asked(&s.plans[0], wanted, hear, &heard);
	assert_int_equal(heard.n, 0);
	scene_close(&s);
}

static void test_commands_are_asked_for_by_a_percent_sign_alone(void **state)
{
	static const struct {
		const char *value;
		bool command;
	} rows[] = {
		{ "", false },      { "a", false },    { "%%", false }, { "50%%", false },
		{ "%%a%%", false }, { "%A%", true },   { "50%", true }, { "%A% b", true },
		{ "%%%", true },    { "%%a%b", true },
	};
	bool wanted[FEATURE_MAX] = { [FEATURE_HEADER_COMMANDS] = true };

	(void)state;
	for (size_t i = 0; i < 2 * countof(rows); i++) {
		struct heard heard = { 0 };
		struct scene s;
		struct header_manipulation h = { 0 };
		struct text_map *map =
			i % 2 ? &h.append_request_headers : &h.append_response_headers;
		struct text_pair items[2];

		scene_open(&s);
		items[0] = (struct text_pair){ .key = text_of(&s, "a"), .value = text_of(&s, "a") };
		items[1] = (struct text_pair){ .key = text_of(&s, "b"),
					       .value = text_of(&s, rows[i / 2].value) };
		*map = (struct text_map){ .item = items, .n = 2 };
		scene_set(&s, &scene_route(&s, scene_local(&s))->effect,
			  FEATURE_HEADER_MANIPULATION, &h);
		plan_asked(&s.plans[0], wanted, hear, &heard);
		if (heard.n != rows[i / 2].command)
			fail_msg("`%s` asks %u times", rows[i / 2].value, heard.n);
		scene_close(&s);
	}
}

static void expect_federation(struct scene *s, uint32_t n)
{
	bool wanted[FEATURE_MAX] = { [FEATURE_FEDERATED_HOST] = true };
	struct federation federation = { .at = s->at };
	struct heard heard = { 0 };

	s->virtual_mesh_spec.federation = &federation;
	plan_asked(&s->plans[0], wanted, hear, &heard);
	assert_int_equal(heard.n, n);
	assert_ptr_equal(heard.last.by, n ? &s->virtual_mesh : NULL);
}

static void test_who_imports_and_who_exports_asks_for_federation(void **state)
{
	struct scene s;

	(void)state;
	scene_open(&s);
	scene_local(&s);
	expect_federation(&s, 0);
	vec_add(s.f.mem, &s.plans[0].exports,
		((struct export_plan){ .service = &s.reviews[0],
				       .virtual_mesh = &s.virtual_mesh }));
	expect_federation(&s, 1);
	scene_remote(&s);
	expect_federation(&s, 1); /* by the same virtual mesh: once */
	s.plans[0].exports.n = 0;
	expect_federation(&s, 1);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_way_to_match_is_asked_for_where_a_condition_has_it),
		cmocka_unit_test(test_nothing_is_asked_that_nobody_wants_to_hear),
		cmocka_unit_test(test_who_imports_and_who_exports_asks_for_federation),
		cmocka_unit_test(test_commands_are_asked_for_by_a_percent_sign_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
