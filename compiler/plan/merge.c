/*
 * The merge law: what holds for a request is the field-wise merge of every
 * policy that matches it. Where two set one field, the one whose matcher is
 * contained in the other's wins; equal values never conflict; anything else is
 * an error with a request that shows it. Names, age and order decide nothing.
 */
#include "base/base.h"

#include "plan/local.h"

/* A policy among those that match and set the feature at hand. */
struct candidate {
	uint32_t policy;
	uint32_t from, to; /* its atoms in the list of those that match */
	const void *value;
	struct span at;
	struct candidate *rival; /* as narrow, with another value; NULL: none */
};

struct candidates {
	VEC(struct candidate) all;
};

struct selection { /* from candidates that are looked at one by one */
	struct arena *mem;
	const struct policy_set *set;
	const struct matching *m;
	enum feature feature;
	struct candidate *at; /* none of which is narrower than another */
	uint32_t n;
};

/* The i-th of those that match is at least as narrow as the j-th. */
static bool atom_within(const struct selection *x, uint32_t i, uint32_t j)
{
	const struct relation *r = x->m->relation;
	uint32_t narrow = x->m->atoms->at[i], wide = x->m->atoms->at[j];

	return selectors_within(&x->set->atoms.at[narrow], &x->set->atoms.at[wide]) &&
	       (!r || r->within[r->place[narrow] * r->n + r->place[wide]]);
}

/* Every matching atom of b holds a matching atom of a: a is at least as narrow. */
static bool covers(const struct selection *x, const struct candidate *a, const struct candidate *b)
{
	for (uint32_t i = b->from; i < b->to; i++) {
		bool found = false;

		for (uint32_t j = a->from; j < a->to && !found; j++)
			found = atom_within(x, j, i);
		if (!found)
			return false;
	}
	return true;
}

static void find_candidates(struct merge_context *cx, const struct id_list *matched,
			    enum feature feature, struct candidates *out)
{
	uint32_t to;

	out->all.n = 0;
	for (uint32_t from = 0; from < matched->n; from = to) {
		uint32_t policy = cx->set->atoms.at[matched->at[from]].policy;
		struct span at;
		const void *value;

		/* Atoms of one policy stand together. */
		for (to = from + 1; to < matched->n; to++)
			if (cx->set->atoms.at[matched->at[to]].policy != policy)
				break;
		value = feature_value(rules_of(cx->set->all.at[policy]), feature, &at);
		if (value)
			vec_add(cx->scratch, &out->all,
				((struct candidate){ policy, from, to, value, at, NULL }));
	}
}

static void report_conflict(struct merge_context *cx, enum feature feature,
			    const struct candidate *a, const struct candidate *b,
			    const struct condition *when)
{
	const struct resource *x = cx->set->all.at[a->policy], *y = cx->set->all.at[b->policy];
	struct finding *f =
		report_policy_conflict(cx->diags, b->at, str_of(feature_name(feature)),
				       policy_title(cx->mem, x), policy_title(cx->mem, y));
	struct str witness = condition_witness(cx->mem, when),
		   service = service_title(cx->mem, cx->service);

	note(f, a->at, "the other value");
	if (feature_of_destination(feature))
		note(f, (struct span){ 0 }, "both act on connections to `%.*s` from cluster `%.*s`",
		     STR(service), STR(cx->consumer->name));
	else
		note(f, (struct span){ 0 }, "for example `%.*s` to `%.*s` in cluster `%.*s`",
		     STR(witness), STR(service), STR(cx->consumer->name));
	help(f, "make one policy's selectors and matchers narrower than the other's, or the values "
		"equal");
}

/*
 * What changes nothing: a narrower one is there, or one as narrow. Of those that are as narrow as another and say
 * something else one is enough to know of.
 */
static bool is_settled(struct selection *x, const struct candidate *one)
{
	for (uint32_t i = 0; i < x->n; i++) {
		struct candidate *other = &x->at[i];

		if (!covers(x, other, one))
			continue;
		if (!other->rival && covers(x, one, other) &&
		    !feature_equal(x->feature, other->value, one->value)) {
			other->rival = NEW(x->mem, struct candidate, 1);
			*other->rival = *one;
		}
		return true;
	}
	return false;
}

static void drop_wider(struct selection *x, const struct candidate *one)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < x->n; i++)
		if (!covers(x, one, &x->at[i]))
			x->at[n++] = x->at[i];
	x->n = n;
}

/*
 * The candidates that no narrower one beats, in their order, and one of those that are as narrow as one another. A
 * chain of narrower ones and a crowd on one level are compared with one each, however many there are.
 */
static void drop_beaten(struct merge_context *cx, const struct matching *m, enum feature feature,
			struct candidates *c)
{
	struct selection x = { cx->scratch, cx->set, m, feature, c->all.at, 0 };

	for (uint32_t i = 0; i < c->all.n; i++) {
		const struct candidate one = c->all.at[i];

		if (is_settled(&x, &one))
			continue;
		drop_wider(&x, &one);
		x.at[x.n++] = one;
	}
	c->all.n = x.n;
}

/* The first that says something else than the winner; NULL: all agree. */
static const struct candidate *find_rival(enum feature feature, const struct candidates *c)
{
	const struct candidate *winner = &c->all.at[0], *rival = winner->rival;

	for (uint32_t i = 1; i < c->all.n; i++) {
		const struct candidate *one = &c->all.at[i];

		if (feature_equal(feature, winner->value, one->value))
			one = one->rival;
		if (one && (!rival || one->policy < rival->policy))
			rival = one;
	}
	return rival;
}

/* NULL when two that are not beaten differ. */
static const struct candidate *find_winner(struct merge_context *cx, const struct matching *m,
					   enum feature feature, struct candidates *c)
{
	const struct candidate *rival;

	drop_beaten(cx, m, feature, c);
	rival = find_rival(feature, c);
	if (!rival)
		return &c->all.at[0];
	report_conflict(cx, feature, &c->all.at[0], rival, m->when);
	return NULL;
}

void merge_effect(struct merge_context *cx, const struct matching *m, bool of_destination,
		  struct effect *out)
{
	struct candidates c = { 0 };

	memset(out, 0, sizeof *out);
	for (enum feature feature = 0; feature < SETTING_MAX; feature++) {
		const struct candidate *winner;

		if (feature_of_destination(feature) != of_destination)
			continue;
		find_candidates(cx, m->atoms, feature, &c);
		if (!c.all.n)
			continue;
		winner = find_winner(cx, m, feature, &c);
		if (!winner)
			continue;
		out->value[feature] = winner->value;
		out->owner[feature] = cx->set->all.at[winner->policy];
		out->at[feature] = winner->at;
	}
}
