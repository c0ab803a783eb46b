/*
 * Pass 11: the changes, visible in one step.
 *
 *	out/clusters/               what readers see
 *	out/.clusters.meshc-new/    built: new and changed files written, all others linked
 *
 * then everything reaches the disk, and the two folders exchange their names. A
 * crash before that leaves the old tree, after it the new one; rubbish of a run
 * that died is removed by the next. What is not ours keeps its bytes and mode.
 * appliers/ goes the same way, right after clusters/.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/limit.h"
#include "base/sort.h"
#include "git/write.h"

/* One folder of the tree, old and new side by side. */
struct weave {
	struct arena *mem;
	struct diags *diags;
	const struct changes *changes;
	struct folder old, built;
	struct str prefix; /* "clusters/c1/" */
	struct range rows; /* of changes, below the prefix */
	uint32_t depth;
	uint32_t placed; /* entries that the new folder has */
};

struct child {
	struct str name;
	enum entry_kind old;
};

struct children {
	VEC(struct child) all;
};

struct slot {
	struct arena *mem;
	struct diags diags;
	bool done;
};

struct publish {
	const struct changes *changes;
	struct weave top;
	struct children children;
	struct slot *slots;
};

static int compare_children(const void *a, const void *b)
{
	return str_cmp(((const struct child *)a)->name, ((const struct child *)b)->name);
}

/* Merges neighbours of one name: the entry that is there comes first. */
static void unite(struct children *c)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->all.n; i++)
		if (!n || !str_eq(c->all.at[n - 1].name, c->all.at[i].name))
			c->all.at[n++] = c->all.at[i];
	c->all.n = n;
}

/* What stands in the old folder, and what the rows put there. */
static bool list_children(const struct weave *w, struct children *out)
{
	struct entries there = { 0 };
	struct str last = { 0 };

	if (w->old.fd >= 0 && !folder_list(w->mem, w->diags, &w->old, &there))
		return false;
	for (uint32_t i = 0; i < there.all.n; i++)
		vec_add(w->mem, &out->all,
			((struct child){ there.all.at[i].name, there.all.at[i].kind }));
	for (uint32_t i = w->rows.from; i < w->rows.to; i++) {
		struct str path = w->changes->all.at[i].path;
		struct str rest = str_slice(path, w->prefix.n, path.n);
		int64_t slash = str_find(rest, '/');
		struct str name = slash < 0 ? rest : str_slice(rest, 0, (uint32_t)slash);

		if (!str_eq(name, last))
			vec_add(w->mem, &out->all, ((struct child){ name, ENTRY_NONE }));
		last = name;
	}
	sort_stable(w->mem, out->all.at, out->all.n, sizeof *out->all.at, compare_children);
	unite(out);
	return true;
}

static const struct change_row *row_of(const struct weave *w, struct str path)
{
	struct range r = w->rows.from < w->rows.to ? rows_below(w->changes, path) : w->rows;
	const struct change_row *row = r.from < r.to ? &w->changes->all.at[r.from] : NULL;

	return row && str_eq(row->path, path) ? row : NULL;
}

static bool place_file(struct weave *w, const struct child *child)
{
	const struct change_row *row =
		row_of(w, str_format(w->mem, "%.*s%.*s", STR(w->prefix), STR(child->name)));

	if (row && row->change == CHANGE_REMOVED)
		return true;
	w->placed++;
	if (child->old != ENTRY_NONE && (!row || row->change == CHANGE_SAME))
		return write_keep(w->diags, &w->old, &w->built, child->name);
	if (child->old == ENTRY_NONE || row->change == CHANGE_CHANGED)
		return write_file(w->diags, &w->built, child->name, row->file->bytes);
	/* It came after we looked: somebody else is at work there. */
	report_not_owned(w->diags, (struct span){ 0 }, folder_path(w->mem, &w->old, child->name));
	return false;
}

static bool weave_folder(struct weave *);

static bool weave_opened(struct weave *up, struct weave *w, struct str name)
{
	if (!write_folder(w->diags, &up->built, name, &w->built))
		return false;
	return weave_folder(w) && (w->old.fd < 0 || write_mode(w->diags, &w->built, &w->old));
}

/* A folder that loses its last entry goes; one that was empty before is somebody's and stays. */
static bool place_folder(struct weave *up, const struct child *child, struct range rows)
{
	struct weave w = *up;
	struct folder none = { .fd = -1, .path = up->built.path };
	bool done;

	if (up->depth >= LIMIT_DEPTH) {
		report_cannot_write(up->diags, (struct span){ 0 },
				    folder_path(up->mem, &up->old, child->name),
				    S("its folders are nested too deep"));
		return false;
	}
	w.old = w.built = none;
	w.prefix = str_format(w.mem, "%.*s%.*s/", STR(up->prefix), STR(child->name));
	w.rows = rows;
	w.depth++;
	w.placed = 0;
	if (child->old == ENTRY_FOLDER && !folder_enter(w.diags, &up->old, child->name, &w.old))
		return false;
	done = weave_opened(up, &w, child->name);
	if (done && !w.placed && rows.from < rows.to)
		done = write_drop(w.diags, &up->built, child->name);
	else
		up->placed++;
	folder_close(&w.built);
	folder_close(&w.old);
	return done;
}

static bool is_leaf(const struct child *child)
{
	return child->old == ENTRY_FILE || child->old == ENTRY_LINK || child->old == ENTRY_OTHER;
}

static bool place(struct weave *w, const struct child *child)
{
	struct range rows = { 0 };

	if (!is_leaf(child) && w->rows.from < w->rows.to)
		rows = rows_below(w->changes, str_format(w->mem, "%.*s%.*s/", STR(w->prefix),
							 STR(child->name)));
	if (child->old == ENTRY_FOLDER || rows.from < rows.to)
		return place_folder(w, child, rows);
	return place_file(w, child);
}

static bool weave_folder(struct weave *w)
{
	struct children children = { 0 };

	if (!list_children(w, &children))
		return false;
	for (uint32_t i = 0; i < children.all.n; i++)
		if (!place(w, &children.all.at[i]))
			return false;
	return true;
}

static void place_child(uint32_t i, void *cx)
{
	struct publish *p = cx;
	struct slot *slot = &p->slots[i];
	struct weave w = p->top;
	struct arena *scratch = arena_new();

	slot->mem = arena_new();
	slot->diags = diags_new(slot->mem);
	w.mem = scratch;
	w.diags = &slot->diags;
	slot->done = place(&w, &p->children.all.at[i]);
	arena_free(scratch);
}

static bool place_children(struct output_pass *op, struct publish *p)
{
	bool done = true;

	p->slots = NEW(op->mem, struct slot, p->children.all.n);
	pool_map(op->pool, p->children.all.n, place_child, p);
	for (uint32_t i = 0; i < p->children.all.n; i++) {
		done &= p->slots[i].done;
		diags_merge(op->diags, &p->slots[i].diags);
		arena_adopt(op->mem, p->slots[i].mem);
	}
	return done;
}

/* The whole new tree, under its working name. */
static bool build(struct output_pass *op, const struct folder *root, int top,
		  const struct changes *changes)
{
	struct publish p = { .changes = changes };
	bool done;

	p.top = (struct weave){
		.mem = op->mem, .diags = op->diags, .changes = changes, .prefix = top_prefix(top)
	};
	p.top.rows = rows_below(changes, p.top.prefix);
	if (!folder_enter(op->diags, root, str_of(tops[top].name), &p.top.old))
		return false;
	done = write_folder(op->diags, root, str_of(tops[top].built), &p.top.built) &&
	       list_children(&p.top, &p.children) && place_children(op, &p) &&
	       (p.top.old.fd < 0 || write_mode(op->diags, &p.top.built, &p.top.old));
	folder_close(&p.top.built);
	folder_close(&p.top.old);
	return done;
}

/* Rubbish once the run has ended one way or the other: the next run removes what this one cannot. */
static void drop_working(const struct folder *root)
{
	struct arena *mem = arena_new();
	struct diags unheard = diags_new(mem);

	for (int t = 0; t < TOP_MAX; t++)
		write_drop(&unheard, root, str_of(tops[t].built));
	write_drop(&unheard, root, S(ATTRIBUTES_BUILT));
	for (int t = 0; t < TOP_MAX; t++)
		write_repair(&unheard, root, str_of(tops[t].name), str_of(tops[t].aside));
	arena_free(mem);
}

static const struct change_row *attributes_row(const struct changes *changes)
{
	struct range r = rows_below(changes, S(ATTRIBUTES));
	const struct change_row *row = r.from < r.to ? &changes->all.at[r.from] : NULL;

	return row && row->change != CHANGE_SAME ? row : NULL;
}

static bool has_changes(const struct changes *changes, struct range r)
{
	for (uint32_t i = r.from; i < r.to; i++)
		if (changes->all.at[i].change != CHANGE_SAME)
			return true;
	return false;
}

static void take_back(struct output_pass *op, const struct folder *root, int top)
{
	write_take_back(op->diags, root, str_of(tops[top].built), str_of(tops[top].name),
			str_of(tops[top].aside));
}

static bool show(struct output_pass *op, const struct folder *root, int top)
{
	if (!write_exchange(op->diags, root, str_of(tops[top].built), str_of(tops[top].name),
			    str_of(tops[top].aside)))
		return false;
	if (write_sync_names(op->diags, root))
		return true;
	take_back(op, root, top);
	return false;
}

/* From the last top folder on: what appliers are told to read is there before they are. */
static bool show_all(struct output_pass *op, const struct folder *root, const bool *changed,
		     const struct change_row *attributes)
{
	int t = TOP_MAX;

	while (t-- > 0)
		if (changed[t] && !show(op, root, t))
			break;
	if (t < 0 &&
	    (!attributes || write_rename(op->diags, root, S(ATTRIBUTES_BUILT), S(ATTRIBUTES))))
		return true;
	while (++t < TOP_MAX)
		if (changed[t])
			take_back(op, root, t);
	return false;
}

/* Where the last thing of ours has gone, and nothing else is, nothing need be. What fails here is rubbish at most. */
static void drop_empty(struct output_pass *op, const struct folder *root, int top)
{
	struct diags unheard = diags_new(op->mem);
	struct folder folder = { .fd = -1 };
	struct entries left = { 0 };
	bool empty;

	empty = folder_enter(&unheard, root, str_of(tops[top].name), &folder) && folder.fd >= 0 &&
		folder_list(op->mem, &unheard, &folder, &left) && !left.all.n;
	folder_close(&folder);
	if (empty)
		write_drop(&unheard, root, str_of(tops[top].name));
}

/* All that can run out of room or fail on the disk comes first; then names change. */
static bool apply(struct output_pass *op, const struct folder *root, const struct changes *changes)
{
	const struct change_row *row = attributes_row(changes);
	bool changed[TOP_MAX];

	if (row && !write_file(op->diags, root, S(ATTRIBUTES_BUILT), row->file->bytes))
		return false;
	for (int t = 0; t < TOP_MAX; t++) {
		changed[t] = has_changes(changes, rows_below(changes, top_prefix(t)));
		if (changed[t] && !build(op, root, t, changes))
			return false;
	}
	if (!write_sync(op->diags, root) || !show_all(op, root, changed, row))
		return false;
	for (int t = 0; t < TOP_MAX; t++)
		if (changed[t])
			drop_empty(op, root, t);
	return true;
}

/* What a run that died has left. */
static bool repair(struct output_pass *op, const struct folder *root)
{
	for (int t = 0; t < TOP_MAX; t++)
		if (!write_repair(op->diags, root, str_of(tops[t].name), str_of(tops[t].aside)) ||
		    !write_drop(op->diags, root, str_of(tops[t].built)))
			return false;
	return write_drop(op->diags, root, S(ATTRIBUTES_BUILT));
}

static bool publish_locked(struct output_pass *op, const struct folder *root,
			   const struct changes *changes)
{
	struct range all = { 0, changes->all.n };
	bool done;

	if (!repair(op, root))
		return false;
	if (!has_changes(changes, all))
		return true;
	done = apply(op, root, changes);
	drop_working(root);
	return done;
}

bool output_publish(struct output_pass *op, const char *out_dir, const struct fileset *files,
		    const struct changes *changes)
{
	struct folder root;
	bool made, done;

	(void)files;
	if (!write_open(op->diags, root_path(out_dir), &root, &made))
		return false;
	done = write_lock(op->diags, &root) && publish_locked(op, &root, changes);
	if (!done && made)
		write_unmake(&root);
	folder_close(&root);
	return done;
}
