/*
 * Growing arrays in an arena: doubling, elements zeroed, old bytes left behind.
 */
#include "base/base.h"
#include "base/vec.h"

#define VEC_FIRST 8u

void *vec_grow_(struct arena *mem, void *at, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t more = *cap ? *cap : VEC_FIRST / 2;
	void *moved;

	if (n < *cap)
		return at;
	if (more > UINT32_MAX / 2)
		out_of_memory();
	*cap = more * 2;
	moved = arena_alloc(mem, *cap, size, _Alignof(max_align_t));
	if (n)
		memcpy(moved, at, n * size);
	return moved;
}
