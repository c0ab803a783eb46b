/*
 * Trees made from trees: what is named changes, all else keeps its id, and the real
 * git finds every object, few or many.
 */
#include "base/base.h"

#include <errno.h>

#include "fault/plan.h"
#include "git/commit.h"
#include "git/tree.h"
#include "support/repo.h"

struct ground {
	struct repo repo;
	struct arena *mem;
	struct diags diags;
	struct repository repository;
	struct commit_tree tree;
	struct object_id commit, made;
};

static void setup(struct ground *g)
{
	struct str folder;

	*g = (struct ground){ 0 };
	repo_setup(&g->repo);
	repo_write(&g->repo, "a/keep", "1");
	repo_write(&g->repo, "a/go", "2");
	repo_write(&g->repo, "b/only", "3");
	repo_commit(&g->repo);
	g->mem = arena_new();
	g->diags = diags_new(g->mem);
	assert_true(repository_open(g->mem, &g->diags, g->repo.disk.path, &g->repository));
	assert_true(repository_commit(g->mem, &g->diags, &g->repository, S("HEAD"), &g->commit,
				      &folder));
}

static void teardown(struct ground *g)
{
	commit_tree_close(&g->tree);
	repository_close(&g->repository);
	arena_free(g->mem);
	repo_teardown(&g->repo);
}

static void open_tree(struct ground *g, const char *below)
{
	assert_true(
		commit_tree_open(&g->diags, &g->repository, &g->commit, str_of(below), &g->tree));
}

/* The names of all files of the new tree are these lines. */
static void assert_tree(struct ground *g, const char *lines)
{
	static char script[2048];

	snprintf(script, sizeof script,
		 "git ls-tree -r --name-only %s > .git/have && printf '%s' | cmp - .git/have",
		 g->made.hex, lines);
	repo_sh(&g->repo, script);
}

static void test_files_are_added_replaced_and_removed(void **state)
{
	struct ground g;
	struct tree_edits edits = { 0 };

	(void)state;
	setup(&g);
	open_tree(&g, "");
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("a/go"), .bytes = { 0 } }));
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("a/new/deep"), .bytes = S("4") }));
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("b/only"), .bytes = { 0 } }));
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("c"), .bytes = S("") }));
	assert_true(commit_tree_edit(g.mem, &g.diags, &g.tree, &edits, &g.made));
	assert_tree(&g, "a/keep\\na/new/deep\\nc\\n");
	teardown(&g);
}

static void test_paths_count_from_a_folder(void **state)
{
	struct ground g;
	struct tree_edits edits = { 0 };
	struct object_id id;
	enum entry_kind kind;
	struct str text;

	(void)state;
	setup(&g);
	open_tree(&g, "a");
	assert_true(commit_tree_look(g.mem, &g.diags, &g.tree, S("keep"), &kind, &id));
	assert_int_equal(kind, ENTRY_FILE);
	assert_true(commit_tree_look(g.mem, &g.diags, &g.tree, S("b"), &kind, &id));
	assert_int_equal(kind, ENTRY_NONE);
	assert_true(commit_tree_read(g.mem, &g.diags, &g.tree, S("go"), 10, &text));
	assert_true(str_eq(text, S("2")));
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("go"), .bytes = S("5") }));
	assert_true(commit_tree_edit(g.mem, &g.diags, &g.tree, &edits, &g.made));
	assert_tree(&g, "a/go\\na/keep\\nb/only\\n");
	teardown(&g);
}

static void test_a_first_tree_is_made_from_none(void **state)
{
	struct ground g;
	struct tree_edits edits = { 0 };

	(void)state;
	setup(&g);
	assert_true(commit_tree_open(&g.diags, &g.repository, NULL, S("x"), &g.tree));
	vec_add(g.mem, &edits, ((struct tree_edit){ .path = S("y"), .bytes = S("1") }));
	assert_true(commit_tree_edit(g.mem, &g.diags, &g.tree, &edits, &g.made));
	assert_tree(&g, "x/y\\n");
	teardown(&g);
}

static void test_files_are_listed_by_path_with_their_ids(void **state)
{
	struct ground g;
	struct listed_files files;

	(void)state;
	setup(&g);
	disk_link(&g.repo.disk, "a/link", "keep");
	repo_write(&g.repo, "a/go-on/x", "5");
	repo_commit(&g.repo);
	assert_true(repository_commit(g.mem, &g.diags, &g.repository, S("HEAD"), &g.commit,
				      &(struct str){ 0 }));
	open_tree(&g, "");
	assert_true(commit_tree_files(g.mem, &g.diags, &g.tree, S("a"), &files));
	assert_int_equal(files.n, 4);
	assert_string_equal(files.at[0].path.p, "go");
	assert_string_equal(files.at[1].path.p, "go-on/x");
	assert_int_equal(files.at[3].id.hex[0], 0); /* the link */
	assert_non_null(listed_find(&files, S("keep")));
	assert_null(listed_find(&files, S("go-on")));
	assert_true(listed_below(&files, S("go-on")));
	assert_false(listed_below(&files, S("go")));
	teardown(&g);
}

static void add_many(struct ground *g, uint32_t n, uint64_t salt, struct tree_edits *edits)
{
	for (uint32_t i = 0; i < n; i++) {
		struct str path = str_format(g->mem, "many/%" PRIu32 "/%04" PRIu32, i % 7, i);
		struct str text = str_format(g->mem, "%.*s %" PRIu64, STR(path), salt);

		vec_add(g->mem, edits, ((struct tree_edit){ .path = path, .bytes = text }));
	}
}

/* Whatever call fails while a pack is made, it is said, and the repository is sound. Looks are as many as files, so
 * they are left out, and of the rest the first are tried more often than the last. */
static void test_every_refusal_of_a_pack_is_said(void **state)
{
	struct ground g;
	bool fired = true;

	(void)state;
	setup(&g);
	open_tree(&g, "");
	for (uint64_t nth = 1; fired; nth += 1 + nth / 4) {
		struct tree_edits edits = { 0 };
		struct arena_mark mark = arena_mark(g.mem);
		struct diags before = g.diags;
		bool done;

		add_many(&g, 2001, nth, &edits);
		refuse(CLASS_IO & ~(uint32_t)CLASS_LOOK, EIO, nth);
		done = commit_tree_edit(g.mem, &g.diags, &g.tree, &edits, &g.made);
		fired = refuse_end();
		assert_true(done || (fired && g.diags.errors > before.errors));
		g.diags = before;
		arena_rewind(g.mem, mark);
	}
	repo_git(&g.repo, "fsck --strict --no-dangling");
	teardown(&g);
}

/* So many that they go into a pack; what is written afterwards has to reach the disk as well. */
static void test_many_files_reach_the_disk(void **state)
{
	enum { MANY = 3000 };
	struct ground g;
	struct tree_edits edits = { 0 };
	struct new_commit commit = { .author = { .name = S("a"), .email = S("e") },
				     .committer = { .name = S("a"), .email = S("e") },
				     .message = S("many\n") };
	struct object_id id;
	static char script[512];

	(void)state;
	setup(&g);
	open_tree(&g, "");
	add_many(&g, MANY, 0, &edits);
	assert_true(commit_tree_edit(g.mem, &g.diags, &g.tree, &edits, &g.made));
	commit.tree = g.made;
	commit.parent = g.commit;
	if (!commit_write(g.mem, &g.diags, &g.repository, commit_text(g.mem, &commit),
			  (struct str){ 0 }, &id))
		fail_msg("%s", finding_message(g.mem, g.diags.all.at[0]).p);
	snprintf(script, sizeof script,
		 "test $(git ls-tree -r %s | wc -l) = 3003 && git branch many %s && git fsck "
		 "--strict "
		 "--no-dangling && test $(find .git/objects -type f | wc -l) -lt 100",
		 id.hex, id.hex);
	repo_sh(&g.repo, script);
	teardown(&g);
}

static void test_a_tree_that_holds_others_without_end_is_not_listed(void **state)
{
	struct ground g;
	struct listed_files files;
	struct str folder;

	(void)state;
	setup(&g);
	repo_write(&g.repo, "meshc.yaml", "a: 1\n");
	repo_commit(&g.repo);
	repo_bomb(&g.repo, "a.yaml");
	assert_true(
		repository_commit(g.mem, &g.diags, &g.repository, S("bomb"), &g.commit, &folder));
	open_tree(&g, "");
	assert_false(commit_tree_files(g.mem, &g.diags, &g.tree, S("mesh"), &files));
	assert_int_equal(g.diags.all.n, 1);
	assert_int_equal(g.diags.all.at[0]->code, CODE_cannot_read);
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_are_added_replaced_and_removed),
		cmocka_unit_test(test_paths_count_from_a_folder),
		cmocka_unit_test(test_a_first_tree_is_made_from_none),
		cmocka_unit_test(test_files_are_listed_by_path_with_their_ids),
		cmocka_unit_test(test_many_files_reach_the_disk),
		cmocka_unit_test(test_a_tree_that_holds_others_without_end_is_not_listed),
		cmocka_unit_test(test_every_refusal_of_a_pack_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
