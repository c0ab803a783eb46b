/*
 * The script for fish: a line per word and option, each with the condition under
 * which it is offered. `__meshc_at check` is true right after `check`,
 * `__meshc_in check` anywhere behind it.
 */
#include "base/base.h"
#include "cli/completion.h"

/* In single quotes fish knows two escapes. */
static void put_text(struct buf *out, const char *text)
{
	buf_char(out, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '\'' || *p == '\\')
			buf_char(out, '\\');
		buf_char(out, *p);
	}
	buf_char(out, '\'');
}

static void put_value_options(struct buf *out)
{
	for (uint32_t i = 0; i < OPTION_MAX; i++) {
		const struct option_row *row = option_row((enum option)i);

		if (!row->value)
			continue;
		if (row->letter)
			buf_format(out, " -%c", row->letter);
		buf_format(out, " --%s", row->name);
	}
}

/* -a 'auto always never' or the names of folders */
static void put_answer(struct buf *out, const struct value_set *set)
{
	if (set->all.n) {
		buf_lit(out, " -a '");
		completion_put_words(out, set);
		buf_char(out, '\'');
	} else if (set->folders) {
		buf_lit(out, " -a '(__fish_complete_directories)'");
	}
}

static void put_option(struct buf *out, const char *condition, const struct option_row *row)
{
	buf_format(out, "complete -c meshc -n '%s'", condition);
	if (row->letter)
		buf_format(out, " -s %c", row->letter);
	buf_format(out, " -l %s", row->name);
	if (row->value) {
		struct value_set set = value_set(out->mem, str_of(row->value));

		buf_lit(out, " -x");
		put_answer(out, &set);
	}
	buf_lit(out, " -d ");
	put_text(out, row->help);
	buf_char(out, '\n');
}

static void put_firsts(struct buf *out)
{
	struct value_set seen = { 0 };

	for (uint32_t i = 0; i < command_count(); i++) {
		struct str first = command_first(command_at(i));

		if (value_find(&seen, first) >= 0)
			continue;
		vec_add(out->mem, &seen.all, first);
		buf_format(out, "complete -c meshc -n __meshc_at -a %.*s -d ", STR(first));
		put_text(out, command_at(i)->help);
		buf_char(out, '\n');
	}
}

/* After `before` (empty or "help "): the second words of commands that have two. */
static void put_seconds(struct buf *out, const char *before)
{
	for (uint32_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);

		if (!command_second(c).n)
			continue;
		buf_format(out, "complete -c meshc -n '__meshc_at %s%.*s' -a %.*s -d ", before,
			   STR(command_first(c)), STR(command_second(c)));
		put_text(out, c->help);
		buf_char(out, '\n');
	}
}

static void put_command(struct buf *out, const struct command *c)
{
	struct value_set set = value_set_of_words(out->mem, c->words);
	const char *behind = str_format(out->mem, "__meshc_in %s", c->name).p;

	if (set.all.n || set.folders) {
		buf_format(out, "complete -c meshc -n '__meshc_at %s'", c->name);
		put_answer(out, &set);
		buf_char(out, '\n');
	}
	if (completion_takes_command(c))
		put_seconds(out, str_format(out->mem, "%s ", c->name).p);
	for (uint32_t i = 0; i < OPTION_MAX; i++)
		if (c->options >> i & 1)
			put_option(out, behind, option_row((enum option)i));
}

void completion_fish(struct buf *out)
{
	buf_lit(out, "# Completion of meshc in fish, made by `meshc completion fish`.\n"
		     "\n"
		     "# The words before the cursor that are no options nor their values.\n"
		     "function __meshc_words\n"
		     "    set -l skip no\n"
		     "    for word in (commandline -opc)[2..-1]\n"
		     "        if test $skip = yes\n"
		     "            set skip no\n"
		     "        else if contains -- $word");
	put_value_options(out);
	buf_lit(out, "\n"
		     "            set skip yes\n"
		     "        else if not string match -q -- '-*' $word\n"
		     "            echo $word\n"
		     "        end\n"
		     "    end\n"
		     "end\n"
		     "\n"
		     "function __meshc_at\n"
		     "    set -l words (__meshc_words)\n"
		     "    test \"$words\" = \"$argv\"\n"
		     "end\n"
		     "\n"
		     "function __meshc_in\n"
		     "    set -l words (__meshc_words)\n"
		     "    string match -q -- \"$argv *\" \"$words \"\n"
		     "end\n"
		     "\n"
		     "complete -c meshc -f\n");
	put_option(out, "__meshc_at", option_row(OPTION_HELP));
	put_option(out, "__meshc_at", option_row(OPTION_VERSION));
	put_option(out, "__meshc_at", option_row(OPTION_DIRECTORY));
	put_firsts(out);
	put_seconds(out, "");
	for (uint32_t i = 0; i < command_count(); i++)
		put_command(out, command_at(i));
}
