/*
 * The tree of a commit: looked into, and a new one made from it by naming what is
 * different. What is not named keeps its object id, so its bytes are never touched.
 */
#pragma once

#include "git/folder.h"
#include "git/listing.h"

struct commit_tree {
	const struct repository *repository;
	struct git_tree *top; /* NULL: there is no commit yet */
	struct str below;     /* all paths count from this folder of it; empty: its top */
};

/*
 * false, of any of these: object_missing or repository_unreadable has been reported.
 * commit NULL or empty: nothing is in it.
 */
bool commit_tree_open(struct diags *, const struct repository *, const struct object_id *commit,
		      struct str below, struct commit_tree *out);
void commit_tree_close(struct commit_tree *);

/* ENTRY_NONE: nothing is there. *id: of what is. */
bool commit_tree_look(struct arena *scratch, struct diags *, const struct commit_tree *,
		      struct str path, enum entry_kind *, struct object_id *id);
/* Sorted by name; empty where there is no such folder. */
bool commit_tree_list(struct arena *, struct diags *, const struct commit_tree *, struct str folder,
		      struct entries *out);
/* Every file below the folder. */
bool commit_tree_files(struct arena *, struct diags *, const struct commit_tree *,
		       struct str folder, struct listed_files *out);
/* p == NULL: there is no such file. false also for file_too_large. */
bool commit_tree_read(struct arena *, struct diags *, const struct commit_tree *, struct str path,
		      size_t max_bytes, struct str *out);

struct tree_edit {
	struct str path;
	struct str bytes;    /* p == NULL: the file goes */
	struct object_id id; /* of the bytes; empty: nobody has hashed them yet */
};

struct tree_edits { /* a VEC; paths unique */
	struct tree_edit *at;
	uint32_t n, cap;
};

/*
 * Writes the blobs and trees that are new. Folders that lose their last file go.
 * false: cannot_write has been reported; objects that were written are unreachable and harm nobody.
 */
bool commit_tree_edit(struct arena *, struct diags *, const struct commit_tree *,
		      const struct tree_edits *, struct object_id *tree);
