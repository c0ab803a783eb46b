/*
 * What others have written about the requests to a service, and what comes of it
 * beside emitted routes.
 *
 *	ServiceProfile                 wins over every route
 *	a route on the same port       its rules and the emitted ones are mixed
 *	retry.linkerd.io/http,         of the Service: count for every route that has no
 *	timeout.linkerd.io/request     setting of its own (linkerd-policy-controller,
 *	                               outbound/http.rs)
 */
#include "base/base.h"
#include "target/linkerd/local.h"

static struct str name_here(struct lowering *lw, const struct destination_plan *d)
{
	return d->remote ? mirror_name(lw->mem, d->service) : d->service->name;
}

static struct span place_of(const struct destination_plan *d)
{
	return d->routes.at[0].sources.n ? d->routes.at[0].sources.at[0]->at : d->service->at;
}

static void check_object(struct lowering *lw, const struct destination_plan *d,
			 const struct foreign_object *other)
{
	struct str title = str_format(lw->mem, "%s `%.*s` in namespace `%.*s`", other->title,
				      STR(other->name), STR(other->space));
	struct finding *f = NULL;

	if (other->kind == FOREIGN_PROFILE && str_eq(other->name, d->host))
		f = report_route_overridden(lw->diags, place_of(d), title, d->host);
	if (other->kind == FOREIGN_ROUTE && str_eq(other->service, name_here(lw, d)) &&
	    str_eq(other->service_space, d->service->space))
		f = report_route_mixed(lw->diags, place_of(d), title, d->host);
	if (f)
		note(f, other->at, "it is in cluster `%.*s`", STR(lw->cluster->cluster->name));
}

static bool sets(const struct route *route, enum feature feature)
{
	return route->effect.value[feature] != NULL;
}

/* `attempts: 0` says that nothing is retried; the route carries nothing that would say so. */
static bool is_turned_off(const struct route *route, enum feature feature)
{
	const struct retry_policy *retries = effect_retries(&route->effect);

	return feature == FEATURE_RETRIES && retries && !retries->attempts.v;
}

static void check_annotation(struct lowering *lw, const struct destination_plan *d, const char *key,
			     enum feature feature)
{
	struct str value = label_get(&d->service->annotations, str_of(key));

	for (uint32_t i = 0; value.p && i < d->routes.n; i++) {
		const struct route *route = &d->routes.at[i];
		struct finding *f;

		if (sets(route, feature) && !is_turned_off(route, feature))
			continue;
		f = report_service_setting(
			lw->diags, sets(route, feature) ? route->effect.at[feature] : place_of(d),
			str_of(key), service_title(lw->mem, d->service),
			str_of(feature_name(feature)));
		note(f, d->service->at, "this Service");
		help(f, "take the annotation away, and say it in a TrafficPolicy");
		return;
	}
}

void linkerd_check_beside(struct lowering *lw, const struct destination_plan *d)
{
	const struct cluster *c = lw->cluster->cluster;

	for (uint32_t i = 0; i < c->n_foreign; i++)
		check_object(lw, d, &c->foreign[i]);
	check_annotation(lw, d, "retry.linkerd.io/http", FEATURE_RETRIES);
	check_annotation(lw, d, "timeout.linkerd.io/request", FEATURE_REQUEST_TIMEOUT);
}
