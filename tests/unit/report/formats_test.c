/* Findings as text and as JSON. */
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
		cmocka_unit_test(test_a_format_that_is_no_row_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
