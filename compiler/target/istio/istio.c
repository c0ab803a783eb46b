/*
 * What Istio can do, and which objects a cluster's plan becomes.
 *
 *	destination with routes       VirtualService
 *	destination with settings     DestinationRule
 *	service of another cluster    ServiceEntry that leads to its gateways
 *	service offered to others     ServiceEntry for the gateway, by workload labels
 *	east-west gateway             Gateway
 *	access                        AuthorizationPolicy
 */
#include "base/base.h"
#include "target/istio/istio.h"

#include "target/istio/local.h"

/* clang-format off */
static const struct support istio_support[FEATURE_MAX] = {
	[FEATURE_TRAFFIC_SHIFT]       = { NATIVE, "VirtualService http.route" },
	[FEATURE_FAULT_INJECTION]     = { NATIVE, "VirtualService http.fault" },
	[FEATURE_REQUEST_TIMEOUT]     = { NATIVE, "VirtualService http.timeout" },
	[FEATURE_RETRIES]             = { NATIVE, "VirtualService http.retries" },
	[FEATURE_CORS_POLICY]         = { NATIVE, "VirtualService http.corsPolicy" },
	[FEATURE_MIRROR]              = { NATIVE, "VirtualService http.mirrors" },
	[FEATURE_HEADER_MANIPULATION] = { NATIVE, "VirtualService http.headers" },
	[FEATURE_OUTLIER_DETECTION]   = { NATIVE, "DestinationRule trafficPolicy.outlierDetection" },
	[FEATURE_MTLS]                = { NATIVE, "DestinationRule trafficPolicy.tls" },
};

static const struct { const char *group, *api, *name; } kinds[ISTIO_KIND_MAX] = {
	[ISTIO_AUTHORIZATION_POLICY] = { "security.istio.io",   "security.istio.io/v1",   "AuthorizationPolicy" },
	[ISTIO_DESTINATION_RULE]     = { "networking.istio.io", "networking.istio.io/v1", "DestinationRule" },
	[ISTIO_GATEWAY]              = { "networking.istio.io", "networking.istio.io/v1", "Gateway" },
	[ISTIO_SERVICE_ENTRY]        = { "networking.istio.io", "networking.istio.io/v1", "ServiceEntry" },
	[ISTIO_VIRTUAL_SERVICE]      = { "networking.istio.io", "networking.istio.io/v1", "VirtualService" },
};
/* clang-format on */

struct object *istio_object(struct lowering *lw, enum istio_kind kind, struct str space,
			    struct str name, struct span at, struct node *spec)
{
	struct node *body = node_map(lw->mem, at), *metadata, *labels;
	struct object_key key = { str_of(kinds[kind].group), str_of(kinds[kind].name), space,
				  name };

	put_text(lw, body, S("apiVersion"), str_of(kinds[kind].api), at);
	put_text(lw, body, S("kind"), key.kind, at);
	metadata = put_map(lw, body, S("metadata"), at);
	put_text(lw, metadata, S("name"), name, at);
	put_text(lw, metadata, S("namespace"), space, at);
	labels = put_map(lw, metadata, S("labels"), at);
	put_text(lw, labels, S("app.kubernetes.io/managed-by"), S("meshc"), at);
	node_put(lw->mem, body, S("spec"), spec);
	return add_object(lw, key, body);
}

/* Beside other objects in a root namespace the service's name alone would not do. */
struct str istio_name(struct lowering *lw, const struct destination_plan *d)
{
	const struct service *s = d->service;

	if (!d->remote)
		return s->name;
	return name_sanitize(lw->mem, str_format(lw->mem, "%.*s-%.*s-%.*s", STR(s->name),
						 STR(s->space), STR(s->cluster->name)));
}

struct spaces istio_spaces(struct lowering *lw, const struct destination_plan *d)
{
	struct spaces spaces = { 0 };

	if (!d->remote)
		vec_add(lw->mem, &spaces.all, d->service->space);
	for (uint32_t i = 0; d->remote && i < d->callers.n; i++) {
		struct str space = d->callers.at[i]->root_space;
		bool seen = false;

		for (uint32_t k = 0; k < spaces.all.n && !seen; k++)
			seen = str_eq(spaces.all.at[k], space);
		if (!seen)
			vec_add(lw->mem, &spaces.all, space);
	}
	return spaces;
}

struct str istio_principal(struct lowering *lw, const struct identity *who)
{
	if (!who->space.n)
		return str_join(lw->mem, who->trust_domain, S("/ns/*"));
	return str_join(lw->mem, who->trust_domain, S("/ns/"), who->space, S("/sa/"),
			who->account.n ? who->account : S("*"));
}

static void lower_destination(struct lowering *lw, const struct destination_plan *d)
{
	if (d->remote)
		istio_import(lw, d);
	istio_virtual_service(lw, d);
	istio_destination_rule(lw, d);
}

static void lower_cluster(struct lowering *lw)
{
	const struct cluster_plan *plan = lw->cluster;

	for (uint32_t i = 0; i < plan->destinations.n; i++)
		lower_destination(lw, &plan->destinations.at[i]);
	for (uint32_t i = 0; i < plan->exports.n; i++)
		istio_export(lw, &plan->exports.at[i]);
	for (uint32_t i = 0; i < plan->gateways.n; i++)
		istio_gateway(lw, &plan->gateways.at[i]);
	for (uint32_t i = 0; i < plan->access.n; i++)
		istio_authorization_policy(lw, &plan->access.at[i]);
}

const struct target target_istio = {
	.name = "Istio",
	.mesh = MESH_ISTIO,
	.floor = { 1, 29 },
	.support = istio_support,
	.lower = lower_cluster,
};
