/*
 * Istio in sidecar mode, 1.29 and later: networking.istio.io/v1 and security.istio.io/v1.
 */
#pragma once

#include "target/target.h"

extern const struct target target_istio;
