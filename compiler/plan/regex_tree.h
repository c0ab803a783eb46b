/*
 * A regular expression as a tree; private to regex.c and regex_parse.c.
 */
#pragma once

#include "base/vec.h"
#include "base/str.h"

enum regex_op { REGEX_EMPTY, REGEX_CLASS, REGEX_CAT, REGEX_ALT, REGEX_REPEAT, REGEX_ASSERT };
enum regex_assert { ASSERT_BEGIN, ASSERT_END, ASSERT_LINE_BEGIN, ASSERT_LINE_END, ASSERT_WORD, ASSERT_NOT_WORD };

struct code_range {
	uint32_t low, high;                                   /* code points, both included */
};

struct regex_node {
	enum regex_op op;
	bool negated;                                         /* CLASS: everything but the ranges */
	bool unknown;                                         /* CLASS: a Unicode class, whose members are not listed here */
	enum regex_assert assertion;
	uint32_t low, high;                                   /* REPEAT; high UINT32_MAX: no end */
	VEC(struct code_range) ranges;
	VEC(struct regex_node *) children;                    /* CAT, ALT: all; REPEAT: one */
};

/* NULL: *problem says why, lower case. */
struct regex_node *regex_parse(struct arena *, struct str pattern, bool ignore_case, const char **problem);

/* The code point at *at, which moves past it; bytes that are not UTF-8 count as themselves. */
uint32_t code_next(struct str, uint32_t *at);
