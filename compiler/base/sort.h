/*
 * Stable merge sort; scratch memory is taken from the arena and given back.
 */
#pragma once

#include "base/arena.h"

typedef int (*sort_compare)(const void *, const void *);

void sort_stable(struct arena *scratch, void *items, uint32_t n, size_t size, sort_compare);
