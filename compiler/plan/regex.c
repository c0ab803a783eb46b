/*
 * The tree of regex_parse.c as a program whose threads all advance together:
 * one step per character of the text, however the expression is written.
 */
#include "base/base.h"

#include "plan/regex.h"

#include "base/buf.h"
#include "plan/regex_tree.h"

#define MAX_PROGRAM 20000u
#define MAX_STEPS 200000u                                     /* of emitting: empty loops emit nothing */

enum step_op { STEP_CLASS, STEP_SPLIT, STEP_ASSERT, STEP_MATCH };

struct step {
	enum step_op op;
	const struct regex_node *node;                        /* CLASS, ASSERT */
	uint32_t next, other;                                 /* other: SPLIT */
};

struct program {
	struct arena *mem;
	VEC(struct step) steps;
	uint32_t emitted;
	bool too_large, unknown;
};

static uint32_t emit(struct program *p, struct step step)
{
	if (p->steps.n >= MAX_PROGRAM) {
		p->too_large = true;
		return 0;
	}
	vec_add(p->mem, &p->steps, step);
	return p->steps.n - 1;
}

static uint32_t compile(struct program *p, const struct regex_node *n, uint32_t next);

/* x{2,4} = x x (x (x)?)?; x* loops. Built from the end, as everything here. */
static uint32_t compile_repeat(struct program *p, const struct regex_node *n, uint32_t next)
{
	const struct regex_node *child = n->children.at[0];

	if (n->high == UINT32_MAX) {
		uint32_t loop = emit(p, (struct step){ .op = STEP_SPLIT, .other = next });

		if (p->too_large)
			return 0;
		p->steps.at[loop].next = loop; /* while its body does not exist */
		p->steps.at[loop].next = compile(p, child, loop);
		next = loop;
	}
	for (uint32_t i = n->low; n->high != UINT32_MAX && i < n->high && !p->too_large; i++)
		next = emit(p, (struct step){ .op = STEP_SPLIT,
					      .next = compile(p, child, next),
					      .other = next });
	for (uint32_t i = 0; i < n->low && !p->too_large; i++)
		next = compile(p, child, next);
	return next;
}

/* The first step of n, which goes on at `next`. */
static uint32_t compile(struct program *p, const struct regex_node *n, uint32_t next)
{
	uint32_t first;

	if (p->too_large || ++p->emitted > MAX_STEPS) {
		p->too_large = true;
		return 0;
	}
	switch (n->op) {
	case REGEX_EMPTY:
		return next;
	case REGEX_CLASS:
		p->unknown |= n->unknown;
		return emit(p, (struct step){ STEP_CLASS, n, next, 0 });
	case REGEX_ASSERT:
		return emit(p, (struct step){ STEP_ASSERT, n, next, 0 });
	case REGEX_CAT:
		for (uint32_t i = n->children.n; i > 0; i--)
			next = compile(p, n->children.at[i - 1], next);
		return next;
	case REGEX_ALT:
		first = compile(p, n->children.at[n->children.n - 1], next);
		for (uint32_t i = n->children.n - 1; i > 0; i--)
			first = emit(p, (struct step){ STEP_SPLIT, NULL,
						       compile(p, n->children.at[i - 1], next), first });
		return first;
	case REGEX_REPEAT:
		return compile_repeat(p, n, next);
	}
	BUG("regex node %d", (int)n->op);
}

static const char *build(struct arena *mem, struct str pattern, bool ignore_case, struct program *p, uint32_t *start)
{
	const char *problem;
	const struct regex_node *root = regex_parse(mem, pattern, ignore_case, &problem);

	*p = (struct program){ .mem = mem };
	if (!root)
		return problem;
	*start = compile(p, root, emit(p, (struct step){ .op = STEP_MATCH }));
	return p->too_large ? "it is too large" : NULL;
}

const char *regex_problem(struct arena *scratch, struct str pattern)
{
	struct program p;
	uint32_t start;

	return build(scratch, pattern, false, &p, &start);
}

struct threads {
	uint32_t *at;
	uint32_t n;
};

struct machine {
	const struct program *program;
	struct str text;
	uint32_t *seen;                                       /* per step: 1 + the round that added it */
	uint32_t *stack;
	uint32_t round;
	bool matched;                                         /* a thread ended in this round */
};

static bool is_word(struct str s, uint32_t at, bool before)
{
	unsigned char c;

	if (before ? at == 0 : at >= s.n)
		return false;
	c = (unsigned char)s.p[before ? at - 1 : at];
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool holds(enum regex_assert which, struct str s, uint32_t at)
{
	bool edge = is_word(s, at, true) != is_word(s, at, false);

	switch (which) {
	case ASSERT_BEGIN:
		return at == 0;
	case ASSERT_END:
		return at == s.n;
	case ASSERT_LINE_BEGIN:
		return at == 0 || s.p[at - 1] == '\n';
	case ASSERT_LINE_END:
		return at == s.n || s.p[at] == '\n';
	case ASSERT_WORD:
		return edge;
	case ASSERT_NOT_WORD:
		return !edge;
	}
	BUG("assertion %d", (int)which);
}

/* Adds the steps that wait for a character, following those that do not. */
static void add_thread(struct machine *m, struct threads *out, uint32_t first, uint32_t at)
{
	uint32_t n = 0;

	m->stack[n++] = first;
	while (n) {
		uint32_t i = m->stack[--n];
		const struct step *step = &m->program->steps.at[i];

		if (m->seen[i] == m->round + 1)
			continue;
		m->seen[i] = m->round + 1;
		if (step->op == STEP_MATCH) {
			m->matched = true;
		} else if (step->op == STEP_CLASS) {
			out->at[out->n++] = i;
		} else if (step->op == STEP_SPLIT) {
			m->stack[n++] = step->other;
			m->stack[n++] = step->next;
		} else if (holds(step->node->assertion, m->text, at)) {
			m->stack[n++] = step->next;
		}
	}
}

static bool class_has(const struct regex_node *class, uint32_t code)
{
	for (uint32_t i = 0; i < class->ranges.n; i++)
		if (code >= class->ranges.at[i].low && code <= class->ranges.at[i].high)
			return !class->negated;
	return class->negated;
}

static bool run(struct arena *mem, const struct program *p, uint32_t start, struct str text)
{
	uint32_t n = p->steps.n;
	struct threads now = { NEW(mem, uint32_t, n), 0 }, then = { NEW(mem, uint32_t, n), 0 };
	struct machine m = { p, text, NEW(mem, uint32_t, n), NEW(mem, uint32_t, 2 * (size_t)n + 2), 0, false };

	add_thread(&m, &now, start, 0);
	for (uint32_t at = 0; at < text.n;) {
		uint32_t code = code_next(text, &at);
		struct threads old = now;

		m.round++;
		m.matched = false;
		then.n = 0;
		for (uint32_t i = 0; i < now.n; i++) {
			const struct step *step = &p->steps.at[now.at[i]];

			if (class_has(step->node, code))
				add_thread(&m, &then, step->next, at);
		}
		now = then;
		then = old;
	}
	return m.matched;
}

enum regex_answer regex_match(struct arena *scratch, struct str pattern, struct str text, bool ignore_case)
{
	struct program p;
	uint32_t start;

	if (build(scratch, pattern, ignore_case, &p, &start) || p.unknown)
		return REGEX_UNKNOWN;
	return run(scratch, &p, start, text) ? REGEX_YES : REGEX_NO;
}

static void put_code(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_char(b, (char)c);
	} else if (c < 0x800) {
		buf_char(b, (char)(0xc0 | c >> 6));
		buf_char(b, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		buf_char(b, (char)(0xe0 | c >> 12));
		buf_char(b, (char)(0x80 | (c >> 6 & 63)));
		buf_char(b, (char)(0x80 | (c & 63)));
	} else {
		buf_char(b, (char)(0xf0 | c >> 18));
		buf_char(b, (char)(0x80 | (c >> 12 & 63)));
		buf_char(b, (char)(0x80 | (c >> 6 & 63)));
		buf_char(b, (char)(0x80 | (c & 63)));
	}
}

static bool is_literal(const struct regex_node *n)
{
	return n->op == REGEX_CLASS && !n->negated && !n->unknown && n->ranges.n == 1 &&
	       n->ranges.at[0].low == n->ranges.at[0].high;
}

/* false: what follows n is no longer certain. */
static bool put_prefix(struct buf *b, const struct regex_node *n)
{
	if (is_literal(n)) {
		put_code(b, n->ranges.at[0].low);
		return true;
	}
	if (n->op == REGEX_EMPTY || n->op == REGEX_ASSERT)
		return true;
	if (n->op == REGEX_REPEAT && n->low > 0) {
		(void)put_prefix(b, n->children.at[0]);
		return false;
	}
	if (n->op == REGEX_CAT || (n->op == REGEX_ALT && n->children.n == 1)) {
		for (uint32_t i = 0; i < n->children.n; i++)
			if (!put_prefix(b, n->children.at[i]))
				return false;
		return true;
	}
	return false;
}

struct str regex_prefix(struct arena *mem, struct str pattern)
{
	const char *problem;
	const struct regex_node *root = regex_parse(mem, pattern, false, &problem);
	struct buf b = buf_new(mem, 0);

	if (root)
		(void)put_prefix(&b, root);
	return buf_view(&b);
}

/* A member that reads well, if there is one. */
static uint32_t class_member(const struct regex_node *class)
{
	static const char liked[] = "a1A0bcxyz-_./";

	for (size_t i = 0; i < sizeof liked - 1; i++)
		if (class_has(class, (unsigned char)liked[i]))
			return (unsigned char)liked[i];
	for (uint32_t c = ' '; c < 0x7f; c++)
		if (class_has(class, c))
			return c;
	return class->ranges.n ? class->ranges.at[0].low : 0xfffd;
}

static void put_sample(struct buf *b, const struct regex_node *n)
{
	if (b->n > 200)
		return;
	if (n->op == REGEX_CLASS)
		put_code(b, class_member(n));
	else if (n->op == REGEX_CAT)
		for (uint32_t i = 0; i < n->children.n; i++)
			put_sample(b, n->children.at[i]);
	else if (n->op == REGEX_ALT)
		put_sample(b, n->children.at[0]);
	else if (n->op == REGEX_REPEAT)
		for (uint32_t i = 0; i < n->low && b->n <= 200; i++)
			put_sample(b, n->children.at[0]);
}

struct str regex_sample(struct arena *mem, struct str pattern)
{
	const char *problem;
	const struct regex_node *root = regex_parse(mem, pattern, false, &problem);
	struct buf b = buf_new(mem, 0);

	if (!root)
		return (struct str){ 0 };
	put_sample(&b, root);
	return regex_match(mem, pattern, buf_view(&b), false) == REGEX_YES ? buf_view(&b) : (struct str){ 0 };
}
