/*
 * Meshes that meshc can print for. A target is a row of targets.c and a folder.
 *
 * It gets the plan of one cluster and adds objects; it decides nothing. What it
 * cannot do stands in its support table, and lower.c reports it at the field.
 */
#pragma once

#include "model/object.h"
#include "plan/plan.h"

enum support_level {
	CANNOT,
	NATIVE,
	APPROXIMATE,
	CHECKED, /* nothing is printed for it, and a finding of its own says so */
};

struct support {
	enum support_level level; /* a row left out is CANNOT */
	const char *text;         /* NATIVE: as what; APPROXIMATE, CANNOT: what is lost */
	struct release since; /* older releases cannot; 0.0: all that the target prints for can */
};

struct lowering {
	struct arena *mem; /* of the cluster */
	struct diags *diags;
	const struct plan *plan;
	const struct cluster_plan *cluster;
	struct object_set *out;
};

struct target {
	const char *name; /* "Istio" */
	enum mesh_kind mesh;
	struct release floor;          /* the oldest that it prints for */
	const struct support *support; /* [FEATURE_MAX] */
	void (*lower)(struct lowering *);
};

extern const struct target *const targets[]; /* ends with NULL */

/* The objects of cluster i, in mem. Findings 07xx. */
void target_lower_cluster(struct arena *mem, struct diags *, const struct plan *, uint32_t i,
			  struct object_set *out);

/* All clusters in parallel. */
void target_lower(struct plan_pass *, const struct plan *, struct bundle *out);
