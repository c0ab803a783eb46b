/*
 * From findings to an exit code. Most findings are about the declarations; the
 * few about the world or a guard stand in a table.
 */
#include "base/base.h"
#include "cli/exit.h"

/* clang-format off */
static const uint8_t code_exits[CODE_MAX] = {
	[CODE_cannot_read]     = EXIT_ENVIRONMENT,
	[CODE_cannot_write]    = EXIT_ENVIRONMENT,
	[CODE_no_fleet]        = EXIT_ENVIRONMENT,
	[CODE_file_too_large]  = EXIT_ENVIRONMENT,
	[CODE_too_many_files]  = EXIT_ENVIRONMENT,
	[CODE_total_too_large] = EXIT_ENVIRONMENT,
	[CODE_index_damaged]   = EXIT_ENVIRONMENT,
	[CODE_no_repository]         = EXIT_ENVIRONMENT,
	[CODE_repository_unreadable] = EXIT_ENVIRONMENT,
	[CODE_object_missing]        = EXIT_ENVIRONMENT,
	[CODE_unknown_commit]      = EXIT_USAGE,
	[CODE_stubs_in_the_way] = EXIT_USAGE,
	[CODE_not_owned]       = EXIT_GUARD,
	[CODE_remote_refused]  = EXIT_ENVIRONMENT,
	[CODE_cannot_sign]     = EXIT_ENVIRONMENT,
	[CODE_sandbox_unavailable] = EXIT_ENVIRONMENT,
	[CODE_too_many_removed]   = EXIT_GUARD,
	[CODE_too_many_clusters]  = EXIT_GUARD,
	[CODE_cluster_emptied]    = EXIT_GUARD,
	[CODE_cluster_gone]       = EXIT_GUARD,
	[CODE_protected_kind]     = EXIT_GUARD,
	[CODE_rewind]             = EXIT_GUARD,
	[CODE_branch_checked_out] = EXIT_GUARD,
	[CODE_no_branch]          = EXIT_USAGE,
	[CODE_unknown_target]     = EXIT_USAGE,
	[CODE_unknown_wave] = EXIT_USAGE,
	[CODE_wave_held] = EXIT_GUARD,
	[CODE_moved_again]        = EXIT_RETRY,
};
/* clang-format on */

/* clang-format off */
const struct exit_row exit_rows[] = {
	{ EXIT_CLEAN,       "clean",            "clean" },
	{ EXIT_ANSWER_NO,   "findings",         "the answer is no: `check` has findings" },
	{ EXIT_USAGE,       "usage",            "the command line is wrong, or names no commit" },
	{ EXIT_NO_RESULT,   "does-not-compile", "the sources do not compile, and a result was asked for" },
	{ EXIT_RETRY,       "retry",            "try again: somebody else moved the branch each time" },
	{ EXIT_GUARD,       "guard",            "a guard refused: a file that meshc did not write, or what needs a word from a person" },
	{ EXIT_ENVIRONMENT, "environment",      "the environment refused: no meshc.yaml, files, disk, limits" },
	{ EXIT_BUG,         "bug",              "a bug of meshc" },
};
/* clang-format on */

const uint32_t n_exit_rows = countof(exit_rows);

static enum exit_code worst(const struct diags *d)
{
	enum exit_code exit = EXIT_CLEAN;

	for (uint32_t i = 0; i < d->all.n; i++) {
		enum exit_code one = (enum exit_code)code_exits[d->all.at[i]->code];

		exit = one > exit ? one : exit;
	}
	return exit;
}

enum exit_code exit_of(const struct diags *d, enum fail_on fail_on, bool wants_result)
{
	enum exit_code world = worst(d);

	if (world)
		return world;
	if (d->errors && wants_result)
		return EXIT_NO_RESULT;
	if (fail_on == FAIL_ON_NEVER)
		return EXIT_CLEAN;
	if (d->errors || (fail_on == FAIL_ON_WARNING && d->warnings))
		return wants_result ? EXIT_NO_RESULT : EXIT_ANSWER_NO;
	return EXIT_CLEAN;
}

const char *exit_word(enum exit_code exit)
{
	for (uint32_t i = 0; i < n_exit_rows; i++)
		if (exit_rows[i].exit == exit)
			return exit_rows[i].word;
	BUG("exit code %d", exit);
}
