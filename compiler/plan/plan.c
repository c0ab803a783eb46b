/*
 * The plan: what is fleet-wide first (who selects whom, who is federated to
 * whom), then each cluster by itself and in parallel, then what providers learn
 * from their consumers.
 */
#include "base/base.h"

#include "plan/plan.h"

#include "plan/local.h"

struct jobs {
	const struct builder *builder;
	struct plan *plan;
	struct arena **arenas;
	struct diags *diags;
};

static int resource_compare(const struct resource *a, const struct resource *b)
{
	int order = (int)a->kind - (int)b->kind;

	order = order ? order : str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

void sources_add(struct arena *mem, struct resource_list *list, const struct resource *r)
{
	uint32_t i = list->n;

	while (i > 0 && resource_compare(r, list->at[i - 1]) < 0)
		i--;
	if (i > 0 && list->at[i - 1] == r)
		return;
	(void)vec_push(mem, list);
	memmove(&list->at[i + 1], &list->at[i], (list->n - 1 - i) * sizeof *list->at);
	list->at[i] = r;
}

const struct destination_plan *plan_destination(const struct cluster_plan *c, struct str host)
{
	uint32_t low = 0, high = c->destinations.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = str_cmp(host, c->destinations.at[middle].host);

		if (!order)
			return &c->destinations.at[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void number_services(struct arena *mem, struct builder *b)
{
	const struct inventory *inventory = &b->snapshot->inventory;

	b->first = NEW(mem, service_id, (size_t)inventory->n_clusters + 1);
	for (uint32_t i = 0; i < inventory->n_clusters; i++) {
		b->first[i] = b->n_services;
		b->n_services += inventory->clusters[i].n_services;
	}
}

static void list_gateways(struct cluster_job *job)
{
	const struct builder *b = job->builder;
	const struct inventory *inventory = &b->snapshot->inventory;

	for (uint32_t i = 0; i < job->cluster->n_services; i++)
		for (uint32_t m = 0; m < job->cluster->meshes.n; m++) {
			const struct mesh_gateways *all =
				&b->gateways[mesh_index(inventory, job->cluster->meshes.at[m])];

			for (uint32_t g = 0; g < all->all.n; g++)
				if (all->all.at[g].service == &job->cluster->services[i])
					vec_add(job->mem, &job->out->gateways, all->all.at[g]);
		}
}

static void build_cluster(uint32_t i, void *cx)
{
	struct jobs *jobs = cx;
	struct cluster_job job = { .builder = jobs->builder,
				   .mem = jobs->arenas[i],
				   .scratch = arena_new(),
				   .diags = &jobs->diags[i],
				   .cluster = &jobs->builder->snapshot->inventory.clusters[i],
				   .out = &jobs->plan->clusters[i] };

	job.out->cluster = job.cluster;
	job.by_host = map_new(job.mem);
	traffic_build(&job);
	bystanders_check(&job);
	import_build(&job);
	list_gateways(&job);
	access_build(&job);
	arena_free(job.scratch);
}

static void build_clusters(struct plan_pass *p, const struct builder *b, struct plan *out)
{
	uint32_t n = out->n_clusters;
	struct jobs jobs = { b, out, NEW(p->mem, struct arena *, n), NEW(p->mem, struct diags, n) };

	for (uint32_t i = 0; i < n; i++) {
		jobs.arenas[i] = arena_new();
		jobs.diags[i] = diags_new(jobs.arenas[i]);
	}
	pool_map(p->pool, n, build_cluster, &jobs);
	for (uint32_t i = 0; i < n; i++) {
		diags_merge(p->diags, &jobs.diags[i]);
		arena_adopt(p->mem, jobs.arenas[i]);
	}
}

void plan_build(struct plan_pass *p, const struct snapshot *snapshot, struct plan *out)
{
	struct builder b = { .snapshot = snapshot };

	out->snapshot = snapshot;
	out->n_clusters = snapshot->inventory.n_clusters;
	out->clusters = NEW(p->mem, struct cluster_plan, out->n_clusters);
	number_services(p->mem, &b);
	binding_build(p->mem, &b);
	requests_build(p->mem, &b);
	federation_build(p->mem, p->diags, &b);
	gateway_build(p->mem, p->diags, &b);
	access_check_ports(p->mem, p->diags, &b);
	networks_check(p->mem, p->diags, &b);
	caller_meshes_check(p->mem, p->diags, &b);
	build_clusters(p, &b, out);
	export_build(p->mem, p->diags, &b, out);
	trust_build(p->mem, p->diags, &b, out);
	peer_build(p->mem, p->diags, &b, out);
	passage_build(p->mem, p->diags, &b, out);
	hidden_check(p->mem, p->diags, &b, out);
}
