/*
 * Argo CD: an Application per cluster. Sync waves are the stages.
 *
 * Applications have no finalizer: who removes one keeps what it has applied. A sync
 * applies wave by wave and prunes in the reverse order of the waves; but what is
 * pruned in a wave goes before what changes in a later one. So what others name or
 * need says of itself that it is pruned last, after all changes:
 *
 *	DestinationRule goes, VirtualService changes   wave 3, then the rule
 *	both go                                        VirtualService, then the rule
 */
#include "base/base.h"
#include "applier/local.h"

static const struct applier_type application = { "argoproj.io", "v1alpha1", "Application" };

/* Fields and their meaning: operator-manual/application.yaml, user-guide/sync-options.md of Argo CD. */
static const char *const sync_options[] = {
	"ServerSideApply=true",      /* no copy of the object in an annotation, which has a limit */
	"ApplyOutOfSyncOnly=true",   /* only what has changed */
	"FailOnSharedResource=true", /* what another Application applies is not taken from it */
};

static const struct {
	const char *wave;
	bool pruned_last;
} waves[STAGE_MAX] = {
	[STAGE_DEFINE] = { "1", true },
	[STAGE_ALLOW] = { "2", true },
	[STAGE_ROUTE] = { "3", false },
	[STAGE_DENY] = { "4", false },
};

static bool is_asked(const struct fleet_appliers *asked)
{
	return asked->argocd != NULL;
}

static void mark(struct arena *mem, struct node *annotations, enum stage stage)
{
	applier_put(mem, annotations, "argocd.argoproj.io/sync-wave", str_of(waves[stage].wave));
	if (waves[stage].pruned_last)
		applier_put(mem, annotations, "argocd.argoproj.io/sync-options",
			    S("PruneLast=true"));
}

static void put_source(struct applying *a, struct node *spec, struct str cluster)
{
	struct node *source = applier_map(a->mem, spec, "source");

	applier_put(a->mem, source, "repoURL", a->asked->repository.s);
	applier_put(a->mem, source, "targetRevision",
		    str_join(a->mem, S("refs/heads/"), a->asked->branch.s));
	applier_put(a->mem, source, "path", applier_path(a, cluster));
	applier_flag(a->mem, applier_map(a->mem, source, "directory"), "recurse", true);
}

static void put_policy(struct applying *a, struct node *spec)
{
	const struct fleet_argocd_automated *automated = a->asked->argocd->automated;
	struct node *policy = applier_map(a->mem, spec, "syncPolicy"), *options;

	if (automated)
		applier_flag(a->mem, applier_map(a->mem, policy, "automated"), "prune",
			     automated->prune.v);
	options = applier_list(a->mem, policy, "syncOptions");
	for (size_t i = 0; i < countof(sync_options); i++)
		applier_add(a->mem, options, str_of(sync_options[i]));
}

static void add_application(struct applying *a, struct str cluster)
{
	const struct fleet_argocd *argocd = a->asked->argocd;
	struct object *object = applier_object(a, &application, argocd->namespace.s,
					       applier_name(a, cluster), S(""));
	struct node *metadata = node_get(object->body, S("metadata")), *spec;

	/* Relative to the source's path: commits that touch other clusters do not concern this one. */
	applier_put(a->mem, applier_map(a->mem, metadata, "annotations"),
		    "argocd.argoproj.io/manifest-generate-paths", S("."));
	spec = applier_map(a->mem, object->body, "spec");
	applier_put(a->mem, spec, "project", argocd->project.s);
	put_source(a, spec, cluster);
	applier_put(a->mem, applier_map(a->mem, spec, "destination"), "name", cluster);
	put_policy(a, spec);
}

static void objects(struct applying *a)
{
	const struct cluster *cluster;

	for (uint32_t i = 0; (cluster = applier_cluster(a, i)); i++)
		add_application(a, cluster->name);
}

const struct applier applier_argocd = { "argocd", is_asked, objects, mark };
