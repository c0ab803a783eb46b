/*
 * RE2 syntax -> tree. What RE2 refuses (look-around, back references, repeats
 * over 1000) is refused here with the same meaning.
 */
#include "base/base.h"

#include "plan/regex_tree.h"

#define MAX_DEPTH 100u
#define MAX_REPEAT 1000u
#define NO_END UINT32_MAX

struct flags {
	bool fold, dot_all, multi_line;
};

struct parser {
	struct arena *mem;
	struct str text;
	uint32_t at, depth;
	struct flags flags;
	const char *problem;
};

uint32_t code_next(struct str s, uint32_t *at)
{
	unsigned char c = (unsigned char)s.p[*at];
	uint32_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	uint32_t code = more == 3 ? c & 7u : more == 2 ? c & 15u : more == 1 ? c & 31u : c;

	if (c < 0x80 || !more || *at + more >= s.n) {
		++*at;
		return c;
	}
	for (uint32_t i = 1; i <= more; i++)
		code = code << 6 | ((unsigned char)s.p[*at + i] & 63u);
	*at += more + 1;
	return code;
}

static struct regex_node *node(struct parser *p, enum regex_op op)
{
	struct regex_node *n = NEW(p->mem, struct regex_node, 1);

	n->op = op;
	return n;
}

static struct regex_node *fail(struct parser *p, const char *problem)
{
	if (!p->problem)
		p->problem = problem;
	p->at = p->text.n;
	return node(p, REGEX_EMPTY);
}

static bool done(const struct parser *p)
{
	return p->at >= p->text.n;
}

static bool accept(struct parser *p, const char *word)
{
	uint32_t n = (uint32_t)strlen(word);

	if (p->text.n - p->at < n || memcmp(p->text.p + p->at, word, n) != 0)
		return false;
	p->at += n;
	return true;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_range(struct parser *p, struct regex_node *class, uint32_t low, uint32_t high)
{
	vec_add(p->mem, &class->ranges, ((struct code_range){ low, high }));
	for (uint32_t c = 'A'; p->flags.fold && c <= 'z'; c++)
		if (is_letter(c) && c >= low && c <= high)
			vec_add(p->mem, &class->ranges, ((struct code_range){ c ^ 32u, c ^ 32u }));
}

static const struct {
	const char *name;
	struct code_range ranges[4];
	uint32_t n;
} named_classes[] = {
	{ "d", { { '0', '9' } }, 1 },
	{ "w", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' }, { '_', '_' } }, 4 },
	{ "s", { { '\t', '\n' }, { '\f', '\r' }, { ' ', ' ' } }, 3 },
	{ "alnum", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } }, 3 },
	{ "alpha", { { 'A', 'Z' }, { 'a', 'z' } }, 2 },
	{ "ascii", { { 0, 0x7f } }, 1 },
	{ "blank", { { '\t', '\t' }, { ' ', ' ' } }, 2 },
	{ "cntrl", { { 0, 0x1f }, { 0x7f, 0x7f } }, 2 },
	{ "digit", { { '0', '9' } }, 1 },
	{ "graph", { { '!', '~' } }, 1 },
	{ "lower", { { 'a', 'z' } }, 1 },
	{ "print", { { ' ', '~' } }, 1 },
	{ "punct", { { '!', '/' }, { ':', '@' }, { '[', '`' }, { '{', '~' } }, 4 },
	{ "space", { { '\t', '\r' }, { ' ', ' ' } }, 2 },
	{ "upper", { { 'A', 'Z' } }, 1 },
	{ "word", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' }, { '_', '_' } }, 4 },
	{ "xdigit", { { '0', '9' }, { 'A', 'F' }, { 'a', 'f' } }, 3 },
};

/* Adds the class, or what it leaves out; its ranges ascend. */
static bool add_named(struct parser *p, struct regex_node *class, struct str name, bool negated)
{
	for (size_t i = 0; i < countof(named_classes); i++) {
		uint32_t next = 0;

		if (!str_eq(str_of(named_classes[i].name), name))
			continue;
		for (uint32_t j = 0; j < named_classes[i].n; j++) {
			struct code_range r = named_classes[i].ranges[j];

			if (!negated)
				add_range(p, class, r.low, r.high);
			else if (r.low > next)
				add_range(p, class, next, r.low - 1);
			next = r.high + 1;
		}
		if (negated)
			add_range(p, class, next, 0x10ffff);
		return true;
	}
	return false;
}

static uint32_t hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
	       : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
	       : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
				      : 16;
}

/* \x41 or \x{263a}; the x is behind us. */
static uint32_t hex_escape(struct parser *p)
{
	bool braces = accept(p, "{");
	uint32_t code = 0, digits = 0;

	while (!done(p) && digits < (braces ? 6u : 2u) && hex_digit(p->text.p[p->at]) < 16) {
		code = code * 16 + hex_digit(p->text.p[p->at++]);
		digits++;
	}
	if (!digits || (!braces && digits < 2) || (braces && !accept(p, "}")) || code > 0x10ffff)
		fail(p, "a wrong hexadecimal escape");
	return code;
}

/* A single escaped character; the backslash is behind us. */
static uint32_t escaped_code(struct parser *p)
{
	static const char from[] = "afnrtv", to[] = "\a\f\n\r\t\v";
	uint32_t c = code_next(p->text, &p->at);
	const char *known = c && c < 0x80 ? strchr(from, (int)c) : NULL;

	if (known)
		return (unsigned char)to[known - from];
	if (c == 'x')
		return hex_escape(p);
	if (is_letter(c) || (c >= '0' && c <= '9'))
		fail(p, c >= '1' && c <= '9' ? "back references are not supported"
					     : "an unknown escape");
	return c;
}

/* \d \D \w \W \s \S \pL \p{Greek}; the backslash is behind us. */
static bool class_escape(struct parser *p, struct regex_node *class)
{
	char c = p->text.p[p->at];

	if (c == 'p' || c == 'P') {
		p->at++;
		class->unknown = true;
		if (accept(p, "{")) {
			while (!done(p) && p->text.p[p->at] != '}')
				p->at++;
			if (!accept(p, "}"))
				fail(p, "an unfinished class name");
		} else if (!done(p)) {
			(void)code_next(p->text, &p->at);
		} else {
			fail(p, "an unfinished class name");
		}
		return true;
	}
	if (!strchr("dDwWsS", c))
		return false;
	p->at++;
	return add_named(p, class, (struct str){ c < 'a' ? c == 'D' ? "d" : c == 'W' ? "w" : "s"
						 : c == 'd' ? "d"
						 : c == 'w' ? "w"
							    : "s",
						 1 },
			 c < 'a');
}

/* [:alpha:] inside a class; the first bracket is not behind us. */
static bool posix_class(struct parser *p, struct regex_node *class)
{
	uint32_t start = p->at + 2, end = start;
	bool negated;

	if (!accept(p, "[:"))
		return false;
	while (end < p->text.n && p->text.p[end] != ':')
		end++;
	negated = start < end && p->text.p[start] == '^';
	if (end + 1 >= p->text.n || p->text.p[end + 1] != ']' ||
	    !add_named(p, class, str_slice(p->text, negated ? start + 1 : start, end), negated))
		fail(p, "an unknown class name");
	else
		p->at = end + 2;
	return true;
}

static uint32_t class_code(struct parser *p)
{
	if (!accept(p, "\\") && !done(p))
		return code_next(p->text, &p->at);
	if (!done(p))
		return escaped_code(p);
	fail(p, "a class is not closed");
	return 0;
}

static void class_item(struct parser *p, struct regex_node *class)
{
	uint32_t low, high;

	if (posix_class(p, class))
		return;
	if (p->text.n - p->at >= 2 && p->text.p[p->at] == '\\') {
		p->at++;
		if (class_escape(p, class))
			return;
		p->at--;
	}
	low = high = class_code(p);
	if (p->text.n - p->at >= 2 && p->text.p[p->at] == '-' && p->text.p[p->at + 1] != ']') {
		p->at++;
		high = class_code(p);
		if (high < low)
			fail(p, "a class range runs backwards");
	}
	if (!p->problem)
		add_range(p, class, low, high);
}

/* The opening bracket is behind us. */
static struct regex_node *parse_class(struct parser *p)
{
	struct regex_node *class = node(p, REGEX_CLASS);
	bool first = true;

	class->negated = accept(p, "^");
	while (!done(p) && (first || p->text.p[p->at] != ']')) {
		class_item(p, class);
		first = false;
	}
	return accept(p, "]") ? class : fail(p, "a class is not closed");
}

static struct regex_node *parse_alternatives(struct parser *p);

/* (?flags) or (?flags: ; the question mark is behind us. true: a group follows. */
static bool parse_flags(struct parser *p)
{
	bool value = true;

	while (!done(p)) {
		char c = p->text.p[p->at++];

		if (c == ')')
			return false;
		if (c == ':')
			return true;
		if (c == '-' && value)
			value = false;
		else if (c == 'i')
			p->flags.fold = value;
		else if (c == 's')
			p->flags.dot_all = value;
		else if (c == 'm')
			p->flags.multi_line = value;
		else if (c != 'U')
			break;
	}
	fail(p, "look-around and unknown group flags are not supported");
	return false;
}

static bool skip_name(struct parser *p)
{
	uint32_t start = p->at;

	while (!done(p) && (is_letter((unsigned char)p->text.p[p->at]) || p->text.p[p->at] == '_' ||
			    (p->text.p[p->at] >= '0' && p->text.p[p->at] <= '9')))
		p->at++;
	return p->at > start && accept(p, ">");
}

/* The opening parenthesis is behind us. */
static struct regex_node *parse_group(struct parser *p)
{
	struct flags outer = p->flags;
	struct regex_node *inner;

	if (accept(p, "?P<") || (p->text.n - p->at > 2 && p->text.p[p->at + 2] != '=' &&
				 p->text.p[p->at + 2] != '!' && accept(p, "?<"))) {
		if (!skip_name(p))
			return fail(p, "a wrong group name");
	} else if (accept(p, "?") && !parse_flags(p)) {
		return node(p, REGEX_EMPTY); /* flags alone hold to the end of the enclosing group */
	}
	if (++p->depth > MAX_DEPTH)
		return fail(p, "nested too deep");
	inner = parse_alternatives(p);
	p->depth--;
	p->flags = outer;
	return accept(p, ")") ? inner : fail(p, "a group is not closed");
}

static struct regex_node *literal(struct parser *p, uint32_t code)
{
	struct regex_node *class = node(p, REGEX_CLASS);

	add_range(p, class, code, code);
	return class;
}

static struct regex_node *assertion(struct parser *p, enum regex_assert which)
{
	struct regex_node *n = node(p, REGEX_ASSERT);

	n->assertion = which;
	return n;
}

/* \Q...\E stands for the characters between. */
static struct regex_node *parse_quoted(struct parser *p)
{
	struct regex_node *all = node(p, REGEX_CAT);

	while (!done(p) && !accept(p, "\\E"))
		vec_add(p->mem, &all->children, literal(p, code_next(p->text, &p->at)));
	return all;
}

/* The backslash is behind us. */
static struct regex_node *parse_escape(struct parser *p)
{
	struct regex_node *class = node(p, REGEX_CLASS);

	if (done(p))
		return fail(p, "it ends in a backslash");
	if (accept(p, "A"))
		return assertion(p, ASSERT_BEGIN);
	if (accept(p, "z"))
		return assertion(p, ASSERT_END);
	if (accept(p, "b"))
		return assertion(p, ASSERT_WORD);
	if (accept(p, "B"))
		return assertion(p, ASSERT_NOT_WORD);
	if (accept(p, "Q"))
		return parse_quoted(p);
	if (class_escape(p, class))
		return class;
	return literal(p, escaped_code(p));
}

static struct regex_node *parse_atom(struct parser *p)
{
	struct regex_node *class;

	if (accept(p, "("))
		return parse_group(p);
	if (accept(p, "["))
		return parse_class(p);
	if (accept(p, "\\"))
		return parse_escape(p);
	if (accept(p, "^"))
		return assertion(p, p->flags.multi_line ? ASSERT_LINE_BEGIN : ASSERT_BEGIN);
	if (accept(p, "$"))
		return assertion(p, p->flags.multi_line ? ASSERT_LINE_END : ASSERT_END);
	if (accept(p, ".")) {
		class = node(p, REGEX_CLASS);
		class->negated = true;
		if (!p->flags.dot_all)
			vec_add(p->mem, &class->ranges, ((struct code_range){ '\n', '\n' }));
		return class;
	}
	if (strchr("*+?", p->text.p[p->at]))
		return fail(p, "a repeat has nothing to repeat");
	return literal(p, code_next(p->text, &p->at));
}

static bool parse_count(struct parser *p, uint32_t *out)
{
	uint32_t start = p->at;

	*out = 0;
	while (!done(p) && p->text.p[p->at] >= '0' && p->text.p[p->at] <= '9' && *out <= MAX_REPEAT)
		*out = *out * 10 + (uint32_t)(p->text.p[p->at++] - '0');
	return p->at > start;
}

/* {n} {n,} {n,m}; anything else is a plain brace, as in RE2. */
static bool parse_braces(struct parser *p, uint32_t *low, uint32_t *high)
{
	uint32_t start = p->at;

	if (accept(p, "{") && parse_count(p, low)) {
		*high = *low;
		if (accept(p, ",") && !parse_count(p, high))
			*high = NO_END;
		if (accept(p, "}"))
			return true;
	}
	p->at = start;
	return false;
}

static struct regex_node *parse_repeat(struct parser *p)
{
	struct regex_node *inner = parse_atom(p), *repeat;
	uint32_t low = 0, high = NO_END, times = 0;

	while (!p->problem && !done(p)) {
		if (accept(p, "*"))
			low = 0, high = NO_END;
		else if (accept(p, "+"))
			low = 1, high = NO_END;
		else if (accept(p, "?"))
			low = 0, high = 1;
		else if (!parse_braces(p, &low, &high))
			break;
		if (low > MAX_REPEAT || (high != NO_END && (high > MAX_REPEAT || high < low)))
			return fail(p, "a repeat is out of range");
		if (++times > 1)
			return fail(p, "a repeat is repeated");
		(void)accept(p, "?"); /* lazy: the same texts */
		repeat = node(p, REGEX_REPEAT);
		repeat->low = low;
		repeat->high = high;
		vec_add(p->mem, &repeat->children, inner);
		inner = repeat;
	}
	return inner;
}

static struct regex_node *parse_sequence(struct parser *p)
{
	struct regex_node *all = node(p, REGEX_CAT);

	while (!done(p) && p->text.p[p->at] != '|' && p->text.p[p->at] != ')')
		vec_add(p->mem, &all->children, parse_repeat(p));
	return all;
}

static struct regex_node *parse_alternatives(struct parser *p)
{
	struct regex_node *all = node(p, REGEX_ALT);

	do
		vec_add(p->mem, &all->children, parse_sequence(p));
	while (accept(p, "|"));
	return all;
}

struct regex_node *regex_parse(struct arena *mem, struct str pattern, bool ignore_case, const char **problem)
{
	struct parser p = { .mem = mem, .text = pattern, .flags.fold = ignore_case };
	struct regex_node *root = parse_alternatives(&p);

	if (!done(&p) && !p.problem)
		p.problem = "a group is closed that was not opened";
	*problem = p.problem;
	return p.problem ? NULL : root;
}
