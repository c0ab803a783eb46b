/*
 * Findings: what is wrong or risky in what the user wrote, collected, never thrown.
 *
 * One row of diag.def = one code, one template, one generated function:
 *
 *	struct finding *f = report_unknown_cluster(p->diags, ref->at, ref->name);
 *	note(f, near->at, "closest name");
 *	help(f, "use `%.*s`", STR(near->name));
 *	fix(f, ref->at, near->name);
 *
 * The function that knows the span reports; everybody above just returns.
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"
#include "source/file.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

enum code {
#define FINDING(number, slug, severity, nature, arguments, text) CODE_##slug,
#define RETIRED(number)
#include "source/diag.def"
	CODE_MAX
};

struct diag_row {
	uint16_t number; /* MSHnnnn */
	const char *slug;
	enum severity severity;
	bool lint; /* may be waived; a fixed finding may not */
	uint8_t n_arguments;
	const char *text; /* each % takes the next argument */
};

struct remark { /* a second place, or a sentence when span is unset */
	struct span at;
	struct str text;
};

struct finding {
	enum code code;
	struct span at;
	struct str arguments[4];
	VEC(struct remark) notes;
	struct str help;    /* what to do; empty if the message says it all */
	struct span fix_at; /* safe replacement, when set */
	struct str fix_text;
	uint32_t repeats; /* further findings folded into this one */
	struct diags *home;
};

/* A sink. Each parallel job has its own; they are merged in slot order. */
struct diags {
	struct arena *mem; /* owns the findings */
	VEC(struct finding *) all;
	uint32_t errors, warnings;
};

const struct diag_row *diag_row(enum code);
bool diag_find(uint32_t number, enum code *out); /* MSHnnnn -> code */

struct diags diags_new(struct arena *);

/* Argument bytes are copied: callers may pass scratch. The sink must not move before notes are added. */
struct finding *diag_report(struct diags *, enum code, struct span, const struct str *arguments);
void note(struct finding *, struct span, const char *format, ...) PRINTF_LIKE(3, 4);
void help(struct finding *, const char *format, ...) PRINTF_LIKE(2, 3);
void fix(struct finding *, struct span at, struct str replacement);

/* Findings are shared, not copied: from->mem lives as long as `into`, or is adopted by its arena. */
void diags_merge(struct diags *into, const struct diags *from);

/*
 * Order by (file, start, code, message), drop exact repeats, and fold findings
 * that have one cause: same code from 02xx on and same arguments ("and 399 more").
 */
void diags_settle(struct diags *, struct arena *scratch);

struct str finding_message(struct arena *, const struct finding *);

/* report_<slug>(diags, span, argument...): one per row; a wrong count does not compile. */
#define REPORT_0(slug)                                                                             \
	static inline struct finding *report_##slug(struct diags *d, struct span at)               \
	{                                                                                          \
		return diag_report(d, CODE_##slug, at, NULL);                                      \
	}
#define REPORT_1(slug)                                                                             \
	static inline struct finding *report_##slug(struct diags *d, struct span at, struct str a) \
	{                                                                                          \
		return diag_report(d, CODE_##slug, at, (struct str[]){ a });                       \
	}
#define REPORT_2(slug)                                                                             \
	static inline struct finding *report_##slug(struct diags *d, struct span at, struct str a, \
						    struct str b)                                  \
	{                                                                                          \
		return diag_report(d, CODE_##slug, at, (struct str[]){ a, b });                    \
	}
#define REPORT_3(slug)                                                                             \
	static inline struct finding *report_##slug(struct diags *d, struct span at, struct str a, \
						    struct str b, struct str c)                    \
	{                                                                                          \
		return diag_report(d, CODE_##slug, at, (struct str[]){ a, b, c });                 \
	}
#define REPORT_4(slug)                                                                             \
	static inline struct finding *report_##slug(struct diags *d, struct span at, struct str a, \
						    struct str b, struct str c, struct str e)      \
	{                                                                                          \
		return diag_report(d, CODE_##slug, at, (struct str[]){ a, b, c, e });              \
	}
#define FINDING(number, slug, severity, nature, arguments, text) REPORT_##arguments(slug)
#define RETIRED(number)
#include "source/diag.def"
