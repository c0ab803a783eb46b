/*
 * An east-west gateway -> Gateway that passes connections on by their SNI, unopened.
 */
#include "base/base.h"
#include "target/istio/local.h"

static struct node *spec_of(struct lowering *lw, const struct gateway_plan *g)
{
	struct span at = g->virtual_mesh->at;
	struct node *spec = node_map(lw->mem, at), *server, *port;

	/* An empty one would open every gateway of the mesh. */
	if (!g->selector.n)
		BUG("gateway %.*s selects no workload", STR(g->service->name));
	put_labels(lw, spec, S("selector"), &g->selector, at);
	server = add_map(lw, put_seq(lw, spec, S("servers"), at), at);
	port = put_map(lw, server, S("port"), at);
	put_int(lw, port, S("number"), g->container_port, at);
	put_text(lw, port, S("protocol"), S("TLS"), at);
	put_text(lw, port, S("name"), S("tls"), at);
	add_text(lw, put_seq(lw, server, S("hosts"), at),
		 str_format(lw->mem, "*.%.*s", STR(g->suffix)), at);
	put_text(lw, put_map(lw, server, S("tls"), at), S("mode"), S("AUTO_PASSTHROUGH"), at);
	return spec;
}

/* Two services in front of the same pods lead to one server: said twice, each would be reported against the other. */
static const struct gateway_plan *first_alike(const struct cluster_plan *plan,
					      const struct gateway_plan *g)
{
	for (uint32_t i = 0; i < plan->gateways.n; i++) {
		const struct gateway_plan *other = &plan->gateways.at[i];

		if (other->mesh == g->mesh && other->container_port == g->container_port &&
		    other->selector.n == g->selector.n &&
		    labels_contain(&other->selector, &g->selector))
			return other;
	}
	return g;
}

void istio_gateway(struct lowering *lw, const struct gateway_plan *g)
{
	struct str space = lw->plan->snapshot->fleet->gloo_namespace;
	struct str name =
		name_sanitize(lw->mem, str_format(lw->mem, "%.*s-%.*s",
						  STR(g->service->discovered_name), STR(space)));
	struct node *spec;

	if (first_alike(lw->cluster, g) != g)
		return;
	spec = spec_of(lw, g);
	add_source(lw, istio_object(lw, ISTIO_GATEWAY, g->mesh->root_space, name, spec->at, spec),
		   g->virtual_mesh);
}
