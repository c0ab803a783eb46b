/*
 * A commit's tree through libgit2; see the header.
 */
#include "base/base.h"
#include "git/tree.h"

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/sort.h"
#include "git/local.h"

static const struct span nowhere;

int tree_of_commit(const struct repository *r, const struct object_id *commit, git_tree **out)
{
	git_commit *c = NULL;
	git_oid id;
	int error = git_oid_fromstr(&id, commit->hex);

	*out = NULL;
	if (!error)
		error = git_commit_lookup(&c, r->git, &id);
	if (!error)
		error = git_commit_tree(out, c);
	git_commit_free(c);
	return error;
}

bool commit_tree_open(struct diags *d, const struct repository *r, const struct object_id *commit,
		      struct str below, struct commit_tree *out)
{
	int error;

	*out = (struct commit_tree){ .repository = r, .below = below };
	if (!commit || !commit->hex[0])
		return true;
	error = tree_of_commit(r, commit, &out->top);
	return !error || refuse_object(d, r, str_of(commit->hex), error);
}

void commit_tree_close(struct commit_tree *t)
{
	git_tree_free(t->top);
	t->top = NULL;
}

/* A name that a tree does not have is said of the tree; a tree that is not there, of the objects. */
bool tree_entry(struct arena *scratch, const git_tree *tree, struct str path, git_tree_entry **out,
		int *error)
{
	const git_error *e;

	*out = NULL;
	*error = git_tree_entry_bypath(out, tree, str_z(scratch, path));
	e = *error ? git_error_last() : NULL;
	return !*error || (*error == GIT_ENOTFOUND && e && e->klass == GIT_ERROR_TREE);
}

/* *out NULL: not there. false: reported. */
static bool entry_at(struct arena *scratch, struct diags *d, const struct commit_tree *t,
		     struct str path, git_tree_entry **out)
{
	int error;

	*out = NULL;
	return !t->top ||
	       tree_entry(scratch, t->top, path_below(scratch, t->below, path), out, &error) ||
	       refuse_object(d, t->repository, path, error);
}

static enum entry_kind kind_of(const git_tree_entry *e)
{
	switch (git_tree_entry_filemode(e)) {
	case GIT_FILEMODE_BLOB:
	case GIT_FILEMODE_BLOB_EXECUTABLE:
		return ENTRY_FILE;
	case GIT_FILEMODE_TREE:
		return ENTRY_FOLDER;
	case GIT_FILEMODE_LINK:
		return ENTRY_LINK;
	default:
		return ENTRY_OTHER;
	}
}

bool commit_tree_look(struct arena *scratch, struct diags *d, const struct commit_tree *t,
		      struct str path, enum entry_kind *kind, struct object_id *id)
{
	git_tree_entry *e;

	*kind = ENTRY_NONE;
	if (!entry_at(scratch, d, t, path, &e))
		return false;
	if (e) {
		*kind = kind_of(e);
		git_oid_tostr(id->hex, sizeof id->hex, git_tree_entry_id(e));
	}
	git_tree_entry_free(e);
	return true;
}

bool commit_tree_list(struct arena *mem, struct diags *d, const struct commit_tree *t,
		      struct str folder, struct entries *out)
{
	git_tree_entry *e;
	git_tree *tree = NULL;
	int error = 0;

	*out = (struct entries){ 0 };
	if (!entry_at(mem, d, t, folder, &e))
		return false;
	if (e && kind_of(e) == ENTRY_FOLDER)
		error = git_tree_lookup(&tree, t->repository->git, git_tree_entry_id(e));
	for (size_t i = 0; tree && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *child = git_tree_entry_byindex(tree, i);

		vec_add(mem, &out->all,
			((struct entry){ str_copy(mem, str_of(git_tree_entry_name(child))),
					 kind_of(child) }));
	}
	git_tree_free(tree);
	git_tree_entry_free(e);
	entries_sort(mem, out);
	return !error || refuse_object(d, t->repository, folder, error);
}

static int compare_listed(const void *a, const void *b)
{
	return str_cmp(((const struct listed_file *)a)->path,
		       ((const struct listed_file *)b)->path);
}

struct listing {
	struct arena *mem;
	struct diags *diags;
	const struct commit_tree *tree;
	struct str folder; /* paths of the list start below it */
	size_t bytes;      /* that the list takes */
	struct listed_files *out;
};

static bool refuse_listing(struct listing *l, struct str path, const char *why)
{
	report_cannot_read(l->diags, nowhere, path_below(l->mem, l->folder, path), str_of(why));
	return false;
}

static bool list_files(struct listing *l, const git_oid *id, struct str path, uint32_t depth);

static bool list_entry(struct listing *l, const git_tree_entry *e, struct str path, uint32_t depth)
{
	struct str below = path_below(l->mem, path, str_of(git_tree_entry_name(e)));
	struct listed_file *file;

	l->bytes += below.n + sizeof *file;
	if (l->bytes > LIMIT_LISTED_BYTES)
		return refuse_listing(l, path, "there are too many files up to here");
	if (below.n >= LIMIT_PATH_BYTES)
		return refuse_listing(l, path, "what lies below it has a path that is too long");
	if (kind_of(e) == ENTRY_FOLDER)
		return list_files(l, git_tree_entry_id(e), below, depth + 1);
	file = vec_push(l->mem, l->out);
	file->path = below;
	if (kind_of(e) == ENTRY_FILE)
		git_oid_tostr(file->id.hex, sizeof file->id.hex, git_tree_entry_id(e));
	return true;
}

static bool list_files(struct listing *l, const git_oid *id, struct str path, uint32_t depth)
{
	git_tree *tree = NULL;
	bool sound = true;
	int error;

	if (depth >= LIMIT_DEPTH)
		return refuse_listing(l, path, "its folders are nested too deep");
	error = git_tree_lookup(&tree, l->tree->repository->git, id);
	if (error)
		return refuse_object(l->diags, l->tree->repository,
				     path_below(l->mem, l->folder, path), error);
	for (size_t i = 0; i < git_tree_entrycount(tree) && sound; i++)
		sound = list_entry(l, git_tree_entry_byindex(tree, i), path, depth);
	git_tree_free(tree);
	return sound;
}

bool commit_tree_files(struct arena *mem, struct diags *d, const struct commit_tree *t,
		       struct str folder, struct listed_files *out)
{
	struct listing l = { .mem = mem, .diags = d, .tree = t, .folder = folder, .out = out };
	git_tree_entry *e;
	bool sound = true;

	*out = (struct listed_files){ 0 };
	if (!entry_at(mem, d, t, folder, &e))
		return false;
	if (e && kind_of(e) == ENTRY_FOLDER)
		sound = list_files(&l, git_tree_entry_id(e), S(""), 0);
	git_tree_entry_free(e);
	sort_stable(mem, out->at, out->n, sizeof *out->at, compare_listed);
	return sound;
}

/* Known before the bytes are in memory. 0, or what libgit2 answered. */
static int blob_size(const struct commit_tree *t, const git_tree_entry *e, size_t *size)
{
	git_odb *odb = NULL;
	git_object_t type;
	int error = git_repository_odb(&odb, t->repository->git);

	if (!error)
		error = git_odb_read_header(size, &type, odb, git_tree_entry_id(e));
	git_odb_free(odb);
	return error;
}

static bool read_entry(struct arena *mem, struct diags *d, const struct commit_tree *t,
		       struct str path, const git_tree_entry *e, size_t max_bytes, struct str *out)
{
	git_blob *blob = NULL;
	size_t size;
	int error = blob_size(t, e, &size);

	if (!error && size > max_bytes) {
		report_file_too_large(d, nowhere, path, str_format(mem, "%zu", max_bytes));
		return false;
	}
	if (!error)
		error = git_blob_lookup(&blob, t->repository->git, git_tree_entry_id(e));
	if (error)
		return refuse_object(d, t->repository, path, error);
	*out = str_copy(
		mem, (struct str){ git_blob_rawcontent(blob), (uint32_t)git_blob_rawsize(blob) });
	git_blob_free(blob);
	return true;
}

bool commit_tree_read(struct arena *mem, struct diags *d, const struct commit_tree *t,
		      struct str path, size_t max_bytes, struct str *out)
{
	git_tree_entry *e;
	bool done = true;

	*out = (struct str){ 0 };
	if (!entry_at(mem, d, t, path, &e))
		return false;
	if (e && kind_of(e) == ENTRY_FILE)
		done = read_entry(mem, d, t, path, e, max_bytes, out);
	git_tree_entry_free(e);
	return done;
}

/* ---- Many objects at once ---- */

/* Above this, one pack: a file each would cost the disk more than the bytes. */
enum { LOOSE_MOST = 2000, BEFORE_ALL = 999 };

/* Where objects go: to the repository one by one, or by a handle of its own into memory and from there into a pack. */
struct bulk {
	git_repository *git;
	git_tree *top; /* the tree that is edited */
	git_odb *odb;  /* NULL: one by one */
	git_odb_backend *memory;
};

/*
 * Deltas between thousands of small files take longer than everything else, and git makes them itself
 * when it repacks. libgit2 leaves large files alone: so all of them are large. 1.5.1 reads that limit
 * from pack.deltaCacheSize, later ones from core.bigFileThreshold.
 */
static bool spare_deltas(git_repository *git)
{
	static const char settings[] =
		"[core]\n\tbigFileThreshold = 1\n[pack]\n\tdeltaCacheSize = 1\n";
	char path[] = "/tmp/meshc-pack-XXXXXX";
	int fd = mkstemp(path);
	git_config *config = NULL;
	bool done;

	if (fd < 0)
		return false;
	done = write_all(fd, settings, sizeof settings - 1) && !git_config_new(&config) &&
	       !git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_APP, NULL, 0) &&
	       !git_repository_set_config(git, config);
	git_config_free(config);
	close(fd);
	unlink(path);
	return done;
}

static bool bulk_open_packed(const struct commit_tree *t, struct bulk *b)
{
	return !git_repository_open_ext(&b->git, git_repository_path(t->repository->git),
					GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) &&
	       spare_deltas(b->git) && !git_repository_odb(&b->odb, b->git) &&
	       !git_mempack_new(&b->memory) &&
	       !git_odb_add_backend(b->odb, b->memory, BEFORE_ALL) &&
	       (!t->top || !git_tree_lookup(&b->top, b->git, git_tree_id(t->top)));
}

static bool bulk_open(const struct commit_tree *t, uint32_t n, struct bulk *b)
{
	*b = (struct bulk){ .git = n > LOOSE_MOST ? NULL : t->repository->git,
			    .top = n > LOOSE_MOST ? NULL : t->top };
	return b->git || bulk_open_packed(t, b);
}

/* The trees that the old one does not have under the same name. */
static bool pack_trees(git_packbuilder *pack, const struct bulk *b, const git_oid *new,
		       const git_oid *old)
{
	git_tree *tree = NULL, *before = NULL;
	bool done;

	if (old && git_oid_equal(new, old))
		return true;
	done = !git_packbuilder_insert(pack, new, NULL) && !git_tree_lookup(&tree, b->git, new) &&
	       (!old || !git_tree_lookup(&before, b->git, old));
	for (size_t i = 0; done && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *e = git_tree_entry_byindex(tree, i), *was = NULL;

		if (git_tree_entry_type(e) != GIT_OBJECT_TREE)
			continue;
		if (before)
			was = git_tree_entry_byname(before, git_tree_entry_name(e));
		if (was && git_tree_entry_type(was) != GIT_OBJECT_TREE)
			was = NULL;
		done = pack_trees(pack, b, git_tree_entry_id(e),
				  was ? git_tree_entry_id(was) : NULL);
	}
	git_tree_free(before);
	git_tree_free(tree);
	return done;
}

static bool pack_all(git_packbuilder *pack, const struct bulk *b, const git_tree_update *updates,
		     uint32_t n, const git_oid *tree)
{
	for (uint32_t i = 0; i < n; i++)
		if (updates[i].action == GIT_TREE_UPDATE_UPSERT &&
		    git_packbuilder_insert(pack, &updates[i].id, updates[i].path))
			return false;
	return pack_trees(pack, b, tree, b->top ? git_tree_id(b->top) : NULL);
}

static bool write_pack(const struct bulk *b, const git_buf *pack)
{
	git_odb_writepack *into = NULL;
	git_indexer_progress progress = { 0 };
	bool done = !git_odb_write_pack(&into, b->odb, NULL, NULL) &&
		    !into->append(into, pack->ptr, pack->size, &progress) &&
		    !into->commit(into, &progress);

	if (into)
		into->free(into);
	return done;
}

/* What is read back was hashed a moment ago, and is once more when the pack gets its index. */
static void trust_memory(bool yes)
{
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, !yes);
}

static bool bulk_write(const struct bulk *b, const git_tree_update *updates, uint32_t n,
		       const git_oid *tree)
{
	git_packbuilder *pack = NULL;
	git_buf bytes = GIT_BUF_INIT;
	bool done;

	if (!b->odb)
		return true;
	trust_memory(true);
	done = !git_packbuilder_new(&pack, b->git) &&
	       (git_packbuilder_set_threads(pack, 0), true) &&
	       pack_all(pack, b, updates, n, tree) && !git_packbuilder_write_buf(&bytes, pack);
	trust_memory(false);
	done = done && write_pack(b, &bytes);
	git_buf_dispose(&bytes);
	git_packbuilder_free(pack);
	return done;
}

/* The repository does not look for new packs by itself when it reads headers. */
static bool bulk_show(const struct commit_tree *t, const struct bulk *b)
{
	git_odb *odb = NULL;
	bool done =
		!b->odb || (!git_repository_odb(&odb, t->repository->git) && !git_odb_refresh(odb));

	git_odb_free(odb);
	return done;
}

static void bulk_close(const struct commit_tree *t, struct bulk *b)
{
	if (b->git == t->repository->git)
		return;
	git_tree_free(b->top);
	git_odb_free(b->odb);
	git_repository_free(b->git);
}

/* ---- Editing ---- */

static bool write_blob(const struct bulk *b, const struct tree_edit *e, git_oid *id)
{
	const char *bytes = e->bytes.n ? e->bytes.p : "";

	if (b->memory && e->id.hex[0])
		return !git_oid_fromstr(id, e->id.hex) &&
		       !b->memory->write(b->memory, id, bytes, e->bytes.n, GIT_OBJECT_BLOB);
	return !git_blob_create_from_buffer(id, b->git, bytes, e->bytes.n);
}

/* The blobs, and what to do with them. */
static bool prepare(struct arena *mem, const struct commit_tree *t, const struct bulk *bulk,
		    const struct tree_edits *edits, git_tree_update *updates)
{
	for (uint32_t i = 0; i < edits->n; i++) {
		const struct tree_edit *e = &edits->at[i];
		git_tree_update *u = &updates[i];

		u->path = str_z(mem, path_below(mem, t->below, e->path));
		u->filemode = GIT_FILEMODE_BLOB;
		u->action = e->bytes.p ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
		if (e->bytes.p && !write_blob(bulk, e, &u->id))
			return false;
	}
	return true;
}

bool commit_tree_edit(struct arena *mem, struct diags *d, const struct commit_tree *t,
		      const struct tree_edits *edits, struct object_id *tree)
{
	git_tree_update *updates = NEW(mem, git_tree_update, edits->n);
	struct bulk bulk;
	git_oid id;
	bool done;

	done = bulk_open(t, edits->n, &bulk) && prepare(mem, t, &bulk, edits, updates) &&
	       !git_tree_create_updated(&id, bulk.git, bulk.top, edits->n, updates) &&
	       bulk_write(&bulk, updates, edits->n, &id) && bulk_show(t, &bulk);
	bulk_close(t, &bulk);
	if (done)
		git_oid_tostr(tree->hex, sizeof tree->hex, &id);
	else
		report_cannot_write(d, nowhere, t->repository->path, git_cause());
	return done;
}
