/*
 * From atoms to a list of routes in which the first that matches is right.
 *
 * The conditions of the routes are every meet of the atoms' conditions, "any
 * request" included. A request's own route is the meet of all atoms that match
 * it; every other route that matches it is wider; so narrower before wider is
 * all the order that correctness needs. Gloo's specificity decides the rest.
 *
 *	timeout for all, retries for GET /a     ->  GET /a: timeout + retries
 *	                                            any:    timeout
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/limit.h"
#include "base/sort.h"

struct closure {
	struct merge_context *cx;
	struct id_list acting; /* atoms of policies that set a route feature */
	VEC(struct condition) all;
};

bool sets_route_feature(const struct resource *policy)
{
	struct span at;

	for (enum feature feature = 0; feature < SETTING_MAX; feature++)
		if (!feature_of_destination(feature) &&
		    feature_value(rules_of(policy), feature, &at))
			return true;
	return false;
}

static bool known(const struct closure *x, const struct condition *c)
{
	for (uint32_t i = 0; i < x->all.n; i++)
		if (condition_eq(&x->all.at[i], c))
			return true;
	return false;
}

static bool same_route_effect(const struct resource *a, const struct resource *b)
{
	for (enum feature feature = 0; feature < SETTING_MAX; feature++) {
		struct span at;
		const void *x, *y;

		if (feature_of_destination(feature))
			continue;
		x = feature_value(rules_of(a), feature, &at);
		y = feature_value(rules_of(b), feature, &at);
		if ((x == NULL) != (y == NULL) || (x && !feature_equal(feature, x, y)))
			return false;
	}
	return true;
}

/* Two atoms that may match one request in a way no single route can say. */
static void check_pair(struct closure *x, const struct atom *a, const struct atom *b)
{
	struct merge_context *cx = x->cx;
	const struct resource *p = cx->set->all.at[a->policy], *q = cx->set->all.at[b->policy];
	struct condition both;
	struct str why;
	struct finding *f;

	if (p == q || same_route_effect(p, q) ||
	    condition_meet(cx->scratch, &a->when, &b->when, &both, &why) != MEET_UNKNOWN)
		return;
	f = report_overlap_unknown(cx->diags, q->at, policy_title(cx->mem, p),
				   policy_title(cx->mem, q), str_copy(cx->mem, why));
	note(f, p->at, "the other policy");
	note(f, (struct span){ 0 }, "on `%.*s`, for callers in cluster `%.*s`",
	     STR(service_title(cx->mem, cx->service)), STR(cx->consumer->name));
	help(f, "match by `exact` or `prefix`, or write both settings into one policy");
}

static void check_pairs(struct closure *x)
{
	const struct policy_set *set = x->cx->set;

	for (uint32_t i = 0; i < x->acting.n; i++)
		for (uint32_t j = i + 1; j < x->acting.n; j++)
			check_pair(x, &set->atoms.at[x->acting.at[i]],
				   &set->atoms.at[x->acting.at[j]]);
}

static bool add_meets(struct closure *x, uint32_t of)
{
	struct merge_context *cx = x->cx;

	for (uint32_t i = 0; i < x->acting.n; i++) {
		struct condition both;
		struct str why;

		if (condition_meet(cx->scratch, &x->all.at[of],
				   &cx->set->atoms.at[x->acting.at[i]].when, &both,
				   &why) != MEET_SOME ||
		    known(x, &both))
			continue;
		if (x->all.n == LIMIT_ROUTES) {
			struct str limit = str_format(cx->mem, "%u", LIMIT_ROUTES);

			help(report_too_many_routes(
				     cx->diags,
				     cx->set->all.at[cx->set->atoms.at[x->acting.at[i]].policy]->at,
				     service_title(cx->mem, cx->service), limit),
			     "let fewer matchers of different policies overlap");
			return false;
		}
		vec_add(cx->scratch, &x->all, both);
	}
	return true;
}

static int by_specificity(const void *a, const void *b)
{
	return condition_order(a, b);
}

static bool is_strictly_within(const struct condition *a, const struct condition *b)
{
	return condition_within(a, b) && !condition_within(b, a);
}

/* blockers[i]: how many conditions are strictly within condition i. */
static uint32_t *count_blockers(struct closure *x)
{
	uint32_t *blockers = NEW(x->cx->scratch, uint32_t, x->all.n);

	for (uint32_t i = 0; i < x->all.n; i++)
		for (uint32_t j = 0; j < x->all.n; j++)
			blockers[i] += i != j && is_strictly_within(&x->all.at[j], &x->all.at[i]);
	return blockers;
}

/* Gloo's order, except that nothing goes before what it contains. */
static void order(struct closure *x)
{
	struct condition *out = NEW(x->cx->scratch, struct condition, x->all.n);
	uint32_t *blockers;

	sort_stable(x->cx->scratch, x->all.at, x->all.n, sizeof *x->all.at, by_specificity);
	blockers = count_blockers(x);
	for (uint32_t n = 0; n < x->all.n; n++) {
		uint32_t next = 0;

		while (next < x->all.n && blockers[next])
			next++;
		if (next == x->all.n)
			BUG("containment of route conditions has a cycle");
		out[n] = x->all.at[next];
		blockers[next] = UINT32_MAX;
		for (uint32_t i = 0; i < x->all.n; i++)
			if (blockers[i] != UINT32_MAX &&
			    is_strictly_within(&x->all.at[next], &x->all.at[i]))
				blockers[i]--;
	}
	memcpy(x->all.at, out, x->all.n * sizeof *out);
}

/* Names of request matchers, for access logs: a route of two matchers carries both names. */
static void add_name(struct arena *mem, struct str *names, struct str name)
{
	for (uint32_t from = 0; from < names->n;) {
		struct str rest = str_slice(*names, from, names->n);
		int64_t comma = str_find(rest, ',');
		uint32_t n = comma < 0 ? rest.n : (uint32_t)comma;

		if (str_eq(str_slice(rest, 0, n), name))
			return;
		from += n + 1;
	}
	if (name.n)
		*names = names->n ? str_format(mem, "%.*s,%.*s", STR(*names), STR(name)) : name;
}

static void add_route(struct closure *x, const struct condition *when, struct merged_routes *out)
{
	struct merge_context *cx = x->cx;
	struct merged_route *route = vec_push(cx->scratch, &out->all);
	struct id_list matched = { 0 };

	route->when = condition_copy(cx->mem, when);
	for (uint32_t i = 0; i < x->acting.n; i++) {
		const struct atom *atom = &cx->set->atoms.at[x->acting.at[i]];

		if (!condition_within(when, &atom->when))
			continue;
		vec_add(cx->scratch, &matched, x->acting.at[i]);
		sources_add(cx->mem, &route->sources, cx->set->all.at[atom->policy]);
		add_name(cx->mem, &route->name, atom->name);
	}
	merge_effect(cx, &matched, when, false, &route->effect);
}

void routes_merge(struct merge_context *cx, struct merged_routes *out)
{
	struct closure x = { .cx = cx };

	memset(out, 0, sizeof *out);
	for (uint32_t i = 0; i < cx->set->atoms.n; i++)
		if (sets_route_feature(cx->set->all.at[cx->set->atoms.at[i].policy]))
			vec_add(cx->scratch, &x.acting, i);
	if (!x.acting.n)
		return;
	check_pairs(&x);
	(void)vec_push(cx->scratch, &x.all); /* any request */
	for (uint32_t i = 0; i < x.all.n; i++)
		if (!add_meets(&x, i))
			return;
	order(&x);
	for (uint32_t i = 0; i < x.all.n; i++)
		add_route(&x, &x.all.at[i], out);
}
