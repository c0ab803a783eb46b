/* The stable sort, for every small length and for patterns that break merges. */
#include "base/base.h"
#include "base/sort.h"

#include <setjmp.h>
#include <cmocka.h>

struct item {
	uint32_t key, place;
	char filler[3];
};

static int compare_items(const void *left, const void *right)
{
	const struct item *l = left, *r = right;

	return (l->key > r->key) - (l->key < r->key);
}

static uint32_t key_ascending(uint32_t i)
{
	return i;
}

static uint32_t key_descending(uint32_t i)
{
	return 5000 - i;
}

static uint32_t key_mixed(uint32_t i)
{
	return i * 2654435761u >> 20;
}

static uint32_t key_few(uint32_t i)
{
	return i * 7 % 3;
}

static void check_sorted(const struct item *items, uint32_t n, uint32_t (*key)(uint32_t))
{
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(items[i].key, key(items[i].place));
		assert_memory_equal(items[i].filler, "abc", 3);
		if (i == 0)
			continue;
		assert_true(
			items[i - 1].key < items[i].key ||
			(items[i - 1].key == items[i].key && items[i - 1].place < items[i].place));
	}
}

static void test_sorts_every_pattern_and_keeps_ties_in_place(void **state)
{
	static uint32_t (*const keys[])(uint32_t) = { key_ascending, key_descending, key_mixed,
						      key_few };
	static struct item items[2000];

	(void)state;
	for (size_t k = 0; k < countof(keys); k++) {
		for (uint32_t n = 0; n <= countof(items); n = n < 70 ? n + 1 : n * 2 + 1) {
			struct arena *mem = arena_new();

			for (uint32_t i = 0; i < n; i++)
				items[i] = (struct item){ keys[k](i), i, { 'a', 'b', 'c' } };
			sort_stable(mem, items, n, sizeof *items, compare_items);
			check_sorted(items, n, keys[k]);
			assert_int_equal(arena_bytes(mem), 0);
			arena_free(mem);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorts_every_pattern_and_keeps_ties_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
