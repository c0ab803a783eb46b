/*
 * The report as SARIF 2.1.0: one run, a rule per code that occurs, a result per
 * finding. Lines and columns count from 1, columns in characters, ends exclusive.
 *
 * Readers have limits (GitHub: 25,000 results of which 5,000 are shown, 1,000
 * locations of a result). What does not fit is left out from the end, where the
 * least important stands, and a notification says how much that is.
 */
#include "base/base.h"
#include "report/findings.h"

#include "report/doc.h"
#include "source/render.h"

#define RESULTS_MOST 25000u
#define RESULTS_SHOWN 5000u
#define LOCATIONS_MOST 1000u

struct rules {
	uint32_t index[CODE_MAX]; /* of the rule of a code, where used */
	bool used[CODE_MAX];
};

static struct doc put_text(struct doc t, const char *key, struct str text)
{
	struct doc message = doc_map(t, key);

	doc_text(message, "text", text);
	return message;
}

/*
 * [text](target) is a link in a message; the repository has none to offer. A
 * bracket with a backslash is a bracket.
 */
static struct str unlinked(struct arena *mem, struct str shown)
{
	struct buf b = buf_new(mem, 0);

	if (!strstr(str_z(mem, shown), "]("))
		return shown;
	for (uint32_t i = 0; i < shown.n; i++) {
		if (shown.p[i] == '[' || shown.p[i] == ']' || shown.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, shown.p[i]);
	}
	return buf_view(&b);
}

static struct str message_of(struct arena *mem, struct str text)
{
	struct buf shown = buf_new(mem, 0);

	render_escaped(&shown, text);
	return unlinked(mem, buf_view(&shown));
}

/* Relative, every byte that a path of a URI cannot hold as %XX. */
static struct str uri_of(struct arena *mem, struct str path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~/";
	struct buf b = buf_new(mem, 0);

	for (uint32_t i = 0; i < path.n; i++) {
		if (path.p[i] && strchr(plain, path.p[i]))
			buf_char(&b, path.p[i]);
		else
			buf_format(&b, "%%%02X", (unsigned)(unsigned char)path.p[i]);
	}
	return buf_view(&b);
}

static void put_artifact(struct doc t, const struct place *place)
{
	struct doc artifact = doc_map(t, "artifactLocation");

	doc_text(artifact, "uri", uri_of(t.mem, place->path));
	doc_text(artifact, "uriBaseId", S("%SRCROOT%"));
}

static void put_region(struct doc t, const char *key, const struct place *place)
{
	struct doc region = doc_map(t, key);

	doc_int(region, "startLine", place->from.line);
	doc_int(region, "startColumn", place->from.column);
	doc_int(region, "endLine", place->to.line);
	doc_int(region, "endColumn", place->to.column);
}

static void put_physical(struct doc location, const struct report *r, struct span at)
{
	struct place place = report_place(location.mem, r, at);
	struct doc physical = doc_map(location, "physicalLocation");

	put_artifact(physical, &place);
	put_region(physical, "region", &place);
}

/* Further places of a finding; remarks without one are in its message. */
static void put_related(struct doc result, const struct report *r, const struct finding *f)
{
	struct doc list = { 0 };
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->notes.n && n < LOCATIONS_MOST - 1; i++) {
		struct doc location;

		if (!span_set(f->notes.at[i].at))
			continue;
		if (n++ == 0)
			list = doc_list(result, "relatedLocations");
		location = doc_item(list);
		doc_int(location, "id", n);
		put_physical(location, r, f->notes.at[i].at);
		put_text(location, "message", message_of(list.mem, f->notes.at[i].text));
	}
}

static void put_fix(struct doc result, const struct report *r, const struct finding *f)
{
	struct place place = report_place(result.mem, r, f->fix_at);
	struct doc one, change, replacement;

	if (!span_set(f->fix_at))
		return;
	one = doc_item(doc_list(result, "fixes"));
	put_text(one, "description", f->help.n ? message_of(one.mem, f->help) : S("change it"));
	change = doc_item(doc_list(one, "artifactChanges"));
	put_artifact(change, &place);
	replacement = doc_item(doc_list(change, "replacements"));
	put_region(replacement, "deletedRegion", &place);
	put_text(replacement, "insertedContent", f->fix_text);
}

static void put_result(struct doc result, const struct report *r, const struct rules *rules,
		       const struct ranked *one)
{
	const struct finding *f = one->finding;
	const struct diag_row *row = diag_row(f->code);

	doc_text(result, "ruleId", str_format(result.mem, "MSH%04u", row->number));
	doc_int(result, "ruleIndex", rules->index[f->code]);
	doc_text(result, "level", str_of(report_severity(row->severity)));
	put_text(result, "message", unlinked(result.mem, report_lines(result.mem, r, one)));
	put_physical(doc_item(doc_list(result, "locations")), r, f->at);
	put_related(result, r, f);
	put_fix(result, r, f);
	doc_text(doc_map(result, "partialFingerprints"), "meshcFinding/v1",
		 str_format(result.mem, "%016" PRIx64, one->fingerprint));
}

/* `%` of the template as the explanations spell it. */
static struct str template_of(struct arena *mem, const char *text)
{
	struct buf b = buf_new(mem, 0);

	for (; *text; text++) {
		if (*text == '%')
			buf_lit(&b, "...");
		else
			buf_char(&b, *text);
	}
	return buf_view(&b);
}

static void put_rule(struct doc rule, const struct report *r, enum code code)
{
	const struct diag_row *row = diag_row(code);
	struct str explanation = r->explain ? r->explain(row->number) : (struct str){ 0 };
	struct str more = str_format(rule.mem, "`meshc explain MSH%04u` tells more", row->number);
	struct doc text;

	doc_text(rule, "id", str_format(rule.mem, "MSH%04u", row->number));
	doc_text(rule, "name", report_slug(rule.mem, code));
	put_text(rule, "shortDescription", template_of(rule.mem, row->text));
	text = put_text(rule, "help", explanation.n ? explanation : more);
	if (explanation.n)
		doc_text(text, "markdown", explanation);
	doc_text(doc_map(rule, "defaultConfiguration"), "level",
		 str_of(report_severity(row->severity)));
}

/* The codes stand in the order of their numbers. */
static void put_driver(struct doc run, const struct report *r, const struct ranking *ranking,
		       uint32_t shown, struct rules *rules)
{
	struct doc driver = doc_map(doc_map(run, "tool"), "driver");
	struct doc list;
	uint32_t n = 0;

	doc_text(driver, "name", S("meshc"));
	doc_text(driver, "version", str_of(r->version));
	list = doc_list(driver, "rules");
	for (uint32_t i = 0; i < shown; i++)
		rules->used[ranking->at[i].finding->code] = true;
	for (unsigned code = 0; code < CODE_MAX; code++) {
		if (!rules->used[code])
			continue;
		rules->index[code] = n++;
		put_rule(doc_item(list), r, (enum code)code);
	}
}

static void put_notification(struct doc list, struct str text)
{
	struct doc one = doc_item(list);

	doc_text(one, "level", S("warning"));
	put_text(one, "message", text);
}

static uint32_t count_crowded(const struct ranking *ranking, uint32_t shown)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < shown; i++)
		n += ranking->at[i].finding->notes.n >= LOCATIONS_MOST;
	return n;
}

/* What is not in this file, or will not be shown by those who read it. */
static void put_limits(struct doc list, const struct ranking *ranking, uint32_t shown)
{
	uint32_t crowded = count_crowded(ranking, shown);
	struct buf b = buf_new(list.mem, 0);

	report_totals(&b, ranking->of);
	buf_format(&b,
		   "; the %" PRIu32
		   " most important are in this file, and GitHub shows the first %u of them",
		   shown, RESULTS_SHOWN);
	if (ranking->n > RESULTS_SHOWN)
		put_notification(list, buf_view(&b));
	if (crowded)
		put_notification(list,
				 str_format(list.mem,
					    "%" PRIu32 " of the results have more than the %u "
					    "places that are listed",
					    crowded, LOCATIONS_MOST));
}

static void put_invocation(struct doc run, const struct report *r, const struct ranking *ranking,
			   uint32_t shown)
{
	struct doc invocation = doc_item(doc_list(run, "invocations"));

	/* That there are findings is a success; that nothing could be looked at is none. */
	doc_bool(invocation, "executionSuccessful", strcmp(r->status, "environment") != 0);
	put_limits(doc_list(invocation, "toolExecutionNotifications"), ranking, shown);
}

void report_sarif(const struct report *r, struct buf *findings, struct buf *result)
{
	struct ranking ranking = report_rank(result->mem, r);
	uint32_t shown = ranking.n < RESULTS_MOST ? ranking.n : RESULTS_MOST;
	struct rules rules = { { 0 }, { 0 } };
	struct doc log = doc_new(result->mem);
	struct doc run, results;

	(void)findings;
	doc_text(log, "$schema", S("https://json.schemastore.org/sarif-2.1.0.json"));
	doc_text(log, "version", S("2.1.0"));
	run = doc_item(doc_list(log, "runs"));
	put_driver(run, r, &ranking, shown, &rules);
	put_invocation(run, r, &ranking, shown);
	doc_text(run, "columnKind", S("unicodeCodePoints"));
	results = doc_list(run, "results");
	for (uint32_t i = 0; i < shown; i++)
		put_result(doc_item(results), r, &rules, &ranking.at[i]);
	doc_write(log, result);
}
