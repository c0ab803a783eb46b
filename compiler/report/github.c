/*
 * The report as workflow commands of GitHub Actions, one line per finding, which
 * become annotations at the lines of a pull request; then the totals in plain
 * words, since only the first few of each kind are shown.
 *
 *	::error file=mesh/a.yaml,line=18,endLine=18,col=16,endColumn=18,title=MSH0204 unknown-cluster::`c3` is not ...
 *
 * Text of the repository stands in values only, where no byte of it can end the
 * value or begin a line.
 */
#include "base/base.h"
#include "report/findings.h"

#include "source/render.h"

#define SHOWN_PER_STEP 10u /* annotations of each kind: a limit of GitHub */

static const char *const commands[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_NOTE] = "notice",
};

static void put_escaped(struct buf *out, struct str text, const char *also)
{
	for (uint32_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%' || c == '\r' || c == '\n' || strchr(also, c))
			buf_format(out, "%%%02X", (unsigned)(unsigned char)c);
		else
			buf_char(out, c);
	}
}

static void put_property(struct buf *out, struct str text)
{
	struct buf shown = buf_new(out->mem, 0);

	render_escaped(&shown, text);
	put_escaped(out, buf_view(&shown), ":,");
}

/* Columns are for spans within one line: the runner drops them from others. */
static void put_place(struct buf *out, const struct report *r, struct span at)
{
	struct place place = report_place(out->mem, r, at);

	buf_lit(out, " file=");
	put_property(out, place.path);
	buf_format(out, ",line=%" PRIu32 ",endLine=%" PRIu32, place.from.line, place.to.line);
	if (place.from.line == place.to.line)
		buf_format(out, ",col=%" PRIu32 ",endColumn=%" PRIu32, place.from.column,
			   place.to.column);
	buf_char(out, ',');
}

static void put_command(struct buf *out, const struct report *r, const struct ranked *one)
{
	const struct finding *f = one->finding;
	const struct diag_row *row = diag_row(f->code);

	buf_format(out, "::%s", commands[row->severity]);
	if (span_set(f->at))
		put_place(out, r, f->at);
	else
		buf_char(out, ' ');
	buf_format(out, "title=MSH%04u %.*s::", row->number, STR(report_slug(out->mem, f->code)));
	put_escaped(out, report_lines(out->mem, r, one), "");
	buf_char(out, '\n');
}

static bool exceeds(const struct ranking *ranking)
{
	for (enum severity s = SEVERITY_ERROR; s <= SEVERITY_NOTE; s++)
		if (ranking->of[s] > SHOWN_PER_STEP)
			return true;
	return false;
}

void report_github(const struct report *r, struct buf *findings, struct buf *result)
{
	struct ranking ranking = report_rank(result->mem, r);

	(void)findings;
	for (uint32_t i = 0; i < ranking.n; i++)
		put_command(result, r, &ranking.at[i]);
	buf_format(result, "meshc %s: ", r->command);
	report_totals(result, ranking.of);
	if (exceeds(&ranking))
		buf_format(result, "; GitHub shows the first %u of each as annotations",
			   SHOWN_PER_STEP);
	buf_char(result, '\n');
}
