/*
 * Bytes -> pointer, open addressing over XXH3. It cannot be walked: what leaves
 * towards output is sorted, never in hash order.
 */
#pragma once

#include "base/str.h"

struct map {
	struct arena *mem;
	struct map_slot *slots;
	uint32_t n, cap;
	uint64_t
		seed; /* of the hash; another one once keys have turned out to be made to collide */
};

struct map map_new(struct arena *);
void *map_get(const struct map *, struct str key); /* NULL: not there */
void **
map_put(struct map *, struct
	str key); /* slot for the key, *slot NULL when new; valid until the next put; key bytes must outlive the map */
