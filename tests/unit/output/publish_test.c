/* The old tree or the new one, whatever fails in between; what is not ours stays. */
#include "base/base.h"
#include "output/output.h"

#include <errno.h>
#include <sys/wait.h>

#include "fault/plan.h"
#include "making.h"

#define A_ONE                                                                                      \
	{                                                                                          \
		"c1", "a", "one", "1"                                                              \
	}
#define A_TWO                                                                                      \
	{                                                                                          \
		"c1", "a", "two", "2"                                                              \
	}
#define B_ONE                                                                                      \
	{                                                                                          \
		"c2", "b", "one", "1"                                                              \
	}
#define AN_APPLIER                                                                                 \
	{                                                                                          \
		"@argocd", "argocd", "app", "1"                                                    \
	}

static uint64_t inode_of(struct place *p, const char *path)
{
	char full[600];
	struct stat st;

	snprintf(full, sizeof full, "%s/%s", p->out, path);
	assert_int_equal(lstat(full, &st), 0);
	return st.st_ino;
}

static void assert_no_rubbish(struct place *p)
{
	assert_false(sees(p, "meshc-new"));
	assert_false(sees(p, "meshc-old"));
}

static void test_the_folder_holds_exactly_the_files(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE, { "c3", NULL, NULL, NULL }));
	assert_string_equal(
		see(&p),
		".gitattributes = # Written by meshc. Without this line meshc leaves the file "
		"alone.\n"
		"clusters/** linguist-generated=true text eol=lf\n\n"
		"clusters/\n"
		"clusters/c1/\n"
		"clusters/c1/MESHC.index = "
		"# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\n"
		"a/"
		"virtualservice.networking.istio.io.one.yaml\tVirtualService.networking.istio."
		"io\ta/one\t"
		"ba1252f172fff884f5ee054fb7ac37a076215f6f\t-\n\n"
		"clusters/c1/a/\n"
		"clusters/c1/a/virtualservice.networking.istio.io.one.yaml = kind: "
		"VirtualService\nvalue: \"1\"\n\n"
		"clusters/c3/\n"
		"clusters/c3/MESHC.index = "
		"# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\n\n");
	place_close(&p);
}

static void test_a_second_build_writes_nothing(void **state)
{
	struct place p;
	struct changes c;
	uint64_t before;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	before = inode_of(&p, "clusters");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(inode_of(&p, "clusters"), before);
	assert_int_equal(c.objects_new + c.objects_changed + c.objects_removed, 0);
	place_close(&p);
}

static void test_what_is_not_ours_keeps_bytes_mode_and_place(void **state)
{
	struct place p;
	struct changes c;
	char path[600];
	struct stat st;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, "README.md", "mine");
	put_text(&p, "clusters/notes", "mine");
	put_text(&p, "clusters/c1/a/run.sh", "mine");
	put_folder(&p, "clusters/c1/empty");
	put_folder(&p, "clusters/other");
	put_text(&p, "clusters/other/x.yaml", "mine");
	snprintf(path, sizeof path, "%s/clusters/c1/a/run.sh", p.out);
	assert_int_equal(chmod(path, 0750), 0);
	snprintf(path, sizeof path, "%s/clusters/c1/link", p.out);
	assert_int_equal(symlink("/nowhere", path), 0);
	snprintf(path, sizeof path, "%s/clusters/other", p.out);
	assert_int_equal(chmod(path, 0555), 0);
	assert_true(MAKE(&p, &c, A_TWO));
	assert_true(sees(&p, "\nREADME.md = mine\n"));
	assert_true(sees(&p, "clusters/notes = mine\n"));
	assert_true(sees(&p, "clusters/c1/a/run.sh = mine\n"));
	assert_true(sees(&p, "clusters/c1/empty/\n"));
	assert_true(sees(&p, "clusters/other/x.yaml = mine\n"));
	assert_true(sees(&p, "clusters/c1/link is special\n"));
	assert_false(sees(&p, "one.yaml ="));
	snprintf(path, sizeof path, "%s/clusters/c1/a/run.sh", p.out);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	snprintf(path, sizeof path, "%s/clusters/other", p.out);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0555);
	assert_no_rubbish(&p);
	place_close(&p);
}

static void test_folders_that_hold_nothing_any_more_go(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE, { "c1", "z", "one", "1" }, B_ONE));
	assert_true(MAKE(&p, &c, A_ONE));
	assert_false(sees(&p, "clusters/c1/z"));
	assert_false(sees(&p, "clusters/c2"));
	assert_int_equal(c.objects_removed, 2);
	place_close(&p);
}

static void test_rubbish_of_a_run_that_died_goes(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_folder(&p, ".clusters.meshc-new");
	put_text(&p, ".clusters.meshc-new/half", "x");
	put_text(&p, ".gitattributes.meshc-new", "x");
	put_folder(&p, ".appliers.meshc-new");
	put_folder(&p, ".appliers.meshc-old");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_no_rubbish(&p);
	place_close(&p);
}

/* A file system without an exchange of names: the process died between its two renames. */
static void test_a_tree_left_aside_is_found_and_put_back(void **state)
{
	struct place p;
	struct changes c;
	char live[600], aside[600];
	const char *before;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	before = see(&p);
	snprintf(live, sizeof live, "%s/clusters", p.out);
	snprintf(aside, sizeof aside, "%s/.clusters.meshc-old", p.out);
	assert_int_equal(rename(live, aside), 0);
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(c.objects_new, 0);
	assert_string_equal(see(&p), before);
	place_close(&p);
}

static void test_appliers_come_and_go_beside_the_clusters(void **state)
{
	struct place p;
	struct changes c;
	const char *before;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	before = see(&p);
	assert_true(MAKE(&p, &c, A_ONE, AN_APPLIER));
	assert_true(MAKE(&p, &c, A_ONE));
	assert_string_equal(see(&p), before);
	put_folder(&p, "appliers");
	put_folder(&p, "appliers/argocd");
	put_text(&p, "appliers/argocd/notes", "theirs");
	assert_true(MAKE(&p, &c, A_ONE, AN_APPLIER));
	assert_int_equal(c.objects_new, 0);
	assert_true(sees(&p, "appliers/argocd/MESHC.index = "));
	assert_true(sees(&p, "appliers/argocd/virtualservice.networking.istio.io.app.yaml = "));
	assert_true(sees(&p, "appliers/** linguist-generated"));
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(c.objects_removed, 0);
	assert_true(sees(&p, "appliers/argocd/notes = theirs"));
	assert_false(sees(&p, "appliers/argocd/MESHC.index"));
	assert_true(MAKE(&p, &c, A_ONE, { "@flux", "flux", "app", "1" }));
	assert_true(sees(&p, "appliers/flux/"));
	assert_true(sees(&p, strstr(before, "\nclusters/\n")));
	place_close(&p);
}

static void test_two_runs_do_not_meet(void **state)
{
	struct place p;
	struct changes c;
	struct folder other;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	assert_true(folder_open(&p.f.diags, str_of(p.out), &other));
	assert_true(write_lock(&p.f.diags, &other));
	assert_false(MAKE(&p, &c, A_TWO));
	assert_non_null(strstr(fixture_text(&p.f), "another run is writing there"));
	folder_close(&other);
	assert_true(MAKE(&p, &c, A_TWO));
	place_close(&p);
}

static void test_the_folder_is_made_with_those_above_it(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	snprintf(p.out, sizeof p.out, "%s/a/b/out/", p.root);
	assert_true(MAKE(&p, &c, A_ONE));
	p.out[strlen(p.out) - 1] = '\0';
	assert_true(sees(&p, "clusters/c1/"));
	place_close(&p);
}

static void test_a_folder_that_may_not_be_written_to_is_reported(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	if (!geteuid())
		skip();
	place_open(&p);
	assert_int_equal(mkdir(p.out, 0555), 0);
	assert_false(MAKE(&p, &c, A_ONE));
	assert_true(fixture_has(&p.f, CODE_cannot_write));
	assert_int_equal(chmod(p.out, 0755), 0);
	place_close(&p);
}

#define NEXT A_ONE, { "c1", "a", "two", "changed" }, { "c1", "b", "new", "1" }, B_ONE, AN_APPLIER

/* In a process of its own, since running out of memory ends it: 0 done, 1 refused with a finding, 6 no memory. */
static int run_with_fault(struct place *p, uint64_t nth)
{
	pid_t child = fork();
	int status;

	if (!child) {
		const struct making rows[] = { NEXT };
		struct fileset files;
		struct fixture f;
		struct changes c;
		bool done;

		fixture_setup(&f);
		p->f = f;
		p->pass =
			(struct output_pass){ .mem = f.mem, .diags = &p->f.diags, .pool = f.pool };
		files = make_files(p, rows, countof(rows));
		refuse(CLASS_IO | CLASS_MEMORY, EIO, nth);
		done = output_settle(&p->pass, p->out, &files, &c) &&
		       output_publish(&p->pass, p->out, &files, &c);
		if (!refuse_end() && done)
			_exit(42);
		_exit(done ? 0 : p->f.diags.errors ? 1 : 99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The end of a tree of files, from the clusters on. */
static const char *clusters_of(const char *tree)
{
	return strstr(tree, "\nclusters/\n");
}

static bool is_same_before(const char *end, const char *now, const char *other_end,
			   const char *other)
{
	return end - now == other_end - other && !memcmp(now, other, (size_t)(end - now));
}

/* The clusters as a whole, and the appliers as a whole: who dies in between leaves one of each. */
static bool is_old_or_new(const char *now, const char *old, const char *new)
{
	const char *rest = clusters_of(now), *old_rest = clusters_of(old),
		   *new_rest = clusters_of(new);

	return (!strcmp(rest, old_rest) || !strcmp(rest, new_rest)) &&
	       (is_same_before(rest, now, old_rest, old) ||
		is_same_before(rest, now, new_rest, new));
}

/* Without the names that only a dead process leaves; repaired by the next run. */
static const char *visible(struct place *p)
{
	const char *text;
	char path[600];

	snprintf(path, sizeof path, "%s/clusters", p->out);
	if (access(path, F_OK) != 0)
		return "";
	text = see(p);
	return strstr(text, "\nappliers/\n") ? strstr(text, "\nappliers/\n") : clusters_of(text);
}

static const char *tree_of(struct place *p, bool next)
{
	struct changes c;

	if (next)
		assert_true(MAKE(p, &c, NEXT));
	else
		assert_true(MAKE(p, &c, A_ONE, A_TWO));
	return visible(p);
}

static void test_every_failure_leaves_the_old_tree_or_the_new(void **state)
{
	struct place p;
	const char *old, *new;

	(void)state;
	place_open(&p);
	new = tree_of(&p, true);
	old = tree_of(&p, false);
	for (uint64_t nth = 1;; nth++) {
		int code = run_with_fault(&p, nth);
		const char *now = visible(&p);

		if (code == 42)
			break;
		if (code != 0 && code != 1 && code != 6)
			fail_msg("fault %" PRIu64 ": exit %d", nth, code);
		if (code == 6 ? !is_old_or_new(now, old, new) : strcmp(now, code ? old : new) != 0)
			fail_msg("fault %" PRIu64 ", exit %d, left %s", nth, code, now);
		if (code != 1)
			tree_of(&p, false);
		assert_no_rubbish(&p);
	}
	place_close(&p);
}

static void test_a_full_disk_is_said_and_the_old_tree_stands(void **state)
{
	struct place p;
	struct changes c;
	const char *old;

	(void)state;
	place_open(&p);
	old = tree_of(&p, false);
	refuse(CLASS_WRITE, ENOSPC, 1);
	assert_false(MAKE(&p, &c, NEXT));
	assert_true(refuse_end());
	assert_true(fixture_has(&p.f, CODE_cannot_write));
	assert_non_null(strstr(fixture_text(&p.f), "No space left on device"));
	assert_string_equal(visible(&p), old);
	assert_no_rubbish(&p);
	place_close(&p);
}

static void test_a_failed_first_build_leaves_nothing(void **state)
{
	struct place p;

	(void)state;
	place_open(&p);
	for (uint64_t nth = 1;; nth++) {
		int code = run_with_fault(&p, nth);
		struct folder root;

		if (code == 42)
			break;
		if (code == 1 && strcmp(see(&p), "") != 0)
			fail_msg("fault %" PRIu64 " left %s", nth, see(&p));
		assert_true(code == 0 || code == 1 || code == 6);
		assert_true(folder_open(&p.f.diags, str_of(p.root), &root));
		assert_true(write_drop(&p.f.diags, &root, S("out")));
		folder_close(&root);
	}
	place_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_folder_holds_exactly_the_files),
		cmocka_unit_test(test_a_second_build_writes_nothing),
		cmocka_unit_test(test_what_is_not_ours_keeps_bytes_mode_and_place),
		cmocka_unit_test(test_folders_that_hold_nothing_any_more_go),
		cmocka_unit_test(test_rubbish_of_a_run_that_died_goes),
		cmocka_unit_test(test_a_tree_left_aside_is_found_and_put_back),
		cmocka_unit_test(test_appliers_come_and_go_beside_the_clusters),
		cmocka_unit_test(test_two_runs_do_not_meet),
		cmocka_unit_test(test_the_folder_is_made_with_those_above_it),
		cmocka_unit_test(test_a_folder_that_may_not_be_written_to_is_reported),
		cmocka_unit_test(test_every_failure_leaves_the_old_tree_or_the_new),
		cmocka_unit_test(test_a_full_disk_is_said_and_the_old_tree_stands),
		cmocka_unit_test(test_a_failed_first_build_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
