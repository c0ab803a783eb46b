/*
 * Regular expressions as proxies read them (RE2, whole value), as far as the
 * plan must: is it one, does it match a text, how must its matches begin.
 * Time is linear in pattern x text; nothing recurses on the text.
 */
#pragma once

#include "base/str.h"

/* NULL: a valid expression. Otherwise why not, lower case, for a finding. */
const char *regex_problem(struct arena *scratch, struct str pattern);

struct regex_program; /* an expression that was read, for many texts; some times as large as it is written, no more */

/* Of any text, valid or not, which has to live as long. */
const struct regex_program *regex_compile(struct arena *, struct str pattern, bool ignore_case);

/*
 * UNKNOWN: not valid; it uses a Unicode class, or ignores the case of letters
 * outside ASCII; the text is no UTF-8; or the answer would take too long.
 */
enum regex_answer { REGEX_NO, REGEX_YES, REGEX_UNKNOWN };
enum regex_answer regex_run(struct arena *scratch, const struct regex_program *, struct str text);

/* The steps that regex_run() may take, instructions times characters; 0: it does not have to look at the text. */
uint64_t regex_cost(const struct regex_program *, struct str text);

/* The bytes that every match starts with; may be empty. As long-lived as the program. */
struct str regex_prefix(const struct regex_program *);

/* Some text that matches, to show to people; p == NULL: none was found. */
struct str regex_sample(struct arena *, struct str pattern);
