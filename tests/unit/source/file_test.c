/* Texts, lines and characters, in both directions. */
#include "base/base.h"
#include "source/file.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct file *file_of(struct arena *mem, struct str text)
{
	struct files *files = NEW(mem, struct files, 1);

	*files = files_new(mem);
	return files_get(files, files_add(files, S("a.yaml"), text));
}

static void test_ids_count_from_one_in_the_order_of_adding(void **state)
{
	struct arena *mem = arena_new();
	struct files files = files_new(mem);

	(void)state;
	for (uint32_t i = 1; i <= 100; i++)
		assert_int_equal(files_add(&files, str_format(mem, "f%u", i), S("x\n")), i);
	assert_true(str_eq(files_get(&files, 42)->path, S("f42")));
	assert_int_equal(files_get(&files, 42)->id, 42);
	arena_free(mem);
}

static void test_lines_are_given_without_their_ends(void **state)
{
	static const struct {
		const char *text;
		uint32_t n;
		const char *lines[4];
	} cases[] = {
		{ "", 1, { "" } },
		{ "a", 1, { "a" } },
		{ "a\n", 2, { "a", "" } },
		{ "a\r\nbc\r\n", 3, { "a", "bc", "" } },
		{ "\n\n", 3, { "", "", "" } },
		{ "a\rb\nc", 2, { "a\rb", "c" } },
		{ "\r\nx\r", 2, { "", "x\r" } },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const struct file *f = file_of(mem, str_of(cases[i].text));

		assert_int_equal(f->n_lines, cases[i].n);
		for (uint32_t j = 0; j < cases[i].n; j++)
			assert_true(str_eq(file_line(f, j + 1), str_of(cases[i].lines[j])));
	}
	arena_free(mem);
}

static void test_positions_count_characters(void **state)
{
	static const struct {
		const char *text;
		uint32_t offset, line, column;
	} cases[] = {
		{ "abc\ndef", 0, 1, 1 },
		{ "abc\ndef", 3, 1, 4 },
		{ "abc\ndef", 4, 2, 1 },
		{ "abc\ndef", 7, 2, 4 },
		{ "abc\ndef", 99, 2, 4 },
		{ "a\n", 2, 2, 1 },
		{ "", 0, 1, 1 },
		{ "\xc3\xa9\xc3\xa9\xe2\x82\xac\nx: \xf0\x9f\x98\x80 y", 7, 1, 4 },
		{ "\xc3\xa9\xc3\xa9\xe2\x82\xac\nx: \xf0\x9f\x98\x80 y", 8, 2, 1 },
		{ "\xc3\xa9\xc3\xa9\xe2\x82\xac\nx: \xf0\x9f\x98\x80 y", 16, 2, 6 },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const struct file *f = file_of(mem, str_of(cases[i].text));
		struct position p = file_position(f, cases[i].offset);

		assert_int_equal(p.line, cases[i].line);
		assert_int_equal(p.column, cases[i].column);
	}
	arena_free(mem);
}

/* Offsets of characters as libyaml counts its lines. */
static void test_marks_of_libyaml_become_bytes(void **state)
{
	static const struct {
		const char *text;
		uint32_t line, column, want;
	} cases[] = {
		{ "abc\ndef", 1, 2, 6 },
		{ "abc\ndef", 1, 99, 7 },
		{ "abc\ndef", 9, 0, 7 },
		{ "abc\n", 1, 0, 4 },
		{ "", 0, 0, 0 },
		{ "\xc3\xa9\xe2\x82\xac: 1\nx: \xf0\x9f\x98\x80 y", 0, 2, 5 },
		{ "\xc3\xa9\xe2\x82\xac: 1\nx: \xf0\x9f\x98\x80 y", 1, 5, 17 },
		{ "a\rb\nc", 1, 0, 2 },
		{ "a\rb\nc", 2, 0, 4 },
		{ "a\r\nb: c", 1, 3, 6 },
		{ "\xc2\x85x", 1, 0, 2 },
		{ "a\xe2\x80\xa8y\xe2\x80\xa9z", 2, 0, 8 },
		{ "\xc2\xa9 \xe2\x80\x94 x", 0, 4, 7 },
		{ "\xef\xbb\xbf"
		  "abc\nd",
		  0, 1, 4 },
		{ "\xef\xbb\xbf"
		  "abc\nd",
		  1, 0, 7 },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const struct file *f = file_of(mem, str_of(cases[i].text));

		assert_int_equal(file_offset(f, cases[i].line, cases[i].column), cases[i].want);
	}
	arena_free(mem);
}

/* Every character of a long line, so that all strides of the character index are crossed. */
static void test_both_directions_agree_on_long_lines(void **state)
{
	static const struct str pieces[] = { S("a"), S("\xc3\xa9"), S("\xe2\x82\xac"),
					     S("\xf0\x9f\x98\x80"), S("\n") };
	struct arena *mem = arena_new();
	static char text[9000];
	uint32_t n = 0, line = 0, column = 0;
	const struct file *f;

	(void)state;
	for (uint32_t i = 0; n + 4 < sizeof text; i++) {
		struct str piece = pieces[i % 2003 == 2002 ? 4 : i * i % 7 % 4];

		memcpy(text + n, piece.p, piece.n);
		n += piece.n;
	}
	f = file_of(mem, (struct str){ text, n });
	for (uint32_t at = 0; at < n; at++) {
		if (((unsigned char)text[at] & 0xc0) == 0x80)
			continue;
		assert_int_equal(file_position(f, at).line, line + 1);
		assert_int_equal(file_position(f, at).column, column + 1);
		assert_int_equal(file_offset(f, line, column), at);
		column = text[at] == '\n' ? 0 : column + 1;
		line += text[at] == '\n';
	}
	assert_true(line >= 1);
	arena_free(mem);
}

/* Texts that end on a border of the character index. */
static void test_the_end_is_found_for_every_length(void **state)
{
	struct arena *mem = arena_new();
	static char text[1100];

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text, "\xc3\xa9", 2);
	for (uint32_t n = 2; n < sizeof text; n++) {
		const struct file *f = file_of(mem, (struct str){ text, n });

		assert_int_equal(file_position(f, n).column, n);
		assert_int_equal(file_offset(f, 0, n - 1), n);
		assert_int_equal(file_offset(f, 0, n + 5), n);
		assert_int_equal(file_offset(f, 0, n - 2), n == 2 ? 0 : n - 1);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_count_from_one_in_the_order_of_adding),
		cmocka_unit_test(test_lines_are_given_without_their_ends),
		cmocka_unit_test(test_positions_count_characters),
		cmocka_unit_test(test_marks_of_libyaml_become_bytes),
		cmocka_unit_test(test_both_directions_agree_on_long_lines),
		cmocka_unit_test(test_the_end_is_found_for_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
