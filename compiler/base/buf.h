/*
 * Growing bytes with a ceiling. Overflow is sticky: later puts do nothing, and
 * the writer asks once, at the end.
 */
#pragma once

#include "base/str.h"

struct buf {
	struct arena *mem;
	char *p;
	size_t n, cap, max;
	bool overflow;
};

struct buf buf_new(struct arena *, size_t max); /* max 0: UINT32_MAX */
void buf_put(struct buf *, const char *p, size_t n);
void buf_str(struct buf *, struct str);
void buf_char(struct buf *, char c);
void buf_fill(struct buf *, char c, size_t n);
void buf_int(struct buf *, int64_t);
void buf_format(struct buf *, const char *format, ...) PRINTF_LIKE(2, 3);
#define buf_lit(b, literal) buf_put((b), "" literal, sizeof(literal) - 1)
struct str buf_view(const struct buf *); /* valid until the next put */
