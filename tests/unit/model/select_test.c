/*
 * Gloo's selectors, row by row.
 */
#include "base/base.h"

#include "model/select.h"
#include "schema/decode.h"
#include "support/fixture.h"

struct row {
	const char *selector;
	bool want;
};

static const struct row destinations[] = {
	{ "{}", false },
	{ "{kubeServiceMatcher: {}}", true },
	{ "{kubeServiceMatcher: {labels: {app: reviews}}}", true },
	{ "{kubeServiceMatcher: {labels: {app: reviews, tier: ''}}}", true },
	{ "{kubeServiceMatcher: {labels: {app: reviews, version: v1}}}", false },
	{ "{kubeServiceMatcher: {labels: {app: other}}}", false },
	{ "{kubeServiceMatcher: {labels: {version: ''}}}", false },
	{ "{kubeServiceMatcher: {namespaces: [a, bookinfo]}}", true },
	{ "{kubeServiceMatcher: {namespaces: [a]}}", false },
	{ "{kubeServiceMatcher: {clusters: [c1], namespaces: [bookinfo]}}", true },
	{ "{kubeServiceMatcher: {clusters: [c2], namespaces: [bookinfo]}}", false },
	{ "{kubeServiceRefs: {services: [{name: reviews, namespace: bookinfo, clusterName: c1}]}}",
	  true },
	{ "{kubeServiceRefs: {services: [{name: reviews, namespace: bookinfo, clusterName: c2}]}}",
	  false },
	{ "{kubeServiceRefs: {services: []}}", false },
	/* matcher and references are an OR */
	{ "{kubeServiceMatcher: {clusters: [c2]}, kubeServiceRefs: {services: [{name: reviews, "
	  "namespace: bookinfo, "
	  "clusterName: c1}]}}",
	  true },
};

static const struct row workloads[] = {
	{ "{}", false },
	{ "{kubeWorkloadMatcher: {}}", true },
	{ "{kubeWorkloadMatcher: {labels: {app: reviews}, namespaces: [bookinfo], clusters: [c1]}}",
	  true },
	{ "{kubeWorkloadMatcher: {labels: {app: other}}}", false },
	{ "{kubeWorkloadMatcher: {namespaces: [x]}}", false },
	{ "{kubeWorkloadMatcher: {clusters: [x]}}", false },
};

static struct label reviews[] = { { S("app"), S("reviews") }, { S("tier"), S("") } };
static const struct cluster cluster = { .name = S("c1") };
static const struct service service = {
	.name = S("reviews"), .space = S("bookinfo"), .cluster = &cluster, .labels = { reviews, 2 }
};
static const struct workload workload = { .name = S("reviews-v1"),
					  .space = S("bookinfo"),
					  .cluster = &cluster,
					  .labels = { reviews, 2 } };

static const void *selector_of(struct fixture *f, const struct shape *shape, const char *text)
{
	bool sound = true;
	const void *selector =
		decode(f->mem, &f->diags, shape, fixture_node(f, "a.yaml", text), &sound);

	assert_true(sound);
	return selector;
}

static void test_selectors_of_destinations_match_as_documented(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (uint32_t i = 0; i < countof(destinations); i++) {
		const void *s =
			selector_of(&f, &shape_destination_selector, destinations[i].selector);

		if (destination_selector_matches(s, &service) != destinations[i].want)
			fail_msg("%s", destinations[i].selector);
	}
	fixture_teardown(&f);
}

static void test_selectors_of_workloads_match_as_documented(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (uint32_t i = 0; i < countof(workloads); i++) {
		const void *s = selector_of(&f, &shape_workload_selector, workloads[i].selector);

		if (workload_selector_matches(s, &workload) != workloads[i].want)
			fail_msg("%s", workloads[i].selector);
	}
	fixture_teardown(&f);
}

static void test_maps_contain_maps_with_equal_values(void **state)
{
	struct text_pair many[] = { { { S("a"), { 0 } }, { S("1"), { 0 } } },
				    { { S("c"), { 0 } }, { S("3"), { 0 } } } };
	struct text_pair one[] = { { { S("c"), { 0 } }, { S("3"), { 0 } } } };
	struct text_pair other[] = { { { S("b"), { 0 } }, { S("3"), { 0 } } } };
	struct text_map all = { .item = many, .n = 2 };

	(void)state;
	assert_true(map_contains(&all, &(struct text_map){ .item = one, .n = 1 }));
	assert_false(map_contains(&all, &(struct text_map){ .item = other, .n = 1 }));
	assert_true(map_contains(&all, &(struct text_map){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_selectors_of_destinations_match_as_documented),
		cmocka_unit_test(test_selectors_of_workloads_match_as_documented),
		cmocka_unit_test(test_maps_contain_maps_with_equal_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
