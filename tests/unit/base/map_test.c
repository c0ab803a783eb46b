/* Maps from bytes to pointers. */
#include "base/base.h"
#include "base/map.h"

#include <setjmp.h>
#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_map_holds_nothing),
		cmocka_unit_test(test_every_key_keeps_its_value_while_the_map_grows),
		cmocka_unit_test(test_a_second_put_gives_the_same_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
