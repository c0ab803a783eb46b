/*
 * Bytes -> documents that mostly fit a schema: the bytes choose which fields there are and what they hold, so
 * that a fuzzer that changes one changes a field and not the syntax. Without bytes nothing more grows.
 */
#pragma once

#include "base/arena.h"
#include "schema/shape.h"
#include "tree/node.h"

struct grow {
	struct arena *mem;
	const uint8_t *p;
	size_t n;
	uint32_t room; /* nodes that may still be made */
};

struct grow grow_new(struct arena *, const uint8_t *bytes, size_t n);
uint8_t grow_byte(struct grow *); /* 0 when there are none left */

struct node *grow_object(struct grow *, const struct shape *);
