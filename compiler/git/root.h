/*
 * The root of the sources, wherever they are read from: the folder with meshc.yaml
 * on disk, in the index or in a commit. Who reads sources need not know which.
 */
#pragma once

#include "git/objects.h"
#include "git/worktree.h"

enum root_kind { ROOT_WORKTREE, ROOT_STAGED, ROOT_REVISION };

struct root_choice {
	const char *from; /* where the search for meshc.yaml begins */
	enum root_kind kind;
	const char *rev;                     /* ROOT_REVISION */
	const struct repository *repository; /* the one of `from`, if it is open already */
};

struct root {
	struct str path;   /* as the user can name it, for messages and for what is written */
	struct str skip;   /* a folder that root_read never enters (the output); empty: none */
	struct pool *pool; /* what root_read may read in; NULL: one file after the other */
	enum root_kind kind;
	bool bare; /* there is no folder on disk that holds it */
	struct worktree worktree;
	struct objects objects;
};

bool root_open(struct arena *, struct diags *, const struct root_choice *, struct root *out);
void root_close(struct root *);

/* As worktree_read and worktree_read_file. */
bool root_read(struct arena *, struct diags *, struct root *, struct str folder,
	       size_t max_file_bytes, struct tree_listing *out);
bool root_read_file(struct arena *, struct diags *, const struct root *, struct str path,
		    size_t max_bytes, struct str *out);
