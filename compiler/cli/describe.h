/*
 * What a field of a kind is, from the schema: `explain TrafficPolicy.spec.policy.retries`.
 */
#pragma once

#include "base/buf.h"

enum described { DESCRIBED, NOT_A_KIND, NOT_A_FIELD };

/* NOT_A_FIELD: what is wrong is in `complaint`, one line. */
enum described describe(struct buf *out, struct str path, struct buf *complaint);
