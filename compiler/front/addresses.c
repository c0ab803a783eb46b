/*
 * At which addresses a service can be reached from outside of its cluster.
 *
 * External IPs; the load balancer's addresses; for a NodePort those of the nodes.
 * A cluster may list any of them in any order, so they are kept sorted.
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/model.gen.h"

void address_add(struct draft *d, struct service *s, struct str address)
{
	uint32_t at = 0;

	if (!address.n)
		return;
	while (at < s->addresses.n && str_cmp(s->addresses.at[at], address) < 0)
		at++;
	if (at < s->addresses.n && str_eq(s->addresses.at[at], address))
		return;
	(void)vec_push(d->mem, &s->addresses);
	memmove(&s->addresses.at[at + 1], &s->addresses.at[at],
		(s->addresses.n - 1 - at) * sizeof address);
	s->addresses.at[at] = address;
}

static void add_typed(struct draft *d, const struct k8s_node_status *status, struct str type)
{
	for (uint32_t i = 0; i < status->addresses.n; i++)
		if (str_eq(status->addresses.item[i].type.s, type))
			vec_add(d->mem, &d->node_addresses, status->addresses.item[i].address.s);
}

/* Each node by its external address, else by its internal one. */
static void find_node_addresses(struct draft *d)
{
	struct resources nodes = catalog_folder(d->catalog, KIND_NODE, d->cluster->name);

	d->has_node_addresses = true;
	for (uint32_t i = 0; i < nodes.n; i++) {
		const struct k8s_node *node = nodes.at[i].body;
		uint32_t before = d->node_addresses.n;

		if (nodes.at[i].broken || !node->status)
			continue;
		add_typed(d, node->status, S("ExternalIP"));
		if (d->node_addresses.n == before)
			add_typed(d, node->status, S("InternalIP"));
	}
	sort_unique_texts(d->mem, d->node_addresses.at, &d->node_addresses.n);
}

static void add_load_balancer(struct draft *d, struct service *s,
			      const struct k8s_service_status *status)
{
	const struct k8s_load_balancer *balancer = status ? status->load_balancer : NULL;

	for (uint32_t i = 0; balancer && i < balancer->ingress.n; i++) {
		const struct k8s_load_balancer_ingress *ingress = &balancer->ingress.item[i];

		address_add(d, s, ingress->ip.s.n ? ingress->ip.s : ingress->hostname.s);
	}
}

void addresses_of(struct draft *d, struct service *s, const struct k8s_service *body)
{
	for (uint32_t i = 0; i < body->spec->external_ips.n; i++)
		address_add(d, s, body->spec->external_ips.item[i].s);
	if (s->type == SERVICE_LOAD_BALANCER)
		add_load_balancer(d, s, body->status);
	if (s->type != SERVICE_NODE_PORT)
		return;
	if (!d->has_node_addresses)
		find_node_addresses(d);
	for (uint32_t i = 0; i < d->node_addresses.n; i++)
		address_add(d, s, d->node_addresses.at[i]);
}
