/*
 * One finding as text, in the shape that people know from rustc:
 *
 *	error[MSH0204]: `prod-eu-3` is not a cluster of the inventory
 *	  --> mesh/payments/routing.yaml:18:18
 *	   |
 *	18 |       - cluster: prod-eu-3
 *	   |                  ^^^^^^^^^
 *	   |
 *	  ::: inventory/eu/cluster.yaml:4:9
 *	   |
 *	 4 |   name: prod-eu-2
 *	   |         --------- closest name
 *	   = help: use `prod-eu-2`
 *	   |
 *	18 |       - cluster: prod-eu-2
 *	   |                  ~~~~~~~~~
 *	   = more: meshc explain MSH0204
 *
 * No line starts with `::` or `##[`: CI runners take those for commands.
 */
#include "base/base.h"
#include "source/render.h"

#include "source/local.h"

#define LINE_COLUMNS 120u /* longer lines are cut around the span */
#define LINE_BEFORE 40u   /* what is kept before the span then */
#define TAB_COLUMNS 4u
#define FIX_LINES 8u /* of a fix are shown */

enum ink { INK_ERROR, INK_WARNING, INK_NOTE, INK_GUTTER, INK_FIX };

static const char *const inks[] = {
	[INK_ERROR] = "\x1b[1;31m",  [INK_WARNING] = "\x1b[1;33m", [INK_NOTE] = "\x1b[1;36m",
	[INK_GUTTER] = "\x1b[1;34m", [INK_FIX] = "\x1b[1;32m",
};

static const struct {
	const char *word;
	enum ink ink;
} severities[] = {
	[SEVERITY_ERROR] = { "error", INK_ERROR },
	[SEVERITY_WARNING] = { "warning", INK_WARNING },
	[SEVERITY_NOTE] = { "note", INK_NOTE },
};

struct rendering {
	struct buf *out;
	const struct files *files;
	bool color;
	uint32_t width; /* of the widest line number */
};

/* One line of text with a stretch of it marked: [from, to) in bytes of the line. */
struct marked {
	uint32_t number;
	struct str line;
	uint32_t from, to;
	char mark; /* 0: nothing is marked */
	enum ink ink;
	struct str label;
};

static void ink_on(struct rendering *r, enum ink ink)
{
	if (r->color)
		buf_str(r->out, str_of(inks[ink]));
}

static void ink_off(struct rendering *r)
{
	if (r->color)
		buf_lit(r->out, "\x1b[0m");
}

static void put_gutter(struct rendering *r, uint32_t number)
{
	ink_on(r, INK_GUTTER);
	if (number)
		buf_format(r->out, "%*" PRIu32 " |", (int)r->width, number);
	else
		buf_format(r->out, "%*s |", (int)r->width, "");
	ink_off(r);
}

static void put_gutter_line(struct rendering *r)
{
	put_gutter(r, 0);
	buf_char(r->out, '\n');
}

static void put_remark(struct rendering *r, const char *word, struct str text)
{
	ink_on(r, INK_GUTTER);
	buf_format(r->out, "%*s = ", (int)r->width, "");
	ink_off(r);
	buf_format(r->out, "%s: ", word);
	render_escaped(r->out, text);
	buf_char(r->out, '\n');
}

static bool continues_char(struct str s, uint32_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}

static uint32_t step_back(struct str s, uint32_t at, uint32_t chars)
{
	for (; chars > 0 && at > 0; chars--) {
		at--;
		while (at > 0 && continues_char(s, at))
			at--;
	}
	return at;
}

static uint32_t step_on(struct str s, uint32_t at, uint32_t chars)
{
	for (; chars > 0 && at < s.n; chars--) {
		at++;
		while (continues_char(s, at))
			at++;
	}
	return at;
}

/* The part [first, last) of the line that is shown. */
static void choose_window(const struct marked *m, uint32_t *first, uint32_t *last)
{
	*first = 0;
	*last = step_on(m->line, 0, LINE_COLUMNS);
	if (*last == m->line.n || m->to <= *last)
		return;
	*first = step_back(m->line, m->from, LINE_BEFORE);
	*last = step_on(m->line, *first, LINE_COLUMNS);
}

/* Puts the line and finds the columns of the marked stretch. */
static void put_source(struct rendering *r, const struct marked *m, uint32_t *from, uint32_t *to)
{
	uint32_t first, last, column = 0;

	choose_window(m, &first, &last);
	if (first > 0) {
		buf_lit(r->out, "...");
		column = 3;
	}
	*from = *to = column;
	for (uint32_t i = first; i < last;) {
		uint32_t columns = TAB_COLUMNS - column % TAB_COLUMNS, n = 1;

		if (m->line.p[i] == '\t')
			buf_fill(r->out, ' ', columns);
		else
			n = escape_char(r->out, str_slice(m->line, i, m->line.n), &columns);
		if (i < m->from)
			*from = column + columns;
		if (i < m->to)
			*to = column + columns;
		column += columns;
		i += n;
	}
	if (last < m->line.n)
		buf_lit(r->out, "...");
}

static void put_marked(struct rendering *r, const struct marked *m)
{
	uint32_t from, to;

	put_gutter(r, m->number);
	if (m->line.n)
		buf_char(r->out, ' ');
	put_source(r, m, &from, &to);
	buf_char(r->out, '\n');
	if (!m->mark)
		return;
	put_gutter(r, 0);
	buf_fill(r->out, ' ', 1 + from);
	ink_on(r, m->ink);
	buf_fill(r->out, m->mark, to > from ? to - from : 1);
	if (m->label.n) {
		buf_char(r->out, ' ');
		render_escaped(r->out, m->label);
	}
	ink_off(r);
	buf_char(r->out, '\n');
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The first line of a span; a span of several lines is marked to the end of that line. */
static struct marked mark_span(const struct file *f, struct span at)
{
	uint32_t line = file_position(f, at.start).line;
	struct str text = file_line(f, line);
	uint32_t start = f->lines[line - 1];
	uint32_t from = smaller(at.start > start ? at.start - start : 0, text.n);
	uint32_t to = smaller(at.end > start ? at.end - start : 0, text.n);

	while (to > from + 1 && is_blank(text.p[to - 1]))
		to--;
	return (struct marked){ .number = line, .line = text, .from = from, .to = to };
}

/* `arrow` is "-->" for the place itself and ":::" for another one. */
static void put_place(struct rendering *r, struct span at, const char *arrow, struct marked m)
{
	const struct file *f = files_get(r->files, at.file);
	struct position p = file_position(f, at.start);
	struct marked shown = mark_span(f, at);

	ink_on(r, INK_GUTTER);
	buf_format(r->out, "%*s%s ", (int)r->width, "", arrow);
	ink_off(r);
	render_escaped(r->out, f->path);
	buf_format(r->out, ":%" PRIu32 ":%" PRIu32 "\n", p.line, p.column);
	put_gutter_line(r);
	shown.mark = m.mark;
	shown.ink = m.ink;
	shown.label = m.label;
	put_marked(r, &shown);
}

static void put_notes(struct rendering *r, const struct finding *f)
{
	bool placed = span_set(f->at);

	for (uint32_t i = 0; i < f->notes.n; i++) {
		const struct remark *n = &f->notes.at[i];

		if (!span_set(n->at))
			continue;
		if (placed)
			put_gutter_line(r);
		put_place(r, n->at, ":::",
			  (struct marked){ .mark = '-', .ink = INK_GUTTER, .label = n->text });
		placed = true;
	}
	for (uint32_t i = 0; i < f->notes.n; i++) {
		if (!span_set(f->notes.at[i].at))
			put_remark(r, "note", f->notes.at[i].text);
	}
}

/* The lines of the fix as they will be, the new text marked with ~~~. */
static void put_fix(struct rendering *r, const struct finding *f)
{
	const struct file *file = files_get(r->files, f->fix_at.file);
	struct marked first = mark_span(file, f->fix_at);
	struct span end = { f->fix_at.file, f->fix_at.end, f->fix_at.end };
	struct marked last = mark_span(file, end);
	struct str rest = f->fix_text;

	put_gutter_line(r);
	for (uint32_t i = 0; i < FIX_LINES; i++) {
		int64_t cut = str_find(rest, '\n');
		struct str now = str_slice(rest, 0, cut < 0 ? rest.n : (uint32_t)cut);
		struct marked m = { .number = first.number + i, .ink = INK_FIX };
		struct buf line = buf_new(r->out->mem, 0);

		if (i == 0)
			buf_str(&line, str_slice(first.line, 0, first.from));
		m.from = (uint32_t)line.n;
		buf_str(&line, now);
		m.to = (uint32_t)line.n;
		if (cut < 0)
			buf_str(&line, str_slice(last.line, last.from, last.line.n));
		m.line = buf_view(&line);
		m.mark = now.n ? '~' : 0;
		put_marked(r, &m);
		if (cut < 0)
			return;
		rest = str_slice(rest, (uint32_t)cut + 1, rest.n);
	}
}

static void put_help(struct rendering *r, const struct finding *f)
{
	if (f->help.n)
		put_remark(r, "help", f->help);
	else if (span_set(f->fix_at))
		put_remark(r, "help", S("change it to"));
	if (span_set(f->fix_at))
		put_fix(r, f);
}

static uint32_t last_line(const struct rendering *r, struct span at)
{
	return span_set(at) ? file_position(files_get(r->files, at.file), at.start).line : 1;
}

static uint32_t digits_of(uint32_t n)
{
	uint32_t digits = 1;

	for (; n >= 10; n /= 10)
		digits++;
	return digits;
}

static uint32_t width_of(const struct rendering *r, const struct finding *f)
{
	uint32_t line = last_line(r, f->at);
	uint32_t fixed = last_line(r, f->fix_at);

	for (uint32_t i = 0; i < f->notes.n; i++) {
		uint32_t other = last_line(r, f->notes.at[i].at);

		line = other > line ? other : line;
	}
	for (uint32_t i = 0; span_set(f->fix_at) && i < f->fix_text.n; i++)
		fixed +=
			f->fix_text.p[i] == '\n' && fixed < last_line(r, f->fix_at) + FIX_LINES - 1;
	return digits_of(fixed > line ? fixed : line);
}

static void put_headline(struct rendering *r, const struct finding *f)
{
	const struct diag_row *row = diag_row(f->code);

	ink_on(r, severities[row->severity].ink);
	buf_format(r->out, "%s[MSH%04u]", severities[row->severity].word, row->number);
	ink_off(r);
	buf_lit(r->out, ": ");
	render_escaped(r->out, finding_message(r->out->mem, f));
	buf_char(r->out, '\n');
}

void render_finding(struct buf *out, const struct files *files, const struct finding *f,
		    struct render_options options)
{
	struct rendering r = { .out = out, .files = files, .color = options.color };
	const struct diag_row *row = diag_row(f->code);

	r.width = width_of(&r, f);
	put_headline(&r, f);
	if (span_set(f->at))
		put_place(&r, f->at, "-->",
			  (struct marked){ .mark = '^', .ink = severities[row->severity].ink });
	put_notes(&r, f);
	if (f->repeats)
		put_remark(&r, "note",
			   str_format(out->mem, "and %" PRIu32 " more like this", f->repeats));
	put_help(&r, f);
	put_remark(&r, "more", str_format(out->mem, "meshc explain MSH%04u", row->number));
}

void render_place(struct buf *out, const struct files *files, struct span at,
		  struct render_options options)
{
	struct rendering r = { .out = out, .files = files, .color = options.color };

	r.width = digits_of(last_line(&r, at));
	put_place(&r, at, "-->", (struct marked){ .mark = '^', .ink = INK_NOTE });
}
