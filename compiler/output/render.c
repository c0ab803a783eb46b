/*
 * Pass 9: objects -> bytes, one file each, and the index of every cluster.
 *
 * Job i renders cluster i into an arena of its own. Nothing here looks at the
 * disk: what the files are called and hold is a function of the objects alone.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/sort.h"
#include "git/blob.h"
#include "output/ledger.h"
#include "tree/yaml.h"

struct slot {
	struct arena *mem;
	struct diags diags;
	struct str folder; /* clusters/<cluster>/ */
	struct fileset files;
};

struct render {
	const struct bundle *bundle;
	struct slot *slots;
};

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const struct output_file *)a)->path,
		       ((const struct output_file *)b)->path);
}

static void sort_files(struct arena *scratch, struct fileset *set)
{
	sort_stable(scratch, set->all.at, set->all.n, sizeof *set->all.at, compare_files);
}

static void add_file(struct arena *mem, struct fileset *out, struct str path, struct str bytes,
		     const struct object *object)
{
	struct output_file *file = vec_push(mem, &out->all);

	file->path = path;
	file->bytes = str_copy(mem, bytes);
	file->object = object;
	blob_id(bytes, file->digest.hex);
}

static void render_object(struct slot *slot, struct buf *scratch, struct str cluster,
			  const struct object *object)
{
	scratch->n = 0;
	yaml_write(scratch, object->body);
	add_file(slot->mem, &slot->files, output_path(slot->mem, cluster, &object->key),
		 buf_view(scratch), object);
}

static struct str object_title(struct arena *mem, const struct object_key *key)
{
	return str_format(mem, "%.*s %.*s/%.*s", STR(key->kind), STR(key->space), STR(key->name));
}

/* All parts of a path but the index's own name are lower case: folding changes nothing. */
static void check_paths(struct slot *slot)
{
	for (uint32_t i = 1; i < slot->files.all.n; i++) {
		const struct object *a = slot->files.all.at[i - 1].object,
				    *b = slot->files.all.at[i].object;
		struct span at = { 0 };

		if (!str_eq_nocase(slot->files.all.at[i - 1].path, slot->files.all.at[i].path))
			continue;
		if (a->sources.n)
			at = a->sources.at[0]->at;
		report_path_taken(&slot->diags, at, object_title(slot->mem, &a->key),
				  object_title(slot->mem, &b->key));
	}
}

static void add_index(struct slot *slot, struct buf *scratch)
{
	struct str path = str_format(slot->mem, "%.*s" LEDGER_NAME, STR(slot->folder));

	scratch->n = 0;
	ledger_write(scratch, slot->folder, slot->files.all.at, slot->files.all.n);
	if (scratch->overflow)
		BUG("more than 4 GiB in one file of %.*s", STR(slot->folder));
	add_file(slot->mem, &slot->files, path, buf_view(scratch), NULL);
}

static void render_cluster(uint32_t i, void *cx)
{
	struct render *r = cx;
	struct slot *slot = &r->slots[i];
	const struct object_set *set = &r->bundle->clusters[i];
	struct arena *scratch_mem = arena_new();
	struct buf scratch = buf_new(scratch_mem, 0);

	slot->mem = arena_new();
	slot->diags = diags_new(slot->mem);
	slot->folder = layout_cluster(slot->mem, set->cluster);
	for (uint32_t o = 0; o < set->all.n; o++)
		render_object(slot, &scratch, set->cluster, &set->all.at[o]);
	slot->files.objects = set->all.n;
	sort_files(slot->mem, &slot->files);
	check_paths(slot);
	add_index(slot, &scratch);
	sort_files(slot->mem, &slot->files);
	arena_free(scratch_mem);
}

static int compare_slots(const void *a, const void *b)
{
	return str_cmp(((const struct slot *)a)->folder, ((const struct slot *)b)->folder);
}

/* Slots in the order of their folders make one sorted list. */
static void collect(struct output_pass *p, struct render *r, struct fileset *out)
{
	sort_stable(p->mem, r->slots, r->bundle->n, sizeof *r->slots, compare_slots);
	add_file(p->mem, out, S(ATTRIBUTES), attributes_text(), NULL);
	for (uint32_t i = 0; i < r->bundle->n; i++) {
		struct slot *slot = &r->slots[i];

		for (uint32_t f = 0; f < slot->files.all.n; f++)
			vec_add(p->mem, &out->all, slot->files.all.at[f]);
		out->objects += slot->files.objects;
		diags_merge(p->diags, &slot->diags);
		arena_adopt(p->mem, slot->mem);
	}
}

void output_render(struct output_pass *p, const struct bundle *bundle, struct fileset *out)
{
	struct render r = { bundle, NEW(p->mem, struct slot, bundle->n) };

	*out = (struct fileset){ 0 };
	blob_open();
	pool_map(p->pool, bundle->n, render_cluster, &r);
	collect(p, &r, out);
	blob_close();
}
