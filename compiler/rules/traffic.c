/*
 * What a TrafficPolicy may not say, whatever it selects.
 */
#include "base/base.h"

#include "base/buf.h"
#include "base/map.h"
#include "rules/local.h"

void rule_weights(struct rule_cx *cx, const struct resource *r,
		  const struct traffic_policy_spec *spec)
{
	const struct traffic_shift *shift = spec->policy ? spec->policy->traffic_shift : NULL;
	int64_t sum = 0;

	(void)r;
	for (uint32_t i = 0; shift && i < shift->destinations.n; i++)
		sum += shift->destinations.item[i].weight.v;
	if (shift && sum != 100)
		help(report_weights_sum(cx->diags, shift->destinations.at,
					str_format(cx->mem, "%" PRId64, sum)),
		     "weights are percentages");
}

void rule_retries(struct rule_cx *cx, const struct resource *r,
		  const struct traffic_policy_spec *spec)
{
	const struct retry_policy *retries = spec->policy ? spec->policy->retries : NULL;

	(void)r;
	if (retries && given(retries->attempts) && !retries->attempts.v &&
	    given(retries->per_try_timeout))
		help(report_retries_disabled_fields(cx->diags, retries->per_try_timeout.at),
		     "leave `perTryTimeout` out, or allow an attempt");
}

static bool is_pseudo(struct str name)
{
	return name.n && name.p[0] == ':';
}

static void check_header(struct rule_cx *cx, const struct text *name)
{
	if (is_pseudo(name->s))
		report_forbidden_header(cx->diags, name->at, name->s,
					S("it is part of the request line, not a header"));
	else if (str_eq_nocase(name->s, S("host")))
		report_forbidden_header(cx->diags, name->at, name->s,
					S("it names the destination"));
}

void rule_headers(struct rule_cx *cx, const struct resource *r,
		  const struct traffic_policy_spec *spec)
{
	const struct header_manipulation *h =
		spec->policy ? spec->policy->header_manipulation : NULL;

	(void)r;
	if (!h)
		return;
	for (uint32_t i = 0; i < h->append_request_headers.n; i++)
		check_header(cx, &h->append_request_headers.item[i].key);
	for (uint32_t i = 0; i < h->append_response_headers.n; i++)
		check_header(cx, &h->append_response_headers.item[i].key);
	for (uint32_t i = 0; i < h->remove_request_headers.n; i++)
		check_header(cx, &h->remove_request_headers.item[i]);
	for (uint32_t i = 0; i < h->remove_response_headers.n; i++)
		check_header(cx, &h->remove_response_headers.item[i]);
}

/* seen: keys of names -> the first of them. */
static void check_repeated(struct rule_cx *cx, struct map *seen, struct str key,
			   const struct text *name)
{
	void **slot = map_put(seen, key);
	const struct text *first = *slot;

	if (first)
		note(report_repeated_matcher(cx->diags, name->at, name->s), first->at,
		     "first matched here");
	else
		*slot = (void *)(uintptr_t)name;
}

/* A name may be matched and, once more, matched inverted. */
static struct str header_key(struct arena *mem, const struct header_matcher *h)
{
	struct buf key = buf_new(mem, 0);

	buf_char(&key, h->invert_match.v ? '!' : '=');
	for (uint32_t i = 0; i < h->name.s.n; i++) {
		char c = h->name.s.p[i];

		buf_char(&key, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	return buf_view(&key);
}

static void check_repeated_headers(struct rule_cx *cx, const struct http_matcher *m)
{
	struct map seen = map_new(cx->mem);

	for (uint32_t i = 0; i < m->headers.n; i++)
		check_repeated(cx, &seen, header_key(cx->mem, &m->headers.item[i]),
			       &m->headers.item[i].name);
}

static void check_repeated_parameters(struct rule_cx *cx, const struct http_matcher *m)
{
	struct map seen = map_new(cx->mem);

	for (uint32_t i = 0; i < m->query_parameters.n; i++)
		check_repeated(cx, &seen, m->query_parameters.item[i].name.s,
			       &m->query_parameters.item[i].name);
}

void rule_repeated_matchers(struct rule_cx *cx, const struct resource *r,
			    const struct traffic_policy_spec *spec)
{
	(void)r;
	for (uint32_t i = 0; i < spec->http_request_matchers.n; i++) {
		check_repeated_headers(cx, &spec->http_request_matchers.item[i]);
		check_repeated_parameters(cx, &spec->http_request_matchers.item[i]);
	}
}

/* "x-user is jason" and "x-user is not jason" in one matcher. */
void rule_impossible_matchers(struct rule_cx *cx, const struct resource *r,
			      const struct traffic_policy_spec *spec)
{
	static const struct condition any;
	struct arena *scratch = arena_new();

	(void)r;
	for (uint32_t i = 0; i < spec->http_request_matchers.n; i++) {
		struct condition when = { 0 }, both;
		struct arena_mark mark = arena_mark(scratch);
		struct str why;

		condition_add_request(scratch, &spec->http_request_matchers.item[i], &when);
		if (condition_meet(scratch, &any, &when, &both, &why) == MEET_EMPTY)
			help(report_matches_nothing(cx->diags,
						    spec->http_request_matchers.item[i].at),
			     "two of its parts exclude each other");
		arena_rewind(scratch, mark);
	}
	arena_free(scratch);
}

/* headerManipulation: {}, mtls: {}: given, but nothing in them. */
static bool sets_nothing(enum feature feature, const void *value)
{
	const struct header_manipulation *h = value;

	if (feature == FEATURE_MTLS)
		return !((const struct mtls_policy *)value)->istio;
	return feature == FEATURE_HEADER_MANIPULATION && !h->append_request_headers.n &&
	       !h->remove_request_headers.n && !h->append_response_headers.n &&
	       !h->remove_response_headers.n;
}

void rule_empty_policy(struct rule_cx *cx, const struct resource *r,
		       const struct traffic_policy_spec *spec)
{
	bool any = false;

	for (enum feature feature = 0; spec->policy && feature < SETTING_MAX; feature++) {
		struct span at;
		const void *value = feature_value(spec->policy, feature, &at);

		any |= value != NULL;
		if (value && sets_nothing(feature, value))
			help(report_empty_policy(cx->diags, at),
			     "set something in it, or remove it");
	}
	if (any)
		return;
	help(report_empty_policy(cx->diags, spec->policy ? spec->policy->at : r->at),
	     "set something below `spec.policy`, or remove the policy");
}

/* What narrows the policy to some requests or callers, for a finding; empty: nothing. */
static struct str narrowing(const struct traffic_policy_spec *spec, struct span *at)
{
	for (uint32_t i = 0; i < spec->source_selector.n; i++) {
		const struct kube_workload_matcher *m =
			spec->source_selector.item[i].kube_workload_matcher;

		*at = spec->source_selector.item[i].at;
		if (m && m->labels.n)
			return S("labels of callers");
		if (m && m->namespaces.n)
			return S("namespaces of callers");
	}
	*at = spec->http_request_matchers.at;
	return spec->http_request_matchers.n ? S("request matchers") : S("");
}

void rule_narrowed(struct rule_cx *cx, const struct resource *r,
		   const struct traffic_policy_spec *spec)
{
	struct span at, where = { 0 };
	struct str by = narrowing(spec, &where);

	(void)r;
	for (enum feature feature = 0; spec->policy && by.n && feature < SETTING_MAX; feature++) {
		struct finding *f;

		if (!feature_of_destination(feature) || !feature_value(spec->policy, feature, &at))
			continue;
		f = report_narrowed_setting(cx->diags, at, str_of(feature_name(feature)), by);
		note(f, where, "narrowed here");
		help(f, "put `%s` into a policy that selects callers by cluster at most",
		     feature_name(feature));
	}
}

static struct str duration_text(struct arena *mem, int64_t ns)
{
	return ns % 1000000000 ? str_format(mem, "%" PRId64 "ms", ns / 1000000)
			       : str_format(mem, "%" PRId64 "s", ns / 1000000000);
}

/* Over the plan: timeout and retries may come from two policies. */
void rule_retry_budget(struct rule_cx *cx, const struct route *route)
{
	const struct retry_policy *retries = effect_retries(&route->effect);
	const struct number *timeout = effect_timeout(&route->effect);
	int64_t attempts;
	struct finding *f;

	if (!retries || !timeout || !retries->per_try_timeout.v || !retries->attempts.v)
		return;
	attempts = retries->attempts.v;
	if (attempts + 1 <= timeout->v / retries->per_try_timeout.v)
		return;
	f = report_retry_exceeds_timeout(cx->diags, route->effect.at[FEATURE_RETRIES],
					 str_format(cx->mem, "%" PRId64, attempts),
					 duration_text(cx->mem, retries->per_try_timeout.v),
					 duration_text(cx->mem, timeout->v));
	note(f, timeout->at, "the timeout covers them all");
}
