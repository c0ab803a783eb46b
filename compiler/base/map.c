/*
 * Bytes -> pointer: open addressing, linear probing, at most 3/4 full.
 *
 * Every slot keeps its hash, so growing never reads keys and probing seldom does.
 * A hash of 0 marks a free slot.
 */
#include "base/base.h"
#include "base/map.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAP_FIRST 16u

struct map_slot {
	uint64_t hash;
	struct str key;
	void *value;
};

struct map map_new(struct arena *mem)
{
	return (struct map){ .mem = mem };
}

static uint64_t hash_of(struct str key)
{
	uint64_t hash = XXH3_64bits(key.n ? key.p : "", key.n);

	return hash ? hash : 1;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct map_slot *probe(const struct map *m, struct str key, uint64_t hash)
{
	uint32_t mask = m->cap - 1;
	uint32_t i = (uint32_t)hash & mask;

	while (m->slots[i].hash) {
		if (m->slots[i].hash == hash && str_eq(m->slots[i].key, key))
			break;
		i = (i + 1) & mask;
	}
	return &m->slots[i];
}

void *map_get(const struct map *m, struct str key)
{
	return m->n ? probe(m, key, hash_of(key))->value : NULL;
}

static void grow(struct map *m)
{
	struct map old = *m;
	uint32_t mask;

	if (old.cap > UINT32_MAX / 2)
		out_of_memory();
	m->cap = old.cap ? old.cap * 2 : MAP_FIRST;
	m->slots = NEW(m->mem, struct map_slot, m->cap);
	mask = m->cap - 1;
	for (uint32_t i = 0; i < old.cap; i++) {
		uint32_t to = (uint32_t)old.slots[i].hash & mask;

		if (!old.slots[i].hash)
			continue;
		while (m->slots[to].hash)
			to = (to + 1) & mask;
		m->slots[to] = old.slots[i];
	}
}

void **map_put(struct map *m, struct str key)
{
	uint64_t hash = hash_of(key);
	struct map_slot *slot;

	if (m->n >= m->cap / 4 * 3)
		grow(m);
	slot = probe(m, key, hash);
	if (!slot->hash) {
		slot->hash = hash;
		slot->key = key;
		m->n++;
	}
	return &slot->value;
}
