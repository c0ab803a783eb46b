/*
 * Source files out of the object database; see the header.
 */
#include "base/base.h"
#include "git/taking.h"

static const struct span nowhere;

static struct str cut_last(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	if (path.n)
		path.n--;
	return path;
}

static bool take_open(struct taking *t, struct arena *mem, struct diags *diags,
		      const struct objects *o, size_t max_bytes, struct tree_listing *out)
{
	*t = (struct taking){ .in = intake_new(mem, diags, max_bytes, out), .from = o };
	if (!git_repository_odb(&t->odb, o->repository.git)) {
		t->scratch = arena_new();
		return true;
	}
	intake_refuse(&t->in, o->repository.path, git_cause());
	return false;
}

static void take_close(struct taking *t)
{
	git_odb_free(t->odb);
	arena_free(t->scratch);
}

bool objects_read(struct arena *mem, struct diags *diags, const struct objects *o,
		  struct str folder, size_t max_file_bytes, struct tree_listing *out)
{
	struct taking t;

	if (!take_open(&t, mem, diags, o, max_file_bytes, out))
		return false;
	taking_list(&t, folder);
	taking_read_all(&t);
	take_close(&t);
	return intake_done(&t.in);
}

bool objects_read_file(struct arena *mem, struct diags *diags, const struct objects *o,
		       struct str path, size_t max_bytes, struct str *out)
{
	struct taking t;

	*out = (struct str){ 0 };
	if (!take_open(&t, mem, diags, o, max_bytes, NULL))
		return false;
	taking_list(&t, path);
	for (uint32_t i = 0; i < t.held.n; i++)
		if (str_eq(t.held.at[i].path, path))
			taking_read(&t, &t.held.at[i], out);
	take_close(&t);
	return t.in.sound;
}

/* ---- The index as it is ---- */

static void add_staged(struct arena *mem, const git_index_entry *e, struct str path,
		       struct listed_files *out)
{
	struct listed_file *last = out->n ? &out->at[out->n - 1] : NULL;
	bool plain = e->mode == GIT_FILEMODE_BLOB || e->mode == GIT_FILEMODE_BLOB_EXECUTABLE;

	if (last && str_eq(last->path, path)) {
		last->id = (struct object_id){ 0 };
		return;
	}
	last = vec_push(mem, out);
	last->path = str_copy(mem, path);
	if (plain && !GIT_INDEX_ENTRY_STAGE(e))
		git_oid_tostr(last->id.hex, sizeof last->id.hex, &e->id);
}

void objects_staged(struct arena *mem, const struct objects *o, struct str folder,
		    struct listed_files *out)
{
	struct str full = path_below(mem, o->root, folder);
	size_t n = git_index_entrycount(o->index), at = 0;

	*out = (struct listed_files){ 0 };
	if (git_index_find_prefix(&at, o->index, str_z(mem, full)))
		return;
	for (; at < n; at++) {
		const git_index_entry *e = git_index_get_byindex(o->index, at);
		struct str path = str_of(e->path);

		if (!str_starts(path, full))
			break;
		if (path.n > full.n && path.p[full.n] == '/')
			add_staged(mem, e, str_slice(path, full.n + 1, path.n), out);
	}
}

/* ---- Opening ---- */

/* 0, or what libgit2 answers. */
static int has_fleet(struct arena *mem, const struct objects *o, git_tree *top, struct str folder,
		     bool *has)
{
	struct str marker = path_below(mem, folder, S("meshc.yaml"));
	git_tree_entry *e;
	size_t at;
	int error;

	*has = o->staged && !git_index_find(&at, o->index, str_z(mem, marker));
	if (o->staged)
		return 0;
	if (!tree_entry(mem, top, marker, &e, &error))
		return error;
	*has = e;
	git_tree_entry_free(e);
	return 0;
}

/* From the folder upwards, inside the commit or the index. */
static int find_root(struct arena *mem, struct objects *o, struct str folder, bool *found)
{
	git_tree *top = NULL;
	int error = o->staged ? 0 : tree_of_commit(&o->repository, &o->commit, &top);

	*found = false;
	while (!error && !(error = has_fleet(mem, o, top, folder, found)) && !*found && folder.n)
		folder = cut_last(folder);
	git_tree_free(top);
	o->root = folder;
	return error;
}

/* As the user can name the folder of the root: `from` and as many steps up as it is above that. */
static struct str name_root(struct arena *mem, const char *from, struct str below, struct str root)
{
	struct str path = str_of(from);

	for (; below.n > root.n; below = cut_last(below))
		path = str_format(mem, "%.*s/..", STR(path));
	return path;
}

static bool open_index(struct diags *diags, struct objects *o)
{
	if (!git_repository_index(&o->index, o->repository.git))
		return true;
	help(report_repository_unreadable(diags, nowhere, o->repository.path, git_cause()),
	     "`git sparse-checkout reapply --no-sparse-index` or `git update-index "
	     "--no-split-index` writes the index in a form that every reader of it knows");
	return false;
}

static bool open_commit(struct arena *mem, struct diags *diags, const char *rev, struct objects *o,
			struct str *folder)
{
	*folder = S("");
	return rev ? repository_commit(mem, diags, &o->repository, str_of(rev), &o->commit, folder)
		   : open_index(diags, o);
}

static bool enter_root(struct arena *mem, struct diags *diags, const char *rev, struct objects *o,
		       struct str folder)
{
	struct finding *f;
	bool found;
	int error = find_root(mem, o, folder.n ? folder : o->repository.below, &found);

	if (error)
		return refuse_object(diags, &o->repository, S("meshc.yaml"), error);
	if (found)
		return true;
	f = refuse_rootless(diags, rev ? str_of(rev) : S("the index"));
	if (rev && !folder.n)
		note(f, nowhere, "`--rev %s:FOLDER` looks in a folder of it", rev);
	return false;
}

bool objects_open(struct arena *mem, struct diags *diags, const char *from,
		  const struct repository *opened, const char *rev, struct objects *o)
{
	struct str folder;

	*o = (struct objects){ .staged = !rev };
	if (!repository_share(mem, diags, from, opened, &o->repository))
		return false;
	if (!open_commit(mem, diags, rev, o, &folder) || !enter_root(mem, diags, rev, o, folder)) {
		objects_close(o);
		return false;
	}
	o->path = folder.n ? path_below(mem, o->repository.path, o->root)
			   : name_root(mem, from, o->repository.below, o->root);
	return true;
}

void objects_close(struct objects *o)
{
	git_index_free(o->index);
	o->index = NULL;
	repository_close(&o->repository);
}
