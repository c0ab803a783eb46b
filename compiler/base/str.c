/*
 * Views of bytes: copy, compare, and find the name that was meant.
 *
 * Nothing here looks at the locale; letters are folded in ASCII only.
 */
#include "base/base.h"
#include "base/str.h"

#define DISTANCE_BYTES 256u /* longer names are compared for equality only */

struct str str_of(const char *nul_terminated)
{
	size_t n = nul_terminated ? strlen(nul_terminated) : 0;

	if (n > UINT32_MAX)
		BUG("a string of %zu bytes", n);
	return (struct str){ nul_terminated, (uint32_t)n };
}

struct str str_copy(struct arena *mem, struct str s)
{
	char *p = NEW(mem, char, (size_t)s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

const char *str_z(struct arena *mem, struct str s)
{
	return str_copy(mem, s).p;
}

struct str str_format(struct arena *mem, const char *format, ...)
{
	va_list arguments, again;
	int n;
	char *p;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n < 0)
		BUG("format `%s`", format);
	p = NEW(mem, char, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return (struct str){ p, (uint32_t)n };
}

struct str str_int(struct arena *mem, int64_t value)
{
	char room[20];

	return str_copy(mem, str_digits(room, value));
}

struct str str_digits(char room[20], int64_t value)
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint32_t n = 20;

	do {
		room[--n] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		room[--n] = '-';
	return (struct str){ room + n, 20 - n };
}

struct str str_join_(struct arena *mem, const struct str *parts, size_t n)
{
	size_t total = 0, at = 0;
	char *p;

	for (size_t i = 0; i < n; i++)
		total += parts[i].n;
	if (total > UINT32_MAX)
		out_of_memory();
	p = NEW(mem, char, total + 1);
	for (size_t i = 0; i < n; at += parts[i++].n)
		if (parts[i].n)
			memcpy(p + at, parts[i].p, parts[i].n);
	return (struct str){ p, (uint32_t)total };
}

struct str str_slice(struct str s, uint32_t from, uint32_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){ 0 };
	return (struct str){ s.p + from, to - from };
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
	uint32_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	if (s.n < suffix.n)
		return false;
	return suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0;
}

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (uint32_t i = 0; i < a.n; i++) {
		if (fold(a.p[i]) != fold(b.p[i]))
			return false;
	}
	return true;
}

int64_t str_find(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? at - s.p : -1;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool is_swap(struct str a, struct str b, uint32_t i, uint32_t j)
{
	return i > 1 && j > 1 && fold(a.p[i - 1]) == fold(b.p[j - 2]) &&
	       fold(a.p[i - 2]) == fold(b.p[j - 1]);
}

/* Three rows of the usual table: row[i % 3][j] = distance of a's first i and b's first j bytes. */
uint32_t str_distance(struct str a, struct str b)
{
	uint32_t row[3][DISTANCE_BYTES + 1];

	if (a.n > DISTANCE_BYTES || b.n > DISTANCE_BYTES)
		return str_eq_nocase(a, b) ? 0 : (a.n > b.n ? a.n : b.n);
	for (uint32_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= a.n; i++) {
		uint32_t *now = row[i % 3];
		const uint32_t *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = i;
		for (uint32_t j = 1; j <= b.n; j++) {
			uint32_t differ = fold(a.p[i - 1]) != fold(b.p[j - 1]);

			now[j] = smaller(smaller(up[j], now[j - 1]) + 1, up[j - 1] + differ);
			if (is_swap(a, b, i, j))
				now[j] = smaller(now[j], up2[j - 2] + 1);
		}
	}
	return row[a.n % 3][b.n];
}

struct str str_nearest(struct str name, const struct str *candidates, uint32_t n)
{
	uint32_t limit = name.n / 3 > 1 ? name.n / 3 : 1;
	struct str best = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		struct str c = candidates[i];
		uint32_t distance;

		if (c.n > name.n + limit || name.n > c.n + limit)
			continue;
		distance = str_distance(name, c);
		if (distance > limit || (distance == limit && best.p && str_cmp(c, best) >= 0))
			continue;
		limit = distance;
		best = c;
	}
	return best;
}
