/*
 * Routes of the Gateway API for Services, as every mesh that reads them does:
 * HTTPRoute v1, and ReferenceGrants where a route leaves its namespace.
 *
 * A mesh decides which rules stand in one object and what its annotations are;
 * how a rule is written, and which rule of several counts, is the API's.
 */
#pragma once

#include "target/local.h"

/* The Service whose requests a route is about. */
struct gamma_parent {
	struct str name, space;
	uint32_t port;
};

struct gamma_rules { /* a VEC; one rule each, in the plan's order */
	const struct route **at;
	uint32_t n, cap;
};

struct gamma_annotation {
	struct str key, value;
};

struct gamma_annotations { /* a VEC; sorted by key */
	struct gamma_annotation *at;
	uint32_t n, cap;
};

struct gamma_http_route {
	struct str name, space; /* of the object */
	struct gamma_parent parent;
	struct gamma_rules rules; /* at most LIMIT_HTTP_ROUTE_RULES */
	struct gamma_annotations annotations;
};

/* The object, with its sources, and the grants that its backends need. */
void gamma_http_route(struct lowering *, const struct gamma_http_route *);

/* What a header or query parameter of a route is called. */
void gamma_name(struct lowering *, struct node *map, struct str name, struct span at);

/* One match of an HTTPRoute rule, without the parts that a condition leaves open. */
void gamma_match(struct lowering *, struct node *match, const struct condition *, struct span at);

/*
 * Whether the rule of `narrow` counts for every request that both match, narrow being
 * contained in wide: always, only where it stands before the other in one object, or not
 * at all. By the length of paths, headers, query parameters and method, as the proxies of
 * Linkerd 2.18 to 2.20 compare, and in whatever order of the last three.
 */
enum gamma_order { GAMMA_NEVER, GAMMA_IN_ORDER, GAMMA_ALWAYS };

enum gamma_order gamma_order(const struct condition *narrow, const struct condition *wide);
