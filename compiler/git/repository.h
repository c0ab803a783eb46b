/*
 * A git repository as a store of objects: opened where it is and never checked out.
 *
 * Nothing of its configuration acts. No hook, filter, alias or helper runs, no
 * network is asked, and no configuration of the machine or the user is read, so
 * that what a name means depends on the repository alone and one that somebody
 * else owns or wrote can be read without harm.
 */
#pragma once

#include "source/diag.h"

#define OBJECT_HEX 40

struct repository {
	struct git_repository *git; /* NULL: not open */
	struct str path;            /* of the folder that holds it, as the user can name it */
	struct str below; /* where the search began, from that folder: "", "fleet" or "a/b" */
	bool bare, shallow;
	bool borrowed; /* somebody else closes it */
};

struct object_id { /* lower case, NUL-terminated */
	char hex[OBJECT_HEX + 1];
};

static inline bool same_hex(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/*
 * The repository of `from` or of a folder above it, never crossing a file system or an owner.
 * false: no_repository or repository_unreadable has been reported (SHA-256 ids, reftable and
 * other formats that would be misread are refused).
 */
bool repository_open(struct arena *, struct diags *, const char *from, struct repository *out);
void repository_close(struct repository *);

/* As repository_open; where one has been opened already, that one, which its owner closes. */
bool repository_share(struct arena *, struct diags *, const char *from,
		      const struct repository *opened, struct repository *out);

struct folder_paths { /* a VEC; NUL-terminated */
	struct str *at;
	uint32_t n, cap;
};

/* Where everything that an open repository may still be asked for lies: its own folders and those of its alternates. */
void repository_folders(struct arena *, const struct repository *, struct folder_paths *out);

/*
 * REV as git-rev-parse(1) understands it, peeled to a commit; `REV:FOLDER` is a folder of one
 * (*folder: its path, otherwise empty). false: unknown_commit has been reported.
 */
bool repository_commit(struct arena *, struct diags *, const struct repository *, struct str rev,
		       struct object_id *commit, struct str *folder);
