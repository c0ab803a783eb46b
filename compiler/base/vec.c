/*
 * Growing arrays in an arena: doubling, elements zeroed. The array that was made
 * or grown last grows where it stands; others leave their old bytes behind.
 */
#include "base/base.h"
#include "base/vec.h"

void *vec_reserve_(struct arena *mem, void *at, uint32_t n, uint32_t *cap, uint32_t room,
		   size_t size)
{
	void *moved;

	if (room <= *cap)
		return at;
	if (*cap && arena_extend(mem, at, *cap * size, room * size)) {
		*cap = room;
		return at;
	}
	*cap = room;
	moved = arena_alloc(mem, room, size, _Alignof(max_align_t));
	if (n)
		memcpy(moved, at, n * size);
	return moved;
}

void *vec_grow_(struct arena *mem, void *at, uint32_t n, uint32_t *cap, size_t size)
{
	if (n < *cap)
		return at;
	if (*cap > UINT32_MAX / 2)
		out_of_memory();
	return vec_reserve_(mem, at, n, cap, *cap ? *cap * 2 : 1, size); /* most lists are short */
}
