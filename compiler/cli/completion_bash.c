/*
 * The script for bash. It reads the words before the cursor, then answers from
 * `case` lists that are printed from the tables:
 *
 *	meshc -C ../fleet inventory l|  ->  words=(inventory), choices='list'
 *	meshc check --color=|           ->  option=--color, choices='auto always never'
 */
#include "base/base.h"
#include "cli/completion.h"

/* -C | --directory */
static void put_option(struct buf *out, const struct option_row *row)
{
	if (row->letter)
		buf_format(out, "-%c | ", row->letter);
	buf_format(out, "--%s", row->name);
}

static void put_value_options(struct buf *out)
{
	const char *before = "";

	for (uint32_t i = 0; i < OPTION_MAX; i++) {
		const struct option_row *row = option_row((enum option)i);

		if (!row->value)
			continue;
		buf_format(out, "%s", before);
		put_option(out, row);
		before = " | ";
	}
}

/* choices='auto always never' or folders=yes, and the end of the case. */
static void put_answer(struct buf *out, const struct value_set *set)
{
	if (set->all.n) {
		buf_lit(out, " choices='");
		completion_put_words(out, set);
		buf_char(out, '\'');
	}
	if (set->folders)
		buf_lit(out, " folders=yes");
	buf_lit(out, " ;;\n");
}

static void put_values(struct buf *out)
{
	for (uint32_t i = 0; i < OPTION_MAX; i++) {
		const struct option_row *row = option_row((enum option)i);
		struct value_set set = { 0 };

		if (row->value)
			set = value_set(out->mem, str_of(row->value));
		if (!set.all.n && !set.folders)
			continue;
		buf_lit(out, "\t\t");
		put_option(out, row);
		buf_char(out, ')');
		put_answer(out, &set);
	}
}

static void put_options(struct buf *out)
{
	buf_format(out, "\t\t' ') choices='--%s --%s' ;;\n", option_row(OPTION_HELP)->name,
		   option_row(OPTION_VERSION)->name);
	for (uint32_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);
		const char *before = "";

		buf_format(out, "\t\t'%s '*) choices='", c->name);
		for (uint32_t k = 0; k < OPTION_MAX; k++) {
			if (!(c->options >> k & 1))
				continue;
			buf_format(out, "%s--%s", before, option_row((enum option)k)->name);
			before = " ";
		}
		buf_lit(out, "' ;;\n");
	}
}

/* After `before` (empty or "help "): the second words of commands that have two. */
static void put_seconds(struct buf *out, const char *before)
{
	struct value_set firsts = value_set(out->mem, S("COMMAND"));

	for (uint32_t i = 0; i < firsts.all.n; i++) {
		struct str first = firsts.all.at[i];
		struct value_set seconds = completion_seconds(out->mem, first);

		if (!seconds.all.n)
			continue;
		buf_format(out, "\t\t'%s%.*s ')", before, STR(first));
		put_answer(out, &seconds);
	}
}

static void put_words(struct buf *out)
{
	struct value_set firsts = value_set(out->mem, S("COMMAND"));

	buf_lit(out, "\t\t' ')");
	put_answer(out, &firsts);
	put_seconds(out, "");
	for (uint32_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);
		struct value_set set = value_set_of_words(out->mem, c->words);

		if (!set.all.n && !set.folders)
			continue;
		buf_format(out, "\t\t'%s ')", c->name);
		put_answer(out, &set);
		if (completion_takes_command(c))
			put_seconds(out, str_format(out->mem, "%s ", c->name).p);
	}
}

void completion_bash(struct buf *out)
{
	buf_lit(out, "# Completion of meshc in bash, made by `meshc completion bash`.\n"
		     "_meshc()\n"
		     "{\n"
		     "\tlocal IFS=$' \\t\\n'\n"
		     "\tlocal current=${COMP_WORDS[COMP_CWORD]} option= word choices= folders=\n"
		     "\tlocal -a words=()\n"
		     "\n"
		     "\t# What stands before the cursor: words, and an option that still wants its "
		     "value.\n"
		     "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		     "\t\tif [[ $option ]]; then\n"
		     "\t\t\t[[ $word == = ]] || option=\n"
		     "\t\t\tcontinue\n"
		     "\t\tfi\n"
		     "\t\tcase $word in\n"
		     "\t\t");
	put_value_options(out);
	buf_lit(out, ") option=$word ;;\n"
		     "\t\t-*) ;;\n"
		     "\t\t*) words+=(\"$word\") ;;\n"
		     "\t\tesac\n"
		     "\tdone\n"
		     "\t[[ $current != = ]] || current=\n"
		     "\n"
		     "\tif [[ $option ]]; then\n"
		     "\t\tcase $option in\n");
	put_values(out);
	buf_lit(out, "\t\tesac\n"
		     "\telif [[ $current == -* ]]; then\n"
		     "\t\tcase \"${words[*]} \" in\n");
	put_options(out);
	buf_lit(out, "\t\tesac\n"
		     "\telse\n"
		     "\t\tcase \"${words[*]} \" in\n");
	put_words(out);
	buf_lit(out, "\t\tesac\n"
		     "\tfi\n"
		     "\n"
		     "\tif [[ $folders ]]; then\n"
		     "\t\tcompopt -o filenames 2>/dev/null\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
		     "\telse\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$current\")\n"
		     "\tfi\n"
		     "}\n"
		     "complete -F _meshc meshc\n");
}
