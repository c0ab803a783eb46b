/*
 * One reference: does it name something of the inventory?
 *
 * A reference that leads nowhere is an error with the nearest name. Where the
 * inventory itself could not be read in full, what it seems to lack is no finding.
 */
#include "base/base.h"
#include "front/local.h"
#include "model/select.h"

static bool is_torn(const struct checker *c, struct str cluster)
{
	for (uint32_t i = 0; i < c->snapshot->catalog->torn.n; i++) {
		struct str folder = c->snapshot->catalog->torn.at[i];

		if (!folder.n || str_eq(folder, cluster))
			return true;
	}
	return false;
}

bool is_inventory_torn(const struct checker *c)
{
	return c->snapshot->catalog->torn.n > 0;
}

static void suggest(struct finding *f, struct span at, struct str near)
{
	if (!near.n)
		return;
	help(f, "closest: `%.*s`", STR(near));
	fix(f, at, near);
}

static bool is_given(struct checker *c, const struct text *text, const char *field,
		     const char *what, struct span at)
{
	if (text->s.n)
		return true;
	report_incomplete_reference(c->diags, given(*text) ? text->at : at, str_of(field),
				    str_of(what));
	return false;
}

const struct cluster *reference_cluster(struct checker *c, const struct text *name)
{
	const struct inventory *inventory = &c->snapshot->inventory;
	const struct cluster *cluster = inventory_cluster(inventory, name->s);
	struct str *names;

	if (cluster || is_torn(c, S("")))
		return cluster;
	names = NEW(c->mem, struct str, inventory->n_clusters);
	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		names[i] = inventory->clusters[i].name;
	suggest(report_unknown_cluster(c->diags, name->at, name->s), name->at,
		str_nearest(name->s, names, inventory->n_clusters));
	return NULL;
}

bool reference_clusters(struct checker *c, const struct texts *names)
{
	bool sound = true;

	for (uint32_t i = 0; i < names->n; i++)
		sound = reference_cluster(c, &names->item[i]) && sound;
	return sound;
}

static void report_namespace(struct checker *c, const struct text *name)
{
	const struct inventory *inventory = &c->snapshot->inventory;
	VEC(struct str) names = { 0 };

	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		for (uint32_t k = 0; k < inventory->clusters[i].n_namespaces; k++)
			vec_add(c->mem, &names, inventory->clusters[i].namespaces[k].name);
	sort_unique_texts(c->mem, names.at, &names.n);
	suggest(report_unknown_namespace(c->diags, name->at, name->s), name->at,
		str_nearest(name->s, names.at, names.n));
}

bool reference_namespace(struct checker *c, const struct text *name)
{
	const struct inventory *inventory = &c->snapshot->inventory;

	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		if (cluster_has_namespace(&inventory->clusters[i], name->s))
			return true;
	if (!is_inventory_torn(c))
		report_namespace(c, name);
	return false;
}

bool reference_namespaces(struct checker *c, const struct texts *names)
{
	bool sound = true;

	for (uint32_t i = 0; i < names->n; i++)
		sound = reference_namespace(c, &names->item[i]) && sound;
	return sound;
}

/* The same name in another namespace is nearer than any other name. */
static void suggest_mesh(struct checker *c, struct finding *f, const struct object_ref *ref)
{
	const struct inventory *inventory = &c->snapshot->inventory;
	struct str *names = NEW(c->mem, struct str, inventory->n_meshes), near;

	for (uint32_t i = 0; i < inventory->n_meshes; i++) {
		names[i] = inventory->meshes[i].name;
		if (!str_eq(names[i], ref->name.s))
			continue;
		help(f, "mesh `%.*s` is in namespace `%.*s`", STR(names[i]),
		     STR(inventory->meshes[i].space));
		fix(f, ref->namespace.at, inventory->meshes[i].space);
		return;
	}
	near = str_nearest(ref->name.s, names, inventory->n_meshes);
	suggest(f, ref->name.at, near);
	if (!near.n && inventory->n_meshes == 1)
		help(f, "the inventory has one mesh: `%.*s`", STR(names[0]));
}

void reference_mesh(struct checker *c, const struct object_ref *ref)
{
	bool named = is_given(c, &ref->name, "name", "mesh", ref->at);

	if (!is_given(c, &ref->namespace, "namespace", "mesh", ref->at) || !named)
		return;
	if (inventory_mesh(&c->snapshot->inventory, ref->name.s, ref->namespace.s) ||
	    is_inventory_torn(c))
		return;
	suggest_mesh(c, report_unknown_mesh(c->diags, ref->name.at, ref->name.s), ref);
}

static struct str nearest_service(struct checker *c, const struct cluster *cluster,
				  struct str space, struct str name)
{
	VEC(struct str) names = { 0 };

	for (uint32_t i = 0; i < cluster->n_services; i++)
		if (str_eq(cluster->services[i].space, space))
			vec_add(c->mem, &names, cluster->services[i].name);
	return str_nearest(name, names.at, names.n);
}

static const struct service *service_elsewhere(const struct cluster *cluster, struct str name)
{
	for (uint32_t i = 0; i < cluster->n_services; i++)
		if (str_eq(cluster->services[i].name, name))
			return &cluster->services[i];
	return NULL;
}

static void explain_service(struct checker *c, struct finding *f, const struct cluster *cluster,
			    const struct text *space, const struct text *name)
{
	const struct resource *raw =
		catalog_find(c->snapshot->catalog, KIND_SERVICE, cluster->name, space->s, name->s);
	struct str near = nearest_service(c, cluster, space->s, name->s);
	const struct service *other = service_elsewhere(cluster, name->s);

	if (raw) {
		note(f, raw->at, "this Service has no workload of a mesh behind it");
	} else if (near.n) {
		suggest(f, name->at, near);
	} else if (other) {
		help(f, "`%.*s` is in namespace `%.*s`", STR(name->s), STR(other->space));
		fix(f, space->at, other->space);
	}
}

/* All three fields are needed: a policy has no cluster of its own that could stand in. */
bool reference_service(struct checker *c, const struct text *name, const struct text *space,
		       const struct text *cluster_name, struct span at)
{
	bool named = is_given(c, name, "name", "service", at);
	bool placed = is_given(c, space, "namespace", "service", at);
	const struct cluster *cluster;
	struct str title;

	if (!is_given(c, cluster_name, "clusterName", "service", at) || !named || !placed)
		return false;
	cluster = reference_cluster(c, cluster_name);
	if (!cluster)
		return false;
	if (cluster_service(cluster, space->s, name->s))
		return true;
	if (is_torn(c, cluster->name))
		return false;
	title = str_format(c->mem, "%.*s.%.*s.%.*s", STR(name->s), STR(space->s),
			   STR(cluster->name));
	explain_service(c, report_unknown_service(c->diags, name->at, title), cluster, space, name);
	return false;
}

/* Every namespace has an account `default`, whether the dump shows it or not. */
static bool has_account(const struct cluster *cluster, struct str space, struct str name)
{
	if (str_eq(name, S("default")))
		return cluster_has_namespace(cluster, space);
	return cluster_account(cluster, space, name) != NULL;
}

static bool is_account_known(struct checker *c, const struct cluster_object_ref *ref)
{
	const struct inventory *inventory = &c->snapshot->inventory;
	const struct texts any = { 0 };
	struct text only = ref->cluster_name;
	struct texts clusters = ref->cluster_name.s.n ? (struct texts){ &only, 1, only.at } : any;

	for (uint32_t i = 0; i < inventory->n_clusters; i++)
		if (texts_admit(&clusters, inventory->clusters[i].name) &&
		    has_account(&inventory->clusters[i], ref->namespace.s, ref->name.s))
			return true;
	return false;
}

/* Left out: clusterName = any cluster, name = every account of the namespace. Without a namespace it would be everybody. */
void reference_account(struct checker *c, const struct cluster_object_ref *ref)
{
	if (!is_given(c, &ref->namespace, "namespace", "service account", ref->at))
		return;
	if (ref->cluster_name.s.n && !reference_cluster(c, &ref->cluster_name))
		return;
	if (!reference_namespace(c, &ref->namespace) || !ref->name.s.n)
		return;
	if (!is_account_known(c, ref) && !is_inventory_torn(c))
		report_unknown_service_account(
			c->diags, ref->name.at,
			str_format(c->mem, "%.*s.%.*s", STR(ref->name.s), STR(ref->namespace.s)));
}
