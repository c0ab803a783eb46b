/*
 * Istio's injection rules, row by row.
 */
#include "base/base.h"

#include "front/local.h"
#include "schema/value.h"
#include "support/fixture.h"

enum { MARKS = 4 };

struct row {
	const char *name;
	const char *namespace_labels[2 * MARKS], *labels[2 * MARKS], *annotations[2 * MARKS];
	const char *space;
	bool host_network, proxy, auto_image;
	const char *want; /* revision; "" the default one; NULL: not in */
};

#define INJECT "sidecar.istio.io/inject"

static const struct row rows[] = {
	{ .name = "nothing is said", .want = NULL },
	{ .name = "namespace enabled",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .want = "" },
	{ .name = "namespace disabled",
	  .namespace_labels = { "istio-injection", "disabled" },
	  .want = NULL },
	{ .name = "a pod cannot overrule a disabled namespace",
	  .namespace_labels = { "istio-injection", "disabled" },
	  .labels = { INJECT, "true" },
	  .want = NULL },
	{ .name = "a pod opts out of an enabled namespace",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .labels = { INJECT, "false" },
	  .want = NULL },
	{ .name = "the annotation opts out as well",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .annotations = { INJECT, "false" },
	  .want = NULL },
	{ .name = "the label wins over the annotation",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .labels = { INJECT, "true" },
	  .annotations = { INJECT, "false" },
	  .want = "" },
	{ .name = "a pod opts in where the namespace is silent",
	  .labels = { INJECT, "true" },
	  .want = "" },
	{ .name = "the annotation alone calls no webhook",
	  .annotations = { INJECT, "true" },
	  .want = NULL },
	{ .name = "namespace revision",
	  .namespace_labels = { "istio.io/rev", "canary" },
	  .want = "canary" },
	{ .name = "revision default is the default",
	  .namespace_labels = { "istio.io/rev", "default" },
	  .want = "" },
	{ .name = "istio-injection wins over a revision",
	  .namespace_labels = { "istio-injection", "enabled", "istio.io/rev", "canary" },
	  .want = "" },
	{ .name = "istio-injection=disabled wins over a revision",
	  .namespace_labels = { "istio-injection", "disabled", "istio.io/rev", "canary" },
	  .want = NULL },
	{ .name = "pod revision", .labels = { "istio.io/rev", "canary" }, .want = "canary" },
	{ .name = "the namespace's revision wins over the pod's",
	  .namespace_labels = { "istio.io/rev", "stable" },
	  .labels = { "istio.io/rev", "canary" },
	  .want = "stable" },
	{ .name = "a pod opts out of a revision",
	  .namespace_labels = { "istio.io/rev", "stable" },
	  .labels = { INJECT, "false" },
	  .want = NULL },
	{ .name = "the node's network is never captured",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .host_network = true,
	  .want = NULL },
	{ .name = "kube-system is never injected",
	  .namespace_labels = { "istio-injection", "enabled" },
	  .space = "kube-system",
	  .want = NULL },
	{ .name = "a proxy is in the mesh by itself", .proxy = true, .want = "" },
	{ .name = "a proxy of a revision",
	  .labels = { INJECT, "false", "istio.io/rev", "canary" },
	  .proxy = true,
	  .want = "canary" },
	{ .name = "a gateway by template",
	  .annotations = { "inject.istio.io/templates", "gateway" },
	  .auto_image = true,
	  .want = "" },
	{ .name = "a gateway in a namespace of a revision",
	  .namespace_labels = { "istio.io/rev", "canary" },
	  .labels = { INJECT, "true" },
	  .auto_image = true,
	  .want = "canary" },
	{ .name = "the image auto alone says nothing", .auto_image = true, .want = NULL },
};

static struct text_map map_of(struct arena *mem, const char *const *pairs)
{
	struct text_map map = { .item = NEW(mem, struct text_pair, MARKS) };

	for (; pairs[2 * map.n]; map.n++) {
		map.item[map.n].key.s = str_of(pairs[2 * map.n]);
		map.item[map.n].value.s = str_of(pairs[2 * map.n + 1]);
	}
	return map;
}

static struct labels labels_from(struct arena *mem, const char *const *pairs)
{
	struct labels labels = { NEW(mem, struct label, MARKS), 0 };

	for (; pairs[2 * labels.n]; labels.n++)
		labels.at[labels.n] = (struct label){ str_of(pairs[2 * labels.n]),
						      str_of(pairs[2 * labels.n + 1]) };
	return labels;
}

static void test_injection_follows_istios_rules(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (uint32_t i = 0; i < countof(rows); i++) {
		const struct row *row = &rows[i];
		struct text_map labels = map_of(f.mem, row->labels),
				annotations = map_of(f.mem, row->annotations);
		struct pod_marks pod = { .space = row->space ? str_of(row->space) : S("bookinfo"),
					 .namespace_labels =
						 labels_from(f.mem, row->namespace_labels),
					 .labels = &labels,
					 .annotations = &annotations,
					 .host_network = row->host_network,
					 .has_proxy = row->proxy,
					 .has_auto_image = row->auto_image };
		struct injection got = injection_of(&pod);

		if (got.in != (row->want != NULL))
			fail_msg("%s: %s the mesh", row->name, got.in ? "in" : "not in");
		if (row->want && !str_eq(got.revision, str_of(row->want)))
			fail_msg("%s: revision `%.*s`, not `%s`", row->name, STR(got.revision),
				 row->want);
	}
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_injection_follows_istios_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
