/*
 * What differs between two sequences of texts: lines of a file, items of a list.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

/* old[old_at ... + old_n) became new[new_at ... + new_n). One of the lengths may be 0. */
struct sequence_run {
	uint32_t old_at, old_n, new_at, new_n;
};

struct sequence_runs { /* ascending, never touching */
	VEC(struct sequence_run) all;
};

struct sequence {
	const struct str *at;
	uint32_t n;
};

/* The shortest difference, unless it is so long that nobody would read it. */
void sequence_diff(struct arena *, struct sequence old, struct sequence new,
		   struct sequence_runs *out);

/* The lines of a text with their line ends; only the last may have none. */
struct sequence sequence_lines(struct arena *, struct str text);
