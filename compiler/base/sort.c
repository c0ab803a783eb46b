/*
 * Stable merge sort. Short runs are sorted by insertion; halves that are in
 * order already are not merged, so sorted input costs n comparisons.
 */
#include "base/base.h"
#include "base/sort.h"

#define RUN 8u

struct sorting {
	unsigned char *scratch; /* half of the items */
	size_t size;
	sort_compare compare;
};

static void sort_run(const struct sorting *s, unsigned char *items, uint32_t n)
{
	size_t size = s->size;

	for (uint32_t i = 1; i < n; i++) {
		uint32_t to = i;

		while (to > 0 && s->compare(items + (to - 1) * size, items + i * size) > 0)
			to--;
		if (to == i)
			continue;
		memcpy(s->scratch, items + i * size, size);
		memmove(items + (to + 1) * size, items + to * size, (i - to) * size);
		memcpy(items + to * size, s->scratch, size);
	}
}

/* The left half waits in scratch; on a tie it goes first. */
static void merge(const struct sorting *s, unsigned char *items, uint32_t left, uint32_t n)
{
	size_t size = s->size;
	const unsigned char *l = s->scratch, *l_end = l + left * size;
	const unsigned char *r = items + left * size, *r_end = items + n * size;
	unsigned char *to = items;

	memcpy(s->scratch, items, left * size);
	while (l < l_end && r < r_end) {
		bool take_right = s->compare(l, r) > 0;

		memcpy(to, take_right ? r : l, size);
		to += size;
		if (take_right)
			r += size;
		else
			l += size;
	}
	memcpy(to, l, (size_t)(l_end - l));
}

static void sort_items(const struct sorting *s, unsigned char *items, uint32_t n)
{
	uint32_t left = n / 2;
	unsigned char *middle = items + left * s->size;

	if (n <= RUN) {
		sort_run(s, items, n);
		return;
	}
	sort_items(s, items, left);
	sort_items(s, middle, n - left);
	if (s->compare(middle - s->size, middle) > 0)
		merge(s, items, left, n);
}

void sort_stable(struct arena *scratch, void *items, uint32_t n, size_t size, sort_compare compare)
{
	struct arena_mark mark;
	struct sorting s = { .size = size, .compare = compare };

	if (n < 2)
		return;
	mark = arena_mark(scratch);
	s.scratch = arena_alloc(scratch, n / 2, size, 1);
	sort_items(&s, items, n);
	arena_rewind(scratch, mark);
}
