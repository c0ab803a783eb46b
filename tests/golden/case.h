/*
 * A golden folder: what is run on what, and what must come out.
 *
 *	golden/<area>/<case>/        case.yaml in/ [old/] out/ findings.txt [stdout.txt]
 *	golden/findings/MSHnnnn/     explain.md bad/ good/ findings.txt [case.yaml] [bad.sh]; laid over golden/findings/base/, or over its base
 *	golden/examples/<name>/      out/ findings.txt [case.yaml]; compiles examples/<name>/
 *
 * case.yaml holds `shows:` (one line, not in findings and examples), `args: [build]`, `exit: 0`,
 * `base: <folder below golden/bases>`; nothing else.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"

enum case_kind { CASE_TREE, CASE_FINDING, CASE_EXAMPLE };

struct golden_case {
	enum case_kind kind;
	const char *repository, *folder; /* folder: absolute */
	struct str name;                 /* area/case */
	struct str shows, base;
	VEC(const char *) args;
	int exit; /* -1: not given */
};

/* Reads case.yaml; a wrong one ends the process. name: as below golden/. */
struct golden_case case_read(struct arena *, const char *repository, const char *name);
