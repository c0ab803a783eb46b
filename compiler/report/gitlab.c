/*
 * The report as GitLab's code quality document: an array with an item per
 * finding. It has no room for anything else, and a finding about no file stands
 * at the first line of meshc.yaml, since an item without a place is dropped.
 */
#include "base/base.h"
#include "report/findings.h"

#include "report/doc.h"
#include "source/render.h"

/* What may be waived is never as bad as what may not. */
static const char *severity_of(const struct diag_row *row)
{
	switch (row->severity) {
	case SEVERITY_ERROR:
		return row->lint ? "major" : "critical";
	case SEVERITY_WARNING:
		return "minor";
	case SEVERITY_NOTE:
		return "info";
	}
	BUG("severity %d", row->severity);
}

/* One line: that is all that is shown. */
static struct str description_of(struct arena *mem, const struct ranked *one)
{
	struct buf b = buf_new(mem, 0);

	render_escaped(&b, one->message);
	if (one->finding->help.n)
		buf_lit(&b, ": ");
	render_escaped(&b, one->finding->help);
	return buf_view(&b);
}

static void put_item(struct doc item, const struct report *r, const struct ranked *one)
{
	const struct diag_row *row = diag_row(one->finding->code);
	struct place place = report_place(item.mem, r, one->finding->at);
	struct doc location;

	doc_text(item, "description", description_of(item.mem, one));
	doc_text(item, "check_name",
		 str_format(item.mem, "MSH%04u %.*s", row->number,
			    STR(report_slug(item.mem, one->finding->code))));
	doc_text(item, "fingerprint", str_format(item.mem, "%016" PRIx64, one->fingerprint));
	doc_text(item, "severity", str_of(severity_of(row)));
	location = doc_map(item, "location");
	doc_text(location, "path", place.path);
	doc_int(doc_map(location, "lines"), "begin", place.from.line);
}

void report_gitlab(const struct report *r, struct buf *findings, struct buf *result)
{
	struct ranking ranking = report_rank(result->mem, r);
	struct doc list = doc_new_list(result->mem);

	(void)findings;
	for (uint32_t i = 0; i < ranking.n; i++)
		put_item(doc_item(list), r, &ranking.at[i]);
	doc_write(list, result);
}
