/*
 * Options as the user wrote them, read by one table. Which command takes which
 * option stands in commands.def.
 */
#pragma once

#include "base/buf.h"
#include "cli/exit.h"
#include "driver/scope.h"
#include "git/root.h"
#include "report/report.h"

enum option {
#define OPTION(constant, letter, name, value, take, help) OPTION_##constant,
#include "cli/options.def"
#undef OPTION
	OPTION_MAX
};

#define BIT(option) (UINT64_C(1) << OPTION_##option) /* in options.given */

struct option_row {
	char letter;       /* 0: none */
	const char *name;  /* without -- */
	const char *value; /* NULL: takes none */
	const char *help;
};

enum sandbox_mode { SANDBOX_AUTO, SANDBOX_REQUIRE, SANDBOX_OFF };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	const char *directory; /* never NULL */
	enum root_kind root_kind;
	const char *rev; /* ROOT_REVISION */
	const char *out_dir, *stubs, *kind, *target, *sign, *confirm, *source, *allowed_signers,
		*wave;                      /* NULL: not given */
	const char *base;                   /* NULL: not given */
	const char *output_name;            /* as written; a command may have formats of its own */
	const struct report_format *output; /* NULL: it is none of these */
	const struct report_format *dump_plan; /* NULL: not given */
	enum fail_on fail_on;
	enum color color;
	enum sandbox_mode sandbox;
	uint32_t jobs, max_errors;
	struct shard shard; /* count 0: not given */
	bool all, dry_run, no_push, allow_removals, allow_rewind, recompile, requirements, services,
		capabilities, list, markdown, verbose, timings, stat, exit_code, help, version;
	uint64_t given;     /* bit per option */
	const char **words; /* what is no option, in order */
	uint32_t n_words;
};

const struct option_row *option_row(enum option);

/*
 * arguments: without the program's name. Long options take their value after '='
 * or from the next argument, `--` ends options. false: what is wrong is in
 * `complaint`, one line without a line end.
 */
bool options_parse(struct arena *, const char *const *arguments, uint32_t n, struct options *out,
		   struct buf *complaint);
