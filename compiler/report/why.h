/*
 * What an output came from, and what came from a line of the sources. Both are read
 * off the trees of the objects, whose nodes know the field that asked for them.
 */
#pragma once

#include "base/buf.h"
#include "model/object.h"
#include "source/file.h"

struct why_step {           /* a value of an object, and the field that asked for it */
	struct str path;    /* of the file */
	struct str pointer; /* JSON Pointer (RFC 6901); empty: the object itself */
	const struct node *value;
	struct span at; /* unset: nobody in particular */
};

struct why_steps { /* a VEC */
	struct why_step *at;
	uint32_t n, cap;
};

struct why_answer {
	struct str path, cluster;
	const struct object *object; /* NULL: nothing is written under that path */
	bool found;                  /* the pointer leads to a value */
	struct why_steps
		steps; /* the value first; then, below it, where another field takes over */
};

/* bundle: with bodies. path: clusters/<cluster>/...; pointer: empty for the whole object. */
void why_output(struct arena *, const struct bundle *, struct str path, struct str pointer,
		struct why_answer *out);

/*
 * Values that the line asked for: those of fields that begin there, else of the narrowest around it,
 * else the objects that come from the declaration which has the line (with an empty pointer).
 */
void why_source(struct arena *, const struct bundle *, const struct files *, uint32_t file,
		uint32_t line, struct why_steps *out);

void report_why_text(struct buf *, const struct files *, const struct why_answer *, bool color);
void report_why_source_text(struct buf *, const struct why_steps *);

/*
 * {"schema": "meshc.dev/why/v1", "path", "cluster", "kind", "namespace", "name",
 *  "declarations": [{"kind", "namespace", "name", "file", "line"}],
 *  "values": [{"path", "pointer", "value", "file", "line", "column"}]}; the first four and the declarations
 * are left out where a source line was asked for. `value` is left out for objects and lists.
 */
void report_why_json(struct buf *, const struct files *, const struct why_answer *,
		     const struct why_steps *);
