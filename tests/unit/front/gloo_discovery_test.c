/*
 * Gloo's own Mesh, Workload and Destination objects, alone and beside raw ones.
 */
#include "base/base.h"

#include "support/world.h"
#include "unit/front/dumps.h"

#define DISCOVERY "apiVersion: discovery.mesh.gloo.solo.io/v1\n"

#define MESH(cluster, more)                                                                        \
	DISCOVERY "kind: Mesh\nmetadata: {name: istiod-istio-system-" cluster                      \
		  ", namespace: gloo-mesh}\n"                                                      \
		  "spec:\n"                                                                        \
		  "  istio:\n" more                                                                \
		  "    installation: {namespace: istio-system, cluster: " cluster                  \
		  ", version: 1.29.3, podLabels: {istio: pilot}}\n---\n"

#define WORKLOAD                                                                                   \
	DISCOVERY "kind: Workload\nmetadata: {name: reviews-v1-bookinfo-c1-deployment, "           \
		  "namespace: gloo-mesh}\n"                                                        \
		  "spec:\n"                                                                        \
		  "  kubernetes:\n"                                                                \
		  "    controller: {name: reviews-v1, namespace: bookinfo, clusterName: c1}\n"     \
		  "    podLabels: {app: reviews, version: said}\n"                                 \
		  "    serviceAccountName: said-account\n"                                         \
		  "  mesh: {name: istiod-istio-system-c1, namespace: gloo-mesh}\n---\n"

#define DESTINATION                                                                                \
	DISCOVERY                                                                                  \
	"kind: Destination\nmetadata: {name: reviews-bookinfo-c1, namespace: gloo-mesh}\n"         \
	"spec:\n"                                                                                  \
	"  kubeService:\n"                                                                         \
	"    ref: {name: reviews, namespace: bookinfo, clusterName: c1}\n"                         \
	"    workloadSelectorLabels: {app: reviews}\n"                                             \
	"    labels: {app: reviews}\n"                                                             \
	"    ports:\n"                                                                             \
	"    - {port: 80, name: http, protocol: TCP, targetPortName: web}\n"                       \
	"    - {port: 81, name: grpc, protocol: TCP, targetPortNumber: 9081, nodePort: "           \
	"30081}\n"                                                                                 \
	"    endpointSubsets: [{endpoints: [{ipAddress: 10.1.2.3}], ports: [{name: http, "         \
	"port: 9999}]}]\n"                                                                         \
	"    externalAddresses: [{dnsName: b.example}, {ip: 192.0.2.4}]\n"                         \
	"    serviceType: LOAD_BALANCER\n"                                                         \
	"  mesh: {name: istiod-istio-system-c1, namespace: gloo-mesh}\n---\n"

#define SAID                                                                                       \
	MESH("c1", "    trustDomain: said.example\n    smartDnsProxyingEnabled: true\n")           \
	WORKLOAD DESTINATION

static const struct service *reviews(const struct world *w)
{
	const struct cluster *c = inventory_cluster(&w->snapshot.inventory, S("c1"));

	assert_non_null(c);
	return cluster_service(c, S("bookinfo"), S("reviews"));
}

static void build(struct world *w, const char *path, const char *text)
{
	world_setup(w);
	world_add(w, path, text);
	world_build(w);
}

static void test_gloos_objects_alone_are_an_inventory_wherever_they_lie(void **state)
{
	static const char *const places[] = { "inventory/c1/gloo.yaml", "inventory/gloo.yaml",
					      "inventory/mgmt/gloo.yaml", "mesh/gloo.yaml" };

	(void)state;
	for (uint32_t i = 0; i < countof(places); i++) {
		struct world w;
		const struct service *s;

		build(&w, places[i], SAID);
		fixture_assert_sound(&w.f);
		s = reviews(&w);
		assert_non_null(s);
		assert_true(str_eq(s->mesh->trust_domain, S("said.example")));
		assert_true(s->mesh->dns_proxying);
		assert_int_equal(s->type, SERVICE_LOAD_BALANCER);
		assert_int_equal(s->workloads.n, 1);
		assert_true(str_eq(s->workloads.at[0]->account, S("said-account")));
		assert_int_equal(s->workloads.at[0]->kind, WORKLOAD_DEPLOYMENT);
		assert_int_equal(s->addresses.n, 2);
		assert_true(str_eq(s->addresses.at[0], S("192.0.2.4")));
		assert_int_equal(s->ports.n, 2);
		assert_int_equal(s->ports.at[0].target, 9999);
		assert_int_equal(s->ports.at[1].target, 9081);
		assert_int_equal(s->ports.at[1].protocol, PROTOCOL_GRPC);
		world_teardown(&w);
	}
}

static void test_gloos_objects_win_and_raw_ones_fill_in_the_rest(void **state)
{
	struct world w;
	const struct service *s;

	(void)state;
	world_setup(&w);
	world_add(&w, "inventory/c1/all.yaml", CLUSTER_1);
	world_add(&w, "mesh/gloo.yaml", SAID);
	world_build(&w);
	fixture_assert_sound(&w.f);
	assert_int_equal(w.snapshot.inventory.n_meshes, 1);
	s = reviews(&w);
	assert_true(str_eq(s->mesh->trust_domain, S("said.example")));
	assert_true(str_eq(s->mesh->version, S("1.29.3")));
	assert_true(str_eq(s->mesh->region, S("eu")));
	assert_int_equal(s->workloads.n, 1);
	assert_true(str_eq(label_get(&s->workloads.at[0]->labels, S("version")), S("said")));
	/* the container's port is known from the Deployment, so the endpoints are not asked */
	assert_int_equal(s->ports.at[0].target, 9080);
	world_teardown(&w);
}

static void test_a_workload_is_in_the_mesh_that_gloo_says(void **state)
{
	struct world w;

	(void)state;
	world_setup(&w);
	world_add(&w, "inventory/c1/all.yaml", CLUSTER_1);
	world_add(&w, "mesh/gloo.yaml",
		  DISCOVERY
		  "kind: Mesh\nmetadata: {name: other, namespace: gloo-mesh}\n"
		  "spec: {istio: {installation: {namespace: other, cluster: c1, version: 1.30.0,\n"
		  "  podLabels: {istio.io/rev: canary}}}}\n---\n" DISCOVERY "kind: Workload\n"
		  "metadata: {name: reviews-v1-bookinfo-c1-deployment, namespace: gloo-mesh}\n"
		  "spec:\n"
		  "  kubernetes: {controller: {name: reviews-v1, namespace: bookinfo, clusterName: "
		  "c1}}\n"
		  "  mesh: {name: other, namespace: gloo-mesh}\n");
	world_build(&w);
	fixture_assert_sound(&w.f);
	assert_true(str_eq(reviews(&w)->mesh->name, S("other")));
	assert_true(str_eq(reviews(&w)->mesh->revision, S("canary")));
	assert_true(str_eq(reviews(&w)->workloads.at[0]->account, S("bookinfo-reviews")));
	world_teardown(&w);
}

static const struct {
	const char *name, *text;
	enum code code;
} wrong[] = {
	{ "a mesh that is not there", WORKLOAD, CODE_unknown_mesh },
	{ "a mesh of no cluster",
	  DISCOVERY "kind: Mesh\nmetadata: {name: x, namespace: gloo-mesh}\nspec: {istio: "
		    "{installation: {namespace: a}}}\n",
	  CODE_incomplete_reference },
	{ "a mesh of no namespace",
	  DISCOVERY "kind: Mesh\nmetadata: {name: x, namespace: gloo-mesh}\nspec: {istio: "
		    "{installation: {cluster: a}}}\n",
	  CODE_incomplete_reference },
	{ "a cluster that leaves the output", MESH("../x", ""), CODE_bad_name },
	{ "a service that leaves the output",
	  SAID DISCOVERY
	  "kind: Destination\nmetadata: {name: x, namespace: gloo-mesh}\n"
	  "spec: {kubeService: {ref: {name: ../x, namespace: a, clusterName: c1}}}\n",
	  CODE_bad_name },
	{ "a service without namespace",
	  SAID DISCOVERY "kind: Destination\nmetadata: {name: x, namespace: gloo-mesh}\n"
			 "spec: {kubeService: {ref: {name: x, clusterName: c1}}}\n",
	  CODE_incomplete_reference },
	{ "two objects about one service",
	  SAID DISCOVERY
	  "kind: Destination\nmetadata: {name: x, namespace: gloo-mesh}\n"
	  "spec: {kubeService: {ref: {name: reviews, namespace: bookinfo, clusterName: c1}}}\n",
	  CODE_duplicate_object },
	{ "an external service",
	  DISCOVERY "kind: Destination\nmetadata: {name: x, namespace: gloo-mesh}\nspec: "
		    "{externalService: {name: a}}\n",
	  CODE_not_implemented },
};

static void test_gloos_objects_are_checked_like_anybodys(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(wrong); i++) {
		struct world w;

		build(&w, "inventory/gloo.yaml", wrong[i].text);
		if (!fixture_has(&w.f, wrong[i].code))
			fail_msg("%s:\n%s", wrong[i].name, fixture_text(&w.f));
		world_teardown(&w);
	}
}

static void test_gloos_linkerd_is_a_mesh_with_its_release_and_domain(void **state)
{
	struct world w;
	const struct cluster *c;

	(void)state;
	build(&w, "inventory/gloo.yaml",
	      DISCOVERY
	      "kind: Mesh\nmetadata: {name: linkerd-c7, namespace: gloo-mesh}\n"
	      "spec: {linkerd: {clusterDomain: corp.example, installation: {namespace: linkerd, "
	      "cluster: c7, version: edge-26.6.3}}}\n");
	fixture_assert_sound(&w.f);
	c = inventory_cluster(&w.snapshot.inventory, S("c7"));
	assert_non_null(c);
	assert_int_equal(c->meshes.n, 1);
	assert_int_equal(c->meshes.at[0]->kind, MESH_LINKERD);
	assert_int_equal(c->meshes.at[0]->release.minor, 20);
	assert_true(str_eq(c->meshes.at[0]->trust_domain, S("corp.example")));
	assert_true(str_eq(c->meshes.at[0]->missing_config, S("linkerd-config")));
	assert_true(str_eq(c->domain, S("corp.example")));
	world_teardown(&w);
}

static void test_a_registered_cluster_has_its_domain(void **state)
{
	struct world w;
	const struct cluster *c;

	(void)state;
	build(&w, "mesh/a.yaml",
	      "apiVersion: multicluster.solo.io/v1alpha1\nkind: KubernetesCluster\n"
	      "metadata: {name: c7, namespace: gloo-mesh}\nspec: {clusterDomain: corp.example}\n");
	fixture_assert_sound(&w.f);
	c = inventory_cluster(&w.snapshot.inventory, S("c7"));
	assert_non_null(c);
	assert_true(str_eq(c->domain, S("corp.example")));
	world_teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gloos_objects_alone_are_an_inventory_wherever_they_lie),
		cmocka_unit_test(test_gloos_objects_win_and_raw_ones_fill_in_the_rest),
		cmocka_unit_test(test_a_workload_is_in_the_mesh_that_gloo_says),
		cmocka_unit_test(test_gloos_objects_are_checked_like_anybodys),
		cmocka_unit_test(test_gloos_linkerd_is_a_mesh_with_its_release_and_domain),
		cmocka_unit_test(test_a_registered_cluster_has_its_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
