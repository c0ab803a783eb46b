/*
 * Git's name for bytes: SHA-1 of "blob <size>\0<bytes>", as `git hash-object` prints it.
 */
#pragma once

#include "base/str.h"

#define BLOB_HEX 40

/* Around all uses, by one thread; blob_id itself may run in parallel in between. */
void blob_open(void);
void blob_close(void);

void blob_id(struct str bytes, char hex[BLOB_HEX + 1]); /* lower case, NUL-terminated */
