/*
 * Routes of a destination -> VirtualService, one http entry each, in their order.
 *
 *	route 9080: 75 % v1, 25 % c2  ->  - match: [{port: 9080}]
 *	                                    route:
 *	                                    - {destination: {host: ..., port: {number: 9080}, subset: v1}, weight: 75}
 */
#include "base/base.h"
#include "target/istio/local.h"

void istio_destination(struct lowering *lw, struct node *map, const struct backend *to)
{
	struct node *destination = put_map(lw, map, S("destination"), to->at);

	put_text(lw, destination, S("host"), to->host, to->at);
	put_int(lw, put_map(lw, destination, S("port"), to->at), S("number"), to->port, to->at);
	if (to->subset.n)
		put_text(lw, destination, S("subset"), to->subset, to->at);
}

static void put_backends(struct lowering *lw, struct node *http, const struct route *route)
{
	struct node *list = put_seq(lw, http, S("route"), http->at);

	for (uint32_t i = 0; i < route->to.n; i++) {
		const struct backend *to = &route->to.at[i];
		struct node *item = add_map(lw, list, to->at);

		istio_destination(lw, item, to);
		if (route->to.n > 1)
			put_int(lw, item, S("weight"), to->weight, to->weight_at);
	}
}

static struct span route_place(const struct route *route, struct span otherwise)
{
	return route->sources.n ? route->sources.at[0]->at : otherwise;
}

static struct node *spec_of(struct lowering *lw, const struct destination_plan *d)
{
	struct node *spec = node_map(lw->mem, d->service->at), *list;

	add_text(lw, put_seq(lw, spec, S("hosts"), spec->at), d->host, spec->at);
	list = put_seq(lw, spec, S("http"), spec->at);
	for (uint32_t i = 0; i < d->routes.n; i++) {
		const struct route *route = &d->routes.at[i];
		struct node *http = add_map(lw, list, route_place(route, spec->at));

		if (!route->to.n)
			BUG("route without backend for %.*s", STR(d->host));
		istio_match(lw, http, route);
		put_backends(lw, http, route);
		istio_route_settings(lw, http, route);
	}
	return spec;
}

void istio_virtual_service(struct lowering *lw, const struct destination_plan *d)
{
	struct str name = istio_name(lw, d);
	struct spaces spaces = istio_spaces(lw, d);
	struct node *spec;

	if (!d->routes.n)
		return;
	spec = spec_of(lw, d);
	for (uint32_t i = 0; i < spaces.all.n; i++) {
		struct object *object = istio_object(lw, ISTIO_VIRTUAL_SERVICE, spaces.all.at[i],
						     name, spec->at, spec);

		for (uint32_t r = 0; r < d->routes.n; r++)
			ADD_SOURCES(lw, object, d->routes.at[r].sources);
		if (d->remote)
			add_source(lw, object, d->import->virtual_mesh);
	}
}
