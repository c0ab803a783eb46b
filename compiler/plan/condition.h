/*
 * Conditions on requests: what they match together (meet), and which is narrower.
 *
 * A condition is a conjunction; unset parts match anything. Two conditions may be
 * such that their meet exists but cannot be written as one (two regular
 * expressions on one path): that is MEET_UNKNOWN, never a guess.
 */
#pragma once

#include "base/vec.h"
#include "model/inventory.h"

enum match_how { MATCH_ANY, MATCH_EXACT, MATCH_PREFIX, MATCH_SUFFIX, MATCH_REGEX, MATCH_PRESENT };

struct regex_program;

struct match {
	enum match_how how; /* MATCH_PRESENT: headers and query parameters only */
	bool ignore_case;
	struct str value;                    /* REGEX: RE2, matches the whole value */
	const struct regex_program *program; /* REGEX: of the value; never NULL in a condition */
};

/* As long-lived as the arena and the value. */
struct match match_new(struct arena *, enum match_how, bool ignore_case, struct str value);

struct named_match {
	struct str name; /* headers: lower case */
	struct match value;
	bool inverted; /* headers: holds where the header does not match */
};

struct condition {
	struct match path;
	struct str method;                      /* empty: any */
	VEC(struct named_match) headers, query; /* sorted by (name, inverted); at most one each */
	struct str source_space;                /* caller's namespace; empty: any */
	struct labels source_labels;            /* caller's labels; empty: any */
};

enum meet { MEET_EMPTY, MEET_SOME, MEET_UNKNOWN };

bool condition_is_any(const struct condition *);
bool condition_has_regex(const struct condition *);
bool matches_have_regex(const struct named_match *, uint32_t n);
bool condition_eq(const struct condition *, const struct condition *);
struct str condition_key(struct arena *,
			 const struct condition *); /* two are equal when these are; for maps */
bool condition_within(const struct condition *narrow,
		      const struct condition *wide); /* provably; equal counts */

/* "is jason" says "is not eve" already: that is not said twice. The meet of two is without as well. */
void condition_drop_implied(struct condition *);

/* MEET_SOME: *out is the meet. MEET_UNKNOWN: *why names the part ("paths", "header x-a", ...). */
enum meet condition_meet(struct arena *, const struct condition *, const struct condition *,
			 struct condition *out, struct str *why);

/* What condition_meet() and condition_within() of the two may cost, in steps of regex_cost(); literal texts are free. */
uint64_t condition_cost(const struct condition *, const struct condition *);

/* By name, positive before inverted. */
int named_match_order(const struct named_match *, const struct named_match *);

/* Gloo's specificity order of routes: < 0 when a goes before b. Total on conditions that differ. */
int condition_order(const struct condition *a, const struct condition *b);

/* With arrays and names of its own; programs are shared. */
struct condition condition_copy(struct arena *, const struct condition *);

/* A request that matches, as text for a finding: "GET /reviews/1 with x-user: jason from namespace web". */
struct str condition_witness(struct arena *, const struct condition *);
