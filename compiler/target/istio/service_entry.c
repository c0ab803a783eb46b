/*
 * A federated service, seen from both sides.
 *
 *	consumer: host -> gateway addresses of the provider, once per set of labels that a
 *	          subset names; in the root namespace, for everybody
 *	provider: the same host -> the service's own workloads, by label and not by pod
 *	          address; in the service's namespace, for the gateways alone
 */
#include "base/base.h"
#include "target/istio/local.h"

#include "base/limit.h"

/* clang-format off */
static const char *const protocols[] = {
	[PROTOCOL_AUTO] = NULL,                               /* Istio looks at the traffic */
	[PROTOCOL_HTTP] = "HTTP", [PROTOCOL_HTTP2] = "HTTP2", [PROTOCOL_GRPC] = "GRPC", [PROTOCOL_GRPC_WEB] = "GRPC-Web",
	[PROTOCOL_HTTPS] = "HTTPS", [PROTOCOL_TLS] = "TLS", [PROTOCOL_TCP] = "TCP", [PROTOCOL_MONGO] = "MONGO",
	[PROTOCOL_REDIS] = "REDIS", [PROTOCOL_MYSQL] = "MYSQL", [PROTOCOL_UDP] = "UDP",
};
/* clang-format on */

static void put_host(struct lowering *lw, struct node *spec, struct str host, struct str address)
{
	add_text(lw, put_seq(lw, spec, S("hosts"), spec->at), host, spec->at);
	add_text(lw, put_seq(lw, spec, S("addresses"), spec->at), address, spec->at);
}

static void put_ports(struct lowering *lw, struct node *spec, const struct mesh_port *ports,
		      uint32_t n, bool with_target)
{
	struct node *list = put_seq(lw, spec, S("ports"), spec->at);

	for (uint32_t i = 0; i < n; i++) {
		struct node *port = add_map(lw, list, spec->at);
		const char *protocol = protocols[ports[i].protocol];

		put_int(lw, port, S("number"), ports[i].number, spec->at);
		put_text(lw, port, S("name"), ports[i].name, spec->at);
		if (protocol)
			put_text(lw, port, S("protocol"), str_of(protocol), spec->at);
		if (with_target && ports[i].target != ports[i].number)
			put_int(lw, port, S("targetPort"), ports[i].target, spec->at);
	}
}

static void put_locality(struct lowering *lw, struct node *item, const struct locality *l)
{
	if (l->region.n && l->zone.n)
		put_text(lw, item, S("locality"), str_join(lw->mem, l->region, S("/"), l->zone),
			 item->at);
	else if (l->region.n)
		put_text(lw, item, S("locality"), l->region, item->at);
}

/*
 * The label says that the address speaks mutual TLS: without it istiod drops
 * endpoints of a network that it reaches through gateways it knows.
 */
static void put_endpoint_labels(struct lowering *lw, struct node *item,
				const struct endpoint *endpoint)
{
	const struct labels *labels = &endpoint->labels;
	struct node *map;

	if (!labels->n && !endpoint->network.n)
		return;
	map = put_map(lw, item, S("labels"), item->at);
	for (uint32_t i = 0; i < labels->n; i++)
		put_text(lw, map, labels->at[i].key, labels->at[i].value, item->at);
	if (endpoint->network.n)
		put_text(lw, map, S("security.istio.io/tlsMode"), S("istio"), item->at);
	node_sort_keys(lw->mem, map);
}

static void put_endpoint(struct lowering *lw, struct node *list, const struct import *import,
			 const struct endpoint *endpoint)
{
	struct node *item = add_map(lw, list, list->at), *ports;

	put_text(lw, item, S("address"), endpoint->address, item->at);
	ports = put_map(lw, item, S("ports"), item->at);
	for (uint32_t i = 0; i < import->ports.n; i++)
		put_int(lw, ports, import->ports.at[i].name, endpoint->port, item->at);
	node_sort_keys(lw->mem, ports);
	put_endpoint_labels(lw, item, endpoint);
	put_locality(lw, item, &endpoint->locality);
	if (endpoint->network.n)
		put_text(lw, item, S("network"), endpoint->network, item->at);
}

static void check_import(struct lowering *lw, const struct import *import)
{
	struct span at = import->virtual_mesh->at;
	struct str title = str_join(lw->mem, S("ServiceEntry "), import->host);

	check_limit(lw, at, str_format(lw->mem, "endpoints of %.*s", STR(title)),
		    import->endpoints.n, LIMIT_ENDPOINTS);
	check_limit(lw, at, str_format(lw->mem, "endpoint ports of %.*s", STR(title)),
		    import->ports.n, LIMIT_ENDPOINT_PORTS);
}

/* outbound_.8080_.version-v1_.api.shop.svc.c1.global: what the gateway routes by has to fit into a TLS hello. */
static void check_name_on_wire(struct lowering *lw, const struct destination_plan *d)
{
	const struct import *import = d->import;
	uint32_t port = 0, subset = 0;

	for (uint32_t i = 0; i < import->ports.n; i++)
		port = import->ports.at[i].number > port ? import->ports.at[i].number : port;
	for (uint32_t i = 0; i < d->subsets.n; i++)
		subset = d->subsets.at[i].name.n > subset ? d->subsets.at[i].name.n : subset;
	if (str_format(lw->mem, "outbound_.%" PRIu32 "_._.%.*s", port, STR(import->host)).n +
		    subset >
	    LIMIT_SNI_BYTES)
		report_value_too_long(lw->diags, import->virtual_mesh->at,
				      str_format(lw->mem, "SNI of %.*s", STR(import->host)),
				      str_format(lw->mem, "%" PRIu32, LIMIT_SNI_BYTES));
}

static struct node *import_spec(struct lowering *lw, const struct import *import)
{
	struct node *spec = node_map(lw->mem, import->virtual_mesh->at), *list;

	put_host(lw, spec, import->host, import->address);
	put_text(lw, spec, S("location"), S("MESH_INTERNAL"), spec->at);
	put_text(lw, spec, S("resolution"), import->by_name ? S("DNS") : S("STATIC"), spec->at);
	put_ports(lw, spec, import->ports.at, import->ports.n, false);
	list = put_seq(lw, spec, S("endpoints"), spec->at);
	for (uint32_t i = 0; i < import->endpoints.n; i++)
		put_endpoint(lw, list, import, &import->endpoints.at[i]);
	return spec;
}

void istio_import(struct lowering *lw, const struct destination_plan *d)
{
	const struct import *import = d->import;
	struct node *spec = import_spec(lw, import);
	struct spaces spaces = istio_spaces(lw, d);

	check_import(lw, import);
	check_name_on_wire(lw, d);
	for (uint32_t i = 0; i < spaces.all.n; i++)
		add_source(lw,
			   istio_object(lw, ISTIO_SERVICE_ENTRY, spaces.all.at[i], import->host,
					spec->at, spec),
			   import->virtual_mesh);
}

static bool is_listed(const struct node *list, struct str text)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (node_is(list->u.items[i], text))
			return true;
	return false;
}

/* Istio refuses a namespace that is listed twice, and "." beside its name is that. */
static void put_export_to(struct lowering *lw, struct node *spec, const struct export_plan *e)
{
	struct node *list = put_seq(lw, spec, S("exportTo"), spec->at);

	for (uint32_t i = 0; i < e->gateway_spaces.n; i++) {
		struct str space = e->gateway_spaces.at[i];

		if (str_eq(space, e->service->space))
			space = S(".");
		if (!is_listed(list, space))
			add_text(lw, list, space, spec->at);
	}
}

static void export_rule(struct lowering *lw, const struct export_plan *e)
{
	struct node *spec = node_map(lw->mem, e->virtual_mesh->at);
	struct object *object;

	if (!e->subsets.n)
		return;
	put_text(lw, spec, S("host"), e->host, spec->at);
	istio_subsets(lw, spec, e->subsets.at, e->subsets.n);
	put_export_to(lw, spec, e);
	object = istio_object(lw, ISTIO_DESTINATION_RULE, e->service->space, e->host, spec->at,
			      spec);
	add_source(lw, object, e->virtual_mesh);
	for (uint32_t i = 0; i < e->subsets.n; i++)
		ADD_SOURCES(lw, object, e->subsets.at[i].sources);
}

/* Without a gateway nobody could reach it, and an empty exportTo would show it to all. */
void istio_export(struct lowering *lw, const struct export_plan *e)
{
	struct node *spec = node_map(lw->mem, e->virtual_mesh->at), *selector;

	if (!e->gateway_spaces.n)
		return;
	check_limit(lw, spec->at, str_format(lw->mem, "ports of ServiceEntry %.*s", STR(e->host)),
		    e->ports.n, LIMIT_HOSTS);
	put_host(lw, spec, e->host, e->address);
	put_export_to(lw, spec, e);
	put_text(lw, spec, S("location"), S("MESH_INTERNAL"), spec->at);
	put_text(lw, spec, S("resolution"), S("STATIC"), spec->at);
	put_ports(lw, spec, e->ports.at, e->ports.n, true);
	/* An empty one would send the callers to every pod of the namespace. */
	if (!e->service->selector.n)
		BUG("exported %.*s selects no workload", STR(e->host));
	selector = put_map(lw, spec, S("workloadSelector"), spec->at);
	put_labels(lw, selector, S("labels"), &e->service->selector, spec->at);
	add_source(
		lw,
		istio_object(lw, ISTIO_SERVICE_ENTRY, e->service->space, e->host, spec->at, spec),
		e->virtual_mesh);
	export_rule(lw, e);
}
