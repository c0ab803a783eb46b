/*
 * Pass 9: objects -> bytes, one file each.
 *
 * Job i renders cluster i into an arena of its own. Nothing here looks at the
 * disk: what the files are called and hold is a function of the objects alone.
 * Trees are several times the size of their text: where they can be made cluster
 * by cluster, they are dropped as soon as they are text.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/limit.h"
#include "base/sort.h"
#include "tree/yaml.h"

struct slot {
	struct arena *mem;
	struct diags diags;
	struct str folder; /* clusters/<cluster>/ */
	struct fileset files;
};

struct render {
	struct bundle *bundle;
	output_source source; /* NULL: the bundle is there already */
	void *cx;
	bool sizes_only;
	struct slot *slots;
};

/* What files need for a moment. */
struct scratch {
	struct arena *mem, *paths;
	struct buf text;
	bool sizes_only;
};

/* Dropped whole now and then: a rewind at the end of a block costs a block each time. */
#define PATHS_BYTES ((size_t)256 << 10)

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const struct output_file *)a)->path,
		       ((const struct output_file *)b)->path);
}

void sort_files(struct arena *scratch, struct output_file *files, uint32_t n)
{
	sort_stable(scratch, files, n, sizeof *files, compare_files);
}

static void add_file(struct arena *mem, struct fileset *out, struct str path, struct str bytes,
		     const struct object *object)
{
	struct output_file *file = vec_push(mem, &out->all);

	file->path = str_copy(mem, path);
	file->bytes = bytes.p ? str_copy(mem, bytes) : bytes;
	file->object = object;
}

static void render_object(struct slot *slot, struct scratch *x, const struct object_set *set,
			  const struct object *object)
{
	struct str path = layout_file(x->paths, set, object), text;

	x->text.n = 0;
	yaml_write(&x->text, object->body);
	text = buf_view(&x->text);
	if (x->sizes_only)
		text.p = NULL;
	add_file(slot->mem, &slot->files, path, text, object);
	if (arena_bytes(x->paths) < PATHS_BYTES)
		return;
	arena_free(x->paths);
	x->paths = arena_new();
}

static struct str object_title(struct arena *mem, const struct object_key *key)
{
	return str_format(mem, "%.*s %.*s/%.*s", STR(key->kind), STR(key->space), STR(key->name));
}

/* All parts of a path but the index's own name are lower case: folding changes nothing. */
static void check_paths(struct slot *slot)
{
	for (uint32_t i = 1; i < slot->files.all.n; i++) {
		const struct output_file *a = &slot->files.all.at[i - 1],
					 *b = &slot->files.all.at[i];
		struct span at = { 0 };

		if (!str_eq_nocase(a->path, b->path))
			continue;
		if (a->object->sources.n)
			at = a->object->sources.at[0]->at;
		report_path_taken(&slot->diags, at, object_title(slot->mem, &a->object->key),
				  object_title(slot->mem, &b->object->key));
	}
}

static void render_needs(struct slot *slot, struct scratch *x, const struct object_set *set)
{
	struct str path = str_join(x->mem, slot->folder, S(NEEDS_NAME));
	struct str text = needs_text(x->mem, set);

	if (x->sizes_only)
		text.p = NULL;
	add_file(slot->mem, &slot->files, path, text, needs_object(slot->mem, set));
	slot->files.all.at[slot->files.all.n - 1].beside = true;
}

static struct str in_megabytes(struct arena *mem, uint64_t bytes)
{
	return str_format(mem, "%" PRIu64 ".%" PRIu64 " MB", bytes / 1000000, bytes / 100000 % 10);
}

static void report_large(struct slot *slot, const struct object_set *set, struct str size,
			 struct str limit)
{
	help(report_cluster_large(&slot->diags, set->at, set->cluster, size, limit),
	     "federate fewer services, or to fewer meshes: `federation.selectors` of the "
	     "VirtualMesh");
}

/* Near what appliers can take it is still written. */
static void check_size(struct slot *slot, const struct object_set *set)
{
	struct arena *mem = slot->diags.mem;
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < slot->files.all.n; i++)
		bytes += slot->files.all.at[i].beside ? 0 : slot->files.all.at[i].bytes.n;
	if (set->all.n > LIMIT_CLUSTER_OBJECTS)
		report_large(slot, set, str_format(mem, "%" PRIu32 " objects", set->all.n),
			     str_int(mem, LIMIT_CLUSTER_OBJECTS));
	if (bytes > LIMIT_CLUSTER_BYTES)
		report_large(slot, set, in_megabytes(mem, bytes),
			     in_megabytes(mem, LIMIT_CLUSTER_BYTES));
}

static void render_set(struct slot *slot, struct scratch *x, const struct object_set *set)
{
	slot->folder = layout_folder(slot->mem, set);
	vec_reserve(slot->mem, &slot->files.all, set->all.n);
	for (uint32_t i = 0; i < set->all.n; i++)
		render_object(slot, x, set, &set->all.at[i]);
	slot->files.objects = set->all.n;
	if (set->required.n)
		render_needs(slot, x, set);
	sort_files(slot->mem, slot->files.all.at, slot->files.all.n);
	check_paths(slot);
	if (!set->applier.n && !set->unmeasured)
		check_size(slot, set);
}

static struct object keep_object(struct arena *mem, const struct object *from)
{
	struct object out = { .body = from->body, .stage = from->stage };

	out.key.group = str_copy(mem, from->key.group);
	out.key.kind = str_copy(mem, from->key.kind);
	out.key.space = str_copy(mem, from->key.space);
	out.key.name = str_copy(mem, from->key.name);
	for (uint32_t i = 0; i < from->sources.n; i++)
		vec_add(mem, &out.sources, from->sources.at[i]);
	return out;
}

/* The set without its trees, which are in the scratch arena and go with it. */
static void render_made(struct render *r, uint32_t i, struct scratch *x)
{
	struct slot *slot = &r->slots[i];
	struct object_set made = { 0 }, *kept = &r->bundle->clusters[i];

	r->source(r->cx, i, x->mem, &slot->diags, &made);
	kept->cluster = str_copy(slot->mem, made.cluster);
	kept->at = made.at;
	kept->unmeasured = made.unmeasured;
	vec_reserve(slot->mem, &kept->all, made.all.n);
	for (uint32_t o = 0; o < made.all.n; o++)
		vec_add(slot->mem, &kept->all, keep_object(slot->mem, &made.all.at[o]));
	for (uint32_t q = 0; q < made.required.n; q++)
		vec_add(slot->mem, &kept->required,
			requirement_copy(slot->mem, &made.required.at[q]));
	render_set(slot, x, kept);
	for (uint32_t o = 0; o < kept->all.n; o++)
		kept->all.at[o].body = NULL;
}

static void render_cluster(uint32_t i, void *cx)
{
	struct render *r = cx;
	struct slot *slot = &r->slots[i];
	struct scratch x = { arena_new(), arena_new(), .sizes_only = r->sizes_only };

	x.text = buf_new(x.mem, 0);
	slot->mem = arena_new();
	slot->diags = diags_new(slot->mem);
	if (r->source)
		render_made(r, i, &x);
	else
		render_set(slot, &x, &r->bundle->clusters[i]);
	arena_free(x.paths);
	arena_free(x.mem);
}

static int compare_slots(const void *a, const void *b)
{
	return str_cmp(((const struct slot *)a)->folder, ((const struct slot *)b)->folder);
}

/* Slots in the order of their folders make one sorted list. */
static void collect(struct output_pass *p, struct render *r, struct fileset *out)
{
	uint32_t n = out->all.n;

	for (uint32_t i = 0; i < r->bundle->n; i++) {
		diags_merge(p->diags, &r->slots[i].diags);
		n += r->slots[i].files.all.n;
	}
	vec_reserve(p->mem, &out->all, n);
	sort_stable(p->mem, r->slots, r->bundle->n, sizeof *r->slots, compare_slots);
	for (uint32_t i = 0; i < r->bundle->n; i++) {
		struct slot *slot = &r->slots[i];
		uint32_t from = out->all.n;

		vec_add(p->mem, &out->clusters,
			((struct cluster_files){ slot->folder, from, from + slot->files.all.n }));
		for (uint32_t f = 0; f < slot->files.all.n; f++)
			vec_add(p->mem, &out->all, slot->files.all.at[f]);
		out->objects += slot->files.objects;
		arena_adopt(p->mem, slot->mem);
	}
}

/* .gitattributes comes before the folders. */
static void start(struct output_pass *p, bool appliers, struct fileset *out)
{
	*out = (struct fileset){ 0 };
	add_file(p->mem, out, S(ATTRIBUTES), attributes_text(appliers), NULL);
}

static void render_all(struct output_pass *p, struct render *r, struct fileset *out)
{
	r->sizes_only = p->sizes_only;
	r->slots = NEW(p->mem, struct slot, r->bundle->n);
	pool_map(p->pool, r->bundle->n, render_cluster, r);
	collect(p, r, out);
}

void output_render(struct output_pass *p, const struct bundle *bundle, struct fileset *out)
{
	struct bundle there = *bundle;
	struct render r = { .bundle = &there };

	start(p, false, out);
	render_all(p, &r, out);
}

/* Behind what is there: everything but the file that starts every set. */
static void append(struct arena *mem, const struct fileset *rest, struct fileset *out)
{
	uint32_t shift = out->all.n - 1;

	for (uint32_t i = 1; i < rest->all.n; i++)
		vec_add(mem, &out->all, rest->all.at[i]);
	for (uint32_t i = 0; i < rest->clusters.n; i++) {
		struct cluster_files moved = rest->clusters.at[i];

		moved.from += shift;
		moved.to += shift;
		vec_add(mem, &out->clusters, moved);
	}
	out->objects = rest->objects;
}

void output_render_appliers(struct output_pass *p, const struct bundle *bundle,
			    struct fileset *files)
{
	struct bundle there = *bundle;
	struct render r = { .bundle = &there };
	struct fileset all;

	if (!bundle->n)
		return;
	start(p, true, &all);
	render_all(p, &r, &all);
	for (uint32_t i = 0; i < all.all.n; i++)
		all.all.at[i].beside = all.all.at[i].object != NULL;
	append(p->mem, files, &all);
	*files = all;
}

void output_render_each(struct output_pass *p, uint32_t n, output_source source, void *cx,
			struct bundle *objects, struct fileset *out)
{
	struct render r = { .bundle = objects, .source = source, .cx = cx };

	*objects = (struct bundle){ NEW(p->mem, struct object_set, n), n };
	start(p, false, out);
	render_all(p, &r, out);
}
