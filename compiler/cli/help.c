/*
 * Help, printed from the rows of the tables.
 */
#include "base/base.h"
#include "cli/command.h"

static void put_usage(struct buf *out, const struct command *c)
{
	buf_format(out, "Usage: meshc %s", c->name);
	if (*c->words)
		buf_format(out, " %s", c->words);
	buf_lit(out, " [OPTIONS]\n");
}

/* "  -j, --jobs N" */
static struct str option_title(struct arena *mem, const struct option_row *row)
{
	struct buf b = buf_new(mem, 0);

	if (row->letter)
		buf_format(&b, "  -%c, --%s", row->letter, row->name);
	else
		buf_format(&b, "      --%s", row->name);
	if (row->value)
		buf_format(&b, " %s", row->value);
	return buf_view(&b);
}

static void put_row(struct buf *out, struct str title, uint32_t room, const char *help)
{
	buf_str(out, title);
	buf_fill(out, ' ', room > title.n ? room - title.n : 1);
	buf_format(out, "%s\n", help);
}

const char *help_option(struct arena *mem, const struct command *c, enum option option)
{
	const char *help = option_row(option)->help;
	struct str formats;

	if (option != OPTION_OUTPUT)
		return help;
	formats = report_format_names(mem, command_reports_findings(c));
	return str_format(mem, "%s%.*s", help, STR(formats)).p;
}

void help_command(struct buf *out, const struct command *c)
{
	put_usage(out, c);
	buf_format(out, "\n  %s\n\nOptions:\n", c->help);
	for (uint32_t i = 0; i < OPTION_MAX; i++)
		if (c->options >> i & 1)
			put_row(out, option_title(out->mem, option_row((enum option)i)), 26,
				help_option(out->mem, c, (enum option)i));
}

void help_overview(struct buf *out)
{
	buf_lit(out,
		"meshc compiles mesh declarations and an inventory of clusters into the manifests\n"
		"that each cluster needs. It talks to no cluster and to no network.\n\n"
		"Usage: meshc COMMAND [OPTIONS]\n\nCommands:\n");
	for (uint32_t i = 0; i < command_count(); i++)
		put_row(out, str_format(out->mem, "  %s", command_at(i)->name), 20,
			command_at(i)->help);
	buf_lit(out, "\nExit codes:\n");
	for (uint32_t i = 0; i < n_exit_rows; i++)
		buf_format(out, "  %-2d %s\n", exit_rows[i].exit, exit_rows[i].help);
	buf_lit(out, "\n`meshc COMMAND --help` lists the options of a command.\n");
}

enum exit_code cmd_help(struct invocation *in)
{
	const struct command *command;
	uint32_t used;

	if (in->n_words == 0) {
		help_overview(&in->out);
		return EXIT_CLEAN;
	}
	command = command_find(in->words, in->n_words, &used);
	if (!command)
		return command_complain(
			in, str_format(in->mem, "there is no help on `%s`", in->words[0]));
	help_command(&in->out, command);
	return EXIT_CLEAN;
}
