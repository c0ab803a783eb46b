/* From findings to exit codes. */
#include "support/fixture.h"

#include "cli/exit.h"

struct exit_case {
	const char *name;
	enum code codes[3];
	uint32_t n;
	enum fail_on fail_on;
	enum exit_code check, build;
};

/* clang-format off */
static const struct exit_case cases[] = {
	{ "nothing",                  { 0 },                                            0, FAIL_ON_ERROR,   EXIT_CLEAN,       EXIT_CLEAN },
	{ "an error",                 { CODE_missing_kind },                            1, FAIL_ON_ERROR,   EXIT_ANSWER_NO,   EXIT_NO_RESULT },
	{ "an error, never",          { CODE_missing_kind },                            1, FAIL_ON_NEVER,   EXIT_CLEAN,       EXIT_NO_RESULT },
	{ "a warning",                { CODE_empty_policy },                            1, FAIL_ON_ERROR,   EXIT_CLEAN,       EXIT_CLEAN },
	{ "a warning, strict",        { CODE_empty_policy },                            1, FAIL_ON_WARNING, EXIT_ANSWER_NO,   EXIT_NO_RESULT },
	{ "a note, strict",           { CODE_skipped_objects },                         1, FAIL_ON_WARNING, EXIT_CLEAN,       EXIT_CLEAN },
	{ "a link in the source",     { CODE_link },                                    1, FAIL_ON_ERROR,   EXIT_ANSWER_NO,   EXIT_NO_RESULT },
	{ "no fleet",                 { CODE_no_fleet },                                1, FAIL_ON_ERROR,   EXIT_ENVIRONMENT, EXIT_ENVIRONMENT },
	{ "no fleet, never",          { CODE_no_fleet },                                1, FAIL_ON_NEVER,   EXIT_ENVIRONMENT, EXIT_ENVIRONMENT },
	{ "a file of somebody else",  { CODE_not_owned },                               1, FAIL_ON_ERROR,   EXIT_GUARD,       EXIT_GUARD },
	{ "the world beats a guard",  { CODE_cannot_write, CODE_not_owned, CODE_link }, 3, FAIL_ON_ERROR,   EXIT_ENVIRONMENT, EXIT_ENVIRONMENT },
};
/* clang-format on */

static void test_exit_code_follows_from_findings_and_what_was_asked(void **state)
{
	static const struct str arguments[4] = { { "a", 1 }, { "b", 1 }, { "c", 1 }, { "d", 1 } };

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct fixture f;

		fixture_setup(&f);
		for (uint32_t k = 0; k < cases[i].n; k++)
			diag_report(&f.diags, cases[i].codes[k], (struct span){ 0 }, arguments);
		if (exit_of(&f.diags, cases[i].fail_on, false) != cases[i].check ||
		    exit_of(&f.diags, cases[i].fail_on, true) != cases[i].build)
			fail_msg("%s: check %d, build %d", cases[i].name,
				 exit_of(&f.diags, cases[i].fail_on, false),
				 exit_of(&f.diags, cases[i].fail_on, true));
		fixture_teardown(&f);
	}
}

static void test_every_exit_code_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(exit_word(EXIT_CLEAN), "clean");
	assert_string_equal(exit_word(EXIT_ANSWER_NO), "findings");
	assert_string_equal(exit_word(EXIT_NO_RESULT), "does-not-compile");
	assert_string_equal(exit_word(EXIT_GUARD), "guard");
	assert_string_equal(exit_word(EXIT_ENVIRONMENT), "environment");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit_code_follows_from_findings_and_what_was_asked),
		cmocka_unit_test(test_every_exit_code_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
