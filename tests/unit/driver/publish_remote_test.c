/*
 * Publishing from and to other repositories: clones, remotes, locks, signatures, and what they must not make us run.
 */
#include "base/base.h"

#include "publishing.h"

static void test_a_remote_gets_branch_and_note(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "git init -q --bare .git/o.git && git remote add origin $PWD/.git/o.git");
	g.request.push = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "! git rev-parse -q --verify environments/prod");
	repo_sh(&g.repo,
		"git -C .git/o.git notes --ref=hydrator.metadata show environments/prod | grep "
		"-q $(git rev-parse HEAD)");
	repo_git(&g.repo, "-C .git/o.git fsck --strict --no-dangling 2>&1 | (! grep -v ^notice)");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_SAME);
	repo_sh(&g.repo,
		"git -C .git/o.git notes --ref=hydrator.metadata show environments/prod | grep "
		"-q $(git rev-parse HEAD)");
	teardown(&g);
}

static void test_a_shallow_clone_publishes(void **state)
{
	struct ground g, clone;

	(void)state;
	setup(&g);
	repo_commit(&g.repo);
	repo_sh(&g.repo, "git clone -q --bare . .git/o.git && git clone -q --depth 1 "
			 "file://$PWD/.git/o.git clone");
	clone = g;
	snprintf(clone.repo.disk.path + strlen(clone.repo.disk.path),
		 sizeof clone.repo.disk.path - strlen(clone.repo.disk.path), "/clone");
	clone.request.push = true;
	assert_outcome(&clone, "HEAD", PUBLISH_NEW);
	end(&clone);
	repo_sh(&g.repo, "git -C .git/o.git rev-parse -q --verify environments/prod >/dev/null");
	teardown(&g);
}

static void test_addresses_that_run_programs_are_refused(void **state)
{
	static const char *const addresses[] = { "ext::touch ran", "--upload-pack=touch ran",
						 "fd::17", "http://example.invalid/x" };

	(void)state;
	for (size_t i = 0; i < countof(addresses); i++) {
		struct ground g;
		char fleet[512];

		snprintf(fleet, sizeof fleet,
			 FLEET("  targets: [{name: prod, branch: environments/prod, repository: "
			       "'%s'}]\n"),
			 addresses[i]);
		setup_with(&g, fleet);
		g.request.push = true;
		assert_refused(&g, CODE_remote_refused);
		assert_int_not_equal(faccessat(g.repo.disk.fd, "ran", F_OK, 0), 0);
		teardown(&g);
	}
}

/* A repository that somebody has committed would bring its hooks along. */
static void test_a_repository_that_was_committed_is_not_published_to(void **state)
{
	static const char *const addresses[] = {
		"store.git",
		"./store",
		"store/",
		"mesh/../store.git/",
		"link",
		"pointer",
		"file://$PWD/store.git",
		"file://host$PWD/store",
		"$PWD/store",
		"file://$PWD/%73tore.git",
	};

	(void)state;
	for (size_t i = 0; i < countof(addresses); i++) {
		struct ground g;
		char script[1024];

		setup(&g);
		repo_sh(&g.repo,
			"git init -q --bare store.git && printf '#!/bin/sh\ntouch %s/ran\n' "
			"$PWD >store.git/hooks/pre-receive && "
			"chmod +x store.git/hooks/pre-receive && "
			"touch store.git/refs/heads/x.lock store.git/objects/pack/x && "
			"ln -s store.git link && echo \"gitdir: $PWD/store.git\" >pointer");
		snprintf(script, sizeof script,
			 "cat >meshc.yaml <<E\n" FLEET(
				 "  targets: [{name: prod, branch: environments/prod, "
				 "repository: '%s'}]\nE"),
			 addresses[i]);
		repo_sh(&g.repo, script);
		repo_commit(&g.repo);
		g.request.push = true;
		assert_refused(&g, CODE_remote_refused);
		assert_int_not_equal(faccessat(g.repo.disk.fd, "ran", F_OK, 0), 0);
		teardown(&g);
	}
}

/* One that only lies there is somebody's own. */
static void test_a_repository_that_lies_in_the_folder_is_published_to(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "git init -q --bare store.git && git remote add origin ./store.git");
	g.request.push = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_nothing_of_the_clone_runs_when_it_is_pushed_from(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo,
		"git init -q --bare .git/o.git && git remote add origin $PWD/.git/o.git && "
		"mkdir .git/h && for h in pre-push reference-transaction post-checkout; do printf "
		"'#!/bin/sh\\ntouch %s/ran\\n' $PWD > .git/h/$h; chmod +x .git/h/$h; cp .git/h/$h "
		".git/hooks/; done; git config core.hooksPath $PWD/.git/h; git config "
		"remote.origin.receivepack \"touch $PWD/ran; git-receive-pack\"; git config "
		"remote.origin.uploadpack \"touch $PWD/ran; git-upload-pack\"; git config "
		"core.sshCommand "
		"\"touch $PWD/ran\"; git config credential.helper \"!touch $PWD/ran\"; git config "
		"core.fsmonitor \"touch $PWD/ran\"; rm -f ran");
	g.request.push = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_int_not_equal(faccessat(g.repo.disk.fd, "ran", F_OK, 0), 0);
	teardown(&g);
}

static void test_a_locked_ref_is_tried_again_and_then_given_up(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "mkdir -p .git/refs/heads/environments && touch "
			 ".git/refs/heads/environments/prod.lock");
	assert_refused(&g, CODE_moved_again);
	assert_true(g.published.tries > 1);
	assert_non_null(strstr(g.run.diags.all.at[0]->help.p,
			       "refs/heads/environments/prod.lock` is there"));
	repo_sh(&g.repo, "rm .git/refs/heads/environments/prod.lock");
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_a_signature_is_one_that_git_believes(void **state)
{
	struct ground g;
	char key[128];

	(void)state;
	setup(&g);
	repo_sh(&g.repo,
		"ssh-keygen -q -t ed25519 -N '' -f .git/key && echo \"meshc@localhost $(cat "
		".git/key.pub)\" > .git/allowed");
	snprintf(key, sizeof key, "%s/.git/key", g.repo.disk.path);
	g.request.key = key;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_git(&g.repo,
		 "-c gpg.ssh.allowedSignersFile=.git/allowed verify-commit environments/prod "
		 "2>/dev/null");
	g.request.key = "/nonexistent";
	write_policy(&g, "9", "c1, c2");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_cannot_sign);
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_remote_gets_branch_and_note),
		cmocka_unit_test(test_a_shallow_clone_publishes),
		cmocka_unit_test(test_addresses_that_run_programs_are_refused),
		cmocka_unit_test(test_a_repository_that_was_committed_is_not_published_to),
		cmocka_unit_test(test_a_repository_that_lies_in_the_folder_is_published_to),
		cmocka_unit_test(test_nothing_of_the_clone_runs_when_it_is_pushed_from),
		cmocka_unit_test(test_a_locked_ref_is_tried_again_and_then_given_up),
		cmocka_unit_test(test_a_signature_is_one_that_git_believes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
