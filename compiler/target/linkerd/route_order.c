/*
 * Routes that stand in different HTTPRoutes: Linkerd takes the more specific match, and
 * between equals the older object. What depends on age is refused.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

const struct resource *linkerd_own_policy(const struct route *route, const struct route *other)
{
	for (uint32_t i = 0; i < route->sources.n; i++) {
		bool both = false;

		for (uint32_t k = 0; k < other->sources.n && !both; k++)
			both = other->sources.at[k] == route->sources.at[i];
		if (!both)
			return route->sources.at[i];
	}
	return route->sources.at[0];
}

/* A request that shows it, at the policy whose route might not count. */
static void report_age(struct lowering *lw, const struct destination_plan *d,
		       const struct route *narrow, const struct route *wide)
{
	struct str title = service_title(lw->mem, d->service);
	struct finding *f = report_unsupported(
		lw->diags, linkerd_own_policy(narrow, wide)->at, LINKERD,
		S("routes for one request that differ in timeouts or retries, neither more "
		  "specific: the older would count"));
	struct str witness = condition_witness(lw->mem, &narrow->when);

	if (wide->sources.n)
		note(f, wide->sources.at[0]->at, "the other policy");
	note(f, (struct span){ 0 }, "for example `%.*s` to `%.*s`", STR(witness), STR(title));
	help(f, "give both the same timeouts and retries, or match one by a header or a method "
		"more than the other");
}

static void check_pair(struct lowering *lw, const struct destination_plan *d,
		       const struct route *narrow, const struct route *wide, bool in_order)
{
	enum gamma_order order;

	if (!condition_within(&narrow->when, &wide->when) ||
	    condition_within(&wide->when, &narrow->when))
		return;
	order = gamma_order(&narrow->when, &wide->when);
	if (order == GAMMA_ALWAYS || (order == GAMMA_IN_ORDER && in_order))
		return;
	report_age(lw, d, narrow, wide);
}

/* What the plan puts before a wider route must come before it in Linkerd as well. */
void linkerd_check_order(struct lowering *lw, const struct destination_plan *d,
			 const struct route_groups *groups)
{
	for (uint32_t g = 0; g < groups->all.n; g++)
		for (uint32_t h = 0; h < groups->all.n; h++) {
			const struct gamma_rules *a = &groups->all.at[g].rules,
						 *b = &groups->all.at[h].rules;

			for (uint32_t i = 0; i < a->n; i++)
				for (uint32_t k = 0; k < b->n; k++)
					if (a->at[i] != b->at[k])
						check_pair(lw, d, a->at[i], b->at[k],
							   g == h && i < k);
		}
}
