/*
 * One taking of source files out of the object database: what lies below a folder is
 * listed first, from a commit's trees or from the index, and then read. The rules for
 * what is read are the same (struct intake).
 */
#pragma once

#include <git2.h>

#include "git/local.h"
#include "git/objects.h"

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

/* What cannot be taken is reported, and the taking unsound: by what libgit2 answered, or as a name that no file can have. */
void taking_refuse(struct taking *, struct str path, int error);
void taking_refuse_name(struct taking *, struct str path, const char *why);

/* objects_list.c: fills held with what stands under the path, or below it. */
void taking_list(struct taking *, struct str folder);

/* objects_take.c */
void taking_read_all(struct taking *); /* all of held, in the order of paths, into in.out */
bool taking_read(struct taking *, const struct listed *, struct str *out);
