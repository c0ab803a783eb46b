/*
 * A number for bytes: XXH3, whose values are fixed for good.
 */
#include "base/base.h"
#include "base/hash.h"

#include <xxhash.h>

uint64_t hash_bytes(struct str text)
{
	return XXH3_64bits(text.n ? text.p : "", text.n);
}
