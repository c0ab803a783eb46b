/*
 * What is known about a cluster itself: its domain, network, place and namespaces.
 *
 * The Cluster of meshc.dev is asked first, then Gloo's KubernetesCluster, then
 * the objects of the dump.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"
#include "model/select.h"

static const struct resource *find_settings(struct draft *d)
{
	struct resources mine = catalog_folder(d->catalog, KIND_CLUSTER, d->cluster->name);
	const struct resource *first = mine.n ? mine.at : NULL;
	const struct resource *outside =
		catalog_find(d->catalog, KIND_CLUSTER, S(""), S(""), d->cluster->name);

	for (uint32_t i = 0; i < mine.n; i++)
		if (!str_eq(mine.at[i].name, d->cluster->name))
			report_cluster_name_differs(d->diags, mine.at[i].at, mine.at[i].name,
						    d->cluster->name);
		else
			first = &mine.at[i];
	if (!first)
		return outside;
	if (outside) {
		struct finding *f =
			report_duplicate_object(d->diags, outside->at, S("Cluster"), outside->name);

		note(f, first->at, "first declared here");
	}
	return first;
}

static struct str registered_domain(const struct draft *d)
{
	struct resources all = catalog_kind(d->catalog, KIND_KUBERNETES_CLUSTER);

	for (uint32_t i = 0; i < all.n; i++) {
		const struct kubernetes_cluster *body = all.at[i].body;

		if (!all.at[i].broken && str_eq(all.at[i].name, d->cluster->name) && body->spec &&
		    given(body->spec->cluster_domain))
			return body->spec->cluster_domain.s;
	}
	return S("");
}

static struct str text_get(const struct text_map *map, struct str key)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (str_eq(map->item[i].key.s, key))
			return map->item[i].value.s;
	return (struct str){ 0 };
}

/* What the nodes say, where they agree; nodes that say nothing do not count. */
static struct str node_label(struct draft *d, struct str key, struct str beta_key)
{
	struct resources nodes = catalog_folder(d->catalog, KIND_NODE, d->cluster->name);
	struct str agreed = { 0 };

	for (uint32_t i = 0; i < nodes.n; i++) {
		const struct k8s_node *node = nodes.at[i].body;
		struct str value = { 0 };

		if (node->metadata)
			value = text_get(&node->metadata->labels, key);
		if (node->metadata && !value.n)
			value = text_get(&node->metadata->labels, beta_key);
		if (!value.n)
			continue;
		if (agreed.n && !str_eq(agreed, value))
			return (struct str){ 0 };
		agreed = value;
	}
	return agreed;
}

static void take_place(struct draft *d)
{
	struct cluster *c = d->cluster;

	c->domain = registered_domain(d);
	c->locality.region = node_label(d, S("topology.kubernetes.io/region"),
					S("failure-domain.beta.kubernetes.io/region"));
	c->locality.zone = node_label(d, S("topology.kubernetes.io/zone"),
				      S("failure-domain.beta.kubernetes.io/zone"));
	if (!d->settings)
		return;
	if (given(d->settings->cluster_domain))
		c->domain = d->settings->cluster_domain.s;
	if (given(d->settings->region))
		c->locality.region = d->settings->region.s;
	if (given(d->settings->zone))
		c->locality.zone = d->settings->zone.s;
	c->network = d->settings->network.s;
	c->labels = labels_of(d->mem, &d->settings->labels);
	for (uint32_t i = 0; i < d->settings->served_apis.n; i++)
		vec_add(d->mem, &c->served_apis, d->settings->served_apis.item[i].s);
	sort_unique_texts(d->mem, c->served_apis.at, &c->served_apis.n);
}

struct spaces {
	VEC(struct str) all;
};

static void add_space(struct draft *d, struct spaces *spaces, struct str space)
{
	if (space.n && (!spaces->all.n || !str_eq(spaces->all.at[spaces->all.n - 1], space)))
		vec_add(d->mem, &spaces->all, space);
}

static void add_said_spaces(struct draft *d, struct spaces *spaces)
{
	for (uint32_t i = 0; i < d->workloads_said.n; i++) {
		const struct discovered_workload *w = d->workloads_said.at[i]->body;

		add_space(d, spaces, w->spec->kubernetes->controller->namespace.s);
	}
	for (uint32_t i = 0; i < d->destinations_said.n; i++) {
		const struct discovered_destination *s = d->destinations_said.at[i]->body;

		add_space(d, spaces, s->spec->kube_service->ref->namespace.s);
	}
	for (uint32_t i = 0; i < d->meshes_said.n; i++) {
		const struct discovered_mesh *m = d->meshes_said.at[i]->body;

		if (installation_of(m->spec))
			add_space(d, spaces, installation_of(m->spec)->namespace.s);
	}
}

/* NULL: it has none that can be read. */
static const struct k8s_metadata *metadata_of_namespace(const struct draft *d, struct str name)
{
	const struct resource *resource =
		catalog_find(d->catalog, KIND_NAMESPACE, d->cluster->name, S(""), name);

	return resource && !resource->broken
		       ? ((const struct k8s_namespace *)resource->body)->metadata
		       : NULL;
}

/* Namespaces of the dump, and those that only its objects name. */
static void take_namespaces(struct draft *d)
{
	static const enum kind kinds[] = { KIND_SERVICE,    KIND_SERVICE_ACCOUNT, KIND_CONFIG_MAP,
					   KIND_DEPLOYMENT, KIND_STATEFUL_SET,    KIND_DAEMON_SET };
	struct resources own = catalog_folder(d->catalog, KIND_NAMESPACE, d->cluster->name);
	struct cluster *c = d->cluster;
	struct spaces spaces = { 0 };

	for (uint32_t i = 0; i < own.n; i++)
		add_space(d, &spaces, own.at[i].name);
	for (uint32_t k = 0; k < countof(kinds); k++) {
		struct resources some = catalog_folder(d->catalog, kinds[k], c->name);

		for (uint32_t i = 0; i < some.n; i++)
			add_space(d, &spaces, some.at[i].space);
	}
	add_said_spaces(d, &spaces);
	sort_unique_texts(d->mem, spaces.all.at, &spaces.all.n);
	c->namespaces = NEW(d->mem, struct namespace_, spaces.all.n);
	c->n_namespaces = spaces.all.n;
	for (uint32_t i = 0; i < spaces.all.n; i++) {
		const struct k8s_metadata *metadata = metadata_of_namespace(d, spaces.all.at[i]);

		c->namespaces[i].name = spaces.all.at[i];
		if (!metadata)
			continue;
		c->namespaces[i].labels = labels_of(d->mem, &metadata->labels);
		c->namespaces[i].annotations = labels_of(d->mem, &metadata->annotations);
	}
}

/* istio-system says by a label which network its cluster is part of. */
static void take_network_of_mesh(struct draft *d)
{
	for (uint32_t i = 0; i < d->meshes.n && !d->cluster->network.n; i++) {
		struct str space = d->meshes.at[i].install_space;
		const struct k8s_metadata *metadata = metadata_of_namespace(d, space);

		if (metadata)
			d->cluster->network =
				text_get(&metadata->labels, S("topology.istio.io/network"));
	}
}

void discover_cluster(struct draft *d)
{
	const struct resource *settings = find_settings(d);

	if (settings && !settings->broken)
		d->settings = ((const struct cluster_settings *)settings->body)->spec;
	take_place(d);
	take_namespaces(d);
	discover_meshes(d);
	if (!d->cluster->domain.n)
		d->cluster->domain = d->mesh_domain.n ? d->mesh_domain : S("cluster.local");
	take_network_of_mesh(d);
	discover_apis(d);
	discover_foreign(d);
}
