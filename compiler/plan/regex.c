/*
 * Regular expressions: do they match a text, what do their matches start with.
 *
 * The tree becomes a program for Thompson's machine, which is in all its places at
 * once: every instruction is looked at no more than once per character of the text.
 * Greedy or not makes no difference, as nothing but the whole text may match.
 */
#include "base/base.h"

#include "plan/regex.h"

#include "base/vec.h"
#include "plan/regex_local.h"

#define MATCH_STEPS (64u << 20) /* instructions times characters */
#define KEPT_PER_BYTE 2u        /* instructions of a program that is kept, and bytes of a prefix */
#define KEPT_MORE 16u
#define SAMPLE_BYTES 256u
#define SAMPLE_TRIES 8u

enum op { OP_RUNE, OP_SET, OP_ASSERT, OP_SPLIT, OP_JUMP, OP_MATCH };

struct instruction {
	enum op op;
	uint32_t x, y; /* SPLIT, JUMP: where to; RUNE, ASSERT: which */
	const struct rune_set *set;
};

struct program {
	struct instruction *at;
	uint32_t n, cap;
};

/* `a{1000}` is much larger than it is written: then it is compiled for each run. */
struct regex_program {
	struct str pattern;
	bool ignore_case;
	struct str prefix;   /* of every match */
	bool unknown;        /* not valid, or beyond what is known of it */
	uint32_t size;       /* no less than its instructions */
	struct program kept; /* none: too large */
};

static uint32_t emit(struct program *out, enum op op, uint32_t x, uint32_t y)
{
	if (out->n == out->cap)
		BUG("regular expression of more than %" PRIu32 " instructions", out->cap);
	out->at[out->n] = (struct instruction){ op, x, y, NULL };
	return out->n++;
}

static void emit_node(struct program *out, const struct regex_node *);

/* split 1, 2; 1: a; jump end; 2: split ... */
static void emit_choice(struct program *out, const struct regex_node *node)
{
	uint32_t jumps = UINT32_MAX; /* chained by x until the end is known */

	for (const struct regex_node *arm = node->first; arm; arm = arm->next) {
		uint32_t split = arm->next ? emit(out, OP_SPLIT, out->n + 1, 0) : UINT32_MAX;

		emit_node(out, arm);
		if (!arm->next)
			break;
		jumps = emit(out, OP_JUMP, jumps, 0);
		out->at[split].y = out->n;
	}
	while (jumps != UINT32_MAX) {
		uint32_t next = out->at[jumps].x;

		out->at[jumps].x = out->n;
		jumps = next;
	}
}

/* x{2,4}: x x split x split x. */
static void emit_optional(struct program *out, const struct regex_node *part, uint32_t n)
{
	uint32_t splits = UINT32_MAX;

	while (n--) {
		splits = emit(out, OP_SPLIT, out->n + 1, splits);
		emit_node(out, part);
	}
	while (splits != UINT32_MAX) {
		uint32_t next = out->at[splits].y;

		out->at[splits].y = out->n;
		splits = next;
	}
}

/* x*: 1: split 2, 3; 2: x; jump 1; 3: */
static void emit_repeat(struct program *out, const struct regex_node *node)
{
	uint32_t last = out->n;

	for (uint32_t i = 0; i < node->min; i++) {
		last = out->n;
		emit_node(out, node->first);
	}
	if (node->max != REGEX_FOREVER) {
		emit_optional(out, node->first, node->max - node->min);
	} else if (node->min) {
		(void)emit(out, OP_SPLIT, last, out->n + 1);
	} else {
		(void)emit(out, OP_SPLIT, last + 1, 0);
		emit_node(out, node->first);
		(void)emit(out, OP_JUMP, last, 0);
		out->at[last].y = out->n;
	}
}

static void emit_node(struct program *out, const struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_RUNE:
		(void)emit(out, OP_RUNE, node->rune, 0);
		return;
	case REGEX_SET:
		out->at[emit(out, OP_SET, 0, 0)].set = node->set;
		return;
	case REGEX_ASSERT:
		(void)emit(out, OP_ASSERT, node->assertion, 0);
		return;
	case REGEX_SEQUENCE:
		for (const struct regex_node *part = node->first; part; part = part->next)
			emit_node(out, part);
		return;
	case REGEX_CHOICE:
		emit_choice(out, node);
		return;
	case REGEX_REPEAT:
		emit_repeat(out, node);
		return;
	}
	BUG("regular expression part %d", (int)node->kind);
}

/* Between two characters; RUNE_NONE where the text begins or ends. */
struct place {
	uint32_t before, after;
	uint32_t number;
};

struct threads {
	uint32_t *at, n; /* instructions that wait for a character */
	bool matched;
};

struct machine {
	const struct program *program;
	uint32_t *seen; /* per instruction: number of the place it was last reached at */
	uint32_t *stack, n;
};

static bool holds(enum regex_assert assertion, const struct place *here)
{
	bool edge = rune_is_word(here->before) != rune_is_word(here->after);

	switch (assertion) {
	case AT_TEXT_BEGIN:
		return here->before == RUNE_NONE;
	case AT_LINE_BEGIN:
		return here->before == RUNE_NONE || here->before == '\n';
	case AT_TEXT_END:
		return here->after == RUNE_NONE;
	case AT_LINE_END:
		return here->after == RUNE_NONE || here->after == '\n';
	case AT_WORD_EDGE:
		return edge;
	case NOT_AT_WORD_EDGE:
		return !edge;
	}
	BUG("assertion %d", (int)assertion);
}

static void reach(struct machine *m, uint32_t at, const struct place *here)
{
	if (m->seen[at] == here->number)
		return;
	m->seen[at] = here->number;
	m->stack[m->n++] = at;
}

/* Goes on from `at` until everything waits for the next character. */
static void follow(struct machine *m, struct threads *to, uint32_t at, const struct place *here)
{
	reach(m, at, here);
	while (m->n) {
		const struct instruction *in;

		at = m->stack[--m->n];
		in = &m->program->at[at];
		switch (in->op) {
		case OP_RUNE:
		case OP_SET:
			to->at[to->n++] = at;
			break;
		case OP_ASSERT:
			if (holds((enum regex_assert)in->x, here))
				reach(m, at + 1, here);
			break;
		case OP_SPLIT:
			reach(m, in->y, here);
			reach(m, in->x, here);
			break;
		case OP_JUMP:
			reach(m, in->x, here);
			break;
		case OP_MATCH:
			to->matched = true;
			break;
		}
	}
}

static bool takes(const struct instruction *in, uint32_t rune)
{
	return in->op == OP_RUNE ? in->x == rune : rune_set_has(in->set, rune);
}

/* The text is runes[0..n), with RUNE_NONE behind it. */
static bool run(struct arena *scratch, const struct program *program, const uint32_t *runes,
		uint32_t n)
{
	struct machine m = { program, NEW(scratch, uint32_t, program->n),
			     NEW(scratch, uint32_t, program->n), 0 };
	struct threads now = { NEW(scratch, uint32_t, program->n), 0, false };
	struct threads then = { NEW(scratch, uint32_t, program->n), 0, false };

	follow(&m, &now, 0, &(struct place){ RUNE_NONE, runes[0], 1 });
	for (uint32_t i = 0; i < n && now.n; i++) {
		struct place here = { runes[i], runes[i + 1], i + 2 };
		struct threads swap = now;

		then.n = 0;
		then.matched = false;
		for (uint32_t k = 0; k < now.n; k++) {
			if (takes(&program->at[now.at[k]], runes[i]))
				follow(&m, &then, now.at[k] + 1, &here);
		}
		now = then;
		then = swap;
		if (i + 1 == n)
			return now.matched;
	}
	return !n && now.matched;
}

/* NULL: no UTF-8. */
static const uint32_t *runes_of(struct arena *scratch, struct str text, uint32_t *n)
{
	uint32_t *runes = NEW(scratch, uint32_t, (size_t)text.n + 1);
	uint32_t at = 0;

	for (*n = 0; at < text.n; ++*n) {
		runes[*n] = rune_read(text, &at);
		if (runes[*n] == RUNE_NONE)
			return NULL;
	}
	runes[*n] = RUNE_NONE;
	return runes;
}

/* false: what follows the node is not certain any more. */
static bool prefix_add(struct buf *out, const struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_RUNE:
		rune_put(out, node->rune);
		return true;
	case REGEX_ASSERT:
		return true;
	case REGEX_SEQUENCE:
		for (const struct regex_node *part = node->first; part; part = part->next) {
			if (!prefix_add(out, part))
				return false;
		}
		return true;
	case REGEX_REPEAT:
		for (uint32_t i = 0; i < node->min; i++) {
			if (!prefix_add(out, node->first))
				return false;
		}
		return node->min == node->max;
	case REGEX_SET:
	case REGEX_CHOICE:
		return false;
	}
	BUG("regular expression part %d", (int)node->kind);
}

static uint32_t kept_most(struct str pattern)
{
	return KEPT_PER_BYTE * pattern.n + KEPT_MORE;
}

static struct str prefix_of(struct arena *mem, const struct regex *regex, uint32_t most)
{
	struct buf out = buf_new(mem, most);

	(void)prefix_add(&out, regex->root);
	return out.n ? buf_view(&out) : S("");
}

static struct program compile(struct arena *mem, const struct regex *regex)
{
	struct program program = { .cap = regex->root->size + 1 };

	program.at = NEW(mem, struct instruction, program.cap);
	emit_node(&program, regex->root);
	(void)emit(&program, OP_MATCH, 0, 0);
	return program;
}

/* The sets of a tree that goes. */
static void own_sets(struct arena *mem, struct program *program)
{
	for (uint32_t i = 0; i < program->n; i++)
		if (program->at[i].set)
			program->at[i].set = rune_set_copy(mem, program->at[i].set);
}

const struct regex_program *regex_compile(struct arena *mem, struct str pattern, bool ignore_case)
{
	struct regex_program *program = NEW(mem, struct regex_program, 1);
	struct arena *scratch = arena_new();
	struct regex regex = regex_parse(scratch, pattern, ignore_case);

	*program = (struct regex_program){ .pattern = pattern,
					   .ignore_case = ignore_case,
					   .prefix = S(""),
					   .unknown = regex.problem || regex.unknown };
	if (!regex.problem) {
		program->prefix = prefix_of(mem, &regex, kept_most(pattern));
		program->size = regex.root->size + 1;
	}
	if (!program->unknown && program->size <= kept_most(pattern)) {
		program->kept = compile(mem, &regex);
		own_sets(mem, &program->kept);
	}
	arena_free(scratch);
	return program;
}

struct str regex_prefix(const struct regex_program *program)
{
	return program->prefix;
}

/* 0: it is not run. */
static uint64_t steps(const struct regex_program *program, struct str text)
{
	uint64_t n = (uint64_t)program->size * ((uint64_t)text.n + 1);

	return program->unknown || n > MATCH_STEPS ? 0 : n;
}

uint64_t regex_cost(const struct regex_program *program, struct str text)
{
	if (!str_starts(text, program->prefix))
		return 0;
	return steps(program, text) + (program->kept.at ? 0 : program->size);
}

enum regex_answer regex_run(struct arena *scratch, const struct regex_program *program,
			    struct str text)
{
	const struct arena_mark mark = arena_mark(scratch);
	struct program running = program->kept;
	struct regex regex;
	const uint32_t *runes;
	enum regex_answer answer = REGEX_UNKNOWN;
	uint32_t n;

	if (program->unknown)
		return REGEX_UNKNOWN;
	if (!str_starts(text, program->prefix))
		return REGEX_NO;
	if (!steps(program, text))
		return REGEX_UNKNOWN;
	if (!running.at) {
		regex = regex_parse(scratch, program->pattern, program->ignore_case);
		running = compile(scratch, &regex);
	}
	runes = runes_of(scratch, text, &n);
	if (runes)
		answer = run(scratch, &running, runes, n) ? REGEX_YES : REGEX_NO;
	arena_rewind(scratch, mark);
	return answer;
}

const char *regex_problem(struct arena *scratch, struct str pattern)
{
	return regex_parse(scratch, pattern, false).problem;
}

/* One way through the pattern: which arms, and whether to enter what may be left out. */
static void sample_add(struct buf *out, const struct regex_node *node, uint32_t way)
{
	const struct regex_node *part = node->first;
	uint32_t n = node->min;

	switch (node->kind) {
	case REGEX_RUNE:
		rune_put(out, node->rune);
		return;
	case REGEX_SET:
		if (rune_set_pick(node->set) != RUNE_NONE)
			rune_put(out, rune_set_pick(node->set));
		return;
	case REGEX_ASSERT:
		return;
	case REGEX_SEQUENCE:
		for (; part; part = part->next)
			sample_add(out, part, way);
		return;
	case REGEX_CHOICE:
		for (uint32_t i = 0; i < way / 2 && part->next; i++)
			part = part->next;
		sample_add(out, part, way);
		return;
	case REGEX_REPEAT:
		if (way & 1 && !n && node->max)
			n = 1;
		while (n--)
			sample_add(out, part, way);
		return;
	}
	BUG("regular expression part %d", (int)node->kind);
}

struct str regex_sample(struct arena *mem, struct str pattern)
{
	struct regex regex = regex_parse(mem, pattern, false);
	const struct regex_program *program = regex_compile(mem, pattern, false);
	struct str found = { 0 };

	for (uint32_t way = 0; way < SAMPLE_TRIES && !regex.problem && !found.n; way++) {
		struct buf out = buf_new(mem, SAMPLE_BYTES);
		struct str text;

		sample_add(&out, regex.root, way);
		text = out.n ? buf_view(&out) : S("");
		if (!out.overflow && regex_run(mem, program, text) == REGEX_YES)
			found = text;
	}
	return found;
}
