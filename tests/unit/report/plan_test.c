/* The plan as a document: what it names how, and what it leaves out. */
#include "support/fixture.h"

#include "report/plan.h"

/* One cluster with its plan, and what its members may point at. */
struct bench {
	struct fixture f;
	struct cluster here, there;
	struct mesh mesh, other;
	struct service service, far;
	struct resource policy;
	struct cluster_plan cluster;
	struct plan plan;
};

static void setup(struct bench *b)
{
	*b = (struct bench){
		.here = { .name = S("c1") },
		.there = { .name = S("c2") },
		.mesh = { .name = S("m1"), .space = S("gloo-mesh") },
		.other = { .name = S("m2"), .space = S("gloo-mesh") },
		.service = { .name = S("api"), .space = S("shop") },
		.far = { .name = S("cart"), .space = S("shop") },
		.policy = { .kind = KIND_TRAFFIC_POLICY, .name = S("p"), .space = S("shop") }
	};
	fixture_setup(&b->f);
	b->mesh.cluster = b->service.cluster = b->cluster.cluster = &b->here;
	b->other.cluster = b->far.cluster = &b->there;
	b->service.mesh = &b->mesh;
	b->far.mesh = &b->other;
	b->plan = (struct plan){ .clusters = &b->cluster, .n_clusters = 1 };
}

static void teardown(struct bench *b)
{
	fixture_teardown(&b->f);
}

static void assert_yaml(struct bench *b, const char *want)
{
	struct buf out = buf_new(b->f.mem, 0);

	report_plan_text(&out, &b->f.files, &b->plan);
	assert_string_equal(str_z(b->f.mem, buf_view(&out)), want);
}

#define HEAD "schema: meshc.dev/plan/v1\nclusters:\n- cluster: c1\n"

static void test_plan_without_clusters_is_a_document(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	b.plan.n_clusters = 0;
	assert_yaml(&b, "schema: meshc.dev/plan/v1\n");
	teardown(&b);
}

static void test_plan_of_a_cluster_with_nothing_is_its_name(void **state)
{
	struct bench b;
	struct buf out;

	(void)state;
	setup(&b);
	assert_yaml(&b, HEAD);
	out = buf_new(b.f.mem, 0);
	report_plan_json(&out, &b.f.files, &b.plan);
	assert_string_equal(str_z(b.f.mem, buf_view(&out)),
			    "{\n\t\"schema\":\t\"meshc.dev/plan/v1\",\n\t\"clusters\":\t[{\n"
			    "\t\t\t\"cluster\":\t\"c1\"\n\t\t}]\n}\n");
	teardown(&b);
}

static void test_plan_names_what_may_be_elsewhere_with_its_cluster(void **state)
{
	struct bench b;
	struct gateway_plan gateway;
	struct peer_plan *peer;
	struct export_plan *e;

	(void)state;
	setup(&b);
	gateway = (struct gateway_plan){ .service = &b.far };
	e = vec_push(b.f.mem, &b.cluster.exports);
	e->service = &b.service;
	vec_add(b.f.mem, &e->marked_for, S("c2"));
	peer = vec_push(b.f.mem, &b.cluster.peers);
	*peer = (struct peer_plan){ .mesh = &b.other, .own = &b.mesh, .selective = true };
	vec_add(b.f.mem, &peer->gateways, &gateway);
	assert_yaml(&b, HEAD "  exports:\n"
			     "  - service: shop/api\n"
			     "    markedFor:\n"
			     "    - c2\n"
			     "  peers:\n"
			     "  - mesh: gloo-mesh/m2\n"
			     "    own: gloo-mesh/m1\n"
			     "    selective: true\n"
			     "    gateways:\n"
			     "    - service: shop/cart\n"
			     "      cluster: c2\n");
	teardown(&b);
}

static void test_plan_shows_a_setting_with_its_owner_and_place(void **state)
{
	const struct number timeout = { .v = 1500000000 };
	const struct mtls_policy mtls = { 0 };
	struct destination_plan *d;
	struct span at;
	struct bench b;

	(void)state;
	setup(&b);
	at = (struct span){ fixture_file(&b.f, "mesh/a.yaml", "a\nb\n"), 2, 3 };
	d = vec_push(b.f.mem, &b.cluster.destinations);
	d->service = &b.service;
	d->client.value[FEATURE_REQUEST_TIMEOUT] = &timeout;
	d->client.owner[FEATURE_REQUEST_TIMEOUT] = &b.policy;
	d->client.at[FEATURE_REQUEST_TIMEOUT] = at;
	d->client.value[FEATURE_MTLS] = &mtls; /* of nobody, without fields */
	assert_yaml(&b, HEAD "  destinations:\n"
			     "  - service: shop/api\n"
			     "    cluster: c1\n"
			     "    client:\n"
			     "      requestTimeout:\n"
			     "        value: \"1.5s\"\n"
			     "        owner: \"TrafficPolicy shop/p\"\n"
			     "        at: \"mesh/a.yaml:2\"\n"
			     "      mtls:\n"
			     "        value: {}\n");
	teardown(&b);
}

static void test_plan_of_an_import_has_all_its_members(void **state)
{
	struct import import;
	struct destination_plan *d;
	struct identity who = { .space = S("shop") };
	struct bench b;

	(void)state;
	setup(&b);
	import = (struct import){ .service = &b.far,
				  .virtual_mesh = &b.policy,
				  .mirror = S("cart-c2"),
				  .by_name = true };
	vec_add(b.f.mem, &import.endpoints,
		((struct endpoint){ .address = S("gw.example"),
				    .port = 15443,
				    .locality = { .region = S("r"), .zone = S("z") },
				    .network = S("net") }));
	identities_add(b.f.mem, &import.identities, who);
	d = vec_push(b.f.mem, &b.cluster.destinations);
	*d = (struct destination_plan){ .service = &b.far, .remote = true, .import = &import };
	assert_yaml(&b, HEAD "  destinations:\n"
			     "  - service: shop/cart\n"
			     "    cluster: c2\n"
			     "    remote: true\n"
			     "    import:\n"
			     "      service: shop/cart\n"
			     "      cluster: c2\n"
			     "      virtualMesh: \"TrafficPolicy shop/p\"\n"
			     "      mirror: cart-c2\n"
			     "      endpoints:\n"
			     "      - address: gw.example\n"
			     "        port: 15443\n"
			     "        locality:\n"
			     "          region: r\n"
			     "          zone: z\n"
			     "        network: net\n"
			     "      byName: true\n"
			     "      identities:\n"
			     "      - namespace: shop\n");
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_without_clusters_is_a_document),
		cmocka_unit_test(test_plan_of_a_cluster_with_nothing_is_its_name),
		cmocka_unit_test(test_plan_names_what_may_be_elsewhere_with_its_cluster),
		cmocka_unit_test(test_plan_shows_a_setting_with_its_owner_and_place),
		cmocka_unit_test(test_plan_of_an_import_has_all_its_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
