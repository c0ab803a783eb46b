/*
 * Shared by the files of the decoder: where it stands, and what it writes to.
 */
#pragma once

#include "schema/decode.h"

struct decoder {
	struct arena *mem;
	struct diags *diags;
	bool *sound;
	const struct shape *root;
};

/* A field of the document that is being read; the chain upwards is its path. */
struct spot {
	const struct spot *up; /* the field that holds this object; NULL in the document itself */
	const struct shape *shape; /* of the object that the field is in */
	const struct shape_field *field;
	struct span key_at;
};

/* One value. `out` is the member of the struct. A null in an open object is not passed on. */
void decode_value(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_object(struct decoder *, const struct shape *, const struct spot *up,
		   const struct node *, struct span at, void *out);

void decode_text(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_number(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_flag(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_choice(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_texts(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_numbers(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_text_map(struct decoder *, const struct spot *, const struct node *, void *out);
void decode_objects(struct decoder *, const struct spot *, const struct node *, void *out);

void decode_check_format(struct decoder *, enum format, struct str, struct span at);
void decode_wrong_type(struct decoder *, const struct spot *, const struct node *,
		       const char *wanted);

/* What an error message can hold of a value. */
struct str decode_shown(struct arena *, struct str);

/* `TrafficPolicy.spec.policy` with its backquotes; the field `up` is the last part, NULL: the document. */
struct str decode_path(struct decoder *, const struct spot *up);
