/*
 * The tables of rules, and who is shown to them.
 */
#include "base/base.h"

#include "rules/rules.h"

#include "rules/local.h"

static traffic_rule *const traffic_rules[] = {
	rule_cors,
	rule_empty_policy,
	rule_header_values,
	rule_headers,
	rule_impossible_matchers,
	rule_narrowed,
	rule_paths,
	rule_regexes,
	rule_repeated_matchers,
	rule_retries,
	rule_weights,
};

void rules_check(struct plan_pass *p, const struct snapshot *snapshot)
{
	struct rule_cx cx = { p->mem, p->diags };

	for (uint32_t i = 0; i < snapshot->traffic_policies.n; i++) {
		const struct resource *r = snapshot->traffic_policies.at[i];

		rule_annotations(&cx, r);
		for (uint32_t j = 0; j < countof(traffic_rules); j++)
			traffic_rules[j](&cx, r, ((const struct traffic_policy *)r->body)->spec);
	}
	for (uint32_t i = 0; i < snapshot->access_policies.n; i++)
		rule_annotations(&cx, snapshot->access_policies.at[i]);
	for (uint32_t i = 0; i < snapshot->virtual_meshes.n; i++) {
		const struct resource *r = snapshot->virtual_meshes.at[i];

		rule_annotations(&cx, r);
		rule_virtual_mesh(&cx, r, ((const struct virtual_mesh *)r->body)->spec);
	}
}

void rules_audit(struct plan_pass *p, const struct plan *plan)
{
	struct rule_cx cx = { p->mem, p->diags };

	for (uint32_t i = 0; i < plan->n_clusters; i++)
		for (uint32_t j = 0; j < plan->clusters[i].destinations.n; j++) {
			const struct destination_plan *d = &plan->clusters[i].destinations.at[j];

			for (uint32_t k = 0; k < d->routes.n; k++)
				rule_retry_budget(&cx, &d->routes.at[k]);
		}
}
