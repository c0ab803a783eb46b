/*
 * completion: a script for a shell, from the tables.
 */
#include "base/base.h"
#include "cli/completion.h"

struct shell {
	const char *name;
	void (*write)(struct buf *);
};

static const struct shell shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

bool completion_takes_command(const struct command *c)
{
	return strcmp(c->words, "[COMMAND]") == 0;
}

struct value_set completion_seconds(struct arena *mem, struct str first)
{
	struct value_set out = { 0 };

	for (uint32_t i = 0; i < command_count(); i++) {
		struct str second = command_second(command_at(i));

		if (second.n && str_eq(command_first(command_at(i)), first))
			vec_add(mem, &out.all, second);
	}
	return out;
}

void completion_put_words(struct buf *out, const struct value_set *set)
{
	for (uint32_t i = 0; i < set->all.n; i++) {
		if (i)
			buf_char(out, ' ');
		buf_str(out, set->all.at[i]);
	}
}

enum exit_code cmd_completion(struct invocation *in)
{
	struct value_set set = value_set_of_words(in->mem, in->command->words);
	struct str name = str_of(in->words[0]);

	for (size_t i = 0; i < countof(shells); i++) {
		if (!str_eq(name, str_of(shells[i].name)))
			continue;
		shells[i].write(&in->out);
		return EXIT_CLEAN;
	}
	return command_complain(in, value_complaint(in->mem, &set, name));
}
