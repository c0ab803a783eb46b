/*
 * The table of formats, and the words that they share.
 */
#include "base/base.h"
#include "report/report.h"

const struct report_format report_formats[] = {
	{ .name = "text", .write = report_text },
	{ .name = "json", .json = true, .write = report_json },
	{ .name = "sarif", .findings_only = true, .write = report_sarif },
	{ .name = "junit", .findings_only = true, .write = report_junit },
	{ .name = "github", .findings_only = true, .write = report_github },
	{ .name = "gitlab", .findings_only = true, .write = report_gitlab },
	{ .name = "markdown", .findings_only = true, .write = report_markdown },
	{ .name = NULL },
};

const struct report_format *report_format_find(struct str name)
{
	for (const struct report_format *row = report_formats; row->name; row++)
		if (str_eq(name, str_of(row->name)))
			return row;
	return NULL;
}

struct str report_format_names(struct arena *mem, bool all)
{
	struct buf b = buf_new(mem, 0);
	const char *last = NULL, *between = "";

	for (const struct report_format *row = report_formats; row->name; row++) {
		if (row->findings_only && !all)
			continue;
		if (last) {
			buf_format(&b, "%s%s", between, last);
			between = ", ";
		}
		last = row->name;
	}
	buf_format(&b, " or %s", last);
	return buf_view(&b);
}

struct str report_slug(struct arena *mem, enum code code)
{
	struct buf b = buf_new(mem, 0);

	for (const char *p = diag_row(code)->slug; *p; p++)
		buf_char(&b, *p == '_' ? '-' : *p);
	return buf_view(&b);
}

const char *report_severity(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_NOTE:
		return "note";
	}
	BUG("severity %d", severity);
}
