/*
 * Routes of a destination -> HTTPRoutes with Linkerd's annotations.
 *
 * Timeouts and retries are annotations of a whole HTTPRoute, so routes that differ
 * in them stand in different objects. Between objects Linkerd decides by how
 * specific a match is and then by age; two routes whose order matters must not be
 * left to age.
 *
 *	requestTimeout: 2s                            timeout.linkerd.io/request: 2s
 *	retries: {attempts: 3, perTryTimeout: 0.5s}   retry.linkerd.io/http: gateway-error
 *	                                              retry.linkerd.io/limit: "3"
 *	                                              retry.linkerd.io/timeout: 500ms
 *
 * A route in the namespace of its Service acts on callers everywhere; one in
 * another namespace on the callers there, beside the former and not instead.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#include "base/limit.h"

/* Callers that a set of HTTPRoutes is for: of one namespace, or all. */
struct audience {
	struct str space;   /* of the objects */
	struct str name;    /* before the port */
	struct str callers; /* namespace of the callers; empty: all */
};

enum { NS_PER_MS = 1000000, MS_PER_S = 1000 };

struct str linkerd_duration(struct arena *mem, int64_t ns)
{
	int64_t ms = ns / NS_PER_MS;

	if (ns % NS_PER_MS)
		BUG("a duration of %" PRId64 " ns", ns);
	if (ms % MS_PER_S == 0)
		return str_format(mem, "%" PRId64 "s", ms / MS_PER_S);
	return str_format(mem, "%" PRId64 "ms", ms);
}

static void annotate(struct lowering *lw, struct gamma_annotations *out, struct str key,
		     struct str value)
{
	vec_add(lw->mem, out, ((struct gamma_annotation){ key, value }));
}

static void annotate_duration(struct lowering *lw, struct gamma_annotations *out, struct str key,
			      const struct number *value)
{
	annotate(lw, out, key, linkerd_duration(lw->mem, value->v));
}

/*
 * Failures to connect become 502, 503 or 504 in Linkerd's proxies: what Istio
 * retries by default. No attempts: Linkerd retries nothing of its own accord.
 */
static void annotate_retries(struct lowering *lw, struct gamma_annotations *out,
			     const struct effect *effect)
{
	const struct retry_policy *retries = effect_retries(effect);

	if (!retries || !retries->attempts.v)
		return;
	annotate(lw, out, S("retry.linkerd.io/http"), S("gateway-error"));
	annotate(lw, out, S("retry.linkerd.io/limit"), str_int(lw->mem, retries->attempts.v));
	if (retries->attempts.v > UINT16_MAX)
		report_unsupported(lw->diags, retries->attempts.at, LINKERD,
				   S("more than 65535 retries"));
	if (given(retries->per_try_timeout))
		annotate_duration(lw, out, S("retry.linkerd.io/timeout"),
				  &retries->per_try_timeout);
}

static struct gamma_annotations annotations_of(struct lowering *lw, const struct route *route)
{
	struct gamma_annotations out = { 0 };
	const struct number *timeout = effect_timeout(&route->effect);

	annotate_retries(lw, &out, &route->effect);
	if (timeout)
		annotate_duration(lw, &out, S("timeout.linkerd.io/request"), timeout);
	return out;
}

static bool same_annotations(const struct gamma_annotations *a, const struct gamma_annotations *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!str_eq(a->at[i].key, b->at[i].key) || !str_eq(a->at[i].value, b->at[i].value))
			return false;
	return true;
}

/* The last group of these annotations that has room. */
static struct route_group *group_for(struct lowering *lw, struct route_groups *groups,
				     const struct gamma_annotations *annotations)
{
	struct route_group *group;

	for (uint32_t i = groups->all.n; i > 0; i--) {
		group = &groups->all.at[i - 1];
		if (same_annotations(&group->annotations, annotations) &&
		    group->rules.n < LIMIT_HTTP_ROUTE_RULES)
			return group;
	}
	group = vec_push(lw->mem, &groups->all);
	group->annotations = *annotations;
	return group;
}

/* Its condition is one that Linkerd can say; the table has reported the others. */
static bool is_sayable(const struct route *route)
{
	for (uint32_t i = 0; i < route->when.headers.n; i++)
		if (route->when.headers.at[i].inverted)
			return false;
	return !route->when.source_labels.n;
}

static bool is_heard(const struct route *route, const struct audience *to)
{
	return !route->when.source_space.n || str_eq(route->when.source_space, to->callers);
}

static bool is_hidden(const struct gamma_rules *before, const struct route *route)
{
	for (uint32_t i = 0; i < before->n; i++)
		if (condition_eq(&before->at[i]->when, &route->when))
			return true;
	return false;
}

/* Where the object stands says who the callers are: the routes themselves need not, and may become alike. */
static struct gamma_rules heard_by(struct lowering *lw, const struct destination_plan *d,
				   uint32_t port, const struct audience *to)
{
	struct gamma_rules out = { 0 };

	for (uint32_t i = 0; i < d->routes.n; i++) {
		struct route *route;

		if (d->routes.at[i].port != port || !is_heard(&d->routes.at[i], to) ||
		    !is_sayable(&d->routes.at[i]))
			continue;
		route = NEW(lw->mem, struct route, 1);
		*route = d->routes.at[i];
		route->when.source_space = S("");
		if (!is_hidden(&out, route))
			vec_add(lw->mem, &out, route);
	}
	return out;
}

static void collect(struct lowering *lw, const struct gamma_rules *rules, struct route_groups *out)
{
	for (uint32_t i = 0; i < rules->n; i++) {
		struct gamma_annotations annotations = annotations_of(lw, rules->at[i]);

		struct route_group *group = group_for(lw, out, &annotations);

		vec_add(lw->mem, &group->rules, rules->at[i]);
	}
}

static struct gamma_parent parent_of(struct lowering *lw, const struct destination_plan *d,
				     uint32_t port)
{
	return (struct gamma_parent){ d->remote ? mirror_name(lw->mem, d->service)
						: d->service->name,
				      d->service->space, port };
}

static bool is_named(struct str names, struct str name)
{
	while (names.n) {
		int64_t comma = str_find(names, ',');

		if (str_eq(str_slice(names, 0, comma < 0 ? names.n : (uint32_t)comma), name))
			return true;
		names = comma < 0 ? S("") : str_slice(names, (uint32_t)comma + 1, names.n);
	}
	return false;
}

/* The names of matchers, which nothing else of an HTTPRoute carries, before the other annotations. */
static struct gamma_annotations with_names(struct lowering *lw, const struct route_group *group)
{
	struct gamma_annotations out = { 0 };
	struct str names = S("");

	for (uint32_t i = 0; i < group->rules.n; i++) {
		struct str name = group->rules.at[i]->name;

		if (name.n && !is_named(names, name))
			names = names.n ? str_join(lw->mem, names, S(","), name) : name;
	}
	if (names.n)
		annotate(lw, &out, S("meshc.dev/matchers"), names);
	for (uint32_t i = 0; i < group->annotations.n; i++)
		vec_add(lw->mem, &out, group->annotations.at[i]);
	return out;
}

/* Numbered from the end: what holds for every request keeps its name when something narrower is added. */
static void print_groups(struct lowering *lw, const struct destination_plan *d, uint32_t port,
			 const struct audience *to, const struct route_groups *groups)
{
	for (uint32_t i = 0; i < groups->all.n; i++) {
		const struct route_group *group = &groups->all.at[i];
		uint32_t number = groups->all.n - i;
		struct gamma_http_route route = { .space = to->space,
						  .parent = parent_of(lw, d, port),
						  .rules = group->rules,
						  .annotations = with_names(lw, group) };

		route.name = number == 1 ? str_format(lw->mem, "%.*s-%u", STR(to->name), port)
					 : str_format(lw->mem, "%.*s-%u.%u", STR(to->name), port,
						      number);
		gamma_http_route(lw, &route);
	}
}

static void print_for(struct lowering *lw, const struct destination_plan *d, uint32_t port,
		      const struct audience *to)
{
	struct gamma_rules rules = heard_by(lw, d, port, to);
	struct route_groups groups = { 0 };

	collect(lw, &rules, &groups);
	linkerd_check_order(lw, d, &groups);
	print_groups(lw, d, port, to, &groups);
}

/* A route that does nothing but lead home: what happens without any route. */
static bool is_trivial(const struct route *route)
{
	for (enum feature f = 0; f < SETTING_MAX; f++)
		if (route->effect.value[f])
			return false;
	return true;
}

struct space_list {
	VEC(struct str) all;
};

static void add_once(struct lowering *lw, struct space_list *list, struct str space)
{
	for (uint32_t i = 0; i < list->all.n; i++)
		if (str_eq(list->all.at[i], space))
			return;
	vec_add(lw->mem, &list->all, space);
}

/*
 * Namespaces of callers that routes are for. A route for one namespace can stand
 * beside one for all only if the latter does nothing: Linkerd mixes the two. And a
 * route in the service's own namespace is for callers everywhere.
 */
static bool find_callers(struct lowering *lw, const struct destination_plan *d, uint32_t port,
			 struct space_list *out)
{
	const struct route *own = NULL, *all = NULL, *some = NULL;
	struct finding *f;

	for (uint32_t i = 0; i < d->routes.n; i++) {
		const struct route *route = &d->routes.at[i];

		if (route->port != port)
			continue;
		if (!route->when.source_space.n) {
			all = !is_trivial(route) ? route : all;
			continue;
		}
		some = route;
		own = str_eq(route->when.source_space, d->service->space) ? route : own;
		add_once(lw, out, route->when.source_space);
	}
	if (own)
		help(report_unsupported(
			     lw->diags, own->sources.at[0]->at, LINKERD,
			     S("routes for callers of the service's own namespace alone")),
		     "a route in the namespace of its service acts on callers everywhere");
	else if (some && all) {
		f = report_unsupported(lw->diags, linkerd_own_policy(some, all)->at, LINKERD,
				       S("routes for callers of one namespace beside routes for "
					 "all callers"));
		note(f, all->sources.at[0]->at, "this policy is for all callers");
		help(f, "Linkerd mixes the two and lets the older of them count");
	}
	return !own && !(some && all);
}

static void print_port(struct lowering *lw, const struct destination_plan *d, uint32_t port)
{
	struct space_list callers = { 0 };
	struct gamma_parent parent = parent_of(lw, d, port);
	struct audience everybody = { d->service->space, parent.name, S("") };

	if (!find_callers(lw, d, port, &callers))
		return;
	if (!callers.all.n)
		print_for(lw, d, port, &everybody);
	for (uint32_t i = 0; i < callers.all.n; i++) {
		struct str space = callers.all.at[i];
		struct audience some = { space,
					 str_join(lw->mem, parent.name, S("."), d->service->space),
					 space };

		/* Nobody calls from a namespace that is not there, and nothing can be put there. */
		if (cluster_has_namespace(lw->cluster->cluster, space))
			print_for(lw, d, port, &some);
	}
}

static bool has_address(const struct destination_plan *d)
{
	return d->remote || (!d->service->headless && d->service->type != SERVICE_EXTERNAL_NAME);
}

void linkerd_routes(struct lowering *lw, const struct destination_plan *d)
{
	uint32_t last = 0;

	if (!d->routes.n)
		return;
	linkerd_check_beside(lw, d);
	if (!has_address(d)) {
		note(report_unsupported(lw->diags,
					d->routes.at[0].sources.n
						? d->routes.at[0].sources.at[0]->at
						: d->service->at,
					LINKERD, S("routes of a service without a cluster IP")),
		     d->service->at, "this service");
		return;
	}
	for (uint32_t i = 0; i < d->routes.n; i++) {
		if (d->routes.at[i].port != last)
			print_port(lw, d, d->routes.at[i].port);
		last = d->routes.at[i].port;
	}
}
