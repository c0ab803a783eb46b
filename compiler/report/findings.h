/*
 * What formats for CI systems share: the most important first, places as such a
 * system names them, and fingerprints by which it knows a finding again.
 */
#pragma once

#include "report/report.h"

/* Where a finding is, for those who look at the checkout and not at the fleet. */
struct place {
	struct str path; /* from where meshc was started */
	struct position from, to;
};

struct ranked {
	const struct finding *finding;
	struct str message;
	uint64_t fingerprint;
};

struct ranking {
	struct ranked *at;
	uint32_t n;
	uint32_t of[SEVERITY_NOTE + 1]; /* how many of each severity */
};

/*
 * Errors, warnings, notes; each in its settled order. A fingerprint is of code,
 * path, message and, where these are equal, which one it is: lines that are
 * added above a finding do not change it, and no two findings share one.
 */
struct ranking report_rank(struct arena *, const struct report *);

/* A span that is not set is where a finding about no file goes: the first line of meshc.yaml. */
struct place report_place(struct arena *, const struct report *, struct span);

/* "2 errors, 1 warning, 0 notes" */
void report_totals(struct buf *, const uint32_t of[SEVERITY_NOTE + 1]);

/* Message, first notes, repeats and help, a line each without a line end at the last; escaped. */
struct str report_lines(struct arena *, const struct report *, const struct ranked *);
