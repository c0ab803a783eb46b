/*
 * Source files out of the object database; see the header. What lies below a
 * folder is listed first, from a commit's trees or from the index, and then read:
 * the rules for what is read are the same.
 */
#include "base/base.h"
#include "git/objects.h"

#include <git2.h>

#include "base/limit.h"
#include "base/sort.h"
#include "git/local.h"

static const struct span nowhere;

struct listed {
	struct str path; /* from the root of the sources */
	uint32_t mode;
	git_oid id;
	bool unmerged;
	bool wanted;     /* to be fetched with the others */
	struct str text; /* p == NULL: it has not been */
};

struct taking {
	struct intake in;
	const struct objects *from;
	git_odb *odb;
	struct arena *scratch; /* for paths of folders */
	VEC(struct listed) held;
};

static struct str cut_last(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	if (path.n)
		path.n--;
	return path;
}

static void refuse_unread(struct taking *t, struct str path, int error)
{
	t->in.sound = false;
	if (error != GIT_ENOTFOUND) {
		refuse_object(t->in.diags, &t->from->repository, path, error);
		return;
	}
	help(report_object_missing(t->in.diags, nowhere, path),
	     "in a partial clone `git fetch --refetch --no-filter` brings what is missing; "
	     "otherwise "
	     "`git fsck` says what is broken");
}

static void refuse_name(struct taking *t, struct str path, const char *why)
{
	t->in.sound = false;
	report_bad_name(t->in.diags, nowhere, path, str_of(why));
}

static void hold(struct taking *t, struct str path, uint32_t mode, const git_oid *id, bool unmerged)
{
	if (t->held.n == LIMIT_FILES)
		intake_overflow(&t->in);
	else
		vec_add(t->in.mem, &t->held,
			((struct listed){
				.path = path, .mode = mode, .id = *id, .unmerged = unmerged }));
}

/* ---- Listing: a commit ---- */

/* 0, or what libgit2 answers. */
static int tree_of(const struct objects *o, git_tree **out)
{
	git_commit *commit = NULL;
	git_oid id;
	int error = git_oid_fromstr(&id, o->commit.hex);

	*out = NULL;
	if (!error)
		error = git_commit_lookup(&commit, o->repository.git, &id);
	if (!error)
		error = git_commit_tree(out, commit);
	git_commit_free(commit);
	return error;
}

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
		refuse_name(t, path_below(t->in.mem, path, name),
			    "no file can have a name with a slash in it");
	else if (path.n + name.n >= LIMIT_PATH_BYTES)
		refuse_name(t, path, "what lies below it has a path that is too long");
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
		refuse_unread(t, path, error);
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
	int error = tree_of(t->from, &top);

	if (error) {
		refuse_unread(t, folder, error);
		return;
	}
	if (!full.n || str_eq(full, S(".")))
		list_tree(t, git_tree_id(top), S(""), 0);
	else if (!tree_entry(t->in.mem, top, full, &e, &error))
		refuse_unread(t, folder, error);
	else if (e && git_tree_entry_type(e) == GIT_OBJECT_TREE)
		list_tree(t, git_tree_entry_id(e), str_eq(folder, S(".")) ? S("") : folder, 0);
	else if (e)
		hold(t, folder, git_tree_entry_filemode(e), git_tree_entry_id(e), false);
	git_tree_entry_free(e);
	git_tree_free(top);
}

/* ---- Listing: the index ---- */

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

/* ---- Reading ---- */

/* 0, or what libgit2 answered. */
static int size_of(struct taking *t, const git_oid *id, size_t *size)
{
	git_object_t type;
	int error = git_odb_read_header(size, &type, t->odb, id);

	return error || type == GIT_OBJECT_BLOB ? error : GIT_ENOTFOUND;
}

/* 0, or what libgit2 answered; GIT_ENOTFOUND too where it is of another size than its header says. */
static int read_bytes(struct arena *mem, git_odb *odb, const git_oid *id, size_t size,
		      struct str *out)
{
	git_odb_object *object = NULL;
	int error = git_odb_read(&object, odb, id);

	if (error)
		return error;
	if (git_odb_object_size(object) == size)
		*out = str_copy(mem, (struct str){ git_odb_object_data(object), (uint32_t)size });
	git_odb_object_free(object);
	return out->p ? 0 : GIT_ENOTFOUND;
}

static bool read_blob(struct taking *t, const struct listed *h, struct str *out)
{
	size_t size = h->text.n;
	int error = h->text.p ? 0 : size_of(t, &h->id, &size);

	*out = h->text;
	if (!error && !intake_has_room(&t->in, h->path, size))
		return false;
	if (!error && !out->p)
		error = read_bytes(t->in.mem, t->odb, &h->id, size, out);
	if (error) {
		refuse_unread(t, h->path, error);
		return false;
	}
	return intake_accepts(&t->in, h->path, *out);
}

static bool read_held(struct taking *t, const struct listed *h, struct str *out)
{
	if (h->mode == GIT_FILEMODE_LINK)
		intake_refuse_link(&t->in, h->path, "a symbolic link");
	else if (h->mode == GIT_FILEMODE_COMMIT)
		intake_refuse_link(&t->in, h->path, "a submodule or another repository");
	else if (!h->unmerged)
		return read_blob(t, h, out);
	else
		report_unmerged(t->in.diags, nowhere, h->path);
	t->in.sound = false;
	return false;
}

static int compare_held(const void *a, const void *b)
{
	return str_cmp(((const struct listed *)a)->path, ((const struct listed *)b)->path);
}

/* ---- Fetching: many at once, before they are looked at one by one ---- */

enum { FETCH_FILES = 16 }; /* of a job: a few are as large as all others */

struct fetch {
	struct taking *t;
	struct arena **mem; /* of each job */
};

static void fetch_some(uint32_t i, void *cx)
{
	struct fetch *f = cx;
	uint32_t from = i * FETCH_FILES, n = f->t->held.n;

	f->mem[i] = arena_new();
	for (uint32_t k = from; k < n && k < from + FETCH_FILES; k++) {
		struct listed *h = &f->t->held.at[k];

		struct str text = { 0 };

		/* What cannot be read is read once more, by who reports it. */
		if (h->wanted)
			read_bytes(f->mem[i], f->t->odb, &h->id, h->text.n, &text);
		h->text = text;
	}
}

/* What will be taken, and how much it is together. */
static uint64_t want_all(struct taking *t)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < t->held.n; i++) {
		struct listed *h = &t->held.at[i];
		size_t size;

		if (h->unmerged ||
		    (h->mode != GIT_FILEMODE_BLOB && h->mode != GIT_FILEMODE_BLOB_EXECUTABLE) ||
		    size_of(t, &h->id, &size) || size > t->in.max_file_bytes)
			continue;
		total += size;
		h->wanted = true;
		h->text.n = (uint32_t)size;
	}
	return total;
}

static void fetch_all(struct taking *t)
{
	struct fetch f = { .t = t };
	uint32_t jobs = (t->held.n + FETCH_FILES - 1) / FETCH_FILES;

	if (!intake_may_hold(&t->in, want_all(t)))
		return;
	f.mem = NEW(t->in.mem, struct arena *, jobs);
	pool_map(t->from->pool, jobs, fetch_some, &f);
	for (uint32_t i = 0; i < jobs; i++)
		arena_adopt(t->in.mem, f.mem[i]);
}

static void read_all_held(struct taking *t)
{
	struct str text;

	sort_stable(t->in.mem, t->held.at, t->held.n, sizeof *t->held.at, compare_held);
	if (t->from->pool && !t->in.full)
		fetch_all(t);
	for (uint32_t i = 0; i < t->held.n && !t->in.full; i++) {
		if (i && str_eq(t->held.at[i].path, t->held.at[i - 1].path))
			refuse_name(t, t->held.at[i].path, "it stands twice in its folder");
		else if (intake_may_add(&t->in) && read_held(t, &t->held.at[i], &text))
			intake_add(&t->in, t->held.at[i].path, text);
	}
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

static void list(struct taking *t, struct str folder)
{
	if (!is_path_below_root(folder))
		intake_refuse(&t->in, folder, S("it does not lie below the root"));
	else if (t->from->staged)
		list_staged(t, folder);
	else
		list_commit(t, folder);
}

bool objects_read(struct arena *mem, struct diags *diags, const struct objects *o,
		  struct str folder, size_t max_file_bytes, struct tree_listing *out)
{
	struct taking t;

	if (!take_open(&t, mem, diags, o, max_file_bytes, out))
		return false;
	list(&t, folder);
	read_all_held(&t);
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
	list(&t, path);
	for (uint32_t i = 0; i < t.held.n; i++)
		if (str_eq(t.held.at[i].path, path))
			read_held(&t, &t.held.at[i], out);
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
	int error = o->staged ? 0 : tree_of(o, &top);

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
