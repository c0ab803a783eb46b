/*
 * Names and addresses that every cluster must agree on.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "plan/local.h"

static struct service service_named(struct cluster *c, struct str name, struct str space)
{
	return (struct service){ .name = name, .space = space, .cluster = c };
}

/* The values of Gloo's own unit test and two computed from its algorithm. */
static void test_address_is_the_one_gloo_gives(void **state)
{
	static const struct {
		const char *name, *space, *cluster, *want;
	} cases[] = {
		{ "some-svc", "some-ns", "cluster", "243.21.204.125" },
		{ "reviews", "bookinfo", "cluster-1", "244.80.133.147" },
		{ "reviews", "bookinfo", "cluster-2", "255.51.210.11" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct cluster c = { .name = str_of(cases[i].cluster) };
		struct service s = service_named(&c, str_of(cases[i].name), str_of(cases[i].space));

		assert_string_equal(address_text(mem, federated_address(&s)).p, cases[i].want);
	}
	arena_free(mem);
}

static void test_hosts_carry_the_domain_or_the_cluster_and_suffix(void **state)
{
	struct arena *mem = arena_new();
	struct cluster c = { .name = S("c1"), .domain = S("cluster.local") };
	struct service s = service_named(&c, S("reviews"), S("bookinfo"));

	(void)state;
	assert_string_equal(host_local(mem, &s).p, "reviews.bookinfo.svc.cluster.local");
	assert_string_equal(host_federated(mem, &s, S("global")).p,
			    "reviews.bookinfo.svc.c1.global");
	arena_free(mem);
}

static void test_subset_name_joins_sorted_labels_as_gloo_does(void **state)
{
	struct arena *mem = arena_new();
	struct label pair[] = { { S("foo"), S("bar") }, { S("version"), S("v1.2") } };
	struct labels labels = { pair, 2 };

	(void)state;
	assert_string_equal(subset_name(mem, &labels).p, "foo-bar-version-v1-2");
	arena_free(mem);
}

static void test_addresses_are_told_from_host_names(void **state)
{
	(void)state;
	assert_true(address_is_ip(S("203.0.113.10")));
	assert_true(address_is_ip(S("2001:db8::1")));
	assert_false(address_is_ip(S("lb-1.example.com")));
	assert_false(address_is_ip(S("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address_is_the_one_gloo_gives),
		cmocka_unit_test(test_hosts_carry_the_domain_or_the_cluster_and_suffix),
		cmocka_unit_test(test_subset_name_joins_sorted_labels_as_gloo_does),
		cmocka_unit_test(test_addresses_are_told_from_host_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
