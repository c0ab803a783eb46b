/* Addresses of remotes: which are shown how, and which count from where. */
#include "base/base.h"

#include "git/remote.h"
#include "support/fixture.h"

static void test_addresses_are_shown_without_who_and_password(void **state)
{
	static const char *const cases[][2] = {
		{ "https://git.example.com/a.git", "https://git.example.com/a.git" },
		{ "https://bot:se@cret@git.example.com/a@b.git",
		  "https://git.example.com/a@b.git" },
		{ "https://token@git.example.com", "https://git.example.com" },
		{ "git@example.com:a.git", "git@example.com:a.git" },
		{ "/srv/a@b.git", "/srv/a@b.git" },
		{ "fatal: cannot read 'https://bot:secret@h/x': no",
		  "fatal: cannot read 'https://h/x': no" },
		{ "", "" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(str_z(mem, address_shown(mem, str_of(cases[i][0]))),
				    cases[i][1]);
	arena_free(mem);
}

static void test_paths_from_somewhere_are_told_from_addresses(void **state)
{
	(void)state;
	assert_true(is_absolute_address(S("https://h/x")));
	assert_true(is_absolute_address(S("git@h:x")));
	assert_true(is_absolute_address(S("/srv/x")));
	assert_false(is_absolute_address(S("../x.git")));
	assert_false(is_absolute_address(S("x.git")));
	assert_false(is_absolute_address(S("./a:b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_are_shown_without_who_and_password),
		cmocka_unit_test(test_paths_from_somewhere_are_told_from_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
