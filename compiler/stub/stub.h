/*
 * What a cluster holds by itself, as objects: for tools that look at the output and
 * have to see what it is about, without a cluster at hand. Nobody applies them.
 *
 * What the inventory has is printed as it was understood. What it does not have, and a
 * cluster would, is made up: a pod per workload as the mesh takes it in, addresses, the
 * EndpointSlices between services and pods. It is the same for the same inventory.
 */
#pragma once

#include "model/object.h"
#include "model/snapshot.h"

/* The set of one cluster. */
void stub_objects(struct arena *, const struct snapshot *, const struct cluster *,
		  struct object_set *out);
