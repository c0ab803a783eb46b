/*
 * Lookups in a sorted inventory, labels, and the rows of kinds.def.
 */
#include "base/base.h"

#include "model/inventory.h"
#include "model/object.h"
#include "model/resource.h"
#include "support/fixture.h"

static void test_lookups_find_each_item_and_nothing_else(void **state)
{
	struct service services[] = { { .space = S("a"), .name = S("b") },
				      { .space = S("a"), .name = S("c") },
				      { .space = S("b"), .name = S("a") } };
	struct account accounts[] = { { .space = S("a"), .name = S("x") } };
	struct namespace_ spaces[] = { { .name = S("a") }, { .name = S("b") } };
	struct cluster clusters[] = { { .name = S("c1"),
					.services = services,
					.n_services = 3,
					.accounts = accounts,
					.n_accounts = 1,
					.namespaces = spaces,
					.n_namespaces = 2 },
				      { .name = S("c2") } };
	struct mesh meshes[] = { { .name = S("m"), .space = S("x") },
				 { .name = S("m"), .space = S("y") } };
	struct inventory inventory = { clusters, 2, meshes, 2 };

	(void)state;
	for (uint32_t i = 0; i < countof(services); i++)
		assert_ptr_equal(cluster_service(&clusters[0], services[i].space, services[i].name),
				 &services[i]);
	assert_null(cluster_service(&clusters[0], S("b"), S("b")));
	assert_null(cluster_service(&clusters[1], S("a"), S("b")));
	assert_ptr_equal(inventory_cluster(&inventory, S("c2")), &clusters[1]);
	assert_null(inventory_cluster(&inventory, S("c3")));
	assert_ptr_equal(inventory_mesh(&inventory, S("m"), S("y")), &meshes[1]);
	assert_null(inventory_mesh(&inventory, S("m"), S("z")));
	assert_non_null(cluster_account(&clusters[0], S("a"), S("x")));
	assert_null(cluster_account(&clusters[0], S("x"), S("a")));
	assert_true(cluster_has_namespace(&clusters[0], S("b")));
	assert_false(cluster_has_namespace(&clusters[0], S("c")));
}

static void test_labels_contain_what_is_wanted_with_equal_values(void **state)
{
	struct label many[] = { { S("a"), S("1") }, { S("b"), S("") }, { S("c"), S("3") } };
	struct label two[] = { { S("a"), S("1") }, { S("c"), S("3") } };
	struct label other[] = { { S("c"), S("4") } };
	struct label more[] = { { S("c"), S("3") }, { S("d"), S("") } };
	struct labels all = { many, 3 }, none = { 0 };

	(void)state;
	assert_true(labels_contain(&all, &none));
	assert_false(labels_contain(&none, &all));
	assert_true(labels_contain(&all, &(struct labels){ two, 2 }));
	assert_false(labels_contain(&all, &(struct labels){ other, 1 }));
	assert_false(labels_contain(&all, &(struct labels){ more, 2 }));
	assert_non_null(label_get(&all, S("b")).p);
	assert_null(label_get(&all, S("x")).p);
}

static void test_objects_are_ordered_by_group_kind_namespace_and_name(void **state)
{
	const struct object_key keys[] = { { S(""), S("Service"), S("z"), S("z") },
					   { S("a"), S("A"), S("a"), S("b") },
					   { S("a"), S("A"), S("b"), S("a") },
					   { S("a"), S("B"), S("a"), S("a") } };

	(void)state;
	for (uint32_t i = 0; i < countof(keys); i++)
		for (uint32_t k = 0; k < countof(keys); k++)
			assert_int_equal(object_key_compare(&keys[i], &keys[k]) < 0, i < k);
}

static void test_every_kind_has_one_fate(void **state)
{
	static const struct {
		const char *api, *kind;
		enum kind_fate want;
	} fates[] = { { "v1", "Service", KIND_READ },
		      { "apps/v1", "DaemonSet", KIND_READ },
		      { "v1", "DaemonSet", KIND_UNKNOWN },
		      { "v1", "Secret", KIND_SKIPPED },
		      { "rbac.enterprise.mesh.gloo.solo.io/v1", "Role", KIND_LATER },
		      { "rbac.authorization.k8s.io/v1", "Role", KIND_UNKNOWN } };
	struct str name, api;
	enum kind kind = KIND_MAX;

	(void)state;
	for (uint32_t i = 0; i < countof(fates); i++)
		assert_int_equal(kind_fate(str_of(fates[i].api), str_of(fates[i].kind), &kind),
				 fates[i].want);
	for (uint32_t i = 0; i < KIND_MAX; i++) {
		assert_true(kind_name_at(i, &name, &api));
		assert_true(kind_find(api, name, &kind));
		assert_int_equal(kind, i);
		assert_true(str_eq(str_of(kind_row(kind)->name), name));
		assert_non_null(kind_row(kind)->shape);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookups_find_each_item_and_nothing_else),
		cmocka_unit_test(test_labels_contain_what_is_wanted_with_equal_values),
		cmocka_unit_test(test_objects_are_ordered_by_group_kind_namespace_and_name),
		cmocka_unit_test(test_every_kind_has_one_fate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
