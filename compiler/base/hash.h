/*
 * A number for bytes: the same on every machine and in every version, and no
 * secret: whoever wants two texts with one number can make them.
 */
#pragma once

#include "base/str.h"

uint64_t hash_bytes(struct str); /* XXH3, 64 bits */
