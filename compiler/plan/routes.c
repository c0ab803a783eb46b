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
#include "base/map.h"
#include "base/sort.h"

enum { ERRORS_MOST = 100 }; /* of one service: nobody reads more */

struct kind_of_request { /* atoms with one condition */
	const struct condition *when;
	struct id_list atoms; /* of the policy set */
	uint32_t place;       /* in all */
};

struct closure {
	struct merge_context *cx;
	struct id_list acting; /* atoms of policies that set a route feature */
	uint32_t *kind_of;     /* of the acting ones: index in kinds */
	VEC(struct kind_of_request) kinds;
	VEC(struct condition) all; /* any request first, then the kinds */
	uint32_t *kind_at;         /* per one of all that is a kind: index in kinds */
	uint32_t n_own;            /* any request and the kinds */
	struct map known;          /* keys of all */
	bool full;                 /* all holds what it may, which was said */
	bool *within;              /* all times all, as struct relation has it */
	struct relation relation;
	uint64_t steps;       /* of regular expressions, as far as they were asked */
	uint32_t costly[2];   /* the kinds whose comparison takes longest */
	uint32_t errors_most; /* of the job */
};

static void add_condition(struct closure *x, const struct condition *c)
{
	vec_add(x->cx->scratch, &x->all, *c);
	*map_put(&x->known, condition_key(x->cx->scratch, c)) = x;
}

static bool takes_too_long(const struct closure *x)
{
	return x->steps > LIMIT_REGEX_STEPS;
}

static bool may_compare(struct closure *x, const struct condition *a, const struct condition *b)
{
	x->steps += condition_cost(a, b);
	return !takes_too_long(x);
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

static const struct resource *policy_of(const struct closure *x, uint32_t atom)
{
	return x->cx->set->all.at[x->cx->set->atoms.at[atom].policy];
}

static bool is_enough(const struct closure *x)
{
	return x->cx->diags->errors >= x->errors_most;
}

/* Two atoms may match one request in a way no single route can say, for that reason. */
static void refuse_pair(struct closure *x, uint32_t i, uint32_t j, struct str why)
{
	struct merge_context *cx = x->cx;
	const struct atom *a = &cx->set->atoms.at[i < j ? i : j],
			  *b = &cx->set->atoms.at[i < j ? j : i];
	const struct resource *p = cx->set->all.at[a->policy], *q = cx->set->all.at[b->policy];
	struct finding *f;

	if (p == q || same_route_effect(p, q))
		return;
	f = report_overlap_unknown(cx->diags, q->at, policy_title(cx->mem, p),
				   policy_title(cx->mem, q), str_copy(cx->mem, why));
	note(f, p->at, "the other policy");
	note(f, (struct span){ 0 }, "on `%.*s`, for callers in cluster `%.*s`",
	     STR(service_title(cx->mem, cx->service)), STR(cx->consumer->name));
	help(f, "match by `exact` or `prefix`, or write both settings into one policy");
}

static void refuse_kinds(struct closure *x, const struct kind_of_request *a,
			 const struct kind_of_request *b, struct str why)
{
	for (uint32_t i = 0; i < a->atoms.n; i++)
		for (uint32_t j = 0; j < b->atoms.n && !is_enough(x); j++)
			refuse_pair(x, a->atoms.at[i], b->atoms.at[j], why);
}

static bool refuse_many(struct closure *x, uint32_t atom)
{
	struct merge_context *cx = x->cx;
	struct str limit = str_format(cx->mem, "%u", LIMIT_ROUTES);

	help(report_too_many_routes(cx->diags, policy_of(x, atom)->at,
				    service_title(cx->mem, cx->service), limit),
	     "let fewer matchers of different policies overlap");
	return false;
}

static void refuse_long(struct closure *x)
{
	struct merge_context *cx = x->cx;
	const struct kind_of_request *a = &x->kinds.at[x->costly[0]],
				     *b = &x->kinds.at[x->costly[1]];
	const struct resource *p = policy_of(x, a->atoms.at[0]), *q = policy_of(x, b->atoms.at[0]);
	struct finding *f =
		report_regex_too_costly(cx->diags, condition_has_regex(a->when) ? p->at : q->at,
					service_title(cx->mem, cx->service));

	if (p != q)
		note(f, condition_has_regex(a->when) ? q->at : p->at, "these take longest");
	note(f, (struct span){ 0 }, "for callers in cluster `%.*s`", STR(cx->consumer->name));
	help(f,
	     "match by `prefix`, begin expressions with more literal text, or match fewer values");
}

/* Each of the kinds becomes a route, however they overlap. */
static bool find_kinds(struct closure *x)
{
	struct merge_context *cx = x->cx;
	struct map by_key = map_new(cx->scratch);

	x->kind_of = NEW(cx->scratch, uint32_t, x->acting.n);
	for (uint32_t i = 0; i < x->acting.n; i++) {
		const struct condition *when = &cx->set->atoms.at[x->acting.at[i]].when;
		void **slot = map_put(&by_key, condition_key(cx->scratch, when));

		if (!*slot && x->kinds.n == LIMIT_ROUTES)
			return refuse_many(x, x->acting.at[i]);
		if (!*slot) {
			vec_add(cx->scratch, &x->kinds, ((struct kind_of_request){ .when = when }));
			*slot = (void *)(uintptr_t)x->kinds.n;
		}
		x->kind_of[i] = (uint32_t)((uintptr_t)*slot - 1);
		vec_add(cx->scratch, &x->kinds.at[x->kind_of[i]].atoms, x->acting.at[i]);
	}
	return true;
}

static void overflow(struct closure *x, const struct kind_of_request *kind)
{
	x->full = true;
	refuse_many(x, kind->atoms.at[0]);
}

static void add_kinds(struct closure *x)
{
	x->known = map_new(x->cx->scratch);
	x->kind_at = NEW(x->cx->scratch, uint32_t, (size_t)x->kinds.n + 1);
	add_condition(x, &(struct condition){ 0 });
	for (uint32_t i = 0; i < x->kinds.n; i++) {
		struct kind_of_request *kind = &x->kinds.at[i];

		if (condition_is_any(kind->when))
			continue;
		if (x->all.n == LIMIT_ROUTES) {
			overflow(x, kind);
			break;
		}
		kind->place = x->all.n;
		x->kind_at[x->all.n] = i;
		add_condition(x, kind->when);
	}
	x->n_own = x->all.n;
}

/* Whether `both` was added. */
static bool add_meet(struct closure *x, const struct condition *both,
		     const struct kind_of_request *kind)
{
	if (x->full || map_get(&x->known, condition_key(x->cx->scratch, both)))
		return false;
	if (x->all.n == LIMIT_ROUTES)
		overflow(x, kind);
	else
		add_condition(x, both);
	return !x->full;
}

/* What condition `of` has in common with each kind; with a kind before it that was found from there. */
static void add_meets(struct closure *x, uint32_t of)
{
	struct arena *scratch = x->cx->scratch;
	bool own = of < x->n_own;

	for (uint32_t i = 0; i < x->kinds.n; i++) {
		const struct kind_of_request *kind = &x->kinds.at[i];
		struct arena_mark mark = arena_mark(scratch);
		struct condition both;
		struct str why;
		enum meet meet = MEET_EMPTY;

		if (own && kind->place <= of)
			continue;
		if (may_compare(x, &x->all.at[of], kind->when))
			meet = condition_meet(scratch, &x->all.at[of], kind->when, &both, &why);
		if (meet == MEET_UNKNOWN && own)
			refuse_kinds(x, &x->kinds.at[x->kind_at[of]], kind, why);
		if (meet != MEET_SOME || !add_meet(x, &both, kind))
			arena_rewind(scratch, mark);
	}
}

static int by_specificity(const void *a, const void *b)
{
	const struct condition *const *x = a, *const *y = b;

	return condition_order(*x, *y);
}

static void compare_all(struct closure *x)
{
	size_t n = x->all.n, cells = n * n;

	x->within = NEW(x->cx->scratch, bool, cells);
	for (size_t i = 0; i < n; i++) {
		x->within[i * n + i] = true;
		for (size_t j = i + 1; j < n; j++) {
			const struct condition *a = &x->all.at[i], *b = &x->all.at[j];

			if (!may_compare(x, a, b))
				return;
			x->within[i * n + j] = condition_within(a, b);
			x->within[j * n + i] = condition_within(b, a);
		}
	}
}

static bool is_strictly_within(const struct closure *x, uint32_t i, uint32_t j)
{
	return x->within[(size_t)i * x->all.n + j] && !x->within[(size_t)j * x->all.n + i];
}

/* blockers[i]: how many conditions are strictly within condition i. */
static uint32_t *count_blockers(struct closure *x)
{
	uint32_t *blockers = NEW(x->cx->scratch, uint32_t, x->all.n);

	for (uint32_t i = 0; i < x->all.n; i++)
		for (uint32_t j = 0; j < x->all.n; j++)
			blockers[i] += is_strictly_within(x, j, i);
	return blockers;
}

static const struct condition **rank(struct closure *x)
{
	const struct condition **ranked = NEW(x->cx->scratch, const struct condition *, x->all.n);

	for (uint32_t i = 0; i < x->all.n; i++)
		ranked[i] = &x->all.at[i];
	sort_stable(x->cx->scratch, ranked, x->all.n, sizeof *ranked, by_specificity);
	return ranked;
}

/* Indexes in all, in Gloo's order, except that nothing goes before what it contains. */
static const uint32_t *order(struct closure *x)
{
	const struct condition **ranked = rank(x);
	uint32_t *blockers = count_blockers(x), *out = NEW(x->cx->scratch, uint32_t, x->all.n);

	for (uint32_t n = 0; n < x->all.n; n++) {
		uint32_t at = 0, next;

		while (at < x->all.n && blockers[ranked[at] - x->all.at])
			at++;
		if (at == x->all.n)
			BUG("containment of route conditions has a cycle");
		out[n] = next = (uint32_t)(ranked[at] - x->all.at);
		blockers[next] = UINT32_MAX;
		for (uint32_t i = 0; i < x->all.n; i++)
			if (blockers[i] != UINT32_MAX && is_strictly_within(x, next, i))
				blockers[i]--;
	}
	return out;
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

static void add_route(struct closure *x, uint32_t at, struct merged_routes *out)
{
	struct merge_context *cx = x->cx;
	struct merged_route *route = vec_push(cx->scratch, &out->all);
	const struct condition *when = &x->all.at[at];
	struct id_list matched = { 0 };

	route->when = condition_copy(cx->mem, when);
	for (uint32_t i = 0; i < x->acting.n; i++) {
		uint32_t atom = x->acting.at[i];

		if (!x->within[(size_t)at * x->all.n + x->relation.place[atom]])
			continue;
		vec_add(cx->scratch, &matched, atom);
		sources_add(cx->mem, &route->sources, policy_of(x, atom));
		add_name(cx->mem, &route->name, cx->set->atoms.at[atom].name);
	}
	merge_effect(cx, &(struct matching){ when, &matched, &x->relation }, false, &route->effect);
}

static void add_routes(struct closure *x, struct merged_routes *out)
{
	const uint32_t *sequence = order(x);

	for (uint32_t i = 0; i < x->all.n && !is_enough(x); i++)
		add_route(x, sequence[i], out);
}

/* false: comparing the kinds alone, once and once more, would take too long. */
static bool are_cheap(struct closure *x)
{
	uint64_t total = 0, most = 0;

	for (uint32_t i = 0; i < x->kinds.n; i++)
		for (uint32_t j = i + 1; j < x->kinds.n; j++) {
			uint64_t cost = condition_cost(x->kinds.at[i].when, x->kinds.at[j].when);

			total += cost;
			if (cost <= most)
				continue;
			most = cost;
			x->costly[0] = i;
			x->costly[1] = j;
		}
	return total <= LIMIT_REGEX_STEPS / 2;
}

static void relate(struct closure *x)
{
	uint32_t *place = NEW(x->cx->scratch, uint32_t, x->cx->set->atoms.n);

	for (uint32_t i = 0; i < x->acting.n; i++)
		place[x->acting.at[i]] = x->kinds.at[x->kind_of[i]].place;
	x->relation = (struct relation){ place, x->within, x->all.n };
}

/* false: refused. */
static bool find_all(struct closure *x)
{
	if (!find_kinds(x))
		return false;
	if (!are_cheap(x)) {
		refuse_long(x);
		return false;
	}
	add_kinds(x);
	for (uint32_t i = 1; i < (x->full ? x->n_own : x->all.n); i++)
		add_meets(x, i);
	if (x->full)
		return false;
	compare_all(x);
	if (takes_too_long(x)) {
		refuse_long(x);
		return false;
	}
	relate(x);
	return true;
}

void routes_merge(struct merge_context *cx, struct merged_routes *out)
{
	struct closure x = { .cx = cx, .errors_most = cx->diags->errors + ERRORS_MOST };

	memset(out, 0, sizeof *out);
	for (uint32_t i = 0; i < cx->set->atoms.n; i++)
		if (policy_sets(policy_of(&x, i), false))
			vec_add(cx->scratch, &x.acting, i);
	if (x.acting.n && find_all(&x))
		add_routes(&x, out);
}
