/* Columns for people. */
#include "support/fixture.h"

#include "report/table.h"

static void test_table_aligns_by_characters_and_leaves_no_space_at_line_ends(void **state)
{
	static const char *const headings[] = { "name", "n", "note" };
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	struct table t = table_new(f.mem, headings, 3);
	struct buf out = buf_new(f.mem, 0);

	table_text(&t, S("caf\xc3\xa9s"));
	table_number(&t, 12345);
	table_text(&t, S(""));
	table_text(&t, S("b"));
	table_number(&t, 7);
	table_text(&t, S("x"));
	table_write(&t, &out);
	assert_string_equal(str_z(f.mem, buf_view(&out)), "name       n  note\n"
							  "caf\xc3\xa9s  12345\n"
							  "b          7  x\n");
	fixture_teardown(&f);
}

static void test_table_escapes_what_came_from_the_repository(void **state)
{
	static const char *const headings[] = { "name" };
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	struct table t = table_new(f.mem, headings, 1);
	struct buf out = buf_new(f.mem, 0);

	table_text(&t, S("a\x1b[2Jb"));
	table_write(&t, &out);
	assert_null(memchr(out.p, 0x1b, out.n));
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_aligns_by_characters_and_leaves_no_space_at_line_ends),
		cmocka_unit_test(test_table_escapes_what_came_from_the_repository),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
