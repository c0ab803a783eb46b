/* Commands that need no fleet, and what is said when the words are wrong. */
#include "support/fixture.h"

#include "cli/catalogue.h"
#include "cli/command.h"

struct ran {
	enum exit_code exit;
	const char *out, *err;
};

static uint64_t stopped_clock(void)
{
	return 0;
}

static struct ran run(struct fixture *f, const char *line)
{
	struct invocation in = { .mem = f->mem, .clock = stopped_clock };
	const char *arguments[8];
	struct str rest = str_of(line);
	struct ran ran;
	uint32_t n = 0;

	while (rest.n) {
		int64_t space = str_find(rest, ' ');
		uint32_t end = space < 0 ? rest.n : (uint32_t)space;

		arguments[n++] = str_z(f->mem, str_slice(rest, 0, end));
		rest = str_slice(rest, end + 1, rest.n);
	}
	ran.exit = command_run(&in, arguments, n);
	ran.out = str_z(f->mem, buf_view(&in.out));
	ran.err = str_z(f->mem, buf_view(&in.err));
	return ran;
}

struct usage_case {
	const char *line, *complaint;
};

/* clang-format off */
static const struct usage_case wrong[] = {
	{ "chek",                       "`chek` is not a command; closest name: `check`" },
	{ "frobnicate",                 "`frobnicate` is not a command\n" },
	{ "inventory",                  "`inventory` is not a command; there is `inventory list`" },
	{ "inventory lst",              "`inventory lst` is not a command; there is `inventory list`" },
	{ "check here",                 "`meshc check` does not know what to do with `here`" },
	{ "check --out-dir x",          "`meshc check` takes no `--out-dir`" },
	{ "check --version",            "`meshc check` takes no `--version`" },
	{ "explain",                    "`meshc explain` needs MSHnnnn | KIND[.FIELD...]" },
	{ "explain 9999",               "there is no finding MSH9999" },
	{ "explain unknown-clustr",     "`unknown-clustr` is neither a finding nor a kind; closest name: `unknown-cluster`" },
	{ "explain TrafficPolicy.spc",  "`spc` is not a field of TrafficPolicy; closest name: `spec`" },
	{ "explain Fleet.kind.x",       "`kind` has no fields" },
	{ "schema --kind TraficPolicy", "`TraficPolicy` is not a kind; closest name: `TrafficPolicy`" },
	{ "schema --kind Fleet --list", "`--list` and `--kind` exclude each other" },
	{ "completion tcsh",            "`tcsh` is not one of bash, zsh and fish" },
	{ "man frobnicate",             "there is no page on `frobnicate`" },
	{ "build --dump-plan=json --dry-run", "`--dump-plan` and `--dry-run` exclude each other" },
	{ "build --requirements --dump-plan=text", "`--dump-plan` and `--requirements` exclude each other" },
	{ "build --dump-plan=json -o json", "`--dump-plan` and `--output` exclude each other" },
	{ "build --dump-plan=json --stubs x", "`--dump-plan` and `--stubs` exclude each other" },
	{ "check --stubs x",            "`meshc check` takes no `--stubs`" },
	{ "check --dump-plan=json",     "`meshc check` takes no `--dump-plan`" },
	{ "help frobnicate",            "there is no help on `frobnicate`" },
	{ "check -o yaml",              "`yaml` is not an output format: text, json" },
	{ "check --\x1b[2J",            "`--\\x1b[2J` is not an option" },
};
/* clang-format on */

static void test_wrong_words_are_usage_errors_on_stderr(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(wrong); i++) {
		struct fixture f;
		struct ran ran;

		fixture_setup(&f);
		ran = run(&f, wrong[i].line);
		if (ran.exit != EXIT_USAGE || *ran.out || !strstr(ran.err, wrong[i].complaint))
			fail_msg("%s: exit %d: %s", wrong[i].line, ran.exit, ran.err);
		fixture_teardown(&f);
	}
}

static void test_every_command_prints_its_help(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (uint32_t i = 0; i < command_count(); i++) {
		const char *name = command_at(i)->name;
		struct ran flag = run(&f, str_format(f.mem, "%s --help", name).p);
		struct ran word = run(&f, str_format(f.mem, "help %s", name).p);

		assert_int_equal(flag.exit, EXIT_CLEAN);
		assert_non_null(strstr(flag.out, command_at(i)->help));
		assert_non_null(strstr(flag.out, "--help"));
		assert_string_equal(flag.out, word.out);
		assert_non_null(strstr(run(&f, "help").out, command_at(i)->help));
	}
	fixture_teardown(&f);
}

static bool takes_formats(const struct command *c)
{
	return c->options >> OPTION_OUTPUT & 1;
}

static void test_formats_that_hold_only_findings_are_refused_where_there_are_none(void **state)
{
	struct fixture f;
	struct ran ran;

	(void)state;
	fixture_setup(&f);
	for (const struct report_format *row = report_formats; row->name; row++) {
		for (uint32_t i = 0; i < command_count(); i++) {
			const struct command *c = command_at(i);
			const char *want =
				str_format(f.mem, "meshc: `meshc %s` has no output format `%s`",
					   c->name, row->name)
					.p;

			if (!takes_formats(c) || !row->findings_only || command_reports_findings(c))
				continue;
			ran = run(&f, str_format(f.mem, "%s -o %s", c->name, row->name).p);
			assert_int_equal(ran.exit, EXIT_USAGE);
			assert_true(str_starts(str_of(ran.err), str_of(want)));
		}
	}
	ran = run(&f, "build --requirements -o sarif");
	assert_int_equal(ran.exit, EXIT_USAGE);
	assert_non_null(
		strstr(ran.err, "`meshc build --requirements` has no output format `sarif`"));
	fixture_teardown(&f);
}

static void test_help_names_the_formats_that_a_command_has(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_non_null(strstr(run(&f, "check --help").out, "sarif"));
	assert_null(strstr(run(&f, "version --help").out, "sarif"));
	assert_non_null(strstr(run(&f, "version --help").out, "text or json\n"));
	fixture_teardown(&f);
}

static void test_no_command_is_a_usage_error_and_help_is_not(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_int_equal(run(&f, "").exit, EXIT_USAGE);
	assert_string_equal(run(&f, "").out, "");
	assert_string_equal(run(&f, "").err, run(&f, "--help").out);
	assert_int_equal(run(&f, "--help").exit, EXIT_CLEAN);
	fixture_teardown(&f);
}

static void test_explain_takes_a_finding_by_number_code_and_slug(void **state)
{
	static const char *const lines[] = {
		"explain MSH0204", "explain msh0204",         "explain 0204",
		"explain 204",     "explain unknown-cluster", "explain unknown_cluster"
	};
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (size_t i = 0; i < countof(lines); i++) {
		struct ran ran = run(&f, lines[i]);

		assert_int_equal(ran.exit, EXIT_CLEAN);
		assert_non_null(strstr(ran.out, "MSH0204 unknown-cluster (error)\n\n"
						"`...` is not a cluster of the inventory\n"));
	}
	fixture_teardown(&f);
}

static void test_explain_describes_kinds_and_fields(void **state)
{
	struct fixture f;
	struct ran ran;

	(void)state;
	fixture_setup(&f);
	ran = run(&f, "explain Fleet");
	assert_non_null(strstr(ran.out, "Fleet of meshc.dev/v1alpha1\n"));
	ran = run(&f, "explain fleet.spec");
	assert_non_null(strstr(ran.out, "  output  text, default rendered\n"));
	ran = run(&f, "explain Fleet.spec.output");
	assert_non_null(strstr(ran.out, "Fleet.spec.output: text, default rendered\n\n"));
	ran = run(&f, "explain TrafficPolicy.spec.destinationSelector[].kubeServiceRefs");
	assert_int_equal(ran.exit, EXIT_CLEAN);
	fixture_teardown(&f);
}

static void test_every_kind_can_be_described_down_to_its_last_field(void **state)
{
	struct fixture f;
	struct ran kinds;
	struct str rest;

	(void)state;
	fixture_setup(&f);
	kinds = run(&f, "schema --list");
	rest = str_of(kinds.out);
	while (rest.n) {
		uint32_t end = (uint32_t)str_find(rest, '\n');
		struct str kind = str_slice(rest, 0, end);
		struct ran schema = run(&f, str_format(f.mem, "schema --kind %.*s", STR(kind)).p);

		assert_int_equal(schema.exit, EXIT_CLEAN);
		assert_int_equal(schema.out[0], '{');
		assert_int_equal(run(&f, str_format(f.mem, "explain %.*s", STR(kind)).p).exit,
				 EXIT_CLEAN);
		rest = str_slice(rest, end + 1, rest.n);
	}
	fixture_teardown(&f);
}

static void test_version_is_said_in_both_formats(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_int_equal(strncmp(run(&f, "version").out, "meshc ", 6), 0);
	assert_string_equal(run(&f, "--version").out, run(&f, "version").out);

	struct node *root = fixture_node(&f, "version.json", run(&f, "version -o json").out);

	assert_true(node_is(node_get(root, S("schema")), S("meshc.dev/version/v1")));
	assert_non_null(node_get(node_get(root, S("libraries")), S("libyaml")));
	fixture_teardown(&f);
}

static void test_explanations_are_sorted_and_each_belongs_to_a_finding(void **state)
{
	enum code code;

	(void)state;
	for (uint32_t i = 0; i < n_catalogue; i++) {
		assert_true(diag_find(catalogue[i].number, &code));
		assert_true(i == 0 || catalogue[i - 1].number < catalogue[i].number);
		assert_ptr_equal(catalogue_find(catalogue[i].number), &catalogue[i]);
	}
	assert_null(catalogue_find(9999));
	assert_null(catalogue_find(0));
}

static void test_check_without_a_fleet_is_refused_by_the_environment(void **state)
{
	struct fixture f;
	struct ran ran;

	(void)state;
	fixture_setup(&f);
	ran = run(&f, "check -C /dev");
	assert_int_equal(ran.exit, EXIT_ENVIRONMENT);
	assert_string_equal(ran.out, "");
	assert_non_null(strstr(ran.err, "error[MSH0903]"));
	ran = run(&f, "check -C /dev -o json");
	assert_int_equal(ran.exit, EXIT_ENVIRONMENT);
	assert_string_equal(ran.err, "");
	assert_non_null(strstr(ran.out, "\"environment\""));
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_words_are_usage_errors_on_stderr),
		cmocka_unit_test(test_every_command_prints_its_help),
		cmocka_unit_test(
			test_formats_that_hold_only_findings_are_refused_where_there_are_none),
		cmocka_unit_test(test_help_names_the_formats_that_a_command_has),
		cmocka_unit_test(test_no_command_is_a_usage_error_and_help_is_not),
		cmocka_unit_test(test_explain_takes_a_finding_by_number_code_and_slug),
		cmocka_unit_test(test_explain_describes_kinds_and_fields),
		cmocka_unit_test(test_every_kind_can_be_described_down_to_its_last_field),
		cmocka_unit_test(test_version_is_said_in_both_formats),
		cmocka_unit_test(test_explanations_are_sorted_and_each_belongs_to_a_finding),
		cmocka_unit_test(test_check_without_a_fleet_is_refused_by_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
