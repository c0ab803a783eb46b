/* Maps from bytes to pointers. */
#include "base/base.h"
#include "base/map.h"

#include "base/hash.h"

#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

static void test_an_empty_map_holds_nothing(void **state)
{
	struct arena *mem = arena_new();
	struct map m = map_new(mem);

	(void)state;
	assert_null(map_get(&m, S("a")));
	assert_null(map_get(&m, (struct str){ 0 }));
	arena_free(mem);
}

static void test_every_key_keeps_its_value_while_the_map_grows(void **state)
{
	enum { N = 20000 };
	struct arena *mem = arena_new();
	struct map m = map_new(mem);
	static int values[N];

	(void)state;
	for (int i = 0; i < N; i++) {
		void **slot = map_put(&m, str_format(mem, "key-%d", i));

		assert_null(*slot);
		*slot = &values[i];
	}
	assert_int_equal(m.n, N);
	for (int i = 0; i < N; i++) {
		assert_ptr_equal(map_get(&m, str_format(mem, "key-%d", i)), &values[i]);
		assert_null(map_get(&m, str_format(mem, "yek-%d", i)));
	}
	arena_free(mem);
}

static void test_a_second_put_gives_the_same_slot(void **state)
{
	struct arena *mem = arena_new();
	struct map m = map_new(mem);
	int value = 0;

	(void)state;
	*map_put(&m, S("a")) = &value;
	assert_ptr_equal(*map_put(&m, str_copy(mem, S("a"))), &value);
	assert_int_equal(m.n, 1);
	assert_null(*map_put(&m, (struct str){ "a\0b", 3 }));
	assert_null(*map_put(&m, S("")));
	assert_int_equal(m.n, 3);
	arena_free(mem);
}

/* Texts whose hashes end in the same bits, as somebody would make them who knows the hash. */
static struct str colliding(struct arena *mem, uint64_t *from, uint64_t bits)
{
	char text[24];
	int n;

	do
		n = snprintf(text, sizeof text, "k%" PRIu64, (*from)++);
	while (hash_bytes((struct str){ text, (uint32_t)n }) & bits);
	return str_copy(mem, (struct str){ text, (uint32_t)n });
}

static void test_keys_made_to_collide_do_not_stay_together(void **state)
{
	enum { N = 3000 }; /* in a table of 4096 */
	struct arena *mem = arena_new();
	struct map m = map_new(mem);
	struct str *keys = NEW(mem, struct str, N);
	uint64_t from = 0;

	(void)state;
	for (int i = 0; i < N; i++) {
		keys[i] = colliding(mem, &from, 4095);
		*map_put(&m, keys[i]) = &keys[i];
	}
	assert_int_equal(m.seed, 1);
	assert_int_equal(m.n, N);
	for (int i = 0; i < N; i++) {
		assert_ptr_equal(map_get(&m, keys[i]), &keys[i]);
		assert_ptr_equal(*map_put(&m, keys[i]), &keys[i]);
	}
	arena_free(mem);
}

static void test_keys_that_nobody_chose_keep_the_first_seed(void **state)
{
	enum { N = 300000 };
	struct arena *mem = arena_new();
	struct map m = map_new(mem);

	(void)state;
	for (int i = 0; i < N; i++)
		map_put(&m, str_format(mem, "service-%d.shop", i));
	assert_int_equal(m.seed, 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_map_holds_nothing),
		cmocka_unit_test(test_every_key_keeps_its_value_while_the_map_grows),
		cmocka_unit_test(test_a_second_put_gives_the_same_slot),
		cmocka_unit_test(test_keys_made_to_collide_do_not_stay_together),
		cmocka_unit_test(test_keys_that_nobody_chose_keep_the_first_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
