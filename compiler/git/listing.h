/*
 * Files of a tree or of the index, by path, with the ids of their bytes.
 */
#pragma once

#include "git/repository.h"

struct listed_file {
	struct str path;     /* below the folder that was listed */
	struct object_id id; /* of a plain file; empty: a link, a submodule, a conflict */
};

struct listed_files { /* a VEC; sorted by path, unique */
	struct listed_file *at;
	uint32_t n, cap;
};

const struct listed_file *listed_find(const struct listed_files *,
				      struct str path);            /* NULL: none */
bool listed_below(const struct listed_files *, struct str folder); /* some file lies there */
