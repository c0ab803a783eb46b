/*
 * Publishing: what is refused until somebody says the word for it.
 */
#include "base/base.h"

#include "publishing.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_older_source_never_replaces_a_younger_one),
		cmocka_unit_test(test_another_line_of_history_needs_a_word),
		cmocka_unit_test(test_much_that_is_removed_needs_a_word),
		cmocka_unit_test(test_a_cluster_is_emptied_with_a_word_only),
		cmocka_unit_test(test_a_cluster_that_is_gone_is_decommissioned),
		cmocka_unit_test(test_many_clusters_that_lose_objects_need_a_word),
		cmocka_unit_test(test_protected_kinds_change_when_they_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
