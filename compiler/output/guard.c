/*
 * What is not published without a word from a person (law 8): much removed, a
 * cluster emptied or gone, objects of protected kinds. One finding per guard and
 * cluster, each with the word that lets it pass.
 */
#include "base/base.h"
#include "output/local.h"

enum { CLUSTERS_ANYWAY = 5 }; /* a fifth of a small fleet is nobody */

static const struct span nowhere;

struct guarding {
	struct diags *diags;
	struct arena *mem;
	const struct guard_request *request;
	bool sound;
};

static bool names_have(const struct name_list *names, struct str name)
{
	for (uint32_t i = 0; i < names->n; i++)
		if (str_eq(names->at[i], name))
			return true;
	return false;
}

static bool is_known(const struct guarding *g, struct str part)
{
	struct str folder = str_join(g->mem, top_prefix(TOP_CLUSTERS), part);

	for (uint32_t i = 0; i < g->request->inventory->n_clusters; i++)
		if (str_eq(folder, output_folder(g->mem, g->request->inventory->clusters[i].name)))
			return true;
	return false;
}

static void refuse(struct guarding *g, struct finding *f, const char *what)
{
	g->sound = false;
	help(f, "%s", what);
}

static void weigh_removals(struct guarding *g, const struct cluster_change *c)
{
	const struct guard_options *limits = &g->request->fleet->guards;
	uint64_t part = (uint64_t)c->objects_before * limits->removed_percent / 100;
	uint64_t most = part > limits->removed_objects ? part : limits->removed_objects;

	if (c->objects_before && !c->objects_after)
		refuse(g, report_cluster_emptied(g->diags, nowhere, c->part),
		       "`--allow-removals` publishes it all the same");
	else if (c->objects_removed > most)
		refuse(g,
		       report_too_many_removed(g->diags, nowhere, c->part,
					       str_int(g->mem, c->objects_removed),
					       str_int(g->mem, c->objects_before)),
		       "`--allow-removals` publishes it all the same; `spec.guards` of the Fleet "
		       "sets "
		       "the limits");
}

static void weigh_cluster(struct guarding *g, const struct cluster_change *c)
{
	if (!c->part.n || names_have(&g->request->fleet->decommission, c->part))
		return;
	if (c->objects_before && !is_known(g, c->part))
		refuse(g, report_cluster_gone(g->diags, nowhere, c->part),
		       "a cluster that is gone for good stands in `spec.decommission` of the "
		       "Fleet");
	else if (!g->request->removals)
		weigh_removals(g, c);
}

static void weigh_fleet(struct guarding *g, const struct tree_changes *changes)
{
	uint64_t n = changes->clusters.n, losing = 0;
	uint64_t most = n * g->request->fleet->guards.clusters_percent / 100;

	for (uint32_t i = 0; i < n; i++)
		losing +=
			changes->clusters.at[i].objects_removed > 0 &&
			!names_have(&g->request->fleet->decommission, changes->clusters.at[i].part);
	if (g->request->removals || losing <= CLUSTERS_ANYWAY || losing <= most)
		return;
	refuse(g,
	       report_too_many_clusters(g->diags, nowhere, str_int(g->mem, (int64_t)losing),
					str_int(g->mem, (int64_t)n)),
	       "`--allow-removals` publishes it all the same; `spec.guards` of the Fleet sets the "
	       "limits");
}

/* "A,B" has "B". */
static bool list_has(struct str list, struct str item)
{
	while (list.n) {
		int64_t comma = str_find(list, ',');
		uint32_t end = comma < 0 ? list.n : (uint32_t)comma;

		if (str_eq(str_slice(list, 0, end), item))
			return true;
		list = str_slice(list, end + (comma >= 0), list.n);
	}
	return false;
}

static void weigh_row(struct guarding *g, const struct change_row *row)
{
	const char *what = row->change == CHANGE_CHANGED ? "changed" : "removed";
	struct finding *f;

	if (row->change != CHANGE_CHANGED && row->change != CHANGE_REMOVED)
		return;
	if (!names_have(&g->request->fleet->guards.protected_kinds, row->kind) ||
	    list_has(g->request->confirmed, row->kind))
		return;
	f = report_protected_kind(g->diags, nowhere, row->path, str_of(what));
	help(f, "`--confirm %.*s` publishes it all the same", STR(row->kind));
	g->sound = false;
}

bool output_guard(struct output_pass *p, const struct guard_request *request,
		  const struct tree_changes *changes)
{
	struct guarding g = { p->diags, p->mem, request, true };

	for (uint32_t i = 0; i < changes->clusters.n; i++)
		weigh_cluster(&g, &changes->clusters.at[i]);
	weigh_fleet(&g, changes);
	for (uint32_t i = 0; i < changes->changes.all.n; i++)
		weigh_row(&g, &changes->changes.all.at[i]);
	return g.sound;
}
