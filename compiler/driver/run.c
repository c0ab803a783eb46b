/*
 * Opening and closing a run, and its stopwatch.
 */
#include "base/base.h"
#include "driver/run.h"

#include "git/blob.h"

static const char *const names[] = {
#define PHASE(name) [PHASE_##name] = #name,
	PHASES(PHASE)
#undef PHASE
};

_Static_assert(countof(names) == PHASE_MAX, "one name per phase");

const char *phase_name(enum phase phase)
{
	return names[phase];
}

static uint64_t now(const struct run *run)
{
	return run->options.clock ? run->options.clock() : 0;
}

void run_open(struct run *run, struct run_options options)
{
	*run = (struct run){ .options = options, .mem = arena_new() };
	run->diags = diags_new(run->mem);
	run->pool = pool_new(options.jobs);
	run->lap = now(run);
}

void run_close(struct run *run)
{
	pool_free(run->pool);
	if (run->reads_git)
		blob_close();
	arena_free(run->mem);
}

void run_read_git(struct run *run)
{
	if (!run->reads_git)
		blob_open();
	run->reads_git = true;
}

void run_lap(struct run *run, enum phase phase)
{
	uint64_t t = now(run);

	run->spent[phase] += t - run->lap;
	run->lap = t;
}
