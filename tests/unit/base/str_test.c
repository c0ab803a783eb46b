/* Views: comparing, slicing, and the nearest name. */
#include "base/base.h"
#include "base/str.h"

#include <setjmp.h>
#include <cmocka.h>

static void test_strings_are_ordered_by_bytes(void **state)
{
	static const char *const ascending[] = { "",    "-",  "A", "a",       "a-b",
						 "a.b", "ab", "b", "\xc3\xa9" };

	(void)state;
	for (size_t i = 0; i < countof(ascending); i++) {
		for (size_t j = 0; j < countof(ascending); j++) {
			int order = str_cmp(str_of(ascending[i]), str_of(ascending[j]));

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
			assert_int_equal(str_eq(str_of(ascending[i]), str_of(ascending[j])),
					 i == j);
		}
	}
	assert_true(str_eq((struct str){ 0 }, S("")));
	assert_true(str_eq(str_of(NULL), S("")));
}

static void test_prefixes_suffixes_and_characters_are_found(void **state)
{
	(void)state;
	assert_true(str_starts(S("/api/v2"), S("/api")));
	assert_true(str_starts(S("/api"), S("")));
	assert_false(str_starts(S("/ap"), S("/api")));
	assert_true(str_ends(S("a.yaml"), S(".yaml")));
	assert_true(str_ends((struct str){ 0 }, S("")));
	assert_false(str_ends(S("yaml"), S(".yaml")));
	assert_true(str_eq_nocase(S("ISTIO_Mutual"), S("istio_mutual")));
	assert_false(str_eq_nocase(S("a"), S("b")));
	assert_false(str_eq_nocase(S("@"), S("`")));
	assert_int_equal(str_find(S("a=b=c"), '='), 1);
	assert_int_equal(str_find(S("abc"), '='), -1);
	assert_int_equal(str_find((struct str){ 0 }, '='), -1);
}

static void test_slices_are_clamped(void **state)
{
	(void)state;
	assert_true(str_eq(str_slice(S("abcdef"), 2, 4), S("cd")));
	assert_true(str_eq(str_slice(S("abcdef"), 4, 99), S("ef")));
	assert_int_equal(str_slice(S("abcdef"), 9, 12).n, 0);
	assert_int_equal(str_slice(S("abcdef"), 4, 2).n, 0);
}

static void test_copies_end_in_nul(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_string_equal(str_z(mem, str_slice(S("abcdef"), 1, 3)), "bc");
	assert_string_equal(str_z(mem, (struct str){ 0 }), "");
	assert_true(str_eq(str_format(mem, "%.*s-%d", STR(S("node")), 12), S("node-12")));
	assert_int_equal(str_format(mem, "%0500d", 1).n, 500);
	arena_free(mem);
}

static void test_distance_counts_edits_and_adjacent_swaps(void **state)
{
	static const struct {
		const char *a, *b;
		uint32_t want;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "abc", 0 },
		{ "Retries", "retries", 0 },
		{ "retires", "retries", 1 },
		{ "timeot", "timeout", 1 },
		{ "timeoutt", "timeout", 1 },
		{ "kitten", "sitting", 3 },
		{ "ab", "ba", 1 },
		{ "ca", "abc", 3 },
		{ "abcdef", "badcfe", 3 },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_int_equal(str_distance(str_of(cases[i].a), str_of(cases[i].b)),
				 cases[i].want);
		assert_int_equal(str_distance(str_of(cases[i].b), str_of(cases[i].a)),
				 cases[i].want);
	}
}

static void test_distance_of_very_long_names_is_all_or_nothing(void **state)
{
	char a[300], b[300];

	(void)state;
	memset(a, 'a', sizeof a);
	memset(b, 'A', sizeof b);
	assert_int_equal(str_distance((struct str){ a, 300 }, (struct str){ b, 300 }), 0);
	b[299] = 'b';
	assert_int_equal(str_distance((struct str){ a, 300 }, (struct str){ b, 300 }), 300);
	assert_int_equal(str_distance((struct str){ a, 256 }, (struct str){ b, 256 }), 0);
}

static void test_nearest_is_near_enough_and_first_on_a_tie(void **state)
{
	static const struct str names[] = { S("prod-eu-2"), S("prod-eu-1"), S("staging"), S("ab"),
					    S("") };
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "prod-eu-3", "prod-eu-1" },
		{ "prod-eu-22", "prod-eu-2" },
		{ "stagign", "staging" },
		{ "STAGING", "staging" },
		{ "dev", "" },
		{ "abc", "ab" },
		{ "xyz", "" },
		{ "production-eu-1", "" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct str got = str_nearest(str_of(cases[i].name), names, countof(names));

		assert_true(str_eq(got, str_of(cases[i].want)));
	}
	assert_int_equal(str_nearest(S("x"), NULL, 0).n, 0);
}

static void test_parts_are_joined_and_numbers_spelled(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_string_equal(str_join(mem, S("a"), S(""), S("."), S("bc")).p, "a.bc");
	assert_int_equal(str_join(mem, (struct str){ 0 }).n, 0);
	assert_string_equal(str_int(mem, 0).p, "0");
	assert_string_equal(str_int(mem, -7).p, "-7");
	assert_string_equal(str_int(mem, INT64_MAX).p, "9223372036854775807");
	assert_string_equal(str_int(mem, INT64_MIN).p, "-9223372036854775808");
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_are_ordered_by_bytes),
		cmocka_unit_test(test_prefixes_suffixes_and_characters_are_found),
		cmocka_unit_test(test_slices_are_clamped),
		cmocka_unit_test(test_parts_are_joined_and_numbers_spelled),
		cmocka_unit_test(test_copies_end_in_nul),
		cmocka_unit_test(test_distance_counts_edits_and_adjacent_swaps),
		cmocka_unit_test(test_distance_of_very_long_names_is_all_or_nothing),
		cmocka_unit_test(test_nearest_is_near_enough_and_first_on_a_tie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
