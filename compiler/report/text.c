/*
 * Findings for people: in order, with their source lines, up to a number.
 *
 * The cap is per severity, so that a hundred warnings cannot push the one error
 * off the screen. What was left out is counted, never silent.
 */
#include "base/base.h"
#include "report/report.h"

#include "source/render.h"

struct left_out {
	uint32_t of[SEVERITY_NOTE + 1];
};

static bool fits(const struct report *r, const uint32_t *seen, enum severity severity)
{
	return r->options.all || seen[severity] < r->options.most;
}

static struct left_out put_findings(const struct report *r, struct buf *out)
{
	uint32_t shown[SEVERITY_NOTE + 1] = { 0 };
	struct left_out left = { { 0 } };

	for (uint32_t i = 0; i < r->diags->all.n; i++) {
		const struct finding *f = r->diags->all.at[i];
		enum severity severity = diag_row(f->code)->severity;

		if (!fits(r, shown, severity)) {
			left.of[severity]++;
			continue;
		}
		shown[severity]++;
		render_finding(out, r->files, f, (struct render_options){ r->options.color });
		buf_char(out, '\n');
	}
	return left;
}

static void put_left_out(struct buf *out, const struct left_out *left)
{
	const char *before = "... and ";

	for (enum severity s = SEVERITY_ERROR; s <= SEVERITY_NOTE; s++) {
		if (!left->of[s])
			continue;
		buf_format(out, "%s%" PRIu32 " more %s%s", before, left->of[s], report_severity(s),
			   left->of[s] == 1 ? "" : "s");
		before = ", ";
	}
	if (*before == ',')
		buf_lit(out, " (`--all` shows them)\n\n");
}

void report_text(const struct report *r, struct buf *findings, struct buf *result)
{
	struct left_out left = put_findings(r, findings);

	put_left_out(findings, &left);
	if (r->options.table && r->summary.has_objects) {
		summary_table(result, &r->summary, r->options.verbose);
		buf_char(result, '\n');
	}
	summary_line(result, &r->summary, r->elapsed_ms);
}
