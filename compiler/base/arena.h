/*
 * Memory with a stated lifetime: allocate from an arena, drop the arena.
 *
 * There is no free. When the machine has no memory left, arena_alloc prints one
 * line and ends the process with exit code 6; callers never see NULL.
 */
#pragma once

#include "base/base.h"

struct arena;

struct arena_mark {
	void *block;
	size_t used;
};

struct arena *arena_new(void);
void arena_free(struct arena *); /* NULL is fine */

/* n objects of the given size, zeroed. n * size may not overflow (out of memory). */
void *arena_alloc(struct arena *, size_t n, size_t size, size_t align);

#define NEW(arena, type, n) ((type *)arena_alloc((arena), (n), sizeof(type), _Alignof(type)))

/* Whether the bytes of the arena's last object could be made more where it stands, the new ones zeroed. */
bool arena_extend(struct arena *, const void *last, size_t bytes, size_t more);

/* Everything allocated since the mark is dropped by the rewind. */
struct arena_mark arena_mark(struct arena *);
void arena_rewind(struct arena *, struct arena_mark);

size_t arena_bytes(const struct arena *); /* handed out so far */

/* Takes over what `from` holds: it lives as long as `into`; `from` is gone. */
void arena_adopt(struct arena *into, struct arena *from);

/* The one place that knows what to do without memory: message without allocation, _exit(6). */
_Noreturn void out_of_memory(void);
