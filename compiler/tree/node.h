/*
 * One tree for YAML in, YAML out and JSON.
 *
 * On input `at` is where the value stands in a file. On output it is the field
 * of the declaration that asked for the value (unset: nobody in particular).
 */
#pragma once

#include "base/str.h"
#include "source/span.h"

enum node_kind { NODE_NULL, NODE_BOOL, NODE_INT, NODE_FLOAT, NODE_STRING, NODE_SEQ, NODE_MAP };
enum node_style { STYLE_PLAIN, STYLE_QUOTED, STYLE_BLOCK, STYLE_FLOW };

struct node {
	uint8_t kind; /* plain scalars by the YAML 1.2 core schema */
	uint8_t style;
	bool grows; /* built by node_put or node_add: there is room beyond n */
	uint32_t n; /* items or pairs */
	struct span at;
	union {
		struct str text; /* every scalar: its bytes after unescaping */
		struct node **items;
		struct pair *pairs; /* in the order written */
	} u;
};

struct pair {
	struct str key;
	struct span key_at;
	struct node *value;
};

/* Reading. NULL, not a map, no such key: NULL. */
struct node *node_get(const struct node *map, struct str key);
struct pair *node_pair(const struct node *map, struct str key);
bool node_is(const struct node *scalar, struct str text);
const char *node_kind_name(enum node_kind); /* "a list", "an object", "text", ... for findings */

/* Building. Keys and texts are not copied. Order is the order of the calls. */
struct node *node_map(struct arena *, struct span at);
struct node *node_seq(struct arena *, struct span at);
struct node *node_string(struct arena *, struct str, struct span at);
struct node *node_int(struct arena *, int64_t, struct span at);
struct node *node_bool(struct arena *, bool, struct span at);
struct node *node_float(struct arena *, struct str as_written, struct span at);
void node_put(struct arena *, struct node *map, struct str key, struct node *value);
void node_add(struct arena *, struct node *seq, struct node *item);
void node_sort_keys(struct arena *scratch, struct node *map); /* bytewise, this level only */

/* A tree of its own over the same keys and texts. */
struct node *node_copy(struct arena *, const struct node *);

/* Kinds, texts and order; spans and styles do not count. */
bool node_eq(const struct node *, const struct node *);
