/*
 * RE2 syntax into a tree.
 *
 * Every function below returns a node, also after a fault (regex_class.c): none
 * looks at the others' faults. Recursion follows the nesting of groups only, and
 * that is limited. How large the program will be is known here already, so that
 * nothing too large is ever unfolded.
 */
#include "base/base.h"

#include "plan/regex_local.h"

struct parser {
	struct pattern in;
	uint32_t depth;
};

/* What is built up between ( or | and the next | or ). */
struct sequence {
	struct regex_node *node;
	struct regex_node **last, **end; /* links: to the last item, NULL for none; behind it */
};

static const char no_such_group[] = "look-around and unknown group flags are not supported";

struct repeat {
	uint32_t from, min, max;
};

static struct regex_node *node_new(struct parser *p, enum regex_kind kind, uint32_t size)
{
	struct regex_node *node = NEW(p->in.mem, struct regex_node, 1);

	node->kind = kind;
	node->size = size;
	node->repeats = 1;
	return node;
}

static void resize(struct parser *p, struct regex_node *node, uint64_t size)
{
	if (size > REGEX_MAX_SIZE)
		pattern_fail(&p->in, "too large", p->in.at);
	else
		node->size = (uint32_t)size;
}

static void absorb(struct parser *p, struct regex_node *node, const struct regex_node *part)
{
	resize(p, node, (uint64_t)node->size + part->size + 2);
	node->repeats = part->repeats > node->repeats ? part->repeats : node->repeats;
	node->stacked = part->stacked > node->stacked ? part->stacked : node->stacked;
}

static struct regex_node *set_node(struct parser *p, struct rune_set *set)
{
	struct regex_node *node = node_new(p, REGEX_SET, 1 + set->n);

	node->set = set;
	return node;
}

static struct regex_node *plain_rune(struct parser *p, uint32_t rune)
{
	struct regex_node *node = node_new(p, REGEX_RUNE, 1);

	node->rune = rune;
	return node;
}

/* A class of one is a literal: [.] is how many people write a dot. */
static struct regex_node *class_node(struct parser *p, struct rune_set *set)
{
	return rune_set_only(set) == RUNE_NONE ? set_node(p, set)
					       : plain_rune(p, rune_set_only(set));
}

static struct regex_node *rune_node(struct parser *p, uint32_t rune)
{
	struct rune_set *set;

	if (!(p->in.flags & FLAG_FOLD) && rune_is_text(rune))
		return plain_rune(p, rune);
	set = NEW(p->in.mem, struct rune_set, 1);
	pattern_add(&p->in, set, (struct rune_range){ rune, rune });
	return class_node(p, set);
}

static struct regex_node *parse_class(struct parser *p)
{
	struct rune_set *set = NEW(p->in.mem, struct rune_set, 1);

	pattern_class(&p->in, set);
	return class_node(p, set);
}

static struct regex_node *parse_dot(struct parser *p)
{
	struct rune_set *set = NEW(p->in.mem, struct rune_set, 1);

	if (!(p->in.flags & FLAG_DOT_NEWLINE))
		rune_set_add(p->in.mem, set, (struct rune_range){ '\n', '\n' }, false);
	set->negated = true;
	return set_node(p, set);
}

static void add_item(struct sequence *sequence, struct regex_node *item)
{
	*sequence->end = item;
	sequence->last = sequence->end;
	sequence->end = &item->next;
}

/* \Q...\E; without the \E up to the end. */
static void parse_quoted(struct parser *p, struct sequence *sequence)
{
	while (pattern_more(&p->in) && !pattern_accept(&p->in, "\\E"))
		add_item(sequence, rune_node(p, pattern_rune(&p->in)));
}

static bool accept_assertion(struct parser *p, struct sequence *sequence)
{
	/* clang-format off */
	static const struct {
		const char *token;
		enum regex_assert assertion, multi_line;
	} rows[] = {
		{ "^",   AT_TEXT_BEGIN,    AT_LINE_BEGIN },
		{ "$",   AT_TEXT_END,      AT_LINE_END },
		{ "\\A", AT_TEXT_BEGIN,    AT_TEXT_BEGIN },
		{ "\\z", AT_TEXT_END,      AT_TEXT_END },
		{ "\\b", AT_WORD_EDGE,     AT_WORD_EDGE },
		{ "\\B", NOT_AT_WORD_EDGE, NOT_AT_WORD_EDGE },
	};
	/* clang-format on */

	for (size_t i = 0; i < countof(rows); i++) {
		struct regex_node *node;

		if (!pattern_accept(&p->in, rows[i].token))
			continue;
		node = node_new(p, REGEX_ASSERT, 1);
		node->assertion =
			p->in.flags & FLAG_MULTI_LINE ? rows[i].multi_line : rows[i].assertion;
		add_item(sequence, node);
		return true;
	}
	return false;
}

static bool accept_named_class(struct parser *p, struct sequence *sequence)
{
	struct rune_set set = { 0 }, *kept;

	if (!pattern_named_class(&p->in, &set))
		return false;
	kept = NEW(p->in.mem, struct rune_set, 1);
	*kept = set;
	add_item(sequence, set_node(p, kept));
	return true;
}

/* Behind "(?P<" or "(?<". Two groups may have the same name. */
static void parse_name(struct parser *p, uint32_t from)
{
	uint32_t start = p->in.at;

	while (rune_is_word((unsigned char)pattern_peek(&p->in)))
		p->in.at++;
	if (p->in.at == start || !pattern_accept(&p->in, ">"))
		pattern_fail(&p->in, "invalid group name", from);
}

/* Behind "(?": flags up to ":", which opens a group (true), or ")", which does not. */
static bool parse_flags(struct parser *p)
{
	static const char letters[] = "ismU";
	unsigned flags = p->in.flags;
	bool negated = false, seen = false;

	while (pattern_more(&p->in)) {
		char c = p->in.text.p[p->in.at++];
		const char *letter = c ? strchr(letters, c) : NULL;

		if ((c == ':' || c == ')') && (!negated || seen)) {
			p->in.flags = flags;
			return c == ':';
		}
		if (letter && negated)
			flags &= ~(1u << (letter - letters));
		else if (letter)
			flags |= 1u << (letter - letters);
		else if (c != '-' || negated)
			break;
		negated = negated || c == '-';
		seen = letter;
	}
	pattern_fail(&p->in, no_such_group, p->in.at);
	return false;
}

static struct regex_node *parse_choice(struct parser *p);

static void parse_group(struct parser *p, struct sequence *sequence)
{
	uint32_t from = p->in.at++;
	unsigned flags = p->in.flags;
	struct regex_node *inside;

	if (pattern_accept(&p->in, "?<=") || pattern_accept(&p->in, "?<!"))
		pattern_fail(&p->in, no_such_group, p->in.at);
	else if (pattern_accept(&p->in, "?P<") || pattern_accept(&p->in, "?<"))
		parse_name(p, from);
	else if (pattern_accept(&p->in, "?") && !parse_flags(p))
		return;
	if (++p->depth > REGEX_MAX_DEPTH)
		pattern_fail(&p->in, "nested too deep", p->in.at);
	inside = parse_choice(p);
	if (!pattern_accept(&p->in, ")"))
		pattern_fail(&p->in, "missing closing )", p->in.at);
	p->depth--;
	p->in.flags = flags;
	add_item(sequence, inside);
}

static void parse_item(struct parser *p, struct sequence *sequence)
{
	if (accept_assertion(p, sequence) || accept_named_class(p, sequence))
		return;
	if (pattern_accept(&p->in, "\\Q"))
		parse_quoted(p, sequence);
	else if (pattern_peek(&p->in) == '\\')
		add_item(sequence, rune_node(p, pattern_escape(&p->in)));
	else if (pattern_peek(&p->in) == '(')
		parse_group(p, sequence);
	else if (pattern_peek(&p->in) == '[')
		add_item(sequence, parse_class(p));
	else if (pattern_accept(&p->in, "."))
		add_item(sequence, parse_dot(p));
	else
		add_item(sequence, rune_node(p, pattern_rune(&p->in)));
}

/* No leading zeros. What is over the limit is not counted on. */
static bool read_count(struct parser *p, uint32_t *count)
{
	uint32_t from = p->in.at;

	for (*count = 0; pattern_peek(&p->in) >= '0' && pattern_peek(&p->in) <= '9'; p->in.at++) {
		if (*count <= REGEX_MAX_REPEAT)
			*count = *count * 10 + (uint32_t)(pattern_peek(&p->in) - '0');
	}
	return p->in.at == from + 1 || (p->in.at > from && p->in.text.p[from] != '0');
}

/* {2} {2,} {2,5}; anything else is text. */
static bool read_braces(struct parser *p, struct repeat *out)
{
	if (!pattern_accept(&p->in, "{") || !read_count(p, &out->min))
		return false;
	out->max = out->min;
	if (pattern_accept(&p->in, ",}")) {
		out->max = REGEX_FOREVER;
		return true;
	}
	if (pattern_accept(&p->in, ",") && !read_count(p, &out->max))
		return false;
	return pattern_accept(&p->in, "}");
}

static bool accept_repeat(struct parser *p, struct repeat *out)
{
	out->from = p->in.at;
	out->min = pattern_peek(&p->in) == '+';
	out->max = pattern_peek(&p->in) == '?' ? 1 : REGEX_FOREVER;
	if (!pattern_accept(&p->in, "*") && !pattern_accept(&p->in, "+") &&
	    !pattern_accept(&p->in, "?") && !read_braces(p, out)) {
		p->in.at = out->from;
		return false;
	}
	(void)pattern_accept(&p->in, "?"); /* lazy: matches the same texts */
	return true;
}

/* RE2 counts repeats inside repeats: their product is limited as each of them is. */
static void check_repeat(struct parser *p, const struct regex_node *node, uint32_t from)
{
	if (node->max < node->min || node->repeats > REGEX_MAX_REPEAT ||
	    (node->max == REGEX_FOREVER ? node->min : node->max) > REGEX_MAX_REPEAT)
		pattern_fail(&p->in, "invalid repetition size", from);
	if (node->stacked > REGEX_MAX_DEPTH)
		pattern_fail(&p->in, "nested too deep", p->in.at);
}

/* The last item becomes what is repeated. */
static void wrap_last(struct parser *p, struct sequence *sequence, const struct repeat *repeat)
{
	struct regex_node *node, *inside;
	uint32_t factor = repeat->max == REGEX_FOREVER ? repeat->min : repeat->max;

	if (!sequence->last) {
		pattern_fail(&p->in, "missing argument to repetition operator", repeat->from);
		return;
	}
	factor = factor ? factor : 1;
	inside = *sequence->last;
	node = node_new(p, REGEX_REPEAT, 1);
	node->first = inside;
	node->min = repeat->min;
	node->max = repeat->max;
	node->repeats = inside->repeats * factor;
	node->stacked = inside->stacked + 1;
	check_repeat(p, node, repeat->from);
	resize(p, node, (uint64_t)factor * (inside->size + 1) + 2);
	*sequence->last = node;
	sequence->end = &node->next;
}

static struct regex_node *parse_sequence(struct parser *p)
{
	struct sequence sequence = { .node = node_new(p, REGEX_SEQUENCE, 1) };
	struct repeat repeat;
	uint32_t repeat_from = 0;
	bool repeated = false;

	sequence.end = &sequence.node->first;
	while (pattern_more(&p->in) && pattern_peek(&p->in) != '|' && pattern_peek(&p->in) != ')') {
		if (!accept_repeat(p, &repeat)) {
			parse_item(p, &sequence);
			repeated = false;
			continue;
		}
		if (repeated)
			pattern_fail(&p->in, "bad repetition operator", repeat_from);
		else
			wrap_last(p, &sequence, &repeat);
		repeated = true;
		repeat_from = repeat.from;
	}
	for (const struct regex_node *item = sequence.node->first; item; item = item->next)
		absorb(p, sequence.node, item);
	return sequence.node;
}

static struct regex_node *parse_choice(struct parser *p)
{
	struct regex_node *choice = node_new(p, REGEX_CHOICE, 1);
	struct regex_node **end = &choice->first;

	do {
		*end = parse_sequence(p);
		absorb(p, choice, *end);
		end = &(*end)->next;
	} while (pattern_accept(&p->in, "|"));
	return choice->first->next ? choice : choice->first;
}

static bool is_utf8(struct str s)
{
	uint32_t at = 0;

	while (at < s.n) {
		if (rune_read(s, &at) == RUNE_NONE)
			return false;
	}
	return true;
}

struct regex regex_parse(struct arena *mem, struct str pattern, bool ignore_case)
{
	struct parser p = {
		.in = { .mem = mem, .text = pattern, .flags = ignore_case ? FLAG_FOLD : 0 }
	};
	struct regex_node *root;

	if (!is_utf8(pattern))
		return (struct regex){ .problem = "no UTF-8" };
	root = parse_choice(&p);
	if (pattern_more(&p.in))
		pattern_fail(&p.in, "unexpected )", p.in.at);
	return (struct regex){ p.in.problem, root, p.in.unknown };
}
