/*
 * MESHC.index: which files of a cluster's folder are meshc's, what they hold and
 * which declarations they came from. One line per object, sorted by path:
 *
 *	path <TAB> Kind.group <TAB> namespace/name <TAB> git blob id <TAB> Kind/namespace/name,...
 *
 * after one header line. Bytes that would break a line (controls, space, ',', '%',
 * anything not ASCII) are written as %xx; '-' stands for no declaration.
 */
#pragma once

#include "base/buf.h"
#include "output/output.h"

#define LEDGER_NAME "MESHC.index"

struct ledger_row {
	struct str path; /* below the cluster's folder; safe: no "..", no empty part */
	struct str kind, name, digest, sources; /* as written */
};

struct ledger {
	VEC(struct ledger_row) all; /* sorted by path, unique */
};

/* Files of one cluster, sorted by path; `folder` is what their paths start with. */
void ledger_write(struct buf *, struct str folder, const struct output_file *files, uint32_t n);

/* Views into text. false: index_damaged has been reported for `path`. */
bool ledger_read(struct arena *mem, struct diags *, struct str path, struct str text,
		 struct ledger *out);

const struct ledger_row *ledger_find(const struct ledger *, struct str path); /* NULL: not ours */
