/*
 * Numbers that are the same for the same seed, everywhere (splitmix64).
 */
#pragma once

#include <stdint.h>

struct chance {
	uint64_t state;
};

static inline uint64_t chance_next(struct chance *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static inline uint64_t chance_below(struct chance *r, uint64_t n)
{
	return chance_next(r) % n;
}
