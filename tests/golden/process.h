/*
 * One run of a program: where, with what, what it said, how it ended.
 */
#pragma once

#include "base/str.h"

struct process {
	struct str out, err;
	int exit; /* 128 + n: ended by signal n */
};

/* argv ends with NULL. No standard input, no colour, at most `seconds`. scratch: a folder for what it prints. */
struct process process_run(struct arena *, const char *folder, const char *const *argv,
			   const char *scratch, unsigned seconds);

/* Prints what `diff -u` says about two files; the labels stand in its head. */
void process_diff(struct arena *, const char *expected, const char *got, const char *label);
