/*
 * Private to driver/.
 */
#pragma once

#include "driver/compile.h"

#define LIMIT_PROVENANCE ((size_t)1 << 20) /* hydrator.metadata: a message and a few lines */

struct output_pass run_output_pass(struct run *);

/* Waits a while, longer each time and never as long as somebody else (retry.c). */
void back_off(uint32_t tries);

/* meshc.yaml alone: root, folder, commit, the file and what it says. false: compile() reports why. */
bool compile_fleet(struct run *, struct result *out);

#define SOURCE_TRAILER "Meshc-Source-Commit: "

struct standing {
	const struct repository *repository;
	const struct fleet_options *fleet;
	struct str folder;       /* of meshc.yaml in the commits of the sources */
	struct object_id tip;    /* of the branch */
	bool noted;              /* the tip has a note of ours */
	struct object_id source; /* the one that is to be published */
	struct str trailers;     /* what a message ends with that this version writes for it */
};

/* true: compiling `source` would give what the tip holds. false: only compiling tells. */
bool stands_already(struct arena *, const struct standing *);
