/*
 * The report as a comment on a pull request. The hidden mark at the top lets a
 * bot find the comment and change it instead of writing another one.
 *
 *	<!-- meshc:check -->
 *	### `meshc check`: 1 error, 0 warnings, 0 notes
 *
 *	#### Errors
 *
 *	<details>
 *	<summary><b>error MSH0204</b> <code>mesh/a.yaml:18:16</code> <code>`c3` is not ...</code></summary>
 *
 *	```text
 *	...
 *	```
 *
 *	</details>
 *
 * Text of the repository stands in <code> or in a fence and nowhere else: there
 * is no markup, no link and no mention of a user in either. A comment has
 * 65,536 characters at most; what does not fit is left out by the finding.
 */
#include "base/base.h"
#include "report/findings.h"

#include "source/render.h"

#define BUDGET 65000u      /* bytes: never fewer than characters */
#define ROOM_FOR_END 200u  /* what is said about findings that were left out */
#define DETAILS_MOST 6000u /* bytes of one finding */

static void put_code(struct buf *out, struct str text)
{
	struct buf shown = buf_new(out->mem, 0);

	render_escaped(&shown, text);
	buf_lit(out, "<code>");
	for (size_t i = 0; i < shown.n; i++) {
		char c = shown.p[i];

		if (c == '&' || c == '<' || c == '>' || c == '"')
			buf_format(out, "&#%u;", (unsigned)c);
		else
			buf_char(out, c);
	}
	buf_lit(out, "</code>");
}

static uint32_t longest_run(struct str text, char c)
{
	uint32_t longest = 0, now = 0;

	for (uint32_t i = 0; i < text.n; i++) {
		now = text.p[i] == c ? now + 1 : 0;
		longest = now > longest ? now : longest;
	}
	return longest;
}

/* Whole lines of it, as many as there is room for. */
static struct str cut_lines(struct str text)
{
	uint32_t n = DETAILS_MOST;

	if (text.n <= DETAILS_MOST)
		return text;
	while (n > 0 && text.p[n - 1] != '\n')
		n--;
	return str_slice(text, 0, n);
}

/* Longer than any run of backticks in the text, which therefore cannot end it. */
static void put_fenced(struct buf *out, struct str text)
{
	struct str shown = cut_lines(text);
	uint32_t run = longest_run(shown, '`');
	uint32_t fence = run < 3 ? 3 : run + 1;

	buf_fill(out, '`', fence);
	buf_lit(out, "text\n");
	buf_str(out, shown);
	if (shown.n < text.n)
		buf_lit(out, "...\n");
	buf_fill(out, '`', fence);
	buf_char(out, '\n');
}

static void put_place(struct buf *out, const struct report *r, struct span at)
{
	struct place place = report_place(out->mem, r, at);

	if (!span_set(at))
		return;
	put_code(out, str_format(out->mem, "%.*s:%" PRIu32 ":%" PRIu32, STR(place.path),
				 place.from.line, place.from.column));
	buf_char(out, ' ');
}

static struct str block_of(struct arena *mem, const struct report *r, const struct ranked *one)
{
	const struct diag_row *row = diag_row(one->finding->code);
	struct buf details = buf_new(mem, 0), b = buf_new(mem, 0);

	render_finding(&details, r->files, one->finding, (struct render_options){ false });
	buf_format(&b, "\n<details>\n<summary><b>%s MSH%04u</b> ", report_severity(row->severity),
		   row->number);
	put_place(&b, r, one->finding->at);
	put_code(&b, one->message);
	buf_lit(&b, "</summary>\n\n");
	put_fenced(&b, buf_view(&details));
	buf_lit(&b, "\n</details>\n");
	return buf_view(&b);
}

static void put_left_out(struct buf *out, const struct report *r, const uint32_t *left)
{
	buf_lit(out, "\nNot shown for want of room: ");
	report_totals(out, left);
	buf_format(out, ". `meshc %s --all` shows them.\n", r->command);
}

/* What was made, as the text format says it. */
static void put_summary(struct buf *out, const struct summary *s)
{
	struct buf b = buf_new(out->mem, 0);

	if (!s->has_objects)
		return;
	summary_table(&b, s, false);
	buf_char(&b, '\n');
	summary_line(&b, s, -1);
	buf_char(out, '\n');
	put_fenced(out, buf_view(&b));
}

static struct str group_of(struct arena *mem, const struct ranking *ranking, uint32_t i)
{
	static const char *const titles[] = {
		[SEVERITY_ERROR] = "Errors",
		[SEVERITY_WARNING] = "Warnings",
		[SEVERITY_NOTE] = "Notes",
	};
	enum severity now = diag_row(ranking->at[i].finding->code)->severity;

	if (i > 0 && diag_row(ranking->at[i - 1].finding->code)->severity == now)
		return (struct str){ 0 };
	return str_format(mem, "\n#### %s\n", titles[now]);
}

void report_markdown(const struct report *r, struct buf *findings, struct buf *result)
{
	struct ranking ranking = report_rank(result->mem, r);
	size_t start = result->n;
	uint32_t left[SEVERITY_NOTE + 1];

	(void)findings;
	memcpy(left, ranking.of, sizeof left);
	buf_format(result, "<!-- meshc:%s -->\n### `meshc %s`: ", r->command, r->command);
	report_totals(result, ranking.of);
	buf_char(result, '\n');
	put_summary(result, &r->summary);
	for (uint32_t i = 0; i < ranking.n; i++) {
		struct str group = group_of(result->mem, &ranking, i);
		struct str block = block_of(result->mem, r, &ranking.at[i]);

		if (result->n - start + group.n + block.n > BUDGET - ROOM_FOR_END) {
			put_left_out(result, r, left);
			return;
		}
		buf_str(result, group);
		buf_str(result, block);
		left[diag_row(ranking.at[i].finding->code)->severity]--;
	}
}
