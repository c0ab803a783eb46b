/*
 * The files of a new repository, built into the program from examples/init/, which
 * is also an example whose output the golden tests compare.
 */
#pragma once

#include "base/str.h"

struct scaffold_file {
	struct str path, text;
};

extern const struct scaffold_file scaffold[]; /* sorted by path: meshc.yaml is the last one */
extern const uint32_t n_scaffold;
