/*
 * Private to target/linkerd/.
 */
#pragma once

#include "target/gamma/gamma.h"

#define LINKERD S("Linkerd")

/* routes.c: HTTPRoutes of a destination, one or more per port. */
void linkerd_routes(struct lowering *, const struct destination_plan *);

/* service.c: annotations that the Service of a destination needs. */
void linkerd_failure_accrual(struct lowering *, const struct destination_plan *);

/* link.c: a Link for a peer, and what the provider's Services and the consumer's cluster must have. */
void linkerd_link(struct lowering *, const struct peer_plan *);
void linkerd_export(struct lowering *, const struct export_plan *);
void linkerd_check_labels(struct lowering *);
void linkerd_require_space(struct lowering *, const struct destination_plan *);

/* <account>.<namespace>.serviceaccount.identity.<control plane's namespace>.<trust domain>; `*` for what is open. */
struct str linkerd_identity(struct arena *, const struct identity *);

/* An integer and one unit, the only form that Linkerd reads: 1500ms, 2s. Declarations have whole milliseconds. */
struct str linkerd_duration(struct arena *, int64_t ns);
