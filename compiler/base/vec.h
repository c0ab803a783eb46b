/*
 * Growing arrays in an arena. The element type stays visible: VEC(struct route) routes;
 */
#pragma once

#include "base/arena.h"

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *at;                                                                          \
		uint32_t n, cap;                                                                   \
	}

/* Pointer to a new zeroed element at the end; earlier element pointers may move. */
#define vec_push(arena, v)                                                                         \
	((v)->at = vec_grow_((arena), (v)->at, (v)->n, &(v)->cap, sizeof *(v)->at), (v)->n++,      \
	 &(v)->at[(v)->n - 1])

#define vec_add(arena, v, value) ((void)(*vec_push((arena), (v)) = (value)))

/* Room for so many elements in all: for long lists whose length is known. */
#define vec_reserve(arena, v, room)                                                                \
	((v)->at = vec_reserve_((arena), (v)->at, (v)->n, &(v)->cap, (room), sizeof *(v)->at))

void *vec_reserve_(struct arena *, void *at, uint32_t n, uint32_t *cap, uint32_t room, size_t size);
void *vec_grow_(struct arena *, void *at, uint32_t n, uint32_t *cap, size_t size);
