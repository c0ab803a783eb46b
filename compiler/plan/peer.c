/*
 * Who sees whose services, mesh by mesh: which other meshes a mesh imports from and
 * how, whether it gets all that they export, and which namesakes of several clusters
 * have one name more.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"
#include "model/mesh_traits.h"

struct peering {
	struct arena *mem;
	struct diags *diags;
	const struct builder *builder;
	struct plan *plan;
};

static struct peer_plan *peer_of(struct peering *x, const struct federated *f,
				 const struct mesh *own)
{
	struct cluster_plan *c = &x->plan->clusters[own->cluster->index];
	const struct inventory *inventory = &x->builder->snapshot->inventory;
	const struct mesh_gateways *gateways =
		&x->builder->gateways[mesh_index(inventory, f->service->mesh)];
	struct peer_plan *peer;

	/* Services come cluster by cluster: it is nearly always the last one. */
	for (uint32_t i = c->peers.n; i > 0; i--)
		if (c->peers.at[i - 1].mesh == f->service->mesh && c->peers.at[i - 1].own == own)
			return &c->peers.at[i - 1];
	peer = vec_push(x->mem, &c->peers);
	peer->mesh = f->service->mesh;
	peer->own = own;
	peer->virtual_mesh = f->virtual_mesh;
	peer->flat = f->flat;
	peer->clusterset = f->clusterset;
	for (uint32_t i = 0; !f->flat && i < gateways->all.n; i++)
		vec_add(x->mem, &peer->gateways, &gateways->all.at[i]);
	return peer;
}

/* Meshes are listed in the order of the inventory. */
static bool is_to(const struct federated *f, const struct mesh *own)
{
	uint32_t low = 0, high = f->to.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (f->to.at[middle] == own)
			return true;
		if (f->to.at[middle] < own)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Each federated service makes its mesh a peer of those that it is federated to. */
static void add_peers(struct peering *x)
{
	const struct builder *b = x->builder;

	for (service_id id = 0; id < b->n_services; id++)
		for (uint32_t i = 0; b->federated[id] && i < b->federated[id]->to.n; i++)
			peer_of(x, b->federated[id], b->federated[id]->to.at[i]);
}

static const struct federated *federated_of(const struct peering *x, const struct export_plan *e)
{
	return x->builder->federated[id_of(x->builder, e->service)];
}

/* A peer exports something that is not for the cluster at hand. */
static void find_selective(struct peering *x, struct peer_plan *peer)
{
	const struct cluster_plan *there = &x->plan->clusters[peer->mesh->cluster->index];

	for (uint32_t i = 0; i < there->exports.n && !peer->selective; i++)
		peer->selective = there->exports.at[i].service->mesh == peer->mesh &&
				  !is_to(federated_of(x, &there->exports.at[i]), peer->own);
}

/* Clusters come in the order of their names. */
static bool is_last(const struct str *at, uint32_t n, struct str name)
{
	return n && str_eq(at[n - 1], name);
}

static void mark_exports(struct peering *x, const struct peer_plan *peer)
{
	struct cluster_plan *there = &x->plan->clusters[peer->mesh->cluster->index];
	struct str name = peer->own->cluster->name;

	for (uint32_t i = 0; i < there->exports.n; i++) {
		struct export_plan *e = &there->exports.at[i];

		if (e->service->mesh != peer->mesh || !is_to(federated_of(x, e), peer->own))
			continue;
		if (!is_last(e->to.at, e->to.n, name))
			vec_add(x->mem, &e->to, name);
		if (peer->selective && !is_last(e->marked_for.at, e->marked_for.n, name))
			vec_add(x->mem, &e->marked_for, name);
	}
}

static struct clusterset_plan *clusterset_of(struct peering *x, struct cluster_plan *c,
					     const struct federated *f)
{
	const struct service *s = f->service;
	struct clusterset_plan *set;

	for (uint32_t i = 0; i < c->clustersets.n; i++) {
		set = &c->clustersets.at[i];
		if (str_eq(set->members.at[0]->name, s->name) && str_eq(set->space, s->space))
			return set;
	}
	set = vec_push(x->mem, &c->clustersets);
	set->name = str_join(x->mem, s->name, S("-"), mesh_traits(s->mesh)->clusterset_suffix);
	set->space = s->space;
	set->host = str_join(x->mem, set->name, S("."), s->space, S(".svc."), c->cluster->domain);
	set->virtual_mesh = f->virtual_mesh;
	return set;
}

/* Imported services of the cluster, and its own namesake where that one is exported as well. */
static void add_members(struct peering *x, struct cluster_plan *c)
{
	const struct builder *b = x->builder;
	const struct id_list *imports = &b->imports[c->cluster->index];

	for (uint32_t i = 0; i < imports->n; i++) {
		const struct federated *f = b->federated[imports->at[i]];
		struct clusterset_plan *set;
		const struct service *own;

		if (!f->clusterset || !mesh_traits(f->service->mesh)->clusterset_suffix.n)
			continue;
		set = clusterset_of(x, c, f);
		own = cluster_service(c->cluster, f->service->space, f->service->name);
		if (!set->members.n && own && b->federated[id_of(b, own)])
			vec_add(x->mem, &set->members, own);
		vec_add(x->mem, &set->members, f->service);
	}
}

static bool has_policies(const struct cluster_plan *c, const struct service *s)
{
	for (uint32_t i = 0; i < c->destinations.n; i++)
		if (c->destinations.at[i].service == s)
			return c->destinations.at[i].routes.n > 0;
	return false;
}

/* Policies select services, and a ClusterSet service is none that can be selected. */
static void check_clustersets(struct peering *x, const struct cluster_plan *c)
{
	for (uint32_t i = 0; i < c->clustersets.n; i++) {
		const struct clusterset_plan *set = &c->clustersets.at[i];
		bool treated = false;

		for (uint32_t k = 0; k < set->members.n; k++)
			treated = treated || has_policies(c, set->members.at[k]);
		if (treated)
			note(report_clusterset_untreated(x->diags, set->virtual_mesh->at,
							 set->host),
			     set->members.at[0]->at, "a member, in cluster `%.*s`",
			     STR(set->members.at[0]->cluster->name));
	}
}

static int by_host(const void *a, const void *b)
{
	return str_cmp(((const struct clusterset_plan *)a)->host,
		       ((const struct clusterset_plan *)b)->host);
}

void peer_build(struct arena *mem, struct diags *diags, const struct builder *b, struct plan *plan)
{
	struct peering x = { mem, diags, b, plan };

	add_peers(&x);
	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		struct cluster_plan *c = &plan->clusters[i];

		for (uint32_t k = 0; k < c->peers.n; k++) {
			find_selective(&x, &c->peers.at[k]);
			mark_exports(&x, &c->peers.at[k]);
		}
	}
	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		struct cluster_plan *c = &plan->clusters[i];

		add_members(&x, c);
		sort_stable(mem, c->clustersets.at, c->clustersets.n, sizeof *c->clustersets.at,
			    by_host);
		check_clustersets(&x, c);
	}
}
