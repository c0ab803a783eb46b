/*
 * Whom an AccessPolicy lets in, as identities.
 *
 * Identities carry the trust domain, never the cluster: where two clusters share
 * one, naming only one of them promises what no proxy can check. A mesh may also
 * take foreign trust domains for its own, and then tells their callers apart no
 * more than it could those of one domain.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

int identity_order(const struct identity *a, const struct identity *b)
{
	int order = str_cmp(a->trust_domain, b->trust_domain);

	order = order ? order : str_cmp(a->space, b->space);
	order = order ? order : str_cmp(a->account, b->account);
	return order ? order : str_cmp(a->issuer, b->issuer);
}

struct identity identity_of(const struct mesh *mesh, struct str space, struct str account)
{
	return (struct identity){ mesh->trust_domain, space, account,
				  mesh_traits(mesh)->names_issuer ? mesh->install_space : S("") };
}

void identities_of(struct arena *mem, const struct service *s, struct identity_list *out)
{
	for (uint32_t i = 0; i < s->workloads.n; i++) {
		const struct workload *w = s->workloads.at[i];

		identities_add(mem, out, identity_of(w->mesh, w->space, w->account));
	}
}

void identities_add(struct arena *mem, struct identity_list *list, struct identity one)
{
	uint32_t from = 0, to = list->n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = identity_order(&list->at[middle], &one);

		if (!order)
			return;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	(void)vec_push(mem, list);
	memmove(&list->at[from + 1], &list->at[from], (list->n - 1 - from) * sizeof *list->at);
	list->at[from] = one;
}

/* Meshes whose workloads the service can know: its own and the others of its virtual mesh of that kind. */
static bool is_peer(const struct granting *x, const struct mesh *mesh)
{
	const struct builder *b = x->job->builder;
	const struct inventory *inventory = &b->snapshot->inventory;
	const struct resource *mine = b->virtual_mesh[mesh_index(inventory, x->service->mesh)];

	return mesh == x->service->mesh || (mine && mesh->kind == x->service->mesh->kind &&
					    b->virtual_mesh[mesh_index(inventory, mesh)] == mine);
}

/* An identity of this trust domain is one of the mesh's own. */
static bool is_own(const struct mesh *mesh, struct str trust_domain)
{
	bool own = str_eq(mesh->trust_domain, trust_domain);

	for (uint32_t i = 0; i < mesh->trust_aliases.n && !own; i++)
		own = str_eq(mesh->trust_aliases.at[i], trust_domain);
	return own;
}

/* Written in a policy of the mesh, the name stands for the mesh's own trust domains instead. */
static bool is_hidden(const struct mesh *mesh, struct str trust_domain)
{
	return mesh->trust_self.n && str_eq(mesh->trust_self, trust_domain) &&
	       !is_own(mesh, trust_domain);
}

/* `whole`: the identity is a whole trust domain, which every mesh takes as it stands. */
static bool admits(const struct mesh *mesh, struct str listed, struct str caller, bool whole)
{
	if (whole)
		return str_eq(listed, caller);
	return is_own(mesh, listed) ? is_own(mesh, caller) : str_eq(listed, caller);
}

/* Callers of the mesh: of the namespace, with the account; empty for any. */
static void add_account(struct granting *x, const struct mesh *of, struct str space,
			struct str account, struct span at)
{
	if (space.n && is_hidden(x->service->mesh, of->trust_domain)) {
		help(report_trust_domain_hidden(x->job->diags, at, of->cluster->name,
						x->service->mesh->name, of->trust_domain),
		     "give that cluster's mesh a trust domain of its own, or name every namespace");
		return;
	}
	identities_add(x->job->mem, &x->rule->identities, identity_of(of, space, account));
}

static void add_account_of_cluster(struct granting *x, const struct cluster *c, struct str space,
				   struct str account, struct span at)
{
	if (!c->meshes.n && !x->job->builder->snapshot->catalog->torn.n)
		help(report_no_identities(x->job->diags, at, c->name),
		     "leave the cluster out, or add its control plane to the inventory");
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (c->meshes.at[i]->kind == x->service->mesh->kind)
			add_account(x, c->meshes.at[i], space, account, at);
}

static void add_account_of_peers(struct granting *x, struct str space, struct str account,
				 struct span at)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;

	for (uint32_t i = 0; i < inventory->n_meshes; i++)
		if (is_peer(x, &inventory->meshes[i]))
			add_account(x, &inventory->meshes[i], space, account, at);
}

typedef bool (*is_meant)(const void *selector, const struct cluster *, uint32_t item);

/* What a selector grants, one cluster at a time. */
struct meaning {
	is_meant meant;
	const void *selector;
	uint32_t item;
	bool whole; /* any namespace */
};

static void report_unenforceable(struct granting *x, const struct cluster *c, struct span at,
				 const struct mesh *other, struct str trust_domain)
{
	const struct mesh *mine = x->service->mesh;

	if (str_eq(trust_domain, other->trust_domain))
		help(report_cluster_not_enforceable(x->job->diags, at, c->name,
						    other->cluster->name, trust_domain),
		     "give the clusters different trust domains, or name both");
	else
		help(report_trust_domains_united(x->job->diags, at, c->name, other->cluster->name,
						 mine->name),
		     "name both, or take `%.*s` out of the mesh's `trustDomainAliases`",
		     STR(is_own(mine, trust_domain) && !str_eq(trust_domain, mine->trust_domain)
				 ? trust_domain
				 : other->trust_domain));
}

/* Another cluster that can reach the service with the same identities, and is not meant. */
static void check_enforceable(struct granting *x, const struct cluster *c, struct span at,
			      const struct meaning *m)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;

	for (uint32_t i = 0; i < inventory->n_meshes; i++) {
		const struct mesh *other = &inventory->meshes[i];

		if (other->cluster == c || !is_peer(x, other) ||
		    m->meant(m->selector, other->cluster, m->item))
			continue;
		for (uint32_t j = 0; j < c->meshes.n; j++) {
			struct str trust_domain = c->meshes.at[j]->trust_domain;

			if (is_hidden(x->service->mesh, trust_domain) && !m->whole)
				continue; /* reported where the identity is made */
			if (!admits(x->service->mesh, trust_domain, other->trust_domain, m->whole))
				continue;
			report_unenforceable(x, c, at, other, trust_domain);
			return;
		}
	}
}

static bool is_listed(const void *selector, const struct cluster *c, uint32_t item)
{
	(void)item;
	return texts_have(&((const struct kube_identity_matcher *)selector)->clusters, c->name);
}

static void grant_matcher(struct granting *x, const struct kube_identity_matcher *m)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;
	const struct text any = { 0 }, *space = m->namespaces.n ? m->namespaces.item : &any;
	uint32_t n = m->namespaces.n ? m->namespaces.n : 1;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < m->clusters.n; j++) {
			const struct cluster *c =
				inventory_cluster(inventory, m->clusters.item[j].s);

			if (!c)
				continue;
			check_enforceable(x, c, m->clusters.item[j].at,
					  &(struct meaning){ is_listed, m, 0, !space[i].s.n });
			add_account_of_cluster(x, c, space[i].s, S(""), m->clusters.item[j].at);
		}
		if (!m->clusters.n)
			add_account_of_peers(x, space[i].s, S(""), m->at);
	}
}

/* Another reference of the list means the same account of that cluster. */
static bool is_referred(const void *selector, const struct cluster *c, uint32_t item)
{
	const struct kube_service_account_refs *refs = selector;
	const struct cluster_object_ref *of = &refs->service_accounts.item[item];

	for (uint32_t i = 0; i < refs->service_accounts.n; i++) {
		const struct cluster_object_ref *ref = &refs->service_accounts.item[i];

		if (str_eq(ref->name.s, of->name.s) && str_eq(ref->namespace.s, of->namespace.s) &&
		    (!ref->cluster_name.s.n || str_eq(ref->cluster_name.s, c->name)))
			return true;
	}
	return false;
}

static void grant_accounts(struct granting *x, const struct kube_service_account_refs *refs)
{
	for (uint32_t i = 0; i < refs->service_accounts.n; i++) {
		const struct cluster_object_ref *ref = &refs->service_accounts.item[i];
		const struct cluster *c = inventory_cluster(&x->job->builder->snapshot->inventory,
							    ref->cluster_name.s);

		if (!ref->cluster_name.s.n) {
			add_account_of_peers(x, ref->namespace.s, ref->name.s, ref->at);
		} else if (c) {
			check_enforceable(x, c, ref->cluster_name.at,
					  &(struct meaning){ is_referred, refs, i, false });
			add_account_of_cluster(x, c, ref->namespace.s, ref->name.s,
					       ref->cluster_name.at);
		}
	}
}

void identities_grant_own(struct granting *x, struct span at)
{
	add_account(x, x->service->mesh, S(""), S(""), at);
}

void identities_grant(struct granting *x, const struct identity_selector *selector)
{
	if (selector->kube_identity_matcher)
		grant_matcher(x, selector->kube_identity_matcher);
	if (selector->kube_service_account_refs)
		grant_accounts(x, selector->kube_service_account_refs);
}
