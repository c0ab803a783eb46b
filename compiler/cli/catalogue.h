/*
 * The long explanations of findings, built into the program from
 * golden/findings/MSHnnnn/: explain.md, the files of bad/ and those of good/.
 */
#pragma once

#include "base/str.h"

struct catalogue_file {
	const char *path; /* below bad/ or good/ */
	struct str text;
	uint32_t left_out; /* bytes at the end that are not shown */
};

struct catalogue_entry {
	uint16_t number;
	struct str explain;
	const struct catalogue_file *bad, *good;
	uint32_t n_bad, n_good;
};

extern const struct catalogue_entry catalogue[]; /* sorted by number */
extern const uint32_t n_catalogue;

const struct catalogue_entry *catalogue_find(uint16_t number); /* NULL: no folder for it */
