/* Differences of sequences: they must lead from the old one to the new one, and be short. */
#include "base/base.h"
#include "base/sequence.h"

#include <setjmp.h>
#include <cmocka.h>

/* Characters as a sequence of texts. */
static struct sequence letters(struct arena *mem, const char *text)
{
	struct str *at = NEW(mem, struct str, strlen(text) + 1);

	for (size_t i = 0; text[i]; i++)
		at[i] = (struct str){ text + i, 1 };
	return (struct sequence){ at, (uint32_t)strlen(text) };
}

/* Applies the runs to the old sequence; the result must be the new one. Returns how many items they name. */
static uint32_t applied(struct sequence old, struct sequence new, const struct sequence_runs *runs)
{
	uint32_t x = 0, y = 0, edits = 0;

	for (uint32_t i = 0; i <= runs->all.n; i++) {
		struct sequence_run end = { old.n, 0, new.n, 0 };
		const struct sequence_run *run = i < runs->all.n ? &runs->all.at[i] : &end;

		assert_true(run->old_at >= x);
		assert_int_equal(run->old_at - x, run->new_at - y);
		for (; x < run->old_at; x++, y++)
			assert_true(str_eq(old.at[x], new.at[y]));
		assert_true(i == runs->all.n || run->old_n + run->new_n > 0);
		x += run->old_n;
		y += run->new_n;
		edits += run->old_n + run->new_n;
	}
	assert_int_equal(x, old.n);
	assert_int_equal(y, new.n);
	return edits;
}

static void test_short_sequences_differ_as_little_as_they_can(void **state)
{
	static const struct {
		const char *old, *new;
		uint32_t edits;
	} rows[] = {
		{ "", "", 0 },
		{ "a", "a", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "abcabba", "cbabac", 5 },
		{ "abc", "axc", 2 },
		{ "aaaa", "aa", 2 },
		{ "ab", "ba", 2 },
		{ "abcdef", "bcdefa", 2 },
		{ "xaxbxc", "aybyc", 5 },
		{ "abc", "def", 6 },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		struct sequence_runs runs = { 0 };
		struct sequence old = letters(mem, rows[i].old), new = letters(mem, rows[i].new);

		sequence_diff(mem, old, new, &runs);
		assert_int_equal(applied(old, new, &runs), rows[i].edits);
	}
	arena_free(mem);
}

static void test_every_pair_of_random_sequences_leads_from_one_to_the_other(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (uint32_t round = 0; round < 400; round++) {
		struct arena *mem = arena_new();
		struct sequence_runs runs = { 0 };
		struct sequence sides[2];

		for (int side = 0; side < 2; side++) {
			char text[64] = { 0 };
			uint32_t n = (seed >> 16) % 40;

			for (uint32_t i = 0; i < n; i++) {
				seed = seed * 1103515245 + 12345;
				text[i] = (char)('a' + (seed >> 16) % 4);
			}
			seed = seed * 1103515245 + 12345;
			sides[side] = letters(mem, str_copy(mem, str_of(text)).p);
		}
		sequence_diff(mem, sides[0], sides[1], &runs);
		applied(sides[0], sides[1], &runs);
		arena_free(mem);
	}
}

/* 20000 lines of which every other one changed: far beyond what Myers alone would do. */
static void test_long_differences_are_cut_at_what_stayed(void **state)
{
	enum { LINES = 20000 };
	struct arena *mem = arena_new();
	struct str *old = NEW(mem, struct str, LINES), *new = NEW(mem, struct str, LINES);
	struct sequence_runs runs = { 0 };

	(void)state;
	for (uint32_t i = 0; i < LINES; i++) {
		old[i] = str_format(mem, "line %u", i);
		new[i] = i % 2 ? old[i] : str_format(mem, "changed %u", i);
	}
	sequence_diff(mem, (struct sequence){ old, LINES }, (struct sequence){ new, LINES }, &runs);
	assert_int_equal(
		applied((struct sequence){ old, LINES }, (struct sequence){ new, LINES }, &runs),
		LINES);
	arena_free(mem);
}

static void test_nothing_in_common_is_one_run(void **state)
{
	enum { LINES = 5000 };
	struct arena *mem = arena_new();
	struct str *old = NEW(mem, struct str, LINES), *new = NEW(mem, struct str, LINES);
	struct sequence_runs runs = { 0 };

	(void)state;
	for (uint32_t i = 0; i < LINES; i++) {
		old[i] = S("old");
		new[i] = S("new");
	}
	sequence_diff(mem, (struct sequence){ old, LINES }, (struct sequence){ new, LINES }, &runs);
	assert_int_equal(runs.all.n, 1);
	arena_free(mem);
}

static void test_lines_keep_their_ends(void **state)
{
	struct arena *mem = arena_new();
	struct sequence lines = sequence_lines(mem, S("a\n\nb"));

	(void)state;
	assert_int_equal(lines.n, 3);
	assert_true(str_eq(lines.at[0], S("a\n")));
	assert_true(str_eq(lines.at[1], S("\n")));
	assert_true(str_eq(lines.at[2], S("b")));
	assert_int_equal(sequence_lines(mem, S("")).n, 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_sequences_differ_as_little_as_they_can),
		cmocka_unit_test(test_every_pair_of_random_sequences_leads_from_one_to_the_other),
		cmocka_unit_test(test_long_differences_are_cut_at_what_stayed),
		cmocka_unit_test(test_nothing_in_common_is_one_run),
		cmocka_unit_test(test_lines_keep_their_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
