/*
 * From a dump of raw objects to the inventory.
 */
#include "base/base.h"

#include "front/local.h"
#include "support/world.h"
#include "unit/front/dumps.h"

static void build(struct world *w, const char *one, const char *two)
{
	world_setup(w);
	world_add(w, "inventory/c1/all.yaml", one);
	if (two)
		world_add(w, "inventory/c2/all.yaml", two);
	world_build(w);
}

static const struct cluster *cluster_named(struct world *w, const char *name)
{
	const struct cluster *c = inventory_cluster(&w->snapshot.inventory, str_of(name));

	assert_non_null(c);
	return c;
}

static const struct service *service_named(struct world *w, const char *cluster, const char *space,
					   const char *name)
{
	const struct service *s =
		cluster_service(cluster_named(w, cluster), str_of(space), str_of(name));

	if (!s)
		fail_msg("no service %s.%s.%s\n%s", name, space, cluster, fixture_text(&w->f));
	return s;
}

#define assert_str(got, want)                                                                      \
	do {                                                                                       \
		struct str got_ = (got), want_ = str_of(want);                                     \
		if (!str_eq(got_, want_))                                                          \
			fail_msg("`%.*s`, not `%.*s`", STR(got_), STR(want_));                     \
	} while (0)

static void test_meshes_are_found_named_and_configured(void **state)
{
	struct world w;
	const struct mesh *one, *two;

	(void)state;
	build(&w, CLUSTER_1, CLUSTER_2);
	fixture_assert_sound(&w.f);
	assert_int_equal(w.snapshot.inventory.n_meshes, 2);
	one = inventory_mesh(&w.snapshot.inventory, S("istiod-istio-system-c1"), S("gloo-mesh"));
	two = inventory_mesh(&w.snapshot.inventory, S("istiod-istio-system-c2"), S("gloo-mesh"));
	assert_non_null(one);
	assert_non_null(two);
	assert_str(one->trust_domain, "one.example");
	assert_str(one->root_space, "istio-system");
	assert_str(one->version, "1.29.0");
	assert_str(one->region, "eu");
	assert_true(one->dns_proxying);
	assert_str(two->trust_domain, "cluster.local");
	assert_str(two->root_space, "istio-config");
	assert_str(two->version, "1.29.1-distroless");
	assert_false(two->dns_proxying);
	assert_ptr_equal(two->cluster, cluster_named(&w, "c2"));
	assert_ptr_equal(cluster_named(&w, "c2")->meshes.at[0], two);
	world_teardown(&w);
}

static void test_services_in_the_mesh_know_what_is_behind_them(void **state)
{
	struct world w;
	const struct service *s;

	(void)state;
	build(&w, CLUSTER_1, CLUSTER_2);
	s = service_named(&w, "c1", "bookinfo", "reviews");
	assert_str(s->discovered_name, "reviews-bookinfo-c1");
	assert_int_equal(s->workloads.n, 1);
	assert_str(s->workloads.at[0]->account, "bookinfo-reviews");
	assert_str(label_get(&s->workloads.at[0]->labels, S("version")), "v1");
	assert_int_equal(s->ports.n, 1);
	assert_int_equal(s->ports.at[0].target, 9080);
	assert_int_equal(s->ports.at[0].protocol, PROTOCOL_HTTP);
	assert_ptr_equal(s->mesh, s->workloads.at[0]->mesh);
	assert_non_null(cluster_account(s->cluster, S("bookinfo"), S("bookinfo-reviews")));
	assert_true(cluster_has_namespace(s->cluster, S("bookinfo")));
	assert_true(cluster_has_namespace(s->cluster, S("istio-system")));
	world_teardown(&w);
}

static void test_a_load_balancer_is_reached_at_all_its_addresses_in_byte_order(void **state)
{
	struct world w;
	const struct service *s;

	(void)state;
	build(&w, CLUSTER_1, NULL);
	s = service_named(&w, "c1", "istio-system", "istio-ingressgateway");
	assert_int_equal(s->type, SERVICE_LOAD_BALANCER);
	assert_int_equal(s->addresses.n, 3);
	assert_str(s->addresses.at[0], "192.0.2.1");
	assert_str(s->addresses.at[1], "203.0.113.7");
	assert_str(s->addresses.at[2], "lb.example.com");
	assert_int_equal(s->ports.at[0].node_port, 30443);
	world_teardown(&w);
}

static void test_a_node_port_is_reached_at_the_external_addresses_of_nodes(void **state)
{
	struct world w;
	const struct service *s;

	(void)state;
	build(&w,
	      CLUSTER_1 "apiVersion: v1\nkind: Service\nmetadata: {name: np, namespace: bookinfo}\n"
			"spec: {type: NodePort, selector: {app: reviews}, ports: [{port: 80, "
			"nodePort: 30080}]}\n",
	      NULL);
	s = service_named(&w, "c1", "bookinfo", "np");
	assert_int_equal(s->addresses.n, 1);
	assert_str(s->addresses.at[0], "198.51.100.9");
	assert_int_equal(s->ports.at[0].target, 80);
	world_teardown(&w);
}

static void test_services_without_workloads_of_a_mesh_are_left_out_unless_annotated(void **state)
{
	struct world w;
	const struct cluster *c;

	(void)state;
	build(&w,
	      CLUSTER_1
	      "apiVersion: v1\nkind: Service\nmetadata: {name: plain, namespace: bookinfo}\n"
	      "spec: {selector: {app: nobody}, ports: [{port: 80}]}\n---\n"
	      "apiVersion: v1\nkind: Service\nmetadata: {name: bare, namespace: bookinfo}\nspec: "
	      "{ports: [{port: 80}]}\n---\n"
	      "apiVersion: v1\nkind: Service\n"
	      "metadata: {name: said, namespace: bookinfo, annotations: "
	      "{discovery.mesh.gloo.solo.io/enabled: \"true\"}}\n"
	      "spec: {clusterIP: None, ports: [{port: 80}]}\n",
	      NULL);
	c = cluster_named(&w, "c1");
	assert_null(cluster_service(c, S("bookinfo"), S("plain")));
	assert_null(cluster_service(c, S("bookinfo"), S("bare")));
	assert_non_null(cluster_service(c, S("bookinfo"), S("said")));
	assert_true(cluster_service(c, S("bookinfo"), S("said"))->headless);
	world_teardown(&w);
}

#define REVISION(rev)                                                                              \
	"apiVersion: apps/v1\nkind: Deployment\n"                                                  \
	"metadata: {name: istiod-" rev ", namespace: istio-system, labels: {istio.io/rev: " rev    \
	"}}\n"                                                                                     \
	"spec: {template: {spec: {containers: [{name: d, image: "                                  \
	"\"istio/pilot:1.30.0\"}]}}}\n---\n"                                                       \
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-" rev                             \
	", namespace: istio-system}\n"                                                             \
	"data: {mesh: \"trustDomain: " rev ".example\"}\n---\n"

#define NAMESPACE_OF(rev)                                                                          \
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: bookinfo, labels: {istio.io/rev: " rev  \
	"}}\n---\n"

static void test_a_workload_belongs_to_the_mesh_of_its_revision(void **state)
{
	struct world w;

	(void)state;
	build(&w,
	      ISTIOD("1.29.0") MESH_CONFIG("    trustDomain: x\n") REVISION("canary")
		      NAMESPACE_OF("canary") REVIEWS,
	      NULL);
	fixture_assert_sound(&w.f);
	assert_str(service_named(&w, "c1", "bookinfo", "reviews")->mesh->name,
		   "istiod-canary-istio-system-c1");
	assert_str(service_named(&w, "c1", "bookinfo", "reviews")->mesh->trust_domain,
		   "canary.example");
	world_teardown(&w);
}

static void test_a_tag_means_the_only_control_plane(void **state)
{
	struct world w;

	(void)state;
	build(&w, REVISION("canary") NAMESPACE_OF("prod-stable") REVIEWS, NULL);
	fixture_assert_sound(&w.f);
	assert_str(service_named(&w, "c1", "bookinfo", "reviews")->mesh->revision, "canary");
	world_teardown(&w);
}

static void test_a_tag_that_could_mean_two_control_planes_is_a_finding(void **state)
{
	struct world w;

	(void)state;
	build(&w, REVISION("a") REVISION("b") NAMESPACE_OF("prod-stable") REVIEWS, NULL);
	assert_true(fixture_has(&w.f, CODE_unknown_revision));
	assert_int_equal(cluster_named(&w, "c1")->n_workloads, 0);
	world_teardown(&w);
}

static const struct {
	const char *name, *dump;
	enum code code;
} wrong[] = {
	{ "no ConfigMap", ISTIOD("1.29.0") INJECTED("bookinfo"), CODE_mesh_config_missing },
	{ "no key mesh",
	  ISTIOD("1.29.0") "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: "
			   "istio-system}\ndata: {}\n",
	  CODE_mesh_config_invalid },
	{ "mesh config is no YAML", ISTIOD("1.29.0") MESH_CONFIG("    a: [\n"),
	  CODE_mesh_config_invalid },
	{ "mesh config is a list", ISTIOD("1.29.0") MESH_CONFIG("    - a\n"),
	  CODE_mesh_config_invalid },
	{ "trust domain with a slash", ISTIOD("1.29.0") MESH_CONFIG("    trustDomain: a/b\n"),
	  CODE_mesh_config_invalid },
	{ "trust domain with a space", ISTIOD("1.29.0") MESH_CONFIG("    trustDomain: a b\n"),
	  CODE_mesh_config_invalid },
	{ "names that meet",
	  CLUSTER_1 INJECTED("b-c") INJECTED(
		  "c") "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: "
		       "b-c}\n"
		       "spec: {template: {metadata: {labels: {app: a}}}}\n---\n"
		       "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: c}\n"
		       "spec: {template: {metadata: {labels: {app: a}}}}\n---\n"
		       "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b-c}\nspec: "
		       "{selector: {app: a}}\n---\n"
		       "apiVersion: v1\nkind: Service\nmetadata: {name: a-b, namespace: c}\nspec: "
		       "{selector: {app: a}}\n",
	  CODE_discovered_name_taken },
	{ "a Cluster of another name",
	  CLUSTER_1 "apiVersion: meshc.dev/v1alpha1\nkind: Cluster\nmetadata: {name: other}\n",
	  CODE_cluster_name_differs },
	{ "a gateway that is not there",
	  CLUSTER_1 "apiVersion: meshc.dev/v1alpha1\nkind: Cluster\nmetadata: {name: c1}\n"
		    "spec: {gateways: [{service: {name: nope, namespace: istio-system}, addresses: "
		    "[192.0.2.9]}]}\n",
	  CODE_unknown_service },
};

static void test_what_is_wrong_with_a_control_plane_is_said(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(wrong); i++) {
		struct world w;

		build(&w, wrong[i].dump, NULL);
		if (!fixture_has(&w.f, wrong[i].code))
			fail_msg("%s:\n%s", wrong[i].name, fixture_text(&w.f));
		world_teardown(&w);
	}
}

static void test_settings_of_the_cluster_correct_what_was_found(void **state)
{
	struct world w;
	const struct cluster *c;
	const struct mesh *m;
	const struct service *gateway;

	(void)state;
	build(&w,
	      ISTIOD("latest") INJECTED("bookinfo") REVIEWS GATEWAY
	      "apiVersion: meshc.dev/v1alpha1\nkind: Cluster\nmetadata: {name: c1}\n"
	      "spec:\n"
	      "  clusterDomain: corp.local\n"
	      "  network: net-1\n"
	      "  region: eu\n"
	      "  zone: eu-a\n"
	      "  labels: {tier: prod}\n"
	      "  servedApis: [security.istio.io/v1, networking.istio.io/v1]\n"
	      "  meshes: [{name: istiod, version: 1.31.0, trustDomain: said.example, dnsProxying: "
	      "true}]\n"
	      "  gateways: [{service: {name: istio-ingressgateway, namespace: istio-system}, "
	      "addresses: [gw.example.com],\n"
	      "              port: 443, containerPort: 8443}]\n",
	      NULL);
	fixture_assert_sound(&w.f);
	c = cluster_named(&w, "c1");
	m = c->meshes.at[0];
	gateway = service_named(&w, "c1", "istio-system", "istio-ingressgateway");
	assert_str(c->domain, "corp.local");
	assert_str(c->network, "net-1");
	assert_str(c->locality.zone, "eu-a");
	assert_str(label_get(&c->labels, S("tier")), "prod");
	assert_int_equal(c->served_apis.n, 2);
	assert_str(c->served_apis.at[0], "networking.istio.io/v1");
	assert_str(m->version, "1.31.0");
	assert_str(m->trust_domain, "said.example");
	assert_true(m->dns_proxying);
	assert_int_equal(gateway->addresses.n, 1);
	assert_str(gateway->addresses.at[0], "gw.example.com");
	assert_int_equal(gateway->gateway_port, 443);
	assert_int_equal(gateway->gateway_container_port, 8443);
	world_teardown(&w);
}

#define PLANE(name, image)                                                                         \
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " name ", namespace: plane}\n"    \
	"spec: {template: {spec: {containers: [{name: c, image: \"" image "\"}]}}}\n---\n"

/* A namespace and a pod that the mesh takes in. */
#define TAKEN(space, pod)                                                                          \
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: bookinfo" space "}\n---\n"              \
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w, namespace: bookinfo}\n"        \
	"spec: {template: {metadata: {labels: {app: w" pod "}}}\n---\n"

static const struct {
	const char *dump;
	enum mesh_kind kind;
} planes[] = {
	{ PLANE("linkerd-destination", "ghcr.io/buoyantio/controller:enterprise-2.19.0")
		  TAKEN(", annotations: {linkerd.io/inject: enabled}", "}"),
	  MESH_LINKERD },
	{ PLANE("kuma-control-plane", "docker.io/kumahq/kuma-cp:2.14.3")
		  TAKEN(", labels: {kuma.io/sidecar-injection: enabled}", "}"),
	  MESH_KUMA },
	{ PLANE("consul-connect-injector", "hashicorp/consul-k8s-control-plane:2.0.3")
		  TAKEN("", "}, annotations: {consul.hashicorp.com/connect-inject: \"true\"}"),
	  MESH_CONSUL },
	{ PLANE("osm-controller", "openservicemesh/osm-controller:v1.2.4")
		  TAKEN(", annotations: {openservicemesh.io/sidecar-injection: enabled}", "}"),
	  MESH_OSM },
	{ PLANE("appmesh-controller", "amazon/appmesh-controller:v1.13.1")
		  TAKEN(", labels: {appmesh.k8s.aws/sidecarInjectorWebhook: enabled}", "}"),
	  MESH_APP_MESH },
};

static void test_control_planes_are_known_by_kind_and_so_are_their_workloads(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(planes); i++) {
		struct world w;
		const struct cluster *c;

		build(&w, planes[i].dump, NULL);
		fixture_assert_sound(&w.f);
		c = cluster_named(&w, "c1");
		assert_int_equal(c->meshes.n, 1);
		assert_int_equal(c->meshes.at[0]->kind, planes[i].kind);
		assert_int_equal(c->n_workloads, 1);
		assert_ptr_equal(c->workloads[0].mesh, c->meshes.at[0]);
		world_teardown(&w);
	}
}

/* Cilium has no proxy beside the pod; a Service says that it is global. */
static void test_a_global_service_is_in_the_cluster_mesh(void **state)
{
	struct world w;
	const struct cluster *c;

	(void)state;
	build(&w,
	      PLANE("clustermesh-apiserver",
		    "quay.io/cilium/clustermesh-apiserver:v1.20.0") "apiVersion: v1\nkind: "
								    "Service\nmetadata: {name: s, "
								    "namespace: n, annotations: "
								    "{service.cilium.io/global: "
								    "\"true\"}}\nspec: {ports: "
								    "[{port: 80}]}\n",
	      NULL);
	fixture_assert_sound(&w.f);
	c = cluster_named(&w, "c1");
	assert_int_equal(c->n_services, 1);
	assert_int_equal(c->services[0].mesh->kind, MESH_CILIUM);
	world_teardown(&w);
}

static const struct {
	uint32_t number;
	const char *name, *protocol, *app;
	enum port_protocol want;
} ports[] = {
	{ 80, "http", "TCP", "", PROTOCOL_HTTP },
	{ 80, "HTTP-x", "TCP", "", PROTOCOL_HTTP },
	{ 80, "http2-x", "", "", PROTOCOL_HTTP2 },
	{ 80, "grpc-web-x", "", "", PROTOCOL_GRPC_WEB },
	{ 80, "grpc-webber", "", "", PROTOCOL_GRPC_WEB },
	{ 80, "grpc-x", "", "", PROTOCOL_GRPC },
	{ 80, "web", "TCP", "", PROTOCOL_AUTO },
	{ 80, "", "TCP", "", PROTOCOL_AUTO },
	{ 3306, "db", "TCP", "", PROTOCOL_TCP },
	{ 3306, "http", "TCP", "", PROTOCOL_HTTP },
	{ 53, "dns", "UDP", "http", PROTOCOL_UDP },
	{ 80, "http", "TCP", "tcp", PROTOCOL_TCP },
	{ 80, "tcp", "TCP", "kubernetes.io/h2c", PROTOCOL_HTTP2 },
	{ 80, "kubernetes.io/h2c", "TCP", "", PROTOCOL_AUTO },
	{ 80, "mysql-main", "", "", PROTOCOL_MYSQL },
	{ 80, "tls", "", "", PROTOCOL_TLS },
};

static void test_ports_speak_what_istio_would_say(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(ports); i++) {
		enum port_protocol got =
			protocol_of(ports[i].number, str_of(ports[i].name),
				    str_of(ports[i].protocol), str_of(ports[i].app));

		if (got != ports[i].want)
			fail_msg("%s/%s: %d, not %d", ports[i].name, ports[i].app, (int)got,
				 (int)ports[i].want);
	}
}

/* Whatever a dump leaves empty must not be taken for something. */
static void test_objects_that_say_almost_nothing_are_read(void **state)
{
	static const char *const dumps[] = {
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod}\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod}\nspec: null\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod}\n"
		"spec: {template: {metadata: null, spec: {containers: [{image: null}, {}]}}}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: null}\nspec: null\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{}], selector: "
		"{}}\n",
		"apiVersion: v1\nkind: Node\nmetadata: {name: n}\nstatus: {addresses: [{}]}\n",
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: n, labels: null}\n",
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata: null\n",
	};

	(void)state;
	for (uint32_t i = 0; i < countof(dumps); i++) {
		struct world w;

		build(&w, dumps[i], NULL);
		fixture_assert_sound(&w.f);
		assert_int_equal(w.snapshot.inventory.n_meshes, 0);
		world_teardown(&w);
	}
}

static void test_an_empty_inventory_is_an_error(void **state)
{
	struct world w;

	(void)state;
	world_setup(&w);
	world_build(&w);
	assert_true(fixture_has(&w.f, CODE_no_clusters));
	world_teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meshes_are_found_named_and_configured),
		cmocka_unit_test(test_services_in_the_mesh_know_what_is_behind_them),
		cmocka_unit_test(
			test_a_load_balancer_is_reached_at_all_its_addresses_in_byte_order),
		cmocka_unit_test(test_a_node_port_is_reached_at_the_external_addresses_of_nodes),
		cmocka_unit_test(
			test_services_without_workloads_of_a_mesh_are_left_out_unless_annotated),
		cmocka_unit_test(test_a_workload_belongs_to_the_mesh_of_its_revision),
		cmocka_unit_test(test_a_tag_means_the_only_control_plane),
		cmocka_unit_test(test_a_tag_that_could_mean_two_control_planes_is_a_finding),
		cmocka_unit_test(test_what_is_wrong_with_a_control_plane_is_said),
		cmocka_unit_test(test_settings_of_the_cluster_correct_what_was_found),
		cmocka_unit_test(test_control_planes_are_known_by_kind_and_so_are_their_workloads),
		cmocka_unit_test(test_a_global_service_is_in_the_cluster_mesh),
		cmocka_unit_test(test_ports_speak_what_istio_would_say),
		cmocka_unit_test(test_objects_that_say_almost_nothing_are_read),
		cmocka_unit_test(test_an_empty_inventory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
