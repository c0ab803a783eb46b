/*
 * What the regex_*.c files share: code points, sets of them, the parsed pattern.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"

#define RUNE_MAX 0x10ffffu
#define RUNE_NONE UINT32_MAX

/* The code point at *at, which moves behind it; RUNE_NONE: the end, or no UTF-8. */
uint32_t rune_read(struct str, uint32_t *at);
void rune_put(struct buf *, uint32_t rune);
bool rune_is_word(uint32_t rune); /* \w */
bool rune_is_text(uint32_t rune); /* has a UTF-8 form: no surrogate */

struct rune_range {
	uint32_t first, last;
};

struct rune_set {
	uint64_t ascii[2];
	struct rune_range *more; /* outside ASCII; any order, may overlap */
	uint32_t n, cap;
	bool negated;
};

/* fold: with the other case, as far as ASCII letters are concerned (`k` has U+212A, `s` has U+017F). */
void rune_set_add(struct arena *, struct rune_set *, struct rune_range, bool fold);

/* [:name:], or the class of \d \s \w. false: there is none of this name. */
bool rune_set_add_posix(struct arena *, struct rune_set *, struct str name, bool negated,
			bool fold);
bool rune_set_add_perl(struct arena *, struct rune_set *, uint32_t letter, bool fold);
struct rune_set *rune_set_copy(struct arena *, const struct rune_set *);
bool rune_set_has(const struct rune_set *, uint32_t rune);
uint32_t rune_set_only(const struct rune_set *); /* its one rune; RUNE_NONE: none or several */
uint32_t rune_set_pick(const struct rune_set *); /* a pleasant member; RUNE_NONE: none found */
bool unicode_class_exists(struct str name);      /* \p{name} */

#define REGEX_MAX_SIZE 20000u
#define REGEX_MAX_DEPTH 100u
#define REGEX_MAX_REPEAT 1000u
#define REGEX_FOREVER UINT32_MAX

enum regex_kind { REGEX_RUNE, REGEX_SET, REGEX_ASSERT, REGEX_SEQUENCE, REGEX_CHOICE, REGEX_REPEAT };
enum regex_assert {
	AT_TEXT_BEGIN,
	AT_LINE_BEGIN,
	AT_TEXT_END,
	AT_LINE_END,
	AT_WORD_EDGE,
	NOT_AT_WORD_EDGE
};

struct regex_node {
	enum regex_kind kind;
	uint32_t size;                   /* no less than the instructions it becomes; never 0 */
	uint32_t repeats;                /* product of the counted repeats in it; 1: none */
	uint32_t stacked;                /* repeats around repeats */
	struct regex_node *first, *next; /* SEQUENCE, CHOICE, REPEAT: parts; the one behind */
	struct rune_set *set;
	uint32_t rune;
	enum regex_assert assertion;
	uint32_t min, max;
};

enum {
	FLAG_FOLD = 1,
	FLAG_DOT_NEWLINE = 2,
	FLAG_MULTI_LINE = 4,
	FLAG_UNGREEDY = 8
}; /* order of "ismU" */

/* regex_class.c: a pattern being read. The first fault is kept, and nothing is read after it. */
struct pattern {
	struct arena *mem;
	struct str text; /* UTF-8 */
	uint32_t at;
	unsigned flags;
	const char *problem;
	bool unknown;  /* needs Unicode tables */
	bool no_posix; /* there is no ":]" from here on */
};

void pattern_fail(struct pattern *, const char *what,
		  uint32_t from); /* shows what was read since `from`, if short */
bool pattern_more(const struct pattern *);
char pattern_peek(const struct pattern *); /* NUL at the end */
bool pattern_accept(struct pattern *, const char *token);
uint32_t pattern_rune(struct pattern *);                                  /* the next one, read */
void pattern_add(struct pattern *, struct rune_set *, struct rune_range); /* as the flags say */
uint32_t pattern_escape(struct pattern *); /* at a backslash that stands for one rune */
bool pattern_named_class(struct pattern *,
			 struct rune_set *);             /* false, nothing read: there is none */
void pattern_class(struct pattern *, struct rune_set *); /* at "[" */

struct regex {
	const char *problem; /* NULL: valid */
	struct regex_node *root;
	bool unknown; /* needs Unicode tables */
};

struct regex regex_parse(struct arena *, struct str pattern, bool ignore_case);
