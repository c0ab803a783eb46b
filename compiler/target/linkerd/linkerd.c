/*
 * What Linkerd can do, and which objects a cluster's plan becomes.
 *
 *	destination with routes       HTTPRoutes, ReferenceGrants
 *	destination with settings     annotations that its Service must have
 *	root of trust                 Bundle
 *	mesh of another cluster       Link; labels that exported Services must have
 *	guarded port                  Server; AuthorizationPolicies, HTTPRoutes, authentications
 *	nobody without a policy       annotations that Namespaces must have
 */
#include "base/base.h"
#include "target/linkerd/linkerd.h"

#include "target/linkerd/local.h"

/* clang-format off */
static const struct support linkerd_support[FEATURE_MAX] = {
	[FEATURE_TRAFFIC_SHIFT]          = { .level = NATIVE, .text = "HTTPRoute rules.backendRefs" },
	[FEATURE_SHIFT_SUBSET]           = { .level = CANNOT, .text = "subsets; give each version a Service of its own" },
	[FEATURE_FAULT_INJECTION]        = { .level = CANNOT, .text = "fault injection" },
	[FEATURE_REQUEST_TIMEOUT]        = { .level = NATIVE, .text = "HTTPRoute annotation timeout.linkerd.io/request" },
	[FEATURE_RETRIES]                = { .level = NATIVE, .text = "HTTPRoute annotation retry.linkerd.io/http: 502, 503 and 504" },
	[FEATURE_RETRY_ATTEMPTS]         = { .level = NATIVE, .text = "HTTPRoute annotation retry.linkerd.io/limit" },
	[FEATURE_RETRY_TIMEOUT]          = { .level = NATIVE, .text = "HTTPRoute annotation retry.linkerd.io/timeout" },
	[FEATURE_CORS_POLICY]            = { .level = CANNOT, .text = "CORS" },
	[FEATURE_MIRROR]                 = { .level = CANNOT, .text = "mirroring of requests" },
	[FEATURE_HEADER_MANIPULATION]    = { .level = NATIVE, .text = "HTTPRoute rules.filters" },
	[FEATURE_REQUEST_HEADERS_ADD]    = { .level = NATIVE, .text = "HTTPRoute requestHeaderModifier.add, or set where removed as well" },
	[FEATURE_REQUEST_HEADERS_REMOVE] = { .level = NATIVE, .text = "HTTPRoute requestHeaderModifier.remove" },
	[FEATURE_ANSWER_HEADERS_ADD]     = { .level = NATIVE, .text = "HTTPRoute responseHeaderModifier.add, or set where removed as well" },
	[FEATURE_ANSWER_HEADERS_REMOVE]  = { .level = NATIVE, .text = "HTTPRoute responseHeaderModifier.remove" },
	[FEATURE_HEADER_COMMANDS]        = { .level = CANNOT, .text = "commands in the values of headers" },
	[FEATURE_OUTLIER_DETECTION]      = { .level = APPROXIMATE, .text = "failure accrual by annotations that the Service must have: an endpoint that failed is tried by single requests, with pauses that grow" },
	[FEATURE_OUTLIER_ERRORS]         = { .level = NATIVE, .text = "annotation ...failure-accrual-consecutive-max-failures" },
	[FEATURE_OUTLIER_INTERVAL]       = { .level = APPROXIMATE, .text = "failure accrual without an interval: every request counts at once" },
	[FEATURE_OUTLIER_TIME]           = { .level = NATIVE, .text = "annotation ...failure-accrual-consecutive-min-penalty" },
	[FEATURE_OUTLIER_PERCENT]        = { .level = APPROXIMATE, .text = "failure accrual without a largest share: every endpoint may be left out" },
	[FEATURE_MTLS]                   = { .level = CANNOT, .text = "a TLS mode: pods of the mesh always speak mutual TLS" },
	[FEATURE_CALLER_NAMESPACES]      = { .level = NATIVE, .text = "HTTPRoute in the callers' namespace" },
	[FEATURE_CALLER_LABELS]          = { .level = CANNOT, .text = "labels of callers" },
	[FEATURE_MATCH_NAME]             = { .level = NATIVE, .text = "HTTPRoute annotation meshc.dev/matchers" },
	[FEATURE_PATH_EXACT]             = { .level = NATIVE, .text = "HTTPRoute path Exact" },
	[FEATURE_PATH_PREFIX]            = { .level = NATIVE, .text = "HTTPRoute path RegularExpression: PathPrefix compares whole segments" },
	[FEATURE_PATH_SUFFIX]            = { .level = NATIVE, .text = "HTTPRoute path RegularExpression" },
	[FEATURE_PATH_REGEX]             = { .level = NATIVE, .text = "HTTPRoute path RegularExpression" },
	[FEATURE_PATH_IGNORE_CASE]       = { .level = NATIVE, .text = "HTTPRoute path RegularExpression" },
	[FEATURE_METHOD]                 = { .level = NATIVE, .text = "HTTPRoute method" },
	[FEATURE_HEADER]                 = { .level = NATIVE, .text = "HTTPRoute headers" },
	[FEATURE_HEADER_REGEX]           = { .level = NATIVE, .text = "HTTPRoute headers RegularExpression" },
	[FEATURE_HEADER_INVERTED]        = { .level = CANNOT, .text = "headers that must not match" },
	[FEATURE_QUERY]                  = { .level = NATIVE, .text = "HTTPRoute queryParams" },
	[FEATURE_QUERY_REGEX]            = { .level = NATIVE, .text = "HTTPRoute queryParams RegularExpression" },
	[FEATURE_BY_IDENTITY]            = { .level = NATIVE, .text = "MeshTLSAuthentication" },
	[FEATURE_BY_NAMESPACE]           = { .level = NATIVE, .text = "MeshTLSAuthentication" },
	[FEATURE_BY_ADDRESS]             = { .level = APPROXIMATE, .text = "addresses of connections, which behind a proxy are those of the proxy (NetworkAuthentication)" },
	[FEATURE_NOT_BY_ADDRESS]         = { .level = APPROXIMATE, .text = "addresses of connections, which behind a proxy are those of the proxy (NetworkAuthentication)" },
	[FEATURE_ALLOWED_PATHS]          = { .level = NATIVE, .text = "HTTPRoute of a Server", .since = { 2, 19 } },
	[FEATURE_ALLOWED_METHODS]        = { .level = NATIVE, .text = "HTTPRoute of a Server", .since = { 2, 19 } },
	[FEATURE_ALLOWED_PORTS]          = { .level = NATIVE, .text = "Server port" },
	[FEATURE_FEDERATED_HOST]         = { .level = APPROXIMATE, .text = "names of federated services: `<service>-<cluster>.<namespace>.svc.<cluster domain>`, without a suffix" },
	[FEATURE_FEDERATED_TO]           = { .level = NATIVE, .text = "Link selectors; labels that Services must have" },
	[FEATURE_FLAT_NETWORK]           = { .level = NATIVE, .text = "Link remoteDiscoverySelector" },
	[FEATURE_CLUSTERSET]             = { .level = NATIVE, .text = "Link federatedServiceSelector: `<service>-federated`" },
	[FEATURE_DENY_BY_DEFAULT]        = { .level = NATIVE, .text = "annotation config.linkerd.io/default-inbound-policy that Namespaces must have" },
	[FEATURE_KEEPALIVE_PROBES]       = { .level = CANNOT, .text = "TCP keepalive" },
	[FEATURE_KEEPALIVE_TIME]         = { .level = CANNOT, .text = "TCP keepalive" },
	[FEATURE_KEEPALIVE_INTERVAL]     = { .level = CANNOT, .text = "TCP keepalive" },
	[FEATURE_ROOT_SECRET]            = { .level = NATIVE, .text = "Bundle of trust-manager" },
	[FEATURE_CERTIFICATES]           = { .level = CHECKED, .text = "nothing but a root from a Secret; without one the meshes must share a root already" },
};
/* clang-format on */

struct str linkerd_identity(struct arena *mem, const struct identity *who)
{
	struct str tail = str_join(mem, S("serviceaccount.identity."), who->issuer, S("."),
				   who->trust_domain);

	if (!who->space.n)
		return str_join(mem, S("*."), tail);
	return str_join(mem, who->account.n ? who->account : S("*"), S("."), who->space, S("."),
			tail);
}

/* Linkerd does not bring these along: somebody installs them. */
static const struct {
	const char *kind, *plural, *group, *version;
} extra_apis[] = {
	{ "HTTPRoute", "httproutes", "gateway.networking.k8s.io", "v1" },
	{ "Bundle", "bundles", "trust.cert-manager.io", "v1alpha1" },
};

static void require_apis(struct lowering *lw)
{
	for (size_t k = 0; k < countof(extra_apis); k++) {
		const struct object *first = NULL;

		for (uint32_t i = 0; i < lw->out->all.n && !first; i++)
			if (str_eq(lw->out->all.at[i].key.kind, str_of(extra_apis[k].kind)))
				first = &lw->out->all.at[i];
		if (first)
			require_api(lw, str_of(extra_apis[k].plural), extra_apis[k].group,
				    extra_apis[k].version,
				    first->sources.n ? first->sources.at[0] : NULL);
	}
}

static void lower_cluster(struct lowering *lw)
{
	const struct cluster_plan *plan = lw->cluster;

	for (uint32_t i = 0; i < plan->destinations.n; i++) {
		const struct destination_plan *d = &plan->destinations.at[i];

		linkerd_routes(lw, d);
		linkerd_require_space(lw, d);
		if (!d->remote)
			linkerd_failure_accrual(lw, d);
	}
	for (uint32_t i = 0; i < plan->exports.n; i++)
		linkerd_export(lw, &plan->exports.at[i]);
	for (uint32_t i = 0; i < plan->gateways.n; i++)
		linkerd_gateway(lw, &plan->gateways.at[i]);
	for (uint32_t i = 0; i < plan->trusts.n; i++)
		linkerd_trust(lw, &plan->trusts.at[i]);
	for (uint32_t i = 0; i < plan->peers.n; i++)
		linkerd_link(lw, &plan->peers.at[i]);
	linkerd_check_labels(lw);
	for (uint32_t i = 0; i < plan->guards.n; i++)
		linkerd_guard(lw, &plan->guards.at[i]);
	for (uint32_t i = 0; i < plan->access.n; i++)
		if (plan->access.at[i].kind == ACCESS_NOTHING)
			linkerd_denial(lw, &plan->access.at[i]);
	require_apis(lw);
}

const struct target target_linkerd = {
	.name = "Linkerd",
	.mesh = MESH_LINKERD,
	.floor = { 2, 18 },
	.support = linkerd_support,
	.lower = lower_cluster,
};
