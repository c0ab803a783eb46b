/*
 * Linkerd 2.18 and later: routes of the Gateway API, policy.linkerd.io and
 * multicluster.linkerd.io.
 */
#pragma once

#include "target/target.h"

extern const struct target target_linkerd;
