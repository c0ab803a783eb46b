/* Linkerd as a dump shows it: its settings, whom it takes in, and what stands in its way. */
#include "base/base.h"

#include "support/world.h"

#define PLANE(image)                                                                               \
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: linkerd-destination, namespace: " \
	"linkerd}\nspec: {template: {metadata: {labels: {linkerd.io/control-plane-component: "     \
	"destination}}, spec: {containers: [{name: linkerd-proxy, image: p}, {name: destination, " \
	"image: \"" image "\"}]}}}\n---\n"

#define CONFIG(values)                                                                             \
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linkerd-config, namespace: linkerd}\n"  \
	"data:\n  values: |-\n" values "---\n"

#define ROOTS                                                                                      \
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: linkerd-identity-trust-roots, "         \
	"namespace: linkerd}\ndata:\n  ca-bundle.crt: |-\n"                                        \
	"    -----BEGIN CERTIFICATE-----\n    QUJD\n    REVG\n    -----END CERTIFICATE-----\n"     \
	"    # the older one\n"                                                                    \
	"    -----BEGIN CERTIFICATE-----\n    MTIz\n    -----END CERTIFICATE-----\n---\n"

#define SPACE(annotations)                                                                         \
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {" annotations       \
	"}}\n---\n"

#define WORKLOAD(annotations, pod)                                                                 \
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\n"          \
	"spec: {template: {metadata: {labels: {app: api}, annotations: {" annotations "}}, "       \
	"spec: {" pod "}}}\n---\n"

#define SERVICE(metadata, ports)                                                                   \
	"apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop" metadata "}\n"      \
	"spec: {selector: {app: api}, ports: [" ports "]}\n---\n"

#define LINKERD                                                                                    \
	PLANE("cr.l5d.io/linkerd/controller:edge-26.6.3")                                          \
	CONFIG("    clusterDomain: corp.local\n    identityTrustDomain: mesh.example\n    "        \
	       "proxy:\n      defaultInboundPolicy: deny\n      opaquePorts: \"25,4444-4446\"\n")
#define INJECTED SPACE("linkerd.io/inject: enabled")

static const struct cluster *build(struct world *w, const char *dump)
{
	world_setup(w);
	world_add(w, "inventory/c1/all.yaml", dump);
	world_build(w);
	return inventory_cluster(&w->snapshot.inventory, S("c1"));
}

#define assert_str(got, want) assert_string_equal(str_z(w.f.mem, (got)), (want))

static void test_settings_come_from_the_values_of_the_chart(void **state)
{
	struct world w;
	const struct cluster *c = build(&w, LINKERD ROOTS);
	const struct mesh *m;

	(void)state;
	fixture_assert_sound(&w.f);
	assert_int_equal(c->meshes.n, 1);
	m = c->meshes.at[0];
	assert_str(m->name, "linkerd-destination-linkerd-c1");
	assert_str(m->trust_domain, "mesh.example");
	assert_str(c->domain, "corp.local");
	assert_int_equal(m->release.major, 2);
	assert_int_equal(m->release.minor, 20);
	assert_true(m->denies);
	assert_str(m->opaque_ports, "25,4444-4446");
	assert_int_equal(m->trust_roots.n, 2);
	assert_str(m->trust_roots.at[0], "MTIz");
	assert_str(m->trust_roots.at[1], "QUJDREVG");
	assert_int_equal(m->missing_config.n, 0);
	world_teardown(&w);
}

static void test_without_its_config_a_mesh_has_the_defaults_and_says_so(void **state)
{
	struct world w;
	const struct cluster *c = build(&w, PLANE("cr.l5d.io/linkerd/controller:edge-26.6.3"));

	(void)state;
	fixture_assert_sound(&w.f);
	assert_str(c->meshes.at[0]->trust_domain, "cluster.local");
	assert_str(c->meshes.at[0]->missing_config, "linkerd-config");
	world_teardown(&w);
}

static void test_a_config_that_is_no_yaml_is_reported(void **state)
{
	struct world w;

	(void)state;
	build(&w, PLANE("cr.l5d.io/linkerd/controller:edge-26.6.3") CONFIG("    a: [\n"));
	assert_true(fixture_has(&w.f, CODE_mesh_config_invalid));
	world_teardown(&w);
}

static const struct {
	const char *name, *dump;
	bool in;
} injections[] = {
	{ "the namespace wants it", SPACE("linkerd.io/inject: enabled") WORKLOAD("", ""), true },
	{ "as an ingress", SPACE("linkerd.io/inject: ingress") WORKLOAD("", ""), true },
	{ "nobody wants it", SPACE("") WORKLOAD("", ""), false },
	{ "the pod alone wants it", SPACE("") WORKLOAD("linkerd.io/inject: enabled", ""), true },
	{ "the pod does not want it",
	  SPACE("linkerd.io/inject: enabled") WORKLOAD("linkerd.io/inject: disabled", ""), false },
	{ "the pod wants it against its namespace",
	  SPACE("linkerd.io/inject: disabled") WORKLOAD("linkerd.io/inject: enabled", ""), true },
	{ "a word that Linkerd does not know",
	  SPACE("linkerd.io/inject: \"yes\"") WORKLOAD("linkerd.io/inject: enabled", ""), false },
	{ "the network of the node",
	  SPACE("linkerd.io/inject: enabled") WORKLOAD("", "hostNetwork: true"), false },
	{ "a proxy is there already",
	  SPACE("") WORKLOAD("", "containers: [{name: linkerd-proxy, image: p}]"), true },
	{ "a proxy is there already, as a sidecar of the newer kind",
	  SPACE("") WORKLOAD("", "initContainers: [{name: linkerd-proxy, image: p}]"), true },
};

static void test_pods_are_taken_in_as_the_webhook_would(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(injections); i++) {
		struct world w;
		struct str dump;

		world_setup(&w);
		dump = str_format(w.f.mem, "%s%s", LINKERD, injections[i].dump);
		world_add(&w, "inventory/c1/all.yaml", dump.p);
		world_build(&w);
		if (w.snapshot.inventory.clusters[0].n_workloads != injections[i].in)
			fail_msg("%s", injections[i].name);
		world_teardown(&w);
	}
}

static const struct {
	const char *service, *space;
	enum port_protocol want;
} protocols[] = {
	{ SERVICE("", "{port: 80, name: tcp-x}"), INJECTED, PROTOCOL_AUTO },
	{ SERVICE("", "{port: 25}"), INJECTED, PROTOCOL_TCP },
	{ SERVICE("", "{port: 4445}"), INJECTED, PROTOCOL_TCP },
	{ SERVICE("", "{port: 4447}"), INJECTED, PROTOCOL_AUTO },
	{ SERVICE("", "{port: 25, appProtocol: http}"), INJECTED, PROTOCOL_HTTP },
	{ SERVICE("", "{port: 80, appProtocol: kubernetes.io/h2c}"), INJECTED, PROTOCOL_HTTP2 },
	{ SERVICE("", "{port: 80, appProtocol: linkerd.io/opaque}"), INJECTED, PROTOCOL_TCP },
	{ SERVICE("", "{port: 80, appProtocol: https}"), INJECTED, PROTOCOL_TCP },
	{ SERVICE("", "{port: 80, protocol: UDP}"), INJECTED, PROTOCOL_UDP },
	{ SERVICE(", annotations: {config.linkerd.io/opaque-ports: \"80\"}", "{port: 80}"),
	  INJECTED, PROTOCOL_TCP },
	{ SERVICE(", annotations: {config.linkerd.io/opaque-ports: \"81\"}", "{port: 25}"),
	  INJECTED, PROTOCOL_AUTO },
	{ SERVICE("", "{port: 80}"),
	  SPACE("linkerd.io/inject: enabled, config.linkerd.io/opaque-ports: \"80\""),
	  PROTOCOL_TCP },
};

static void test_what_a_port_speaks_does_not_stand_in_its_name(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(protocols); i++) {
		struct world w;
		const struct service *s;

		world_setup(&w);
		world_add(&w, "inventory/c1/all.yaml",
			  str_format(w.f.mem, "%s%s%s%s", LINKERD, protocols[i].space,
				     WORKLOAD("", ""), protocols[i].service)
				  .p);
		world_build(&w);
		s = cluster_service(&w.snapshot.inventory.clusters[0], S("shop"), S("api"));
		assert_non_null(s);
		if (s->ports.at[0].protocol != protocols[i].want)
			fail_msg("row %u: %d", i, (int)s->ports.at[0].protocol);
		world_teardown(&w);
	}
}

static void test_the_word_of_a_pod_beats_that_of_its_namespace_and_of_the_mesh(void **state)
{
	static const struct {
		const char *space, *pod;
		bool denies;
	} cases[] = {
		{ "", "", true },
		{ "config.linkerd.io/default-inbound-policy: all-authenticated", "", false },
		{ "config.linkerd.io/default-inbound-policy: all-authenticated",
		  "config.linkerd.io/default-inbound-policy: deny", true },
		{ "", "config.linkerd.io/default-inbound-policy: audit", false },
		{ "", "config.linkerd.io/default-inbound-policy: nonsense", true },
	};

	(void)state;
	for (uint32_t i = 0; i < countof(cases); i++) {
		struct world w;

		world_setup(&w);
		world_add(&w, "inventory/c1/all.yaml",
			  str_format(w.f.mem,
				     "%sapiVersion: v1\nkind: Namespace\nmetadata: {name: shop, "
				     "annotations: {linkerd.io/inject: enabled%s%s}}\n---\n"
				     "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, "
				     "namespace: shop}\nspec: {template: {metadata: {annotations: "
				     "{%s}}}}\n",
				     LINKERD, *cases[i].space ? ", " : "", cases[i].space,
				     cases[i].pod)
				  .p);
		world_build(&w);
		assert_int_equal(w.snapshot.inventory.clusters[0].n_workloads, 1);
		if (w.snapshot.inventory.clusters[0].workloads[0].denies != cases[i].denies)
			fail_msg("row %u", i);
		world_teardown(&w);
	}
}

static void test_probes_of_the_node_are_known_by_path_and_port(void **state)
{
	struct world w;
	const struct cluster *c = build(
		&w, LINKERD INJECTED WORKLOAD(
			    "", "containers: [{name: a, ports: [{name: web, containerPort: 8080}], "
				"livenessProbe: {httpGet: {path: /live?full=1, port: web}}, "
				"readinessProbe: {httpGet: {port: 8081}}, startupProbe: {httpGet: "
				"{path: /live, port: 8080}}}]"));

	(void)state;
	fixture_assert_sound(&w.f);
	assert_int_equal(c->workloads[0].probes.n, 2);
	assert_str(c->workloads[0].probes.at[0].path, "/live");
	assert_int_equal(c->workloads[0].probes.at[0].port, 8080);
	assert_str(c->workloads[0].probes.at[1].path, "/");
	assert_int_equal(c->workloads[0].probes.at[1].port, 8081);
	world_teardown(&w);
}

static void test_a_gateway_says_how_it_is_probed_and_who_mirrors_says_what(void **state)
{
	struct world w;
	const struct cluster *c = build(
		&w,
		LINKERD SPACE("linkerd.io/inject: enabled, config.linkerd.io/enable-gateway: x")
			WORKLOAD("config.linkerd.io/enable-gateway: \"true\"", "")
				SERVICE(", annotations: {mirror.linkerd.io/probe-path: /ready, "
					"mirror.linkerd.io/probe-period: \"3\"}",
					"{name: mc-gateway, port: 4143}, {name: mc-probe, port: "
					"4191}") "apiVersion: apps/v1\nkind: Deployment\nmetadata: "
						 "{name: controller-east, "
						 "namespace: linkerd-multicluster, labels: "
						 "{mirror.linkerd.io/cluster-name: "
						 "east}}\nspec: {template: {}}\n---\n"
						 "apiVersion: v1\nkind: Service\nmetadata: {name: "
						 "api-east, namespace: shop, "
						 "labels: {mirror.linkerd.io/mirrored-service: "
						 "\"true\"}}\nspec: {ports: [{port: "
						 "80}]}\n---\n"
						 "apiVersion: v1\nkind: Service\nmetadata: {name: "
						 "plain, namespace: shop}\nspec: "
						 "{ports: [{port: 80}]}\n");

	(void)state;
	fixture_assert_sound(&w.f);
	assert_int_equal(c->n_services, 1);
	assert_true(c->workloads[0].is_proxy);
	assert_int_equal(c->services[0].probe.port, 4191);
	assert_str(c->services[0].probe.path, "/ready");
	assert_str(c->services[0].probe.period, "3s");
	assert_int_equal(c->meshes.at[0]->mirrored.n, 1);
	assert_str(c->meshes.at[0]->mirrored.at[0], "east");
	assert_str(c->meshes.at[0]->mirror_space, "linkerd-multicluster");
	assert_true(cluster_has_plain_service(c, S("shop"), S("plain")));
	assert_false(cluster_has_plain_service(c, S("shop"), S("api-east")));
	world_teardown(&w);
}

static void test_objects_in_the_way_are_known_and_meshcs_own_are_not_in_the_way(void **state)
{
	struct world w;
	const struct cluster *c = build(
		&w, LINKERD
		"apiVersion: linkerd.io/v1alpha2\nkind: ServiceProfile\nmetadata: {name: "
		"api.shop.svc.cluster.local, namespace: shop}\nspec: {routes: []}\n---\n"
		"apiVersion: gateway.networking.k8s.io/v1beta1\nkind: HTTPRoute\nmetadata: {name: "
		"r, namespace: web}\nspec: {parentRefs: [{kind: Service, group: \"\", name: api, "
		"namespace: shop, port: 80}, {name: gw, kind: Gateway}]}\n---\n"
		"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: "
		"ours, namespace: web, labels: {app.kubernetes.io/managed-by: meshc}}\nspec: "
		"{parentRefs: [{kind: Service, name: api}]}\n---\n"
		"apiVersion: policy.linkerd.io/v1beta2\nkind: Server\nmetadata: {name: s, "
		"namespace: shop}\nspec: {port: http, podSelector: {matchLabels: {app: api}, "
		"matchExpressions: [{key: x, operator: Exists}]}}\n---\n"
		"apiVersion: multicluster.linkerd.io/v1alpha3\nkind: Link\nmetadata: {name: east, "
		"namespace: linkerd-multicluster}\n");

	(void)state;
	fixture_assert_sound(&w.f);
	assert_int_equal(c->n_foreign, 4);
	assert_int_equal(c->foreign[0].kind, FOREIGN_PROFILE);
	assert_str(c->foreign[0].name, "api.shop.svc.cluster.local");
	assert_int_equal(c->foreign[1].kind, FOREIGN_ROUTE);
	assert_str(c->foreign[1].service, "api");
	assert_str(c->foreign[1].service_space, "shop");
	assert_int_equal(c->foreign[1].port, 80);
	assert_int_equal(c->foreign[2].kind, FOREIGN_SERVER);
	assert_str(c->foreign[2].port_name, "http");
	assert_true(c->foreign[2].narrowed);
	assert_int_equal(c->foreign[3].kind, FOREIGN_LINK);
	world_teardown(&w);
}

static void test_definitions_of_a_dump_say_which_apis_are_served(void **state)
{
	struct world w;
	const struct cluster *c = build(
		&w, "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
		    "metadata: {name: httproutes.gateway.networking.k8s.io}\n"
		    "spec: {group: gateway.networking.k8s.io, names: {kind: HTTPRoute}, versions: "
		    "[{name: v1, served: true}, {name: v1alpha2, served: false}]}\n");

	(void)state;
	fixture_assert_sound(&w.f);
	assert_int_equal(c->served_apis.n, 1);
	assert_str(c->served_apis.at[0], "gateway.networking.k8s.io/v1");
	world_teardown(&w);
}

static void test_pods_that_two_meshes_want_go_to_the_first_and_are_reported(void **state)
{
	struct world w;
	const struct cluster *c = build(
		&w, LINKERD
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: "
		"istio-system}\nspec: {template: {spec: {containers: [{name: d, image: "
		"\"docker.io/istio/pilot:1.30.0\"}]}}}\n---\n"
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: "
		"istio-system}\n"
		"data: {mesh: \"a: b\"}\n---\n"
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: "
		"enabled}, annotations: {linkerd.io/inject: enabled}}\n---\n" WORKLOAD("", ""));

	(void)state;
	assert_int_equal(c->n_workloads, 1);
	assert_int_equal(c->workloads[0].mesh->kind, MESH_ISTIO);
	assert_int_equal(fixture_count(&w.f, CODE_two_meshes), 1);
	world_teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_come_from_the_values_of_the_chart),
		cmocka_unit_test(test_without_its_config_a_mesh_has_the_defaults_and_says_so),
		cmocka_unit_test(test_a_config_that_is_no_yaml_is_reported),
		cmocka_unit_test(test_pods_are_taken_in_as_the_webhook_would),
		cmocka_unit_test(test_what_a_port_speaks_does_not_stand_in_its_name),
		cmocka_unit_test(
			test_the_word_of_a_pod_beats_that_of_its_namespace_and_of_the_mesh),
		cmocka_unit_test(test_probes_of_the_node_are_known_by_path_and_port),
		cmocka_unit_test(test_a_gateway_says_how_it_is_probed_and_who_mirrors_says_what),
		cmocka_unit_test(
			test_objects_in_the_way_are_known_and_meshcs_own_are_not_in_the_way),
		cmocka_unit_test(test_definitions_of_a_dump_say_which_apis_are_served),
		cmocka_unit_test(test_pods_that_two_meshes_want_go_to_the_first_and_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
