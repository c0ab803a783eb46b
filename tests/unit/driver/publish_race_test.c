/*
 * Publishing beside others: who wins a race.
 */
#include "base/base.h"

#include "publishing.h"

#include <sys/wait.h>

/* ---- Races ---- */

/* Sanitizers make it ten times slower and see the same code. */
#ifdef __SANITIZE_ADDRESS__
enum { RACES = 5, RACERS = 2 };
#else
enum { RACES = 100, RACERS = 2 };
#endif

/* The racers publish one source each, all at once. */
static void race(struct ground *g, const char *const revs[RACERS])
{
	pid_t racers[RACERS];

	for (int i = 0; i < RACERS; i++) {
		racers[i] = fork();
		assert_true(racers[i] >= 0);
		if (!racers[i])
			_exit(publish_rev(g, revs[i]) == PUBLISH_FAILED);
	}
	for (int i = 0; i < RACERS; i++) {
		int status;

		assert_int_equal(waitpid(racers[i], &status, 0), racers[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

static void test_racers_with_one_source_make_one_commit(void **state)
{
	static const char *const revs[RACERS] = { "HEAD", "HEAD" };
	struct ground g;

	(void)state;
	setup(&g);
	for (int i = 0; i < RACES; i++) {
		repo_sh(&g.repo,
			"git update-ref -d refs/heads/environments/prod; git update-ref -d "
			"refs/notes/hydrator.metadata");
		race(&g, revs);
		repo_sh(&g.repo,
			"test $(git rev-list --count environments/prod) = 1 && git notes "
			"--ref=hydrator.metadata show environments/prod | grep -q $(git rev-parse "
			"HEAD)");
	}
	teardown(&g);
}

static void test_racers_with_several_sources_end_at_the_youngest(void **state)
{
	static const char *const revs[RACERS] = { "HEAD~1", "HEAD" };
	struct ground g;

	(void)state;
	setup(&g);
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	write_policy(&g, "5", "c1, c2");
	repo_commit(&g.repo);
	for (int i = 0; i < RACES; i++) {
		repo_sh(&g.repo,
			"git update-ref -d refs/heads/environments/prod; git update-ref -d "
			"refs/notes/hydrator.metadata");
		race(&g, revs);
		repo_sh(&g.repo,
			"git show environments/prod:clusters/c1/shop/virtualservice.networking."
			"istio.io.api.yaml | grep -q 'timeout: .*5s'");
	}
	repo_git(&g.repo, "fsck --strict --no-dangling 2>&1 | (! grep .)");
	teardown(&g);
}

static void test_racers_push_to_one_remote(void **state)
{
	static const char *const revs[RACERS] = { "HEAD~1", "HEAD" };
	struct ground g;

	(void)state;
	setup(&g);
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git init -q --bare .git/o.git && git remote add origin $PWD/.git/o.git");
	g.request.push = true;
	for (int i = 0; i < RACES / 5; i++) {
		race(&g, revs);
		repo_sh(&g.repo,
			"cd .git/o.git && git show "
			"environments/prod:clusters/c1/shop/virtualservice."
			"networking.istio.io.api.yaml | grep -q 'timeout: .*4s' && git notes "
			"--ref=hydrator.metadata show environments/prod | grep -q $(git -C ../.. "
			"rev-parse "
			"HEAD) && git update-ref -d refs/heads/environments/prod && git update-ref "
			"-d "
			"refs/notes/hydrator.metadata");
	}
	repo_git(&g.repo, "-C .git/o.git fsck --strict --no-dangling 2>&1 | (! grep -v ^notice)");
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_racers_with_one_source_make_one_commit),
		cmocka_unit_test(test_racers_with_several_sources_end_at_the_youngest),
		cmocka_unit_test(test_racers_push_to_one_remote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
