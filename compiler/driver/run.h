/*
 * One run of the compiler: the memory, the findings and the helpers
 * that every pass of it shares, and how long each phase took.
 *
 * A run reads no clock of its own: who wants timings brings one.
 */
#pragma once

#include "base/pool.h"
#include "driver/scope.h"
#include "front/front.h"
#include "git/root.h"
#include "source/diag.h"

#define PHASES(X)                                                                                  \
	X(load)                                                                                    \
	X(read) X(resolve) X(rules) X(plan) X(render) X(settle) X(publish)

enum phase {
#define PHASE(name) PHASE_##name,
	PHASES(PHASE)
#undef PHASE
		PHASE_MAX
};

struct run_options {
	struct root_choice root; /* where the sources are read from */
	struct shard shard;      /* emit only its clusters */
	uint32_t jobs;           /* 0: one per core */
	bool only_check;         /* nothing will be settled or published */
	bool strict;             /* warnings keep output from being made, as errors do */
	struct readings
		*readings; /* kept from run to run, all of which outlive its last use; NULL: none */
	uint64_t (*clock)(void); /* monotonic nanoseconds; NULL: nothing is measured */
};

struct run {
	struct run_options options;
	struct arena *mem; /* to the end of the run */
	struct diags diags;
	struct pool *pool;
	bool reads_git;            /* by the threads of the pool as well */
	uint64_t lap;              /* when the current phase began */
	uint64_t spent[PHASE_MAX]; /* ns */
};

/* In place: findings point back at run->diags, so a run is never copied. */
void run_open(struct run *, struct run_options);
void run_close(struct run *);

/* Before the pool reads from git: libgit2 frees what it keeps for a thread when the thread ends, if it is still open then. */
void run_read_git(struct run *);

/* What passed since the last lap belongs to this phase. */
void run_lap(struct run *, enum phase);

const char *phase_name(enum phase);
