/*
 * What the files of this room tell each other. No libyaml here.
 */
#pragma once

#include "base/limit.h"
#include "source/diag.h"
#include "tree/yaml.h"

/* yaml_text.c */

/* The code point at the start of the bytes; returns its length, 0 if it is not UTF-8. */
uint32_t utf8_decode(const char *p, size_t n, uint32_t *code);

/*
 * Whether the file is text that may be parsed; otherwise its first fault has
 * been reported. *begin is where the text begins, behind a byte order mark.
 */
bool yaml_text_check(struct diags *, const struct file *, uint32_t *begin);

/* The next line at or after `from` that starts with '%' or is a "---", or the end of the text. */
uint32_t yaml_text_directive(struct str text, uint32_t from);
uint32_t yaml_text_document(struct str text, uint32_t from);

/* yaml_cursor.c */

struct yaml_cursor {
	struct str text;
	uint32_t offset; /* this byte of the text */
	size_t index;    /* is this character, counted from the last jump */
	uint32_t wide;   /* next byte of a character of several, or the end */
};

struct yaml_cursor yaml_cursor_new(const struct file *);

/* Character 0 is at this byte from now on. */
void yaml_cursor_jump(struct yaml_cursor *, uint32_t offset);

/* The byte where the character begins. */
uint32_t yaml_cursor_move(struct yaml_cursor *, size_t index);

/* yaml_scalar.c */

enum node_kind yaml_plain_kind(struct str text); /* YAML 1.2 core schema */

/* yaml_fault.c */

struct yaml_fault { /* as libyaml says it, places in bytes of the file */
	const char *problem;
	uint32_t at;
	const char *context; /* NULL: none */
	uint32_t context_at;
};

void yaml_fault_report(struct diags *, const struct file *, const struct yaml_fault *);

/* yaml_build.c */

struct yaml_frame { /* an open collection */
	struct node *node;
	uint32_t first; /* where its children begin on the stack */
	bool has_key;   /* the key waits for its value */
	struct str key;
	struct span key_at;
};

struct yaml_reader {
	struct arena *nodes, *mem, *scratch; /* mem: texts */
	struct diags *diags;
	const struct file *file;
	struct documents *out;

	struct yaml_cursor cursor; /* libyaml's marks -> bytes of the file */
	uint32_t base;             /* where the text that libyaml sees begins */

	VEC(struct pair) pairs;   /* of all open maps */
	VEC(struct node *) items; /* of all open lists */
	struct yaml_frame frames[LIMIT_DEPTH];
	uint32_t depth;

	struct document document; /* the one being read */
	uint32_t n_documents;
	uint32_t faults;
};

/* The document is broken; returns whether there is still room to say why. */
bool yaml_fault(struct yaml_reader *);
bool yaml_is_hopeless(const struct yaml_reader *); /* no such room: not worth reading on */

/* A name cut for a finding. */
struct str yaml_shown(struct str name);

/* Without the blanks and line ends behind it. */
struct span yaml_trim(const struct yaml_reader *, struct span);

struct node *yaml_node(struct yaml_reader *, enum node_kind, enum node_style, struct span at);
bool yaml_expects_key(const struct yaml_reader *);
void yaml_put_key(struct yaml_reader *, struct str key, struct span at);

/* Into the collection that is open, or as the root. */
void yaml_put_value(struct yaml_reader *, struct node *);

/* false: too deep, which has been reported. */
bool yaml_open(struct yaml_reader *, enum node_kind, enum node_style, struct span at);
void yaml_close(struct yaml_reader *, uint32_t bracket); /* where a flow collection ends */

/* What has been read up to `end` is one document; an empty one is nobody's. */
void yaml_end_document(struct yaml_reader *, uint32_t end);
