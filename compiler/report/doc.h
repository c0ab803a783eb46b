/*
 * Building a JSON document, key by key, in the order of the calls.
 */
#pragma once

#include "base/buf.h"
#include "tree/node.h"

struct doc {
	struct arena *mem;
	struct node *node;
};

struct doc doc_new(struct arena *);      /* an empty object */
struct doc doc_new_list(struct arena *); /* an empty array */
struct doc doc_map(struct doc, const char *key);
struct doc doc_list(struct doc, const char *key);
struct doc doc_item(struct doc list); /* a new object at its end */

/* Bytes that are not UTF-8 become U+FFFD: JSON has no other text. */
void doc_text(struct doc, const char *key, struct str);
void doc_add_text(struct doc list, struct str);
void doc_int(struct doc, const char *key, int64_t);
void doc_add_int(struct doc list, int64_t);
void doc_bool(struct doc, const char *key, bool);
void doc_tree(struct doc, const char *key, struct node *); /* as it is */

/* Pretty, with a line end. Nothing in it is a command to a CI runner that it is shown to. */
void doc_write(struct doc, struct buf *);
void doc_write_yaml(struct doc, struct buf *); /* the same document for people */
