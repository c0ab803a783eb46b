/*
 * What the plan of a cluster asks of a mesh, feature by feature.
 *
 * Settings are taken after the merge: what nobody's request gets is asked of no
 * mesh. Their parts are found by path in the shape of the setting, so that a new
 * field needs a row of feature.def and nothing here.
 */
#include "base/base.h"

#include "plan/local.h"

#include "schema/shape.h"

struct asking {
	const bool *wanted;
	bool parts[SETTING_MAX], matches; /* some part of the setting, some match is wanted */
	void (*each)(void *cx, const struct asked *);
	void *cx;
};

static void ask(const struct asking *x, enum feature feature, struct span at,
		const struct resource *by)
{
	if (x->wanted[feature])
		x->each(x->cx, &(struct asked){ feature, at, by });
}

/* The part of the path before the next dot; the rest goes into *rest. */
static struct str next_part(struct str *rest)
{
	int64_t dot = str_find(*rest, '.');
	struct str part = str_slice(*rest, 0, dot < 0 ? rest->n : (uint32_t)dot);

	*rest = dot < 0 ? S("") : str_slice(*rest, (uint32_t)dot + 1, rest->n);
	return part;
}

static const struct shape_field *field_called(const struct shape *shape, struct str name)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (str_eq(name, str_of(shape->fields[i].name)))
			return &shape->fields[i];
	BUG("%s has no field %.*s", shape->name, STR(name));
}

struct any_list { /* what every LIST starts with */
	const char *item;
	uint32_t n;
	struct span at;
};

/* Where the field at `path` of an object is given; unset: nowhere. */
struct span field_given(const struct shape *shape, const void *object, struct str path)
{
	const struct shape_field *field = field_called(shape, next_part(&path));
	const char *at = (const char *)object + field->offset;
	const struct any_list *list = (const void *)at;
	const void *inner;

	switch (field->type) {
	case FIELD_OBJECT:
		inner = *(const void *const *)(const void *)at;
		if (!inner || !path.n)
			return inner ? *(const struct span *)inner : (struct span){ 0 };
		return field_given(field->shape, inner, path);
	case FIELD_OBJECTS:
		for (uint32_t i = 0; path.n && i < list->n; i++) {
			struct span found = field_given(
				field->shape, list->item + (size_t)i * field->shape->size, path);

			if (span_set(found))
				return found;
		}
		return path.n ? (struct span){ 0 } : list->at;
	case FIELD_NODE:
		inner = *(const void *const *)(const void *)at;
		return inner ? ((const struct node *)inner)->at : (struct span){ 0 };
	case FIELD_TEXT:
		return ((const struct text *)(const void *)at)->at;
	case FIELD_NUMBER:
		return ((const struct number *)(const void *)at)->at;
	case FIELD_FLAG:
		return ((const struct flag *)(const void *)at)->at;
	case FIELD_CHOICE:
		return ((const struct choice *)(const void *)at)->at;
	case FIELD_TEXTS:
	case FIELD_NUMBERS:
	case FIELD_TEXT_MAP:
		return list->at;
	case FIELD_IGNORED:
	case FIELD_LATER:
		break;
	}
	return (struct span){ 0 };
}

/* Values that proxies would read commands in: a `%` that is not one of a pair. */
static struct span commands_in(const struct text_map *headers)
{
	for (uint32_t i = 0; i < headers->n; i++) {
		struct str value = headers->item[i].value.s;

		for (uint32_t k = 0; k < value.n; k++) {
			if (value.p[k] != '%')
				continue;
			if (k + 1 == value.n || value.p[k + 1] != '%')
				return headers->item[i].value.at;
			k++;
		}
	}
	return (struct span){ 0 };
}

/* Parts that are asked for by a value, not by the field's being there. */
static bool by_value(enum feature part, const void *value, struct span *at)
{
	const struct header_manipulation *h = value;
	const struct mtls_policy *mtls = value;

	if (part == FEATURE_HEADER_COMMANDS) {
		*at = commands_in(&h->append_request_headers);
		if (!span_set(*at))
			*at = commands_in(&h->append_response_headers);
		return true;
	}
	if (part == FEATURE_TLS_SIMPLE) {
		if (mtls->istio && mtls->istio->tls_mode.v == TLS_MODE_SIMPLE)
			*at = mtls->istio->tls_mode.at;
		return true;
	}
	return false;
}

static void ask_part(const struct asking *x, enum feature setting, enum feature part,
		     const void *value, const struct resource *by)
{
	struct str path = str_of(feature_path(part));
	struct span at = { 0 };

	if (!by_value(part, value, &at)) {
		next_part(&path); /* policy */
		next_part(&path); /* the setting */
		at = field_given(feature_field(setting)->shape, value, path);
	}
	if (span_set(at))
		ask(x, part, at, by);
}

static void ask_effect(const struct asking *x, const struct effect *effect)
{
	for (enum feature f = 0; f < SETTING_MAX; f++) {
		if (!effect->value[f])
			continue;
		ask(x, f, effect->at[f], effect->owner[f]);
		for (enum feature part = SETTING_MAX; x->parts[f] && part < FEATURE_MAX; part++)
			if (x->wanted[part] && feature_is_part(part, f))
				ask_part(x, f, part, effect->value[f], effect->owner[f]);
	}
}

static bool has_inverted(const struct condition *c)
{
	for (uint32_t i = 0; i < c->headers.n; i++)
		if (c->headers.at[i].inverted)
			return true;
	return false;
}

/* The matching features that the condition of a route is made of. */
static bool condition_asks(const struct route *route, enum feature feature)
{
	const struct condition *c = &route->when;

	switch ((int)feature) {
	case FEATURE_CALLER_NAMESPACES:
		return c->source_space.n > 0;
	case FEATURE_CALLER_LABELS:
		return c->source_labels.n > 0;
	case FEATURE_MATCH_NAME:
		return route->name.n > 0;
	case FEATURE_PATH_EXACT:
		return c->path.how == MATCH_EXACT;
	case FEATURE_PATH_PREFIX:
		return c->path.how == MATCH_PREFIX;
	case FEATURE_PATH_SUFFIX:
		return c->path.how == MATCH_SUFFIX;
	case FEATURE_PATH_REGEX:
		return c->path.how == MATCH_REGEX;
	case FEATURE_PATH_IGNORE_CASE:
		return c->path.ignore_case;
	case FEATURE_METHOD:
		return c->method.n > 0;
	case FEATURE_HEADER:
		return c->headers.n > 0;
	case FEATURE_HEADER_REGEX:
		return matches_have_regex(c->headers.at, c->headers.n);
	case FEATURE_HEADER_INVERTED:
		return has_inverted(c);
	case FEATURE_QUERY:
		return c->query.n > 0;
	case FEATURE_QUERY_REGEX:
		return matches_have_regex(c->query.at, c->query.n);
	}
	BUG("feature %d is no way to match", (int)feature);
}

/* Of the policies that take part in the route, the first that gives the field. */
static void ask_match(const struct asking *x, const struct route *route, enum feature feature)
{
	const struct resource *by = NULL;
	struct span at = { 0 };

	for (uint32_t i = 0; i < route->sources.n && !span_set(at); i++) {
		by = route->sources.at[i];
		at = field_given(&shape_traffic_policy_spec,
				 ((const struct traffic_policy *)by->body)->spec,
				 str_of(feature_path(feature)));
	}
	if (!span_set(at) && route->sources.n)
		at = route->sources.at[0]->at;
	ask(x, feature, at, by);
}

static void ask_route(const struct asking *x, const struct route *route)
{
	ask_effect(x, &route->effect);
	for (enum feature f = FEATURE_CALLER_NAMESPACES; x->matches && f <= FEATURE_QUERY_REGEX;
	     f++)
		if (x->wanted[f] && condition_asks(route, f))
			ask_match(x, route, f);
}

static void ask_by_path(const struct asking *x, enum feature feature, const struct shape *shape,
			const void *spec, const struct resource *by)
{
	struct span at;

	if (!x->wanted[feature])
		return;
	at = field_given(shape, spec, str_of(feature_path(feature)));
	if (span_set(at))
		ask(x, feature, at, by);
}

static void ask_access(const struct asking *x, const struct access_plan *access)
{
	for (uint32_t i = 0; i < access->sources.n; i++) {
		const struct resource *by = access->sources.at[i];

		for (enum feature f = FEATURE_BY_IDENTITY;
		     by->kind == KIND_ACCESS_POLICY && f <= FEATURE_ALLOWED_PORTS; f++)
			ask_by_path(x, f, &shape_access_policy_spec,
				    ((const struct access_policy *)by->body)->spec, by);
		if (access->kind == ACCESS_NOTHING)
			ask(x, FEATURE_DENY_BY_DEFAULT,
			    ((const struct virtual_mesh *)by->body)->spec->global_access_policy.at,
			    by);
	}
}

/* What a virtual mesh asks of those who import or export something by its grace. */
static void ask_federation(const struct asking *x, const struct resource *by)
{
	const struct virtual_mesh_spec *spec = ((const struct virtual_mesh *)by->body)->spec;
	const struct federation *federation = spec->federation;

	if (!federation)
		return;
	/* Whether the suffix is given or not, services get names by it. */
	ask(x, FEATURE_FEDERATED_HOST,
	    given(federation->hostname_suffix) ? federation->hostname_suffix.at : federation->at,
	    by);
	if (federation->flat_network.v)
		ask(x, FEATURE_FLAT_NETWORK, federation->flat_network.at, by);
	if (is_clusterset(by))
		ask(x, FEATURE_CLUSTERSET, federation->at, by);
	ask_by_path(x, FEATURE_FEDERATED_TO, &shape_virtual_mesh_spec, spec, by);
	for (enum feature f = FEATURE_KEEPALIVE_PROBES; f <= FEATURE_KEEPALIVE_INTERVAL; f++)
		ask_by_path(x, f, &shape_virtual_mesh_spec, spec, by);
}

void plan_asked(const struct cluster_plan *plan, const bool *wanted,
		void (*each)(void *cx, const struct asked *), void *cx)
{
	struct asking x = { .wanted = wanted, .each = each, .cx = cx };
	const struct resource *last = NULL;

	for (enum feature f = 0; f < FEATURE_MAX; f++) {
		for (enum feature s = 0; s < SETTING_MAX; s++)
			x.parts[s] = x.parts[s] || (wanted[f] && feature_is_part(f, s));
		x.matches = x.matches || (wanted[f] && f >= FEATURE_CALLER_NAMESPACES &&
					  f <= FEATURE_QUERY_REGEX);
	}
	for (uint32_t i = 0; i < plan->destinations.n; i++) {
		const struct destination_plan *d = &plan->destinations.at[i];

		ask_effect(&x, &d->client);
		for (uint32_t r = 0; r < d->routes.n; r++)
			ask_route(&x, &d->routes.at[r]);
		if (d->remote && d->import->virtual_mesh != last)
			ask_federation(&x, last = d->import->virtual_mesh);
	}
	for (uint32_t i = 0; i < plan->exports.n; i++)
		if (plan->exports.at[i].virtual_mesh != last)
			ask_federation(&x, last = plan->exports.at[i].virtual_mesh);
	for (uint32_t i = 0; i < plan->access.n; i++)
		ask_access(&x, &plan->access.at[i]);
}
