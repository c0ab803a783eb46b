/*
 * The rows of mesh_traits.h. Meshes without a target have a name and nothing else.
 */
#include "base/base.h"
#include "model/mesh_traits.h"

static const struct mesh_traits traits[] = {
	[MESH_ISTIO] = {
		.name = "Istio",
		.closes_workloads = true,
		.keeps_dialled_pods = true,
		.gateway_selector = { { "istio", 5 }, { "ingressgateway", 14 } },
		.gateway_port = { "tls", 3 },
		.proxy = { "istio-proxy", 11 },
		.proxy_image = { "docker.io/istio/proxyv2", 23 },
		.sidecar_label = { { "security.istio.io/tlsMode", 25 }, { "istio", 5 } },
		.config_map = { "istio", 5 },
		.resolve_help = "set ISTIO_META_DNS_CAPTURE in the mesh config",
		.admit_help = "set PILOT_SKIP_VALIDATE_TRUST_DOMAIN to \"true\" on its control plane",
	},
	[MESH_LINKERD] = {
		.name = "Linkerd",
		.mirrors = true,
		.clusterset_suffix = { "federated", 9 },
		.names_issuer = true,
		.bundles_roots = true,
		.hides_callers = true,
		.routes_at_gateway = true,
		.guards_ports = true,
		.gateway_selector = { { "app", 3 }, { "linkerd-gateway", 15 } },
		.gateway_port = { "mc-gateway", 10 },
		.proxy = { "linkerd-proxy", 13 },
		.proxy_image = { "cr.l5d.io/linkerd/proxy", 23 },
	},
	[MESH_OSM] = { .name = "Open Service Mesh" },
	[MESH_APP_MESH] = { .name = "App Mesh" },
	[MESH_CONSUL] = { .name = "Consul" },
	[MESH_KUMA] = { .name = "Kuma" },
	[MESH_CILIUM] = { .name = "Cilium" },
};

const struct mesh_traits *mesh_traits(const struct mesh *mesh)
{
	return &traits[mesh->kind];
}

struct str mesh_config_map(struct arena *mem, const struct mesh *mesh)
{
	struct str name = mesh_traits(mesh)->config_map;

	if (!name.n || !mesh->revision.n || str_eq(mesh->revision, S("default")))
		return name;
	return str_join(mem, name, S("-"), mesh->revision);
}

const char *mesh_kind_name(enum mesh_kind kind)
{
	return traits[kind].name;
}
