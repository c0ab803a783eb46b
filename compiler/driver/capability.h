/*
 * The capability table: what each target makes of each thing that a declaration can
 * ask for. The same cells that findings 0702 and 0703 come from.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

struct capability_cell {
	const char *mesh;  /* "Istio" */
	const char *level; /* "native", "approximate", "unsupported", "checked" */
	const char *text;  /* as what, or what is lost; never NULL */
	struct str since;  /* "2.19"; empty: every release that the target prints for */
};

struct capability {
	const char *kind;                    /* "TrafficPolicy" */
	const char *path;                    /* below its spec: "policy.retries.perTryTimeout" */
	const char *when;                    /* which values of the field; NULL: any */
	const struct capability_cell *cells; /* one per target */
};

struct capabilities {
	VEC(struct capability) all; /* in the order of plan/feature.def */
	uint32_t n_cells;           /* of each */
};

struct capabilities capabilities_of(struct arena *);
