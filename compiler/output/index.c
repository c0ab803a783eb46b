/*
 * What the files of a tree are called by git, and the index of every cluster.
 *
 * Job i names and indexes the files of cluster i. `check` never comes here: no
 * finding depends on an id.
 */
#include "base/base.h"
#include "output/local.h"

#include "git/blob.h"
#include "output/ledger.h"

struct slot {
	struct arena *mem;
	struct output_file index; /* MESHC.index */
};

struct indexing {
	struct fileset *files;
	struct slot *slots;
};

static void name_file(struct output_file *file)
{
	blob_id(file->bytes, file->digest.hex);
}

static void index_cluster(uint32_t i, void *cx)
{
	struct indexing *x = cx;
	const struct cluster_files *cluster = &x->files->clusters.at[i];
	struct output_file *files = x->files->all.at + cluster->from;
	uint32_t n = cluster->to - cluster->from;
	struct slot *slot = &x->slots[i];
	struct buf text;

	slot->mem = arena_new();
	text = buf_new(slot->mem, 0);
	for (uint32_t f = 0; f < n; f++)
		name_file(&files[f]);
	ledger_write(&text, cluster->folder, files, n);
	if (text.overflow)
		BUG("more than 4 GiB in one file of %.*s", STR(cluster->folder));
	slot->index.path = str_format(slot->mem, "%.*s" LEDGER_NAME, STR(cluster->folder));
	slot->index.bytes = buf_view(&text);
	name_file(&slot->index);
}

/* The files outside of all clusters, then each cluster's with its index among them. */
static void collect(struct arena *mem, const struct indexing *x, struct fileset *out)
{
	const struct fileset *in = x->files;
	uint32_t next = 0;

	*out = (struct fileset){ .objects = in->objects };
	vec_reserve(mem, &out->all, in->all.n + in->clusters.n);
	for (uint32_t i = 0; i < in->clusters.n; i++) {
		const struct cluster_files *cluster = &in->clusters.at[i];
		struct cluster_files done = { .folder = cluster->folder };

		for (; next < cluster->from; next++)
			vec_add(mem, &out->all, in->all.at[next]);
		done.from = out->all.n;
		for (; next < cluster->to; next++)
			vec_add(mem, &out->all, in->all.at[next]);
		vec_add(mem, &out->all, x->slots[i].index);
		done.to = out->all.n;
		vec_add(mem, &out->clusters, done);
		sort_files(mem, out->all.at + done.from, done.to - done.from);
		arena_adopt(mem, x->slots[i].mem);
	}
	for (; next < in->all.n; next++)
		vec_add(mem, &out->all, in->all.at[next]);
}

void output_index(struct output_pass *p, struct fileset *files)
{
	struct indexing x = { files, NEW(p->mem, struct slot, files->clusters.n) };
	struct fileset out;

	blob_open();
	pool_map(p->pool, files->clusters.n, index_cluster, &x);
	blob_close();
	collect(p->mem, &x, &out);
	*files = out;
}
