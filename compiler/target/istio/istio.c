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
	[FEATURE_TRAFFIC_SHIFT]          = { .level = NATIVE, .text = "VirtualService http.route" },
	[FEATURE_SHIFT_SUBSET]           = { .level = NATIVE, .text = "DestinationRule subsets" },
	[FEATURE_FAULT_INJECTION]        = { .level = NATIVE, .text = "VirtualService http.fault" },
	[FEATURE_FAULT_DELAY]            = { .level = NATIVE, .text = "VirtualService http.fault.delay.fixedDelay" },
	[FEATURE_FAULT_ABORT]            = { .level = NATIVE, .text = "VirtualService http.fault.abort.httpStatus" },
	[FEATURE_FAULT_PERCENTAGE]       = { .level = NATIVE, .text = "VirtualService http.fault.*.percentage" },
	[FEATURE_REQUEST_TIMEOUT]        = { .level = NATIVE, .text = "VirtualService http.timeout" },
	[FEATURE_RETRIES]                = { .level = NATIVE, .text = "VirtualService http.retries" },
	[FEATURE_RETRY_ATTEMPTS]         = { .level = NATIVE, .text = "VirtualService http.retries.attempts" },
	[FEATURE_RETRY_TIMEOUT]          = { .level = NATIVE, .text = "VirtualService http.retries.perTryTimeout" },
	[FEATURE_CORS_POLICY]            = { .level = NATIVE, .text = "VirtualService http.corsPolicy" },
	[FEATURE_CORS_ORIGINS]           = { .level = NATIVE, .text = "VirtualService http.corsPolicy.allowOrigins" },
	[FEATURE_CORS_METHODS]           = { .level = NATIVE, .text = "VirtualService http.corsPolicy.allowMethods" },
	[FEATURE_CORS_HEADERS]           = { .level = NATIVE, .text = "VirtualService http.corsPolicy.allowHeaders" },
	[FEATURE_CORS_EXPOSED]           = { .level = NATIVE, .text = "VirtualService http.corsPolicy.exposeHeaders" },
	[FEATURE_CORS_MAX_AGE]           = { .level = NATIVE, .text = "VirtualService http.corsPolicy.maxAge" },
	[FEATURE_CORS_CREDENTIALS]       = { .level = NATIVE, .text = "VirtualService http.corsPolicy.allowCredentials" },
	[FEATURE_MIRROR]                 = { .level = NATIVE, .text = "VirtualService http.mirrors" },
	[FEATURE_MIRROR_PERCENTAGE]      = { .level = NATIVE, .text = "VirtualService http.mirrors.percentage" },
	[FEATURE_HEADER_MANIPULATION]    = { .level = NATIVE, .text = "VirtualService http.headers" },
	[FEATURE_REQUEST_HEADERS_ADD]    = { .level = NATIVE, .text = "VirtualService http.headers.request.add" },
	[FEATURE_REQUEST_HEADERS_REMOVE] = { .level = NATIVE, .text = "VirtualService http.headers.request.remove" },
	[FEATURE_ANSWER_HEADERS_ADD]     = { .level = NATIVE, .text = "VirtualService http.headers.response.add" },
	[FEATURE_ANSWER_HEADERS_REMOVE]  = { .level = NATIVE, .text = "VirtualService http.headers.response.remove" },
	[FEATURE_HEADER_COMMANDS]        = { .level = NATIVE, .text = "as they are" },
	[FEATURE_OUTLIER_DETECTION]      = { .level = NATIVE, .text = "DestinationRule outlierDetection" },
	[FEATURE_OUTLIER_ERRORS]         = { .level = NATIVE, .text = "DestinationRule outlierDetection.consecutive5xxErrors" },
	[FEATURE_OUTLIER_INTERVAL]       = { .level = NATIVE, .text = "DestinationRule outlierDetection.interval" },
	[FEATURE_OUTLIER_TIME]           = { .level = NATIVE, .text = "DestinationRule outlierDetection.baseEjectionTime" },
	[FEATURE_OUTLIER_PERCENT]        = { .level = NATIVE, .text = "DestinationRule outlierDetection.maxEjectionPercent" },
	[FEATURE_MTLS]                   = { .level = NATIVE, .text = "DestinationRule tls" },
	[FEATURE_TLS_MODE]               = { .level = NATIVE, .text = "DestinationRule tls.mode" },
	[FEATURE_TLS_SIMPLE]             = { .level = APPROXIMATE, .text = "mode `SIMPLE`, without a CA to check the server by; workloads of the mesh speak `ISTIO_MUTUAL`" },
	[FEATURE_CALLER_NAMESPACES]      = { .level = NATIVE, .text = "VirtualService http.match.sourceNamespace" },
	[FEATURE_CALLER_LABELS]          = { .level = NATIVE, .text = "VirtualService http.match.sourceLabels" },
	[FEATURE_MATCH_NAME]             = { .level = NATIVE, .text = "VirtualService http.match.name" },
	[FEATURE_PATH_EXACT]             = { .level = NATIVE, .text = "VirtualService http.match.uri.exact" },
	[FEATURE_PATH_PREFIX]            = { .level = NATIVE, .text = "VirtualService http.match.uri.prefix" },
	[FEATURE_PATH_SUFFIX]            = { .level = NATIVE, .text = "VirtualService http.match.uri.regex" },
	[FEATURE_PATH_REGEX]             = { .level = NATIVE, .text = "VirtualService http.match.uri.regex" },
	[FEATURE_PATH_IGNORE_CASE]       = { .level = NATIVE, .text = "VirtualService http.match.ignoreUriCase, or a regex" },
	[FEATURE_METHOD]                 = { .level = NATIVE, .text = "VirtualService http.match.method" },
	[FEATURE_HEADER]                 = { .level = NATIVE, .text = "VirtualService http.match.headers" },
	[FEATURE_HEADER_REGEX]           = { .level = NATIVE, .text = "VirtualService http.match.headers.*.regex" },
	[FEATURE_HEADER_INVERTED]        = { .level = NATIVE, .text = "VirtualService http.match.withoutHeaders" },
	[FEATURE_QUERY]                  = { .level = NATIVE, .text = "VirtualService http.match.queryParams" },
	[FEATURE_QUERY_REGEX]            = { .level = NATIVE, .text = "VirtualService http.match.queryParams.*.regex" },
	[FEATURE_BY_IDENTITY]            = { .level = NATIVE, .text = "AuthorizationPolicy from.source.principals" },
	[FEATURE_BY_NAMESPACE]           = { .level = NATIVE, .text = "AuthorizationPolicy from.source.principals" },
	[FEATURE_BY_ADDRESS]             = { .level = NATIVE, .text = "AuthorizationPolicy source.remoteIpBlocks" },
	[FEATURE_NOT_BY_ADDRESS]         = { .level = NATIVE, .text = "AuthorizationPolicy source.notRemoteIpBlocks" },
	[FEATURE_ALLOWED_PATHS]          = { .level = NATIVE, .text = "AuthorizationPolicy to.operation.paths" },
	[FEATURE_ALLOWED_METHODS]        = { .level = NATIVE, .text = "AuthorizationPolicy to.operation.methods" },
	[FEATURE_ALLOWED_PORTS]          = { .level = NATIVE, .text = "AuthorizationPolicy to.operation.ports" },
	[FEATURE_FEDERATED_HOST]         = { .level = NATIVE, .text = "ServiceEntry hosts" },
	[FEATURE_FEDERATED_TO]           = { .level = NATIVE, .text = "ServiceEntries where they are wanted" },
	[FEATURE_FLAT_NETWORK]           = { .level = CANNOT, .text = "a flat network: addresses of pods change without a deployment" },
	[FEATURE_CLUSTERSET]             = { .level = CANNOT, .text = "one name for the namesakes of several clusters" },
	[FEATURE_KEEPALIVE_PROBES]       = { .level = NATIVE, .text = "DestinationRule connectionPool.tcp.tcpKeepalive.probes" },
	[FEATURE_KEEPALIVE_TIME]         = { .level = NATIVE, .text = "DestinationRule connectionPool.tcp.tcpKeepalive.time" },
	[FEATURE_KEEPALIVE_INTERVAL]     = { .level = NATIVE, .text = "DestinationRule connectionPool.tcp.tcpKeepalive.interval" },
	[FEATURE_DENY_BY_DEFAULT]        = { .level = NATIVE, .text = "an empty AuthorizationPolicy in the root namespace" },
	[FEATURE_ROOT_SECRET]            = { .level = CHECKED, .text = "nothing; the meshes must share a root already" },
	[FEATURE_CERTIFICATES]           = { .level = CHECKED, .text = "nothing; the meshes must share a root already" },
};

static const struct object_type types[ISTIO_KIND_MAX] = {
	[ISTIO_AUTHORIZATION_POLICY] = { "security.istio.io",   "security.istio.io/v1",   "AuthorizationPolicy", STAGE_ALLOW },
	[ISTIO_DESTINATION_RULE]     = { "networking.istio.io", "networking.istio.io/v1", "DestinationRule",     STAGE_DEFINE },
	[ISTIO_GATEWAY]              = { "networking.istio.io", "networking.istio.io/v1", "Gateway",             STAGE_DEFINE },
	[ISTIO_SERVICE_ENTRY]        = { "networking.istio.io", "networking.istio.io/v1", "ServiceEntry",        STAGE_DEFINE },
	[ISTIO_VIRTUAL_SERVICE]      = { "networking.istio.io", "networking.istio.io/v1", "VirtualService",      STAGE_ROUTE },
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
