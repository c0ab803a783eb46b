/*
 * Rules of a guarded port -> who may send which requests.
 *
 * Policies add up, but a proxy takes one route for a request and asks that route alone
 * who may use it. So every meet of two conditions is a condition of its own, with the
 * callers of both, and must come before either:
 *
 *	web: GET       GET /pay   web, admin
 *	admin: /pay    GET        web
 *	               /pay       admin
 *
 * Where there are routes, a proxy no longer lets probes of the node in by itself.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#include "base/limit.h"

struct rule_list {
	VEC(struct opening) all; /* as declared: callers are those of one rule */
};

static bool same_networks(const struct networks *a, const struct networks *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct network *x = &a->at[i], *y = &b->at[i];

		if (!str_eq(x->cidr, y->cidr) || x->except.n != y->except.n)
			return false;
		for (uint32_t k = 0; k < x->except.n; k++)
			if (!str_eq(x->except.at[k], y->except.at[k]))
				return false;
	}
	return true;
}

static bool same_callers(const struct grant *g, const struct access_rule *rule)
{
	if (g->anybody != rule->anybody || !same_networks(&g->networks, &rule->networks))
		return false;
	if (g->anybody || g->identities.n != rule->identities.n)
		return g->anybody;
	for (uint32_t i = 0; i < g->identities.n; i++)
		if (identity_order(&g->identities.at[i], &rule->identities.at[i]))
			return false;
	return true;
}

static uint32_t grant_of(struct lowering *lw, struct grants *grants, const struct access_rule *rule)
{
	struct grant *g = NULL;

	for (uint32_t i = 0; i < grants->n && !g; i++)
		g = same_callers(&grants->at[i], rule) ? &grants->at[i] : NULL;
	if (!g) {
		g = vec_push(lw->mem, grants);
		*g = (struct grant){ .anybody = rule->anybody,
				     .identities = rule->identities,
				     .networks = rule->networks,
				     .at = rule->at };
	}
	if (rule->policy)
		vec_add(lw->mem, &g->sources, rule->policy);
	return (uint32_t)(g - grants->at);
}

static bool has(const struct grant_set *set, uint32_t grant)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->at[i] == grant)
			return true;
	return false;
}

static void add(struct lowering *lw, struct grant_set *set, uint32_t grant)
{
	uint32_t i;

	if (has(set, grant))
		return;
	(void)vec_push(lw->mem, set);
	for (i = set->n - 1; i > 0 && set->at[i - 1] > grant; i--)
		set->at[i] = set->at[i - 1];
	set->at[i] = grant;
}

static bool same_set(const struct grant_set *a, const struct grant_set *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (a->at[i] != b->at[i])
			return false;
	return true;
}

/* `/info`, `/api/` and a star, or a star and `/health`. A star alone, and `/` with one, is any path. */
static struct match path_of(struct str path)
{
	bool first = path.n && path.p[0] == '*', last = path.n && path.p[path.n - 1] == '*';
	struct str rest = str_slice(path, first, path.n - last);

	if (last && (first || str_eq(rest, S("/"))))
		return (struct match){ .how = MATCH_ANY };
	return (struct match){ .how = first  ? MATCH_SUFFIX
				      : last ? MATCH_PREFIX
					     : MATCH_EXACT,
			       .value = rest };
}

static void add_conditions(struct lowering *lw, const struct access_rule *rule, uint32_t grant,
			   struct rule_list *out)
{
	uint32_t n_paths = rule->paths.n ? rule->paths.n : 1;
	uint32_t n_methods = rule->methods.n ? rule->methods.n : 1;

	for (uint32_t p = 0; p < n_paths; p++)
		for (uint32_t m = 0; m < n_methods; m++) {
			struct opening *one = vec_push(lw->mem, &out->all);

			one->at = rule->at;
			if (rule->paths.n)
				one->when.path = path_of(rule->paths.at[p]);
			if (rule->methods.n && !str_eq(rule->methods.at[m], S("*")))
				one->when.method = rule->methods.at[m];
			add(lw, &one->callers, grant);
		}
}

static void add_rules(struct lowering *lw, const struct guard_plan *g, struct openings *out,
		      struct rule_list *rules)
{
	for (uint32_t i = 0; i < g->rules.n; i++) {
		const struct access_rule *rule = g->rules.at[i];
		uint32_t grant;

		if (!rule->anybody && !rule->identities.n)
			continue;
		grant = grant_of(lw, &out->grants, rule);
		if (rule->paths.n || rule->methods.n)
			add_conditions(lw, rule, grant, rules);
		else
			add(lw, &out->whole, grant);
	}
}

static void add_probes(struct lowering *lw, const struct guard_plan *g, struct openings *out,
		       struct rule_list *rules)
{
	const struct access_rule anybody = { .anybody = true, .at = g->sources.at[0]->at };

	for (uint32_t i = 0; i < g->probes.n; i++) {
		struct opening *one = vec_push(lw->mem, &rules->all);

		one->at = anybody.at;
		one->is_probe = true;
		one->when.path =
			(struct match){ .how = MATCH_EXACT, .value = g->probes.at[i].path };
		one->when.method = S("GET");
		add(lw, &one->callers, grant_of(lw, &out->grants, &anybody));
	}
	for (uint32_t i = 0; g->probes.n && i < g->sources.n; i++)
		vec_add(lw->mem, &out->grants.at[grant_of(lw, &out->grants, &anybody)].sources,
			g->sources.at[i]);
}

/* Who may send what the condition matches: beside the whole, callers of every rule around it. */
static struct grant_set callers_of(struct lowering *lw, const struct openings *out,
				   const struct rule_list *rules, const struct condition *when)
{
	struct grant_set set = { 0 };

	for (uint32_t i = 0; i < rules->all.n; i++) {
		const struct opening *rule = &rules->all.at[i];

		if (!condition_within(when, &rule->when))
			continue;
		for (uint32_t k = 0; k < rule->callers.n; k++)
			if (!has(&out->whole, rule->callers.at[k]))
				add(lw, &set, rule->callers.at[k]);
	}
	for (uint32_t i = 0; i < set.n; i++) {
		const struct grant *g = &out->grants.at[set.at[i]];

		if (!g->anybody || g->networks.n)
			continue;
		set.at[0] = set.at[i]; /* whoever else is named is let in by it */
		set.n = 1;
	}
	return set;
}

static void add_opening(struct lowering *lw, const struct rule_list *rules, struct openings *out,
			const struct opening *like)
{
	struct opening *one;

	for (uint32_t i = 0; i < out->some.n; i++)
		if (condition_eq(&out->some.at[i].when, &like->when))
			return;
	one = vec_push(lw->mem, &out->some);
	*one = *like;
	one->callers = callers_of(lw, out, rules, &like->when);
}

static void report_unknown(struct lowering *lw, const struct opening *a, const struct opening *b,
			   struct str what)
{
	note(report_unsupported(lw->diags, a->at, LINKERD,
				str_format(lw->mem,
					   "different callers for %.*s of which no one expression "
					   "says what they have in common",
					   STR(what))),
	     b->at, "the other policy");
}

static void add_meet(struct lowering *lw, const struct rule_list *rules, struct openings *out,
		     uint32_t i, uint32_t k)
{
	struct opening a = out->some.at[i], b = out->some.at[k];
	struct opening both = { .at = a.at };
	struct str why;

	if (same_set(&a.callers, &b.callers))
		return;
	switch (condition_meet(lw->mem, &a.when, &b.when, &both.when, &why)) {
	case MEET_EMPTY:
		return;
	case MEET_SOME:
		add_opening(lw, rules, out, &both);
		return;
	case MEET_UNKNOWN:
		report_unknown(lw, &a, &b, why);
		return;
	}
}

/* New ones come at the end and meet all before them. */
static void close_under_meets(struct lowering *lw, const struct guard_plan *g,
			      const struct rule_list *rules, struct openings *out)
{
	for (uint32_t i = 1; i < out->some.n; i++)
		for (uint32_t k = 0; k < i; k++) {
			if (out->some.n > LIMIT_ROUTES) {
				check_limit(lw, g->sources.at[0]->at,
					    str_format(lw->mem, "conditions of Server %.*s",
						       STR(g->name)),
					    out->some.n, LIMIT_ROUTES);
				return;
			}
			add_meet(lw, rules, out, i, k);
		}
}

/* Without `one` its requests meet `wide`, or others that let in somebody else. */
static bool stands_in(struct lowering *lw, const struct openings *all, const struct opening *wide,
		      const struct opening *one)
{
	struct condition both;
	struct str why;

	if (wide == one || !same_set(&one->callers, &wide->callers) ||
	    !condition_within(&one->when, &wide->when))
		return false;
	for (uint32_t i = 0; i < all->some.n; i++) {
		const struct opening *other = &all->some.at[i];

		if (!same_set(&other->callers, &one->callers) &&
		    !condition_within(&wide->when, &other->when) &&
		    condition_meet(lw->mem, &one->when, &other->when, &both, &why) != MEET_EMPTY)
			return false;
	}
	return true;
}

/* What a wider one lets in just as well. */
static void drop_redundant(struct lowering *lw, struct openings *out)
{
	uint32_t i = 0;

	while (i < out->some.n) {
		bool covered = false;

		for (uint32_t k = 0; k < out->some.n && !covered; k++)
			covered = stands_in(lw, out, &out->some.at[k], &out->some.at[i]);
		if (!covered) {
			i++;
			continue;
		}
		memmove(&out->some.at[i], &out->some.at[i + 1],
			(out->some.n - 1 - i) * sizeof *out->some.at);
		out->some.n--;
	}
}

static int most_specific_first(const void *a, const void *b)
{
	return condition_order(&((const struct opening *)a)->when,
			       &((const struct opening *)b)->when);
}

static bool comes_first(const struct opening *narrow, const struct opening *wide)
{
	return same_set(&narrow->callers, &wide->callers) ||
	       !condition_within(&narrow->when, &wide->when) ||
	       gamma_order(&narrow->when, &wide->when) == GAMMA_ALWAYS;
}

static void report_age(struct lowering *lw, const struct opening *narrow,
		       const struct opening *wide)
{
	struct str witness = condition_witness(lw->mem, &narrow->when);
	struct finding *f = report_unsupported(
		lw->diags, narrow->at, LINKERD,
		S("different callers for paths one of which contains the other: of two routes that "
		  "match, the older counts"));

	if (narrow->is_probe) {
		note(f, (struct span){ 0 },
		     "`%.*s` is a probe, by which the node asks for the "
		     "pods' health",
		     STR(witness));
		help(f, "leave its path out of `allowedPaths`, or the method GET out of "
			"`allowedMethods`");
		return;
	}
	note(f, wide->at, "for example `%.*s`, which this policy is about as well", STR(witness));
	help(f, "name the same callers in both, or methods in the narrower one");
}

/* Whatever else matches, the route for everything must come last; where nobody may use it, it need not be there. */
static void check_order(struct lowering *lw, struct openings *out)
{
	uint32_t last = out->some.n - 1;
	bool open = out->whole.n || out->some.at[last].callers.n, ordered = true;

	for (uint32_t i = 0; i < last; i++)
		ordered = ordered && comes_first(&out->some.at[i], &out->some.at[last]);
	if (!ordered && !open)
		out->some.n--;
	for (uint32_t i = 0; i < out->some.n; i++)
		for (uint32_t k = 0; k < out->some.n; k++)
			if (!comes_first(&out->some.at[i], &out->some.at[k]))
				report_age(lw, &out->some.at[i], &out->some.at[k]);
}

void linkerd_openings(struct lowering *lw, const struct guard_plan *g, struct openings *out)
{
	const struct opening any = { .at = g->sources.at[0]->at };
	struct rule_list rules = { { 0 } };

	*out = (struct openings){ 0 };
	add_rules(lw, g, out, &rules);
	if (!rules.all.n)
		return;
	add_probes(lw, g, out, &rules);
	add_opening(lw, &rules, out, &any);
	for (uint32_t i = 0; i < rules.all.n; i++)
		add_opening(lw, &rules, out, &rules.all.at[i]);
	close_under_meets(lw, g, &rules, out);
	drop_redundant(lw, out);
	sort_stable(lw->mem, out->some.at, out->some.n, sizeof *out->some.at, most_specific_first);
	check_order(lw, out);
}
