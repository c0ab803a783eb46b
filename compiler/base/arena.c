/*
 * Memory with a stated lifetime.
 *
 * An arena is a list of blocks, newest first; objects are cut from the newest.
 * A large object has a block of its own right below the newest, so that the rest
 * of that one is not lost. Blocks come zeroed and are zeroed again on rewind.
 * With MESHC_ARENA_DEBUG every object is a block, so that sanitizers see its ends.
 */
#include "base/base.h"
#include "base/arena.h"

#include <unistd.h>

#define BLOCK_FIRST ((size_t)4 << 10)
#define BLOCK_LARGEST ((size_t)1 << 20)
#define UNIT _Alignof(max_align_t)

struct block {
	struct block *below;
	size_t cap, used;
	size_t put_at; /* own block of a large object: `used` of the block above when it was put */
	bool own;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *top;
	struct block *adopted; /* never rewound */
	struct block *spare;   /* rewound and zeroed; used again before others are made */
	size_t next;           /* size of the next block */
};

_Noreturn void out_of_memory(void)
{
	static const char text[] = "meshc: out of memory\n";
	ssize_t written = write(2, text, sizeof text - 1);

	(void)written;
	_exit(6);
}

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);

	if (!a)
		out_of_memory();
	a->next = BLOCK_FIRST;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *below = b->below;

		free(b);
		b = below;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->top);
	free_blocks(a->adopted);
	free_blocks(a->spare);
	free(a);
}

static struct block *block_new(size_t cap)
{
	size_t size;
	struct block *b;

	if (__builtin_add_overflow(cap, sizeof *b, &size))
		out_of_memory();
	b = calloc(1, size);
	if (!b)
		out_of_memory();
	b->cap = cap;
	return b;
}

#ifdef MESHC_ARENA_DEBUG

static const bool keeps_spares = false;

static void *alloc_bytes(struct arena *a, size_t size, size_t align)
{
	struct block *b = block_new(size);

	(void)align;
	b->used = size;
	b->below = a->top;
	a->top = b;
	return b->bytes;
}

bool arena_extend(struct arena *a, const void *last, size_t bytes, size_t more)
{
	(void)a;
	(void)last;
	return bytes >= more;
}

#else

static const bool keeps_spares = true;

static size_t round_up(size_t n, size_t align)
{
	return (n + align - 1) & ~(align - 1);
}

/* A block with room for the size, which is at most half of the next block's. */
static struct block *block_for(struct arena *a, size_t size)
{
	struct block **spare = &a->spare, *b;

	while (*spare && size > (*spare)->cap)
		spare = &(*spare)->below;
	b = *spare;
	if (b) {
		*spare = b->below;
		return b;
	}
	b = block_new(a->next);
	if (a->next < BLOCK_LARGEST)
		a->next *= 2;
	return b;
}

static void push_block(struct arena *a, size_t size)
{
	struct block *b = block_for(a, size);

	b->below = a->top;
	a->top = b;
}

/* A unit of the block above is given up, so that `used` tells marks before from marks after. */
static void *alloc_own(struct arena *a, size_t size)
{
	struct block *b = block_new(size);

	if (!a->top || a->top->cap - a->top->used < UNIT)
		push_block(a, UNIT);
	b->own = true;
	b->used = size;
	b->put_at = a->top->used;
	a->top->used += UNIT;
	b->below = a->top->below;
	a->top->below = b;
	if (a->next < BLOCK_LARGEST)
		a->next *= 2;
	return b->bytes;
}

static void *alloc_bytes(struct arena *a, size_t size, size_t align)
{
	struct block *b = a->top;
	size_t start;

	if (b) {
		start = round_up(b->used, align);
		if (start <= b->cap && size <= b->cap - start) {
			b->used = start + size;
			return b->bytes + start;
		}
	}
	if (size > a->next / 2)
		return alloc_own(a, size);
	push_block(a, size);
	a->top->used = size;
	return a->top->bytes;
}

bool arena_extend(struct arena *a, const void *last, size_t bytes, size_t more)
{
	struct block *b = a->top;
	size_t start;

	if (!b || (const unsigned char *)last + bytes != b->bytes + b->used)
		return false;
	start = b->used - bytes;
	if (more > b->cap - start)
		return false;
	b->used = start + more;
	return true;
}

#endif

void *arena_alloc(struct arena *a, size_t n, size_t size, size_t align)
{
	size_t bytes;

	if (align == 0 || align > UNIT || (align & (align - 1)))
		BUG("alignment %zu", align);
	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		out_of_memory();
	return alloc_bytes(a, bytes, align);
}

struct arena_mark arena_mark(struct arena *a)
{
	return (struct arena_mark){ a->top, a->top ? a->top->used : 0 };
}

static void drop_own_since(struct block *top, size_t used)
{
	while (top->below && top->below->own && top->below->put_at >= used) {
		struct block *b = top->below;

		top->below = b->below;
		free(b);
	}
}

/* Work in rounds would make the same blocks in each of them. */
static void drop_block(struct arena *a, struct block *b)
{
	if (!keeps_spares || b->own) {
		free(b);
		return;
	}
	memset(b->bytes, 0, b->used);
	b->used = 0;
	b->below = a->spare;
	a->spare = b;
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
	while (a->top && a->top != mark.block) {
		struct block *below = a->top->below;

		drop_block(a, a->top);
		a->top = below;
	}
	if (a->top != mark.block)
		BUG("mark of another arena");
	if (!a->top)
		return;
	if (mark.used > a->top->used)
		BUG("rewind forwards");
	drop_own_since(a->top, mark.used);
	memset(a->top->bytes + mark.used, 0, a->top->used - mark.used);
	a->top->used = mark.used;
}

static size_t blocks_bytes(const struct block *b)
{
	size_t sum = 0;

	for (; b; b = b->below)
		sum += b->used;
	return sum;
}

size_t arena_bytes(const struct arena *a)
{
	return blocks_bytes(a->top) + blocks_bytes(a->adopted);
}

static void adopt_blocks(struct arena *into, struct block *list)
{
	struct block *last = list;

	if (!list)
		return;
	while (last->below)
		last = last->below;
	last->below = into->adopted;
	into->adopted = list;
}

void arena_adopt(struct arena *into, struct arena *from)
{
	if (into == from)
		BUG("an arena cannot adopt itself");
	adopt_blocks(into, from->top);
	adopt_blocks(into, from->adopted);
	free_blocks(from->spare);
	free(from);
}
