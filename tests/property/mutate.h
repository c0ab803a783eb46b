/*
 * Every way to change one field of a document, one at a time.
 *
 * A change is made in the tree, told, and taken back. Which there are stands in the shape: a value becomes another
 * one that the schema takes, a field is dropped (unless it says what would be anyway), an item of a list, a key of a map.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "schema/shape.h"
#include "tree/node.h"

struct mutation {
	const char *
		path; /* of the field, without indexes: "TrafficPolicy.spec.policy.retries.attempts" */
	const char *how; /* "3 becomes 4", "is dropped" */
	struct span at;  /* of the value, as it was read */
	bool dropped;    /* it may be missing now; else the schema takes what is there */
};

struct mutator {
	struct arena *mem;
	void (*each)(void *cx, const struct mutation *);
	void *cx;
	VEC(const struct shape_field *) met; /* every field that some document gives; not sorted */
};

/* The tree is as it was when this returns. */
void mutate(struct mutator *, struct node *document, const char *kind, const struct shape *);

bool mutator_met(const struct mutator *, const struct shape_field *);
