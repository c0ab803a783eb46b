/*
 * What lies below a folder of a commit, or of the index: see git/taking.h.
 */
#include "base/base.h"
#include "git/taking.h"

#include "base/limit.h"

static void hold(struct taking *t, struct str path, uint32_t mode, const git_oid *id, bool unmerged)
{
	if (t->held.n == LIMIT_FILES)
		intake_overflow(&t->in);
	else
		vec_add(t->in.mem, &t->held,
			((struct listed){
				.path = path, .mode = mode, .id = *id, .unmerged = unmerged }));
}

/* ---- A commit ---- */

static void list_tree(struct taking *t, const git_oid *id, struct str path, uint32_t depth);

static void enter_tree(struct taking *t, const git_oid *id, struct str path, struct str name,
		       uint32_t depth)
{
	struct arena_mark mark = arena_mark(t->scratch);

	list_tree(t, id, path_below(t->scratch, path, name), depth);
	arena_rewind(t->scratch, mark);
}

static bool is_held(struct str name, git_filemode_t mode)
{
	return is_source_name(name) || mode == GIT_FILEMODE_LINK || mode == GIT_FILEMODE_COMMIT;
}

static void visit_entry(struct taking *t, const git_tree_entry *e, struct str path, uint32_t depth)
{
	struct str name = str_of(git_tree_entry_name(e));
	git_filemode_t mode = git_tree_entry_filemode(e);

	if (str_starts(name, S(".")))
		return;
	if (str_find(name, '/') >= 0)
		taking_refuse_name(t, path_below(t->in.mem, path, name),
				   "no file can have a name with a slash in it");
	else if (path.n + name.n >= LIMIT_PATH_BYTES)
		taking_refuse_name(t, path, "what lies below it has a path that is too long");
	else if (mode == GIT_FILEMODE_TREE)
		enter_tree(t, git_tree_entry_id(e), path, name, depth + 1);
	else if (is_held(name, mode))
		hold(t, path_below(t->in.mem, path, name), mode, git_tree_entry_id(e), false);
}

static void list_tree(struct taking *t, const git_oid *id, struct str path, uint32_t depth)
{
	git_tree *tree = NULL;
	int error;

	if (t->from->skip.n && str_eq(path, t->from->skip))
		return;
	if (depth >= LIMIT_DEPTH) {
		intake_refuse(&t->in, path, S("its folders are nested too deep"));
		return;
	}
	error = git_tree_lookup(&tree, t->from->repository.git, id);
	if (error) {
		taking_refuse(t, path, error);
		return;
	}
	for (size_t i = 0; i < git_tree_entrycount(tree) && !t->in.full; i++)
		if (intake_may_look(&t->in, path))
			visit_entry(t, git_tree_entry_byindex(tree, i), path, depth);
	git_tree_free(tree);
}

static void list_commit(struct taking *t, struct str folder)
{
	struct str full = path_below(t->in.mem, t->from->root, folder);
	git_tree_entry *e = NULL;
	git_tree *top;
	int error = tree_of_commit(&t->from->repository, &t->from->commit, &top);

	if (error) {
		taking_refuse(t, folder, error);
		return;
	}
	if (!full.n || str_eq(full, S(".")))
		list_tree(t, git_tree_id(top), S(""), 0);
	else if (!tree_entry(t->in.mem, top, full, &e, &error))
		taking_refuse(t, folder, error);
	else if (e && git_tree_entry_type(e) == GIT_OBJECT_TREE)
		list_tree(t, git_tree_entry_id(e), str_eq(folder, S(".")) ? S("") : folder, 0);
	else if (e)
		hold(t, folder, git_tree_entry_filemode(e), git_tree_entry_id(e), false);
	git_tree_entry_free(e);
	git_tree_free(top);
}

/* ---- The index ---- */

static bool is_hidden(struct str path)
{
	return path.n && (path.p[0] == '.' || memmem(path.p, path.n, "/.", 2));
}

static bool is_at_or_below(struct str path, struct str folder)
{
	return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

static void visit_staged(struct taking *t, const git_index_entry *e, struct str path,
			 struct str below)
{
	bool plain = e->mode == GIT_FILEMODE_BLOB || e->mode == GIT_FILEMODE_BLOB_EXECUTABLE;

	if (is_hidden(below) || e->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD ||
	    (t->from->skip.n && is_at_or_below(path, t->from->skip)))
		return;
	/* The stages of a path stand together; it is refused once. */
	if (t->held.n && str_eq(t->held.at[t->held.n - 1].path, path))
		return;
	if (!plain || is_source_name(path))
		hold(t, path, e->mode, &e->id, GIT_INDEX_ENTRY_STAGE(e) != 0);
}

static void list_staged(struct taking *t, struct str folder)
{
	struct str root = t->from->root, full = path_below(t->in.mem, root, folder);
	uint32_t cut = root.n ? root.n + 1 : 0;
	size_t n = git_index_entrycount(t->from->index), at = 0;

	if (str_eq(full, S(".")))
		full = S("");
	if (full.n && git_index_find_prefix(&at, t->from->index, str_z(t->in.mem, full)))
		return;
	for (; at < n; at++) {
		const git_index_entry *e = git_index_get_byindex(t->from->index, at);
		struct str path = str_of(e->path);

		if (!str_starts(path, full))
			break;
		if (!full.n || is_at_or_below(path, full))
			visit_staged(t, e, str_copy(t->in.mem, str_slice(path, cut, path.n)),
				     str_slice(path, full.n + (full.n ? 1 : 0), path.n));
	}
}

void taking_list(struct taking *t, struct str folder)
{
	if (!is_path_below_root(folder))
		intake_refuse(&t->in, folder, S("it does not lie below the root"));
	else if (t->from->staged)
		list_staged(t, folder);
	else
		list_commit(t, folder);
}
