/*
 * Policies taken apart into atoms: one way to select the destination, one way to
 * select the caller, one request matcher. A policy is the union of its atoms, so
 * splitting a policy in two never changes what it means.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"

struct collect {
	struct arena *mem;
	const struct service *service;
	const struct cluster *consumer;
	struct policy_set *out;
	uint32_t policy;
	const struct condition *requests; /* of the policy, one per matcher */
};

const struct traffic_rules *rules_of(const struct resource *r)
{
	return ((const struct traffic_policy *)r->body)->spec->policy;
}

bool policy_sets(const struct resource *policy, bool of_destination)
{
	struct span at;

	for (enum feature feature = 0; feature < SETTING_MAX; feature++)
		if (feature_of_destination(feature) == of_destination &&
		    feature_value(rules_of(policy), feature, &at))
			return true;
	return false;
}

static struct str lower(struct arena *mem, struct str s)
{
	char *p = NEW(mem, char, s.n);

	for (uint32_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return (struct str){ p, s.n };
}

/* Every text starts and ends with nothing. */
static struct match match_of(struct arena *mem, enum match_how how, struct str value,
			     bool ignore_case)
{
	if (!value.n && (how == MATCH_PREFIX || how == MATCH_SUFFIX))
		how = MATCH_ANY, ignore_case = false;
	return match_new(mem, how, ignore_case, value);
}

/* uri: {...}, or the inline spellings of older files. */
static struct match path_of(struct arena *mem, const struct http_matcher *m)
{
	const struct string_match *uri = m->uri;

	if (!uri)
		return given(m->prefix)  ? match_of(mem, MATCH_PREFIX, m->prefix.s, false)
		       : given(m->exact) ? match_of(mem, MATCH_EXACT, m->exact.s, false)
		       : given(m->regex) ? match_of(mem, MATCH_REGEX, m->regex.s, false)
					 : match_of(mem, MATCH_ANY, S(""), false);
	if (given(uri->exact))
		return match_of(mem, MATCH_EXACT, uri->exact.s, uri->ignore_case.v);
	if (given(uri->prefix))
		return match_of(mem, MATCH_PREFIX, uri->prefix.s, uri->ignore_case.v);
	if (given(uri->suffix))
		return match_of(mem, MATCH_SUFFIX, uri->suffix.s, uri->ignore_case.v);
	/* Documented: the case rule has no effect on it. */
	return match_of(mem, MATCH_REGEX, uri->regex.s, false);
}

/* No value: the header or parameter has to be there. */
static struct match value_of(struct arena *mem, struct str value, bool regex)
{
	return !value.n ? match_of(mem, MATCH_PRESENT, S(""), false)
			: match_of(mem, regex ? MATCH_REGEX : MATCH_EXACT, value, false);
}

static int by_name(const void *a, const void *b)
{
	return named_match_order(a, b);
}

void condition_add_request(struct arena *mem, const struct http_matcher *m, struct condition *c)
{
	c->path = path_of(mem, m);
	c->method = m->method.s;
	for (uint32_t i = 0; i < m->headers.n; i++) {
		const struct header_matcher *h = &m->headers.item[i];

		vec_add(mem, &c->headers,
			((struct named_match){ lower(mem, h->name.s),
					       value_of(mem, h->value.s, h->regex.v),
					       h->invert_match.v }));
	}
	for (uint32_t i = 0; i < m->query_parameters.n; i++) {
		const struct query_parameter_matcher *q = &m->query_parameters.item[i];

		vec_add(mem, &c->query,
			((struct named_match){ q->name.s, value_of(mem, q->value.s, q->regex.v),
					       false }));
	}
	sort_stable(mem, c->headers.at, c->headers.n, sizeof *c->headers.at, by_name);
	sort_stable(mem, c->query.at, c->query.n, sizeof *c->query.at, by_name);
	condition_drop_implied(c);
}

void requests_build(struct arena *mem, struct builder *b)
{
	const struct snapshot *snapshot = b->snapshot;

	b->requests = NEW(mem, struct condition *, snapshot->traffic_policies.n);
	for (uint32_t i = 0; i < snapshot->traffic_policies.n; i++) {
		const struct traffic_policy *p = snapshot->traffic_policies.at[i]->body;
		uint32_t n = p->spec->http_request_matchers.n;

		b->requests[i] = NEW(mem, struct condition, n);
		for (uint32_t k = 0; k < n; k++)
			condition_add_request(mem, &p->spec->http_request_matchers.item[k],
					      &b->requests[i][k]);
	}
}

/* One atom per request matcher. */
static void collect_requests(struct collect *x, const struct http_matcher *item, uint32_t n,
			     struct atom atom)
{
	if (!n)
		vec_add(x->mem, &x->out->atoms, atom);
	for (uint32_t i = 0; i < n; i++) {
		struct atom one = atom;

		one.when = x->requests[i];
		one.when.source_space = atom.when.source_space;
		one.when.source_labels = atom.when.source_labels;
		one.name = item[i].name.s;
		vec_add(x->mem, &x->out->atoms, one);
	}
}

/* One per namespace of callers; a selector of clusters alone leaves callers of this cluster unconstrained. */
static void collect_source(struct collect *x, const struct traffic_policy_spec *spec,
			   const struct workload_selector *selector, struct atom atom)
{
	const struct kube_workload_matcher *m = selector ? selector->kube_workload_matcher : NULL;

	if (m) {
		atom.clusters = m->clusters.n ? &m->clusters : NULL;
		atom.spaces = m->namespaces.n ? &m->namespaces : NULL;
		atom.when.source_labels = labels_of(x->mem, &m->labels);
	}
	for (uint32_t i = 0; m && i < m->namespaces.n; i++) {
		atom.when.source_space = m->namespaces.item[i].s;
		collect_requests(x, spec->http_request_matchers.item, spec->http_request_matchers.n,
				 atom);
	}
	if (!m || !m->namespaces.n)
		collect_requests(x, spec->http_request_matchers.item, spec->http_request_matchers.n,
				 atom);
}

static void collect_sources(struct collect *x, const struct traffic_policy_spec *spec,
			    struct atom atom)
{
	if (!spec->source_selector.n)
		collect_source(x, spec, NULL, atom);
	for (uint32_t i = 0; i < spec->source_selector.n; i++)
		if (workload_selector_admits(&spec->source_selector.item[i], x->consumer))
			collect_source(x, spec, &spec->source_selector.item[i], atom);
}

static bool refers_to(const struct kube_service_refs *refs, const struct service *s)
{
	for (uint32_t i = 0; refs && i < refs->services.n; i++)
		if (str_eq(refs->services.item[i].name.s, s->name) &&
		    str_eq(refs->services.item[i].namespace.s, s->space) &&
		    str_eq(refs->services.item[i].cluster_name.s, s->cluster->name))
			return true;
	return false;
}

static void collect_policy(struct collect *x, const struct traffic_policy_spec *spec)
{
	struct atom atom = { .policy = x->policy };

	if (!spec->destination_selector.n)
		collect_sources(x, spec, atom);
	for (uint32_t i = 0; i < spec->destination_selector.n; i++) {
		const struct destination_selector *d = &spec->destination_selector.item[i];
		const struct destination_selector matcher = { .kube_service_matcher =
								      d->kube_service_matcher };

		if (refers_to(d->kube_service_refs, x->service)) {
			atom.by_name = true;
			collect_sources(x, spec, atom);
			atom.by_name = false;
		}
		if (d->kube_service_matcher && destination_selector_matches(&matcher, x->service)) {
			atom.matcher = d->kube_service_matcher;
			collect_sources(x, spec, atom);
			atom.matcher = NULL;
		}
	}
}

void atoms_collect(struct arena *mem, const struct builder *b, const struct service *s,
		   const struct cluster *consumer, struct policy_set *out)
{
	const struct id_list *bound = &b->traffic[id_of(b, s)];
	struct collect x = { .mem = mem, .service = s, .consumer = consumer, .out = out };

	memset(out, 0, sizeof *out);
	for (uint32_t i = 0; i < bound->n; i++) {
		const struct resource *r = b->snapshot->traffic_policies.at[bound->at[i]];
		uint32_t before = out->atoms.n;

		if (!rules_of(r))
			continue;
		x.policy = out->all.n;
		x.requests = b->requests[bound->at[i]];
		collect_policy(&x, ((const struct traffic_policy *)r->body)->spec);
		if (out->atoms.n > before)
			vec_add(mem, &out->all, r);
	}
}

/* Every name of `narrow` is in `wide`; an empty list means all. */
static bool list_within(const struct texts *narrow, const struct texts *wide)
{
	if (!wide || !wide->n)
		return true;
	if (!narrow || !narrow->n)
		return false;
	for (uint32_t i = 0; i < narrow->n; i++)
		if (!texts_have(wide, narrow->item[i].s))
			return false;
	return true;
}

static bool matcher_is_all(const struct kube_service_matcher *m)
{
	return !m || (!m->labels.n && !m->namespaces.n && !m->clusters.n);
}

/* Both select the destination at hand; a reference selects nothing else. */
static bool destination_within(const struct atom *narrow, const struct atom *wide)
{
	const struct kube_service_matcher *a = narrow->matcher, *b = wide->matcher;

	if (narrow->by_name || wide->by_name)
		return narrow->by_name;
	if (matcher_is_all(b))
		return true;
	return a && map_contains(&a->labels, &b->labels) &&
	       list_within(&a->namespaces, &b->namespaces) &&
	       list_within(&a->clusters, &b->clusters);
}

/* The condition holds one namespace of the list; the list as a whole says how wide the selector is. */
bool selectors_within(const struct atom *narrow, const struct atom *wide)
{
	return destination_within(narrow, wide) && list_within(narrow->clusters, wide->clusters) &&
	       list_within(narrow->spaces, wide->spaces);
}
