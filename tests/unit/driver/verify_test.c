/*
 * Verifying: output that is what its source compiles to is proven so, and every
 * kind of edit is found.
 */
#include "base/base.h"

#include "driver/verify.h"
#include "publishing.h"

struct proof {
	struct ground g;
	struct verify_request request;
	struct verified verified;
};

static void setup_published(struct proof *p, const char *fleet)
{
	*p = (struct proof){ 0 };
	setup_with(&p->g, fleet);
	assert_outcome(&p->g, "HEAD", PUBLISH_NEW);
}

static bool verify_ref(struct proof *p, const char *ref)
{
	struct ground *g = &p->g;

	end(g);
	run_open(&g->run, (struct run_options){ .root = { .from = g->repo.disk.path }, .jobs = 1 });
	g->open = true;
	p->request.ref = ref;
	p->request.environment = (const char *const *)environ;
	return verify(&g->run, &p->request, &g->result, &p->verified);
}

static void assert_proven(struct proof *p, const char *ref)
{
	if (!verify_ref(p, ref) || p->g.run.diags.all.n)
		fail_msg("%s", p->g.run.diags.all.n
				       ? finding_message(p->g.run.mem, p->g.run.diags.all.at[0]).p
				       : "it cannot be told");
}

static void assert_found(struct proof *p, enum code code)
{
	verify_ref(p, "environments/prod");
	if (!was_reported(&p->g, code))
		fail_msg("no %s among %u findings", diag_row(code)->slug, p->g.run.diags.all.n);
	assert_int_equal(p->g.run.diags.all.n, 1);
}

/* Commits what the script does to the published branch. */
static void edit(struct proof *p, const char *script)
{
	static char whole[2048];

	snprintf(whole, sizeof whole,
		 "git worktree add -q .git/w environments/prod && cd .git/w && { %s; } && git add "
		 "-A && "
		 "git commit -q -m by-hand && cd ../.. && git worktree remove --force .git/w",
		 script);
	repo_sh(&p->g.repo, whole);
}

#define API "clusters/c1/shop/virtualservice.networking.istio.io.api.yaml"

static void test_what_was_published_is_proven(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	assert_proven(&p, "environments/prod");
	assert_string_equal(p.verified.source.hex, p.g.published.source.hex);
	assert_int_equal(p.verified.clusters, 2);
	assert_int_equal(p.verified.files, 4);
	assert_true(str_eq(p.verified.version, S("1.2.3")));
	assert_proven(&p, NULL);
	teardown(&p.g);
}

static void test_a_note_that_advanced_changes_nothing(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	repo_commit(&p.g.repo);
	assert_outcome(&p.g, "HEAD", PUBLISH_SAME);
	assert_proven(&p, "environments/prod");
	teardown(&p.g);
}

static void test_a_folder_of_a_branch_is_proven_as_well(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET("  targets: [{name: prod, branch: environments/prod, directory: "
				  "deep/er, clusters: [c2]}]\n"));
	assert_proven(&p, "environments/prod");
	assert_int_equal(p.verified.clusters, 1);
	teardown(&p.g);
}

static void test_a_file_that_was_edited_is_named_with_who_did(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	edit(&p, "sed -i s/3s/30s/ " API);
	edit(&p, "echo x > README");
	assert_found(&p, CODE_edited_by_hand);
	assert_string_equal(p.g.run.diags.all.at[0]->arguments[0].p, API);
	assert_int_equal(p.g.run.diags.all.at[0]->notes.n, 1);
	assert_non_null(strstr(p.g.run.diags.all.at[0]->notes.at[0].text.p, "by-hand"));
	teardown(&p.g);
}

static void test_a_file_that_is_missing_is_named(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	edit(&p, "rm " API);
	assert_found(&p, CODE_output_missing);
	teardown(&p.g);
}

static void test_a_file_that_would_be_applied_with_the_rest_is_named(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	edit(&p, "echo 'kind: Secret' > clusters/c1/shop/more.yaml");
	assert_found(&p, CODE_output_foreign);
	teardown(&p.g);
}

static void test_a_wrong_word_about_the_source_is_found(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	edit(&p, "sed -i s/change/another/ hydrator.metadata");
	assert_found(&p, CODE_bad_provenance);
	teardown(&p.g);
}

static void test_an_index_that_was_edited_is_found(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	edit(&p, "sed -i '2s/TrafficPolicy/AccessPolicy/' clusters/c1/MESHC.index");
	assert_found(&p, CODE_edited_by_hand);
	teardown(&p.g);
}

static void test_a_branch_without_commits_of_meshc_is_said_to_be_one(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	assert_false(verify_ref(&p, "main"));
	assert_true(was_reported(&p.g, CODE_not_published));
	teardown(&p.g);
}

/* A name of forty letters is no id: the branch may not choose what it is compared with. */
static void test_a_source_that_is_no_id_is_none(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	repo_git(&p.g.repo, "branch aaaabbbbccccddddeeeeffffgggghhhhiiiijjjj");
	edit(&p, "git commit -q --allow-empty -m x -m 'Meshc-Source-Commit: "
		 "aaaabbbbccccddddeeeeffffgggghhhhiiiijjjj' && touch README");
	assert_proven(&p, "environments/prod");
	assert_string_equal(p.verified.source.hex, p.g.published.source.hex);
	teardown(&p.g);
}

static void test_signatures_are_believed_of_those_who_may_sign(void **state)
{
	struct proof p = { 0 };
	char key[128], allowed[128], others[128];

	(void)state;
	setup_with(&p.g, FLEET(PROD));
	repo_sh(&p.g.repo,
		"for k in key other; do ssh-keygen -q -t ed25519 -N '' -f .git/$k && echo "
		"\"bot@example.com $(cat .git/$k.pub)\" > .git/$k.allowed; done");
	snprintf(key, sizeof key, "%s/.git/key", p.g.repo.disk.path);
	snprintf(allowed, sizeof allowed, "%s/.git/key.allowed", p.g.repo.disk.path);
	snprintf(others, sizeof others, "%s/.git/other.allowed", p.g.repo.disk.path);
	p.g.request.key = key;
	assert_outcome(&p.g, "HEAD", PUBLISH_NEW);
	p.request.signers = allowed;
	assert_proven(&p, "environments/prod");
	assert_true(str_eq(p.verified.signer, S("bot@example.com")));
	p.request.signers = others;
	assert_found(&p, CODE_bad_signature);
	p.request.signers = NULL;
	assert_proven(&p, "environments/prod");
	assert_true(p.verified.is_signed);
	teardown(&p.g);
}

static void test_what_is_unsigned_is_not_trusted_where_signers_are_given(void **state)
{
	struct proof p;

	(void)state;
	setup_published(&p, FLEET(PROD));
	p.request.signers = "/dev/null";
	assert_found(&p, CODE_bad_signature);
	teardown(&p.g);
}

static void test_a_wave_is_proven_and_those_after_it_are_left_alone(void **state)
{
	struct proof p = { 0 };

	(void)state;
	setup_waves(&p.g);
	assert_outcome(&p.g, "HEAD", PUBLISH_NEW);
	p.g.request.wave = "rest";
	assert_outcome(&p.g, "HEAD", PUBLISH_NEW);
	assert_proven(&p, "environments/prod");
	assert_int_equal(p.verified.clusters, 2);
	write_policy(&p.g, "4", "c1, c2");
	repo_commit(&p.g.repo);
	p.g.request.wave = "canary";
	assert_outcome(&p.g, "HEAD", PUBLISH_NEW);
	assert_proven(&p, "environments/prod");
	assert_int_equal(p.verified.clusters, 1);
	edit(&p, "sed -i s/4s/40s/ clusters/c2/shop/virtualservice.networking.istio.io.api.yaml");
	assert_found(&p, CODE_edited_by_hand);
	teardown(&p.g);
}

static void test_a_folder_of_the_branch_of_the_sources_is_proven(void **state)
{
	struct proof p = { 0 };

	(void)state;
	setup_with(&p.g, FLEET("  targets: [{name: here, remote: ''}]\n"));
	repo_git(&p.g.repo, "checkout -q --detach");
	assert_outcome(&p.g, "main", PUBLISH_NEW);
	repo_git(&p.g.repo, "checkout -q main");
	assert_proven(&p, NULL);
	teardown(&p.g);
}

/* ---- The index ---- */

static bool verify_index(struct proof *p)
{
	struct ground *g = &p->g;

	end(g);
	run_open(&g->run, (struct run_options){ .root = { .from = g->repo.disk.path }, .jobs = 1 });
	g->open = true;
	return verify_staged(&g->run, &g->result, &p->verified);
}

/* What `meshc build` writes, by way of a published branch. */
static void setup_rendered(struct proof *p)
{
	setup_published(p, FLEET(PROD));
	repo_sh(&p->g.repo,
		"mkdir rendered && git archive environments/prod | tar x -C rendered && rm "
		"rendered/hydrator.metadata && git add -A && git commit -qm rendered");
}

static void test_output_in_the_index_is_fresh(void **state)
{
	struct proof p;

	(void)state;
	setup_rendered(&p);
	assert_true(verify_index(&p));
	assert_int_equal(p.g.run.diags.all.n, 0);
	assert_int_equal(p.verified.files, 5);
	/* The disk does not count, in either direction. */
	write_policy(&p.g, "9", "c1, c2");
	repo_sh(&p.g.repo, "rm -r rendered");
	assert_true(verify_index(&p));
	assert_int_equal(p.g.run.diags.all.n, 0);
	teardown(&p.g);
}

static void test_output_that_was_not_built_again_is_stale(void **state)
{
	struct proof p;

	(void)state;
	setup_rendered(&p);
	write_policy(&p.g, "9", "c1, c2");
	repo_git(&p.g.repo, "add mesh");
	assert_true(verify_index(&p));
	assert_int_equal(p.g.run.diags.errors, 4); /* two objects, two indexes */
	assert_true(was_reported(&p.g, CODE_edited_by_hand));
	repo_git(&p.g.repo, "rm -rq --cached rendered/clusters/c2");
	assert_true(verify_index(&p));
	assert_true(was_reported(&p.g, CODE_output_missing));
	repo_write(&p.g.repo, "rendered/clusters/c1/own.yaml", "x");
	repo_git(&p.g.repo, "add rendered/clusters/c1/own.yaml");
	assert_true(verify_index(&p));
	assert_true(was_reported(&p.g, CODE_output_foreign));
	teardown(&p.g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_published_is_proven),
		cmocka_unit_test(test_a_note_that_advanced_changes_nothing),
		cmocka_unit_test(test_a_folder_of_a_branch_is_proven_as_well),
		cmocka_unit_test(test_a_file_that_was_edited_is_named_with_who_did),
		cmocka_unit_test(test_a_file_that_is_missing_is_named),
		cmocka_unit_test(test_a_file_that_would_be_applied_with_the_rest_is_named),
		cmocka_unit_test(test_a_wrong_word_about_the_source_is_found),
		cmocka_unit_test(test_an_index_that_was_edited_is_found),
		cmocka_unit_test(test_a_branch_without_commits_of_meshc_is_said_to_be_one),
		cmocka_unit_test(test_a_source_that_is_no_id_is_none),
		cmocka_unit_test(test_signatures_are_believed_of_those_who_may_sign),
		cmocka_unit_test(test_what_is_unsigned_is_not_trusted_where_signers_are_given),
		cmocka_unit_test(test_a_wave_is_proven_and_those_after_it_are_left_alone),
		cmocka_unit_test(test_a_folder_of_the_branch_of_the_sources_is_proven),
		cmocka_unit_test(test_output_in_the_index_is_fresh),
		cmocka_unit_test(test_output_that_was_not_built_again_is_stale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
