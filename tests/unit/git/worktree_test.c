/*
 * Reading a folder that may be hostile: only plain files below the root, each
 * refusal reported, nothing hangs.
 */
#include "base/base.h"

#include "git/worktree.h"
#include "support/disk.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fault/plan.h"
#include "base/limit.h"

struct ground {
	struct disk disk;
	struct arena *mem;
	struct diags diags;
	struct worktree tree;
	struct tree_listing listing;
};

static void setup(struct ground *g)
{
	*g = (struct ground){ 0 };
	disk_setup(&g->disk);
	disk_write(&g->disk, "meshc.yaml", "kind: Fleet\n");
	g->mem = arena_new();
	g->diags = diags_new(g->mem);
	assert_true(worktree_open(g->mem, &g->diags, g->disk.path, &g->tree));
}

static void teardown(struct ground *g)
{
	worktree_close(&g->tree);
	arena_free(g->mem);
	disk_teardown(&g->disk);
}

static bool read_folder(struct ground *g, const char *folder)
{
	return worktree_read(g->mem, &g->diags, &g->tree, str_of(folder), 1024, &g->listing);
}

static bool was_reported(const struct ground *g, enum code code)
{
	for (uint32_t i = 0; i < g->diags.all.n; i++)
		if (g->diags.all.at[i]->code == code)
			return true;
	return false;
}

static void assert_refused(struct ground *g, const char *folder, enum code code)
{
	assert_false(read_folder(g, folder));
	if (!was_reported(g, code))
		fail_msg("%s: no %s among %u findings", folder, diag_row(code)->slug,
			 g->diags.all.n);
}

static void test_files_are_listed_by_the_bytes_of_their_paths(void **state)
{
	static const char *const want[] = { "mesh/B.yaml", "mesh/a-b/x.yml", "mesh/a.json",
					    "mesh/a/x.yaml" };
	struct ground g;

	(void)state;
	setup(&g);
	for (uint32_t i = countof(want); i > 0; i--)
		disk_write(&g.disk, want[i - 1], want[i - 1]);
	disk_write(&g.disk, "mesh/README.md", "not read");
	disk_write(&g.disk, "mesh/.hidden.yaml", "not read");
	disk_write(&g.disk, "mesh/.git/x.yaml", "not read");
	assert_true(read_folder(&g, "mesh"));
	assert_int_equal(g.listing.all.n, countof(want));
	for (uint32_t i = 0; i < countof(want); i++) {
		assert_true(str_eq(g.listing.all.at[i].path, str_of(want[i])));
		assert_true(str_eq(g.listing.all.at[i].text, str_of(want[i])));
	}
	teardown(&g);
}

static void test_a_folder_can_be_one_file(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "all.yaml", "x");
	assert_true(read_folder(&g, "all.yaml"));
	assert_int_equal(g.listing.all.n, 1);
	teardown(&g);
}

static void test_what_is_not_there_is_nothing(void **state)
{
	struct ground g;
	struct str text;

	(void)state;
	setup(&g);
	assert_true(read_folder(&g, "nope"));
	assert_true(read_folder(&g, "meshc.yaml/x"));
	assert_int_equal(g.listing.all.n, 0);
	assert_true(worktree_read_file(g.mem, &g.diags, &g.tree, S("nope.yaml"), 10, &text));
	assert_null(text.p);
	assert_int_equal(g.diags.all.n, 0);
	teardown(&g);
}

static void test_the_folder_to_skip_is_not_even_opened(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml", "a");
	disk_link(&g.disk, "mesh/out/evil.yaml", "/etc/passwd");
	g.tree.skip = S("mesh/out");
	assert_true(read_folder(&g, "mesh"));
	assert_int_equal(g.listing.all.n, 1);
	teardown(&g);
}

static void test_links_are_refused_wherever_they_lead(void **state)
{
	static const struct {
		const char *path, *target, *folder;
	} links[] = {
		{ "a/evil.yaml", "/etc/passwd", "a" },
		{ "b/evil.yaml", "../../../etc/passwd", "b" },
		{ "c/evil.yaml", "../meshc.yaml", "c" },
		{ "d/sub", "/etc", "d" },
		{ "e/loop", ".", "e" },
		{ "f", "/etc", "f" },
		{ "g", "a", "g/deeper" },
		{ "h/dangling.yaml", "nowhere", "h" },
	};

	(void)state;
	for (uint32_t i = 0; i < countof(links); i++) {
		struct ground g;

		setup(&g);
		disk_link(&g.disk, links[i].path, links[i].target);
		assert_refused(&g, links[i].folder, CODE_link);
		assert_int_equal(g.listing.all.n, 0);
		teardown(&g);
	}
}

static void test_paths_outside_of_the_root_are_refused(void **state)
{
	static const char *const paths[] = { "..", "../x", "a/../../x", "/etc", "", "a//b" };

	(void)state;
	for (uint32_t i = 0; i < countof(paths); i++) {
		struct ground g;

		setup(&g);
		disk_write(&g.disk, "a/x.yaml", "x");
		assert_refused(&g, paths[i], CODE_cannot_read);
		teardown(&g);
	}
}

static void test_a_pipe_does_not_hang_the_reader(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	mkdirat(g.disk.fd, "mesh", 0755);
	assert_int_equal(mkfifoat(g.disk.fd, "mesh/pipe.yaml", 0644), 0);
	assert_refused(&g, "mesh", CODE_cannot_read);
	teardown(&g);
}

static void test_a_socket_is_refused(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ground g;
	int fd;

	(void)state;
	setup(&g);
	mkdirat(g.disk.fd, "mesh", 0755);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/mesh/s.yaml", g.disk.path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	close(fd);
	assert_refused(&g, "mesh", CODE_cannot_read);
	teardown(&g);
}

static void test_a_folder_named_like_a_file_is_entered(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/dir.yaml/a.yaml", "x");
	assert_true(read_folder(&g, "mesh"));
	assert_int_equal(g.listing.all.n, 1);
	teardown(&g);
}

static void test_a_file_may_be_as_large_as_the_limit_and_no_larger(void **state)
{
	static char bytes[1025];
	struct ground g;

	(void)state;
	memset(bytes, '#', sizeof bytes);
	setup(&g);
	disk_write_bytes(&g.disk, "mesh/a.yaml", bytes, 1024);
	assert_true(read_folder(&g, "mesh"));
	assert_int_equal(g.listing.all.at[0].text.n, 1024);
	disk_write_bytes(&g.disk, "mesh/b.yaml", bytes, 1025);
	assert_refused(&g, "mesh", CODE_file_too_large);
	teardown(&g);
}

static void test_a_file_that_only_claims_to_be_huge_costs_nothing(void **state)
{
	struct ground g;
	int fd;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml", "x");
	fd = openat(g.disk.fd, "mesh/a.yaml", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	assert_refused(&g, "mesh", CODE_file_too_large);
	assert_true(arena_bytes(g.mem) < 1 << 20);
	teardown(&g);
}

static void test_files_together_may_not_exceed_the_total(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml", "x");
	vec_add(g.mem, &g.listing.all, ((struct tree_file){ S("big"), { "", UINT32_MAX } }));
	assert_refused(&g, "mesh", CODE_total_too_large);
	teardown(&g);
}

static void test_there_may_not_be_more_files_than_the_limit(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml", "x");
	for (uint32_t i = 0; i < LIMIT_FILES; i++)
		vec_add(g.mem, &g.listing.all, ((struct tree_file){ S("a"), S("") }));
	assert_refused(&g, "mesh", CODE_too_many_files);
	assert_int_equal(g.listing.all.n, LIMIT_FILES);
	teardown(&g);
}

static void test_pointers_of_git_lfs_are_refused(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml",
		   "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
	assert_refused(&g, "mesh", CODE_lfs_pointer);
	teardown(&g);
}

static void test_submodules_are_refused(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/sub/.git", "gitdir: ../../.git/modules/sub\n");
	disk_write(&g.disk, "mesh/sub/a.yaml", "x");
	assert_refused(&g, "mesh", CODE_link);
	assert_int_equal(g.listing.all.n, 0);
	teardown(&g);
}

/* Root reads everything, so it steps back for as long as the reading takes. */
static bool step_back(const struct ground *g)
{
	assert_int_equal(fchmod(g->disk.fd, 0755), 0);
	return geteuid() != 0 || seteuid(65534) == 0;
}

static void test_an_unreadable_file_is_said_and_the_others_are_read(void **state)
{
	uid_t before = geteuid();
	struct ground g;
	bool sound;

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/a.yaml", "x");
	disk_write(&g.disk, "mesh/b.yaml", "x");
	assert_int_equal(fchmodat(g.disk.fd, "mesh/a.yaml", 0, 0), 0);
	if (!step_back(&g)) {
		teardown(&g);
		skip();
	}
	sound = read_folder(&g, "mesh");
	assert_int_equal(seteuid(before), 0);
	assert_false(sound);
	assert_true(was_reported(&g, CODE_cannot_read));
	assert_int_equal(g.listing.all.n, 1);
	teardown(&g);
}

static void test_every_refusal_of_the_world_is_said(void **state)
{
	struct ground g;

	(void)state;
	for (uint64_t nth = 1;; nth++) {
		bool sound, fired;

		setup(&g);
		disk_write(&g.disk, "mesh/a/a.yaml", "x");
		disk_write(&g.disk, "mesh/b.yaml", "x");
		refuse(CLASS_READ | CLASS_OPEN | CLASS_LOOK, EIO, nth);
		sound = read_folder(&g, "mesh");
		fired = refuse_end();
		if (fired) {
			assert_false(sound);
			assert_true(g.diags.errors > 0);
		}
		teardown(&g);
		if (!fired)
			return;
	}
}

static void test_folders_nested_too_deep_are_refused(void **state)
{
	char path[2 * LIMIT_DEPTH + 40] = "m";
	struct ground g;

	(void)state;
	for (uint32_t i = 0; i <= LIMIT_DEPTH; i++)
		memcpy(path + strlen(path), "/d", 3);
	memcpy(path + strlen(path), "/a.yaml", 8);
	setup(&g);
	disk_write(&g.disk, path, "x");
	assert_refused(&g, "m", CODE_cannot_read);
	teardown(&g);
}

static void test_the_root_is_found_from_below(void **state)
{
	struct ground g;
	struct worktree found;
	char below[128];

	(void)state;
	setup(&g);
	disk_write(&g.disk, "mesh/deep/a.yaml", "x");
	snprintf(below, sizeof below, "%s/mesh/deep", g.disk.path);
	assert_true(worktree_open(g.mem, &g.diags, below, &found));
	assert_int_equal(fstatat(found.fd, "meshc.yaml", &(struct stat){ 0 }, 0), 0);
	worktree_close(&found);
	teardown(&g);
}

static void test_the_search_for_the_root_stops_at_a_repository(void **state)
{
	struct ground g;
	struct worktree found;
	char below[128];

	(void)state;
	setup(&g);
	disk_write(&g.disk, "inner/.git/HEAD", "x");
	disk_write(&g.disk, "inner/deep/a.yaml", "x");
	snprintf(below, sizeof below, "%s/inner/deep", g.disk.path);
	assert_false(worktree_open(g.mem, &g.diags, below, &found));
	assert_true(was_reported(&g, CODE_no_fleet));
	teardown(&g);
}

static void test_a_start_that_is_not_there_is_said(void **state)
{
	struct ground g;
	struct worktree found;

	(void)state;
	setup(&g);
	assert_false(worktree_open(g.mem, &g.diags, "/nonexistent/x", &found));
	assert_true(was_reported(&g, CODE_cannot_read));
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_are_listed_by_the_bytes_of_their_paths),
		cmocka_unit_test(test_a_folder_can_be_one_file),
		cmocka_unit_test(test_what_is_not_there_is_nothing),
		cmocka_unit_test(test_the_folder_to_skip_is_not_even_opened),
		cmocka_unit_test(test_links_are_refused_wherever_they_lead),
		cmocka_unit_test(test_paths_outside_of_the_root_are_refused),
		cmocka_unit_test(test_a_pipe_does_not_hang_the_reader),
		cmocka_unit_test(test_a_socket_is_refused),
		cmocka_unit_test(test_a_folder_named_like_a_file_is_entered),
		cmocka_unit_test(test_a_file_may_be_as_large_as_the_limit_and_no_larger),
		cmocka_unit_test(test_a_file_that_only_claims_to_be_huge_costs_nothing),
		cmocka_unit_test(test_files_together_may_not_exceed_the_total),
		cmocka_unit_test(test_there_may_not_be_more_files_than_the_limit),
		cmocka_unit_test(test_pointers_of_git_lfs_are_refused),
		cmocka_unit_test(test_submodules_are_refused),
		cmocka_unit_test(test_an_unreadable_file_is_said_and_the_others_are_read),
		cmocka_unit_test(test_every_refusal_of_the_world_is_said),
		cmocka_unit_test(test_folders_nested_too_deep_are_refused),
		cmocka_unit_test(test_the_root_is_found_from_below),
		cmocka_unit_test(test_the_search_for_the_root_stops_at_a_repository),
		cmocka_unit_test(test_a_start_that_is_not_there_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
