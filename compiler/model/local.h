/*
 * Private to model/.
 */
#pragma once

#include "base/str.h"

/* RFC 1321: 32 lower-case hexadecimal digits. Names only; it protects nothing. */
void md5_hex(struct str, char out[32]);
