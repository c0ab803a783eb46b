/*
 * Struct + shape -> node: the way back of decode.h, for every kind alike.
 *
 * What was given comes out as it was understood, and so do defaults: `1500ms` is `1.5s`,
 * and a field that was left out is there where the schema has a value for it. Decoding
 * the node gives the same values; only the places are others. Older spellings of a field
 * come out under its name, and what holds nothing that meshc may use does not come out.
 */
#pragma once

#include "schema/shape.h"

/* What decode() made by that shape. The tree is the caller's; keys and texts are not copied. */
struct node *encode(struct arena *, const struct shape *, const void *decoded);

/* One field, from its member of the struct. NULL: it holds nothing. */
struct node *encode_field(struct arena *, const struct shape_field *, const void *member);
