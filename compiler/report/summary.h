/*
 * A compile in numbers: how many clusters and objects, what changed, and what
 * each cluster has to carry.
 *
 *	2 clusters, 41 objects (12 new, 3 changed, 0 removed), 0 errors, 1 warning, 38 ms
 */
#pragma once

#include "base/buf.h"
#include "output/output.h"
#include "plan/plan.h"

struct cluster_summary {
	struct str name;
	uint32_t objects;
	uint32_t imports; /* services of other clusters that its workloads may call */
	uint64_t bytes;   /* of its folder, the index included */
};

struct summary {
	bool has_clusters, has_objects, has_changes; /* how far the compile came */
	uint32_t clusters, objects, new, changed, removed, errors, warnings;
	VEC(struct cluster_summary) per_cluster; /* by name; with has_objects */
};

/* What a compile has reached; NULL where it did not come that far. */
struct summary_input {
	const struct inventory *inventory;
	const struct plan *plan;
	const struct bundle *bundle;
	const struct fileset *fileset;
	const struct changes *changes;
	const struct diags *diags;
};

struct summary summary_of(struct arena *, const struct summary_input *);

/* The line, with its line end. elapsed_ms < 0: no time is named. */
void summary_line(struct buf *, const struct summary *, int64_t elapsed_ms);

/* The table per cluster: all of them, or the ten largest of more than twenty. */
void summary_table(struct buf *, const struct summary *, bool all);
