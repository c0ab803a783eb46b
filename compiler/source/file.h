/*
 * The texts of a run and where their lines start.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"
#include "source/span.h"

struct file {
	uint32_t id;     /* from 1, in path order: spans sort like paths */
	struct str path; /* as the user names it, relative to the root, '/' */
	struct str text;
	bool ascii;       /* no byte >= 0x80: characters are bytes */
	uint32_t *lines;  /* byte offset of each line's first byte */
	uint32_t n_lines; /* line ends + 1: the last one may be empty */

	/* For the conversions below; set only where they differ from the easy case. */
	uint32_t *chars;      /* not ascii: characters before each 256th byte */
	uint32_t *yaml_lines; /* libyaml also breaks at CR, NEL, LS, PS and eats a BOM */
	uint32_t n_yaml_lines;
};

struct files {
	struct arena *mem;
	VEC(struct file) all; /* all.at[id - 1] */
};

struct position {
	uint32_t line, column; /* from 1; column in characters */
};

struct files files_new(struct arena *);

/* The text is not copied and must outlive the registry. Called in path order. Returns the id. */
uint32_t files_add(struct files *, struct str path, struct str text);
const struct file *files_get(const struct files *,
			     uint32_t id); /* BUG on 0 or unknown; valid until the next add */

struct position file_position(const struct file *, uint32_t offset);
struct str file_line(const struct file *, uint32_t line); /* without its line end */

/* Byte offset of a character position (both from 0), as libyaml's marks give it. Clamped to the text. */
uint32_t file_offset(const struct file *, uint32_t line, uint32_t column);
