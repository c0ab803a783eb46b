/*
 * Callers from other clusters that a gateway stands in for.
 *
 * Where gateways open connections, a service never learns who called: it sees the
 * gateway. So policies let in all callers from other clusters or none of them, and
 * a reviewer must see which.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

static bool is_part(struct str wide, struct str narrow)
{
	return !wide.n || str_eq(wide, narrow);
}

static bool names(const struct identity *list, const struct identity *one)
{
	return str_eq(list->trust_domain, one->trust_domain) && str_eq(list->issuer, one->issuer) &&
	       is_part(list->space, one->space) && is_part(list->account, one->account);
}

/* A rule that narrows by address does not know where the callers come from either. */
static const struct access_rule *rule_for(const struct access_plan *a, const struct identity *one)
{
	for (uint32_t i = 0; i < a->rules.n; i++) {
		const struct access_rule *rule = &a->rules.at[i];

		for (uint32_t k = 0; k < rule->identities.n; k++)
			if (names(&rule->identities.at[k], one))
				return rule;
		if (rule->anybody)
			return rule;
	}
	return NULL;
}

static void check(struct arena *mem, struct diags *diags, const struct access_plan *a,
		  const struct gateway_plan *g)
{
	struct str title = service_title(mem, a->service);

	for (uint32_t i = 0; i < g->identities.n; i++) {
		const struct identity *one = &g->identities.at[i];
		const struct access_rule *rule = rule_for(a, one);
		struct finding *f;

		if (rule)
			f = report_callers_pooled(diags, rule->at, one->account, one->space, title);
		else
			f = report_callers_hidden(diags, a->sources.at[0]->at, title, one->account,
						  one->space);
		note(f, g->virtual_mesh->at, "it federates the service");
		help(f, "%s; with `flatNetwork` callers keep their identities",
		     rule ? "a service behind a gateway never learns who called"
			  : "let in the gateway's service account, and with it every caller from "
			    "other clusters");
	}
}

static bool is_hidden(const struct federated *f, const struct access_plan *a)
{
	return f && !f->flat && a->kind == ACCESS_SERVICE && mesh_traits(a->mesh)->hides_callers;
}

void hidden_check(struct arena *mem, struct diags *diags, const struct builder *b,
		  const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		const struct cluster_plan *c = &plan->clusters[i];

		for (uint32_t k = 0; k < c->access.n; k++) {
			const struct access_plan *a = &c->access.at[k];
			const struct mesh_gateways *gateways =
				&b->gateways[mesh_index(&b->snapshot->inventory, a->mesh)];

			if (a->kind != ACCESS_SERVICE ||
			    !is_hidden(b->federated[id_of(b, a->service)], a))
				continue;
			for (uint32_t g = 0; g < gateways->all.n; g++)
				check(mem, diags, a, &gateways->all.at[g]);
		}
	}
}
