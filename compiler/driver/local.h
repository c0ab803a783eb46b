/*
 * Private to driver/.
 */
#pragma once

#include "driver/run.h"
#include "output/output.h"

#define LIMIT_PROVENANCE ((size_t)1 << 20) /* hydrator.metadata: a message and a few lines */

struct output_pass run_output_pass(struct run *);

/* The files of the clusters that the target is for, and those of no cluster (target.c). */
void target_files(struct arena *, const struct fileset *, const struct publish_target_options *,
		  struct fileset *out);

uint32_t count_clusters(const struct fileset *);

/* Waits a while, longer each time and never as long as somebody else (retry.c). */
void back_off(uint32_t tries);
