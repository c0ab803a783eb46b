/*
 * What the formats of the schemas mean: which texts have the form, and what the form is called.
 */
#pragma once

#include "schema/shape.h"

bool format_holds(enum format, struct str); /* formats of numbers hold for every text */

/* For "`x` is not a DNS label": article, name, and one sentence that says what it looks like. */
struct format_words {
	const char *article, *name, *help;
};
const struct format_words *format_words(enum format);

/* A stored number as people write it: 1500000000 ns as `1.5s`, 125000 ppm as `12.5`. */
struct str format_number(struct arena *, enum format, int64_t v);
