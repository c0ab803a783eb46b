/*
 * Characters to bytes: any walk, forth and back, ends where counting from the
 * start ends.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

#include "tree/local.h"

static const char *const texts[] = {
	"",
	"plain text of one byte each, longer than a word",
	"é",
	"aé€\xf0\x9f\x98\x80z",
	"eight by eight by eight by é eight by eight €€€ and so on and so on",
	"\xf0\x9f\x98\x80\xf0\x9f\x98\x80 éé",
};

static uint32_t byte_of(struct str text, uint32_t from, size_t index)
{
	uint32_t at = from, code;
	for (; index > 0 && at < text.n; index--)
		at += utf8_decode(text.p + at, text.n - at, &code);
	return at;
}

static size_t count_characters(struct str text, uint32_t from)
{
	size_t n = 0;
	uint32_t code;
	for (uint32_t at = from; at < text.n; n++)
		at += utf8_decode(text.p + at, text.n - at, &code);
	return n;
}

static void test_any_walk_gives_the_byte_of_the_character(void **state)
{
	(void)state;
	uint32_t seed = 1;
	for (size_t i = 0; i < countof(texts); i++) {
		struct reading in = read_text(texts[i]);
		struct str text = in.file->text;
		struct yaml_cursor cursor = yaml_cursor_new(in.file);
		for (uint32_t from = 0; from <= text.n; from = byte_of(text, from, 2) + 1) {
			while (from < text.n && ((unsigned char)text.p[from] & 0xc0) == 0x80)
				from++;
			yaml_cursor_jump(&cursor, from);
			size_t n = count_characters(text, from);
			for (int step = 0; step < 300; step++) {
				seed = seed * 1664525u + 1013904223u;
				size_t index = (seed >> 8) % (n + 1);
				if (yaml_cursor_move(&cursor, index) != byte_of(text, from, index))
					fail_msg("`%s` from %u: character %zu", texts[i], from,
						 index);
			}
		}
		reading_free(&in);
	}
}

static void test_a_walk_ends_with_the_text(void **state)
{
	(void)state;
	struct reading in = read_text("a: é");
	struct yaml_cursor cursor = yaml_cursor_new(in.file);
	assert_int_equal(yaml_cursor_move(&cursor, 1000), in.file->text.n);
	reading_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_walk_gives_the_byte_of_the_character),
		cmocka_unit_test(test_a_walk_ends_with_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
