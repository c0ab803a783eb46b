/*
 * What refuse.c is told, and what it tells.
 *
 * A call of one of the classes asked for is a point; the points of a run are counted, and the n-th gets the fault.
 * Loaded in front of a program, the plan is a file that both sides map, named in MESHC_FAULT_PLAN; linked into a
 * test, refuse() makes it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A sanitizer gives memory itself: there it is no point. */
#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED
#endif

/* Classes of points. */
enum {
	CLASS_MEMORY = 1 << 0, /* what gives memory */
	CLASS_READ = 1 << 1,
	CLASS_WRITE = 1 << 2,
	CLASS_OPEN = 1 << 3,
	CLASS_NAME = 1 << 4, /* makes, moves, removes names, changes modes and times */
	CLASS_SYNC = 1 << 5,
	CLASS_CLOSE = 1 << 6,
	CLASS_LOOK = 1 << 7,  /* stat and the like: nothing is opened */
	CLASS_CHILD = 1 << 8, /* pipes and processes */
	CLASS_WAIT = 1 << 9,  /* for them */
};

#define CLASS_IO (~(uint32_t)CLASS_MEMORY)

enum fault {
	FAULT_NONE,
	FAULT_ERROR, /* the call fails with the error */
	FAULT_SHORT, /* a read or write does half of what it could */
	FAULT_KILL,  /* the process is killed before the call */
};

enum { MOST_POINTS = 1 << 20 };

struct fault_plan {
	/* asked */
	uint32_t classes;
	uint32_t fault; /* enum fault */
	int32_t error;
	uint32_t survey; /* whether `ways` is wanted */
	uint64_t nth;    /* 1-based; 0: none */

	/* answered */
	uint64_t points;
	uint32_t fired;
	uint32_t ended;    /* the program came to its end by itself, and the two below hold */
	int64_t memory;    /* pieces that were not given back */
	int64_t opened;    /* descriptors that were not closed */
	char call[24];     /* that got the fault */
	char within[1024]; /* libraries and their functions that led to it */

	uint64_t ways
		[]; /* survey: per point, MOST_POINTS at most, a hash of the calls that led to it */
};

#define PLAN_BYTES (sizeof(struct fault_plan) + MOST_POINTS * sizeof(uint64_t))

/* In this process, from now on: the nth call of these classes fails with the error. */
void refuse(uint32_t classes, int error, uint64_t nth);
bool refuse_end(void); /* whether one did */
