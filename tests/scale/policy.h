/*
 * Policies of a generated fleet: the k-th of a service. Any two that can meet in a request set different
 * fields or are one within the other, so that nothing conflicts.
 */
#pragma once

#include "scale/document.h"

void put_policy(struct fleet *, struct documents_of *, const struct member *, uint32_t k);
