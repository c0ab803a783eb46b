/*
 * Growing bytes with a ceiling. The old bytes stay in the arena when a buffer
 * moves; doubling keeps that below what it holds.
 */
#include "base/base.h"
#include "base/buf.h"

#define BUF_FIRST 256u

struct buf buf_new(struct arena *mem, size_t max)
{
	return (struct buf){ .mem = mem, .max = max && max < UINT32_MAX ? max : UINT32_MAX };
}

/* Room for n more bytes, or the sticky overflow. */
static bool reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : BUF_FIRST;
	char *p;

	if (b->overflow || n > b->max - b->n) {
		b->overflow = true;
		return false;
	}
	if (n <= b->cap - b->n)
		return true;
	while (cap < b->n + n)
		cap *= 2;
	if (b->cap && arena_extend(b->mem, b->p, b->cap, cap)) {
		b->cap = cap;
		return true;
	}
	p = NEW(b->mem, char, cap);
	if (b->n)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_put(struct buf *b, const char *p, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void buf_char(struct buf *b, char c)
{
	if (reserve(b, 1))
		b->p[b->n++] = c;
}

void buf_fill(struct buf *b, char c, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memset(b->p + b->n, c, n);
	b->n += n;
}

void buf_int(struct buf *b, int64_t value)
{
	char room[20];

	buf_str(b, str_digits(room, value));
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list arguments, again;
	char near[256];
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(near, sizeof near, format, arguments);
	va_end(arguments);
	if (n < 0)
		BUG("format `%s`", format);
	if ((size_t)n < sizeof near) {
		buf_put(b, near, (size_t)n);
	} else if (reserve(b, (size_t)n)) {
		struct arena_mark mark = arena_mark(b->mem);
		char *far = NEW(b->mem, char, (size_t)n + 1);

		vsnprintf(far, (size_t)n + 1, format, again);
		memcpy(b->p + b->n, far, (size_t)n);
		b->n += (size_t)n;
		arena_rewind(b->mem, mark);
	}
	va_end(again);
}

struct str buf_view(const struct buf *b)
{
	return (struct str){ b->p, (uint32_t)b->n };
}
