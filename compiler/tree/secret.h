/*
 * What looks like a secret, in trees and texts that people will see.
 *
 * By the name of its field (`authorization`, `password`, ...), or by itself: a PEM block,
 * a token in a header, letters and digits as only chance puts them.
 */
#pragma once

#include "tree/node.h"

bool secret_name(struct str field);
bool secret_path(
	struct str path); /* some part of spec.http[name=x].headers.authorization is such a name */

/* The text with what looks like a secret replaced by "(hidden)"; the same view where nothing does. */
struct str secret_hidden(struct arena *, struct str text);
struct str secret_line(struct arena *, struct str line); /* the same, of a line of YAML */

/* A tree without them; `path` leads to it. */
struct node *secret_copy(struct arena *, struct str path, const struct node *);
