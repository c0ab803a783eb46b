/*
 * The script for zsh: a function per command with the arguments that it takes,
 * and one that finds the command. Works from a folder of $fpath and sourced.
 *
 *	'--color[auto (default), always or never]:WHEN:(auto always never)'
 */
#include "base/base.h"
#include "cli/completion.h"

/* In single quotes, within [ ] of an argument or after the colon of a description. */
static void put_text(struct buf *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			buf_lit(out, "'\\''");
		else if (*p == '[' || *p == ']')
			buf_format(out, "\\%c", *p);
		else
			buf_char(out, *p);
	}
}

/* ":WHEN:(auto always never)", ":DIR:_files -/", ":N: " */
static void put_action(struct buf *out, const char *name, const struct value_set *set)
{
	buf_char(out, ':');
	put_text(out, name);
	buf_char(out, ':');
	if (set->all.n) {
		buf_char(out, '(');
		completion_put_words(out, set);
		buf_char(out, ')');
	} else if (set->folders) {
		buf_lit(out, "_files -/");
	} else {
		buf_char(out, ' ');
	}
}

static void put_option(struct buf *out, const struct option_row *row)
{
	buf_lit(out, " \\\n\t\t");
	if (row->letter)
		buf_format(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", row->letter, row->name, row->letter,
			   row->value ? "+" : "", row->name, row->value ? "=" : "");
	else
		buf_format(out, "'--%s%s[", row->name, row->value ? "=" : "");
	put_text(out, row->help);
	buf_char(out, ']');
	if (row->value) {
		struct value_set set = value_set(out->mem, str_of(row->value));

		put_action(out, row->value, &set);
	}
	buf_char(out, '\'');
}

/* The second words of all commands: which first one it is does not matter to so few. */
static void put_second_of_command(struct buf *out)
{
	struct value_set seconds = { 0 };

	for (uint32_t i = 0; i < command_count(); i++)
		if (command_second(command_at(i)).n)
			vec_add(out->mem, &seconds.all, command_second(command_at(i)));
	buf_lit(out, " \\\n\t\t'2:");
	put_action(out, "COMMAND", &seconds);
	buf_char(out, '\'');
}

/* "_meshc_inventory_list" */
static void put_function_name(struct buf *out, const struct command *c)
{
	buf_lit(out, "_meshc_");
	for (const char *p = c->name; *p; p++)
		buf_char(out, *p == ' ' ? '_' : *p);
}

static void put_function(struct buf *out, const struct command *c)
{
	struct value_set set = value_set_of_words(out->mem, c->words);

	put_function_name(out, c);
	buf_lit(out, "() {\n\t_arguments -s");
	for (uint32_t i = 0; i < OPTION_MAX; i++)
		if (c->options >> i & 1)
			put_option(out, option_row((enum option)i));
	if (set.all.n || set.folders) {
		buf_lit(out, " \\\n\t\t'1");
		put_action(out, "word", &set);
		buf_char(out, '\'');
	}
	if (completion_takes_command(c))
		put_second_of_command(out);
	buf_lit(out, "\n}\n\n");
}

/* 'check:compile in memory and say what is wrong'; of commands of two words the first, once. */
static void put_descriptions(struct buf *out)
{
	struct value_set seen = { 0 };

	for (uint32_t i = 0; i < command_count(); i++) {
		struct str first = command_first(command_at(i));

		if (value_find(&seen, first) >= 0)
			continue;
		vec_add(out->mem, &seen.all, first);
		buf_format(out, "\t\t'%.*s:", STR(first));
		put_text(out, command_at(i)->help);
		buf_lit(out, "'\n");
	}
}

static void put_group(struct buf *out, struct str first, const struct value_set *seconds)
{
	buf_format(out,
		   "\t%.*s)\n"
		   "\t\tif (( CURRENT == 2 )); then\n"
		   "\t\t\tcompadd ",
		   STR(first));
	completion_put_words(out, seconds);
	buf_lit(out, "\n"
		     "\t\t\treturn\n"
		     "\t\tfi\n"
		     "\t\tshift words\n"
		     "\t\t(( CURRENT-- ))\n"
		     "\t\tcase $words[1] in\n");
	for (uint32_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);

		if (!command_second(c).n || !str_eq(command_first(c), first))
			continue;
		buf_format(out, "\t\t%.*s) ", STR(command_second(c)));
		put_function_name(out, c);
		buf_lit(out, " ;;\n");
	}
	buf_lit(out, "\t\tesac ;;\n");
}

static void put_dispatch(struct buf *out)
{
	struct value_set firsts = value_set(out->mem, S("COMMAND"));

	for (uint32_t i = 0; i < firsts.all.n; i++) {
		struct str first = firsts.all.at[i];
		struct value_set seconds = completion_seconds(out->mem, first);

		if (seconds.all.n)
			put_group(out, first, &seconds);
		else
			buf_format(out, "\t%.*s) _meshc_%.*s ;;\n", STR(first), STR(first));
	}
}

void completion_zsh(struct buf *out)
{
	buf_lit(out, "#compdef meshc\n"
		     "# Completion of meshc in zsh, made by `meshc completion zsh`.\n\n");
	for (uint32_t i = 0; i < command_count(); i++)
		put_function(out, command_at(i));
	buf_lit(out, "_meshc() {\n"
		     "\tlocal curcontext=$curcontext state line ret=1\n"
		     "\ttypeset -A opt_args\n"
		     "\tlocal -a commands=(\n");
	put_descriptions(out);
	buf_lit(out, "\t)\n\n\t_arguments -C");
	put_option(out, option_row(OPTION_DIRECTORY));
	put_option(out, option_row(OPTION_HELP));
	put_option(out, option_row(OPTION_VERSION));
	buf_lit(out, " \\\n\t\t'1:command:->command' \\\n\t\t'*::word:->words' && ret=0\n"
		     "\tif [[ $state == command ]]; then\n"
		     "\t\t_describe -t commands command commands\n"
		     "\t\treturn\n"
		     "\tfi\n"
		     "\t[[ $state == words ]] || return ret\n"
		     "\tcase $words[1] in\n");
	put_dispatch(out);
	buf_lit(out, "\tesac\n"
		     "}\n\n"
		     "if [[ $funcstack[1] == _meshc ]]; then\n"
		     "\t_meshc \"$@\"\n"
		     "elif (( $+functions[compdef] )); then\n"
		     "\tcompdef _meshc meshc\n"
		     "fi\n");
}
