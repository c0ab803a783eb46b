/*
 * From bytes to a linked snapshot: load, read (parse and decode), resolve.
 *
 * Every function reports what is wrong into the pass and works on with what is
 * sound. `false` = the world refuses (no fleet, unreadable folder, limit).
 */
#pragma once

#include "base/pool.h"
#include "git/root.h"
#include "model/snapshot.h"
#include "source/diag.h"
#include "tree/yaml.h"

struct pass {
	struct arena *mem; /* where results live: to the end of the run */
	struct diags *diags;
	struct pool *pool;
};

struct source {
	uint32_t file;     /* id in files */
	struct str folder; /* inventory/<folder>/...; empty for declarations and meshc.yaml */
	enum { SOURCE_FLEET, SOURCE_DECLARATION, SOURCE_INVENTORY } place;
};

struct sources {
	struct files *files; /* the run's registry: set before front_load */
	struct fleet_options fleet;
	VEC(struct source) all; /* in path order */
};

bool front_load(struct pass *, struct root *, struct sources *out);
void front_read(struct pass *, const struct sources *,
		struct catalog *out); /* parses and decodes */
void front_resolve(struct pass *, const struct sources *, const struct catalog *,
		   struct snapshot *out);
