/*
 * Where something was written: bytes [start, end) of a file. File 0 is "nowhere":
 * a value with such a span was not written by anybody (a default).
 */
#pragma once

#include "base/base.h"

struct span {
	uint32_t file, start, end;
};

static inline bool span_set(struct span s)
{
	return s.file != 0;
}

/* From the start of a to the end of b; both in one file. */
static inline struct span span_join(struct span a, struct span b)
{
	return (struct span){ a.file, a.start, b.end };
}
