/*
 * A commit's tree through libgit2; see the header.
 */
#include "base/base.h"
#include "git/tree.h"

#include <git2.h>

#include "base/fault.h"
#include "base/limit.h"
#include "base/sort.h"
#include "git/local.h"

static const struct span nowhere;

bool commit_tree_open(struct diags *d, const struct repository *r, const struct object_id *commit,
		      struct str below, struct commit_tree *out)
{
	git_commit *c = NULL;
	git_oid id;
	bool found;

	*out = (struct commit_tree){ .repository = r, .below = below };
	if (!commit || !commit->hex[0])
		return true;
	found = !FAULT("tree.open") && !git_oid_fromstr(&id, commit->hex) &&
		!git_commit_lookup(&c, r->git, &id) && !git_commit_tree(&out->top, c);
	git_commit_free(c);
	if (!found)
		report_object_missing(d, nowhere, str_of(commit->hex));
	return found;
}

void commit_tree_close(struct commit_tree *t)
{
	git_tree_free(t->top);
	t->top = NULL;
}

/* NULL: not there. */
static git_tree_entry *entry_at(struct arena *scratch, const struct commit_tree *t, struct str path)
{
	git_tree_entry *e = NULL;

	if (!t->top ||
	    git_tree_entry_bypath(&e, t->top, str_z(scratch, path_below(scratch, t->below, path))))
		return NULL;
	return e;
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

enum entry_kind commit_tree_look(struct arena *scratch, const struct commit_tree *t,
				 struct str path, struct object_id *id)
{
	git_tree_entry *e = entry_at(scratch, t, path);
	enum entry_kind kind = e ? kind_of(e) : ENTRY_NONE;

	if (e)
		git_oid_tostr(id->hex, sizeof id->hex, git_tree_entry_id(e));
	git_tree_entry_free(e);
	return kind;
}

void commit_tree_list(struct arena *mem, const struct commit_tree *t, struct str folder,
		      struct entries *out)
{
	git_tree_entry *e = entry_at(mem, t, folder);
	git_tree *tree = NULL;

	*out = (struct entries){ 0 };
	if (e && kind_of(e) == ENTRY_FOLDER)
		git_tree_lookup(&tree, t->repository->git, git_tree_entry_id(e));
	for (size_t i = 0; tree && i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *child = git_tree_entry_byindex(tree, i);

		vec_add(mem, &out->all,
			((struct entry){ str_copy(mem, str_of(git_tree_entry_name(child))),
					 kind_of(child) }));
	}
	git_tree_free(tree);
	git_tree_entry_free(e);
	entries_sort(mem, out);
}

static int compare_listed(const void *a, const void *b)
{
	return str_cmp(((const struct listed_file *)a)->path,
		       ((const struct listed_file *)b)->path);
}

static bool list_files(struct arena *mem, const struct commit_tree *t, const git_oid *id,
		       struct str path, uint32_t depth, struct listed_files *out)
{
	git_tree *tree = NULL;
	bool sound = true;

	if (depth >= LIMIT_DEPTH || FAULT("tree.list") ||
	    git_tree_lookup(&tree, t->repository->git, id))
		return false;
	for (size_t i = 0; i < git_tree_entrycount(tree) && sound; i++) {
		const git_tree_entry *e = git_tree_entry_byindex(tree, i);
		struct str name = path_below(mem, path, str_of(git_tree_entry_name(e)));
		struct listed_file *file;

		if (kind_of(e) == ENTRY_FOLDER) {
			sound = list_files(mem, t, git_tree_entry_id(e), name, depth + 1, out);
			continue;
		}
		file = vec_push(mem, out);
		file->path = name;
		if (kind_of(e) == ENTRY_FILE)
			git_oid_tostr(file->id.hex, sizeof file->id.hex, git_tree_entry_id(e));
	}
	git_tree_free(tree);
	return sound;
}

bool commit_tree_files(struct arena *mem, struct diags *d, const struct commit_tree *t,
		       struct str folder, struct listed_files *out)
{
	git_tree_entry *e = entry_at(mem, t, folder);
	bool sound = true;

	*out = (struct listed_files){ 0 };
	if (e && kind_of(e) == ENTRY_FOLDER)
		sound = list_files(mem, t, git_tree_entry_id(e), S(""), 0, out);
	git_tree_entry_free(e);
	sort_stable(mem, out->at, out->n, sizeof *out->at, compare_listed);
	if (!sound)
		report_object_missing(d, nowhere, folder);
	return sound;
}

static bool read_entry(struct arena *mem, struct diags *d, const struct commit_tree *t,
		       struct str path, const git_tree_entry *e, size_t max_bytes, struct str *out)
{
	git_blob *blob = NULL;

	if (FAULT("tree.read") ||
	    git_blob_lookup(&blob, t->repository->git, git_tree_entry_id(e))) {
		report_object_missing(d, nowhere, path);
		return false;
	}
	if ((uint64_t)git_blob_rawsize(blob) > max_bytes) {
		report_file_too_large(d, nowhere, path, str_format(mem, "%zu", max_bytes));
		git_blob_free(blob);
		return false;
	}
	*out = str_copy(
		mem, (struct str){ git_blob_rawcontent(blob), (uint32_t)git_blob_rawsize(blob) });
	git_blob_free(blob);
	return true;
}

bool commit_tree_read(struct arena *mem, struct diags *d, const struct commit_tree *t,
		      struct str path, size_t max_bytes, struct str *out)
{
	git_tree_entry *e = entry_at(mem, t, path);
	bool done = true;

	*out = (struct str){ 0 };
	if (e && kind_of(e) == ENTRY_FILE)
		done = read_entry(mem, d, t, path, e, max_bytes, out);
	git_tree_entry_free(e);
	return done;
}

/* ---- Editing ---- */

static bool write_blob(struct git_repository *git, struct str bytes, git_oid *id)
{
	return !FAULT("tree.blob") &&
	       !git_blob_create_from_buffer(id, git, bytes.n ? bytes.p : "", bytes.n);
}

/* The blobs, and what to do with them. */
static bool prepare(struct arena *mem, const struct commit_tree *t, const struct tree_edits *edits,
		    git_tree_update *updates)
{
	for (uint32_t i = 0; i < edits->n; i++) {
		const struct tree_edit *e = &edits->at[i];
		git_tree_update *u = &updates[i];

		u->path = str_z(mem, path_below(mem, t->below, e->path));
		u->filemode = GIT_FILEMODE_BLOB;
		u->action = e->bytes.p ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
		if (e->bytes.p && !write_blob(t->repository->git, e->bytes, &u->id))
			return false;
	}
	return true;
}

bool commit_tree_edit(struct arena *mem, struct diags *d, const struct commit_tree *t,
		      const struct tree_edits *edits, struct object_id *tree)
{
	git_tree_update *updates = NEW(mem, git_tree_update, edits->n);
	git_oid id;

	if (!prepare(mem, t, edits, updates) || FAULT("tree.write") ||
	    git_tree_create_updated(&id, t->repository->git, t->top, edits->n, updates)) {
		report_cannot_write(d, nowhere, t->repository->path, git_cause());
		return false;
	}
	git_oid_tostr(tree->hex, sizeof tree->hex, &id);
	return true;
}
