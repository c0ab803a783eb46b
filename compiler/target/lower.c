/*
 * Pass 8: for every cluster, which targets print which part of its plan, and what
 * they cannot print.
 *
 * A part belongs to the mesh in which it acts; a service of another cluster to the
 * meshes that call it. Job i lowers cluster i into an arena
 * and a sink of its own.
 */
#include "base/base.h"
#include "target/local.h"

struct job {
	struct arena *mem;
	struct diags diags;
};

/* What decides whose business an entry of the plan is. */
struct part {
	struct mesh_list of;
	struct span at; /* who asked for it; unset: nobody, it only exists */
};

struct lower {
	const struct plan *plan;
	struct bundle *out;
	struct job *jobs;
};

struct support_check {
	struct lowering *lw;
	const struct target *target;
	struct release release; /* the oldest of the cluster's meshes of that kind */
	bool wanted[FEATURE_MAX];
};

/* What the table says, for the release at hand. */
static enum support_level level_of(const struct support_check *x, enum feature f)
{
	const struct support *support = &x->target->support[f];

	return release_is_before(x->release, support->since) ? CANNOT : support->level;
}

static struct str support_text(const struct support_check *x, enum feature f)
{
	const struct support *support = &x->target->support[f];
	struct arena *mem = x->lw->mem;

	if (release_is_before(x->release, support->since))
		return str_format(mem, "`%s` needs %u.%u", feature_path(f), support->since.major,
				  support->since.minor);
	if (!support->text)
		return str_format(mem, "`%s`", feature_path(f));
	return str_of(support->text);
}

/* Of a setting that cannot be, its parts are not reported as well. */
static bool is_said(const struct support_check *x, enum feature f)
{
	for (enum feature setting = 0; setting < SETTING_MAX; setting++)
		if (feature_is_part(f, setting))
			return level_of(x, setting) == CANNOT;
	return false;
}

static void report_asked(void *cx, const struct asked *asked)
{
	const struct support_check *x = cx;
	struct str name = str_of(x->target->name), text = support_text(x, asked->feature);
	struct lowering *lw = x->lw;
	struct finding *f;

	if (is_said(x, asked->feature))
		return;
	if (level_of(x, asked->feature) == CANNOT) {
		report_unsupported(lw->diags, asked->at, name, text);
		return;
	}
	if (approximate_is_allowed(lw->plan->snapshot->fleet, asked->by, asked->feature))
		return;
	f = report_approximate(lw->diags, asked->at, name, text);
	help(f, "take it with the annotation `" ALLOWANCE ": %s` on the %s",
	     feature_path(asked->feature), feature_kind(asked->feature));
}

void check_support(struct lowering *lw, const struct target *target)
{
	struct support_check x = { .lw = lw, .target = target };
	const struct cluster *c = lw->cluster->cluster;

	for (uint32_t i = 0; i < c->meshes.n; i++) {
		struct release release = c->meshes.at[i]->release;

		if (c->meshes.at[i]->kind == target->mesh &&
		    (!x.release.major || release_is_before(release, x.release)))
			x.release = release;
	}
	for (enum feature f = 0; f < FEATURE_MAX; f++) {
		enum support_level level = level_of(&x, f);

		x.wanted[f] = level == CANNOT || level == APPROXIMATE;
	}
	plan_asked(lw->cluster, x.wanted, report_asked, &x);
}

static const struct target *target_of(enum mesh_kind kind)
{
	for (size_t i = 0; targets[i]; i++)
		if (targets[i]->mesh == kind)
			return targets[i];
	return NULL;
}

static struct span first_source(const struct resource_list *list)
{
	return list->n ? list->at[0]->at : (struct span){ 0 };
}

static struct part destination_part(const struct destination_plan *d)
{
	struct part part = { d->callers, first_source(&d->sources) };

	for (uint32_t i = 0; i < d->routes.n && !span_set(part.at); i++)
		part.at = first_source(&d->routes.at[i].sources);
	if (d->remote)
		part.at = d->import->virtual_mesh->at;
	return part;
}

static struct mesh_list only(const struct mesh *const *mesh)
{
	return (struct mesh_list){ (const struct mesh **)mesh, 1, 1 };
}

static struct part export_part(const struct export_plan *e)
{
	return (struct part){ only(&e->service->mesh), e->virtual_mesh->at };
}

static struct part gateway_part(const struct gateway_plan *g)
{
	return (struct part){ only(&g->mesh), g->virtual_mesh->at };
}

static struct part trust_part(const struct trust_plan *t)
{
	return (struct part){ only(&t->mesh), t->virtual_mesh->at };
}

static struct part peer_part(const struct peer_plan *p)
{
	return (struct part){ only(&p->own), p->virtual_mesh->at };
}

static struct part access_part(const struct access_plan *a)
{
	return (struct part){ only(&a->mesh), first_source(&a->sources) };
}

static struct part guard_part(const struct guard_plan *g)
{
	return (struct part){ only(&g->mesh), first_source(&g->sources) };
}

static bool touches(const struct part *part, const struct mesh *mesh)
{
	for (uint32_t i = 0; i < part->of.n; i++)
		if (part->of.at[i] == mesh)
			return true;
	return false;
}

static bool is_of(struct part part, const struct cluster *cluster, enum mesh_kind kind)
{
	for (uint32_t i = 0; i < cluster->meshes.n; i++)
		if (cluster->meshes.at[i]->kind == kind && touches(&part, cluster->meshes.at[i]))
			return true;
	return false;
}

#define CHOOSE(mem, out, list, part_of, kind)                                                      \
	for (uint32_t i = 0; i < plan->list.n; i++)                                                \
		if (is_of(part_of(&plan->list.at[i]), plan->cluster, kind))                        \
			vec_add(mem, &(out)->list, plan->list.at[i]);

/* The part of a cluster's plan that is for meshes of one kind. */
static struct cluster_plan choose(struct arena *mem, const struct cluster_plan *plan,
				  enum mesh_kind kind)
{
	struct cluster_plan out = { .cluster = plan->cluster };

	CHOOSE(mem, &out, destinations, destination_part, kind)
	CHOOSE(mem, &out, exports, export_part, kind)
	CHOOSE(mem, &out, gateways, gateway_part, kind)
	CHOOSE(mem, &out, trusts, trust_part, kind)
	CHOOSE(mem, &out, peers, peer_part, kind)
	CHOOSE(mem, &out, access, access_part, kind)
	CHOOSE(mem, &out, guards, guard_part, kind)
	return out;
}

/* Calls back for every part that somebody asked of the mesh. */
static void each_asked(const struct cluster_plan *plan, const struct mesh *mesh,
		       void (*each)(void *cx, const struct mesh *, struct span at), void *cx)
{
#define ASK(list, part_of)                                                                         \
	for (uint32_t i = 0; i < plan->list.n; i++) {                                              \
		struct part part = part_of(&plan->list.at[i]);                                     \
		if (span_set(part.at) && touches(&part, mesh))                                     \
			each(cx, mesh, part.at);                                                   \
	}
	ASK(destinations, destination_part)
	ASK(exports, export_part)
	ASK(gateways, gateway_part)
	ASK(peers, peer_part)
	ASK(access, access_part)
#undef ASK
}

/* A virtual mesh that lists the mesh asks something of it, whatever it says beside. */
static void report_listed(struct diags *d, const struct plan *plan, const struct mesh *mesh)
{
	for (uint32_t i = 0; i < plan->snapshot->virtual_meshes.n; i++) {
		const struct virtual_mesh *body = plan->snapshot->virtual_meshes.at[i]->body;

		for (uint32_t k = 0; k < body->spec->meshes.n; k++) {
			const struct object_ref *ref = &body->spec->meshes.item[k];

			if (str_eq(ref->name.s, mesh->name) &&
			    str_eq(ref->namespace.s, mesh->space))
				report_mesh_not_targeted(d, ref->at, mesh->name,
							 str_of(mesh_kind_name(mesh->kind)));
		}
	}
}

static void report_untargeted(void *cx, const struct mesh *mesh, struct span at)
{
	report_mesh_not_targeted(cx, at, mesh->name, str_of(mesh_kind_name(mesh->kind)));
}

static void note_asked(void *cx, const struct mesh *mesh, struct span at)
{
	(void)mesh;
	*(struct span *)cx = at;
}

/* What must be known of a mesh before something is printed for it. */
static void check_mesh(struct lowering *lw, const struct target *target, const struct mesh *mesh)
{
	struct span asked = { 0 };
	struct finding *f;

	each_asked(lw->cluster, mesh, note_asked, &asked);
	if (!span_set(asked))
		return;
	if (mesh->missing_config.n) {
		f = report_mesh_config_missing(lw->diags, mesh->at, mesh->name,
					       mesh->missing_config);
		help(f, "add it to the inventory, or say `trustDomain` in the Cluster's "
			"`spec.meshes`");
	}
	if (!mesh->release.major) {
		f = report_mesh_version_unknown(lw->diags, mesh->version_at, mesh->name);
		help(f, "say it in the Cluster: `spec.meshes[].version`");
	} else if (release_is_before(mesh->release, target->floor)) {
		report_mesh_version_old(
			lw->diags, mesh->version_at, mesh->name, mesh->version,
			str_format(lw->mem, "%u.%u", target->floor.major, target->floor.minor));
	}
}

static bool has_mesh(const struct cluster *cluster, enum mesh_kind kind)
{
	for (uint32_t i = 0; i < cluster->meshes.n; i++)
		if (cluster->meshes.at[i]->kind == kind)
			return true;
	return false;
}

static void lower_for(struct lowering *lw, const struct target *target)
{
	const struct cluster_plan *whole = lw->cluster;
	struct cluster_plan chosen = choose(lw->mem, whole, target->mesh);

	lw->cluster = &chosen;
	for (uint32_t m = 0; m < chosen.cluster->meshes.n; m++)
		if (chosen.cluster->meshes.at[m]->kind == target->mesh)
			check_mesh(lw, target, chosen.cluster->meshes.at[m]);
	check_support(lw, target);
	target->lower(lw);
	lw->cluster = whole;
}

void target_lower_cluster(struct arena *mem, struct diags *d, const struct plan *plan, uint32_t i,
			  struct object_set *out)
{
	const struct cluster_plan *here = &plan->clusters[i];
	const struct cluster *cluster = here->cluster;
	struct lowering lw = { .mem = mem, .diags = d, .plan = plan, .cluster = here, .out = out };

	*out = (struct object_set){ .cluster = cluster->name, .at = cluster->at };
	for (uint32_t m = 0; m < cluster->meshes.n; m++) {
		if (target_of(cluster->meshes.at[m]->kind))
			continue;
		report_listed(d, plan, cluster->meshes.at[m]);
		each_asked(here, cluster->meshes.at[m], report_untargeted, d);
	}
	for (size_t t = 0; targets[t]; t++)
		if (has_mesh(cluster, targets[t]->mesh))
			lower_for(&lw, targets[t]);
	settle_objects(mem, d, out);
	settle_requirements(mem, out);
	check_served(d, cluster, out);
}

static void lower_job(uint32_t i, void *cx)
{
	struct lower *l = cx;
	struct job *job = &l->jobs[i];

	job->mem = arena_new();
	job->diags = diags_new(job->mem);
	target_lower_cluster(job->mem, &job->diags, l->plan, i, &l->out->clusters[i]);
}

void target_lower(struct plan_pass *p, const struct plan *plan, struct bundle *out)
{
	struct lower l = { plan, out, NEW(p->mem, struct job, plan->n_clusters) };

	*out = (struct bundle){ NEW(p->mem, struct object_set, plan->n_clusters),
				plan->n_clusters };
	pool_map(p->pool, plan->n_clusters, lower_job, &l);
	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		diags_merge(p->diags, &l.jobs[i].diags);
		arena_adopt(p->mem, l.jobs[i].mem);
	}
}
