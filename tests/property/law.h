/*
 * The merge law by brute force: random policies, every request of a small world, and what DESIGN.md laws 2
 * and 3 say about each. Knows nothing of compiler/: containment is tried on all requests, not derived.
 */
#pragma once

#include "base/buf.h"

enum { N_SERVICES = 3, N_FIELDS = 3, MAX_POLICIES = 4, MAX_ITEMS = 2 };

struct service_of_world {
	const char *name, *space, *cluster, *label_app, *label_tier;
	bool federated; /* callers of the other cluster reach it as well */
};

extern const struct service_of_world services[N_SERVICES];

struct request {
	uint32_t service;                      /* index in services */
	const char *cluster, *space, *version; /* of the caller */
	const char *path, *method;
	const char *header, *query; /* NULL: not there */
};

enum field { FIELD_timeout, FIELD_retries, FIELD_abort };

struct world_policy { /* items are indexes in the tables of law.c */
	uint32_t destinations[MAX_ITEMS], sources[MAX_ITEMS], matchers[MAX_ITEMS];
	uint32_t n_destinations, n_sources, n_matchers;
	int64_t field[N_FIELDS]; /* 0: not set; seconds, attempts, status */
};

struct world {
	struct world_policy policy[MAX_POLICIES];
	uint32_t n;
	bool has_regex;
};

struct world world_random(uint64_t seed);
void world_put_yaml(struct buf *, const struct world *);

/* Calls back for every request that somebody in the fleet can send. */
void requests_each(void (*each)(const struct request *, void *cx), void *cx);

/*
 * DECIDED: the value is the law's (0: nobody sets it). CONFLICT: policies that differ match, and none is
 * narrower than all that differ from it. EITHER: only by taking several policies together is there a winner.
 */
enum verdict { DECIDED, CONFLICT, EITHER };

enum verdict law_decides(const struct world *, const struct request *, enum field, int64_t *value);
