/*
 * Routes of a Service -> HTTPRoute, one rule each, in their order.
 *
 *	route 9080: 75 % reviews, 25 % reviews-c2  ->  - backendRefs:
 *	                                                 - {group: "", kind: Service, name: reviews, port: 9080, weight: 75}
 *	                                                 - {group: "", kind: Service, name: reviews-c2, port: 9080, weight: 25}
 */
#include "base/base.h"
#include "target/gamma/gamma.h"

#include "base/limit.h"

static const struct object_type http_route = { "gateway.networking.k8s.io",
					       "gateway.networking.k8s.io/v1", "HTTPRoute",
					       STAGE_ROUTE };
/* v1beta1 is what every release of the Gateway API serves. */
static const struct object_type reference_grant = { "gateway.networking.k8s.io",
						    "gateway.networking.k8s.io/v1beta1",
						    "ReferenceGrant", STAGE_DEFINE };

static void put_service(struct lowering *lw, struct node *ref, struct str name, struct str space,
			uint32_t port, struct span at)
{
	put_text(lw, ref, S("group"), S(""), at);
	put_text(lw, ref, S("kind"), S("Service"), at);
	put_text(lw, ref, S("name"), name, at);
	put_text(lw, ref, S("namespace"), space, at);
	put_int(lw, ref, S("port"), port, at);
}

/* The Service that stands for the backend in the caller's cluster. */
static struct str name_of(struct lowering *lw, const struct backend *to)
{
	return to->service->cluster == lw->cluster->cluster ? to->service->name
							    : mirror_name(lw->mem, to->service);
}

static void put_backends(struct lowering *lw, struct node *rule, const struct route *route)
{
	struct node *list = put_seq(lw, rule, S("backendRefs"), rule->at);

	for (uint32_t i = 0; i < route->to.n; i++) {
		const struct backend *to = &route->to.at[i];
		struct node *ref = add_map(lw, list, to->at);

		put_service(lw, ref, name_of(lw, to), to->service->space, to->port, to->at);
		if (route->to.n > 1)
			put_int(lw, ref, S("weight"), to->weight, to->weight_at);
	}
	check_limit(lw, rule->at, S("backendRefs of an HTTPRoute rule"), route->to.n,
		    LIMIT_HTTP_BACKENDS);
}

static bool is_removed(const struct texts *removed, struct str name)
{
	for (uint32_t i = 0; i < removed->n; i++)
		if (str_eq_nocase(removed->item[i].s, name))
			return true;
	return false;
}

/* A percent sign is doubled where proxies read commands; here nobody does. */
static struct str plain_value(struct lowering *lw, struct str value)
{
	char *p = NEW(lw->mem, char, (size_t)value.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < value.n; i++) {
		p[n++] = value.p[i];
		i += value.p[i] == '%' && i + 1 < value.n && value.p[i + 1] == '%';
	}
	return (struct str){ p, n };
}

static void put_header(struct lowering *lw, struct node *map, struct str key,
		       const struct text_pair *pair)
{
	struct node *list = node_get(map, key), *item;

	if (!list)
		list = put_seq(lw, map, key, pair->key.at);
	item = add_map(lw, list, pair->key.at);
	gamma_name(lw, item, pair->key.s, pair->key.at);
	put_text(lw, item, S("value"), plain_value(lw, pair->value.s), pair->value.at);
	if (!pair->value.s.n)
		report_bad_format(lw->diags, pair->value.at, S(""), S("the value"),
				  S("of a header"));
	if (pair->value.s.n > LIMIT_HTTP_HEADER_BYTES)
		report_value_too_long(lw->diags, pair->value.at, S("value"),
				      str_format(lw->mem, "%u", LIMIT_HTTP_HEADER_BYTES));
}

/*
 * Proxies add, set and remove in this order; a policy removes first. So what it
 * removes and adds is set, and removed no more.
 */
static void put_modifier(struct lowering *lw, struct node *filters, const char *type,
			 const char *key, const struct text_map *add, const struct texts *remove)
{
	struct node *filter, *map, *list = NULL;

	if (!add->n && !remove->n)
		return;
	filter = add_map(lw, filters, add->n ? add->at : remove->at);
	put_text(lw, filter, S("type"), str_of(type), filter->at);
	map = put_map(lw, filter, str_of(key), filter->at);
	for (uint32_t i = 0; i < add->n; i++)
		if (is_removed(remove, add->item[i].key.s))
			put_header(lw, map, S("set"), &add->item[i]);
	for (uint32_t i = 0; i < add->n; i++)
		if (!is_removed(remove, add->item[i].key.s))
			put_header(lw, map, S("add"), &add->item[i]);
	for (uint32_t i = 0; i < remove->n; i++) {
		bool added = false;

		for (uint32_t k = 0; k < add->n && !added; k++)
			added = str_eq_nocase(add->item[k].key.s, remove->item[i].s);
		if (added)
			continue;
		if (!list)
			list = put_seq(lw, map, S("remove"), remove->at);
		add_text(lw, list, remove->item[i].s, remove->item[i].at);
	}
	check_limit(lw, filter->at, str_format(lw->mem, "headers of an HTTPRoute %s", type),
		    add->n > remove->n ? add->n : remove->n, LIMIT_HTTP_MATCH_VALUES);
}

static void put_filters(struct lowering *lw, struct node *rule, const struct effect *effect)
{
	const struct header_manipulation *h = effect_headers(effect);
	struct node *filters;

	if (!h)
		return;
	filters = node_seq(lw->mem, h->at);
	put_modifier(lw, filters, "RequestHeaderModifier", "requestHeaderModifier",
		     &h->append_request_headers, &h->remove_request_headers);
	put_modifier(lw, filters, "ResponseHeaderModifier", "responseHeaderModifier",
		     &h->append_response_headers, &h->remove_response_headers);
	if (filters->n)
		node_put(lw->mem, rule, S("filters"), filters);
}

static void put_rule(struct lowering *lw, struct node *list, const struct route *route)
{
	struct span at = route->sources.n ? route->sources.at[0]->at : list->at;
	struct node *rule = add_map(lw, list, at), *match = node_map(lw->mem, at);

	gamma_match(lw, match, &route->when, at);
	if (match->n)
		node_add(lw->mem, put_seq(lw, rule, S("matches"), at), match);
	put_filters(lw, rule, &route->effect);
	put_backends(lw, rule, route);
}

static void put_annotations(struct lowering *lw, struct object *object,
			    const struct gamma_annotations *annotations, struct span at)
{
	struct node *map;

	if (!annotations->n)
		return;
	map = put_map(lw, node_get(object->body, S("metadata")), S("annotations"), at);
	for (uint32_t i = 0; i < annotations->n; i++)
		put_text(lw, map, annotations->at[i].key, annotations->at[i].value, at);
}

/* One grant per pair of namespaces and backend: equal ones of several routes become one object. */
static void grant(struct lowering *lw, const struct gamma_http_route *from,
		  const struct route *route, const struct backend *to)
{
	struct node *spec = node_map(lw->mem, to->at), *item;
	struct str name = name_of(lw, to);
	struct object *object;

	item = add_map(lw, put_seq(lw, spec, S("from"), to->at), to->at);
	put_text(lw, item, S("group"), S("gateway.networking.k8s.io"), to->at);
	put_text(lw, item, S("kind"), S("HTTPRoute"), to->at);
	put_text(lw, item, S("namespace"), from->space, to->at);
	item = add_map(lw, put_seq(lw, spec, S("to"), to->at), to->at);
	put_text(lw, item, S("group"), S(""), to->at);
	put_text(lw, item, S("kind"), S("Service"), to->at);
	put_text(lw, item, S("name"), name, to->at);
	object = new_object(lw, &reference_grant, to->service->space,
			    str_join(lw->mem, name, S(".from-"), from->space), to->at, spec);
	ADD_SOURCES(lw, object, route->sources);
}

static void grant_all(struct lowering *lw, const struct gamma_http_route *from)
{
	for (uint32_t i = 0; i < from->rules.n; i++)
		for (uint32_t k = 0; k < from->rules.at[i]->to.n; k++)
			if (!str_eq(from->rules.at[i]->to.at[k].service->space, from->space))
				grant(lw, from, from->rules.at[i], &from->rules.at[i]->to.at[k]);
}

void gamma_http_route(struct lowering *lw, const struct gamma_http_route *r)
{
	const struct route *first = r->rules.at[0];
	struct span at = first->sources.n ? first->sources.at[0]->at : (struct span){ 0 };
	struct node *spec = node_map(lw->mem, at), *list;
	struct object *object;

	put_service(lw, add_map(lw, put_seq(lw, spec, S("parentRefs"), at), at), r->parent.name,
		    r->parent.space, r->parent.port, at);
	list = put_seq(lw, spec, S("rules"), at);
	for (uint32_t i = 0; i < r->rules.n; i++)
		put_rule(lw, list, r->rules.at[i]);
	object = new_object(lw, &http_route, r->space, r->name, at, spec);
	put_annotations(lw, object, &r->annotations, at);
	for (uint32_t i = 0; i < r->rules.n; i++)
		ADD_SOURCES(lw, object, r->rules.at[i]->sources);
	grant_all(lw, r);
}
