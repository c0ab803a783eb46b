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
/* meshc.yaml and nothing else. false: it is not there, or names paths that cannot be used. */
bool front_fleet(struct pass *, struct root *, struct sources *out);
void front_read(struct pass *, const struct sources *,
		struct catalog *out); /* parses and decodes */

/*
 * What was made of each run of files. Sources that are nearly the same, another commit of them,
 * get most of it without being read. It points into the sources and the memory of the pass that
 * filled it.
 */
struct readings {
	const struct sources *sources; /* NULL: nothing has been kept */
	const struct reading *at;      /* as chunk_sources cuts them */
	uint32_t n;
};

/* front_read, which takes what *kept has, and fills it where it has nothing. */
void front_read_again(struct pass *, const struct sources *, struct readings *kept,
		      struct catalog *out);
void front_resolve(struct pass *, const struct sources *, const struct catalog *,
		   struct snapshot *out);
