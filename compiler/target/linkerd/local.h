/*
 * Private to target/linkerd/.
 */
#pragma once

#include "base/vec.h"
#include "target/gamma/gamma.h"

#define LINKERD S("Linkerd")

/* routes.c: HTTPRoutes of a destination, one or more per port. */
void linkerd_routes(struct lowering *, const struct destination_plan *);

/* route_order.c: what depends on the age of objects is reported. */
struct route_group { /* routes of one HTTPRoute */
	struct gamma_annotations annotations;
	struct gamma_rules rules;
};

struct route_groups {
	VEC(struct route_group) all;
};

void linkerd_check_order(struct lowering *, const struct destination_plan *,
			 const struct route_groups *);
/* The policy that makes the route what it is beside the other: one that takes part in it alone. */
const struct resource *linkerd_own_policy(const struct route *route, const struct route *other);

/* beside.c: what others have written about requests to the destination, which has routes. */
void linkerd_check_beside(struct lowering *, const struct destination_plan *);

/* service.c: annotations that the Service of a destination needs. */
void linkerd_failure_accrual(struct lowering *, const struct destination_plan *);

/* link.c: a Link for a peer, and what the provider's Services and the consumer's cluster must have. */
void linkerd_link(struct lowering *, const struct peer_plan *);
void linkerd_gateway(struct lowering *, const struct gateway_plan *);
void linkerd_export(struct lowering *, const struct export_plan *);
void linkerd_check_labels(struct lowering *);
void linkerd_require_space(struct lowering *, const struct destination_plan *);

/* trust.c: a Bundle of roots, and what it needs. */
void linkerd_trust(struct lowering *, const struct trust_plan *);

/* access.c: what only some may call; and workloads that must refuse everybody else. */
void linkerd_guard(struct lowering *, const struct guard_plan *);
void linkerd_denial(struct lowering *, const struct access_plan *);

/* opening.c: which callers may send which requests to a guarded port, as routes say it. */
struct grant { /* callers that a policy lets in */
	bool anybody;
	struct identity_list identities;
	struct networks networks;
	struct resource_list sources;
	struct span at;
};

struct grants { /* a VEC; no two alike */
	struct grant *at;
	uint32_t n, cap;
};

struct grant_set { /* a VEC; indexes into grants, ascending */
	uint32_t *at;
	uint32_t n, cap;
};

struct opening { /* requests, and who may send them beside those who may send any */
	struct condition when;
	struct grant_set callers;
	struct span at;
	bool is_probe; /* which the node sends, without an identity */
};

struct openings {
	struct grants grants;
	struct grant_set whole;   /* may do anything, in whatever protocol */
	VEC(struct opening) some; /* most specific first; empty: there are no others */
};

void linkerd_openings(struct lowering *, const struct guard_plan *, struct openings *out);

/* authorization.c: a policy by which these callers may use a Server or an HTTPRoute. */
struct authorized {
	const char *group, *kind; /* of the target */
	struct str space,
		name; /* of the target and, with `.also` after the first, of the policies */
};

void linkerd_authorize(struct lowering *, const struct grants *, const struct grant_set *,
		       const struct authorized *);

/* <account>.<namespace>.serviceaccount.identity.<control plane's namespace>.<trust domain>; `*` for what is open. */
struct str linkerd_identity(struct arena *, const struct identity *);

/* An integer and one unit, the only form that Linkerd reads: 1500ms, 2s. Declarations have whole milliseconds. */
struct str linkerd_duration(struct arena *, int64_t ns);
