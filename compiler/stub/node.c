/*
 * Nodes. A pod runs where its cluster is said to be: on the first node of that place,
 * and where the inventory has none, on one that is made up to say it.
 */
#include "base/base.h"
#include "stub/local.h"

#include "model/select.h"
#include "schema/encode.h"

#define REGION "topology.kubernetes.io/region"
#define ZONE "topology.kubernetes.io/zone"

static struct str label_of(const struct labels *labels, struct str key, struct str beta_key)
{
	struct str value = label_get(labels, key);

	return value.n ? value : label_get(labels, beta_key);
}

static bool is_said(struct str wanted, struct str label)
{
	return !wanted.n || str_eq(wanted, label);
}

/* Whether pods of the cluster may be there, and in which zone then. */
static bool is_home(struct stubbing *s, const struct k8s_node *node, struct str *zone)
{
	const struct locality *place = &s->cluster->locality;
	struct labels labels = { 0 };

	if (node->metadata)
		labels = labels_of(s->mem, &node->metadata->labels);
	*zone = label_of(&labels, S(ZONE), S("failure-domain.beta.kubernetes.io/zone"));
	return is_said(place->zone, *zone) &&
	       is_said(place->region,
		       label_of(&labels, S(REGION), S("failure-domain.beta.kubernetes.io/region")));
}

static void put_node(struct stubbing *s, const struct resource *resource)
{
	const struct k8s_node *node = resource->body;
	struct node *body = stub_object(s, "v1", "Node", S(""), resource->name, resource);

	stub_marks(s, body, node->metadata);
	if (node->status)
		node_put(s->mem, body, S("status"),
			 encode(s->mem, &shape_k8s_node_status, node->status));
}

static void make_node(struct stubbing *s)
{
	const struct locality *place = &s->cluster->locality;
	struct node *body = stub_object(s, "v1", "Node", S(""), S("meshc-stub"), NULL);
	struct node *labels = stub_map(s, node_get(body, S("metadata")), "labels");

	if (place->region.n)
		stub_text(s, labels, REGION, place->region);
	if (place->zone.n)
		stub_text(s, labels, ZONE, place->zone);
	s->node = S("meshc-stub");
	s->zone = place->zone;
}

void stub_nodes(struct stubbing *s)
{
	struct resources nodes = catalog_folder(s->catalog, KIND_NODE, s->cluster->name);
	struct str zone;

	for (uint32_t i = 0; i < nodes.n; i++) {
		if (nodes.at[i].broken)
			continue;
		put_node(s, &nodes.at[i]);
		if (s->node.n || !is_home(s, nodes.at[i].body, &zone))
			continue;
		s->node = nodes.at[i].name;
		s->zone = zone;
	}
	if (!s->node.n && (s->cluster->locality.region.n || s->cluster->locality.zone.n))
		make_node(s);
}
