/*
 * Everything after resolve, read-only from here on.
 */
#pragma once

#include "model/inventory.h"
#include "model/resource.h"

struct fleet_options { /* meshc.yaml, defaults filled in */
	struct str name;
	struct span at;
	struct str inventory, output, gloo_namespace;
	VEC(struct str) mesh;
	bool allow_approximate;
};

struct snapshot {
	const struct catalog *catalog;
	const struct fleet_options *fleet;
	struct inventory inventory;
	/* Sound declarations, sorted by (namespace, name). */
	VEC(const struct resource *) traffic_policies, access_policies, virtual_meshes;
};
