/* Whether one path leads into another, through links and past what is not there. */
#include "base/base.h"

#include "git/folder.h"
#include "support/disk.h"
#include "support/fixture.h"

static void test_paths_lead_where_the_file_system_says(void **state)
{
	static const struct {
		const char *folder, *path;
		bool inside;
	} cases[] = {
		{ "a", "a", true },
		{ "a", "a/b", true },
		{ "a/b", "a", false },
		{ "a", "ab", false },
		{ "a", "./a//b/", true },
		{ "a", "a/../ab", false },
		{ "a", "missing/../a/b", true },
		{ "a/missing", "a/missing/too", true },
		{ "a/missing", "a/missing2", false },
		{ "a", "link", true },
		{ "a", "link/missing", true },
		{ "link", "a/b", true },
		{ "a", "link/..", true },
		{ "a", "link/../..", false },
		{ "/", "a", true },
	};
	struct arena *mem = arena_new();
	struct disk d;

	(void)state;
	disk_setup(&d);
	disk_write(&d, "a/b/file", "");
	disk_write(&d, "ab/file", "");
	disk_link(&d, "link", "a/b");
	assert_int_equal(chdir(d.path), 0);
	for (size_t i = 0; i < countof(cases); i++)
		if (folder_contains(mem, cases[i].folder, cases[i].path) != cases[i].inside)
			fail_msg("%s in %s", cases[i].path, cases[i].folder);
	disk_teardown(&d);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_lead_where_the_file_system_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
