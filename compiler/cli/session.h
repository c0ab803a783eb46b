/*
 * What commands that compile have in common: a run opened as the options say,
 * and its report written in the format asked for.
 */
#pragma once

#include "cli/command.h"
#include "cli/confine.h"
#include "driver/compile.h"

struct session {
	struct invocation *in;
	struct run run;
	struct result result;
	struct confinement confinement;
	struct repository repository; /* opened before the sandbox was entered */
};

void session_open(struct session *, struct invocation *); /* in place: a run is never moved */
void session_close(struct session *);

/* compile_sources, in the sandbox. What is compiled of them opens no file at all. */
bool session_load(struct session *);

/*
 * Settles the findings and writes the report. Without a result of its own a
 * command's findings are its result and go to out; otherwise to err. Returns the
 * exit code.
 */
enum exit_code session_report(struct session *, bool wants_result);

/* The findings alone, as text to err; for commands whose result is another document. */
enum exit_code session_complain(struct session *);

/* --timings: a line per phase and count to err. */
void session_timings(struct session *);
