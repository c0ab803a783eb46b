/*
 * What a mesh needs of an object that meshc does not own: a label for export, an
 * annotation, an installed API. Checked against the inventory, listed for whoever
 * owns the object, never written.
 */
#pragma once

#include "base/vec.h"
#include "model/resource.h"

enum requirement_state {
	REQUIREMENT_MET,
	REQUIREMENT_ABSENT,
	REQUIREMENT_WRONG,   /* something else stands there */
	REQUIREMENT_UNKNOWN, /* the inventory cannot tell */
};

struct requirement {
	struct str kind, space,
		name;     /* of the object: Service, shop, api; space empty: of the whole cluster */
	struct str what;  /* "label `mirror.linkerd.io/exported: true`" */
	struct str found; /* REQUIREMENT_WRONG: the value that stands there */
	struct str patch; /* JSON merge patch that makes it so; empty: .action says what to do */
	struct str action;
	enum requirement_state state;
	const struct resource *by; /* the declaration that needs it */
	struct span asked;         /* its field */
	struct span at;            /* where the object is in the inventory; unset: nowhere */
};

struct requirements { /* a VEC; sorted by requirement_order, unique */
	struct requirement *at;
	uint32_t n, cap;
};

/* By namespace, kind, name and what. */
int requirement_order(const struct requirement *, const struct requirement *);

/* With texts of its own. */
struct requirement requirement_copy(struct arena *, const struct requirement *);

const char *requirement_word(enum requirement_state); /* "met", "absent", "wrong", "unknown" */
