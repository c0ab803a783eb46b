/*
 * One change in many clusters is one group.
 *
 * Two changes are the same when they say the same once the names that are each
 * cluster's own are replaced. A whole cluster that came or went is not told apart:
 * its objects are groups like others, and the formats fold them.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "base/sort.h"

struct grouping {
	struct arena *mem;
	struct diff *out;
	struct map by_text;     /* group number + 1 */
	struct map by_identity; /* struct siblings */
};

struct siblings { /* groups about one object */
	VEC(uint32_t) all;
};

static struct diff_group *group_for(struct grouping *x, const struct diff_change *c)
{
	void **slot = map_put(&x->by_text, c->abstract);
	struct diff_group *group;

	if (*slot)
		return &x->out->groups.at[(uintptr_t)*slot - 1];
	group = vec_push(x->mem, &x->out->groups);
	group->change = c;
	*slot = (void *)(uintptr_t)x->out->groups.n;
	return group;
}

static struct str own_words(struct grouping *x, const struct diff_change *c, struct str text)
{
	return diff_abstract(x->mem, x->out->clusters[c->cluster].tokens, text);
}

/* An effect that is the same everywhere is said as it is; others lose the clusters' own names. */
static void add_effects(struct grouping *x, struct diff_group *group, const struct diff_change *c,
			const struct map *texts)
{
	for (uint32_t i = 0; i < c->effects.all.n; i++) {
		struct diff_effect effect = c->effects.all.at[i];

		if ((uintptr_t)map_get(texts, effect.text) != group->clusters.n)
			effect.text = own_words(x, c, effect.text);
		effect_add(x->mem, &group->effects, effect);
	}
}

static void gather_effects(struct grouping *x, struct diff_group *group)
{
	struct map texts = map_new(x->mem);

	for (uint32_t i = 0; i < group->changes.n; i++)
		for (uint32_t k = 0; k < group->changes.at[i]->effects.all.n; k++) {
			void **slot = map_put(&texts, group->changes.at[i]->effects.all.at[k].text);

			*slot = (void *)((uintptr_t)*slot + 1);
		}
	for (uint32_t i = 0; i < group->changes.n; i++)
		add_effects(x, group, group->changes.at[i], &texts);
}

static void sort_into_groups(struct grouping *x)
{
	for (uint32_t i = 0; i < x->out->n_clusters; i++) {
		struct diff_cluster *cluster = &x->out->clusters[i];

		for (uint32_t k = 0; k < cluster->changes.n; k++) {
			const struct diff_change *c = &cluster->changes.at[k];
			struct diff_group *group = group_for(x, c);

			group->varies |= !str_eq(group->change->plain, c->plain);
			vec_add(x->mem, &group->clusters, i);
			vec_add(x->mem, &group->changes, c);
		}
		for (uint32_t k = 0; k < cluster->loose.n; k++)
			effect_add(x->mem, &x->out->loose, cluster->loose.at[k]);
	}
	for (uint32_t i = 0; i < x->out->groups.n; i++)
		gather_effects(x, &x->out->groups.at[i]);
}

/* Words for just these clusters. */

struct property { /* "region=eu" */
	struct str text;
};

static void each_property(struct arena *mem, const struct diff_cluster *cluster,
			  void (*each)(void *cx, struct str property), void *cx)
{
	const struct cluster *c = (cluster->new ? cluster->new : cluster->old)->cluster;

	if (c->locality.region.n)
		each(cx, str_join(mem, S("region="), c->locality.region));
	if (c->locality.zone.n)
		each(cx, str_join(mem, S("zone="), c->locality.zone));
	if (c->network.n)
		each(cx, str_join(mem, S("network="), c->network));
	for (uint32_t i = 0; i < c->labels.n; i++)
		each(cx, str_join(mem, c->labels.at[i].key, S("="), c->labels.at[i].value));
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (!i || c->meshes.at[i]->kind != c->meshes.at[i - 1]->kind)
			each(cx, str_join(mem, S("mesh="),
					  str_of(mesh_kind_name(c->meshes.at[i]->kind))));
}

struct tally {
	struct arena *mem;
	struct map counts;
};

static void count_one(void *cx, struct str property)
{
	struct tally *t = cx;
	void **slot = map_put(&t->counts, property);

	*slot = (void *)((uintptr_t)*slot + 1);
}

static uintptr_t count_of(const struct tally *t, struct str property)
{
	return (uintptr_t)map_get(&t->counts, property);
}

struct choice_of {
	const struct tally *all, *here;
	uint32_t n;
	struct str found;
};

/* The first property that all of the clusters have and no other does. */
static void choose_one(void *cx, struct str property)
{
	struct choice_of *x = cx;

	if (!x->found.n && count_of(x->all, property) == x->n &&
	    count_of(x->here, property) == x->n)
		x->found = property;
}

static struct str words_for(struct grouping *x, const struct tally *all, const struct diff_group *g)
{
	struct tally here = { x->mem, map_new(x->mem) };
	struct choice_of choice = { all, &here, g->clusters.n, S("") };

	if (g->clusters.n < 2 || g->clusters.n == x->out->n_clusters)
		return S("");
	for (uint32_t i = 0; i < g->clusters.n; i++)
		each_property(x->mem, &x->out->clusters[g->clusters.at[i]], count_one, &here);
	each_property(x->mem, &x->out->clusters[g->clusters.at[0]], choose_one, &choice);
	return choice.found;
}

/* Many groups have the same clusters. */
static struct str set_text(struct arena *mem, const struct diff_group *g)
{
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; i < g->clusters.n; i++)
		buf_format(&out, "%" PRIu32 " ", g->clusters.at[i]);
	return buf_view(&out);
}

static void find_words(struct grouping *x)
{
	struct tally all = { x->mem, map_new(x->mem) };
	struct map known = map_new(x->mem);

	for (uint32_t i = 0; i < x->out->n_clusters; i++)
		each_property(x->mem, &x->out->clusters[i], count_one, &all);
	for (uint32_t i = 0; i < x->out->groups.n; i++) {
		struct diff_group *g = &x->out->groups.at[i];
		void **slot = map_put(&known, set_text(x->mem, g));
		struct str *words = *slot;

		if (!words) {
			*slot = words = NEW(x->mem, struct str, 1);
			*words = words_for(x, &all, g);
		}
		g->which = *words;
	}
}

/* Groups about one object: each names the clusters of the others. */
static void find_siblings(struct grouping *x)
{
	for (uint32_t i = 0; i < x->out->groups.n; i++) {
		void **slot = map_put(&x->by_identity, x->out->groups.at[i].change->identity);
		struct siblings *list = *slot;

		if (!list)
			*slot = list = NEW(x->mem, struct siblings, 1);
		vec_add(x->mem, &list->all, i);
	}
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Of the largest group of an object: where the same object changed otherwise. */
static void name_differing(struct grouping *x, const struct siblings *list)
{
	struct diff_group *most = &x->out->groups.at[list->all.at[0]];

	for (uint32_t i = 1; i < list->all.n; i++)
		if (x->out->groups.at[list->all.at[i]].clusters.n > most->clusters.n)
			most = &x->out->groups.at[list->all.at[i]];
	for (uint32_t i = 0; i < list->all.n; i++) {
		const struct diff_group *g = &x->out->groups.at[list->all.at[i]];

		for (uint32_t k = 0; g != most && k < g->clusters.n; k++)
			vec_add(x->mem, &most->differ, g->clusters.at[k]);
	}
	if (most->differ.n)
		sort_stable(x->mem, most->differ.at, most->differ.n, sizeof(uint32_t), by_number);
}

static void find_differing(struct grouping *x)
{
	find_siblings(x);
	for (uint32_t i = 0; i < x->out->groups.n; i++) {
		const struct siblings *list =
			map_get(&x->by_identity, x->out->groups.at[i].change->identity);

		if (list->all.at[0] == i && list->all.n > 1)
			name_differing(x, list);
	}
}

static uint32_t weight_of(const struct diff_group *g)
{
	return g->effects.all.n ? (uint32_t)g->effects.all.at[0].risk : RISK_MAX;
}

/* Risk first; then what reaches furthest; then by object. */
static int by_risk(const void *left, const void *right)
{
	const struct diff_group *l = left, *r = right;
	int order;

	if (weight_of(l) != weight_of(r))
		return weight_of(l) < weight_of(r) ? -1 : 1;
	if (l->clusters.n != r->clusters.n)
		return l->clusters.n > r->clusters.n ? -1 : 1;
	order = object_key_compare(diff_key(l->change), diff_key(r->change));
	return order ? order : by_number(&l->change->cluster, &r->change->cluster);
}

void group_make(struct arena *mem, struct diff *out)
{
	struct grouping x = { mem, out, map_new(mem), map_new(mem) };

	sort_into_groups(&x);
	find_words(&x);
	find_differing(&x);
}

void group_sort(struct arena *scratch, struct diff *out)
{
	if (out->groups.n)
		sort_stable(scratch, out->groups.at, out->groups.n, sizeof *out->groups.at,
			    by_risk);
}
