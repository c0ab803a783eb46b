/*
 * Everything after resolve, read-only from here on.
 */
#pragma once

#include "model/inventory.h"
#include "model/resource.h"

struct name_list { /* a VEC */
	struct str *at;
	uint32_t n, cap;
};

struct publish_target_options { /* a branch that is kept equal to what is compiled */
	struct str name;
	struct str branch;             /* empty: that of the sources */
	struct str directory;          /* empty: its root */
	struct str repository, remote; /* both empty: the clone itself */
	struct name_list clusters;     /* empty: all */
	struct span at;
};

struct wave_options { /* clusters that are published together */
	struct str name;
	struct name_list clusters;
	struct labels labels; /* empty: only those that are named */
	struct span at;
};

struct guard_options {
	uint32_t removed_objects, removed_percent; /* per cluster: the larger of the two */
	uint32_t clusters_percent;
	struct name_list protected_kinds; /* Kind.group */
};

struct fleet_options { /* meshc.yaml, defaults filled in */
	struct str name;
	struct span at;
	struct str inventory, output, gloo_namespace;
	VEC(struct str) mesh;
	bool allow_approximate;
	VEC(struct publish_target_options) targets;
	VEC(struct wave_options) rollout; /* in their order */
	struct guard_options guards;
	struct name_list decommission; /* clusters */
	struct str repo_url;
	struct str
		applied; /* where appliers find the output in their repository; empty: its root */
};

struct snapshot {
	const struct catalog *catalog;
	const struct fleet_options *fleet;
	struct inventory inventory;
	/* Sound declarations, sorted by (namespace, name). */
	VEC(const struct resource *) traffic_policies, access_policies, virtual_meshes;
};
