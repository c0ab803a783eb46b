/*
 * n independent jobs on a few threads. Job i reads shared const data and writes
 * slot i only; results are read after the join, in slot order.
 */
#pragma once

#include "base/base.h"

struct pool;

/*
 * 0: one per core, at most LIMIT_JOBS; 1: the caller works alone. Threads are started by the
 * first map that needs them, so that they have no more rights than the caller has by then.
 */
struct pool *pool_new(uint32_t jobs);
void pool_free(struct pool *);
uint32_t pool_jobs(const struct pool *);

/* Returns when all are done. With one job, or called inside a job, the caller runs them in order. */
void pool_map(struct pool *, uint32_t n, void (*job)(uint32_t i, void *cx), void *cx);
