/*
 * YAML text <-> nodes. The only door to libyaml.
 *
 * Reading is strict: UTF-8 without BOM, NUL or control characters; no duplicate
 * keys, anchors, aliases, merge keys, tags or directives; depth, scalar and
 * document limits are enforced on events, while parsing. A fault in one document
 * does not cost the others: reading goes on at the next "---" line.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "source/diag.h"
#include "tree/node.h"

struct document {
	struct node *root; /* NULL: empty or broken */
	struct span at;
	bool broken; /* a finding has been reported */
};

struct documents {
	VEC(struct document) all;
};

/*
 * Nodes live in mem; scalars are views into the file's text where nothing had to
 * be unescaped. JSON is read by the same door. A document with a fault stays in
 * the list, broken and without root; empty documents do not.
 */
void yaml_read(struct arena *mem, struct diags *, const struct file *, struct documents *out);

struct yaml_arenas {
	struct arena *nodes, *texts; /* texts: what is no view into the file */
};

/* The same, for who needs the trees for a moment only. The list of documents goes with the nodes. */
void yaml_read_apart(struct yaml_arenas, struct diags *, const struct file *,
		     struct documents *out);

/*
 * Deterministic block style: two spaces, LF, keys in the order of the tree,
 * strings quoted wherever a YAML 1.1 or 1.2 reader could retype them.
 */
void yaml_write(struct buf *, const struct node *);

/*
 * Whether a plain scalar of this text is read as text by every YAML 1.1 and 1.2
 * reader: `5s` and `10.0.0.1` are, `on`, `1:30`, `0o17` and `2024-01-01` are not.
 * Whether the text may stand unquoted at all (`a: b` may not) is another question.
 */
bool yaml_plain_is_safe(struct str);
