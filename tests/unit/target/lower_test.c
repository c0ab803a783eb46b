/* Which target prints what, and what it says of the rest. */
#include "base/base.h"

#include "scene.h"

static const struct support weak_support[FEATURE_MAX] = {
	[FEATURE_RETRIES] = { .level = APPROXIMATE, .text = "retries without a timeout per try" },
	[FEATURE_RETRY_TIMEOUT] = { .level = CANNOT, .text = "a timeout per try" },
	[FEATURE_REQUEST_TIMEOUT] = { .level = NATIVE },
	[FEATURE_MIRROR] = { .level = CANNOT, .text = "mirroring" },
	[FEATURE_FAULT_INJECTION] = { .level = NATIVE, .since = { 1, 31 } },
	[FEATURE_MTLS] = { .level = CHECKED },
};
static const struct target weak = { .name = "Weak", .mesh = MESH_ISTIO, .support = weak_support };

static void check(struct scene *s)
{
	struct lowering lw = {
		.mem = s->f.mem, .diags = &s->f.diags, .plan = &s->plan, .cluster = &s->plans[0]
	};

	check_support(&lw, &weak);
}

/* A setting of which no field is given. */
static const _Alignas(max_align_t) char nothing[512];

static const struct {
	const char *name;
	enum feature feature;
	bool allow_approximate;
	const char *want; /* of the finding; empty: none */
} supports[] = {
	{ "native", FEATURE_REQUEST_TIMEOUT, false, "" },
	{ "approximate", FEATURE_RETRIES, false,
	  "Weak can only come close to this: retries without a timeout per try" },
	{ "approximate and allowed", FEATURE_RETRIES, true, "" },
	{ "cannot", FEATURE_MIRROR, true, "Weak cannot do this: mirroring" },
	{ "a row left out", FEATURE_OUTLIER_DETECTION, true,
	  "Weak cannot do this: `policy.outlierDetection`" },
	{ "a later release", FEATURE_FAULT_INJECTION, true,
	  "Weak cannot do this: `policy.faultInjection` needs 1.31" },
	{ "checked elsewhere", FEATURE_MTLS, false, "" },
};

static void test_what_a_target_cannot_do_is_reported_at_the_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(supports); i++) {
		enum feature f = supports[i].feature;
		struct destination_plan *d;
		struct scene s;

		scene_open(&s);
		d = scene_local(&s);
		scene_set(&s, feature_of_destination(f) ? &d->client : &scene_route(&s, d)->effect,
			  f, nothing);
		s.fleet.allow_approximate = supports[i].allow_approximate;
		check(&s);
		if (s.f.diags.all.n != (*supports[i].want ? 1 : 0))
			fail_msg("%s: %" PRIu32 " findings", supports[i].name, s.f.diags.all.n);
		if (*supports[i].want) {
			assert_int_equal(s.f.diags.all.at[0]->at.start, s.at.start);
			if (!strstr(fixture_text(&s.f), supports[i].want))
				fail_msg("%s: %s", supports[i].name, fixture_text(&s.f));
		}
		scene_close(&s);
	}
}

static void test_a_part_is_reported_where_it_is_given_and_only_there(void **state)
{
	struct scene s;
	struct retry_policy retries = { 0 };

	(void)state;
	scene_open(&s);
	s.fleet.allow_approximate = true;
	scene_set(&s, &scene_route(&s, scene_local(&s))->effect, FEATURE_RETRIES, &retries);
	check(&s);
	assert_int_equal(s.f.diags.all.n, 0);
	retries.per_try_timeout = (struct number){ 1000000, { 1, 7, 9 } };
	check(&s);
	assert_int_equal(s.f.diags.all.n, 1);
	assert_int_equal(s.f.diags.all.at[0]->at.start, 7);
	assert_non_null(strstr(fixture_text(&s.f), "Weak cannot do this: a timeout per try"));
	scene_close(&s);
}

static void test_parts_of_what_cannot_be_are_not_reported_as_well(void **state)
{
	struct scene s;
	struct mirror mirror = { .percentage = { 10000, { 1, 7, 9 } } };

	(void)state;
	scene_open(&s);
	scene_set(&s, &scene_route(&s, scene_local(&s))->effect, FEATURE_MIRROR, &mirror);
	check(&s);
	assert_int_equal(s.f.diags.all.n, 1);
	scene_close(&s);
}

static const struct {
	const char *allowance;
	bool allowed;
} allowances[] = {
	{ "all", true },         { "policy.retries", true },
	{ "policy", true },      { "policy.mirror, policy.retries", true },
	{ "policy.ret", false }, { "policy.retries.attempts", false },
	{ "", false },
};

static void test_a_declaration_takes_what_comes_close_for_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(allowances); i++) {
		struct scene s;
		struct text_pair pair;
		struct metadata metadata = { .annotations = { &pair, 1, { 1, 0, 1 } } };

		scene_open(&s);
		pair.key = text_of(&s, ALLOWANCE);
		pair.value = text_of(&s, allowances[i].allowance);
		s.policy.metadata = &metadata;
		scene_set(&s, &scene_route(&s, scene_local(&s))->effect, FEATURE_RETRIES, nothing);
		check(&s);
		if (s.f.diags.all.n != !allowances[i].allowed)
			fail_msg("`%s`", allowances[i].allowance);
		scene_close(&s);
	}
}

static void test_conditions_of_routes_are_asked_for_at_the_matcher(void **state)
{
	struct scene s;
	struct http_matcher matcher = { .method = { S("GET"), { 1, 5, 6 } } };
	struct route *route;

	(void)state;
	scene_open(&s);
	s.policy_spec.http_request_matchers.item = &matcher;
	s.policy_spec.http_request_matchers.n = 1;
	route = scene_route(&s, scene_local(&s));
	check(&s);
	assert_int_equal(s.f.diags.all.n, 0);
	route->when.method = S("GET");
	check(&s);
	assert_int_equal(s.f.diags.all.n, 1);
	assert_int_equal(s.f.diags.all.at[0]->at.start, 5);
	assert_non_null(
		strstr(fixture_text(&s.f), "Weak cannot do this: `httpRequestMatchers.method`"));
	scene_close(&s);
}

static void test_istio_can_do_everything_that_a_policy_can_ask_for(void **state)
{
	(void)state;
	for (int f = 0; f < SETTING_MAX; f++)
		assert_int_equal(targets[0]->support[f].level, NATIVE);
}

static void test_a_mesh_without_a_target_is_reported_where_something_was_asked_of_it(void **state)
{
	struct scene s;
	struct bundle out;

	(void)state;
	scene_open(&s);
	s.meshes[0].kind = MESH_KUMA;
	scene_local(&s);
	scene_objects(&s, &out);
	assert_int_equal(s.f.diags.all.n, 0);
	scene_route(&s, &s.plans[0].destinations.at[0]);
	scene_objects(&s, &out);
	assert_int_equal(fixture_count(&s.f, CODE_mesh_not_targeted), 1);
	assert_int_equal(fixture_finding(&s.f, CODE_mesh_not_targeted)->at.start, s.at.start);
	assert_int_equal(out.clusters[0].all.n, 0);
	scene_close(&s);
}

static const struct {
	const char *name, *version;
	struct release release;
	enum code code;
} versions[] = {
	{ "the oldest", "1.29.0", { 1, 29 }, CODE_MAX },
	{ "too old", "1.28.9", { 1, 28 }, CODE_mesh_version_old },
	{ "much too old", "0.30", { 0, 30 }, CODE_mesh_version_unknown },
	{ "a moving tag", "latest", { 0, 0 }, CODE_mesh_version_unknown },
};

static void test_a_mesh_of_an_old_or_unknown_release_is_reported_when_it_is_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(versions); i++) {
		struct scene s;

		scene_open(&s);
		s.meshes[0].version = str_of(versions[i].version);
		s.meshes[0].release = versions[i].release;
		scene_local(&s);
		scene_text(&s);
		assert_int_equal(s.f.diags.all.n, 0);
		scene_route(&s, &s.plans[0].destinations.at[0]);
		scene_text(&s);
		if (s.f.diags.all.n != (versions[i].code != CODE_MAX))
			fail_msg("%s: %s", versions[i].name, fixture_text(&s.f));
		if (versions[i].code != CODE_MAX && !fixture_has(&s.f, versions[i].code))
			fail_msg("%s: %s", versions[i].name, fixture_text(&s.f));
		scene_close(&s);
	}
}

static void test_a_mesh_whose_config_is_not_there_is_reported_when_it_is_asked(void **state)
{
	struct scene s;

	(void)state;
	scene_open(&s);
	s.meshes[0].missing_config = S("linkerd-config");
	scene_text(&s);
	assert_int_equal(s.f.diags.all.n, 0);
	scene_route(&s, scene_local(&s));
	scene_text(&s);
	assert_int_equal(fixture_count(&s.f, CODE_mesh_config_missing), 1);
	scene_close(&s);
}

static void test_an_import_goes_to_the_meshes_that_it_was_federated_to(void **state)
{
	struct scene s;
	struct mesh other;
	struct bundle out;

	(void)state;
	scene_open(&s);
	other = s.meshes[0];
	other.kind = MESH_KUMA;
	other.root_space = S("linkerd");
	vec_add(s.f.mem, &s.clusters[0].meshes, &other);
	scene_remote(&s);
	scene_objects(&s, &out);
	assert_int_equal(s.f.diags.all.n, 0);
	assert_int_equal(out.clusters[0].all.n, 2);
	s.plans[0].destinations.at[0].callers.at[0] = &other;
	scene_objects(&s, &out);
	assert_true(fixture_has(&s.f, CODE_mesh_not_targeted));
	assert_int_equal(out.clusters[0].all.n, 0);
	scene_close(&s);
}

static void test_a_local_service_goes_to_its_own_mesh_alone(void **state)
{
	struct scene s;
	struct mesh other;
	struct bundle out;

	(void)state;
	scene_open(&s);
	other = s.meshes[0];
	other.kind = MESH_KUMA;
	vec_add(s.f.mem, &s.clusters[0].meshes, &other);
	scene_route(&s, scene_local(&s));
	scene_objects(&s, &out);
	assert_int_equal(s.f.diags.all.n, 0);
	assert_int_equal(out.clusters[0].all.n, 1);
	s.reviews[0].mesh = s.plans[0].destinations.at[0].callers.at[0] = &other;
	scene_objects(&s, &out);
	assert_true(fixture_has(&s.f, CODE_mesh_not_targeted));
	assert_int_equal(out.clusters[0].all.n, 0);
	scene_close(&s);
}

static void test_equal_objects_of_two_meshes_become_one_with_both_sources(void **state)
{
	struct scene s;
	struct object_set set = { 0 };
	struct resource other = { .kind = KIND_VIRTUAL_MESH, .name = S("a") };

	(void)state;
	scene_open(&s);
	for (int i = 0; i < 2; i++) {
		struct object *o = vec_push(s.f.mem, &set.all);

		o->key = (struct object_key){ S("g"), S("K"), S("s"), S("n") };
		o->body = node_map(s.f.mem, NOWHERE);
		vec_add(s.f.mem, &o->sources, i ? &other : &s.virtual_mesh);
	}
	settle_objects(s.f.mem, &s.f.diags, &set);
	assert_int_equal(set.all.n, 1);
	assert_int_equal(set.all.at[0].sources.n, 2);
	assert_ptr_equal(set.all.at[0].sources.at[0], &other);
	assert_int_equal(s.f.diags.all.n, 0);
	scene_close(&s);
}

static void test_different_objects_under_one_key_are_reported(void **state)
{
	struct scene s;
	struct object_set set = { 0 };

	(void)state;
	scene_open(&s);
	for (int i = 0; i < 2; i++) {
		struct object *o = vec_push(s.f.mem, &set.all);

		o->key = (struct object_key){ S("g"), S("K"), S("s"), S("n") };
		o->body = i ? node_map(s.f.mem, NOWHERE) : node_seq(s.f.mem, NOWHERE);
	}
	settle_objects(s.f.mem, &s.f.diags, &set);
	assert_true(fixture_has(&s.f, CODE_path_taken));
	scene_close(&s);
}

static const struct {
	int64_t ns;
	const char *want;
} durations[] = {
	{ 0, "0s" },
	{ 1, "0.000000001s" },
	{ 1000000, "0.001s" },
	{ 100000000, "0.1s" },
	{ 1000000000, "1s" },
	{ 1500000000, "1.5s" },
	{ 3600000000000, "3600s" },
	{ 10000000, "0.01s" },
	{ 60000000000, "60s" },
	{ 1000000001, "1.000000001s" },
};

static void test_durations_are_seconds_without_needless_digits(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(durations); i++)
		assert_string_equal(str_z(mem, duration_text(mem, durations[i].ns)),
				    durations[i].want);
	arena_free(mem);
}

static const struct {
	int64_t ppm;
	const char *want;
} shares[] = { { 1000000, "100" }, { 125000, "12.5" }, { 1, "0.0001" },
	       { 0, "0" },         { 10000, "1" },     { 333333, "33.3333" } };

static void test_percentages_are_exact(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(shares); i++)
		assert_string_equal(str_z(mem, percent_text(mem, shares[i].ppm)), shares[i].want);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_target_cannot_do_is_reported_at_the_field),
		cmocka_unit_test(test_a_part_is_reported_where_it_is_given_and_only_there),
		cmocka_unit_test(test_parts_of_what_cannot_be_are_not_reported_as_well),
		cmocka_unit_test(test_a_declaration_takes_what_comes_close_for_itself),
		cmocka_unit_test(test_conditions_of_routes_are_asked_for_at_the_matcher),
		cmocka_unit_test(test_istio_can_do_everything_that_a_policy_can_ask_for),
		cmocka_unit_test(
			test_a_mesh_without_a_target_is_reported_where_something_was_asked_of_it),
		cmocka_unit_test(
			test_a_mesh_of_an_old_or_unknown_release_is_reported_when_it_is_asked),
		cmocka_unit_test(
			test_a_mesh_whose_config_is_not_there_is_reported_when_it_is_asked),
		cmocka_unit_test(test_an_import_goes_to_the_meshes_that_it_was_federated_to),
		cmocka_unit_test(test_a_local_service_goes_to_its_own_mesh_alone),
		cmocka_unit_test(test_equal_objects_of_two_meshes_become_one_with_both_sources),
		cmocka_unit_test(test_different_objects_under_one_key_are_reported),
		cmocka_unit_test(test_durations_are_seconds_without_needless_digits),
		cmocka_unit_test(test_percentages_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
