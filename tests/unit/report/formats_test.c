/* Findings in every format: what is said, what is escaped, and what is left out. */
#include "support/fixture.h"

#include "report/report.h"

#define TEXT "kind: A\nname: \xc3\xa9\xc3\xa9 clusterr\n"

static struct report report_new(struct fixture *f)
{
	return (struct report){
		.command = "check",
		.status = "findings",
		.files = &f->files,
		.diags = &f->diags,
		.summary = { .errors = f->diags.errors, .warnings = f->diags.warnings },
		.elapsed_ms = 4,
		.options = { .most = 50 },
	};
}

static const char *written(struct fixture *f, const char *format, const struct report *r)
{
	struct buf out = buf_new(f->mem, 0);

	report_format_find(str_of(format))->write(r, &out, &out);
	return str_z(f->mem, buf_view(&out));
}

static void test_json_names_place_help_fix_and_notes(void **state)
{
	struct fixture f;
	struct finding *finding;
	struct report r;
	const char *text;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a.yaml", TEXT);
	/* Line 2, after two characters of two bytes each. */
	finding = report_unknown_cluster(&f.diags, (struct span){ file, 19, 27 }, S("clusterr"));
	note(finding, (struct span){ file, 0, 4 }, "closest %s", "name");
	help(finding, "use `cluster`");
	fix(finding, (struct span){ file, 19, 27 }, S("cluster"));
	r = report_new(&f);
	r.summary.has_clusters = true;
	r.summary.clusters = 2;
	text = written(&f, "json", &r);

	struct node *root = fixture_node(&f, "report.json", text);
	struct node *one = node_get(root, S("findings"))->u.items[0];

	assert_true(node_is(node_get(root, S("schema")), S("meshc.dev/report/v1")));
	assert_true(node_is(node_get(root, S("status")), S("findings")));
	assert_true(node_is(node_get(one, S("code")), S("MSH0204")));
	assert_true(node_is(node_get(one, S("slug")), S("unknown-cluster")));
	assert_true(node_is(node_get(one, S("severity")), S("error")));
	assert_true(node_is(node_get(one, S("message")),
			    S("`clusterr` is not a cluster of the inventory")));
	assert_true(node_is(node_get(one, S("file")), S("mesh/a.yaml")));
	assert_true(node_is(node_get(one, S("line")), S("2")));
	assert_true(node_is(node_get(one, S("column")), S("10")));
	assert_true(node_is(node_get(one, S("endColumn")), S("18")));
	assert_true(node_is(node_get(one, S("help")), S("use `cluster`")));
	assert_true(node_is(node_get(one, S("repeats")), S("0")));
	assert_true(node_is(node_get(node_get(one, S("notes"))->u.items[0], S("message")),
			    S("closest name")));
	assert_true(node_is(node_get(node_get(one, S("fix")), S("start")), S("19")));
	assert_true(node_is(node_get(node_get(one, S("fix")), S("text")), S("cluster")));
	assert_true(node_is(node_get(node_get(root, S("summary")), S("clusters")), S("2")));
	assert_true(node_is(node_get(node_get(root, S("summary")), S("errors")), S("1")));
	assert_null(node_get(node_get(root, S("summary")), S("objects")));
	assert_null(strstr(text, " ms"));
	fixture_teardown(&f);
}

static void test_json_leaves_out_the_place_of_a_finding_about_no_file(void **state)
{
	struct fixture f;
	struct report r;

	(void)state;
	fixture_setup(&f);
	report_no_fleet(&f.diags, (struct span){ 0 }, S("a\xff##[x]"));
	r = report_new(&f);

	const char *text = written(&f, "json", &r);
	struct node *root = fixture_node(&f, "report.json", text);
	struct node *one = node_get(root, S("findings"))->u.items[0];

	assert_null(node_get(one, S("file")));
	assert_null(node_get(one, S("fix")));
	assert_null(node_get(one, S("help")));
	/* A name of a folder need not be UTF-8, a JSON text must. */
	assert_true(node_is(node_get(one, S("message")),
			    S("no meshc.yaml in `a\xef\xbf\xbd##[x]` or above it")));
	assert_null(strstr(text, "##["));
	fixture_teardown(&f);
}

static void test_text_caps_each_severity_and_counts_what_it_left_out(void **state)
{
	struct fixture f;
	struct report r;
	const char *text;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a.yaml", TEXT);
	for (uint32_t i = 0; i < 3; i++)
		report_empty_policy(&f.diags, (struct span){ file, i, i + 1 });
	for (uint32_t i = 3; i < 7; i++)
		report_missing_kind(&f.diags, (struct span){ file, i, i + 1 });
	r = report_new(&f);
	r.options.most = 2;
	text = written(&f, "text", &r);
	assert_non_null(strstr(text, "mesh/a.yaml:1:5"));
	assert_null(strstr(text, "mesh/a.yaml:1:6"));
	assert_non_null(
		strstr(text, "... and 2 more errors, 1 more warning (`--all` shows them)\n"));
	assert_non_null(strstr(text, "4 errors, 3 warnings, 4 ms\n"));
	r.options.all = true;
	text = written(&f, "text", &r);
	assert_non_null(strstr(text, "mesh/a.yaml:1:7"));
	assert_null(strstr(text, "more error"));
	fixture_teardown(&f);
}

static void test_names_of_formats_come_from_the_table(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_true(str_eq(report_format_names(f.mem, false), S("text or json")));
	assert_true(str_ends(report_format_names(f.mem, true), S(", gitlab or markdown")));
	fixture_teardown(&f);
}

#define HOSTILE_PATH "mesh/a,b:%0A::set-output\n::stop.yaml"

/* A name that tries to be a command, markup, a link, a mention and the end of everything. */
#define HOSTILE                                                                                    \
	"x\r\n::set-output name=a::b\n##[error]c %0A::d <img src=x> ]]> [e](http://f) @g "         \
	"`````\n````\n|\x1b[2J"

static void report_hostile(struct fixture *f)
{
	uint32_t file = fixture_file(f, HOSTILE_PATH, HOSTILE "\n");
	struct span at = { file, 3, 9 };
	struct finding *finding = report_unknown_cluster(&f->diags, at, S(HOSTILE));

	note(finding, at, "%s", HOSTILE);
	note(finding, (struct span){ 0 }, "%s", HOSTILE);
	help(finding, "%s", HOSTILE);
	fix(finding, at, S(HOSTILE));
}

/* The runner takes a line for a command that starts with `::`, after blanks, or holds `##[`. */
static bool is_command(const char *line, uint32_t n)
{
	struct str text = { line, n };

	while (text.n && (text.p[0] == ' ' || text.p[0] == '\t' || text.p[0] == '\r'))
		text = str_slice(text, 1, text.n);
	for (uint32_t i = 0; i + 2 < text.n; i++)
		if (memcmp(text.p + i, "##[", 3) == 0)
			return true;
	return str_starts(text, S("::")) && !str_starts(text, S("::: "));
}

static uint32_t count_commands(const char *text)
{
	uint32_t n = 0;

	while (*text) {
		size_t line = strcspn(text, "\n");

		n += is_command(text, (uint32_t)line);
		text += line + (text[line] == '\n');
	}
	return n;
}

static void test_text_of_the_repository_is_no_command_in_any_format(void **state)
{
	(void)state;
	for (const struct report_format *row = report_formats; row->name; row++) {
		struct fixture f;
		struct report r;
		const char *text;

		fixture_setup(&f);
		report_hostile(&f);
		r = report_new(&f);
		text = written(&f, row->name, &r);
		/* github: one line per finding, which is a command of ours. */
		if (count_commands(text) != (strcmp(row->name, "github") == 0))
			fail_msg("%s:\n%s", row->name, text);
		assert_null(strchr(text, '\x1b'));
		assert_null(strchr(text, '\r'));
		fixture_teardown(&f);
	}
}

static void test_github_escapes_values_and_puts_errors_first(void **state)
{
	struct fixture f;
	struct report r;
	const char *text, *error, *warning;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a,b:50%.yaml", TEXT "x: 1\n");
	report_empty_policy(&f.diags, (struct span){ file, 0, 4 });
	report_unknown_cluster(&f.diags, (struct span){ file, 19, 30 }, S("50%"));
	r = report_new(&f);
	text = written(&f, "github", &r);
	error = strstr(text, "::error file=mesh/a%2Cb%3A50%25.yaml,line=2,endLine=3,title=MSH0204 "
			     "unknown-cluster::`50%25` is not");
	warning = strstr(text, "\n::warning file=mesh/a%2Cb%3A50%25.yaml,line=1,endLine=1,col=1,"
			       "endColumn=5,title=");
	assert_ptr_equal(error, text);
	assert_non_null(warning);
	assert_non_null(strstr(text, "\nmeshc check: 1 error, 1 warning, 0 notes\n"));
	fixture_teardown(&f);
}

static void test_github_says_when_it_will_not_show_all(void **state)
{
	struct fixture f;
	struct report r;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a.yaml", TEXT);
	for (uint32_t i = 0; i < 11; i++)
		report_missing_kind(&f.diags, (struct span){ file, i, i + 1 });
	r = report_new(&f);
	assert_non_null(strstr(written(&f, "github", &r),
			       "\nmeshc check: 11 errors, 0 warnings, 0 notes; GitHub shows the "
			       "first 10 of each as annotations\n"));
	fixture_teardown(&f);
}

static struct node *first_of(struct fixture *f, const char *format, const struct report *r)
{
	struct node *root = fixture_node(f, "report.json", written(f, format, r));

	if (strcmp(format, "sarif") == 0)
		root = node_get(node_get(root, S("runs"))->u.items[0], S("results"));
	return root->n ? root->u.items[0] : NULL;
}

static struct str fingerprint_of(struct fixture *f, const char *text, struct str name)
{
	struct report r;
	uint32_t file = fixture_file(f, "mesh/a.yaml", text);

	f->diags = diags_new(f->mem);
	report_unknown_cluster(&f->diags, (struct span){ file, 4, 5 }, name);
	r = report_new(f);
	return node_get(first_of(f, "gitlab", &r), S("fingerprint"))->u.text;
}

static void test_fingerprints_outlive_lines_and_tell_findings_apart(void **state)
{
	struct fixture f;
	struct report r;
	struct node *root;
	struct str one, moved, other;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	one = fingerprint_of(&f, "kind: A\n", S("c1"));
	moved = fingerprint_of(&f, "\n\n\nkind: A\n", S("c1"));
	other = fingerprint_of(&f, "kind: A\n", S("c2"));
	assert_int_equal(one.n, 16);
	assert_true(str_eq(one, moved));
	assert_false(str_eq(one, other));

	file = fixture_file(&f, "mesh/b.yaml", TEXT);
	f.diags = diags_new(f.mem);
	report_missing_kind(&f.diags, (struct span){ file, 0, 1 });
	report_missing_kind(&f.diags, (struct span){ file, 2, 3 });
	r = report_new(&f);
	root = fixture_node(&f, "gitlab.json", written(&f, "gitlab", &r));
	assert_int_equal(root->n, 2);
	assert_false(str_eq(node_get(root->u.items[0], S("fingerprint"))->u.text,
			    node_get(root->u.items[1], S("fingerprint"))->u.text));
	fixture_teardown(&f);
}

static void test_paths_count_from_where_meshc_was_started(void **state)
{
	struct fixture f;
	struct report r;
	struct node *result, *physical;

	(void)state;
	fixture_setup(&f);
	report_missing_kind(
		&f.diags, (struct span){ fixture_file(&f, "mesh/a b#\xc3\xa9.yaml", TEXT), 0, 4 });
	r = report_new(&f);
	r.folder = S("fleet/");
	result = first_of(&f, "sarif", &r);
	physical = node_get(node_get(result, S("locations"))->u.items[0], S("physicalLocation"));
	assert_true(node_is(node_get(node_get(physical, S("artifactLocation")), S("uri")),
			    S("fleet/mesh/a%20b%23%C3%A9.yaml")));
	assert_non_null(strstr(written(&f, "github", &r), " file=fleet/mesh/a b#"));
	assert_non_null(strstr(written(&f, "gitlab", &r), "\"fleet/mesh/a b#"));
	assert_non_null(strstr(written(&f, "junit", &r), "<testsuite name=\"fleet/mesh/a b#"));
	assert_non_null(strstr(written(&f, "markdown", &r), "<code>fleet/mesh/a b#"));
	fixture_teardown(&f);
}

static struct str explained(uint16_t number)
{
	return number == 204 ? S("# an unknown cluster\n") : S("");
}

static void test_sarif_has_rules_places_and_fixes(void **state)
{
	struct fixture f;
	struct finding *finding;
	struct report r;
	struct node *run, *rule, *result, *fix_node;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a.yaml", TEXT);
	report_missing_kind(&f.diags, (struct span){ file, 0, 4 });
	finding = report_unknown_cluster(&f.diags, (struct span){ file, 19, 27 }, S("[a](b)"));
	note(finding, (struct span){ file, 0, 4 }, "closest name");
	fix(finding, (struct span){ file, 19, 27 }, S("cluster"));
	r = report_new(&f);
	r.version = "9.8.7";
	r.explain = explained;
	run = node_get(fixture_node(&f, "report.json", written(&f, "sarif", &r)), S("runs"))
		      ->u.items[0];
	rule = node_get(node_get(node_get(run, S("tool")), S("driver")), S("rules"))->u.items[1];
	assert_true(node_is(node_get(rule, S("id")), S("MSH0204")));
	assert_true(node_is(node_get(rule, S("name")), S("unknown-cluster")));
	assert_true(node_is(node_get(node_get(rule, S("help")), S("markdown")),
			    S("# an unknown cluster\n")));
	result = node_get(run, S("results"))->u.items[1];
	assert_true(node_is(node_get(result, S("ruleId")), S("MSH0204")));
	assert_true(node_is(node_get(result, S("ruleIndex")), S("1")));
	assert_true(node_is(node_get(result, S("level")), S("error")));
	assert_non_null(
		strstr(str_z(f.mem, node_get(node_get(result, S("message")), S("text"))->u.text),
		       "`\\[a\\](b)` is not a cluster"));
	assert_int_equal(node_get(result, S("relatedLocations"))->n, 1);
	fix_node = node_get(node_get(result, S("fixes"))->u.items[0], S("artifactChanges"))
			   ->u.items[0];
	fix_node = node_get(fix_node, S("replacements"))->u.items[0];
	assert_true(node_is(node_get(node_get(fix_node, S("insertedContent")), S("text")),
			    S("cluster")));
	assert_true(
		node_is(node_get(node_get(fix_node, S("deletedRegion")), S("endColumn")), S("18")));
	fixture_teardown(&f);
}

static void report_many(struct fixture *f, uint32_t n)
{
	uint32_t file = fixture_file(f, "mesh/a.yaml", TEXT);

	for (uint32_t i = 0; i < n; i++)
		report_unknown_cluster(&f->diags, (struct span){ file, 19, 27 },
				       str_format(f->mem, "cluster-%05" PRIu32, i));
}

static void test_sarif_holds_25000_results_and_says_how_many_there_were(void **state)
{
	struct fixture f;
	struct report r;
	const char *text;
	uint32_t n = 0;

	(void)state;
	fixture_setup(&f);
	report_many(&f, 25001);
	r = report_new(&f);
	text = written(&f, "sarif", &r);
	assert_non_null(strstr(text, "25001 errors, 0 warnings, 0 notes; the 25000 most important "
				     "are in this file"));
	for (const char *p = text; (p = strstr(p, "\"ruleId\"")) != NULL; p++)
		n++;
	assert_int_equal(n, 25000);
	fixture_teardown(&f);
}

static void test_sarif_lists_1000_places_of_a_result_and_says_so(void **state)
{
	struct fixture f;
	struct finding *finding;
	struct report r;
	const char *text;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/a.yaml", TEXT);
	finding = report_missing_kind(&f.diags, (struct span){ file, 0, 4 });
	for (uint32_t i = 0; i < 1001; i++)
		note(finding, (struct span){ file, 0, 4 }, "place %u", (unsigned)i);
	r = report_new(&f);
	text = written(&f, "sarif", &r);
	assert_non_null(strstr(text, "1 of the results have more than the 1000 places"));
	assert_non_null(strstr(text, "note: and 981 more notes"));
	assert_int_equal(node_get(first_of(&f, "sarif", &r), S("relatedLocations"))->n, 999);
	fixture_teardown(&f);
}

static void test_markdown_stays_below_the_size_of_a_comment(void **state)
{
	struct fixture f;
	struct report r;
	const char *text;
	uint32_t shown = 0, left = 0;

	(void)state;
	fixture_setup(&f);
	report_many(&f, 10000);
	r = report_new(&f);
	text = written(&f, "markdown", &r);
	assert_true(strlen(text) <= 65000);
	assert_true(strlen(text) > 60000);
	for (const char *p = text; (p = strstr(p, "</details>")) != NULL; p++)
		shown++;
	text = strstr(text, "\nNot shown for want of room: ");
	assert_non_null(text);
	for (text += strcspn(text, "0123456789"); *text >= '0' && *text <= '9'; text++)
		left = left * 10 + (uint32_t)(*text - '0');
	assert_int_equal(shown + left, 10000);
	assert_non_null(
		strstr(text, " errors, 0 warnings, 0 notes. `meshc check --all` shows them.\n"));
	fixture_teardown(&f);
}

static void test_markdown_holds_text_of_the_repository_in_code_and_fences_only(void **state)
{
	struct fixture f;
	struct report r;
	const char *text;

	(void)state;
	fixture_setup(&f);
	report_hostile(&f);
	r = report_new(&f);
	text = written(&f, "markdown", &r);
	assert_non_null(strstr(text, "<!-- meshc:check -->\n### `meshc check`: 1 error, "));
	assert_non_null(strstr(text, "&#60;img src=x&#62;"));
	/* The fence is longer than the five backticks within. */
	assert_non_null(strstr(text, "\n\n``````text\nerror[MSH0204]"));
	assert_non_null(strstr(text, "\n``````\n\n</details>\n"));
	fixture_teardown(&f);
}

static void test_junit_escapes_what_xml_cannot_hold(void **state)
{
	struct fixture f;
	struct report r;
	const char *text;
	uint32_t file;

	(void)state;
	fixture_setup(&f);
	file = fixture_file(&f, "mesh/<a>.yaml", TEXT);
	report_unknown_cluster(&f.diags, (struct span){ file, 19, 27 },
			       S("<\"&'\x01\xef\xbf\xbf]]>"));
	report_unknown_cluster(&f.diags, (struct span){ file, 19, 27 }, S("other"));
	report_empty_policy(&f.diags, (struct span){ file, 20, 27 });
	r = report_new(&f);
	text = written(&f, "junit", &r);
	assert_non_null(
		strstr(text, "<testsuites name=\"meshc check\" tests=\"3\" failures=\"2\""));
	assert_non_null(strstr(text, "<testsuite name=\"mesh/&#60;a&#62;.yaml\" tests=\"3\""));
	assert_non_null(strstr(text, "<testcase name=\"MSH0204 2:10\""));
	assert_non_null(strstr(text, "<testcase name=\"MSH0204 2:10 (2)\""));
	assert_non_null(strstr(text, "message=\"`&#60;&#34;&#38;&#39;\\x01\xef\xbf\xbd]]&#62;`"));
	assert_non_null(strstr(text, "<system-out>warning["));
	fixture_teardown(&f);
}

static void test_a_clean_report_is_well_formed_in_every_format(void **state)
{
	struct fixture f;
	struct report r;

	(void)state;
	fixture_setup(&f);
	r = report_new(&f);
	assert_string_equal(written(&f, "gitlab", &r), "[]\n");
	assert_string_equal(written(&f, "github", &r),
			    "meshc check: 0 errors, 0 warnings, 0 notes\n");
	assert_non_null(strstr(written(&f, "junit", &r), "tests=\"1\" failures=\"0\""));
	assert_non_null(strstr(written(&f, "markdown", &r), ": 0 errors, 0 warnings, 0 notes\n"));
	assert_null(first_of(&f, "sarif", &r));
	fixture_teardown(&f);
}

static void test_a_format_that_is_no_row_is_not_found(void **state)
{
	(void)state;
	assert_null(report_format_find(S("yaml")));
	assert_null(report_format_find(S("")));
	assert_ptr_equal(report_format_find(S("text")), report_formats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_names_place_help_fix_and_notes),
		cmocka_unit_test(test_json_leaves_out_the_place_of_a_finding_about_no_file),
		cmocka_unit_test(test_text_caps_each_severity_and_counts_what_it_left_out),
		cmocka_unit_test(test_names_of_formats_come_from_the_table),
		cmocka_unit_test(test_text_of_the_repository_is_no_command_in_any_format),
		cmocka_unit_test(test_github_escapes_values_and_puts_errors_first),
		cmocka_unit_test(test_github_says_when_it_will_not_show_all),
		cmocka_unit_test(test_fingerprints_outlive_lines_and_tell_findings_apart),
		cmocka_unit_test(test_paths_count_from_where_meshc_was_started),
		cmocka_unit_test(test_sarif_has_rules_places_and_fixes),
		cmocka_unit_test(test_sarif_holds_25000_results_and_says_how_many_there_were),
		cmocka_unit_test(test_sarif_lists_1000_places_of_a_result_and_says_so),
		cmocka_unit_test(test_markdown_stays_below_the_size_of_a_comment),
		cmocka_unit_test(
			test_markdown_holds_text_of_the_repository_in_code_and_fences_only),
		cmocka_unit_test(test_junit_escapes_what_xml_cannot_hold),
		cmocka_unit_test(test_a_clean_report_is_well_formed_in_every_format),
		cmocka_unit_test(test_a_format_that_is_no_row_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
