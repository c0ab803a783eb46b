/*
 * Whether a branch holds what a source compiles to, told without compiling: the
 * output is a function of the sources and of meshc's version, so a commit that this
 * version made of the same files for the same part of the fleet is that output.
 *
 * Its message says of which source, wave and shard it is; a note may have moved on since,
 * for another part of the fleet. But it must have one: a commit that was made by hand, or
 * amended, has none, whatever its message and its files say.
 */
#include "base/base.h"
#include "driver/local.h"

#include "git/blob.h"
#include "git/tree.h"

bool compile_fleet(struct run *run, struct result *out)
{
	struct diags unheard = diags_new(run->mem);
	struct pass p = { .mem = run->mem, .diags = &unheard, .pool = run->pool };
	struct root root;
	bool read;

	*out = (struct result){ 0 };
	out->sources.files = NEW(run->mem, struct files, 1);
	*out->sources.files = files_new(run->mem);
	if (!root_open(run->mem, &unheard, &run->options.root, &root))
		return false;
	out->root = root.path;
	out->commit = root.objects.commit;
	out->folder = root.objects.root;
	read = front_fleet(&p, &root, &out->sources);
	root_close(&root);
	return read;
}

/* Both have it, and it is the same. */
static bool same_entry(struct arena *mem, const struct commit_tree *a, const struct commit_tree *b,
		       struct str path)
{
	struct diags unheard = diags_new(mem);
	enum entry_kind kind, other;
	struct object_id x, y;

	return commit_tree_look(mem, &unheard, a, path, &kind, &x) &&
	       commit_tree_look(mem, &unheard, b, path, &other, &y) && kind != ENTRY_NONE &&
	       kind == other && same_hex(x.hex, y.hex);
}

static bool same_entries(struct arena *mem, const struct fleet_options *fleet,
			 const struct commit_tree *a, const struct commit_tree *b)
{
	if (!same_entry(mem, a, b, S("meshc.yaml")) || !same_entry(mem, a, b, fleet->inventory))
		return false;
	for (uint32_t i = 0; i < fleet->mesh.n; i++)
		if (!same_entry(mem, a, b, fleet->mesh.at[i]))
			return false;
	return true;
}

static bool same_sources(struct arena *mem, const struct standing *h,
			 const struct object_id *published)
{
	struct diags unheard = diags_new(mem);
	struct commit_tree a, b;
	bool same = false;

	if (same_hex(published->hex, h->source.hex))
		return true;
	if (!commit_tree_open(&unheard, h->repository, published, h->folder, &a))
		return false;
	if (commit_tree_open(&unheard, h->repository, &h->source, h->folder, &b)) {
		same = same_entries(mem, h->fleet, &a, &b);
		commit_tree_close(&b);
	}
	commit_tree_close(&a);
	return same;
}

/* "...Meshc-Source-Commit: <id>\n<trailers>" -> the id; empty: the message ends otherwise. */
static struct object_id source_in(struct str body, struct str trailers)
{
	static const struct str key = { SOURCE_TRAILER, sizeof SOURCE_TRAILER - 1 };
	struct object_id id = { 0 };
	uint32_t n = BLOB_HEX + 1 + trailers.n;

	if (body.n < key.n + n || !str_ends(body, trailers) ||
	    !str_eq(str_slice(body, body.n - n - key.n, body.n - n), key))
		return id;
	memcpy(id.hex, body.p + body.n - n, BLOB_HEX);
	return id;
}

bool stands_already(struct arena *mem, const struct standing *h)
{
	struct diags unheard = diags_new(mem);
	struct object_id published;
	struct commit tip;

	if (!h->noted || !commit_read(mem, &unheard, h->repository, &h->tip, &tip))
		return false;
	published = source_in(tip.body, h->trailers);
	return published.hex[0] && same_sources(mem, h, &published);
}
