/*
 * Reading a pattern character by character: escapes, classes, and the first fault.
 *
 * A fault is sticky: it is kept, and the rest of the pattern is skipped.
 */
#include "base/base.h"

#include "plan/regex_local.h"

void pattern_fail(struct pattern *p, const char *what, uint32_t from)
{
	struct str shown = str_slice(p->text, from, p->at);

	p->at = p->text.n;
	if (p->problem)
		return;
	if (shown.n && shown.n <= 40)
		what = str_z(p->mem, str_format(p->mem, "%s `%.*s`", what, STR(shown)));
	p->problem = what;
}

bool pattern_more(const struct pattern *p)
{
	return p->at < p->text.n;
}

char pattern_peek(const struct pattern *p)
{
	return pattern_more(p) ? p->text.p[p->at] : '\0';
}

bool pattern_accept(struct pattern *p, const char *token)
{
	struct str want = str_of(token);

	if (!str_starts(str_slice(p->text, p->at, p->text.n), want))
		return false;
	p->at += want.n;
	return true;
}

uint32_t pattern_rune(struct pattern *p)
{
	return rune_read(p->text, &p->at);
}

void pattern_add(struct pattern *p, struct rune_set *set, struct rune_range range)
{
	bool fold = p->flags & FLAG_FOLD;

	rune_set_add(p->mem, set, range, fold);
	if (fold && range.last >= 0x80)
		p->unknown = true;
}

static bool accept_octal(struct pattern *p, uint32_t *rune)
{
	if (pattern_peek(p) < '0' || pattern_peek(p) > '7')
		return false;
	*rune = *rune * 8 + (uint32_t)(p->text.p[p->at++] - '0');
	return true;
}

static bool accept_hex(struct pattern *p, uint32_t *rune)
{
	static const char digits[] = "0123456789abcdef";
	char c = pattern_peek(p);
	const char *digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;

	if (!digit)
		return false;
	p->at++;
	*rune = *rune * 16 + (uint32_t)(digit - digits);
	return *rune <= RUNE_MAX;
}

/* Behind \x: two digits, or any number of them in braces. */
static bool read_hex(struct pattern *p, uint32_t *rune)
{
	*rune = 0;
	if (!pattern_accept(p, "{")) {
		bool first = accept_hex(p, rune);

		return first && accept_hex(p, rune);
	}
	if (!accept_hex(p, rune))
		return false;
	while (accept_hex(p, rune))
		;
	return *rune <= RUNE_MAX && pattern_accept(p, "}");
}

static bool is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* \1 is a reference back, which RE2 has not; \0, \01 and \12 are octal. */
static bool read_octal(struct pattern *p, uint32_t *rune)
{
	bool is_nul = *rune == '0', second;

	*rune -= '0';
	second = accept_octal(p, rune);
	return (second && accept_octal(p, rune)) || second || is_nul;
}

/* What stands behind the backslash. */
static bool read_escape(struct pattern *p, uint32_t *rune)
{
	static const char names[] = "afnrtv", runes[] = "\a\f\n\r\t\v";
	const char *name;

	*rune = pattern_rune(p);
	if (*rune == 'x')
		return read_hex(p, rune);
	if (*rune >= '0' && *rune <= '7')
		return read_octal(p, rune);
	if (!is_alnum(*rune))
		return *rune < 0x80;
	name = strchr(names, (int)*rune);
	if (name)
		*rune = (uint32_t)runes[name - names];
	return name;
}

uint32_t pattern_escape(struct pattern *p)
{
	uint32_t from = p->at++, rune = 0;

	if (!pattern_more(p))
		pattern_fail(p, "trailing backslash", p->at);
	else if (!read_escape(p, &rune))
		pattern_fail(p, "invalid escape sequence", from);
	return rune;
}

/* \pL, \p{Greek}, \P{^Lu}: known by name, what is in them is not. */
static bool accept_unicode(struct pattern *p)
{
	uint32_t from = p->at;
	struct str name;

	if (!pattern_accept(p, "\\p") && !pattern_accept(p, "\\P"))
		return false;
	if (pattern_accept(p, "{")) {
		int64_t n = str_find(str_slice(p->text, p->at, p->text.n), '}');

		(void)pattern_accept(p, "^");
		name = str_slice(p->text, p->at, n < 0 ? p->at : from + 3 + (uint32_t)n);
		p->at = n < 0 ? p->text.n : from + 4 + (uint32_t)n;
	} else {
		(void)pattern_rune(p);
		name = str_slice(p->text, from + 2, p->at);
	}
	if (!unicode_class_exists(name))
		pattern_fail(p, "invalid Unicode class", from);
	p->unknown = true;
	return true;
}

/* \d \D \s \S \w \W and Unicode classes. */
bool pattern_named_class(struct pattern *p, struct rune_set *set)
{
	struct str escape = str_slice(p->text, p->at, p->at + 2);

	if (accept_unicode(p))
		return true;
	if (escape.n < 2 || escape.p[0] != '\\' ||
	    !rune_set_add_perl(p->mem, set, (unsigned char)escape.p[1], p->flags & FLAG_FOLD))
		return false;
	p->at += 2;
	return true;
}

/* [:alpha:], [:^alpha:]; without the closing :] these are characters like any other. */
static bool accept_posix(struct pattern *p, struct rune_set *set)
{
	uint32_t from = p->at, end;
	struct str name;
	bool negated;

	if (p->no_posix || !pattern_accept(p, "[:"))
		return false;
	for (end = p->at; !str_starts(str_slice(p->text, end, p->text.n), S(":]")); end++) {
		if (end < p->text.n)
			continue;
		p->no_posix = true;
		p->at = from;
		return false;
	}
	negated = pattern_accept(p, "^");
	name = str_slice(p->text, p->at, end);
	p->at = end + 2;
	if (!rune_set_add_posix(p->mem, set, name, negated, p->flags & FLAG_FOLD))
		pattern_fail(p, "invalid character class", from);
	return true;
}

static uint32_t parse_class_rune(struct pattern *p)
{
	return pattern_peek(p) == '\\' ? pattern_escape(p) : pattern_rune(p);
}

static void parse_class_item(struct pattern *p, struct rune_set *set)
{
	uint32_t from = p->at;
	struct rune_range range;

	if (accept_posix(p, set) || pattern_named_class(p, set))
		return;
	range.first = range.last = parse_class_rune(p);
	if (pattern_peek(p) == '-' && p->at + 1 < p->text.n && p->text.p[p->at + 1] != ']') {
		p->at++;
		range.last = parse_class_rune(p);
	}
	if (range.last < range.first)
		pattern_fail(p, "invalid character class range", from);
	if (!p->problem)
		pattern_add(p, set, range);
}

void pattern_class(struct pattern *p, struct rune_set *set)
{
	uint32_t from = p->at++;

	set->negated = pattern_accept(p, "^");
	for (bool first = true; pattern_more(p) && (first || pattern_peek(p) != ']'); first = false)
		parse_class_item(p, set);
	if (!pattern_accept(p, "]"))
		pattern_fail(p, "missing closing ]", from);
}
