/*
 * See law.h. Tables say what a policy can be made of; each item is matched against requests by the few
 * lines below its table.
 */
#include "base/base.h"

#include "property/law.h"

#include <regex.h>

const struct service_of_world services[N_SERVICES] = {
	{ "reviews", "shop", "one", "reviews", "back", true },
	{ "ratings", "shop", "one", "ratings", "back", false },
	{ "reviews", "shop", "two", "reviews", "front", false },
};

static const char *const clusters[] = { "one", "two" };
static const char *const spaces[] = { "shop", "web" };
static const char *const versions[] = { "v1", "v2" };
static const char *const methods[] = { "GET", "POST", "PUT" };
static const char *const headers[] = { NULL, "jason", "eve" };
static const char *const queries[] = { NULL, "1" };
static const char *const paths[] = { "/",   "/a", "/a/", "/a/b", "/a/bc", "/a/c",
				     "/ab", "/b", "/bb", "/c",   "/cb" };

/* One way to select destinations; NULL: any. A name makes it a reference, which is narrower than any matcher. */
struct destination_item {
	const char *name, *cluster, *app, *tier;
};

static const struct destination_item destination_items[] = {
	{ NULL, NULL, NULL, NULL },        { "reviews", "one", NULL, NULL },
	{ "ratings", "one", NULL, NULL },  { NULL, "one", NULL, NULL },
	{ NULL, NULL, "reviews", NULL },   { NULL, "one", "reviews", NULL },
	{ NULL, NULL, "reviews", "back" }, { NULL, NULL, NULL, "back" },
};

/* Two namespaces are one item: callers in either. */
struct source_item {
	const char *cluster, *space, *other_space, *version;
};

static const struct source_item source_items[] = {
	{ NULL, NULL, NULL, NULL },   { "one", NULL, NULL, NULL },  { "two", NULL, NULL, NULL },
	{ NULL, "web", NULL, NULL },  { NULL, "web", NULL, "v1" },  { NULL, NULL, NULL, "v1" },
	{ "one", "web", NULL, NULL }, { NULL, "shop", NULL, "v2" }, { NULL, "shop", "web", NULL },
};

struct matcher_item {
	const char *exact, *prefix, *suffix, *regex, *method, *header, *query;
	bool invert, present; /* of the header; present: any value */
	const char *never;    /* a value that the header must not have either */
};

static const struct matcher_item matcher_items[] = {
	{ .prefix = "/b" },
	{ .prefix = "/a" },
	{ .prefix = "/a/" },
	{ .exact = "/a" },
	{ .exact = "/a/b" },
	{ .exact = "/b" },
	{ .suffix = "b" },
	{ .regex = "/[ab].*" },
	{ .method = "GET" },
	{ .method = "POST", .prefix = "/a" },
	{ .header = "jason" },
	{ .header = "jason", .invert = true },
	{ .header = "", .present = true },
	{ .header = "eve", .method = "GET" },
	{ .header = "jason", .never = "eve" },
	{ .query = "1" },
	{ .prefix = "/a", .header = "jason", .query = "1" },
};

static const char *const field_texts[N_FIELDS][2] = {
	{ "    requestTimeout: ", "s\n" },
	{ "    retries:\n      attempts: ", "\n" },
	{ "    faultInjection:\n      abort:\n        httpStatus: ", "\n" },
};

static const int64_t field_base[N_FIELDS] = { 1, 1, 500 };

/* --- dice --- */

static uint32_t roll(uint64_t *state, uint32_t sides)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((x ^ (x >> 31)) % sides);
}

static uint32_t roll_items(uint64_t *state, uint32_t *items, uint32_t n_table)
{
	uint32_t n = roll(state, 4) ? 1 : MAX_ITEMS;

	for (uint32_t i = 0; i < n; i++)
		items[i] = roll(state, n_table);
	return n > 1 && items[0] == items[1] ? 1 : n;
}

struct world world_random(uint64_t seed)
{
	uint64_t state = seed * 0x2545f4914f6cdd1du + 1;
	struct world w = { .n = 2 + roll(&state, MAX_POLICIES - 1) };

	for (uint32_t i = 0; i < w.n; i++) {
		struct world_policy *p = &w.policy[i];

		p->n_destinations = roll_items(&state, p->destinations, countof(destination_items));
		p->n_sources = roll_items(&state, p->sources, countof(source_items));
		p->n_matchers = roll(&state, 4)
					? roll_items(&state, p->matchers, countof(matcher_items))
					: 0;
		for (uint32_t k = 0; k < p->n_matchers; k++)
			w.has_regex = w.has_regex || matcher_items[p->matchers[k]].regex ||
				      matcher_items[p->matchers[k]].suffix;
		for (uint32_t f = 0; f < N_FIELDS; f++)
			p->field[f] = roll(&state, 2) ? field_base[f] + roll(&state, 2) : 0;
		if (!p->field[0] && !p->field[1] && !p->field[2])
			p->field[0] = field_base[0];
	}
	return w;
}

/* --- as YAML --- */

static void put_destination(struct buf *b, const struct destination_item *d)
{
	if (d->name) {
		buf_format(b,
			   "  - kubeServiceRefs:\n      services:\n      - {name: %s, namespace: "
			   "shop, clusterName: %s}\n",
			   d->name, d->cluster);
		return;
	}
	/* The gateways live elsewhere and carry no HTTP. */
	buf_format(b, "  - kubeServiceMatcher:\n      namespaces: [shop]\n");
	if (d->cluster)
		buf_format(b, "      clusters: [%s]\n", d->cluster);
	if (d->app || d->tier)
		buf_format(b, "      labels: {%s%s%s%s%s}\n", d->app ? "app: " : "",
			   d->app ? d->app : "", d->app && d->tier ? ", " : "",
			   d->tier ? "tier: " : "", d->tier ? d->tier : "");
}

static void put_source(struct buf *b, const struct source_item *s)
{
	buf_format(b, "  - kubeWorkloadMatcher:\n      namespaces: [%s%s%s]\n",
		   s->space ? s->space : "", s->other_space ? ", " : "",
		   s->other_space ? s->other_space : "");
	if (s->cluster)
		buf_format(b, "      clusters: [%s]\n", s->cluster);
	if (s->version)
		buf_format(b, "      labels: {version: %s}\n", s->version);
}

static void put_matcher(struct buf *b, const struct matcher_item *m)
{
	const char *how = m->exact    ? "exact"
			  : m->prefix ? "prefix"
			  : m->suffix ? "suffix"
			  : m->regex  ? "regex"
				      : NULL;
	const char *path = m->exact    ? m->exact
			   : m->prefix ? m->prefix
			   : m->suffix ? m->suffix
				       : m->regex;

	buf_format(b, "  - name: m\n");
	if (how)
		buf_format(b, "    uri: {%s: \"%s\"}\n", how, path);
	if (m->method)
		buf_format(b, "    method: %s\n", m->method);
	if (m->header) {
		buf_format(b, "    headers:\n    - name: x-user\n");
		if (!m->present)
			buf_format(b, "      value: %s\n", m->header);
		if (m->invert)
			buf_format(b, "      invertMatch: true\n");
		if (m->never)
			buf_format(b, "    - {name: x-user, value: %s, invertMatch: true}\n",
				   m->never);
	}
	if (m->query)
		buf_format(b, "    queryParameters:\n    - {name: q, value: \"%s\"}\n", m->query);
}

void world_put_yaml(struct buf *b, const struct world *w)
{
	for (uint32_t i = 0; i < w->n; i++) {
		const struct world_policy *p = &w->policy[i];

		buf_format(b, "---\napiVersion: networking.mesh.gloo.solo.io/v1\nkind: "
			      "TrafficPolicy\nmetadata:\n");
		buf_format(b,
			   "  name: p%u\n  namespace: gloo-mesh\nspec:\n  destinationSelector:\n",
			   i);
		for (uint32_t k = 0; k < p->n_destinations; k++)
			put_destination(b, &destination_items[p->destinations[k]]);
		buf_format(b, "  sourceSelector:\n");
		for (uint32_t k = 0; k < p->n_sources; k++)
			put_source(b, &source_items[p->sources[k]]);
		if (p->n_matchers)
			buf_format(b, "  httpRequestMatchers:\n");
		for (uint32_t k = 0; k < p->n_matchers; k++)
			put_matcher(b, &matcher_items[p->matchers[k]]);
		buf_format(b, "  policy:\n");
		for (uint32_t f = 0; f < N_FIELDS; f++)
			if (p->field[f])
				buf_format(b, "%s%d%s", field_texts[f][0], (int)p->field[f],
					   field_texts[f][1]);
	}
}

/* --- what matches --- */

static bool same(const char *wanted, const char *is)
{
	return !wanted || (is && strcmp(wanted, is) == 0);
}

static bool destination_matches(uint32_t item, uint32_t service)
{
	const struct destination_item *d = &destination_items[item];
	const struct service_of_world *s = &services[service];

	return same(d->name, s->name) && same(d->cluster, s->cluster) &&
	       same(d->app, s->label_app) && same(d->tier, s->label_tier);
}

static bool source_matches(uint32_t item, const struct request *r)
{
	const struct source_item *s = &source_items[item];

	return same(s->cluster, r->cluster) && same(s->version, r->version) &&
	       (same(s->space, r->space) || (s->other_space && same(s->other_space, r->space)));
}

static bool regex_matches(const char *pattern, const char *text)
{
	char anchored[64];
	regex_t regex;
	bool matches;

	snprintf(anchored, sizeof anchored, "^(%s)$", pattern);
	if (regcomp(&regex, anchored, REG_EXTENDED | REG_NOSUB) != 0)
		BUG("pattern %s", pattern);
	matches = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static bool path_matches(const struct matcher_item *m, const char *path)
{
	size_t n = strlen(path);

	if (m->exact)
		return strcmp(path, m->exact) == 0;
	if (m->prefix)
		return strncmp(path, m->prefix, strlen(m->prefix)) == 0;
	if (m->suffix)
		return n >= strlen(m->suffix) &&
		       strcmp(path + n - strlen(m->suffix), m->suffix) == 0;
	return !m->regex || regex_matches(m->regex, path);
}

static bool header_matches(const struct matcher_item *m, const char *value)
{
	if (!m->header)
		return true;
	if (m->never && value && !strcmp(value, m->never))
		return false;
	return (value && (m->present || strcmp(value, m->header) == 0)) != m->invert;
}

static bool matcher_matches(uint32_t item, const struct request *r)
{
	const struct matcher_item *m = &matcher_items[item];

	return path_matches(m, r->path) && same(m->method, r->method) &&
	       header_matches(m, r->header) && same(m->query, r->query);
}

/* --- every request --- */

static void each_of_caller(struct request *r, void (*each)(const struct request *, void *),
			   void *cx)
{
	for (uint32_t a = 0; a < countof(paths); a++)
		for (uint32_t b = 0; b < countof(methods); b++)
			for (uint32_t c = 0; c < countof(headers); c++)
				for (uint32_t d = 0; d < countof(queries); d++) {
					r->path = paths[a];
					r->method = methods[b];
					r->header = headers[c];
					r->query = queries[d];
					each(r, cx);
				}
}

void requests_each(void (*each)(const struct request *, void *cx), void *cx)
{
	for (uint32_t s = 0; s < N_SERVICES; s++)
		for (uint32_t c = 0; c < countof(clusters); c++)
			for (uint32_t n = 0; n < countof(spaces); n++)
				for (uint32_t v = 0; v < countof(versions); v++) {
					struct request r = { .service = s,
							     .cluster = clusters[c],
							     .space = spaces[n],
							     .version = versions[v] };

					if (services[s].federated ||
					    strcmp(services[s].cluster, clusters[c]) == 0)
						each_of_caller(&r, each, cx);
				}
}

/* --- the law --- */

struct atom_of_world { /* one item of each part; matcher UINT32_MAX: any request */
	uint32_t policy, destination, source, matcher;
};

struct atoms {
	struct atom_of_world at[MAX_POLICIES * MAX_ITEMS * MAX_ITEMS * MAX_ITEMS];
	uint32_t n;
};

static void add_matching(const struct world *w, uint32_t policy, const struct request *r,
			 struct atoms *out)
{
	const struct world_policy *p = &w->policy[policy];

	for (uint32_t d = 0; d < p->n_destinations; d++)
		for (uint32_t s = 0; s < p->n_sources; s++)
			for (uint32_t m = 0; m < (p->n_matchers ? p->n_matchers : 1); m++) {
				struct atom_of_world a = { policy, p->destinations[d],
							   p->sources[s],
							   p->n_matchers ? p->matchers[m]
									 : UINT32_MAX };

				if (destination_matches(a.destination, r->service) &&
				    source_matches(a.source, r) &&
				    (a.matcher == UINT32_MAX || matcher_matches(a.matcher, r)))
					out->at[out->n++] = a;
			}
}

static bool word_within(const char *narrow, const char *wide)
{
	return !wide || (narrow && strcmp(narrow, wide) == 0);
}

/* Both select one service. A reference selects nothing else, ever; a matcher may. */
static bool destination_within(uint32_t narrow, uint32_t wide)
{
	const struct destination_item *a = &destination_items[narrow],
				      *b = &destination_items[wide];

	if (a->name || b->name)
		return a->name != NULL;
	return word_within(a->cluster, b->cluster) && word_within(a->app, b->app) &&
	       word_within(a->tier, b->tier);
}

static bool space_within(const char *narrow, const struct source_item *wide)
{
	return word_within(narrow, wide->space) ||
	       (wide->other_space && word_within(narrow, wide->other_space));
}

static bool source_within(uint32_t narrow, uint32_t wide)
{
	const struct source_item *a = &source_items[narrow], *b = &source_items[wide];

	return word_within(a->cluster, b->cluster) && word_within(a->version, b->version) &&
	       space_within(a->space, b) && (!a->other_space || space_within(a->other_space, b));
}

struct containment {
	uint32_t narrow, wide;
	bool within;
};

static void try_containment(const struct request *r, void *cx)
{
	struct containment *x = cx;

	if (matcher_matches(x->narrow, r) && !matcher_matches(x->wide, r))
		x->within = false;
}

/* By trying all requests, once for each pair. */
static bool matcher_within(uint32_t narrow, uint32_t wide)
{
	static int8_t known[countof(matcher_items)][countof(matcher_items)];
	struct request r = { 0 };
	struct containment x = { narrow, wide, true };

	if (wide == UINT32_MAX)
		return true;
	if (narrow == UINT32_MAX)
		return false;
	if (!known[narrow][wide]) {
		each_of_caller(&r, try_containment, &x);
		known[narrow][wide] = x.within ? 1 : -1;
	}
	return known[narrow][wide] > 0;
}

static bool atom_within_atom(const struct atom_of_world *narrow, const struct atom_of_world *wide)
{
	return destination_within(narrow->destination, wide->destination) &&
	       source_within(narrow->source, wide->source) &&
	       matcher_within(narrow->matcher, wide->matcher);
}

/* Every atom of b that matches holds an atom of a that matches. */
static bool covers(const struct atoms *all, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < all->n; i++) {
		bool found = all->at[i].policy != b;

		for (uint32_t k = 0; k < all->n && !found; k++)
			found = all->at[k].policy == a &&
				atom_within_atom(&all->at[k], &all->at[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool narrower(const struct atoms *all, uint32_t a, uint32_t b)
{
	return covers(all, a, b) && !covers(all, b, a);
}

/* Policies that match the request and set the field, as a bit set. */
static uint32_t setters(const struct world *w, const struct atoms *all, enum field f)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < all->n; i++)
		if (w->policy[all->at[i].policy].field[f])
			set |= 1u << all->at[i].policy;
	return set;
}

/* Beats every setter that differs. */
static bool wins(const struct world *w, const struct atoms *all, uint32_t set, uint32_t p,
		 enum field f)
{
	for (uint32_t q = 0; q < w->n; q++)
		if ((set >> q & 1) && w->policy[q].field[f] != w->policy[p].field[f] &&
		    !narrower(all, p, q))
			return false;
	return true;
}

/* Beaten by some setter that differs. */
static bool loses(const struct world *w, const struct atoms *all, uint32_t set, uint32_t p,
		  enum field f)
{
	for (uint32_t q = 0; q < w->n; q++)
		if ((set >> q & 1) && w->policy[q].field[f] != w->policy[p].field[f] &&
		    narrower(all, q, p))
			return true;
	return false;
}

enum verdict law_decides(const struct world *w, const struct request *r, enum field f,
			 int64_t *value)
{
	struct atoms all = { .n = 0 };
	uint32_t set, left = 0;
	bool agreed = true;

	*value = 0;
	for (uint32_t i = 0; i < w->n; i++)
		add_matching(w, i, r, &all);
	set = setters(w, &all, f);
	for (uint32_t p = 0; p < w->n; p++) {
		if (!(set >> p & 1))
			continue;
		if (wins(w, &all, set, p, f)) {
			*value = w->policy[p].field[f];
			return DECIDED;
		}
		if (loses(w, &all, set, p, f))
			continue;
		agreed = agreed && (!left || *value == w->policy[p].field[f]);
		*value = w->policy[p].field[f];
		left++;
	}
	if (!set)
		return DECIDED;
	return agreed && left ? EITHER : CONFLICT;
}
