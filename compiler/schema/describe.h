/*
 * What the schemas say, for people: the tables of the README.
 */
#pragma once

#include "schema/shape.h"

#include "base/buf.h"

/* The field of that name, NULL when there is none. */
const struct shape_field *shape_find(const struct shape *, struct str name);

/*
 * Markdown: one table per object, each object once, in the order in which a
 * reader who starts from the given shapes meets them.
 */
void describe_markdown(struct buf *, const struct shape *const *shapes, uint32_t n);
