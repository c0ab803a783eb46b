/*
 * See policy.h. One function per thing that a policy can ask for, in a table.
 */
#include "base/base.h"

#include "scale/policy.h"

#define NETWORKING "networking.mesh.gloo.solo.io/v1"

struct recipe {
	const char *kind, *name;
	void (*put)(struct buf *, const struct member *, uint64_t dice);
};

static void put_destination(struct buf *b, const struct member *m)
{
	buf_format(
		b,
		"  destinationSelector:\n  - kubeServiceRefs:\n      services:\n      - name: %s\n",
		m->name);
	buf_format(b, "        namespace: %s\n        clusterName: c-%03u\n", m->space, m->cluster);
}

static void put_timeout(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  policy:\n    requestTimeout: %us\n", (unsigned)(dice % 9) + 1);
}

static void put_retries(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  policy:\n    retries:\n      attempts: %u\n      perTryTimeout: 250ms\n",
		   (unsigned)(dice % 3) + 1);
}

/* Narrower than put_timeout: wins where both match. */
static void put_routes(struct buf *b, const struct member *m, uint64_t dice)
{
	buf_format(b,
		   "  sourceSelector:\n  - kubeWorkloadMatcher:\n      namespaces:\n      - %s\n",
		   m->space);
	put_destination(b, m);
	buf_format(b, "  httpRequestMatchers:\n  - uri:\n      prefix: /api/\n  - headers:\n    - "
		      "name: x-tenant\n");
	buf_format(b,
		   "      value: tenant-%u\n    method: POST\n  policy:\n    requestTimeout: 15s\n",
		   (unsigned)(dice % 50));
}

static void put_cors(struct buf *b, const struct member *m)
{
	put_destination(b, m);
	buf_format(b, "  policy:\n    corsPolicy:\n      allowOrigins:\n      - exact: "
		      "https://shop.example.org\n");
	buf_format(b, "      allowMethods:\n      - GET\n      maxAge: 10m\n");
}

static void put_shift(struct buf *b, const struct member *m, uint64_t dice)
{
	unsigned weight = (unsigned)(dice % 99) + 1;

	if (m->versions < 2) {
		put_cors(b, m);
		return;
	}
	put_destination(b, m);
	buf_format(b, "  policy:\n    trafficShift:\n      destinations:\n");
	for (unsigned v = 1; v <= 2; v++) {
		buf_format(b, "      - weight: %u\n        kubeService:\n          name: %s\n",
			   v == 1 ? weight : 100 - weight, m->name);
		buf_format(b,
			   "          namespace: %s\n          clusterName: c-%03u\n          "
			   "port: 8080\n",
			   m->space, m->cluster);
		buf_format(b, "          subset:\n            version: v%u\n", v);
	}
}

static void put_outlier(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  policy:\n    outlierDetection:\n      consecutiveErrors: %u\n",
		   (unsigned)(dice % 5) + 3);
	buf_format(
		b,
		"      interval: 5s\n      baseEjectionTime: 30s\n      maxEjectionPercent: 50\n");
}

static void put_access(struct buf *b, const struct member *m, uint64_t dice)
{
	uint32_t first = m->service / 10 * 10;

	buf_format(b, "  sourceSelector:\n  - kubeServiceAccountRefs:\n      serviceAccounts:\n");
	buf_format(b,
		   "      - name: svc-%03u\n        namespace: %s\n        clusterName: c-%03u\n",
		   first, m->space, m->cluster);
	put_destination(b, m);
	buf_format(b, "  allowedMethods:\n  - GET\n  - POST\n  allowedPaths:\n  - /api/*\n  "
		      "allowedPorts:\n  - 8080\n");
	(void)dice;
}

static void put_fault(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  httpRequestMatchers:\n  - uri:\n      exact: /api/slow\n  policy:\n    "
		      "faultInjection:\n");
	buf_format(b, "      fixedDelay: 2s\n      percentage: %u.5\n", (unsigned)(dice % 50));
}

static void put_headers(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b,
		   "  httpRequestMatchers:\n  - method: GET\n  policy:\n    headerManipulation:\n");
	buf_format(b, "      appendRequestHeaders:\n        x-cell: cell-%u\n",
		   (unsigned)(dice % 9));
	buf_format(b, "      removeResponseHeaders:\n      - x-internal\n");
}

/* --- what Linkerd can do --- */

/* Routes for callers of one namespace cannot stand beside routes for all: these are for all. */
static void put_linkerd_routes(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  httpRequestMatchers:\n  - uri:\n      prefix: /api/\n  - headers:\n    - "
		      "name: x-tenant\n");
	buf_format(b,
		   "      value: tenant-%u\n    method: POST\n  policy:\n    requestTimeout: 15s\n",
		   (unsigned)(dice % 50));
}

/* All clusters have one trust domain: an identity does not tell them apart. Callers of others have the gateway's. */
static void put_linkerd_access(struct buf *b, const struct member *m, uint64_t dice)
{
	buf_format(b, "  sourceSelector:\n  - kubeServiceAccountRefs:\n      serviceAccounts:\n");
	buf_format(b, "      - name: svc-%03u\n        namespace: %s\n", m->service / 10 * 10,
		   m->space);
	buf_format(b, "      - name: linkerd-gateway\n        namespace: linkerd-multicluster\n");
	put_destination(b, m);
	buf_format(b, "  allowedMethods:\n  - GET\n  - POST\n  allowedPaths:\n  - /api/*\n  "
		      "allowedPorts:\n  - 8080\n");
	(void)dice;
}

/* To the service itself and the first one of its namespace, which has no subset to shift between. */
static void put_linkerd_shift(struct buf *b, const struct member *m, uint64_t dice)
{
	unsigned weight = (unsigned)(dice % 99) + 1;

	put_destination(b, m);
	buf_format(b, "  policy:\n    trafficShift:\n      destinations:\n");
	buf_format(b, "      - weight: %u\n        kubeService:\n          name: %s\n", weight,
		   m->name);
	buf_format(b,
		   "          namespace: %s\n          clusterName: c-%03u\n          port: 8080\n",
		   m->space, m->cluster);
	buf_format(b, "      - weight: %u\n        kubeService:\n          name: svc-%03u\n",
		   100 - weight, m->service / 10 * 10);
	buf_format(b,
		   "          namespace: %s\n          clusterName: c-%03u\n          port: 8080\n",
		   m->space, m->cluster);
}

/* As the annotations of the Service say it. */
static void put_linkerd_outlier(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  policy:\n    outlierDetection:\n      consecutiveErrors: 5\n      "
		      "baseEjectionTime: 30s\n");
	(void)dice;
}

static void put_linkerd_extra(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  httpRequestMatchers:\n  - uri:\n      exact: /extra/%u\n",
		   (unsigned)(dice >> 32));
	buf_format(b, "  policy:\n    retries:\n      attempts: 1\n");
}

/* --- */

/* From here on each policy has a path of its own; what it sets is set for the whole service at most. */
static void put_extra(struct buf *b, const struct member *m, uint64_t dice)
{
	put_destination(b, m);
	buf_format(b, "  httpRequestMatchers:\n  - uri:\n      exact: /extra/%u\n",
		   (unsigned)(dice >> 32));
	buf_format(
		b,
		"  policy:\n    corsPolicy:\n      allowOrigins:\n      - suffix: .example.org\n");
}

static const struct recipe recipes[] = {
	{ "TrafficPolicy", "timeout", put_timeout }, { "TrafficPolicy", "routes", put_routes },
	{ "AccessPolicy", "access", put_access },    { "TrafficPolicy", "retries", put_retries },
	{ "TrafficPolicy", "shift", put_shift },     { "TrafficPolicy", "outlier", put_outlier },
	{ "TrafficPolicy", "fault", put_fault },     { "TrafficPolicy", "headers", put_headers },
};

static const struct recipe linkerd_recipes[] = {
	{ "TrafficPolicy", "timeout", put_timeout },
	{ "TrafficPolicy", "routes", put_linkerd_routes },
	{ "AccessPolicy", "access", put_linkerd_access },
	{ "TrafficPolicy", "retries", put_retries },
	{ "TrafficPolicy", "shift", put_linkerd_shift },
	{ "TrafficPolicy", "outlier", put_linkerd_outlier },
	{ "TrafficPolicy", "extra", put_linkerd_extra },
	{ "TrafficPolicy", "headers", put_headers },
};
_Static_assert(countof(linkerd_recipes) == countof(recipes), "as many of each");

static const struct recipe linkerd_extra = { "TrafficPolicy", "extra", put_linkerd_extra };
static const struct recipe extra = { "TrafficPolicy", "extra", put_extra };

void put_policy(struct fleet *f, struct documents_of *out, const struct member *m, uint32_t k)
{
	uint32_t first = m->service * f->policies;
	const struct recipe *table = m->linkerd ? linkerd_recipes : recipes;
	const struct recipe *recipe = k < countof(recipes) ? &table[(first + k) % countof(recipes)]
				      : m->linkerd         ? &linkerd_extra
							   : &extra;
	struct buf *b = document_start(f, out, NETWORKING, recipe->kind);

	buf_format(b, "metadata:\n  name: %s-%s-%u-c-%03u\n  namespace: %s\nspec:\n", m->name,
		   recipe->name, k, m->cluster, m->space);
	recipe->put(b, m, fleet_random(f, m->cluster, m->service, k));
	document_end(f, out, b);
}
