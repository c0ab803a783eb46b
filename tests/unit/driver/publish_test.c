/*
 * Publishing: what ends on the branch, what is refused, and who wins a race. The
 * other side is the real git.
 */
#include "base/base.h"

#include "publishing.h"

#include <sys/wait.h>

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

static void test_a_target_is_one_of_the_fleet(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	g.request.target = "nope";
	assert_refused(&g, CODE_unknown_target);
	teardown(&g);
	setup_with(&g, FLEET("  targets: [{name: a, branch: a}, {name: b, branch: b}]\n"));
	assert_refused(&g, CODE_unknown_target);
	g.request.target = "b";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "git rev-parse -q --verify b >/dev/null && ! git rev-parse -q --verify a");
	teardown(&g);
}

static void test_a_target_has_only_its_clusters(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET("  targets: [{name: prod, branch: environments/prod, clusters: [c2], "
			     "directory: out}]\n"));
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "git cat-file -e environments/prod:out/clusters/c2/MESHC.index && ! git "
			 "cat-file -e environments/prod:out/clusters/c1 2>/dev/null");
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

static void test_an_older_source_never_replaces_a_younger_one(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_outcome(&g, "HEAD~1", PUBLISH_SUPERSEDED);
	repo_sh(&g.repo,
		"git show environments/prod:clusters/c1/shop/virtualservice.networking.istio."
		"io.api.yaml | grep -q 'timeout: .*4s'");
	teardown(&g);
}

static void test_another_line_of_history_needs_a_word(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "4", "c1, c2");
	repo_sh(&g.repo, "git add -A && git commit -q --amend -m other");
	assert_refused(&g, CODE_rewind);
	g.request.rewind = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_much_that_is_removed_needs_a_word(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET(PROD "  guards: {maxRemovedObjects: 0, maxRemovedPercent: 40}\n"));
	repo_sh(&g.repo, "sed 's/\\bapi\\b/web/g; s/, c2//' mesh/api.yaml > mesh/web.yaml");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "rm mesh/web.yaml");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_too_many_removed);
	g.request.removals = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
	setup_with(&g, FLEET(PROD "  guards: {maxRemovedObjects: 0, maxRemovedPercent: 50}\n"));
	repo_sh(&g.repo, "sed 's/\\bapi\\b/web/g; s/, c2//' mesh/api.yaml > mesh/web.yaml");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "rm mesh/web.yaml");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_a_cluster_is_emptied_with_a_word_only(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "3", "c1");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_cluster_emptied);
	g.request.removals = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_a_cluster_that_is_gone_is_decommissioned(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "3", "c1");
	repo_sh(&g.repo, "git rm -rqf inventory/c2");
	repo_commit(&g.repo);
	g.request.removals = true; /* not enough */
	assert_refused(&g, CODE_cluster_gone);
	g.request.removals = false;
	repo_write(&g.repo, "meshc.yaml", FLEET(PROD "  decommission: [c2]\n"));
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "! git cat-file -e environments/prod:clusters/c2 2>/dev/null");
	teardown(&g);
}

static void test_many_clusters_that_lose_objects_need_a_word(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET(PROD));
	repo_sh(&g.repo,
		"for i in 3 4 5 6 7; do cp -r inventory/c2 inventory/c$i; sed -i "
		"\"s/\\bc2\\b/c$i/g\" inventory/c$i/*; done; sed 's/\\bapi\\b/web/g; "
		"s/clusters.*]}/"
		"clusters: [c1]}/' mesh/api.yaml > mesh/web.yaml; sed -i 's/clusters: .*]}/"
		"clusters: [c1, c2, c3, c4, c5, c6, c7]}/' mesh/api.yaml; sed "
		"'s/requestTimeout: 3s/mtls: {istio: {tlsMode: ISTIO_MUTUAL}}/; s/name: api/"
		"name: tls/' mesh/api.yaml > mesh/tls.yaml");
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "rm mesh/tls.yaml");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_too_many_clusters);
	g.request.removals = true;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

static void test_protected_kinds_change_when_they_are_named(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g, FLEET(PROD
			     "  guards: {protectedKinds: [VirtualService.networking.istio.io]}\n"));
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_protected_kind);
	g.request.confirmed = S("X.y,VirtualService.networking.istio.io");
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	teardown(&g);
}

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

/* ---- Parts ---- */

static void assert_published(struct ground *g, const char *folder, bool there)
{
	char script[256];

	snprintf(script, sizeof script,
		 "%s git cat-file -e environments/prod:clusters/%s/MESHC.index 2>/dev/null",
		 there ? "" : "!", folder);
	repo_sh(&g->repo, script);
}

static void test_waves_follow_one_another(void **state)
{
	struct ground g;

	(void)state;
	setup_waves(&g);
	g.request.wave = "rest";
	assert_refused(&g, CODE_wave_held);
	g.request.wave = NULL;
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_published(&g, "c2", true);
	assert_published(&g, "c1", false);
	g.request.wave = "rest";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_published(&g, "c1", true);
	assert_published(&g, "c2", true);
	/* The next change starts with the canary again, and leaves the rest as it is. */
	write_policy(&g, "4", "c1, c2");
	repo_commit(&g.repo);
	assert_refused(&g, CODE_wave_held);
	g.request.wave = "canary";
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo,
		"p=clusters/c%s/shop/virtualservice.networking.istio.io.api.yaml; for c in 1:3 "
		"2:4; do git show environments/prod:$(printf $p ${c%:*}) | grep -q "
		"\"timeout: .*${c#*:}s\" || exit 1; done");
	teardown(&g);
}

static void test_a_wave_is_one_of_the_fleet(void **state)
{
	struct ground g;

	(void)state;
	setup_waves(&g);
	g.request.wave = "nope";
	assert_refused(&g, CODE_unknown_wave);
	teardown(&g);
}

static void test_shards_publish_disjoint_folders(void **state)
{
	struct ground g;

	(void)state;
	setup(&g);
	repo_sh(&g.repo, "for i in 3 4 5 6; do cp -r inventory/c2 inventory/c$i; sed -i "
			 "\"s/\\bc2\\b/c$i/g\" inventory/c$i/*; done; sed -i 's/clusters: .*]}/"
			 "clusters: [c1, c2, c3, c4, c5, c6]}/' mesh/api.yaml");
	repo_commit(&g.repo);
	for (uint32_t i = 3; i > 0; i--) {
		g.shard = (struct shard){ i, 3 };
		publish_rev(&g, "HEAD");
		assert_int_not_equal(g.published.outcome, PUBLISH_FAILED);
	}
	repo_sh(&g.repo, "git rev-parse environments/prod^{tree} > .git/sharded; git update-ref -d "
			 "refs/heads/environments/prod; git update-ref -d "
			 "refs/notes/hydrator.metadata");
	g.shard = (struct shard){ 0 };
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "git rev-parse environments/prod^{tree} | cmp - .git/sharded");
	teardown(&g);
}

static void test_appliers_are_published_and_go_as_clusters_do(void **state)
{
	struct ground g;

	(void)state;
	setup_with(&g,
		   FLEET(PROD
			 "  appliers: {repository: 'https://git.example.com/out', argocd: {}}\n"));
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	assert_int_equal(g.published.changes.changes.objects_new, 2);
	repo_git(&g.repo, "cat-file -e environments/prod:appliers/argocd/MESHC.index");
	repo_write(&g.repo, "meshc.yaml", FLEET(PROD));
	repo_commit(&g.repo);
	assert_outcome(&g, "HEAD", PUBLISH_NEW);
	repo_sh(&g.repo, "! git cat-file -e environments/prod:appliers 2>/dev/null");
	teardown(&g);
}

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
		cmocka_unit_test(test_a_target_is_one_of_the_fleet),
		cmocka_unit_test(test_a_target_has_only_its_clusters),
		cmocka_unit_test(test_a_dry_run_writes_nothing),
		cmocka_unit_test(test_an_older_source_never_replaces_a_younger_one),
		cmocka_unit_test(test_another_line_of_history_needs_a_word),
		cmocka_unit_test(test_much_that_is_removed_needs_a_word),
		cmocka_unit_test(test_a_cluster_is_emptied_with_a_word_only),
		cmocka_unit_test(test_a_cluster_that_is_gone_is_decommissioned),
		cmocka_unit_test(test_many_clusters_that_lose_objects_need_a_word),
		cmocka_unit_test(test_protected_kinds_change_when_they_are_named),
		cmocka_unit_test(test_a_remote_gets_branch_and_note),
		cmocka_unit_test(test_a_shallow_clone_publishes),
		cmocka_unit_test(test_addresses_that_run_programs_are_refused),
		cmocka_unit_test(test_a_repository_that_was_committed_is_not_published_to),
		cmocka_unit_test(test_a_repository_that_lies_in_the_folder_is_published_to),
		cmocka_unit_test(test_nothing_of_the_clone_runs_when_it_is_pushed_from),
		cmocka_unit_test(test_a_locked_ref_is_tried_again_and_then_given_up),
		cmocka_unit_test(test_a_signature_is_one_that_git_believes),
		cmocka_unit_test(test_waves_follow_one_another),
		cmocka_unit_test(test_a_wave_is_one_of_the_fleet),
		cmocka_unit_test(test_shards_publish_disjoint_folders),
		cmocka_unit_test(test_appliers_are_published_and_go_as_clusters_do),
		cmocka_unit_test(test_racers_with_one_source_make_one_commit),
		cmocka_unit_test(test_racers_with_several_sources_end_at_the_youngest),
		cmocka_unit_test(test_racers_push_to_one_remote),
		cmocka_unit_test(test_a_branch_that_was_deleted_is_made_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
