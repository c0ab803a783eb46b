/*
 * Views of bytes. Never assumed to end in NUL; compared by bytes, never by locale.
 */
#pragma once

#include "base/arena.h"

struct str {
	const char *p;
	uint32_t n;
};

#define S(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR(s) (int)(s).n, (s).p /* for "%.*s" */

struct str str_of(const char *nul_terminated);   /* NULL gives the empty view */
struct str str_copy(struct arena *, struct str); /* the copy is NUL-terminated as well */
const char *str_z(struct arena *, struct str);   /* NUL-terminated copy, for libraries */
struct str str_format(struct arena *, const char *format, ...) PRINTF_LIKE(2, 3);
struct str str_int(struct arena *, int64_t);
struct str str_digits(char room[20], int64_t);                /* a view of the room */
struct str str_slice(struct str, uint32_t from, uint32_t to); /* clamped */

/* str_join(mem, a, S("/"), b): one after the other. For texts made by the ten thousand; else str_format reads better. */
#define str_join(mem, ...)                                                                         \
	str_join_((mem), (const struct str[]){ __VA_ARGS__ },                                      \
		  sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
struct str str_join_(struct arena *, const struct str *parts, size_t n);

bool str_eq(struct str, struct str);
int str_cmp(struct str, struct str); /* bytes, shorter first on a tie */
bool str_starts(struct str, struct str prefix);
bool str_ends(struct str, struct str suffix);
bool str_eq_nocase(struct str, struct str); /* ASCII */
int64_t str_find(struct str, char c);       /* index or -1 */

/* Damerau-Levenshtein (adjacent swaps), ASCII case folded; used for "closest name". Above 256 bytes: equal or not. */
uint32_t str_distance(struct str, struct str);

/*
 * The candidate nearest to `name` if it is near enough to be what was meant
 * (distance <= max(1, n/3)); otherwise the empty view. Ties: bytewise first.
 */
struct str str_nearest(struct str name, const struct str *candidates, uint32_t n);
