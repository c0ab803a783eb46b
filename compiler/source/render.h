/*
 * One finding as text with its source lines. Everything that came from the
 * repository is escaped here (control characters, bidi, ANSI), nowhere else.
 */
#pragma once

#include "base/buf.h"
#include "source/diag.h"

struct render_options {
	bool color;
};

void render_finding(struct buf *, const struct files *, const struct finding *,
		    struct render_options);

/* A place and its line, as a finding shows its own. */
void render_place(struct buf *, const struct files *, struct span, struct render_options);

/* Bytes as they may be shown: \x1b, \u202e ... spelled out. */
void render_escaped(struct buf *, struct str);
