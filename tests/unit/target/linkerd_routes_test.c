/* Routes of a destination as HTTPRoutes of Linkerd: how they are cut and what they are called. */
#include "base/base.h"

#include "scene.h"

static void open_linkerd(struct scene *s)
{
	scene_open(s);
	for (int i = 0; i < 2; i++) {
		s->meshes[i].kind = MESH_LINKERD;
		s->meshes[i].release = (struct release){ 2, 20 };
		vec_add(s->f.mem, &s->clusters[i].served_apis, S("gateway.networking.k8s.io/v1"));
	}
}

static struct route *header_route(struct scene *s, struct destination_plan *d, const char *header)
{
	struct route *r = scene_route(s, d);

	vec_add(s->f.mem, &r->when.headers,
		((struct named_match){ .name = str_of(header),
				       .value = { .how = MATCH_PRESENT } }));
	return r;
}

/* Sixteen rules fill an object; the last route, for everything, is the seventeenth. */
static void test_more_rules_than_one_object_takes_go_into_two(void **state)
{
	struct scene s;
	struct destination_plan *d;
	struct bundle out;

	(void)state;
	open_linkerd(&s);
	d = scene_local(&s);
	for (int i = 0; i < 16; i++)
		header_route(&s, d, str_format(s.f.mem, "x-%c", 'a' + i).p);
	scene_route(&s, d);
	scene_objects(&s, &out);
	assert_int_equal(s.f.diags.all.n, 0);
	assert_int_equal(out.clusters[0].all.n, 2);
	assert_true(str_eq(out.clusters[0].all.at[0].key.name, S("reviews-9080")));
	assert_true(str_eq(out.clusters[0].all.at[1].key.name, S("reviews-9080.2")));
	assert_int_equal(
		node_get(node_get(out.clusters[0].all.at[0].body, S("spec")), S("rules"))->n, 1);
	scene_close(&s);
}

static void test_rules_that_fit_stay_in_one_object(void **state)
{
	struct scene s;
	struct destination_plan *d;
	struct bundle out;

	(void)state;
	open_linkerd(&s);
	d = scene_local(&s);
	for (int i = 0; i < 15; i++)
		header_route(&s, d, str_format(s.f.mem, "x-%c", 'a' + i).p);
	scene_route(&s, d);
	scene_objects(&s, &out);
	assert_int_equal(out.clusters[0].all.n, 1);
	scene_close(&s);
}

static void test_a_service_without_an_address_takes_no_routes(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s;

		open_linkerd(&s);
		s.reviews[0].headless = i == 0;
		s.reviews[0].type = i ? SERVICE_EXTERNAL_NAME : SERVICE_CLUSTER_IP;
		scene_route(&s, scene_local(&s));
		scene_text(&s);
		assert_int_equal(fixture_count(&s.f, CODE_unsupported), 1);
		scene_close(&s);
	}
}

static void test_a_namespace_that_the_cluster_lacks_gets_nothing(void **state)
{
	struct scene s;
	struct destination_plan *d;
	struct number timeout;
	struct route *r;
	struct bundle out;

	(void)state;
	open_linkerd(&s);
	timeout = number_of(&s, 1000000000);
	d = scene_local(&s);
	r = scene_route(&s, d);
	r->when.source_space = S("elsewhere");
	scene_set(&s, &r->effect, FEATURE_REQUEST_TIMEOUT, &timeout);
	scene_route(&s, d);
	scene_objects(&s, &out);
	assert_int_equal(s.f.diags.all.n, 0);
	assert_int_equal(out.clusters[0].all.n, 0);
	scene_close(&s);
}

static void test_a_profile_of_any_namespace_is_in_the_way(void **state)
{
	struct scene s;
	struct foreign_object profile = { .kind = FOREIGN_PROFILE,
					  .title = "ServiceProfile",
					  .space = S("web"),
					  .name = S("reviews.bookinfo.svc.cluster.local") };

	(void)state;
	open_linkerd(&s);
	s.clusters[0].foreign = &profile;
	s.clusters[0].n_foreign = 1;
	scene_local(&s);
	scene_text(&s);
	assert_int_equal(s.f.diags.all.n, 0);
	scene_route(&s, &s.plans[0].destinations.at[0]);
	scene_text(&s);
	assert_int_equal(fixture_count(&s.f, CODE_route_overridden), 1);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more_rules_than_one_object_takes_go_into_two),
		cmocka_unit_test(test_rules_that_fit_stay_in_one_object),
		cmocka_unit_test(test_a_service_without_an_address_takes_no_routes),
		cmocka_unit_test(test_a_namespace_that_the_cluster_lacks_gets_nothing),
		cmocka_unit_test(test_a_profile_of_any_namespace_is_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
