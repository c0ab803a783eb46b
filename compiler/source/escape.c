/*
 * Text from the repository as it may be shown.
 *
 * Everything that moves a cursor, colours, reorders or hides text is spelled
 * out; bytes that are no UTF-8 become \xNN. So is the start of `##[`, which the
 * runner of GitHub Actions takes for a command wherever it stands in a line.
 * Nothing else is changed: a user must find in the file what the message quotes.
 */
#include "base/base.h"
#include "source/local.h"

#include "source/render.h"

struct range {
	uint32_t first, last;
};

/* Characters above ASCII that are never shown as they are; ascending. */
static const struct range hidden[] = {
	{ 0x80, 0x9f },       /* C1 controls */
	{ 0x61c, 0x61c },     /* Arabic letter mark */
	{ 0x200b, 0x200b },   /* zero width space */
	{ 0x200e, 0x200f },   /* direction marks */
	{ 0x2028, 0x202e },   /* line and paragraph separator, bidi embeddings and overrides */
	{ 0x2060, 0x206f },   /* invisible operators, bidi isolates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe007f }, /* tags */
};

/* Lead bytes: how many bytes, which bits, and the smallest value that needs so many. */
struct lead {
	uint8_t mask, bits;
	uint32_t n, smallest;
};

static const struct lead leads[] = {
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

static const struct lead *lead_of(unsigned char first)
{
	for (size_t i = 0; i < countof(leads); i++) {
		if ((first & leads[i].mask) == leads[i].bits)
			return &leads[i];
	}
	return NULL;
}

/* Length of the character of two or more bytes at the start of the text; 0: not UTF-8. */
static uint32_t decode(struct str text, uint32_t *out)
{
	const struct lead *lead = lead_of((unsigned char)text.p[0]);
	uint32_t value;

	if (!lead || text.n < lead->n)
		return 0;
	value = (unsigned char)text.p[0] & (uint32_t)(uint8_t)~lead->mask;
	for (uint32_t i = 1; i < lead->n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if ((c & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (c & 0x3f);
	}
	if (value < lead->smallest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*out = value;
	return lead->n;
}

static bool is_hidden(uint32_t value)
{
	for (size_t i = 0; i < countof(hidden); i++) {
		if (value >= hidden[i].first && value <= hidden[i].last)
			return true;
	}
	return false;
}

static void put_byte(struct buf *b, char c)
{
	if (c == '\n')
		buf_lit(b, "\\n");
	else if (c == '\r')
		buf_lit(b, "\\r");
	else if (c == '\t')
		buf_lit(b, "\\t");
	else
		buf_format(b, "\\x%02x", (unsigned)(unsigned char)c);
}

uint32_t escape_char(struct buf *b, struct str text, uint32_t *columns)
{
	unsigned char first = (unsigned char)text.p[0];
	size_t before = b->n;
	uint32_t value = 0, n = 1;

	*columns = 1;
	if (first >= ' ' && first < 0x7f && !str_starts(text, S("##["))) {
		buf_char(b, text.p[0]);
		return 1;
	}
	if (first >= 0x80)
		n = decode(text, &value);
	if (n > 1 && !is_hidden(value)) {
		buf_put(b, text.p, n);
		return n;
	}
	if (n > 1)
		buf_format(b, "\\u%04" PRIx32, value);
	else
		put_byte(b, text.p[0]);
	*columns = (uint32_t)(b->n - before);
	return n > 1 ? n : 1;
}

void render_escaped(struct buf *b, struct str text)
{
	uint32_t columns;

	for (uint32_t i = 0; i < text.n;)
		i += escape_char(b, str_slice(text, i, text.n), &columns);
}
