/*
 * Publishing: what ends on the branch, and when nothing is compiled. The other side is the real git.
 */
#include "base/base.h"

#include "publishing.h"

static void test_a_branch_holds_what_build_writes_and_where_it_came_from(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_string_equal(g.published.ref.p, "refs/heads/environments/prod");
	assert_int_equal(g.published.changes.changes.objects_new, 2);
	repo_sh(&g.repo,
		"git ls-tree -r --name-only environments/prod > .git/have && printf '%s\\n' "
		".gitattributes clusters/c1/MESHC.index "
		"clusters/c1/shop/virtualservice.networking.istio.io.api.yaml "
		"clusters/c2/MESHC.index "
		"clusters/c2/shop/virtualservice.networking.istio.io.api.yaml "
		"hydrator.metadata | cmp - .git/have");
	repo_sh(&g.repo, "git show environments/prod:hydrator.metadata | grep -q "
			 "\"\\\"drySha\\\":.*$(git rev-parse HEAD)\"");
	repo_sh(&g.repo, "test \"$(git notes --ref=hydrator.metadata show environments/prod)\" = "
			 "\"{\\\"drySha\\\":\\\"$(git rev-parse HEAD)\\\"}\"");
	repo_sh(&g.repo,
		"test \"$(git log -1 --format='%an %cn %at %ct "
		"%(trailers:key=Meshc-Version,valueonly,separator=x)' environments/prod)\" = "
		"'t meshc 1767323045 1767323045 1.2.3'");
	repo_git(&g.repo, "fsck --strict --no-dangling 2>&1 | (! grep .)");
	teardown(&g);
}

static void test_unchanged_output_makes_no_commit_and_advances_the_note(void **state)
{
	struct ground g;
	struct object_id first;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	first = g.published.commit;
	g.request.recompile = true;
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	assert_string_equal(g.published.commit.hex, first.hex);
	repo_sh(&g.repo, "git notes --ref=hydrator.metadata show environments/prod | grep -q $(git "
			 "rev-parse HEAD)");
	repo_sh(&g.repo, "git rev-parse refs/notes/hydrator.metadata > .git/before");
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	repo_sh(&g.repo, "git rev-parse refs/notes/hydrator.metadata | cmp - .git/before");
	teardown(&g);
}

static void assert_same(struct ground *g, bool compiled)
{
	assert_outcome(g, "HEAD", PUBLISH_SAME);
	assert_int_equal(g->published.compiled, compiled);
	assert_int_equal(g->run.diags.all.n, 0);
	repo_sh(&g->repo,
		"git notes --ref=hydrator.metadata show environments/prod | grep -q $(git "
		"rev-parse HEAD)");
}

static void test_what_the_branch_holds_is_not_compiled_again(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_true(g.published.compiled);
	assert_same(&g, false);
	repo_write(&g.repo, "docs/a.yaml", "a: 1\n");
	repo_commit(&g.repo);
	assert_same(&g, false);
	g.request.recompile = true;
	assert_same(&g, true);
	g.request.recompile = false;
	g.request.version = "1.2.4";
	assert_same(&g, true);
	g.request.version = "1.2.3";
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

/* A wave that changes nothing moves the note on: that says nothing of another wave. */
static void test_what_one_wave_holds_is_no_word_on_another(void **state)
{
	struct ground g;

	(void)state;
	setup_waves(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	g.request.wave = "rest";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "4", "c1");
	repo_commit(&g.repo);
	g.request.removals = true; /* c2 loses its only one */
	g.request.wave = NULL;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	g.request.wave = "rest";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "5", "c1");
	repo_commit(&g.repo);
	g.request.wave = NULL;
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	g.request.wave = "rest";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	assert_false(g.published.compiled);
	teardown(&g);
}

/* By hand, on top of ours or in its place with our message: both are put right. */
static void test_what_was_made_by_hand_is_compiled_again(void **state)
{
	static const char *const ways[] = { "commit -qa -m by-hand",
					    "commit -qa --amend --no-edit" };
	struct ground g;

	(void)state;
	for (uint32_t i = 0; i < countof(ways); i++) {
		setup(&g);
		assert_outcome(&g, "HEAD", PUBLISH_NEW);
		repo_sh(&g.repo, "git checkout -q environments/prod && echo x >> "
				 "clusters/c1/shop/virtualservice.networking.istio.io.api.yaml");
		repo_git(&g.repo, ways[i]);
		repo_git(&g.repo, "checkout -q main");
		assert_outcome(&g, "HEAD", PUBLISH_NEW);
		assert_int_equal(g.published.changes.changes.objects_changed, 1);
		teardown(&g);
	}
}

static void test_a_note_that_a_dead_run_did_not_write_is_made_up_for(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "git rev-parse refs/notes/hydrator.metadata > .git/before && "
			 "git update-ref -d refs/notes/hydrator.metadata");
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	repo_sh(&g.repo, "git rev-parse refs/notes/hydrator.metadata | cmp - .git/before");
	teardown(&g);
}

static void test_files_of_others_on_the_branch_are_kept(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo,
		"git worktree add -q .git/w environments/prod && cd .git/w && mkdir -p ci && "
		"echo x > ci/run.yaml && echo y > clusters/c1/own.yaml && git add -A && git "
		"commit -qm theirs && cd ../.. && git worktree remove --force .git/w");
	write_policy(&g, "4", "c1");
	repo_commit(&g.repo);
	g.request.removals = true; /* c2 loses its only one */
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo,
		"test \"$(git show environments/prod:ci/run.yaml)\" = x && test \"$(git show "
		"environments/prod:clusters/c1/own.yaml)\" = y");
	repo_sh(&g.repo, "! git cat-file -e environments/prod:clusters/c2/shop 2>/dev/null");
	teardown(&g);
}

static void test_a_file_in_the_way_is_refused(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo,
		"git checkout -q --orphan environments/prod && git rm -rfq . && mkdir -p "
		"clusters/c1/shop && echo x > "
		"clusters/c1/shop/virtualservice.networking.istio.io.api.yaml && git add -A && "
		"git commit -qm theirs && git checkout -q main");
	assert_refused(&g, CODE_not_owned);
	teardown(&g);
}

static void test_a_folder_of_the_branch_of_the_sources(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET("  targets: [{name: here}]\n"));
	repo_sh(&g.repo,
		"git clone -q --bare . .git/bare.git && git remote add origin .git/bare.git");
	g.request.push = true;
	assert_outcome(&g, "main", PUBLISH_NEW);
	repo_sh(&g.repo, "test \"$(git -C .git/bare.git rev-parse main~1)\" = \"$(git rev-parse "
			 "main)\"");
	repo_sh(&g.repo,
		"git -C .git/bare.git cat-file -e main:rendered/clusters/c1/MESHC.index && git "
		"-C .git/bare.git cat-file -e main:mesh/api.yaml");
	repo_sh(&g.repo, "git fetch -q && git reset -q --hard origin/main");
	assert_outcome(&g, "main", PUBLISH_SAME);
	teardown(&g);
}

static void test_a_branch_that_is_checked_out_is_not_moved(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET("  targets: [{name: here, remote: ''}]\n"));
	assert_refused(&g, CODE_branch_checked_out);
	repo_git(&g.repo, "checkout -q --detach");
	assert_outcome(&g, "main", PUBLISH_NEW);
	teardown(&g);
}

static void test_what_is_no_branch_is_not_published_to(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET("  targets: [{name: here}]\n"));
	repo_git(&g.repo, "checkout -q --detach");
	assert_refused(&g, CODE_no_branch);
	teardown(&g);
	setup_with(&g, FLEET("  targets: [{name: prod, branch: 'a..b'}]\n"));
	assert_refused(&g, CODE_no_branch);
	teardown(&g);
}

static void test_a_dry_run_writes_nothing(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "find .git/objects -type f | sort > .git/before");
	g.request.dry_run = true;
	assert_outcome(&g, "HEAD", PUBLISH_WOULD);
	repo_sh(&g.repo,
		"find .git/objects -type f | sort | cmp - .git/before && ! git rev-parse -q "
		"--verify environments/prod");
	teardown(&g);
}

static void test_a_branch_that_was_deleted_is_made_again(void **state)
{
	struct ground g;
	struct object_id first;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	first = g.published.commit;
	repo_git(&g.repo, "branch -q -D environments/prod");
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_string_equal(g.published.commit.hex, first.hex);
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_branch_holds_what_build_writes_and_where_it_came_from),
		cmocka_unit_test(test_unchanged_output_makes_no_commit_and_advances_the_note),
		cmocka_unit_test(test_what_the_branch_holds_is_not_compiled_again),
		cmocka_unit_test(test_what_one_wave_holds_is_no_word_on_another),
		cmocka_unit_test(test_what_was_made_by_hand_is_compiled_again),
		cmocka_unit_test(test_a_note_that_a_dead_run_did_not_write_is_made_up_for),
		cmocka_unit_test(test_files_of_others_on_the_branch_are_kept),
		cmocka_unit_test(test_a_file_in_the_way_is_refused),
		cmocka_unit_test(test_a_folder_of_the_branch_of_the_sources),
		cmocka_unit_test(test_a_branch_that_is_checked_out_is_not_moved),
		cmocka_unit_test(test_what_is_no_branch_is_not_published_to),
		cmocka_unit_test(test_a_dry_run_writes_nothing),
		cmocka_unit_test(test_a_branch_that_was_deleted_is_made_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
