/*
 * Exit codes: what a script learns without reading a word. The same for every
 * output format.
 */
#pragma once

#include "source/diag.h"

enum exit_code {
	EXIT_CLEAN = 0,
	EXIT_ANSWER_NO = 1, /* findings */
	EXIT_USAGE = 2,
	EXIT_NO_RESULT = 3, /* does not compile where a result was asked for */
	EXIT_RETRY = 4,     /* somebody else was faster, again and again */
	EXIT_GUARD = 5,
	EXIT_ENVIRONMENT = 6, /* I/O, limits of the machine */
	EXIT_BUG = 70,
};

struct exit_row {
	enum exit_code exit;
	const char *word; /* in reports */
	const char *help;
};

extern const struct exit_row exit_rows[]; /* by rising code */
extern const uint32_t n_exit_rows;

enum fail_on { FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_ON_NEVER };

/*
 * wants_result: the command owes more than an answer, so an error means that it
 * could not be had, and FAIL_ON_NEVER does not change that.
 */
enum exit_code exit_of(const struct diags *, enum fail_on, bool wants_result);

const char *exit_word(enum exit_code); /* "clean", "findings", ... for reports */
