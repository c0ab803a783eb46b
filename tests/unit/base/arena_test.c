/* Arenas: zeroed memory, marks, adoption; large objects beside small ones. */
#include "base/base.h"
#include "base/arena.h"

#include <setjmp.h>
#include <cmocka.h>

static bool all_are(const unsigned char *p, size_t n, unsigned char value)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != value)
			return false;
	}
	return true;
}

static const size_t sizes[] = { 0,    1,    7,    8,     40,    100,    1000,   2047,
				2048, 2049, 4096, 10000, 65536, 300000, 3 << 20 };

static void test_objects_are_zeroed_aligned_and_do_not_overlap(void **state)
{
	struct arena *mem = arena_new();
	unsigned char *objects[200];

	(void)state;
	for (size_t i = 0; i < countof(objects); i++) {
		size_t n = sizes[i % countof(sizes)];

		objects[i] = arena_alloc(mem, n, 1, 16);
		assert_int_equal((uintptr_t)objects[i] % 16, 0);
		assert_true(all_are(objects[i], n, 0));
		memset(objects[i], (int)i, n);
	}
	for (size_t i = 0; i < countof(objects); i++)
		assert_true(all_are(objects[i], sizes[i % countof(sizes)], (unsigned char)i));
	arena_free(mem);
	arena_free(NULL);
}

static void test_rewind_gives_back_zeroed_memory_and_keeps_what_was_before(void **state)
{
	(void)state;
	for (size_t before = 0; before < countof(sizes); before++) {
		for (size_t after = 0; after < countof(sizes); after++) {
			struct arena *mem = arena_new();
			unsigned char *kept = arena_alloc(mem, sizes[before], 1, 1);
			struct arena_mark mark = arena_mark(mem);
			size_t bytes = arena_bytes(mem);

			memset(kept, 0xaa, sizes[before]);
			for (unsigned round = 0; round < 4; round++) {
				unsigned char *a = arena_alloc(mem, 40, 1, 1);
				unsigned char *b = arena_alloc(mem, sizes[after], 1, 1);

				assert_true(all_are(a, 40, 0));
				assert_true(all_are(b, sizes[after], 0));
				memset(a, 0xbb, 40);
				memset(b, 0xcc, sizes[after]);
				arena_rewind(mem, mark);
				assert_int_equal(arena_bytes(mem), bytes);
			}
			assert_true(all_are(kept, sizes[before], 0xaa));
			arena_free(mem);
		}
	}
}

static void test_rewind_to_an_empty_arena_drops_everything(void **state)
{
	struct arena *mem = arena_new();
	struct arena_mark mark = arena_mark(mem);

	(void)state;
	for (size_t i = 0; i < countof(sizes); i++)
		arena_alloc(mem, sizes[i], 1, 1);
	assert_true(arena_bytes(mem) > 3u << 20);
	arena_rewind(mem, mark);
	assert_int_equal(arena_bytes(mem), 0);
	assert_non_null(NEW(mem, int, 3));
	arena_free(mem);
}

static void test_marks_nest(void **state)
{
	struct arena *mem = arena_new();
	int *a = NEW(mem, int, 1), *b;
	struct arena_mark outer = arena_mark(mem), inner;

	(void)state;
	*a = 1;
	b = NEW(mem, int, 100000);
	b[99999] = 2;
	inner = arena_mark(mem);
	NEW(mem, int, 200000)[0] = 3;
	arena_rewind(mem, inner);
	assert_int_equal(b[99999], 2);
	arena_rewind(mem, outer);
	assert_int_equal(*a, 1);
	arena_free(mem);
}

static void test_adopted_objects_live_on_and_survive_a_rewind(void **state)
{
	struct arena *mem = arena_new(), *other = arena_new(), *third = arena_new();
	struct arena_mark mark = arena_mark(mem);
	char *text = NEW(other, char, 6), *large = NEW(third, char, 1 << 20);

	(void)state;
	memcpy(text, "hello", 6);
	large[(1 << 20) - 1] = 'x';
	arena_adopt(other, third);
	arena_adopt(mem, other);
	arena_adopt(mem, arena_new());
	NEW(mem, char, 100);
	arena_rewind(mem, mark);
	assert_string_equal(text, "hello");
	assert_int_equal(large[(1 << 20) - 1], 'x');
	assert_true(arena_bytes(mem) >= (1u << 20) + 6);
	arena_free(mem);
}

static void test_the_last_object_grows_where_it_stands(void **state)
{
	struct arena *mem = arena_new();
	unsigned char *first = arena_alloc(mem, 10, 1, 1), *last;

	(void)state;
	memset(first, 0xaa, 10);
	last = arena_alloc(mem, 16, 1, 8);
	memset(last, 0xbb, 16);
	assert_false(arena_extend(mem, first, 10, 20));
	if (arena_extend(mem, last, 16, 200)) {
		assert_true(all_are(last, 16, 0xbb));
		assert_true(all_are(last + 16, 184, 0));
		memset(last, 0xcc, 200);
		assert_true(all_are(arena_alloc(mem, 64, 1, 1), 64, 0));
		assert_true(all_are(last, 200, 0xcc));
	}
	assert_true(all_are(first, 10, 0xaa));
	assert_false(arena_extend(mem, last, 200, 64 << 20));
	arena_free(mem);
}

static void test_rounds_of_work_start_with_zeroed_memory(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (unsigned round = 1; round < 40; round++) {
		struct arena_mark mark = arena_mark(mem);

		for (unsigned i = 0; i < 20 * round; i++) {
			unsigned char *p = arena_alloc(mem, 1000, 1, 1);

			assert_true(all_are(p, 1000, 0));
			memset(p, 0xdd, 1000);
		}
		arena_rewind(mem, mark);
		assert_int_equal(arena_bytes(mem), 0);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_are_zeroed_aligned_and_do_not_overlap),
		cmocka_unit_test(test_rewind_gives_back_zeroed_memory_and_keeps_what_was_before),
		cmocka_unit_test(test_rewind_to_an_empty_arena_drops_everything),
		cmocka_unit_test(test_marks_nest),
		cmocka_unit_test(test_the_last_object_grows_where_it_stands),
		cmocka_unit_test(test_rounds_of_work_start_with_zeroed_memory),
		cmocka_unit_test(test_adopted_objects_live_on_and_survive_a_rewind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
