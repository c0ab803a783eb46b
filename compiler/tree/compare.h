/*
 * What differs between two trees, field by field.
 *
 * Items of lists are matched by what names them (`name`, `port`, `host`, a match),
 * so that an item that was put in between is one difference and not a row of them.
 */
#pragma once

#include "base/vec.h"
#include "tree/node.h"

enum edit_kind {
	EDIT_CHANGED,
	EDIT_ADDED,
	EDIT_REMOVED,
	EDIT_ORDER, /* the same items of a list in another order */
};

struct edit {
	enum edit_kind kind;
	struct str path;    /* for people: spec.http[name=x].timeout */
	struct str pointer; /* RFC 6901, into the new tree; EDIT_REMOVED: into the old one */
	const struct node *old, *new; /* NULL: not there */
};

struct edits { /* in the order of the fields */
	VEC(struct edit) all;
};

/* Paths live in mem, values in the trees. */
void node_compare(struct arena *mem, const struct node *old, const struct node *new,
		  struct edits *out);

/* Where the value at the pointer was asked for, or else what encloses it or is in it; unset: nowhere. */
struct span node_origin(const struct node *root, struct str pointer);
