/*
 * Calls that pass a gateway which treats requests itself.
 *
 * There the routes of the service's own cluster act on whatever comes through, so
 * a consumer's routes of the same policies would act a second time: twice the
 * retries, a share of a share. Where consumer and provider agree, the provider's
 * routes do for both. Where only consumers have routes, theirs act alone. Anything
 * else cannot be had through a gateway.
 *
 * Settings of connections live on the service and go with it to every cluster: a
 * consumer cannot have others.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

struct passage {
	struct arena *mem;
	struct diags *diags;
	const struct builder *builder;
	struct plan *plan;
};

static bool does_nothing(const struct route *r)
{
	for (enum feature f = 0; f < SETTING_MAX; f++)
		if (r->effect.value[f])
			return false;
	return true;
}

static bool same_effect(const struct effect *a, const struct effect *b)
{
	for (enum feature f = 0; f < SETTING_MAX; f++) {
		if (!a->value[f] != !b->value[f])
			return false;
		if (a->value[f] && !feature_equal(f, a->value[f], b->value[f]))
			return false;
	}
	return true;
}

/* The gateway knows no caller's namespace: routes for some namespaces pass it by. */
static bool acts_at_gateway(const struct route *r)
{
	return !r->when.source_space.n && !r->when.source_labels.n;
}

static bool acts(const struct destination_plan *d, bool at_gateway)
{
	for (uint32_t i = 0; d && i < d->routes.n; i++)
		if (!does_nothing(&d->routes.at[i]) &&
		    (!at_gateway || acts_at_gateway(&d->routes.at[i])))
			return true;
	return false;
}

/* Conditions and settings, route by route; where a route leads follows from its settings. */
static bool same_routes(const struct destination_plan *a, const struct destination_plan *b)
{
	if (a->routes.n != b->routes.n)
		return false;
	for (uint32_t i = 0; i < a->routes.n; i++) {
		const struct route *x = &a->routes.at[i], *y = &b->routes.at[i];

		if (x->port != y->port || !acts_at_gateway(x) || !acts_at_gateway(y) ||
		    !condition_eq(&x->when, &y->when) || !same_effect(&x->effect, &y->effect))
			return false;
	}
	return true;
}

static const struct resource *first_source(const struct destination_plan *d)
{
	for (uint32_t i = 0; i < d->routes.n; i++)
		if (d->routes.at[i].sources.n)
			return d->routes.at[i].sources.at[0];
	return NULL;
}

static void refuse(struct passage *x, const struct cluster_plan *c,
		   const struct destination_plan *d, const struct destination_plan *there,
		   struct str what, const struct resource *by)
{
	const struct resource *theirs = there ? first_source(there) : NULL;
	struct finding *f = report_treated_twice(
		x->diags, by ? by->at : d->import->virtual_mesh->at, what, c->cluster->name,
		service_title(x->mem, d->service), d->service->cluster->name);

	if (theirs && theirs != by)
		note(f, theirs->at, "this policy acts there");
	help(f, "let the policies select callers of all clusters alike, or call the service "
		"directly with `flatNetwork`");
}

static void pass_routes(struct passage *x, const struct cluster_plan *c, struct destination_plan *d,
			const struct destination_plan *there)
{
	if (!acts(there, true))
		return;
	if (!acts(d, false) || !same_routes(d, there))
		refuse(x, c, d, there, S("treatment"), acts(d, false) ? first_source(d) : NULL);
	d->routes.n = 0;
}

static void pass_client(struct passage *x, const struct cluster_plan *c, struct destination_plan *d,
			const struct destination_plan *there)
{
	static const struct effect nothing;
	const struct effect *theirs = there ? &there->client : &nothing;

	for (enum feature f = 0; f < SETTING_MAX; f++) {
		const void *a = d->client.value[f], *b = theirs->value[f];

		if ((!a && !b) || (a && b && feature_equal(f, a, b)))
			continue;
		refuse(x, c, d, there, str_of(feature_name(f)),
		       a ? d->client.owner[f] : theirs->owner[f]);
	}
}

/* As callers of its own cluster see it; NULL: no policy acts on it there. */
static const struct destination_plan *at_home(const struct passage *x, const struct service *s)
{
	const struct cluster_plan *home = &x->plan->clusters[s->cluster->index];

	return plan_destination(home, host_local(x->mem, s));
}

static void pass(struct passage *x, const struct cluster_plan *c, struct destination_plan *d)
{
	const struct mesh_traits *traits = mesh_traits(d->service->mesh);
	const struct federated *f = x->builder->federated[id_of(x->builder, d->service)];

	if (!d->remote || !traits->mirrors)
		return;
	pass_client(x, c, d, at_home(x, d->service));
	if (traits->routes_at_gateway && !f->flat)
		pass_routes(x, c, d, at_home(x, d->service));
}

void passage_build(struct arena *mem, struct diags *diags, const struct builder *b,
		   struct plan *plan)
{
	struct passage x = { mem, diags, b, plan };

	for (uint32_t i = 0; i < plan->n_clusters; i++)
		for (uint32_t k = 0; k < plan->clusters[i].destinations.n; k++)
			pass(&x, &plan->clusters[i], &plan->clusters[i].destinations.at[k]);
}
