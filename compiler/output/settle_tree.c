/*
 * What the files would change in a commit's tree, and whether they may: as settle.c
 * does for a folder, but by object ids, so that no file is read.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/limit.h"
#include "base/sort.h"
#include "git/blob.h"
#include "output/ledger.h"

struct weighing { /* one folder with an index */
	struct output_pass *pass;
	const struct commit_tree *tree;
	struct str prefix;         /* clusters/<part>/ */
	struct listed_files there; /* below the prefix */
	struct ledger ledger;
	struct tree_changes *out;
	struct cluster_change *sum;
	uint32_t from; /* of the changes: where those of the folder begin */
};

static bool refuse_foreign(struct diags *d, struct str path)
{
	struct finding *f = report_not_owned(d, (struct span){ 0 }, path);

	help(f, "move it away or delete it on the branch, then publish again");
	return false;
}

static struct str kind_of(struct arena *mem, const struct object_key *key)
{
	if (!key->group.n)
		return key->kind;
	return str_format(mem, "%.*s.%.*s", STR(key->kind), STR(key->group));
}

static void add_row(struct weighing *w, enum change change, struct str path,
		    const struct output_file *file, struct str kind)
{
	struct changes *all = &w->out->changes;
	bool counts = w->sum->part.n && kind.n && !str_eq(kind, S(NEEDS_KIND));

	vec_add(w->pass->mem, &all->all, ((struct change_row){ change, path, file, kind }));
	w->sum->changed |= change != CHANGE_SAME;
	if (!counts)
		return;
	all->objects_new += change == CHANGE_NEW;
	all->objects_changed += change == CHANGE_CHANGED;
	all->objects_removed += change == CHANGE_REMOVED;
	w->sum->objects_removed += change == CHANGE_REMOVED;
	w->sum->objects_after += change != CHANGE_REMOVED;
}

static bool is_ours(const struct weighing *w, struct str path)
{
	struct str name = str_slice(path, w->prefix.n, path.n);

	return str_eq(name, S(LEDGER_NAME)) || ledger_find(&w->ledger, name);
}

static bool weigh_file(struct weighing *w, const struct output_file *file)
{
	struct str kind = file->object ? kind_of(w->pass->mem, &file->object->key) : S("");
	struct str name = str_slice(file->path, w->prefix.n, file->path.n);
	const struct listed_file *there = listed_find(&w->there, name);
	enum change change = CHANGE_CHANGED;

	if (there && same_hex(there->id.hex, file->digest.hex))
		change = CHANGE_SAME;
	else if (there ? !there->id.hex[0] || !is_ours(w, file->path)
		       : listed_below(&w->there, name))
		return refuse_foreign(w->pass->diags, file->path);
	else if (!there)
		change = CHANGE_NEW;
	add_row(w, change, file->path, file, kind);
	return true;
}

/* What the index names and nobody wants any more. */
static void remove_stale(struct weighing *w, const struct fileset *files, struct range wanted)
{
	uint32_t f = wanted.from;

	for (uint32_t i = 0; i < w->ledger.all.n; i++) {
		const struct ledger_row *row = &w->ledger.all.at[i];
		struct str path = str_join(w->pass->mem, w->prefix, row->path);

		w->sum->objects_before += w->sum->part.n && !str_eq(row->kind, S(NEEDS_KIND));
		while (f < wanted.to && str_cmp(files->all.at[f].path, path) < 0)
			f++;
		if (f < wanted.to && str_eq(files->all.at[f].path, path))
			continue;
		if (listed_find(&w->there, row->path))
			add_row(w, CHANGE_REMOVED, path, NULL, row->kind);
	}
}

static bool read_old(void *cx, struct str path, struct str *text)
{
	const struct weighing *w = cx;

	return commit_tree_read(w->pass->mem, w->pass->diags, w->tree, path, LIMIT_FILE_BYTES,
				text);
}

static int compare_rows(const void *a, const void *b)
{
	return str_cmp(((const struct change_row *)a)->path, ((const struct change_row *)b)->path);
}

/* Most often they are in order: only what is removed comes after the rest of its folder. */
static void sort_rows(struct arena *scratch, struct changes *c)
{
	for (uint32_t i = 1; i < c->all.n; i++)
		if (str_cmp(c->all.at[i - 1].path, c->all.at[i].path) > 0) {
			sort_stable(scratch, c->all.at, c->all.n, sizeof *c->all.at, compare_rows);
			return;
		}
}

/* Rows of one folder: the changes that went into all came last. */
static void check_transition(struct weighing *w)
{
	struct changes here = { 0 };

	here.all.at = w->out->changes.all.at + w->from;
	here.all.n = w->out->changes.all.n - w->from;
	sort_rows(w->pass->mem, &here);
	transition_check(&(struct transition){ .mem = w->pass->mem,
					       .diags = w->pass->diags,
					       .prefix = w->prefix,
					       .ledger = &w->ledger,
					       .changes = &here,
					       .read = read_old,
					       .cx = w });
}

static bool weigh_folder(struct weighing *w, const struct fileset *files)
{
	struct range wanted = files_below(files, w->prefix);
	struct str index = str_join(w->pass->mem, w->prefix, S(LEDGER_NAME)), text;
	bool sound = true;

	if (!commit_tree_files(w->pass->mem, w->pass->diags, w->tree, w->prefix, &w->there) ||
	    !commit_tree_read(w->pass->mem, w->pass->diags, w->tree, index,
			      LIMIT_INVENTORY_FILE_BYTES, &text) ||
	    (text.p && !ledger_read(w->pass->mem, w->pass->diags, index, text, &w->ledger)))
		return false;
	if (text.p && wanted.from == wanted.to)
		add_row(w, CHANGE_REMOVED, index, NULL, S(""));
	for (uint32_t i = wanted.from; i < wanted.to; i++)
		sound &= weigh_file(w, &files->all.at[i]);
	remove_stale(w, files, wanted);
	if (sound && w->sum->part.n && w->sum->changed)
		check_transition(w);
	return sound;
}

/* Somebody else's .gitattributes stands: they know their repository. */
static bool weigh_attributes(struct output_pass *p, const struct commit_tree *tree,
			     const struct output_file *file, struct changes *out)
{
	struct object_id id;
	enum entry_kind kind;
	enum change change;
	struct str text;

	if (!commit_tree_look(p->mem, p->diags, tree, file->path, &kind, &id))
		return false;
	change = kind == ENTRY_NONE ? CHANGE_NEW : CHANGE_SAME;
	if (!commit_tree_read(p->mem, p->diags, tree, file->path, LIMIT_FILE_BYTES, &text))
		return false;
	if (text.p && attributes_are_ours(text) && !str_eq(text, file->bytes))
		change = CHANGE_CHANGED;
	vec_add(p->mem, &out->all, ((struct change_row){ change, file->path, file, S("") }));
	return true;
}

static int compare_strs(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct parts {
	VEC(struct str) all;
};

/* Folders that the files need, and those that are there with an index of ours. */
static bool list_parts(struct output_pass *p, const struct commit_tree *tree,
		       const struct fileset *files, struct parts *out)
{
	struct entries there;
	uint32_t n = 0;

	for (uint32_t i = 0; i < files->clusters.n; i++)
		vec_add(p->mem, &out->all, files->clusters.at[i].folder);
	for (int top = 0; top < TOP_MAX; top++) {
		if (!commit_tree_list(p->mem, p->diags, tree, str_of(tops[top].name), &there))
			return false;
		for (uint32_t i = 0; i < there.all.n; i++)
			if (there.all.at[i].kind == ENTRY_FOLDER &&
			    pass_takes(p, top_prefix(top), there.all.at[i].name))
				vec_add(p->mem, &out->all,
					str_join(p->mem, top_prefix(top), there.all.at[i].name,
						 S("/")));
	}
	sort_stable(p->mem, out->all.at, out->all.n, sizeof *out->all.at, compare_strs);
	for (uint32_t i = 0; i < out->all.n; i++)
		if (!n || !str_eq(out->all.at[n - 1], out->all.at[i]))
			out->all.at[n++] = out->all.at[i];
	out->all.n = n;
	return true;
}

bool output_settle_tree(struct output_pass *p, const struct commit_tree *tree,
			const struct fileset *files, struct tree_changes *out)
{
	struct range top = files_below(files, S(ATTRIBUTES));
	struct parts parts = { 0 };
	bool sound = true;

	*out = (struct tree_changes){ 0 };
	vec_reserve(p->mem, &out->changes.all, files->all.n);
	for (uint32_t i = top.from; i < top.to; i++)
		sound &= weigh_attributes(p, tree, &files->all.at[i], &out->changes);
	if (!list_parts(p, tree, files, &parts))
		return false;
	for (uint32_t i = 0; i < parts.all.n; i++) {
		struct cluster_change *sum = vec_push(p->mem, &out->clusters);
		struct weighing w = { .pass = p,
				      .tree = tree,
				      .prefix = parts.all.at[i],
				      .out = out,
				      .sum = sum,
				      .from = out->changes.all.n };

		if (str_starts(w.prefix, top_prefix(TOP_CLUSTERS)))
			sum->part = str_slice(w.prefix, top_prefix(TOP_CLUSTERS).n, w.prefix.n - 1);
		sound &= weigh_folder(&w, files);
	}
	sort_rows(p->mem, &out->changes);
	return sound;
}

void tree_changes_edits(struct arena *mem, const struct tree_changes *changes,
			struct tree_edits *out)
{
	for (uint32_t i = 0; i < changes->changes.all.n; i++) {
		const struct change_row *row = &changes->changes.all.at[i];
		struct tree_edit *edit;

		if (row->change == CHANGE_SAME)
			continue;
		edit = vec_push(mem, out);
		edit->path = row->path;
		if (!row->file)
			continue;
		edit->bytes = row->file->bytes;
		memcpy(edit->id.hex, row->file->digest.hex, sizeof edit->id.hex);
	}
}
