/*
 * Characters, as libyaml counts them, to bytes of the file.
 *
 * Marks follow each other closely and hardly ever step back, so a cursor walks
 * the text once, in leaps where characters are bytes. Not by line and column:
 * libyaml ends lines at U+2028 and lone CRs, the line table does not.
 */
#include "base/base.h"

#include "tree/local.h"

static bool is_wide(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static uint32_t find_wide(struct str text, uint32_t from)
{
	uint64_t word;
	for (; text.n - from >= sizeof word; from += (uint32_t)sizeof word) {
		memcpy(&word, text.p + from, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (from < text.n && !is_wide(text.p[from]))
		from++;
	return from;
}

struct yaml_cursor yaml_cursor_new(const struct file *file)
{
	uint32_t wide = file->ascii ? file->text.n : find_wide(file->text, 0);
	return (struct yaml_cursor){ .text = file->text, .wide = wide };
}

void yaml_cursor_jump(struct yaml_cursor *at, uint32_t offset)
{
	if (offset < at->offset || offset > at->wide)
		at->wide = find_wide(at->text, offset);
	at->offset = offset;
	at->index = 0;
}

static void step_back(struct yaml_cursor *at)
{
	do
		at->offset--;
	while (is_inside(at->text.p[at->offset]));
	at->index--;
	if (is_wide(at->text.p[at->offset]))
		at->wide = at->offset;
}

static void step_over_wide(struct yaml_cursor *at)
{
	do
		at->offset++;
	while (at->offset < at->text.n && is_inside(at->text.p[at->offset]));
	at->index++;
	at->wide = find_wide(at->text, at->offset);
}

uint32_t yaml_cursor_move(struct yaml_cursor *at, size_t index)
{
	while (at->index > index && at->offset > 0)
		step_back(at);
	while (at->index < index && at->offset < at->text.n) {
		size_t ahead = index - at->index, narrow = at->wide - at->offset;
		if (narrow == 0) {
			step_over_wide(at);
			continue;
		}
		size_t n = ahead < narrow ? ahead : narrow;
		at->index += n;
		at->offset += (uint32_t)n;
	}
	return at->offset;
}
