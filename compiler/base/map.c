/*
 * Bytes -> pointer: open addressing, linear probing, at most 3/4 full.
 *
 * Every slot keeps its hash, so growing never reads keys and probing seldom does.
 * A hash of 0 marks a free slot. Keys that were made to have one hash find the next
 * seed, for which somebody would have to make them anew: nothing here is random.
 */
#include "base/base.h"
#include "base/map.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAP_FIRST 16u
#define MAP_PROBES                                                                                 \
	1024u /* by chance, one of 10^10 maps of a million keys needs as many for a key */

#ifndef MESHC_HASH_SEED /* tests build with others */
#define MESHC_HASH_SEED 0
#endif

struct map_slot {
	uint64_t hash;
	struct str key;
	void *value;
};

struct map map_new(struct arena *mem)
{
	return (struct map){ .mem = mem, .seed = MESHC_HASH_SEED };
}

static uint64_t hash_of(const struct map *m, struct str key)
{
	uint64_t hash = XXH3_64bits_withSeed(key.n ? key.p : "", key.n, m->seed);

	return hash ? hash : 1;
}

/* The slot that holds the key, or the free one where it belongs. *probes: how many were looked at. */
static struct map_slot *probe(const struct map *m, struct str key, uint64_t hash, uint32_t *probes)
{
	uint32_t mask = m->cap - 1;
	uint32_t start = (uint32_t)hash & mask, i = start;

	while (m->slots[i].hash) {
		if (m->slots[i].hash == hash && str_eq(m->slots[i].key, key))
			break;
		i = (i + 1) & mask;
	}
	*probes = (i - start) & mask;
	return &m->slots[i];
}

void *map_get(const struct map *m, struct str key)
{
	uint32_t probes;

	return m->n ? probe(m, key, hash_of(m, key), &probes)->value : NULL;
}

static void move_slots(struct map *m, uint32_t cap, uint64_t seed)
{
	struct map old = *m;
	uint32_t mask = cap - 1;

	m->cap = cap;
	m->seed = seed;
	m->slots = NEW(m->mem, struct map_slot, cap);
	for (uint32_t i = 0; i < old.cap; i++) {
		struct map_slot slot = old.slots[i];
		uint32_t to;

		if (!slot.hash)
			continue;
		if (seed != old.seed)
			slot.hash = hash_of(m, slot.key);
		to = (uint32_t)slot.hash & mask;
		while (m->slots[to].hash)
			to = (to + 1) & mask;
		m->slots[to] = slot;
	}
}

static void grow(struct map *m)
{
	if (m->cap > UINT32_MAX / 2)
		out_of_memory();
	move_slots(m, m->cap ? m->cap * 2 : MAP_FIRST, m->seed);
}

void **map_put(struct map *m, struct str key)
{
	uint64_t hash = hash_of(m, key);
	struct map_slot *slot;
	uint32_t probes;

	if (m->n >= m->cap / 4 * 3)
		grow(m);
	slot = probe(m, key, hash, &probes);
	if (probes > MAP_PROBES) {
		move_slots(m, m->cap, m->seed + 1);
		hash = hash_of(m, key);
		slot = probe(m, key, hash, &probes);
	}
	if (!slot->hash) {
		slot->hash = hash;
		slot->key = key;
		m->n++;
	}
	return &slot->value;
}
