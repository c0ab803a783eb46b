/*
 * Values: what ends up in the structs, with which span, and what the defaults are.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/decode.h"
#include "schema/model.gen.h"

#define HEAD(kind)                                                                                 \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: " kind                                 \
	"\nmetadata: {name: x, namespace: shop}\n"

static const void *decode_sound(struct fixture *f, const struct shape *shape, const char *text)
{
	bool sound = true;
	const void *out = decode(f->mem, &f->diags, shape, fixture_node(f, "a.yaml", text), &sound);

	fixture_assert_sound(f);
	assert_true(sound);
	return out;
}

static void assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("`%.*s`, not `%s`", STR(got), want);
}

/* What stands at the span in the file. */
static void assert_at(const struct fixture *f, struct span at, const char *want)
{
	assert_true(span_set(at));
	assert_text(str_slice(files_get(&f->files, at.file)->text, at.start, at.end), want);
}

static void test_decode_fills_a_traffic_policy_with_spans(void **state)
{
	static const char text[] = HEAD(
		"TrafficPolicy") "spec:\n"
				 "  destinationSelector:\n"
				 "  - kubeServiceRefs:\n"
				 "      services:\n"
				 "      - {name: reviews, namespace: books, clusterName: one}\n"
				 "  httpRequestMatchers:\n"
				 "  - uri: {prefix: /api, ignoreCase: true}\n"
				 "    headers: [{name: end-user, value: 'yes', invertMatch: "
				 "true}]\n"
				 "  policy:\n"
				 "    requestTimeout: 1.5s\n"
				 "    retries: {attempts: 3, perTryTimeout: 100ms}\n"
				 "    mtls: {istio: {tlsMode: SIMPLE}}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct traffic_policy *policy = decode_sound(&f, &shape_traffic_policy, text);
	const struct traffic_policy_spec *spec = policy->spec;
	const struct cluster_object_ref *ref =
		spec->destination_selector.item[0].kube_service_refs->services.item;
	const struct traffic_rules *rules = spec->policy;

	assert_text(policy->metadata->name.s, "x");
	assert_int_equal(spec->source_selector.n, 0);
	assert_false(given(spec->source_selector));
	assert_text(ref->cluster_name.s, "one");
	assert_at(&f, ref->cluster_name.at, "one");
	assert_at(&f, ref->at, "{name: reviews, namespace: books, clusterName: one}");
	assert_true(spec->http_request_matchers.item[0].uri->ignore_case.v);
	assert_true(given(spec->http_request_matchers.item[0].uri->prefix));
	assert_false(given(spec->http_request_matchers.item[0].uri->exact));
	assert_text(spec->http_request_matchers.item[0].headers.item[0].value.s, "yes");
	assert_int_equal(rules->request_timeout.v, 1500000000);
	assert_at(&f, rules->request_timeout.at, "1.5s");
	assert_int_equal(rules->retries->attempts.v, 3);
	assert_int_equal(rules->mtls->istio->tls_mode.v, TLS_MODE_SIMPLE);
	assert_null(rules->mirror);
	fixture_teardown(&f);
}

static void test_decode_fills_defaults_without_spans(void **state)
{
	static const char text[] =
		HEAD("TrafficPolicy") "spec: {policy: {outlierDetection: {}, faultInjection: "
				      "{fixedDelay: 2s}}}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct traffic_policy *policy = decode_sound(&f, &shape_traffic_policy, text);
	const struct outlier_detection *outlier = policy->spec->policy->outlier_detection;

	assert_int_equal(outlier->consecutive_errors.v, 5);
	assert_int_equal(outlier->interval.v, 10000000000);
	assert_int_equal(outlier->base_ejection_time.v, 30000000000);
	assert_int_equal(outlier->max_ejection_percent.v, 100);
	assert_false(given(outlier->interval));
	assert_at(&f, outlier->at, "{}");
	assert_int_equal(policy->spec->policy->fault_injection->percentage.v, 1000000);
	fixture_teardown(&f);
}

static void test_decode_gives_a_fleet_all_its_defaults(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct fleet *fleet = decode_sound(
		&f, &shape_fleet,
		"apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: shop}\n");

	assert_non_null(fleet->spec);
	assert_false(span_set(fleet->spec->at));
	assert_text(fleet->spec->inventory.s, "inventory");
	assert_text(fleet->spec->output.s, "rendered");
	assert_text(fleet->spec->gloo_namespace.s, "gloo-mesh");
	assert_int_equal(fleet->spec->mesh.n, 1);
	assert_text(fleet->spec->mesh.item[0].s, "mesh");
	assert_false(fleet->spec->allow_approximate.v);
	fixture_teardown(&f);
}

static void test_decode_sorts_maps_and_keeps_lists_in_order(void **state)
{
	static const char text[] = HEAD("AccessPolicy") "spec:\n"
							"  destinationSelector:\n"
							"  - kubeServiceMatcher: {labels: {b: '2', "
							"a: '1'}, namespaces: [z, w]}\n"
							"  allowedPorts: [443, 80]\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct access_policy *policy = decode_sound(&f, &shape_access_policy, text);
	const struct kube_service_matcher *matcher =
		policy->spec->destination_selector.item[0].kube_service_matcher;

	assert_int_equal(matcher->labels.n, 2);
	assert_text(matcher->labels.item[0].key.s, "a");
	assert_text(matcher->labels.item[0].value.s, "1");
	assert_at(&f, matcher->labels.item[1].key.at, "b");
	assert_text(matcher->namespaces.item[0].s, "z");
	assert_int_equal(policy->spec->allowed_ports.item[0].v, 443);
	assert_at(&f, policy->spec->allowed_ports.item[1].at, "80");
	fixture_teardown(&f);
}

static void test_decode_tells_absent_from_empty(void **state)
{
	static const char text[] =
		HEAD("VirtualMesh") "spec: {meshes: [{name: a}], federation: {selectors: [{}]}}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct virtual_mesh *mesh = decode_sound(&f, &shape_virtual_mesh, text);
	const struct federation *federation = mesh->spec->federation;

	assert_true(given(federation->selectors));
	assert_int_equal(federation->selectors.n, 1);
	assert_false(given(federation->selectors.item[0].meshes));
	assert_null(federation->permissive);
	assert_text(federation->hostname_suffix.s, "global");
	assert_int_equal(mesh->spec->global_access_policy.v, GLOBAL_ACCESS_POLICY_MESH_DEFAULT);
	fixture_teardown(&f);
}

static void test_decode_stores_an_older_spelling_where_the_newer_is(void **state)
{
	static const char text[] =
		HEAD("VirtualMesh") "spec:\n"
				    "  meshes: [{name: a}]\n"
				    "  federation:\n"
				    "    eastWestIngressGatewaySelectors: [{portName: tls-2}]\n"
				    "    permissive: {}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct virtual_mesh *mesh = decode_sound(&f, &shape_virtual_mesh, text);
	const struct finding *finding = fixture_finding(&f, CODE_deprecated_field);

	assert_text(mesh->spec->federation->ingress_gateway_selectors.item[0].port_name.s, "tls-2");
	assert_non_null(mesh->spec->federation->permissive);
	assert_non_null(finding);
	assert_at(&f, finding->fix_at, "eastWestIngressGatewaySelectors");
	assert_text(finding->fix_text, "ingressGatewaySelectors");
	fixture_teardown(&f);
}

static void test_decode_skips_what_only_a_live_cluster_knows(void **state)
{
	static const char text[] =
		"apiVersion: discovery.mesh.gloo.solo.io/v1\n"
		"kind: Destination\n"
		"metadata:\n"
		"  name: reviews-books-one\n"
		"  namespace: gloo-mesh\n"
		"  uid: 12\n"
		"  creationTimestamp: null\n"
		"  managedFields: [{a: b}]\n"
		"spec:\n"
		"  kubeService:\n"
		"    ref: {name: reviews, namespace: books, clusterName: one}\n"
		"    ports: [{port: 9080, name: http, protocol: TCP, targetPortNumber: 9080}]\n"
		"    subsets: {version: {values: [v1]}}\n"
		"    endpointSubsets: [{endpoints: [{ipAddress: 10.0.0.1}]}]\n"
		"    serviceType: LOAD_BALANCER\n"
		"  mesh: {name: istiod, namespace: gloo-mesh}\n"
		"status: {anything: [1]}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct discovered_destination *d =
		decode_sound(&f, &shape_discovered_destination, text);

	assert_int_equal(d->spec->kube_service->ports.item[0].port.v, 9080);
	assert_int_equal(d->spec->kube_service->service_type.v, SERVICE_TYPE_LOAD_BALANCER);
	assert_int_equal(d->spec->kube_service->endpoint_subsets->kind, NODE_SEQ);
	fixture_teardown(&f);
}

static void test_decode_takes_kubernetes_objects_as_they_are(void **state)
{
	static const char text[] =
		"apiVersion: v1\n"
		"kind: Service\n"
		"metadata: {name: reviews, namespace: books, labels: {version: 1, empty: null}, "
		"uid: x}\n"
		"spec:\n"
		"  clusterIP: None\n"
		"  externalIPs: [1.2.3.4]\n"
		"  selector: null\n"
		"  sessionAffinity: None\n"
		"  type: yes\n"
		"  ports: [{name: http, port: 80, targetPort: web, nodePort: null}]\n"
		"status: {loadBalancer: {ingress: [{ip: 9.9.9.9}]}}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct k8s_service *service = decode_sound(&f, &shape_k8s_service, text);

	assert_int_equal(service->metadata->labels.n, 1);
	assert_text(service->metadata->labels.item[0].value.s, "1");
	assert_text(service->spec->cluster_ip.s, "None");
	assert_text(service->spec->external_ips.item[0].s, "1.2.3.4");
	assert_text(service->spec->type.s, "yes");
	assert_false(given(service->spec->selector));
	assert_false(given(service->spec->ports.item[0].node_port));
	assert_text(service->spec->ports.item[0].target_port->u.text, "web");
	assert_text(service->status->load_balancer->ingress.item[0].ip.s, "9.9.9.9");
	fixture_teardown(&f);
}

static void test_decode_reads_the_containers_of_a_workload(void **state)
{
	static const char text[] =
		"apiVersion: apps/v1\n"
		"kind: Deployment\n"
		"metadata: {name: reviews, namespace: books}\n"
		"spec:\n"
		"  replicas: 2\n"
		"  selector: {matchLabels: {app: reviews}}\n"
		"  template:\n"
		"    metadata: {labels: {app: reviews}, creationTimestamp: null}\n"
		"    spec:\n"
		"      serviceAccountName: reviews\n"
		"      hostNetwork: true\n"
		"      containers: [{name: a, image: 'a:1', ports: [{name: web, containerPort: "
		"80}]}]\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct k8s_workload *workload = decode_sound(&f, &shape_k8s_workload, text);
	const struct k8s_pod_spec *pod = workload->spec->template->spec;

	assert_text(pod->service_account_name.s, "reviews");
	assert_true(pod->host_network.v);
	assert_int_equal(pod->containers.item[0].ports.item[0].container_port.v, 80);
	fixture_teardown(&f);
}

static void test_decode_takes_a_later_field_that_says_nothing(void **state)
{
	static const char text[] = HEAD(
		"VirtualMesh") "spec: {meshes: [{name: a}], federation: {flatNetwork: false}}\n";
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	decode_sound(&f, &shape_virtual_mesh, text);
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_fills_a_traffic_policy_with_spans),
		cmocka_unit_test(test_decode_fills_defaults_without_spans),
		cmocka_unit_test(test_decode_gives_a_fleet_all_its_defaults),
		cmocka_unit_test(test_decode_sorts_maps_and_keeps_lists_in_order),
		cmocka_unit_test(test_decode_tells_absent_from_empty),
		cmocka_unit_test(test_decode_stores_an_older_spelling_where_the_newer_is),
		cmocka_unit_test(test_decode_skips_what_only_a_live_cluster_knows),
		cmocka_unit_test(test_decode_takes_kubernetes_objects_as_they_are),
		cmocka_unit_test(test_decode_reads_the_containers_of_a_workload),
		cmocka_unit_test(test_decode_takes_a_later_field_that_says_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
