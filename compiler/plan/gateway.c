/*
 * East-west gateways: which services lead into a mesh from other clusters, at
 * which addresses and ports.
 *
 * By the virtual mesh's ingressGatewaySelectors; else by what Gloo's discovery
 * noted on the Mesh; else the first service that selects the label that gateways
 * of such a mesh have.
 * Only meshes that export something need one.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

struct search {
	struct arena *mem;
	struct diags *diags;
	struct builder *builder;
	const struct mesh *mesh;
	const struct resource *virtual_mesh;
	const struct federation *spec;
	struct mesh_gateways *out;
};

/* What a selector says of the port: a name to look for, or the address and port as they are. */
struct gateway_hint {
	struct str port_name;
	const struct host_info *host;
	struct span at;
};

static const struct service_port *port_named(const struct service *s, struct str name)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		if (str_eq(s->ports.at[i].name, name))
			return &s->ports.at[i];
	return NULL;
}

/* The port that other clusters dial: the node's for a NodePort service, the service's behind a load balancer. */
static uint32_t outside_port(const struct service *s, const struct service_port *port)
{
	if (s->gateway_port)
		return s->gateway_port;
	return s->type == SERVICE_NODE_PORT ? port->node_port : port->number;
}

static void refuse(struct search *x)
{
	x->out->refused = true;
}

static bool check_addresses(struct search *x, const struct service *s,
			    const struct gateway_hint *hint)
{
	bool name = false, six = false;

	for (uint32_t i = 0; i < s->addresses.n; i++) {
		six = six || str_find(s->addresses.at[i], ':') >= 0;
		name = name || !address_is_ip(s->addresses.at[i]);
	}
	if (!s->addresses.n && !hint->host) {
		struct finding *f =
			report_gateway_no_address(x->diags, hint->at, service_title(x->mem, s));

		note(f, s->at, "this service");
		help(f, "give it one in `spec.gateways` of the Cluster object of `%.*s`",
		     STR(s->cluster->name));
		refuse(x);
		return false;
	}
	if (name && six) {
		note(report_mixed_addresses(x->diags, hint->at, service_title(x->mem, s)), s->at,
		     "this service");
		refuse(x);
		return false;
	}
	return true;
}

static void add_gateway(struct search *x, const struct service *s, const struct gateway_hint *hint)
{
	const struct service_port *port = port_named(s, hint->port_name);
	struct gateway_plan *g;
	uint32_t outside = port ? outside_port(s, port) : s->gateway_port;
	uint32_t inside = s->gateway_container_port ? s->gateway_container_port
			  : port                    ? port->target
						    : 0;

	if (!s->selector.n) {
		note(report_gateway_selector_reference(x->diags, hint->at,
						       service_title(x->mem, s)),
		     s->at, "this service");
		refuse(x);
		return;
	}
	if (hint->host && hint->host->port.v)
		outside = (uint32_t)hint->host->port.v;
	if (!outside || !inside) {
		struct finding *f = report_gateway_port_unresolved(
			x->diags, hint->at, service_title(x->mem, s), hint->port_name);

		note(f, s->at, "this service");
		help(f,
		     "name its TLS port with `portName`, or give `port` and `containerPort` in "
		     "`spec.gateways` of the Cluster object of `%.*s`",
		     STR(s->cluster->name));
		refuse(x);
		return;
	}
	if (!check_addresses(x, s, hint))
		return;
	g = vec_push(x->mem, &x->out->all);
	g->service = s;
	g->mesh = x->mesh;
	g->virtual_mesh = x->virtual_mesh;
	g->selector = s->selector;
	g->suffix = x->spec->hostname_suffix.s;
	g->port = outside;
	g->container_port = inside;
	identities_of(x->mem, s, &g->identities);
	if (hint->host)
		vec_add(x->mem, &g->addresses, hint->host->addr.s);
	for (uint32_t i = 0; !hint->host && i < s->addresses.n; i++)
		vec_add(x->mem, &g->addresses, s->addresses.at[i]);
}

/* The name that the selector gives the port, or that such a mesh does. */
static struct str port_name_of(const struct ingress_gateway_selector *selector,
			       const struct service *s)
{
	return given(selector->port_name) ? selector->port_name.s
					  : mesh_traits(s->mesh)->gateway_port;
}

/* A selector of everything means every service that has the port. */
static bool selects(const struct ingress_gateway_selector *selector, const struct service *s)
{
	if (!selector->destination_selectors.n)
		return port_named(s, port_name_of(selector, s)) != NULL;
	for (uint32_t i = 0; i < selector->destination_selectors.n; i++)
		if (destination_selector_matches(&selector->destination_selectors.item[i], s))
			return true;
	return false;
}

bool gateway_is_selected(const struct federation *spec, const struct service *s)
{
	for (uint32_t i = 0; i < spec->ingress_gateway_selectors.n; i++)
		if (selects(&spec->ingress_gateway_selectors.item[i], s))
			return true;
	return false;
}

/* The first selector that matches decides the port. */
static void add_selected(struct search *x, const struct service *s)
{
	for (uint32_t i = 0; i < x->spec->ingress_gateway_selectors.n; i++) {
		const struct ingress_gateway_selector *selector =
			&x->spec->ingress_gateway_selectors.item[i];

		if (!selects(selector, s))
			continue;
		add_gateway(x, s,
			    &(struct gateway_hint){ .port_name = port_name_of(selector, s),
						    .host = selector->override_host_info,
						    .at = selector->at });
		return;
	}
}

/* Gloo's deprecated Mesh.spec.istio.ingressGateways: ports from there, addresses of the service. */
static void add_noted(struct search *x)
{
	for (uint32_t i = 0; i < x->mesh->ingress_gateways.n; i++) {
		const struct ingress_gateway *noted = &x->mesh->ingress_gateways.at[i];
		const struct service *s =
			cluster_service(x->mesh->cluster, noted->space, noted->name);
		struct gateway_plan *g;

		if (s && !s->selector.n && !noted->selector.n) {
			note(report_gateway_selector_reference(x->diags, x->spec->at,
							       service_title(x->mem, s)),
			     s->at, "this service");
			refuse(x);
			continue;
		}
		if (!s || !noted->port || !noted->container_port ||
		    (!noted->addresses.n && !s->addresses.n))
			continue;
		g = vec_push(x->mem, &x->out->all);
		g->service = s;
		g->mesh = x->mesh;
		g->virtual_mesh = x->virtual_mesh;
		g->selector = noted->selector.n ? noted->selector : s->selector;
		g->suffix = x->spec->hostname_suffix.s;
		g->port = noted->port;
		g->container_port = noted->container_port;
		for (uint32_t j = 0; j < noted->addresses.n; j++)
			vec_add(x->mem, &g->addresses, noted->addresses.at[j]);
		for (uint32_t j = 0; !noted->addresses.n && j < s->addresses.n; j++)
			vec_add(x->mem, &g->addresses, s->addresses.at[j]);
	}
}

bool runs_proxies_only(const struct service *s)
{
	for (uint32_t i = 0; i < s->workloads.n; i++)
		if (!s->workloads.at[i]->is_proxy)
			return false;
	return s->workloads.n > 0;
}

bool gateway_is_default(const struct service *s)
{
	const struct label *own = &mesh_traits(s->mesh)->gateway_selector;

	return own->key.n && str_eq(label_get(&s->selector, own->key), own->value);
}

static void add_default(struct search *x)
{
	const struct cluster *c = x->mesh->cluster;
	struct str port = mesh_traits(x->mesh)->gateway_port;

	for (uint32_t i = 0; i < c->n_services; i++) {
		const struct service *s = &c->services[i];

		if (s->mesh != x->mesh || !gateway_is_default(s) || !port_named(s, port))
			continue;
		add_gateway(x, s, &(struct gateway_hint){ .port_name = port, .at = x->spec->at });
		return;
	}
}

static void search_mesh(struct search *x)
{
	const struct cluster *c = x->mesh->cluster;

	for (uint32_t i = 0; i < c->n_services; i++)
		if (c->services[i].mesh == x->mesh)
			add_selected(x, &c->services[i]);
	if (!x->out->all.n && !x->out->refused)
		add_noted(x);
	if (!x->out->all.n && !x->out->refused)
		add_default(x);
	if (!x->out->all.n && !x->out->refused) {
		struct finding *f = report_no_gateway(
			x->diags, x->spec->at,
			str_format(x->mem, "%.*s.%.*s", STR(x->mesh->name), STR(x->mesh->space)));

		note(f, x->mesh->at, "this mesh exports services to other clusters");
		help(f, "select its gateway service with `ingressGatewaySelectors`");
		refuse(x);
	}
}

void gateway_build(struct arena *mem, struct diags *diags, struct builder *b)
{
	const struct inventory *inventory = &b->snapshot->inventory;

	b->gateways = NEW(mem, struct mesh_gateways, inventory->n_meshes);
	for (uint32_t c = 0; c < inventory->n_clusters; c++)
		for (uint32_t i = 0; i < b->exports[c].n; i++) {
			const struct federated *f = b->federated[b->exports[c].at[i]];
			const struct mesh *mesh = f->service->mesh;
			struct mesh_gateways *out = &b->gateways[mesh_index(inventory, mesh)];

			if (!f->flat && !out->all.n && !out->refused)
				search_mesh(&(struct search){ mem, diags, b, mesh, f->virtual_mesh,
							      f->spec, out });
		}
}
