/*
 * Private to git/: system calls by name, with the points at which tests refuse.
 */
#pragma once

#include "git/folder.h"

#define NAME_ROOM 256 /* NAME_MAX and its NUL */

/* NUL-terminated in `room`; NULL with errno ENAMETOOLONG or EINVAL when no file can be called so. */
const char *name_z(struct str name, char room[NAME_ROOM]);

struct str error_text(int error); /* without the locale */
