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
	[FEATURE_TRAFFIC_SHIFT]          = { NATIVE, "VirtualService http.route" },
	[FEATURE_SHIFT_SUBSET]           = { NATIVE, "DestinationRule subsets" },
	[FEATURE_FAULT_INJECTION]        = { NATIVE, "VirtualService http.fault" },
	[FEATURE_FAULT_DELAY]            = { NATIVE, "VirtualService http.fault.delay.fixedDelay" },
	[FEATURE_FAULT_ABORT]            = { NATIVE, "VirtualService http.fault.abort.httpStatus" },
	[FEATURE_FAULT_PERCENTAGE]       = { NATIVE, "VirtualService http.fault.*.percentage" },
	[FEATURE_REQUEST_TIMEOUT]        = { NATIVE, "VirtualService http.timeout" },
	[FEATURE_RETRIES]                = { NATIVE, "VirtualService http.retries" },
	[FEATURE_RETRY_ATTEMPTS]         = { NATIVE, "VirtualService http.retries.attempts" },
	[FEATURE_RETRY_TIMEOUT]          = { NATIVE, "VirtualService http.retries.perTryTimeout" },
	[FEATURE_CORS_POLICY]            = { NATIVE, "VirtualService http.corsPolicy" },
	[FEATURE_CORS_ORIGINS]           = { NATIVE, "VirtualService http.corsPolicy.allowOrigins" },
	[FEATURE_CORS_METHODS]           = { NATIVE, "VirtualService http.corsPolicy.allowMethods" },
	[FEATURE_CORS_HEADERS]           = { NATIVE, "VirtualService http.corsPolicy.allowHeaders" },
	[FEATURE_CORS_EXPOSED]           = { NATIVE, "VirtualService http.corsPolicy.exposeHeaders" },
	[FEATURE_CORS_MAX_AGE]           = { NATIVE, "VirtualService http.corsPolicy.maxAge" },
	[FEATURE_CORS_CREDENTIALS]       = { NATIVE, "VirtualService http.corsPolicy.allowCredentials" },
	[FEATURE_MIRROR]                 = { NATIVE, "VirtualService http.mirrors" },
	[FEATURE_MIRROR_PERCENTAGE]      = { NATIVE, "VirtualService http.mirrors.percentage" },
	[FEATURE_HEADER_MANIPULATION]    = { NATIVE, "VirtualService http.headers" },
	[FEATURE_REQUEST_HEADERS_ADD]    = { NATIVE, "VirtualService http.headers.request.add" },
	[FEATURE_REQUEST_HEADERS_REMOVE] = { NATIVE, "VirtualService http.headers.request.remove" },
	[FEATURE_ANSWER_HEADERS_ADD]     = { NATIVE, "VirtualService http.headers.response.add" },
	[FEATURE_ANSWER_HEADERS_REMOVE]  = { NATIVE, "VirtualService http.headers.response.remove" },
	[FEATURE_HEADER_COMMANDS]        = { NATIVE, "as they are" },
	[FEATURE_OUTLIER_DETECTION]      = { NATIVE, "DestinationRule outlierDetection" },
	[FEATURE_OUTLIER_ERRORS]         = { NATIVE, "DestinationRule outlierDetection.consecutive5xxErrors" },
	[FEATURE_OUTLIER_INTERVAL]       = { NATIVE, "DestinationRule outlierDetection.interval" },
	[FEATURE_OUTLIER_TIME]           = { NATIVE, "DestinationRule outlierDetection.baseEjectionTime" },
	[FEATURE_OUTLIER_PERCENT]        = { NATIVE, "DestinationRule outlierDetection.maxEjectionPercent" },
	[FEATURE_MTLS]                   = { NATIVE, "DestinationRule tls" },
	[FEATURE_TLS_MODE]               = { NATIVE, "DestinationRule tls.mode" },
	[FEATURE_TLS_SIMPLE]             = { APPROXIMATE, "mode `SIMPLE`, without a CA to check the server by; workloads of the mesh speak `ISTIO_MUTUAL`" },
	[FEATURE_CALLER_NAMESPACES]      = { NATIVE, "VirtualService http.match.sourceNamespace" },
	[FEATURE_CALLER_LABELS]          = { NATIVE, "VirtualService http.match.sourceLabels" },
	[FEATURE_MATCH_NAME]             = { NATIVE, "VirtualService http.match.name" },
	[FEATURE_PATH_EXACT]             = { NATIVE, "VirtualService http.match.uri.exact" },
	[FEATURE_PATH_PREFIX]            = { NATIVE, "VirtualService http.match.uri.prefix" },
	[FEATURE_PATH_SUFFIX]            = { NATIVE, "VirtualService http.match.uri.regex" },
	[FEATURE_PATH_REGEX]             = { NATIVE, "VirtualService http.match.uri.regex" },
	[FEATURE_PATH_IGNORE_CASE]       = { NATIVE, "VirtualService http.match.ignoreUriCase, or a regex" },
	[FEATURE_METHOD]                 = { NATIVE, "VirtualService http.match.method" },
	[FEATURE_HEADER]                 = { NATIVE, "VirtualService http.match.headers" },
	[FEATURE_HEADER_REGEX]           = { NATIVE, "VirtualService http.match.headers.*.regex" },
	[FEATURE_HEADER_INVERTED]        = { NATIVE, "VirtualService http.match.withoutHeaders" },
	[FEATURE_QUERY]                  = { NATIVE, "VirtualService http.match.queryParams" },
	[FEATURE_QUERY_REGEX]            = { NATIVE, "VirtualService http.match.queryParams.*.regex" },
	[FEATURE_BY_IDENTITY]            = { NATIVE, "AuthorizationPolicy from.source.principals" },
	[FEATURE_BY_NAMESPACE]           = { NATIVE, "AuthorizationPolicy from.source.principals" },
	[FEATURE_BY_ADDRESS]             = { NATIVE, "AuthorizationPolicy source.remoteIpBlocks" },
	[FEATURE_NOT_BY_ADDRESS]         = { NATIVE, "AuthorizationPolicy source.notRemoteIpBlocks" },
	[FEATURE_ALLOWED_PATHS]          = { NATIVE, "AuthorizationPolicy to.operation.paths" },
	[FEATURE_ALLOWED_METHODS]        = { NATIVE, "AuthorizationPolicy to.operation.methods" },
	[FEATURE_ALLOWED_PORTS]          = { NATIVE, "AuthorizationPolicy to.operation.ports" },
	[FEATURE_FEDERATED_HOST]         = { NATIVE, "ServiceEntry hosts" },
	[FEATURE_FEDERATED_TO]           = { NATIVE, "ServiceEntries where they are wanted" },
	[FEATURE_FLAT_NETWORK]           = { CANNOT, "a flat network: addresses of pods change without a deployment" },
	[FEATURE_CLUSTERSET]             = { CANNOT, "one name for the namesakes of several clusters" },
	[FEATURE_KEEPALIVE_PROBES]       = { NATIVE, "DestinationRule connectionPool.tcp.tcpKeepalive.probes" },
	[FEATURE_KEEPALIVE_TIME]         = { NATIVE, "DestinationRule connectionPool.tcp.tcpKeepalive.time" },
	[FEATURE_KEEPALIVE_INTERVAL]     = { NATIVE, "DestinationRule connectionPool.tcp.tcpKeepalive.interval" },
	[FEATURE_DENY_BY_DEFAULT]        = { NATIVE, "an empty AuthorizationPolicy in the root namespace" },
	[FEATURE_ROOT_SECRET]            = { CHECKED, "nothing; the meshes must share a root already" },
	[FEATURE_CERTIFICATES]           = { CHECKED, "nothing; the meshes must share a root already" },
};

static const struct object_type types[ISTIO_KIND_MAX] = {
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
	return new_object(lw, &types[kind], space, name, at, spec);
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
