/*
 * Source files from the object database: those of a commit, or those of the index.
 *
 * The bytes are those that git stores: no line ending is converted, no filter
 * smudges, no link is followed.
 */
#pragma once

#include "base/pool.h"
#include "git/listing.h"
#include "git/worktree.h"

struct objects {
	struct repository repository;
	bool staged;             /* the index; otherwise `commit` */
	struct object_id commit; /* empty: staged */
	struct str root;         /* the folder of meshc.yaml, from the top: "" or "a/b" */
	struct str path;         /* the same as the user can name it, for messages */
	struct str skip;   /* a folder that objects_read never enters, from the root; empty: none */
	struct pool *pool; /* what objects_read reads in; NULL: one file after the other */
	struct git_index *index;
};

/*
 * Finds meshc.yaml in the folder that `from` is in the commit or the index, or above it there.
 * opened: its repository, if it is open already. rev: NULL for the index. false: reported
 * (no_fleet, or as repository_open and repository_commit).
 */
bool objects_open(struct arena *, struct diags *, const char *from, const struct repository *opened,
		  const char *rev, struct objects *out);
void objects_close(struct objects *);

/*
 * As worktree_read and worktree_read_file. Reports besides: object_missing (a partial or
 * broken clone), unmerged (the index), bad_name (a path that no checkout could have).
 */
bool objects_read(struct arena *, struct diags *, const struct objects *, struct str folder,
		  size_t max_file_bytes, struct tree_listing *out);
/* Every file of the index below a folder, whatever it is called. staged only. */
void objects_staged(struct arena *, const struct objects *, struct str folder,
		    struct listed_files *out);

bool objects_read_file(struct arena *, struct diags *, const struct objects *, struct str path,
		       size_t max_bytes, struct str *out);
