/*
 * Columns of text for people. A column is to the right when its cells are numbers.
 */
#include "base/base.h"
#include "report/table.h"

#include "source/render.h"

struct table table_new(struct arena *mem, const char *const *headings, uint32_t columns)
{
	struct table t = { .mem = mem, .columns = columns };

	if (columns > TABLE_COLUMNS)
		BUG("a table of %" PRIu32 " columns", columns);
	for (uint32_t i = 0; i < columns; i++)
		table_text(&t, str_of(headings[i]));
	return t;
}

void table_text(struct table *t, struct str text)
{
	struct buf escaped = buf_new(t->mem, 0);

	render_escaped(&escaped, text);
	vec_add(t->mem, &t->cells, ((struct table_cell){ buf_view(&escaped), false }));
}

void table_number(struct table *t, uint64_t n)
{
	vec_add(t->mem, &t->cells,
		((struct table_cell){ str_format(t->mem, "%" PRIu64, n), true }));
}

/* Characters, counted by the bytes that begin one. */
static uint32_t width_of(struct str text)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static void measure(const struct table *t, uint32_t *widths, bool *right)
{
	for (uint32_t i = 0; i < t->cells.n; i++) {
		uint32_t column = i % t->columns, width = width_of(t->cells.at[i].text);

		widths[column] = width > widths[column] ? width : widths[column];
		right[column] |= t->cells.at[i].right;
	}
}

static void write_cell(struct buf *out, struct str text, uint32_t room, bool right, bool last)
{
	uint32_t pad = room - width_of(text);

	if (right)
		buf_fill(out, ' ', pad);
	buf_str(out, text);
	if (!right && !last)
		buf_fill(out, ' ', pad);
	if (!last)
		buf_lit(out, "  ");
}

/* Empty cells at the end of a row must not leave spaces there. */
static uint32_t trimmed(const struct buf *out, size_t from)
{
	size_t n = out->n;

	while (n > from && out->p[n - 1] == ' ')
		n--;
	return (uint32_t)n;
}

void table_write(const struct table *t, struct buf *out)
{
	uint32_t widths[TABLE_COLUMNS] = { 0 };
	bool right[TABLE_COLUMNS] = { false };

	measure(t, widths, right);
	for (uint32_t i = 0; i < t->cells.n; i += t->columns) {
		size_t line = out->n;

		for (uint32_t c = 0; c < t->columns; c++)
			write_cell(out, t->cells.at[i + c].text, widths[c], right[c],
				   c + 1 == t->columns);
		out->n = trimmed(out, line);
		buf_char(out, '\n');
	}
}
