/* A repository to begin with: all of it or nothing, and never over anything. */
#include "support/disk.h"
#include "support/fixture.h"

#include <errno.h>

#include "fault/plan.h"
#include "cli/command.h"
#include "cli/scaffold.h"

struct trial {
	struct fixture f;
	struct disk disk;
	const char *out, *err;
};

static void setup(struct trial *t)
{
	fixture_setup(&t->f);
	disk_setup(&t->disk);
}

static void teardown(struct trial *t)
{
	disk_teardown(&t->disk);
	fixture_teardown(&t->f);
}

static uint64_t stopped_clock(void)
{
	return 0;
}

static enum exit_code init(struct trial *t, const char *below)
{
	struct invocation in = { .mem = t->f.mem, .clock = stopped_clock };
	const char *arguments[] = { "init", str_format(t->f.mem, "%s%s", t->disk.path, below).p };
	enum exit_code exit = command_run(&in, arguments, countof(arguments));

	t->out = str_z(t->f.mem, buf_view(&in.out));
	t->err = str_z(t->f.mem, buf_view(&in.err));
	return exit;
}

static bool has(const struct trial *t, const char *path)
{
	return !faccessat(t->disk.fd, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

static void test_init_writes_every_file_and_meshc_yaml_last(void **state)
{
	struct trial t;

	(void)state;
	setup(&t);
	assert_int_equal(init(&t, "/a/b//"), EXIT_CLEAN);
	for (uint32_t i = 0; i < n_scaffold; i++)
		assert_true(has(&t, str_format(t.f.mem, "a/b/%.*s", STR(scaffold[i].path)).p));
	assert_true(str_eq(scaffold[n_scaffold - 1].path, S("meshc.yaml")));
	assert_non_null(strstr(t.out, "/a/b/inventory/east/cluster.yaml\n"));
	assert_non_null(strstr(t.out, "/a/b build\n"));
	assert_string_equal(t.err, "");
	teardown(&t);
}

struct taken_case {
	const char *path, *says;
};

static const struct taken_case taken[] = {
	{ "meshc.yaml", "/meshc.yaml` exists" },
	{ "mesh/mine.yaml", "/mesh` exists" },
	{ "inventory", "/inventory` exists" },
};

static void test_init_refuses_a_name_that_is_taken_and_writes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(taken); i++) {
		struct trial t;
		uint32_t n = 0;

		setup(&t);
		disk_write(&t.disk, taken[i].path, "mine\n");
		assert_int_equal(init(&t, ""), EXIT_GUARD);
		assert_string_equal(t.out, "");
		assert_non_null(strstr(t.err, taken[i].says));
		n += has(&t, "meshc.yaml");
		n += has(&t, "mesh");
		n += has(&t, "inventory");
		assert_int_equal(n, 1);
		assert_true(has(&t, taken[i].path));
		assert_false(has(&t, "mesh/cart.yaml"));
		teardown(&t);
	}
}

static void test_init_follows_no_link(void **state)
{
	struct trial t;

	(void)state;
	setup(&t);
	disk_write(&t.disk, "elsewhere/a", "");
	disk_link(&t.disk, "link", "elsewhere");
	disk_link(&t.disk, "mesh", "elsewhere");
	assert_int_equal(init(&t, "/link"), EXIT_NO_RESULT);
	assert_non_null(strstr(t.err, "MSH0902"));
	assert_int_equal(init(&t, ""), EXIT_GUARD);
	assert_false(has(&t, "meshc.yaml"));
	teardown(&t);
}

static void test_init_refuses_a_place_within_a_repository(void **state)
{
	struct trial t;

	(void)state;
	setup(&t);
	disk_write(&t.disk, "meshc.yaml", "");
	assert_int_equal(init(&t, "/mesh/new"), EXIT_USAGE);
	assert_non_null(strstr(t.err, "is in a repository already"));
	assert_false(has(&t, "mesh"));
	teardown(&t);
}

static void test_init_says_why_it_cannot_write(void **state)
{
	struct trial t;

	(void)state;
	setup(&t);
	disk_write(&t.disk, "file", "");
	assert_int_not_equal(init(&t, "/file"), EXIT_CLEAN);
	assert_int_not_equal(init(&t, "/file/below"), EXIT_CLEAN);
	assert_non_null(strstr(t.err, "MSH09"));
	teardown(&t);
}

static void test_init_leaves_nothing_when_the_world_refuses(void **state)
{
	struct trial t;
	bool fired = true;

	(void)state;
	for (uint64_t nth = 1; fired; nth++) {
		enum exit_code exit;

		setup(&t);
		refuse(CLASS_WRITE | CLASS_NAME | CLASS_SYNC | CLASS_CLOSE, EIO, nth);
		exit = init(&t, "/new");
		fired = refuse_end();
		if (fired && exit != EXIT_CLEAN)
			assert_non_null(strstr(t.err, "MSH0904"));
		if (exit == EXIT_CLEAN ? !has(&t, "new/meshc.yaml") : has(&t, "new"))
			fail_msg("fault %d: exit %d: %s", (int)nth, exit, t.err);
		assert_true(fired || nth > n_scaffold);
		teardown(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init_writes_every_file_and_meshc_yaml_last),
		cmocka_unit_test(test_init_refuses_a_name_that_is_taken_and_writes_nothing),
		cmocka_unit_test(test_init_follows_no_link),
		cmocka_unit_test(test_init_refuses_a_place_within_a_repository),
		cmocka_unit_test(test_init_says_why_it_cannot_write),
		cmocka_unit_test(test_init_leaves_nothing_when_the_world_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
