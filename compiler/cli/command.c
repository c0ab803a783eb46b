/*
 * From the words of a command line to the command that runs.
 */
#include "base/base.h"
#include "cli/command.h"

#include "source/render.h"

#define TAKES_SOURCE                                                                               \
	(BIT(DIRECTORY) | BIT(REV) | BIT(STAGED) | BIT(WORKTREE) | BIT(JOBS) | BIT(COLOR) |        \
	 BIT(MAX_ERRORS) | BIT(ALL))
#define TAKES_SANDBOX (BIT(SANDBOX) | BIT(VERBOSE))
#define TAKES_VERDICT BIT(FAIL_ON)

static const struct command commands[] = {
#define COMMAND(handler, name, least, most, words, options, help)                                  \
	{ name, cmd_##handler, least, most, words, (options) | BIT(HELP), help },
#include "cli/commands.def"
#undef COMMAND
};

_Static_assert(countof(commands) <= COMMANDS_MAX, "room for all commands");

uint32_t command_count(void)
{
	return countof(commands);
}

const struct command *command_at(uint32_t i)
{
	return &commands[i];
}

/* What takes a level at which to fail has findings as its answer. */
bool command_reports_findings(const struct command *c)
{
	return c->options & TAKES_VERDICT;
}

struct str command_first(const struct command *c)
{
	struct str name = str_of(c->name);
	int64_t space = str_find(name, ' ');

	return space < 0 ? name : str_slice(name, 0, (uint32_t)space);
}

struct str command_second(const struct command *c)
{
	return str_slice(str_of(c->name), command_first(c).n + 1, UINT32_MAX);
}

/* "inventory list" is named by the words inventory and list. 0: not named. */
static uint32_t words_named(const char *name, const char *const *words, uint32_t n)
{
	struct str rest = str_of(name);

	for (uint32_t used = 0; used < n; used++) {
		int64_t space = str_find(rest, ' ');
		uint32_t end = space < 0 ? rest.n : (uint32_t)space;

		if (!str_eq(str_slice(rest, 0, end), str_of(words[used])))
			return 0;
		if (space < 0)
			return used + 1;
		rest = str_slice(rest, end + 1, rest.n);
	}
	return 0;
}

const struct command *command_find(const char *const *words, uint32_t n, uint32_t *used)
{
	for (uint32_t i = 0; i < countof(commands); i++) {
		*used = words_named(commands[i].name, words, n);
		if (*used)
			return &commands[i];
	}
	return NULL;
}

enum exit_code command_complain(struct invocation *in, struct str what)
{
	buf_lit(&in->err, "meshc: ");
	render_escaped(&in->err, what);
	buf_char(&in->err, '\n');
	if (in->command)
		buf_format(&in->err, "`meshc %s --help` says more\n", in->command->name);
	else
		buf_lit(&in->err, "`meshc help` lists the commands\n");
	return EXIT_USAGE;
}

enum exit_code command_complain_format(struct invocation *in, const char *what)
{
	return command_complain(in, str_format(in->mem, "`meshc %s` has no output format `%s`",
					       what, in->options.output->name));
}

static enum exit_code complain_unknown(struct invocation *in)
{
	struct str names[COMMANDS_MAX];
	struct str typed = str_of(in->options.words[0]);
	struct str closest;
	struct buf b = buf_new(in->mem, 0);

	/* `inventory` alone: the second word is what is missing or wrong. */
	if (in->options.n_words > 1)
		typed = str_format(in->mem, "%s %s", in->options.words[0], in->options.words[1]);
	for (uint32_t i = 0; i < countof(commands); i++) {
		names[i] = str_of(commands[i].name);
		if (str_starts(names[i], str_format(in->mem, "%s ", in->options.words[0]))) {
			buf_format(&b, "`%.*s` is not a command; there is `%s`", STR(typed),
				   commands[i].name);
			return command_complain(in, buf_view(&b));
		}
	}
	closest = str_nearest(str_of(in->options.words[0]), names, countof(commands));
	if (!closest.n)
		closest = str_nearest(typed, names, countof(commands));
	buf_format(&b, "`%s` is not a command", in->options.words[0]);
	if (closest.n)
		buf_format(&b, "; closest name: `%.*s`", STR(closest));
	return command_complain(in, buf_view(&b));
}

static enum exit_code complain_option(struct invocation *in, uint64_t unwanted)
{
	uint32_t first = 0;

	while (!(unwanted >> first & 1))
		first++;
	return command_complain(in,
				str_format(in->mem, "`meshc %s` takes no `--%s`", in->command->name,
					   option_row((enum option)first)->name));
}

static enum exit_code complain_words(struct invocation *in)
{
	const struct command *c = in->command;

	if (in->n_words < c->least)
		return command_complain(
			in, str_format(in->mem, "`meshc %s` needs %s", c->name, c->words));
	return command_complain(in,
				str_format(in->mem, "`meshc %s` does not know what to do with `%s`",
					   c->name, in->words[c->most]));
}

static enum exit_code run_named(struct invocation *in)
{
	uint64_t unwanted = in->options.given & ~in->command->options;

	if (in->options.help) {
		help_command(&in->out, in->command);
		return EXIT_CLEAN;
	}
	if (unwanted)
		return complain_option(in, unwanted);
	if (!in->options.output && in->command->run != cmd_diff)
		return command_complain(in, str_format(in->mem, "`meshc %s` takes no `--output %s`",
						       in->command->name, in->options.output_name));
	if (in->options.output && in->options.output->findings_only &&
	    !command_reports_findings(in->command))
		return command_complain_format(in, in->command->name);
	if (in->n_words < in->command->least || in->n_words > in->command->most)
		return complain_words(in);
	in->color_out = in->options.color == COLOR_ALWAYS ||
			(in->options.color == COLOR_AUTO && in->color_out);
	in->color_err = in->options.color == COLOR_ALWAYS ||
			(in->options.color == COLOR_AUTO && in->color_err);
	return in->command->run(in);
}

/* `meshc`, `meshc --help`, `meshc --version`, as every program has them. */
static enum exit_code run_nameless(struct invocation *in)
{
	static const char *const version = "version";
	uint32_t used;

	if (in->options.version) {
		in->options.given &= ~BIT(VERSION);
		in->command = command_find(&version, 1, &used);
		return run_named(in);
	}
	help_overview(in->options.help ? &in->out : &in->err);
	return in->options.help ? EXIT_CLEAN : EXIT_USAGE;
}

enum exit_code command_run(struct invocation *in, const char *const *arguments, uint32_t n)
{
	struct buf complaint = buf_new(in->mem, 0);
	uint32_t used = 0;

	in->out = buf_new(in->mem, 0);
	in->err = buf_new(in->mem, 0);
	if (!options_parse(in->mem, arguments, n, &in->options, &complaint))
		return command_complain(in, buf_view(&complaint));
	if (in->options.n_words == 0)
		return run_nameless(in);
	in->command = command_find(in->options.words, in->options.n_words, &used);
	if (!in->command)
		return complain_unknown(in);
	in->words = in->options.words + used;
	in->n_words = in->options.n_words - used;
	return run_named(in);
}
