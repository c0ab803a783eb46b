/*
 * Changing what is on disk: the only functions of the compiler that do.
 *
 * All names are relative to a folder's descriptor, no link is ever followed, no
 * existing file is ever opened for writing. A tree is built beside the one that
 * readers see, reaches the disk, and then takes its name in one step.
 * false: it has been reported (cannot_write, link).
 */
#pragma once

#include "git/folder.h"

/* Opens the folder, and makes it and those above it where there is none. *made: it was. */
bool write_open(struct diags *, struct str path, struct folder *out, bool *made);

/* The folder and those above it. *made: the path of the first that was not there; empty: all were. */
bool write_make(struct diags *, struct str path, struct str *made);
void write_unmake_path(struct str path, struct str made); /* those of them that are empty */

/* Nobody else may be writing below it until it is closed. */
bool write_lock(struct diags *, const struct folder *);

/* New ones: under a name that is taken they refuse. */
bool write_folder(struct diags *, const struct folder *parent, struct str name, struct folder *out);
bool write_file(struct diags *, const struct folder *, struct str name, struct str bytes);

bool write_mode(struct diags *, const struct folder *,
		const struct folder *like); /* the same permissions */

/* The same file, device or link under the same name elsewhere: a hard link, or a copy with the mode where that fails. */
bool write_keep(struct diags *, const struct folder *from, const struct folder *into,
		struct str name);

/* Everything written to the file system of the folder has reached the disk. */
bool write_sync(struct diags *, const struct folder *);
bool write_sync_names(struct diags *, const struct folder *); /* the folder's own entries */

bool write_rename(struct diags *, const struct folder *, struct str from,
		  struct str to); /* files: replaces */

/*
 * Folder `built` becomes `live` in one step; what was there gets the name `built`.
 * Where the file system cannot exchange names, `live` is missing for an instant and
 * what was there ends as `aside`: write_repair mends that state. `live` may be missing.
 */
bool write_exchange(struct diags *, const struct folder *, struct str built, struct str live,
		    struct str aside);
bool write_exchange_plainly(struct diags *, const struct folder *, struct str built,
			    struct str live, struct str aside);
void write_take_back(struct diags *, const struct folder *, struct str built, struct str live,
		     struct str aside);

/* After a run that may have died: `live` stands again if it ever did, `aside` is gone. */
bool write_repair(struct diags *, const struct folder *, struct str live, struct str aside);

bool write_drop(struct diags *, const struct folder *parent,
		struct str name);         /* with all below; nothing there is fine */
void write_unmake(const struct folder *); /* removes it if it is empty */
