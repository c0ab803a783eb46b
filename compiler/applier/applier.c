/*
 * The appliers, and what is common to them.
 */
#include "base/base.h"
#include "applier/local.h"

static const struct applier *const appliers[] = {
	&applier_argocd,
	&applier_flux,
};

static const struct resource *find_fleet(const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->catalog->all.n; i++)
		if (snapshot->catalog->all.at[i].kind == KIND_FLEET)
			return &snapshot->catalog->all.at[i];
	return NULL;
}

/* NULL: the Fleet says nothing of them. */
static const struct fleet_appliers *asked_of(const struct resource *fleet)
{
	const struct fleet *body = fleet ? fleet->body : NULL;

	return body && body->spec ? body->spec->appliers : NULL;
}

static void mark_object(struct arena *mem, const struct fleet_appliers *asked,
			const struct object *object)
{
	struct node *metadata = node_get(object->body, S("metadata"));
	struct node *annotations = node_get(metadata, S("annotations"));

	if (!annotations)
		annotations = applier_map(mem, metadata, "annotations");
	for (size_t i = 0; i < countof(appliers); i++)
		if (appliers[i]->is_asked(asked))
			appliers[i]->mark(mem, annotations, object->stage);
	node_sort_keys(mem, annotations);
}

static bool is_any_asked(const struct fleet_appliers *asked)
{
	for (size_t i = 0; asked && i < countof(appliers); i++)
		if (appliers[i]->is_asked(asked))
			return true;
	return false;
}

void applier_mark(struct arena *mem, const struct snapshot *snapshot, struct object_set *set)
{
	const struct fleet_appliers *asked = asked_of(find_fleet(snapshot));

	for (uint32_t i = 0; is_any_asked(asked) && i < set->all.n; i++)
		mark_object(mem, asked, &set->all.at[i]);
}

void applier_objects(struct arena *mem, struct diags *d, const struct snapshot *snapshot,
		     struct bundle *out)
{
	const struct resource *fleet = find_fleet(snapshot);
	const struct fleet_appliers *asked = asked_of(fleet);

	*out = (struct bundle){ NEW(mem, struct object_set, countof(appliers)), 0 };
	if (asked && !is_any_asked(asked))
		help(report_no_applier(d, asked->at), "add `argocd: {}` or `flux: {}`");
	for (size_t i = 0; asked && i < countof(appliers); i++) {
		struct object_set *set = &out->clusters[out->n];
		struct applying a = { mem, fleet, asked, snapshot, set };

		if (!appliers[i]->is_asked(asked))
			continue;
		set->applier = str_of(appliers[i]->name);
		appliers[i]->objects(&a);
		out->n++;
	}
}
