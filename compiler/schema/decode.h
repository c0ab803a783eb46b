/*
 * Node + shape -> struct, for every kind alike.
 */
#pragma once

#include "schema/shape.h"
#include "source/diag.h"

/*
 * The struct described by the shape, in mem; its first member is `struct span at`.
 * Never NULL: fields that are missing hold their default, those that are wrong
 * hold nothing to rely on. *sound is set to false (never to true) when an error
 * was reported.
 */
void *decode(struct arena *mem, struct diags *, const struct shape *, const struct node *,
	     bool *sound);
