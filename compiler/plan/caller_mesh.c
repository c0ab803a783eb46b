/*
 * Callers whose identity a service cannot check, since their mesh is of another kind:
 * a policy that lets them in lets in nobody.
 *
 * Only workloads tell in which mesh an account is used. Where the inventory has none
 * of an account, nothing is said.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

typedef uint32_t kind_set; /* bit i: enum mesh_kind i */

struct usage {
	kind_set kinds;
	const struct workload *example;
};

struct calling {
	struct arena *mem;
	struct diags *diags;
	const struct builder *builder;
	struct map used; /* cluster/namespace/account, each part possibly open -> struct usage * */
};

static kind_set bit(enum mesh_kind kind)
{
	return (kind_set)1 << kind;
}

static struct str key_of(struct arena *mem, struct str cluster, struct str space,
			 struct str account)
{
	return str_join(mem, cluster, S("/"), space, S("/"), account);
}

static void add(struct calling *x, const struct workload *w, struct str cluster, struct str space,
		struct str account)
{
	void **slot = map_put(&x->used, key_of(x->mem, cluster, space, account));
	struct usage *usage = *slot;

	if (!usage)
		*slot = usage = NEW(x->mem, struct usage, 1);
	if (!usage->example)
		usage->example = w;
	usage->kinds |= bit(w->mesh->kind);
}

/* Under every key by which a selector may ask for it. */
static void add_workload(struct calling *x, const struct workload *w)
{
	struct str cluster = w->cluster->name, any = S("");

	add(x, w, cluster, w->space, w->account);
	add(x, w, cluster, w->space, any);
	add(x, w, cluster, any, any);
	add(x, w, any, w->space, w->account);
	add(x, w, any, w->space, any);
}

static kind_set index_workloads(struct calling *x)
{
	const struct inventory *inventory = &x->builder->snapshot->inventory;
	kind_set all = 0;

	for (uint32_t i = 0; i < inventory->n_meshes; i++)
		all |= bit(inventory->meshes[i].kind);
	if (!(all & (all - 1)))
		return all; /* one kind: nobody is a stranger */
	x->used = map_new(x->mem);
	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		for (uint32_t k = 0; k < inventory->clusters[i].n_workloads; k++)
			add_workload(x, &inventory->clusters[i].workloads[k]);
	return all;
}

/* A policy and one service that it selects for every kind of mesh. */
struct bound {
	const struct resource *policy;
	const struct service *first[MESH_CILIUM + 1];
};

static void check(struct calling *x, const struct bound *b, struct str cluster, struct str space,
		  struct str account, struct span at)
{
	const struct usage *usage = map_get(&x->used, key_of(x->mem, cluster, space, account));

	for (uint32_t kind = 0; usage && kind < countof(b->first); kind++) {
		const struct service *s = b->first[kind];

		if (!s || (usage->kinds & bit((enum mesh_kind)kind)))
			continue;
		note(report_callers_unknown(
			     x->diags, at, str_of(mesh_traits(usage->example->mesh)->name),
			     service_title(x->mem, s), str_of(mesh_traits(s->mesh)->name)),
		     usage->example->at, "for example this workload");
	}
}

static void check_matcher(struct calling *x, const struct bound *b,
			  const struct kube_identity_matcher *m)
{
	static const struct text any = { 0 };
	const struct text *clusters = m->clusters.n ? m->clusters.item : &any;
	const struct text *spaces = m->namespaces.n ? m->namespaces.item : &any;

	for (uint32_t i = 0; i < (m->namespaces.n ? m->namespaces.n : 1); i++)
		for (uint32_t k = 0; k < (m->clusters.n ? m->clusters.n : 1); k++)
			check(x, b, clusters[k].s, spaces[i].s, S(""),
			      span_set(spaces[i].at) ? spaces[i].at : clusters[k].at);
}

static void check_policy(struct calling *x, const struct bound *b)
{
	const struct access_policy_spec *spec =
		((const struct access_policy *)b->policy->body)->spec;

	for (uint32_t i = 0; i < spec->source_selector.n; i++) {
		const struct identity_selector *selector = &spec->source_selector.item[i];
		const struct kube_service_account_refs *refs = selector->kube_service_account_refs;

		if (selector->kube_identity_matcher)
			check_matcher(x, b, selector->kube_identity_matcher);
		for (uint32_t k = 0; refs && k < refs->service_accounts.n; k++) {
			const struct cluster_object_ref *ref = &refs->service_accounts.item[k];

			check(x, b, ref->cluster_name.s, ref->namespace.s, ref->name.s, ref->at);
		}
	}
}

void caller_meshes_check(struct arena *mem, struct diags *diags, const struct builder *b)
{
	struct calling x = { .mem = mem, .diags = diags, .builder = b };
	kind_set all = index_workloads(&x);
	uint32_t n = b->snapshot->access_policies.n;
	struct bound *bound;

	if (!(all & (all - 1)))
		return;
	bound = NEW(mem, struct bound, n);
	for (service_id id = 0; id < b->n_services; id++)
		for (uint32_t i = 0; i < b->access[id].n; i++) {
			const struct service *s = service_of(b, id);
			const struct service **first =
				&bound[b->access[id].at[i]].first[s->mesh->kind];

			*first = *first ? *first : s;
		}
	for (uint32_t i = 0; i < n; i++) {
		bound[i].policy = b->snapshot->access_policies.at[i];
		check_policy(&x, &bound[i]);
	}
}
