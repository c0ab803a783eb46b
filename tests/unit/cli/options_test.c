/* The command line, option by option. */
#include "support/fixture.h"

#include "cli/options.h"

struct parse_case {
	const char *name;
	const char *arguments[6];
	const char *complaint; /* NULL: it is sound */
};

/* clang-format off */
static const struct parse_case refused[] = {
	{ "unknown long",        { "--colour=auto" },       "`--colour` is not an option; closest name: `--color`" },
	{ "unknown far",         { "--frobnicate" },        "`--frobnicate` is not an option" },
	{ "unknown short",       { "-x" },                  "`-x` is not an option" },
	{ "letters together",    { "-vh" },                 "`-vh` is not an option" },
	{ "value missing",       { "check", "--out-dir" },  "`--out-dir` needs a value: DIR" },
	{ "short value missing", { "-j" },                  "`--jobs` needs a value: N" },
	{ "value unwanted",      { "--all=yes" },           "`--all` takes no value" },
	{ "no number",           { "-j", "two" },           "`two` is not a number of threads from 1 to 64" },
	{ "negative",            { "-j", "-1" },            "`-1` is not a number of threads from 1 to 64" },
	{ "no threads",          { "-j0" },                 "`0` is not a number of threads from 1 to 64" },
	{ "no part",             { "--shard=3/2" },         "`3/2` is not a part of all, such as 1/4" },
	{ "part zero",           { "--shard", "0/2" },      "`0/2` is not a part of all, such as 1/4" },
	{ "part of what",        { "--shard", "1" },        "`1` is not a part of all, such as 1/4" },
	{ "two sources",         { "--staged", "--rev=x" }, "of `--rev`, `--staged` and `--worktree` only one can be given" },
	{ "too many threads",    { "-j65" },                "`65` is not a number of threads from 1 to 64" },
	{ "huge number",         { "--max-errors=99999999999999999999" }, "`99999999999999999999` is not a number" },
	{ "empty number",        { "--max-errors=" },       "`` is not a number" },
	{ "unknown form",        { "--dump-plan=yaml" },    "`yaml` is not a format of the plan: json or text" },
	{ "no folder for stubs", { "--stubs=" },             "`` is not a folder" },
	{ "no form",             { "--dump-plan" },         "`--dump-plan` needs a value: FORM" },
	{ "unknown level",       { "--fail-on=info" },      "`info` is not one of error, warning and never" },
	{ "unknown colour",      { "--color=red" },         "`red` is not one of auto, always and never" },
	{ "empty folder",        { "--out-dir=" },          "`` is not a folder" },
};
/* clang-format on */

static uint32_t count(const char *const *arguments)
{
	uint32_t n = 0;

	while (n < 6 && arguments[n])
		n++;
	return n;
}

static struct options parse(struct fixture *f, const char *const *arguments, struct buf *complaint)
{
	struct options o;

	*complaint = buf_new(f->mem, 0);
	if (!options_parse(f->mem, arguments, count(arguments), &o, complaint))
		assert_true(complaint->n > 0);
	else
		assert_int_equal(complaint->n, 0);
	return o;
}

static void test_parse_says_what_is_wrong_with_an_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(refused); i++) {
		struct fixture f;
		struct buf complaint;

		fixture_setup(&f);
		parse(&f, refused[i].arguments, &complaint);
		if (!str_eq(buf_view(&complaint), str_of(refused[i].complaint)))
			fail_msg("%s: got %.*s", refused[i].name, STR(buf_view(&complaint)));
		fixture_teardown(&f);
	}
}

static void test_an_unknown_format_is_told_every_format(void **state)
{
	static const char *const arguments[6] = { "-o", "yaml" };
	struct fixture f;
	struct buf complaint;

	(void)state;
	fixture_setup(&f);
	parse(&f, arguments, &complaint);
	assert_true(str_starts(buf_view(&complaint),
			       S("`yaml` is not an output format: text, json, ")));
	for (const struct report_format *row = report_formats; row->name; row++)
		assert_non_null(strstr(str_z(f.mem, buf_view(&complaint)), row->name));
	fixture_teardown(&f);
}

static void test_parse_takes_values_joined_or_apart_before_or_after_the_command(void **state)
{
	static const char *const lines[][6] = {
		{ "-C", "a", "check", "-j", "4", NULL },
		{ "-Ca", "-j4", "check", NULL },
		{ "check", "--directory=a", "--jobs", "4", NULL },
		{ "--directory", "a", "--jobs=4", "check", NULL },
	};

	(void)state;
	for (size_t i = 0; i < countof(lines); i++) {
		struct fixture f;
		struct buf complaint;
		struct options o;

		fixture_setup(&f);
		o = parse(&f, lines[i], &complaint);
		assert_string_equal(o.directory, "a");
		assert_int_equal(o.jobs, 4);
		assert_int_equal(o.n_words, 1);
		assert_string_equal(o.words[0], "check");
		assert_int_equal(o.given, UINT64_C(1) << OPTION_DIRECTORY | UINT64_C(1)
										    << OPTION_JOBS);
		fixture_teardown(&f);
	}
}

static void test_two_dashes_end_the_options_and_one_dash_is_a_word(void **state)
{
	static const char *const line[6] = { "explain", "-", "--", "--all", NULL };
	struct fixture f;
	struct buf complaint;
	struct options o;

	(void)state;
	fixture_setup(&f);
	o = parse(&f, line, &complaint);
	assert_int_equal(o.n_words, 3);
	assert_string_equal(o.words[1], "-");
	assert_string_equal(o.words[2], "--all");
	assert_false(o.all);
	fixture_teardown(&f);
}

static void test_defaults_are_those_of_the_help(void **state)
{
	static const char *const line[6] = { "check", NULL };
	struct fixture f;
	struct buf complaint;
	struct options o;

	(void)state;
	fixture_setup(&f);
	o = parse(&f, line, &complaint);
	assert_string_equal(o.directory, ".");
	assert_string_equal(o.output->name, "text");
	assert_int_equal(o.max_errors, 50);
	assert_int_equal(o.jobs, 0);
	assert_int_equal(o.fail_on, FAIL_ON_ERROR);
	assert_int_equal(o.color, COLOR_AUTO);
	assert_null(o.out_dir);
	fixture_teardown(&f);
}

static void test_every_option_has_its_own_name_letter_and_help(void **state)
{
	(void)state;
	for (enum option a = 0; a < OPTION_MAX; a++) {
		assert_true(*option_row(a)->help);
		for (enum option b = a + 1; b < OPTION_MAX; b++) {
			assert_string_not_equal(option_row(a)->name, option_row(b)->name);
			assert_true(!option_row(a)->letter ||
				    option_row(a)->letter != option_row(b)->letter);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_unknown_format_is_told_every_format),
		cmocka_unit_test(test_parse_says_what_is_wrong_with_an_option),
		cmocka_unit_test(
			test_parse_takes_values_joined_or_apart_before_or_after_the_command),
		cmocka_unit_test(test_two_dashes_end_the_options_and_one_dash_is_a_word),
		cmocka_unit_test(test_defaults_are_those_of_the_help),
		cmocka_unit_test(test_every_option_has_its_own_name_letter_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
