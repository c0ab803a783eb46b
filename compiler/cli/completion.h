/*
 * Scripts that complete command lines of meshc, one writer per shell. All of them
 * print the tables of commands, options and values; they start nothing and read
 * nothing when they run.
 */
#pragma once

#include "base/buf.h"
#include "cli/command.h"
#include "cli/value.h"

void completion_bash(struct buf *);
void completion_zsh(struct buf *);
void completion_fish(struct buf *);

/* Does one of the words stand for the name of a command, as in `meshc help`? */
bool completion_takes_command(const struct command *);

/* The second words after this first one, none for a command of one word. */
struct value_set completion_seconds(struct arena *, struct str first);

/* "a b c" */
void completion_put_words(struct buf *, const struct value_set *);
