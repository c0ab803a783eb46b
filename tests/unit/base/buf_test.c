/* Growing bytes: content, the ceiling, and the arrays that grow the same way. */
#include "base/base.h"
#include "base/buf.h"
#include "base/vec.h"

#include <setjmp.h>
#include <cmocka.h>

static void test_puts_follow_each_other(void **state)
{
	struct arena *mem = arena_new();
	struct buf b = buf_new(mem, 0);

	(void)state;
	buf_lit(&b, "a: ");
	buf_int(&b, -42);
	buf_char(&b, ' ');
	buf_str(&b, S("xyz"));
	buf_str(&b, (struct str){ 0 });
	buf_fill(&b, '.', 3);
	buf_fill(&b, '!', 0);
	buf_format(&b, "%s=%u", "n", 7u);
	assert_true(str_eq(buf_view(&b), S("a: -42 xyz...n=7")));
	arena_free(mem);
}

static void test_integers_are_printed_in_full(void **state)
{
	static const struct {
		int64_t value;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 9, "9" },
		{ -1, "-1" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct buf b = buf_new(mem, 0);

		buf_int(&b, cases[i].value);
		assert_true(str_eq(buf_view(&b), str_of(cases[i].want)));
	}
	arena_free(mem);
}

static void test_long_content_survives_growth(void **state)
{
	struct arena *mem = arena_new();
	struct buf b = buf_new(mem, 0);

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		buf_format(&b, "%08u", i);
	buf_format(&b, "%01000d", 5);
	assert_int_equal(b.n, 161000);
	assert_memory_equal(b.p + 8 * 12345, "00012345", 8);
	assert_int_equal(b.p[160999], '5');
	assert_int_equal(b.p[160998], '0');
	arena_free(mem);
}

static void test_overflow_is_sticky_and_keeps_what_fitted(void **state)
{
	struct arena *mem = arena_new();
	struct buf b = buf_new(mem, 5);

	(void)state;
	buf_lit(&b, "abc");
	buf_lit(&b, "de");
	assert_false(b.overflow);
	buf_char(&b, 'f');
	assert_true(b.overflow);
	assert_true(str_eq(buf_view(&b), S("abcde")));
	b = buf_new(mem, 5);
	buf_format(&b, "%0300d", 1);
	buf_char(&b, 'x');
	buf_fill(&b, 'x', 1);
	assert_true(b.overflow);
	assert_int_equal(b.n, 0);
	arena_free(mem);
}

struct pair {
	uint64_t a;
	char b;
};

static void test_vectors_grow_zeroed(void **state)
{
	struct arena *mem = arena_new();
	VEC(struct pair) pairs = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		struct pair *p = vec_push(mem, &pairs);

		assert_int_equal(p->a, 0);
		p->a = i;
		p->b = 'x';
	}
	vec_add(mem, &pairs, ((struct pair){ 5, 'y' }));
	assert_int_equal(pairs.n, 1001);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(pairs.at[i].a, i);
	assert_int_equal(pairs.at[1000].b, 'y');
	arena_free(mem);
}

static void test_vectors_with_room_do_not_move(void **state)
{
	struct arena *mem = arena_new();
	VEC(struct pair) pairs = { 0 };
	const struct pair *first;

	(void)state;
	vec_add(mem, &pairs, ((struct pair){ 1, 'a' }));
	vec_reserve(mem, &pairs, 100);
	vec_reserve(mem, &pairs, 50);
	first = pairs.at;
	assert_int_equal(first->a, 1);
	for (uint32_t i = 1; i < 100; i++) {
		NEW(mem, char, 1);
		assert_int_equal(vec_push(mem, &pairs)->a, 0);
	}
	assert_ptr_equal(pairs.at, first);
	vec_push(mem, &pairs)->b = 'z';
	assert_int_equal(pairs.n, 101);
	assert_int_equal(pairs.at[0].b, 'a');
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_puts_follow_each_other),
		cmocka_unit_test(test_integers_are_printed_in_full),
		cmocka_unit_test(test_long_content_survives_growth),
		cmocka_unit_test(test_overflow_is_sticky_and_keeps_what_fitted),
		cmocka_unit_test(test_vectors_grow_zeroed),
		cmocka_unit_test(test_vectors_with_room_do_not_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
