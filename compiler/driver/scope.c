/*
 * Targets, shards and waves as one question; see the header.
 */
#include "base/base.h"
#include "driver/scope.h"

#include "base/hash.h"

#define CLUSTERS "clusters/"

/* clusters/c1/ -> c1; empty: it is of no cluster. */
static struct str part_of(struct str folder)
{
	if (!str_starts(folder, S(CLUSTERS)))
		return S("");
	return str_slice(folder, sizeof CLUSTERS - 1, folder.n - 1);
}

static bool names(const struct name_list *list, struct str name)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], name))
			return true;
	return false;
}

static bool is_in_shard(const struct shard *s, struct str part)
{
	if (!s->count)
		return true;
	return (part.n ? hash_bytes(part) % s->count : 0) == s->index - 1;
}

/* Names of folders are those of clusters: both are labels. */
static uint32_t wave_of(const struct scope *c, struct str part)
{
	const struct cluster *cluster = inventory_cluster(c->inventory, part);

	for (uint32_t i = 0; i < c->fleet->rollout.n; i++) {
		const struct wave_options *w = &c->fleet->rollout.at[i];

		if (names(&w->clusters, part) ||
		    (cluster && w->labels.n && labels_contain(&cluster->labels, &w->labels)))
			return i;
	}
	return c->fleet->rollout.n - 1;
}

static bool is_in_wave(const struct scope *c, struct str part)
{
	uint32_t wave;

	if (c->waves == WAVES_ALL || !c->fleet->rollout.n)
		return c->waves != WAVES_BEFORE;
	wave = part.n ? wave_of(c, part) : c->fleet->rollout.n - 1;
	return c->waves == WAVES_THIS ? wave == c->wave : wave < c->wave;
}

bool scope_takes(const void *scope, struct str folder)
{
	const struct scope *c = scope;
	struct str part = part_of(folder);

	if (part.n && c->target && c->target->clusters.n && !names(&c->target->clusters, part) &&
	    inventory_cluster(c->inventory, part))
		return false;
	return is_in_shard(&c->shard, part) && is_in_wave(c, part);
}

void scope_files(struct arena *mem, const struct scope *c, const struct fileset *all,
		 struct fileset *out)
{
	bool rest = is_in_shard(&c->shard, S("")) && c->waves != WAVES_BEFORE;
	uint32_t next = 0;

	*out = (struct fileset){ 0 };
	for (uint32_t i = 0; i < all->clusters.n; i++) {
		struct cluster_files row = all->clusters.at[i];
		bool chosen = scope_takes(c, row.folder);
		uint32_t to = row.to;

		for (; next < row.from; next++)
			if (rest)
				vec_add(mem, &out->all, all->all.at[next]);
		row.from = out->all.n;
		for (; next < to; next++)
			if (chosen)
				vec_add(mem, &out->all, all->all.at[next]);
		row.to = out->all.n;
		if (chosen)
			vec_add(mem, &out->clusters, row);
	}
	for (; next < all->all.n; next++)
		if (rest)
			vec_add(mem, &out->all, all->all.at[next]);
	for (uint32_t i = 0; i < out->all.n; i++)
		out->objects += out->all.at[i].object && !out->all.at[i].beside;
}

uint32_t count_clusters(const struct fileset *files)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < files->clusters.n; i++)
		n += str_starts(files->clusters.at[i].folder, S(CLUSTERS));
	return n;
}
