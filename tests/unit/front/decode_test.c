/*
 * What may be declared, where, and under which names.
 */
#include "base/base.h"

#include "support/world.h"

#define SERVICE(name) "apiVersion: v1\nkind: Service\nmetadata: {name: " name ", namespace: x}\n"
#define POLICY(name)                                                                               \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: " name  \
	"}\nspec: {}\n"

enum { SOUND = CODE_MAX };

struct row {
	const char *name, *path, *text;
	int code;           /* SOUND: no finding at all */
	uint32_t resources; /* in the catalog */
};

/* clang-format off */
static const struct row rows[] = {
	{ "a declaration", "mesh/a.yaml", POLICY("a"), SOUND, 1 },
	{ "several documents", "mesh/a.yaml", POLICY("a") "---\n" POLICY("b"), SOUND, 2 },
	{ "a kubectl List", "inventory/c1/a.yaml",
	  "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n", SOUND, 1 },
	{ "a typed list, whose items do not say what they are", "inventory/c1/a.yaml",
	  "apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: a}}, {metadata: {name: b}}]\n", SOUND, 2 },
	{ "an empty list", "inventory/c1/a.yaml", "apiVersion: v1\nkind: List\nitems: []\n", SOUND, 0 },
	{ "an item that is no object", "inventory/c1/a.yaml", "apiVersion: v1\nkind: List\nitems: [5]\n", CODE_document_not_map, 0 },
	{ "JSON", "inventory/c1/a.json",
	  "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"a\"}}", SOUND, 1 },
	{ "a list as document", "mesh/a.yaml", "- a\n", CODE_document_not_map, 0 },
	{ "text as document", "mesh/a.yaml", "hello\n", CODE_document_not_map, 0 },
	{ "nothing", "mesh/a.yaml", "# nothing\n", CODE_empty_file, 0 },
	{ "no apiVersion", "mesh/a.yaml", "kind: AccessPolicy\n", CODE_missing_api_version, 0 },
	{ "no kind", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1\n", CODE_missing_kind, 0 },
	{ "no name", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {}\n",
	  CODE_missing_name, 0 },
	{ "no metadata", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\n",
	  CODE_missing_name, 0 },
	{ "metadata is text", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: x\n",
	  CODE_missing_name, 0 },
	{ "an unknown kind", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AcessPolicy\nmetadata: {name: a}\n",
	  CODE_unknown_kind, 0 },
	{ "an unknown API", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v2\nkind: AccessPolicy\nmetadata: {name: a}\n",
	  CODE_unknown_api_version, 0 },
	{ "a kind for later", "mesh/a.yaml",
	  "apiVersion: networking.enterprise.mesh.gloo.solo.io/v1beta1\nkind: VirtualDestination\nmetadata: {name: a}\n",
	  CODE_not_implemented, 0 },
	{ "an older API", "mesh/a.yaml", "apiVersion: networking.mesh.gloo.solo.io/v1alpha2\nkind: AccessPolicy\nmetadata: {name: a}\nspec: {}\n",
	  CODE_deprecated_api, 1 },
	{ "an older kind", "mesh/a.yaml",
	  "apiVersion: networking.enterprise.mesh.gloo.solo.io/v1beta1\nkind: RateLimiterServerConfig\nmetadata: {name: a}\n",
	  CODE_deprecated_api, 0 },
	{ "a kind that was renamed", "mesh/a.yaml", "apiVersion: networking.zephyr.solo.io/v1alpha1\nkind: AccessControlPolicy\nmetadata: {name: a}\nspec: {}\n",
	  CODE_deprecated_api, 1 },
	{ "a raw object among declarations", "mesh/a.yaml", SERVICE("a"), CODE_misplaced_kind, 0 },
	{ "a policy in the inventory", "inventory/c1/a.yaml", POLICY("a"), CODE_misplaced_kind, 0 },
	{ "a raw object of no cluster", "inventory/a.yaml", SERVICE("a"), CODE_misplaced_kind, 0 },
	{ "a Fleet elsewhere", "mesh/a.yaml", "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: a}\n", CODE_misplaced_kind, 0 },
	{ "a Fleet", "meshc.yaml", "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: a}\n", SOUND, 1 },
	{ "two Fleets", "meshc.yaml",
	  "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: a}\n---\n"
	  "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: b}\n", CODE_duplicate_object, 1 },
	{ "no Fleet in meshc.yaml", "meshc.yaml", "---\n", CODE_fleet_missing, 0 },
	{ "a policy in meshc.yaml", "meshc.yaml", POLICY("a"), CODE_misplaced_kind, 0 },
	{ "a Secret among declarations", "mesh/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: eA==}\n", CODE_secret, 0 },
	{ "a kubeconfig", "mesh/a.yaml", "apiVersion: v1\nkind: Config\nusers: [{name: a, user: {token: x}}]\n", CODE_secret, 0 },
	{ "a kubeconfig in the inventory", "inventory/c1/a.yaml", "apiVersion: v1\nkind: Config\nusers: []\n", CODE_secret, 0 },
	{ "a Secret in a dump", "inventory/c1/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", CODE_skipped_objects, 0 },
	{ "anything in a dump", "inventory/c1/a.yaml", "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n", CODE_unused_object, 0 },
	{ "two of one name", "mesh/a.yaml", POLICY("a") "---\n" POLICY("a"), CODE_duplicate_object, 1 },
	{ "one with its namespace, one without", "mesh/a.yaml", POLICY("a")
	  "---\napiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: a, namespace: gloo-mesh}\nspec: {}\n",
	  CODE_duplicate_object, 1 },
	{ "a name that leaves the folder", "mesh/a.yaml", POLICY("../a"), CODE_bad_name, 1 },
	{ "a name with a slash", "inventory/c1/a.yaml", SERVICE("a/b"), CODE_bad_name, 1 },
	{ "a name with a backslash", "inventory/c1/a.yaml", SERVICE("'a\\b'"), CODE_bad_name, 1 },
	{ "two dots", "inventory/c1/a.yaml", SERVICE("'..'"), CODE_bad_name, 1 },
	{ "a name with a newline", "inventory/c1/a.yaml", SERVICE("\"a\\nb\""), CODE_bad_name, 1 },
	{ "a name in capitals", "mesh/a.yaml", POLICY("A"), CODE_bad_name, 1 },
	{ "a name that ends in a dash", "mesh/a.yaml", POLICY("a-"), CODE_bad_name, 1 },
	{ "a name with dots", "mesh/a.yaml", POLICY("a.b"), SOUND, 1 },
	{ "a name with two dots in a row", "mesh/a.yaml", POLICY("a..b"), CODE_bad_name, 1 },
	{ "a namespace that leaves the folder", "mesh/a.yaml",
	  "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: a, namespace: ../x}\nspec: {}\n", CODE_bad_name, 1 },
	{ "an unknown field", "mesh/a.yaml",
	  "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: a}\nspec: {nope: 1}\n", CODE_unknown_field, 1 },
};
/* clang-format on */

static void decode_row(struct world *w, const struct row *row)
{
	world_setup(w);
	world_add(w, row->path, row->text);
	front_read(&w->pass, &w->sources, &w->catalog);
}

static void test_documents_are_what_they_say_and_stand_where_they_may(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(rows); i++) {
		const struct row *row = &rows[i];
		struct world w;

		decode_row(&w, row);
		if (row->code == SOUND && w.f.diags.all.n)
			fail_msg("%s:\n%s", row->name, fixture_text(&w.f));
		if (row->code != SOUND && !fixture_has(&w.f, (enum code)row->code))
			fail_msg("%s: no such finding\n%s", row->name, fixture_text(&w.f));
		if (w.catalog.all.n != row->resources)
			fail_msg("%s: %u resources, not %u", row->name, w.catalog.all.n,
				 row->resources);
		world_teardown(&w);
	}
}

static void test_a_resource_with_errors_is_kept_as_broken(void **state)
{
	struct world w;
	const struct row row = { "", "mesh/a.yaml", POLICY("A"), 0, 0 };

	(void)state;
	decode_row(&w, &row);
	assert_int_equal(w.catalog.all.n, 1);
	assert_true(w.catalog.all.at[0].broken);
	world_teardown(&w);
}

static void test_what_is_left_out_is_said_once_per_cluster(void **state)
{
	static const char dump[] =
		"apiVersion: v1\nkind: List\nitems:\n"
		"- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
		"- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n"
		"- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}\n"
		"- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: b}}\n"
		"- {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}}\n"
		"- {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: b}}\n"
		"- {apiVersion: v1, kind: Endpoints, metadata: {name: a}}\n"
		"- {apiVersion: v1, kind: Endpoints, metadata: {name: b}}\n"
		"- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n";
	struct world w;
	const struct finding *f;

	(void)state;
	world_setup(&w);
	world_add(&w, "inventory/c1/a.yaml", dump);
	world_add(&w, "inventory/c1/b.yaml",
		  "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: c}}, {metadata: {name: "
		  "d}}]\n");
	world_add(&w, "inventory/c2/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: c}\n");
	front_read(&w.pass, &w.sources, &w.catalog);
	assert_int_equal(w.f.diags.errors, 0);
	assert_int_equal(fixture_count(&w.f, CODE_skipped_objects), 2);
	assert_int_equal(fixture_count(&w.f, CODE_unused_object), 1);
	f = fixture_finding(&w.f, CODE_skipped_objects);
	assert_true(str_eq(f->arguments[0], S("2 Endpoints, 4 Pods, 1 Secret")));
	assert_true(str_eq(f->arguments[1], S("c1")));
	assert_int_equal(f->at.file, 1);
	f = fixture_finding(&w.f, CODE_unused_object);
	assert_true(str_eq(f->arguments[0], S("2 Ingresses, 2 NetworkPolicies")));
	world_teardown(&w);
}

static void test_the_catalog_is_sorted_whatever_the_order_of_the_files(void **state)
{
	struct world w;

	(void)state;
	world_setup(&w);
	world_add(&w, "inventory/c1-b/a.yaml", SERVICE("b") "---\n" SERVICE("a"));
	world_add(&w, "inventory/c1/a.yaml", SERVICE("z") "---\n" SERVICE("a"));
	world_add(&w, "mesh/a.yaml", POLICY("z") "---\n" POLICY("b"));
	front_read(&w.pass, &w.sources, &w.catalog);
	assert_int_equal(w.catalog.all.n, 6);
	assert_true(str_eq(w.catalog.all.at[0].name, S("b")));
	assert_true(str_eq(w.catalog.all.at[1].name, S("z")));
	assert_true(str_eq(w.catalog.all.at[2].folder, S("c1")));
	assert_true(str_eq(w.catalog.all.at[2].name, S("a")));
	assert_true(str_eq(w.catalog.all.at[5].folder, S("c1-b")));
	assert_true(str_eq(w.catalog.all.at[5].name, S("b")));
	world_teardown(&w);
}

static void test_an_old_spelling_has_a_fix_that_keeps_the_quotes_of_json(void **state)
{
	struct world w;
	const struct finding *f;

	(void)state;
	world_setup(&w);
	world_add(&w, "mesh/a.json",
		  "{\"apiVersion\": \"networking.mesh.gloo.solo.io/v1alpha2\", \"kind\": "
		  "\"AccessPolicy\","
		  " \"metadata\": {\"name\": \"a\"}, \"spec\": {}}");
	front_read(&w.pass, &w.sources, &w.catalog);
	f = fixture_finding(&w.f, CODE_deprecated_api);
	assert_non_null(f);
	assert_true(str_eq(f->fix_text, S("\"networking.mesh.gloo.solo.io/v1\"")));
	assert_int_equal(w.f.diags.errors, 0);
	world_teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents_are_what_they_say_and_stand_where_they_may),
		cmocka_unit_test(test_a_resource_with_errors_is_kept_as_broken),
		cmocka_unit_test(test_what_is_left_out_is_said_once_per_cluster),
		cmocka_unit_test(test_the_catalog_is_sorted_whatever_the_order_of_the_files),
		cmocka_unit_test(test_an_old_spelling_has_a_fix_that_keeps_the_quotes_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
