/*
 * Which folders of the output a run is about: all, or those of a target, a shard and a
 * wave. What is not chosen stays as it is, wherever it stands.
 */
#pragma once

#include "model/snapshot.h"
#include "output/output.h"

struct shard {
	uint32_t index, count; /* from 1; count 0: there are no shards */
};

enum wave_part {
	WAVES_ALL,    /* whatever wave a cluster is in */
	WAVES_THIS,   /* those of the wave */
	WAVES_BEFORE, /* those of the waves before it */
};

struct scope {
	const struct inventory *inventory;
	const struct fleet_options *fleet;
	const struct publish_target_options *target; /* NULL: every cluster */
	struct shard shard;
	enum wave_part waves;
	uint32_t wave; /* in fleet->rollout */
};

/*
 * A cluster's shard is a function of its name alone, so that shards of several machines are disjoint
 * and a cluster that is gone is somebody's. What belongs to no cluster is the first shard's, and the last wave's.
 */
bool scope_takes(const void *scope, struct str folder);

/* The chosen part of the files. */
void scope_files(struct arena *, const struct scope *, const struct fileset *, struct fileset *out);

uint32_t count_clusters(const struct fileset *);
