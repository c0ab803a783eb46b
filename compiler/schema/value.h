/*
 * What the generated structs are made of. Every value keeps where it was written;
 * a span that is not set means: not given, the value is the schema's default.
 */
#pragma once

#include "base/str.h"
#include "source/span.h"
#include "tree/node.h"

struct text {
	struct str s;
	struct span at;
};

struct number { /* integers; durations in ns; percentages in ppm (1 % = 10000) */
	int64_t v;
	struct span at;
};

struct flag {
	bool v;
	struct span at;
};

struct choice { /* v: a constant of the enum that the schema names */
	int v;
	struct span at;
};

#define LIST(type)                                                                                 \
	struct {                                                                                   \
		type *item;                                                                        \
		uint32_t n;                                                                        \
		struct span at;                                                                    \
	}

struct texts {
	struct text *item;
	uint32_t n;
	struct span at;
};

struct numbers {
	struct number *item;
	uint32_t n;
	struct span at;
};

struct text_pair {
	struct text key, value;
};

struct text_map { /* sorted by key; keys are unique */
	struct text_pair *item;
	uint32_t n;
	struct span at;
};

#define given(field) span_set((field).at)
