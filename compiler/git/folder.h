/*
 * A folder that somebody else may write to, read safely: every name is opened
 * relative to its folder's descriptor and never through a link.
 *
 * false: it has been reported (cannot_read, link). What is not there is no fault.
 */
#pragma once

#include "base/vec.h"
#include "source/diag.h"

struct folder {
	int fd;          /* -1: not there */
	struct str path; /* as the user sees it, for messages */
};

enum entry_kind { ENTRY_NONE, ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_OTHER };

struct entry {
	struct str name; /* NUL-terminated */
	enum entry_kind kind;
};

struct entries {
	VEC(struct entry) all; /* sorted by name bytes */
};

enum held { HELD_NOTHING, HELD_SAME, HELD_DIFFERENT, HELD_OTHER }; /* OTHER: a folder, a device */

bool folder_open(struct diags *, struct str path, struct folder *out);
bool folder_enter(struct diags *, const struct folder *parent, struct str name, struct folder *out);
void folder_close(struct folder *);

/* Whether none of the folders from `top` (which may be a link) down to the path below it is a link; what is not there is none. */
bool folder_stays_below(struct diags *, struct str top, struct str path);

void entries_sort(struct arena *scratch, struct entries *); /* by name bytes */
bool folder_list(struct arena *mem, struct diags *, const struct folder *, struct entries *out);
/* ENTRY_NONE also where there is no such folder. */
bool folder_look(struct diags *, const struct folder *, struct str name, enum entry_kind *out);

/* p == NULL: there is no such file. */
bool folder_read(struct arena *mem, struct diags *, const struct folder *, struct str name,
		 size_t max_bytes, struct str *out);

/* What stands under the name, next to the bytes that we would put there. */
bool folder_compare(struct diags *, const struct folder *, struct str name, struct str bytes,
		    enum held *out);

/* Whether a path is the folder or lies below it, through whatever links; neither needs to be there. */
bool folder_contains(struct arena *, const char *folder, const char *path);

struct str folder_path(struct arena *, const struct folder *, struct str name); /* for messages */
