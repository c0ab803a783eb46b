/*
 * References of declarations: each accepted where it leads somewhere, refused
 * where it does not.
 */
#include "base/base.h"

#include "support/world.h"
#include "unit/front/dumps.h"

enum { SOUND = CODE_MAX };

struct row {
	const char *name, *spec;
	int code;
};

#define GLOO "apiVersion: networking.mesh.gloo.solo.io/v1\n"
#define REF(name, space, cluster) "{name: " name ", namespace: " space ", clusterName: " cluster "}"
#define DESTINATION(selector)                                                                      \
	"  destinationSelector: [" selector "]\n  policy: {requestTimeout: 5s}\n"

/* clang-format off */
static const struct row traffic[] = {
	{ "no selector", "  policy: {requestTimeout: 5s}\n", SOUND },
	{ "a service by name", DESTINATION("{kubeServiceRefs: {services: [" REF("reviews", "bookinfo", "c1") "]}}"), SOUND },
	{ "an unknown service", DESTINATION("{kubeServiceRefs: {services: [" REF("revews", "bookinfo", "c1") "]}}"), CODE_unknown_service },
	{ "a service of another namespace", DESTINATION("{kubeServiceRefs: {services: [" REF("reviews", "other", "c1") "]}}"), CODE_unknown_service },
	{ "a service of an unknown cluster", DESTINATION("{kubeServiceRefs: {services: [" REF("reviews", "bookinfo", "c9") "]}}"), CODE_unknown_cluster },
	{ "a service without cluster", DESTINATION("{kubeServiceRefs: {services: [{name: reviews, namespace: bookinfo}]}}"), CODE_incomplete_reference },
	{ "a service without name", DESTINATION("{kubeServiceRefs: {services: [{namespace: bookinfo, clusterName: c1}]}}"), CODE_incomplete_reference },
	{ "a service that is in no mesh", DESTINATION("{kubeServiceRefs: {services: [" REF("plain", "bookinfo", "c1") "]}}"), CODE_unknown_service },
	{ "an empty selector", DESTINATION("{}"), CODE_empty_selector },
	{ "an empty matcher", DESTINATION("{kubeServiceMatcher: {}}"), SOUND },
	{ "a list of no references", DESTINATION("{kubeServiceRefs: {services: []}}"), CODE_selects_nothing },
	{ "labels that a service has", DESTINATION("{kubeServiceMatcher: {labels: {app: reviews}}}"), SOUND },
	{ "labels that none has", DESTINATION("{kubeServiceMatcher: {labels: {app: nobody}}}"), CODE_selects_nothing },
	{ "an unknown cluster", DESTINATION("{kubeServiceMatcher: {clusters: [c1, c9]}}"), CODE_unknown_cluster },
	{ "an unknown namespace", DESTINATION("{kubeServiceMatcher: {namespaces: [bookinf]}}"), CODE_unknown_namespace },
	{ "a namespace of the other cluster", DESTINATION("{kubeServiceMatcher: {namespaces: [bookinfo], clusters: [c2]}}"), SOUND },
	{ "a workload selector", "  sourceSelector: [{kubeWorkloadMatcher: {labels: {app: reviews}}}]\n" DESTINATION("{kubeServiceMatcher: {}}"), SOUND },
	{ "an empty workload selector", "  sourceSelector: [{}]\n  policy: {requestTimeout: 5s}\n", CODE_empty_selector },
	{ "a workload selector for nobody", "  sourceSelector: [{kubeWorkloadMatcher: {labels: {app: x}}}]\n  policy: {requestTimeout: 5s}\n", CODE_selects_nothing },
	{ "workloads of an unknown cluster", "  sourceSelector: [{kubeWorkloadMatcher: {clusters: [c9]}}]\n  policy: {requestTimeout: 5s}\n", CODE_unknown_cluster },
	{ "a shift", "  policy: {trafficShift: {destinations: [{weight: 100, kubeService: " REF("reviews", "bookinfo", "c2") "}]}}\n", SOUND },
	{ "a shift to nowhere", "  policy: {trafficShift: {destinations: [{weight: 100, kubeService: " REF("x", "bookinfo", "c2") "}]}}\n", CODE_unknown_service },
	{ "a mirror", "  policy: {mirror: {kubeService: " REF("reviews", "bookinfo", "c2") "}}\n", SOUND },
	{ "a mirror to nowhere", "  policy: {mirror: {kubeService: " REF("reviews", "bookinfo", "c3") "}}\n", CODE_unknown_cluster },
};

static const struct row access_rows[] = {
	{ "nobody in particular", "  destinationSelector: [{kubeServiceMatcher: {}}]\n", SOUND },
	{ "an account", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [" REF("bookinfo-reviews", "bookinfo", "c1") "]}}]\n", SOUND },
	{ "an account of any cluster", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [{name: bookinfo-reviews, namespace: bookinfo}]}}]\n", SOUND },
	{ "every account of a namespace", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [{namespace: bookinfo}]}}]\n", SOUND },
	{ "the account that every namespace has", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [" REF("default", "bookinfo", "c2") "]}}]\n", SOUND },
	{ "an unknown account", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [" REF("nobody", "bookinfo", "c1") "]}}]\n", CODE_unknown_service_account },
	{ "an account of everywhere", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [{name: x}]}}]\n", CODE_incomplete_reference },
	{ "an account of an unknown cluster", "  sourceSelector: [{kubeServiceAccountRefs: {serviceAccounts: [" REF("x", "bookinfo", "c9") "]}}]\n", CODE_unknown_cluster },
	{ "identities of a namespace", "  sourceSelector: [{kubeIdentityMatcher: {namespaces: [bookinfo]}}]\n", SOUND },
	{ "identities of an unknown namespace", "  sourceSelector: [{kubeIdentityMatcher: {namespaces: [x]}}]\n", CODE_unknown_namespace },
	{ "identities of an unknown cluster", "  sourceSelector: [{kubeIdentityMatcher: {clusters: [c9]}}]\n", CODE_unknown_cluster },
	{ "any identity", "  sourceSelector: [{kubeIdentityMatcher: {}}]\n", SOUND },
	{ "an empty identity selector", "  sourceSelector: [{}]\n", CODE_empty_selector },
	{ "a namespace that only another cluster has", "  sourceSelector: [{kubeIdentityMatcher: {namespaces: [only-c1], clusters: [c2]}}]\n", CODE_selects_nothing },
};

#define MESHES "  meshes: [{name: istiod-istio-system-c1, namespace: gloo-mesh}]\n"

static const struct row virtual_meshes[] = {
	{ "a mesh", MESHES, SOUND },
	{ "an unknown mesh", "  meshes: [{name: istiod-istio-system-c9, namespace: gloo-mesh}]\n", CODE_unknown_mesh },
	{ "a mesh of another namespace", "  meshes: [{name: istiod-istio-system-c1, namespace: other}]\n", CODE_unknown_mesh },
	{ "a mesh without namespace", "  meshes: [{name: istiod-istio-system-c1}]\n", CODE_incomplete_reference },
	{ "everything federated", MESHES "  federation: {selectors: [{}]}\n", SOUND },
	{ "an empty selector of services", MESHES "  federation: {selectors: [{destinationSelectors: [{}]}]}\n", CODE_empty_selector },
	{ "an unknown service federated", MESHES "  federation: {selectors: [{destinationSelectors: [{kubeServiceRefs: {services: [" REF("x", "bookinfo", "c1") "]}}]}]}\n", CODE_unknown_service },
	{ "federated to an unknown mesh", MESHES "  federation: {selectors: [{meshes: [{name: x, namespace: gloo-mesh}]}]}\n", CODE_unknown_mesh },
	{ "a gateway", MESHES "  federation: {ingressGatewaySelectors: [{destinationSelectors: [{kubeServiceMatcher: {namespaces: [istio-system]}}]}]}\n", SOUND },
	{ "a gateway in an unknown cluster", MESHES "  federation: {ingressGatewaySelectors: [{destinationSelectors: [{kubeServiceMatcher: {clusters: [x]}}]}]}\n", CODE_unknown_cluster },
};
/* clang-format on */

#define PLAIN                                                                                      \
	"apiVersion: v1\nkind: Service\nmetadata: {name: plain, namespace: bookinfo}\n"            \
	"spec: {selector: {app: plain}, ports: [{port: 80}]}\n---\n" INJECTED("only-c1")

static void build(struct world *w, const char *two, const char *kind, const char *spec)
{
	struct str text;

	world_setup(w);
	text = str_format(w->f.mem,
			  GLOO "kind: %s\nmetadata: {name: a, namespace: gloo-mesh}\nspec:\n%s",
			  kind, spec);
	world_add(w, "inventory/c1/all.yaml", CLUSTER_1 PLAIN);
	world_add(w, "inventory/c2/all.yaml", two);
	world_add(w, "mesh/a.yaml", text.p);
	world_build(w);
}

static void check_rows(const struct row *rows, uint32_t n, const char *kind)
{
	for (uint32_t i = 0; i < n; i++) {
		struct world w;

		build(&w, CLUSTER_2, kind, rows[i].spec);
		if (rows[i].code == SOUND && w.f.diags.all.n)
			fail_msg("%s %s:\n%s", kind, rows[i].name, fixture_text(&w.f));
		if (rows[i].code != SOUND && !fixture_has(&w.f, (enum code)rows[i].code))
			fail_msg("%s %s: no such finding\n%s", kind, rows[i].name,
				 fixture_text(&w.f));
		if (rows[i].code != SOUND && w.f.diags.all.n != 1)
			fail_msg("%s %s: one cause, one finding\n%s", kind, rows[i].name,
				 fixture_text(&w.f));
		world_teardown(&w);
	}
}

static void test_references_of_traffic_policies_lead_somewhere(void **state)
{
	(void)state;
	check_rows(traffic, countof(traffic), "TrafficPolicy");
}

static void test_references_of_access_policies_lead_somewhere(void **state)
{
	(void)state;
	check_rows(access_rows, countof(access_rows), "AccessPolicy");
}

static void test_references_of_virtual_meshes_lead_somewhere(void **state)
{
	(void)state;
	check_rows(virtual_meshes, countof(virtual_meshes), "VirtualMesh");
}

static void test_the_nearest_name_is_offered(void **state)
{
	struct world w;
	const struct finding *f;

	(void)state;
	build(&w, CLUSTER_2, "TrafficPolicy",
	      DESTINATION("{kubeServiceRefs: {services: [" REF("revews", "bookinfo", "c1") "]}}"));
	f = fixture_finding(&w.f, CODE_unknown_service);
	assert_non_null(f);
	assert_true(str_eq(f->fix_text, S("reviews")));
	world_teardown(&w);
}

static void test_a_service_outside_of_the_mesh_is_shown(void **state)
{
	struct world w;
	const struct finding *f;

	(void)state;
	build(&w, CLUSTER_2, "TrafficPolicy",
	      DESTINATION("{kubeServiceRefs: {services: [" REF("plain", "bookinfo", "c1") "]}}"));
	f = fixture_finding(&w.f, CODE_unknown_service);
	assert_non_null(f);
	assert_int_equal(f->notes.n, 1);
	assert_int_equal(f->notes.at[0].at.file, 1);
	world_teardown(&w);
}

static void test_an_inventory_that_cannot_be_read_in_full_causes_no_unknown_references(void **state)
{
	struct world w;

	(void)state;
	build(&w, "kind: [\n", "TrafficPolicy",
	      DESTINATION("{kubeServiceRefs: {services: [" REF("reviews", "bookinfo", "c2") "]}}"));
	assert_true(fixture_has(&w.f, CODE_yaml_syntax));
	assert_int_equal(w.f.diags.errors, 1);
	world_teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_references_of_traffic_policies_lead_somewhere),
		cmocka_unit_test(test_references_of_access_policies_lead_somewhere),
		cmocka_unit_test(test_references_of_virtual_meshes_lead_somewhere),
		cmocka_unit_test(test_the_nearest_name_is_offered),
		cmocka_unit_test(test_a_service_outside_of_the_mesh_is_shown),
		cmocka_unit_test(
			test_an_inventory_that_cannot_be_read_in_full_causes_no_unknown_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
