/*
 * What a TrafficPolicy asks for one kind of request -> fields of an HTTPRoute.
 *
 *	retries: {attempts: 3}    ->    retries: {attempts: 3}
 *	percentage: 12.5          ->    percentage: {value: 12.5}
 */
#include "base/base.h"
#include "target/istio/local.h"

/* The place of a value, or of the setting that it is a default of. */
static struct span place(struct span written, struct span setting)
{
	return span_set(written) ? written : setting;
}

static void put_share(struct lowering *lw, struct node *map, const struct number *percentage,
		      struct span at)
{
	struct node *share = put_map(lw, map, S("percentage"), place(percentage->at, at));

	put_percent(lw, share, S("value"), percentage->v, share->at);
}

static void put_timeout(struct lowering *lw, struct node *http, const struct effect *effect)
{
	const struct number *timeout = effect_timeout(effect);

	if (timeout)
		put_duration(lw, http, S("timeout"), timeout->v,
			     place(timeout->at, effect->at[FEATURE_REQUEST_TIMEOUT]));
}

static void put_retries(struct lowering *lw, struct node *http, const struct effect *effect)
{
	const struct retry_policy *retries = effect_retries(effect);
	struct span at = effect->at[FEATURE_RETRIES];
	struct node *map;

	if (!retries)
		return;
	map = put_map(lw, http, S("retries"), at);
	put_int(lw, map, S("attempts"), retries->attempts.v, place(retries->attempts.at, at));
	if (given(retries->per_try_timeout))
		put_duration(lw, map, S("perTryTimeout"), retries->per_try_timeout.v,
			     retries->per_try_timeout.at);
}

static void put_fault(struct lowering *lw, struct node *http, const struct effect *effect)
{
	const struct fault_injection *fault = effect_fault(effect);
	struct span at = effect->at[FEATURE_FAULT_INJECTION];
	struct node *map;

	if (!fault)
		return;
	map = put_map(lw, http, S("fault"), at);
	if (fault->abort) {
		map = put_map(lw, map, S("abort"), fault->abort->at);
		put_int(lw, map, S("httpStatus"), fault->abort->http_status.v,
			fault->abort->http_status.at);
	} else {
		map = put_map(lw, map, S("delay"), at);
		put_duration(lw, map, S("fixedDelay"), fault->fixed_delay.v, fault->fixed_delay.at);
	}
	put_share(lw, map, &fault->percentage, at);
}

static void put_mirror(struct lowering *lw, struct node *http, const struct route *route)
{
	const struct mirror *mirror = effect_mirror(&route->effect);
	struct node *item;

	if (!mirror || !route->mirror)
		return;
	item = put_seq(lw, http, S("mirrors"), mirror->at);
	item = add_map(lw, item, mirror->at);
	istio_destination(lw, item, route->mirror);
	put_share(lw, item, &mirror->percentage, mirror->at);
}

static void put_header_edits(struct lowering *lw, struct node *headers, struct str key,
			     const struct text_map *add, const struct texts *remove, struct span at)
{
	struct node *map;

	if (!add->n && !remove->n)
		return;
	map = put_map(lw, headers, key, at);
	put_text_map(lw, map, S("add"), add);
	put_texts(lw, map, S("remove"), remove);
}

static void put_headers(struct lowering *lw, struct node *http, const struct effect *effect)
{
	const struct header_manipulation *h = effect_headers(effect);
	struct span at = effect->at[FEATURE_HEADER_MANIPULATION];
	struct node *map;

	if (!h)
		return;
	map = node_map(lw->mem, at);
	put_header_edits(lw, map, S("request"), &h->append_request_headers,
			 &h->remove_request_headers, at);
	put_header_edits(lw, map, S("response"), &h->append_response_headers,
			 &h->remove_response_headers, at);
	if (map->n)
		node_put(lw->mem, http, S("headers"), map);
}

static struct match origin_match(const struct string_match *m)
{
	struct match out = { .ignore_case = m->ignore_case.v };

	if (given(m->exact))
		out.how = MATCH_EXACT, out.value = m->exact.s;
	else if (given(m->prefix))
		out.how = MATCH_PREFIX, out.value = m->prefix.s;
	else if (given(m->suffix))
		out.how = MATCH_SUFFIX, out.value = m->suffix.s;
	else
		out.how = MATCH_REGEX, out.value = m->regex.s;
	return out;
}

static void put_cors(struct lowering *lw, struct node *http, const struct effect *effect)
{
	const struct cors_policy *cors = effect_cors(effect);
	struct node *map, *origins = NULL;

	if (!cors)
		return;
	map = put_map(lw, http, S("corsPolicy"), effect->at[FEATURE_CORS_POLICY]);
	for (uint32_t i = 0; i < cors->allow_origins.n; i++) {
		const struct string_match *origin = &cors->allow_origins.item[i];
		struct match match = origin_match(origin);

		if (!origins)
			origins = put_seq(lw, map, S("allowOrigins"), cors->allow_origins.at);
		istio_string_match(lw, add_map(lw, origins, origin->at), &match, origin->at);
	}
	put_texts(lw, map, S("allowMethods"), &cors->allow_methods);
	put_texts(lw, map, S("allowHeaders"), &cors->allow_headers);
	put_texts(lw, map, S("exposeHeaders"), &cors->expose_headers);
	if (given(cors->max_age))
		put_duration(lw, map, S("maxAge"), cors->max_age.v, cors->max_age.at);
	if (given(cors->allow_credentials))
		put_bool(lw, map, S("allowCredentials"), cors->allow_credentials.v,
			 cors->allow_credentials.at);
}

void istio_route_settings(struct lowering *lw, struct node *http, const struct route *route)
{
	put_timeout(lw, http, &route->effect);
	put_retries(lw, http, &route->effect);
	put_fault(lw, http, &route->effect);
	put_mirror(lw, http, route);
	put_headers(lw, http, &route->effect);
	put_cors(lw, http, &route->effect);
}
