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

/* An integer and one unit, the only form that Linkerd reads: 1500ms, 2s. Declarations have whole milliseconds. */
struct str linkerd_duration(struct arena *, int64_t ns);
