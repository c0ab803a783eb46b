/*
 * Gloo's selectors over the inventory, and what one selector says about another.
 *
 * A list of selectors is an OR, an empty list matches everything; inside one
 * matcher labels, namespaces and clusters are an AND, each omitted = any.
 * kubeServiceRefs and kubeServiceMatcher of one selector are an OR.
 */
#pragma once

#include "model/inventory.h"
#include "schema/model.gen.h"

struct labels labels_of(struct arena *, const struct text_map *);

bool destination_selector_matches(const struct destination_selector *, const struct service *);
bool workload_selector_admits(const struct workload_selector *,
			      const struct cluster *); /* the cluster part alone */
bool workload_selector_matches(const struct workload_selector *, const struct workload *);

bool texts_have(const struct texts *, struct str);  /* listed */
bool texts_admit(const struct texts *, struct str); /* listed, or the list is empty */
bool map_contains(const struct text_map *all, const struct text_map *wanted);
