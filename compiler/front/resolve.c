/*
 * Pass 4: a catalog of resources -> one linked snapshot.
 *
 * Two rounds over the clusters, each in parallel: first what a cluster and its
 * control planes are, then, when every mesh has its final place, what runs in
 * them. References are checked last, against the finished inventory.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"
#include "model/select.h"

enum seed_rank {
	SEED_SETTINGS,
	SEED_REGISTERED,
	SEED_OBJECT
}; /* who may say where a cluster stands */

struct seed { /* something from which a cluster is known */
	struct str name;
	struct span at;
	enum seed_rank rank;
};

struct resolving {
	struct pass *p;
	const struct sources *sources;
	const struct catalog *catalog;
	struct snapshot *out;
	VEC(struct seed) seeds;
	struct slot *slots; /* slot i: cluster i */
	struct draft *drafts;
};

static const enum kind gloo_kinds[] = { KIND_MESH, KIND_WORKLOAD, KIND_DESTINATION };

static void add_seed(struct resolving *r, struct str name, struct span at, enum seed_rank rank)
{
	const char *why = name_fault(name, NAME_LABEL);

	if (why)
		report_bad_name(r->p->diags, at, name, str_of(why));
	else
		vec_add(r->p->mem, &r->seeds, ((struct seed){ name, at, rank }));
}

static void seed_from_folders(struct resolving *r)
{
	struct str last = { 0 };

	for (uint32_t i = 0; i < r->sources->all.n; i++) {
		const struct source *source = &r->sources->all.at[i];

		if (source->folder.n && !str_eq(source->folder, last))
			add_seed(r, source->folder, (struct span){ source->file, 0, 0 },
				 SEED_OBJECT);
		last = source->folder;
	}
}

static void seed_from_kind(struct resolving *r, enum kind kind, enum seed_rank rank)
{
	struct resources all = catalog_kind(r->catalog, kind);

	for (uint32_t i = 0; i < all.n; i++) {
		const struct resource *resource = &all.at[i];

		add_seed(r,
			 resource->folder.n && kind == KIND_CLUSTER ? resource->folder
								    : resource->name,
			 resource->at, rank);
	}
}

static void seed_from_gloo(struct resolving *r)
{
	for (uint32_t k = 0; k < countof(gloo_kinds); k++) {
		struct resources all = catalog_kind(r->catalog, gloo_kinds[k]);

		for (uint32_t i = 0; i < all.n; i++) {
			struct str name;
			struct span at;

			if (all.at[i].broken || !gloo_cluster(&all.at[i], &name, &at))
				continue;
			if (name.n)
				add_seed(r, name, at, SEED_OBJECT);
			else
				report_incomplete_reference(r->p->diags, at, S("cluster"),
							    str_of(kind_row(gloo_kinds[k])->name));
		}
	}
}

static int compare_spans(struct span a, struct span b)
{
	if (a.file != b.file)
		return a.file < b.file ? -1 : 1;
	return (a.start > b.start) - (a.start < b.start);
}

static int compare_seeds(const void *left, const void *right)
{
	const struct seed *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	if (!order)
		order = (a->rank > b->rank) - (a->rank < b->rank);
	return order ? order : compare_spans(a->at, b->at);
}

/* The first seed of a name in that order is where the cluster is said to stand. */
static void settle_clusters(struct resolving *r)
{
	struct inventory *inventory = &r->out->inventory;

	sort_stable(r->p->mem, r->seeds.at, r->seeds.n, sizeof *r->seeds.at, compare_seeds);
	inventory->clusters = NEW(r->p->mem, struct cluster, r->seeds.n);
	for (uint32_t i = 0; i < r->seeds.n; i++) {
		uint32_t n = inventory->n_clusters;
		struct cluster *c = &inventory->clusters[n];

		if (n && str_eq(c[-1].name, r->seeds.at[i].name))
			continue;
		c->name = r->seeds.at[i].name;
		c->at = r->seeds.at[i].at;
		c->index = n;
		inventory->n_clusters++;
	}
}

static void find_clusters(struct resolving *r)
{
	seed_from_folders(r);
	seed_from_kind(r, KIND_CLUSTER, SEED_SETTINGS);
	seed_from_kind(r, KIND_KUBERNETES_CLUSTER, SEED_REGISTERED);
	seed_from_gloo(r);
	settle_clusters(r);
	if (!r->out->inventory.n_clusters && !r->catalog->torn.n)
		report_no_clusters(r->p->diags, r->sources->fleet.at, r->sources->fleet.inventory);
}

static void begin_drafts(struct resolving *r)
{
	uint32_t n = r->out->inventory.n_clusters;

	r->slots = slots_new(r->p->mem, n);
	r->drafts = NEW(r->p->mem, struct draft, n);
	for (uint32_t i = 0; i < n; i++)
		r->drafts[i] = (struct draft){ .mem = r->slots[i].mem,
					       .diags = &r->slots[i].diags,
					       .fleet = &r->sources->fleet,
					       .catalog = r->catalog,
					       .inventory = &r->out->inventory,
					       .cluster = &r->out->inventory.clusters[i] };
}

static struct resource_refs *refs_of(struct draft *d, enum kind kind)
{
	if (kind == KIND_MESH)
		return &d->meshes_said;
	return kind == KIND_WORKLOAD ? &d->workloads_said : &d->destinations_said;
}

/* Gloo's objects go to the clusters that they are about. */
static void assign_gloo(struct resolving *r)
{
	for (uint32_t k = 0; k < countof(gloo_kinds); k++) {
		struct resources all = catalog_kind(r->catalog, gloo_kinds[k]);

		for (uint32_t i = 0; i < all.n; i++) {
			const struct cluster *c;
			struct str name;
			struct span at;

			if (all.at[i].broken || !gloo_cluster(&all.at[i], &name, &at))
				continue;
			c = inventory_cluster(&r->out->inventory, name);
			if (c)
				vec_add(r->p->mem, refs_of(&r->drafts[c->index], gloo_kinds[k]),
					&all.at[i]);
		}
	}
}

static void first_round(uint32_t i, void *cx)
{
	discover_cluster(&((struct resolving *)cx)->drafts[i]);
}

static void second_round(uint32_t i, void *cx)
{
	struct draft *d = &((struct resolving *)cx)->drafts[i];

	discover_workloads(d);
	discover_services(d);
}

static int compare_meshes(const void *left, const void *right)
{
	const struct mesh *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->space, b->space);
}

static void report_same_mesh(struct resolving *r, const struct mesh *first,
			     const struct mesh *again)
{
	struct finding *f = report_duplicate_object(r->p->diags, again->at, S("Mesh"), again->name);

	note(f, first->at, "first declared here");
}

/* Meshes get their final places, so that workloads and services can point at them. */
static void settle_meshes(struct resolving *r)
{
	struct inventory *inventory = &r->out->inventory;
	uint32_t total = 0, n = 0, kept = 0;

	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		total += r->drafts[i].meshes.n;
	inventory->meshes = NEW(r->p->mem, struct mesh, total);
	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		for (uint32_t k = 0; k < r->drafts[i].meshes.n; k++)
			inventory->meshes[n++] = r->drafts[i].meshes.at[k];
	sort_stable(r->p->mem, inventory->meshes, n, sizeof *inventory->meshes, compare_meshes);
	for (uint32_t i = 0; i < n; i++) {
		struct mesh *mesh = &inventory->meshes[i];

		if (kept && compare_meshes(&inventory->meshes[kept - 1], mesh) == 0)
			report_same_mesh(r, &inventory->meshes[kept - 1], mesh);
		else
			inventory->meshes[kept++] = *mesh;
	}
	inventory->n_meshes = kept;
	for (uint32_t i = 0; i < kept; i++) {
		struct cluster *c = &inventory->clusters[inventory->meshes[i].cluster->index];

		vec_add(r->p->mem, &c->meshes, &inventory->meshes[i]);
	}
}

static int compare_discovered(const void *left, const void *right)
{
	const struct service *a = *(const struct service *const *)left,
			     *b = *(const struct service *const *)right;

	return str_cmp(a->discovered_name, b->discovered_name);
}

/* `a-b` in `c` and `a` in `b-c` have one name: nothing that names it could say which is meant. */
static void check_discovered_names(struct resolving *r)
{
	const struct inventory *inventory = &r->out->inventory;
	const struct service **all;
	uint32_t total = 0, n = 0;

	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		total += inventory->clusters[i].n_services;
	all = NEW(r->p->mem, const struct service *, total);
	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		for (uint32_t k = 0; k < inventory->clusters[i].n_services; k++)
			all[n++] = &inventory->clusters[i].services[k];
	sort_stable(r->p->mem, all, n, sizeof *all, compare_discovered);
	for (uint32_t i = 1; i < n; i++) {
		struct finding *f;

		if (compare_discovered(&all[i - 1], &all[i]) != 0)
			continue;
		f = report_discovered_name_taken(
			r->p->diags, all[i]->at, service_title(r->p->mem, all[i - 1]),
			service_title(r->p->mem, all[i]), all[i]->discovered_name);
		note(f, all[i - 1]->at, "the other one");
	}
}

#define TAKE_SOUND(r, kind, into)                                                                  \
	do {                                                                                       \
		struct resources all_ = catalog_kind((r)->catalog, (kind));                        \
		for (uint32_t i_ = 0; i_ < all_.n; i_++)                                           \
			if (!all_.at[i_].broken)                                                   \
				vec_add((r)->p->mem, (into), &all_.at[i_]);                        \
	} while (0)

void front_resolve(struct pass *p, const struct sources *sources, const struct catalog *catalog,
		   struct snapshot *out)
{
	struct resolving r = { .p = p, .sources = sources, .catalog = catalog, .out = out };
	uint32_t n;

	*out = (struct snapshot){ .catalog = catalog, .fleet = &sources->fleet };
	find_clusters(&r);
	n = out->inventory.n_clusters;
	begin_drafts(&r);
	assign_gloo(&r);
	pool_map(p->pool, n, first_round, &r);
	settle_meshes(&r);
	pool_map(p->pool, n, second_round, &r);
	slots_join(p, r.slots, n);
	check_discovered_names(&r);

	TAKE_SOUND(&r, KIND_TRAFFIC_POLICY, &out->traffic_policies);
	TAKE_SOUND(&r, KIND_ACCESS_POLICY, &out->access_policies);
	TAKE_SOUND(&r, KIND_VIRTUAL_MESH, &out->virtual_meshes);
	references_check(p, out);
}
