/*
 * Flux: a GitRepository, and a chain of Kustomizations per cluster.
 *
 *	<fleet>-<cluster>.define   applies what others name
 *	<fleet>-<cluster>.allow    ... and who may call
 *	<fleet>-<cluster>.route    ... and where requests go
 *	<fleet>-<cluster>          applies all, then removes what is gone
 *
 * All read one folder from one GitRepository: only then does `dependsOn` wait for the
 * same commit (kustomize-controller, checkDependencies), which several sources with
 * an `ignore` of their own would not. The first three leave out what comes later by a
 * patch, and remove nothing: the last one removes after everything else has been
 * applied, routes before what they name. It owns all objects; so that owners do not
 * take turns, the others put its labels on what they apply.
 */
#include "base/base.h"
#include "applier/local.h"

#include "base/buf.h"
#include "schema/format.h"

#define STAGE_KEY "meshc.dev/stage"
#define OWNER "kustomize.toolkit.fluxcd.io/"
#define TIMEOUT "120s" /* of building, applying and health checks */

static const struct applier_type repository = { "source.toolkit.fluxcd.io", "v1", "GitRepository" };
static const struct applier_type kustomization = { "kustomize.toolkit.fluxcd.io", "v1",
						   "Kustomization" };

static bool is_asked(const struct fleet_appliers *asked)
{
	return asked->flux != NULL;
}

static void mark(struct arena *mem, struct node *annotations, enum stage stage)
{
	applier_put(mem, annotations, STAGE_KEY, str_of(stage_name(stage)));
}

static struct str interval_of(struct applying *a)
{
	return format_number(a->mem, FORMAT_DURATION, a->asked->flux->interval.v);
}

static struct str repository_name(struct applying *a)
{
	return name_sanitize(a->mem, a->fleet->name);
}

static void add_repository(struct applying *a, struct str about)
{
	const struct fleet_flux *flux = a->asked->flux;
	struct object *object =
		applier_object(a, &repository, flux->namespace.s, repository_name(a), about);
	struct node *spec = applier_map(a->mem, object->body, "spec");

	applier_put(a->mem, spec, "interval", interval_of(a));
	applier_put(a->mem, spec, "url", a->asked->repository.s);
	applier_put(a->mem, applier_map(a->mem, spec, "ref"), "branch", a->asked->branch.s);
	if (given(flux->secret))
		applier_put(a->mem, applier_map(a->mem, spec, "secretRef"), "name", flux->secret.s);
}

/* No cluster has a dot in its name. The end of the chain, STAGE_DENY, has the plain name. */
static struct str name_of(struct applying *a, struct str cluster, enum stage stage)
{
	struct str name = applier_name(a, cluster);

	return stage == STAGE_DENY ? name
				   : str_join(a->mem, name, S("."), str_of(stage_name(stage)));
}

/* A patch without an object of its own: whatever the target selects is left out. */
static void put_patch(struct applying *a, struct node *spec, enum stage stage)
{
	struct node *patch = node_map(a->mem, (struct span){ 0 });
	struct buf later = buf_new(a->mem, 0);

	for (uint32_t s = stage + 1u; s < STAGE_MAX; s++)
		buf_format(&later, "%s%s", later.n ? ", " : "", stage_name((enum stage)s));
	node_add(a->mem, applier_list(a->mem, spec, "patches"), patch);
	applier_put(a->mem, patch, "patch",
		    S("{\"$patch\": \"delete\", \"apiVersion\": \"meshc.dev/v1\", "
		      "\"kind\": \"Later\", \"metadata\": {\"name\": \"later\"}}"));
	applier_put(a->mem, applier_map(a->mem, patch, "target"), "annotationSelector",
		    str_format(a->mem, STAGE_KEY " in (%.*s)", STR(buf_view(&later))));
}

static void put_owner(struct applying *a, struct node *spec, struct str cluster)
{
	struct node *common = applier_map(a->mem, spec, "commonMetadata");
	struct node *labels = applier_map(a->mem, common, "labels");

	applier_put(a->mem, labels, OWNER "name", name_of(a, cluster, STAGE_DENY));
	applier_put(a->mem, labels, OWNER "namespace", a->asked->flux->namespace.s);
}

static void put_source(struct applying *a, struct node *spec, struct str cluster)
{
	struct node *source = applier_map(a->mem, spec, "sourceRef"), *config;

	applier_put(a->mem, source, "kind", S("GitRepository"));
	applier_put(a->mem, source, "name", repository_name(a));
	applier_put(a->mem, spec, "path", str_join(a->mem, S("./"), applier_path(a, cluster)));
	if (!a->asked->flux->hub.v)
		return;
	config = applier_map(a->mem, spec, "kubeConfig");
	applier_put(a->mem, applier_map(a->mem, config, "secretRef"), "name",
		    str_join(a->mem, cluster, S("-kubeconfig")));
}

static void put_dependency(struct applying *a, struct node *spec, struct str cluster,
			   enum stage stage)
{
	struct node *before;

	if (stage == STAGE_DEFINE)
		return;
	before = node_map(a->mem, (struct span){ 0 });
	applier_put(a->mem, before, "name", name_of(a, cluster, (enum stage)(stage - 1)));
	node_add(a->mem, applier_list(a->mem, spec, "dependsOn"), before);
}

static void add_kustomization(struct applying *a, struct str cluster, enum stage stage)
{
	bool last = stage == STAGE_DENY;
	struct object *object = applier_object(a, &kustomization, a->asked->flux->namespace.s,
					       name_of(a, cluster, stage), cluster);
	struct node *spec = applier_map(a->mem, object->body, "spec");

	put_dependency(a, spec, cluster, stage);
	put_source(a, spec, cluster);
	applier_put(a->mem, spec, "interval", interval_of(a));
	applier_put(a->mem, spec, "timeout", S(TIMEOUT));
	applier_flag(a->mem, spec, "wait", true);
	applier_flag(a->mem, spec, "prune", last);
	if (last) {
		/* Whoever removes the Kustomization keeps what it has applied. */
		applier_put(a->mem, spec, "deletionPolicy", S("Orphan"));
		return;
	}
	put_owner(a, spec, cluster);
	put_patch(a, spec, stage);
}

static void objects(struct applying *a)
{
	const struct cluster *cluster;

	if (a->asked->flux->hub.v)
		add_repository(a, S(""));
	for (uint32_t i = 0; (cluster = applier_cluster(a, i)); i++) {
		if (!a->asked->flux->hub.v)
			add_repository(a, cluster->name);
		for (uint32_t stage = 0; stage < STAGE_MAX; stage++)
			add_kustomization(a, cluster->name, (enum stage)stage);
	}
}

const struct applier applier_flux = { "flux", is_asked, objects, mark };
