/*
 * explain: the long text of a finding with what is wrong and what is right, or
 * the help of a kind or field.
 */
#include "base/base.h"
#include "cli/catalogue.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "source/render.h"

/* MSH0204, msh204, 0204 and 204 are all finding 204. */
static bool number_of(struct str text, uint32_t *out)
{
	uint32_t n = 0;

	if (text.n >= 3 && str_eq_nocase(str_slice(text, 0, 3), S("MSH")))
		text = str_slice(text, 3, text.n);
	if (text.n == 0 || text.n > 4)
		return false;
	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(text.p[i] - '0');
	}
	*out = n;
	return true;
}

static bool code_named(struct arena *mem, struct str slug, enum code *out)
{
	struct buf dashed = buf_new(mem, 0);

	for (uint32_t i = 0; i < slug.n; i++)
		buf_char(&dashed, slug.p[i] == '_' ? '-' : slug.p[i]);
	for (uint32_t i = 0; i < CODE_MAX; i++) {
		*out = (enum code)i;
		if (str_eq_nocase(buf_view(&dashed), report_slug(mem, *out)))
			return true;
	}
	return false;
}

/* Line by line: escaping is for what stands in a line, and a margin sets it off. */
static void put_lines(struct buf *out, struct str text, const char *margin)
{
	while (text.n) {
		int64_t end = str_find(text, '\n');
		struct str line = str_slice(text, 0, end < 0 ? text.n : (uint32_t)end);

		if (line.n)
			buf_format(out, "%s", margin);
		render_escaped(out, line);
		buf_char(out, '\n');
		text = end < 0 ? (struct str){ 0 } : str_slice(text, (uint32_t)end + 1, text.n);
	}
}

static void put_files(struct buf *out, const char *title, const struct catalogue_file *files,
		      uint32_t n)
{
	if (n)
		buf_format(out, "\n%s:\n", title);
	for (uint32_t i = 0; i < n; i++) {
		buf_lit(out, "\n  # ");
		render_escaped(out, str_of(files[i].path));
		buf_char(out, '\n');
		put_lines(out, files[i].text, "  ");
		if (files[i].left_out)
			buf_format(out, "  ... and %" PRIu32 " more bytes\n", files[i].left_out);
	}
}

/* The message with its places marked: "`...` is not a cluster of the inventory". */
static void put_message(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '%')
			buf_lit(out, "...");
		else
			buf_char(out, *p);
	}
}

static void put_code(struct buf *out, enum code code)
{
	const struct diag_row *row = diag_row(code);
	const struct catalogue_entry *entry = catalogue_find(row->number);

	buf_format(out, "MSH%04u %.*s (%s)\n\n", row->number, STR(report_slug(out->mem, code)),
		   report_severity(row->severity));
	put_message(out, row->text);
	buf_char(out, '\n');
	if (!entry)
		return;
	if (entry->explain.n)
		buf_char(out, '\n');
	put_lines(out, entry->explain, "");
	put_files(out, "Bad", entry->bad, entry->n_bad);
	put_files(out, "Good", entry->good, entry->n_good);
}

static struct str closest_name(struct arena *mem, struct str word)
{
	struct str names[CODE_MAX];

	for (uint32_t i = 0; i < CODE_MAX; i++)
		names[i] = report_slug(mem, (enum code)i);
	return str_nearest(word, names, CODE_MAX);
}

static enum exit_code complain_word(struct invocation *in, struct str word)
{
	struct str closest = closest_name(in->mem, word);

	if (closest.n)
		return command_complain(
			in,
			str_format(in->mem,
				   "`%.*s` is neither a finding nor a kind; closest name: `%.*s`",
				   STR(word), STR(closest)));
	return command_complain(
		in, str_format(in->mem, "`%.*s` is neither a finding nor a kind", STR(word)));
}

enum exit_code cmd_explain(struct invocation *in)
{
	struct str word = str_of(in->words[0]);
	struct buf complaint = buf_new(in->mem, 0);
	uint32_t number;
	enum code code;

	if (number_of(word, &number)) {
		if (!diag_find(number, &code))
			return command_complain(
				in,
				str_format(in->mem, "there is no finding MSH%04" PRIu32, number));
		put_code(&in->out, code);
		return EXIT_CLEAN;
	}
	if (code_named(in->mem, word, &code)) {
		put_code(&in->out, code);
		return EXIT_CLEAN;
	}
	switch (describe(&in->out, word, &complaint)) {
	case DESCRIBED:
		return EXIT_CLEAN;
	case NOT_A_FIELD:
		return command_complain(in, buf_view(&complaint));
	case NOT_A_KIND:
		return complain_word(in, word);
	}
	BUG("described");
}
