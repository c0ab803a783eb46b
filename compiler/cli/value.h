/*
 * What names in capitals stand for in options.def and in the words of commands.def:
 * "WHEN" for auto, always and never, "DIR" for a folder. Whoever reads, refuses,
 * completes or documents a value asks here.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

struct value_set {
	VEC(struct str) all; /* in the order of their table; none: any text */
	bool folders;        /* names of folders as well */
};

/* "WHEN". A name without a row stands for any text. */
struct value_set value_set(struct arena *, struct str name);

/* "bash | zsh | fish", "[DIR]", "MSHnnnn | KIND[.FIELD...]": what is small stands for itself. */
struct value_set value_set_of_words(struct arena *, const char *words);

int value_find(const struct value_set *, struct str); /* index, -1: not there */

/* "`red` is not one of auto, always and never" */
struct str value_complaint(struct arena *, const struct value_set *, struct str value);
