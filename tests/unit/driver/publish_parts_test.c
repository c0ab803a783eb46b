/*
 * Publishing a part of the fleet: targets, waves, shards, and the objects of appliers.
 */
#include "base/base.h"

#include "publishing.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_target_is_one_of_the_fleet),
		cmocka_unit_test(test_a_target_has_only_its_clusters),
		cmocka_unit_test(test_waves_follow_one_another),
		cmocka_unit_test(test_a_wave_is_one_of_the_fleet),
		cmocka_unit_test(test_shards_publish_disjoint_folders),
		cmocka_unit_test(test_appliers_are_published_and_go_as_clusters_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
