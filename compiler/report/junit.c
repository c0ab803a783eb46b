/*
 * The report as JUnit XML: a suite per file with findings, a case per finding.
 * Errors are failures; warnings and notes are cases that passed and said
 * something. A report without a case looks like a job that broke, so a clean
 * compile is one case that passed.
 */
#include "base/base.h"
#include "report/findings.h"

#include "source/render.h"

/* U+FFFE and U+FFFF: the only ones above the controls that XML 1.0 cannot hold and UTF-8 can. */
static bool is_noncharacter(struct str text)
{
	return str_starts(text, S("\xef\xbf\xbe")) || str_starts(text, S("\xef\xbf\xbf"));
}

/* For contents and for attributes; text that is shown has no controls but line ends and tabs. */
static void put_xml(struct buf *out, struct str text)
{
	for (uint32_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
			buf_format(out, "&#%u;", (unsigned)c);
		else if ((unsigned char)c < ' ' && c != '\n' && c != '\t')
			buf_lit(out, "\xef\xbf\xbd");
		else if (is_noncharacter(str_slice(text, i, text.n))) {
			buf_lit(out, "\xef\xbf\xbd");
			i += 2;
		} else
			buf_char(out, c);
	}
}

static void put_shown(struct buf *out, struct str text)
{
	struct buf shown = buf_new(out->mem, 0);

	render_escaped(&shown, text);
	put_xml(out, buf_view(&shown));
}

/* " name="mesh/a.yaml" tests="2" failures="1" errors="0" */
static void put_counts(struct buf *out, struct str name, uint32_t tests, uint32_t failures)
{
	buf_lit(out, " name=\"");
	put_shown(out, name);
	buf_format(out, "\" tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"0\">\n", tests,
		   failures);
}

static struct str suite_of(const struct report *r, struct arena *mem, const struct finding *f)
{
	return span_set(f->at) ? report_place(mem, r, f->at).path : S("meshc");
}

/* "MSH0204 18:16"; a second one at the same place is "MSH0204 18:16 (2)". */
static struct str title_of(struct arena *mem, const struct report *r, const struct finding *f,
			   uint32_t nth)
{
	struct place place = report_place(mem, r, f->at);
	struct buf b = buf_new(mem, 0);

	buf_format(&b, "MSH%04u", diag_row(f->code)->number);
	if (span_set(f->at))
		buf_format(&b, " %" PRIu32 ":%" PRIu32, place.from.line, place.from.column);
	if (nth > 1)
		buf_format(&b, " (%" PRIu32 ")", nth);
	return buf_view(&b);
}

static void put_outcome(struct buf *out, const struct report *r, const struct finding *f)
{
	bool failed = diag_row(f->code)->severity == SEVERITY_ERROR;
	struct buf text = buf_new(out->mem, 0);

	if (failed) {
		buf_format(out, "<failure type=\"MSH%04u\" message=\"", diag_row(f->code)->number);
		put_shown(out, finding_message(out->mem, f));
		buf_lit(out, "\">");
	} else
		buf_lit(out, "<system-out>");
	render_finding(&text, r->files, f, (struct render_options){ false });
	put_xml(out, buf_view(&text));
	buf_put(out, failed ? "</failure>" : "</system-out>", failed ? 10 : 13);
}

static void put_case(struct buf *out, const struct report *r, const struct finding *f, uint32_t nth)
{
	struct str suite = suite_of(r, out->mem, f);

	buf_format(out, "    <testcase name=\"%.*s\" classname=\"",
		   STR(title_of(out->mem, r, f, nth)));
	put_shown(out, suite);
	if (span_set(f->at)) {
		buf_lit(out, "\" file=\"");
		put_shown(out, suite);
		buf_format(out, "\" line=\"%" PRIu32, report_place(out->mem, r, f->at).from.line);
	}
	buf_lit(out, "\">");
	put_outcome(out, r, f);
	buf_lit(out, "</testcase>\n");
}

static bool is_same_place(const struct finding *a, const struct finding *b)
{
	return a->code == b->code && a->at.file == b->at.file && a->at.start == b->at.start;
}

/* Findings [first, last) are of one file. */
static void put_suite(struct buf *out, const struct report *r, uint32_t first, uint32_t last)
{
	struct finding *const *all = r->diags->all.at;
	uint32_t failures = 0, nth = 0;

	for (uint32_t i = first; i < last; i++)
		failures += diag_row(all[i]->code)->severity == SEVERITY_ERROR;
	buf_lit(out, "  <testsuite");
	put_counts(out, suite_of(r, out->mem, all[first]), last - first, failures);
	for (uint32_t i = first; i < last; i++) {
		nth = i > first && is_same_place(all[i - 1], all[i]) ? nth + 1 : 1;
		put_case(out, r, all[i], nth);
	}
	buf_lit(out, "  </testsuite>\n");
}

static void put_clean(struct buf *out)
{
	buf_lit(out, "  <testsuite");
	put_counts(out, S("meshc"), 1, 0);
	buf_lit(out, "    <testcase name=\"no findings\" classname=\"meshc\"></testcase>\n"
		     "  </testsuite>\n");
}

/* Findings are sorted by file: a suite is a run of them. */
void report_junit(const struct report *r, struct buf *findings, struct buf *result)
{
	const struct diags *d = r->diags;

	(void)findings;
	buf_lit(result, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	put_counts(result, str_format(result->mem, "meshc %s", r->command), d->all.n ? d->all.n : 1,
		   d->errors);
	for (uint32_t first = 0, last = 0; first < d->all.n; first = last) {
		while (last < d->all.n && d->all.at[last]->at.file == d->all.at[first]->at.file)
			last++;
		put_suite(result, r, first, last);
	}
	if (!d->all.n)
		put_clean(result);
	buf_lit(result, "</testsuites>\n");
}
