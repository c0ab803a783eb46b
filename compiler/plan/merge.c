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
	const void *value;
	struct span at;
};

struct candidates {
	VEC(struct candidate) all;
};

/* Every matching atom of b holds a matching atom of a: a is at least as narrow. */
static bool covers(const struct policy_set *set, const struct id_list *matched, uint32_t a,
		   uint32_t b)
{
	for (uint32_t i = 0; i < matched->n; i++) {
		const struct atom *wide = &set->atoms.at[matched->at[i]];
		bool found = false;

		if (wide->policy != b)
			continue;
		for (uint32_t j = 0; j < matched->n && !found; j++) {
			const struct atom *narrow = &set->atoms.at[matched->at[j]];

			found = narrow->policy == a && atom_within(narrow, wide);
		}
		if (!found)
			return false;
	}
	return true;
}

static bool is_narrower(const struct policy_set *set, const struct id_list *matched, uint32_t a,
			uint32_t b)
{
	return covers(set, matched, a, b) && !covers(set, matched, b, a);
}

static void find_candidates(struct merge_context *cx, const struct id_list *matched,
			    enum feature feature, struct candidates *out)
{
	out->all.n = 0;
	for (uint32_t i = 0; i < matched->n; i++) {
		uint32_t policy = cx->set->atoms.at[matched->at[i]].policy;
		struct span at;
		const void *value;

		if (out->all.n && out->all.at[out->all.n - 1].policy == policy)
			continue; /* atoms of one policy stand together */
		value = feature_value(rules_of(cx->set->all.at[policy]), feature, &at);
		if (value)
			vec_add(cx->scratch, &out->all, ((struct candidate){ policy, value, at }));
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

static bool is_beaten(struct merge_context *cx, const struct id_list *matched,
		      const struct candidates *c, uint32_t i)
{
	for (uint32_t j = 0; j < c->all.n; j++)
		if (j != i &&
		    is_narrower(cx->set, matched, c->all.at[j].policy, c->all.at[i].policy))
			return true;
	return false;
}

/* Of the candidates that no narrower one beats, the first; NULL when two of them differ. */
static const struct candidate *find_winner(struct merge_context *cx, const struct id_list *matched,
					   enum feature feature, const struct candidates *c,
					   const struct condition *when)
{
	const struct candidate *winner = NULL;

	for (uint32_t i = 0; i < c->all.n; i++) {
		const struct candidate *one = &c->all.at[i];

		if (c->all.n > 1 && is_beaten(cx, matched, c, i))
			continue;
		if (winner && !feature_equal(feature, winner->value, one->value)) {
			report_conflict(cx, feature, winner, one, when);
			return NULL;
		}
		winner = winner ? winner : one;
	}
	return winner;
}

void merge_effect(struct merge_context *cx, const struct id_list *matched,
		  const struct condition *when, bool of_destination, struct effect *out)
{
	struct candidates c = { 0 };

	memset(out, 0, sizeof *out);
	for (enum feature feature = 0; feature < SETTING_MAX; feature++) {
		const struct candidate *winner;

		if (feature_of_destination(feature) != of_destination)
			continue;
		find_candidates(cx, matched, feature, &c);
		if (!c.all.n)
			continue;
		winner = find_winner(cx, matched, feature, &c, when);
		if (!winner)
			continue;
		out->value[feature] = winner->value;
		out->owner[feature] = cx->set->all.at[winner->policy];
		out->at[feature] = winner->at;
	}
}
