/*
 * Source files from a plain directory, safely: below the root only, no links, no
 * devices, size caps; and output files written so that a reader or a crash sees
 * the old tree or the new one.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"
#include "source/diag.h"

struct worktree {
	struct str root; /* as the user gave it, for messages */
	int fd;          /* of the root directory */
	struct str skip; /* a folder that worktree_read never enters (the output); empty: none */
};

struct tree_file {
	struct str path; /* relative to the root, '/' between parts */
	struct str text;
};

struct tree_listing {
	VEC(struct tree_file) all; /* sorted by path bytes */
};

/* Finds meshc.yaml in `from` or above it, never crossing a file system, a .git boundary or an owner. Reports no_fleet. */
bool worktree_open(struct arena *, struct diags *, const char *from, struct worktree *out);
void worktree_close(struct worktree *);

/*
 * Reads all *.yaml, *.yml and *.json below `folder` (or the one file that it names). Names that begin
 * with '.' and folders that do not exist are skipped. Reports links, LFS pointers, unreadable and too large files;
 * false if any was reported. File bytes live in mem. Files already in *out count towards the limits on
 * files and bytes, and *out is sorted anew.
 */
bool worktree_read(struct arena *mem, struct diags *, const struct worktree *, struct str folder,
		   size_t max_file_bytes, struct tree_listing *out);

/* One file at or below the root. NULL text and true: it is not there. */
bool worktree_read_file(struct arena *mem, struct diags *, const struct worktree *, struct str path,
			size_t max_bytes, struct str *out);
