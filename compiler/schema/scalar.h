/*
 * Scalars as people write them -> numbers, without locale or floating point.
 *
 * Pure: nothing here reports, allocates or needs another room than base, so that
 * schemac reads the defaults of the schemas with the same functions.
 */
#pragma once

#include "base/str.h"

enum scalar_fault {
	SCALAR_FINE,
	SCALAR_MALFORMED,
	SCALAR_TOO_PRECISE, /* digits that the unit does not have */
	SCALAR_TOO_LARGE,   /* beyond 64 bits */
};

/* Decimal, with `-` where it is negative: `5`, `-3`. No sign, no `0x`, no leading zero otherwise. */
enum scalar_fault scalar_integer(struct str, int64_t *out);

/* `12.5` with 4 decimals gives 125000: the value times 10^decimals. */
enum scalar_fault scalar_decimal(struct str, uint32_t decimals, int64_t *out);

/* `5s`, `1.5s`, `100ms`, `1h2m` in nanoseconds; whole milliseconds only. */
enum scalar_fault scalar_duration(struct str, int64_t *out);

/*
 * What a YAML 1.1 reader takes a plain scalar for, if that is not text: "a boolean",
 * "a number", ... NULL: text to every reader. Meant for scalars that YAML 1.2 reads as text.
 */
const char *scalar_retyped(struct str);
