/*
 * The objects of one cluster, kind by kind; what hangs together has a file of its own.
 *
 * Secrets are never among them, nor what tools bring along themselves, such as the
 * definitions of APIs.
 */
#include "base/base.h"
#include "stub/local.h"

#include "base/sort.h"
#include "model/mesh_traits.h"

static bool is_control_plane(const struct cluster *c, struct str space)
{
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (str_eq(c->meshes.at[i]->install_space, space))
			return true;
	return false;
}

static struct node *space_label(struct stubbing *s, struct node *labels, struct str key,
				const struct namespace_ *space, struct str value)
{
	if (value.n && !label_get(&space->labels, key).p)
		node_put(s->mem, labels, key, node_string(s->mem, value, (struct span){ 0 }));
	return labels;
}

/* With the label that Kubernetes gives to each, and the network of a mesh on that of its control plane. */
static void put_space(struct stubbing *s, const struct namespace_ *space)
{
	const struct resource *source =
		catalog_find(s->catalog, KIND_NAMESPACE, s->cluster->name, S(""), space->name);
	struct node *body = stub_object(s, "v1", "Namespace", S(""), space->name, source);
	struct node *metadata = node_get(body, S("metadata")), *labels;

	stub_labels(s, metadata, "labels", &space->labels);
	labels = node_get(metadata, S("labels"));
	if (!labels)
		labels = stub_map(s, metadata, "labels");
	space_label(s, labels, S("kubernetes.io/metadata.name"), space, space->name);
	if (is_control_plane(s->cluster, space->name))
		space_label(s, labels, S("topology.istio.io/network"), space, s->cluster->network);
	node_sort_keys(s->mem, labels);
	stub_labels(s, metadata, "annotations", &space->annotations);
}

static void put_accounts(struct stubbing *s)
{
	for (uint32_t i = 0; i < s->cluster->n_accounts; i++) {
		const struct account *account = &s->cluster->accounts[i];
		const struct resource *source =
			catalog_find(s->catalog, KIND_SERVICE_ACCOUNT, s->cluster->name,
				     account->space, account->name);

		stub_object(s, "v1", "ServiceAccount", account->space, account->name, source);
	}
}

/* Those of control planes: the others are nobody's business here. */
static void put_config_maps(struct stubbing *s)
{
	struct resources all = catalog_folder(s->catalog, KIND_CONFIG_MAP, s->cluster->name);

	for (uint32_t i = 0; i < all.n; i++) {
		const struct resource *resource = &all.at[i];
		const struct k8s_config_map *map = resource->body;
		struct node *body;

		if (resource->broken || !is_control_plane(s->cluster, resource->space))
			continue;
		body = stub_object(s, "v1", "ConfigMap", resource->space, resource->name, resource);
		stub_marks(s, body, map->metadata);
		if (map->data)
			node_put(s->mem, body, S("data"), node_copy(s->mem, map->data));
	}
}

/* What the inventory says of a mesh without having its settings: Gloo's discovery knows some. */
static void put_config(struct stubbing *s, const struct mesh *mesh)
{
	struct str name = mesh_config_map(s->mem, mesh), text;

	if (!name.n ||
	    catalog_find(s->catalog, KIND_CONFIG_MAP, s->cluster->name, mesh->install_space, name))
		return;
	text = str_format(s->mem,
			  "trustDomain: %.*s\nrootNamespace: %.*s\ndefaultConfig:\n"
			  "  proxyMetadata:\n    ISTIO_META_DNS_CAPTURE: \"%s\"\n",
			  STR(mesh->trust_domain), STR(mesh->root_space),
			  mesh->dns_proxying ? "true" : "false");
	stub_text(s,
		  stub_map(s, stub_object(s, "v1", "ConfigMap", mesh->install_space, name, NULL),
			   "data"),
		  "mesh", text);
}

static int compare_objects(const void *a, const void *b)
{
	return object_key_compare(&((const struct object *)a)->key,
				  &((const struct object *)b)->key);
}

void stub_objects(struct arena *mem, const struct snapshot *snapshot, const struct cluster *cluster,
		  struct object_set *out)
{
	struct stubbing s = {
		.mem = mem, .catalog = snapshot->catalog, .cluster = cluster, .out = out
	};

	out->cluster = cluster->name;
	out->at = cluster->at;
	out->unmeasured = true;
	for (uint32_t i = 0; i < cluster->n_namespaces; i++)
		put_space(&s, &cluster->namespaces[i]);
	put_accounts(&s);
	put_config_maps(&s);
	for (uint32_t i = 0; i < cluster->meshes.n; i++)
		put_config(&s, cluster->meshes.at[i]);
	stub_nodes(&s);
	stub_pods(&s);
	stub_services(&s);
	sort_stable(mem, out->all.at, out->all.n, sizeof *out->all.at, compare_objects);
}
