/*
 * A repository with two clusters and one policy, and what publishing it gives.
 */
#pragma once

#include "driver/publish.h"
#include "support/repo.h"

#define FLEET(spec) "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec:\n" spec
#define PROD "  targets: [{name: prod, branch: environments/prod}]\n"

struct ground {
	struct repo repo;
	struct run run;
	struct result result;
	struct publish_request request;
	struct published published;
	struct shard shard;
	bool open;
};

/* A timeout for the service `api` in each cluster given; NULL: no policy. */
static inline void write_policy(struct ground *g, const char *seconds, const char *clusters)
{
	char text[1024];

	if (!seconds) {
		repo_sh(&g->repo, "rm -f mesh/api.yaml");
		return;
	}
	snprintf(text, sizeof text,
		 "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\n"
		 "metadata: {name: api, namespace: shop}\nspec:\n  destinationSelector:\n"
		 "  - kubeServiceMatcher: {labels: {app: api}, clusters: [%s]}\n"
		 "  policy: {requestTimeout: %ss}\n",
		 clusters, seconds);
	repo_write(&g->repo, "mesh/api.yaml", text);
}

static inline void setup_with(struct ground *g, const char *fleet)
{
	*g = (struct ground){ .request = { .version = "1.2.3" } };
	repo_setup(&g->repo);
	repo_sh(&g->repo, "cp -r " SOURCE_DIR "/golden/bases/pair/inventory .");
	repo_write(&g->repo, "meshc.yaml", fleet);
	write_policy(g, "3", "c1, c2");
	repo_commit(&g->repo);
}

static inline void setup(struct ground *g)
{
	setup_with(g, FLEET(PROD));
}

static inline void end(struct ground *g)
{
	if (g->open)
		run_close(&g->run);
	g->open = false;
}

static inline void teardown(struct ground *g)
{
	end(g);
	repo_teardown(&g->repo);
}

#define WAVES "  rollout: [{name: canary, labels: {stage: canary}}, {name: rest}]\n"

/* c2 is the canary. */
static inline void setup_waves(struct ground *g)
{
	setup_with(g, FLEET(PROD WAVES));
	repo_write(&g->repo, "inventory/c2/cluster.yaml",
		   "apiVersion: meshc.dev/v1alpha1\nkind: Cluster\nmetadata: {name: c2}\nspec: "
		   "{labels: {stage: canary}}\n");
	repo_commit(&g->repo);
}

extern char **environ;

static inline enum publish_outcome publish_rev(struct ground *g, const char *rev)
{
	end(g);
	run_open(&g->run,
		 (struct run_options){
			 .root = { .from = g->repo.disk.path, .kind = ROOT_REVISION, .rev = rev },
			 .shard = g->shard,
			 .jobs = 1 });
	g->open = true;
	g->request.environment = (const char *const *)environ;
	publish(&g->run, &g->request, &g->result, &g->published);
	return g->published.outcome;
}

static inline void assert_outcome(struct ground *g, const char *rev, enum publish_outcome want)
{
	enum publish_outcome got = publish_rev(g, rev);

	if (got != want)
		fail_msg("outcome %d, not %d: %s", got, want,
			 g->run.diags.all.n ? finding_message(g->run.mem, g->run.diags.all.at[0]).p
					    : "no findings");
}

static inline bool was_reported(const struct ground *g, enum code code)
{
	for (uint32_t i = 0; i < g->run.diags.all.n; i++)
		if (g->run.diags.all.at[i]->code == code)
			return true;
	return false;
}

/* Refused for this reason, and the branch stands where it was. */
static inline void assert_refused(struct ground *g, enum code code)
{
	repo_sh(&g->repo, "git rev-parse -q --verify environments/prod > .git/before || true");
	assert_outcome(g, "HEAD", PUBLISH_FAILED);
	if (!was_reported(g, code))
		fail_msg("no %s among %u findings", diag_row(code)->slug, g->run.diags.all.n);
	repo_sh(&g->repo, "git rev-parse -q --verify environments/prod | cmp -s - .git/before");
}
