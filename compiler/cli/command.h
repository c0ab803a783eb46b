/*
 * Commands: a table row and a function each. A function fills two buffers and
 * returns the exit code; printing and the world's streams are main.c's.
 */
#pragma once

#include "cli/options.h"

struct invocation {
	struct arena *mem;
	uint64_t (*clock)(void); /* monotonic nanoseconds */
	uint64_t started;
	const char *const *environment; /* of the process, for children that need it */
	bool is_process;                /* all of it: it may give up rights for good */
	bool color_out, color_err;      /* whether the streams would show colour, before --color */
	struct options options;
	const struct command *command;
	const char *const *words; /* after the command's name */
	uint32_t n_words;
	struct buf out, err; /* the result; the rest */
};

struct command {
	const char *name; /* of one or two words */
	enum exit_code (*run)(struct invocation *);
	uint32_t least, most; /* words after the name */
	const char *words;    /* what they are */
	uint64_t options;     /* bit per option */
	const char *help;
};

#define COMMANDS_MAX 64u

uint32_t command_count(void);
const struct command *command_at(uint32_t i); /* in the order of `meshc help` */

/* "inventory" and "list" of `inventory list`; the second is empty where there is none. */
struct str command_first(const struct command *);
struct str command_second(const struct command *);

/* The command that these words begin with; *used: how many of them name it. NULL: none. */
const struct command *command_find(const char *const *words, uint32_t n, uint32_t *used);

/* arguments: without the program's name. mem, clock, started and colours are the caller's. */
enum exit_code command_run(struct invocation *, const char *const *arguments, uint32_t n);

/* Whether -o may name a format that holds findings and nothing else. */
bool command_reports_findings(const struct command *);

/* One line to err; EXIT_USAGE. */
enum exit_code command_complain(struct invocation *, struct str what);
enum exit_code command_complain_format(struct invocation *,
				       const char *what); /* has not this format */

void help_overview(struct buf *);
void help_command(struct buf *, const struct command *);
/* What the option means to the command; -o says which formats there are for it. */
const char *help_option(struct arena *, const struct command *, enum option);

#define COMMAND(handler, name, least, most, words, options, help)                                  \
	enum exit_code cmd_##handler(struct invocation *);
#include "cli/commands.def"
#undef COMMAND
