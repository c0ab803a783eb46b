/*
 * Folders as the golden tests need them: list, read, lay over, write so that a
 * reader sees the old file or the new one, remove.
 *
 * Links are copied as links, never followed. What goes wrong here is a broken
 * test set-up: the process says so and ends.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

struct disk_paths {
	VEC(struct str) all; /* files and links below a folder; sorted by bytes */
};

_Noreturn void give_up(const char *format, ...) PRINTF_LIKE(1, 2);

const char *path_join(struct arena *, const char *folder, const char *name);
bool path_exists(const char *path);

/* No such folder: an empty list. */
struct disk_paths disk_list(struct arena *, const char *folder);
void disk_overlay(struct arena *, const char *from,
		  const char *to); /* files of `from` replace those of `to` */
void disk_remove(struct arena *, const char *folder);
void disk_prune(struct arena *, const char *folder); /* removes empty folders at and below */
void disk_make(struct arena *, const char *path);    /* with the folders above */

/* The whole file; an unreadable or missing one is an empty text. */
struct str disk_read(struct arena *, const char *path);
void disk_write(struct arena *, const char *path,
		struct str text); /* temporary file, then rename */
