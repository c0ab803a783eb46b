/*
 * What an unquoted scalar means.
 *
 * Reading follows the core schema of YAML 1.2. Kubernetes tools read YAML 1.1,
 * where `on` is true, `1:30` is 90 and `2024-01-01` a date: text that any of
 * the two would retype is not safe to write unquoted.
 */
#include "base/base.h"

#include "tree/local.h"
#include "tree/yaml.h"

static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip(struct str *rest, uint32_t n)
{
	rest->p += n;
	rest->n -= n;
}

/* Moves the view behind its leading characters of the set; how many there were. */
static uint32_t take(struct str *rest, const char *set)
{
	uint32_t n = 0;
	while (n < rest->n && is_in(rest->p[n], set))
		n++;
	skip(rest, n);
	return n;
}

static bool take_one(struct str *rest, const char *set)
{
	if (rest->n == 0 || !is_in(rest->p[0], set))
		return false;
	skip(rest, 1);
	return true;
}

static uint32_t take_digits(struct str *rest)
{
	uint32_t n = 0;
	while (n < rest->n && is_digit(rest->p[n]))
		n++;
	skip(rest, n);
	return n;
}

static bool is_one_of(struct str text, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(text, words[i]))
			return true;
	}
	return false;
}

/* `e5`, `E-05`; nothing is fine too. */
static bool take_exponent(struct str *rest)
{
	if (!take_one(rest, "eE"))
		return true;
	take_one(rest, "+-");
	return take_digits(rest) > 0;
}

static bool is_radix_int(struct str text)
{
	if (text.n < 3 || text.p[0] != '0')
		return false;

	struct str rest = str_slice(text, 2, text.n);
	if (text.p[1] == 'o')
		take(&rest, "01234567");
	else if (text.p[1] == 'x')
		take(&rest, "0123456789abcdefABCDEF");
	return rest.n == 0;
}

/* `.inf`, `-.Inf`, `.NAN`. */
static bool is_special_float(struct str text)
{
	static const struct str infinities[] = { S(".inf"), S(".Inf"), S(".INF") };
	static const struct str not_numbers[] = { S(".nan"), S(".NaN"), S(".NAN") };
	if (is_one_of(text, not_numbers, countof(not_numbers)))
		return true;
	take_one(&text, "+-");
	return is_one_of(text, infinities, countof(infinities));
}

static enum node_kind number_kind(struct str text)
{
	struct str rest = text;
	if (rest.p[0] == '+' || rest.p[0] == '-')
		skip(&rest, 1);
	uint32_t whole = take_digits(&rest);
	if (rest.n == 0)
		return whole ? NODE_INT : NODE_STRING;
	if (rest.p[0] == 'o' || rest.p[0] == 'x')
		return is_radix_int(text) ? NODE_INT : NODE_STRING;

	uint32_t fraction = 0;
	if (rest.p[0] == '.') {
		skip(&rest, 1);
		fraction = take_digits(&rest);
	}
	if (whole + fraction == 0)
		return is_special_float(text) ? NODE_FLOAT : NODE_STRING;
	return take_exponent(&rest) && rest.n == 0 ? NODE_FLOAT : NODE_STRING;
}

/* Longer than any word that is not text. */
enum { LONGEST_WORD = 5 };

enum node_kind yaml_plain_kind(struct str text)
{
	static const struct str nulls[] = { S("null"), S("Null"), S("NULL") };
	static const struct str bools[] = { S("true"),  S("True"),  S("TRUE"),
					    S("false"), S("False"), S("FALSE") };

	if (text.n == 0)
		return NODE_NULL;
	switch (text.p[0]) {
	case '~':
		return text.n == 1 ? NODE_NULL : NODE_STRING;
	case 'n':
	case 'N':
		if (text.n > LONGEST_WORD)
			return NODE_STRING;
		return is_one_of(text, nulls, countof(nulls)) ? NODE_NULL : NODE_STRING;
	case 't':
	case 'T':
	case 'f':
	case 'F':
		if (text.n > LONGEST_WORD)
			return NODE_STRING;
		return is_one_of(text, bools, countof(bools)) ? NODE_BOOL : NODE_STRING;
	case '+':
	case '-':
	case '.':
		return number_kind(text);
	default:
		return is_digit(text.p[0]) ? number_kind(text) : NODE_STRING;
	}
}

/* Words some reader takes for a bool, null, number, merge key or default value, in any case. */
static bool is_word(struct str text)
{
	static const struct str words[] = {
		S("y"),     S("yes"),  S("n"),   S("no"),  S("on"), S("off"), S("true"),
		S("false"), S("null"), S("nan"), S("inf"), S("~"),  S("<<"),  S("="),
	};
	for (size_t i = 0; i < countof(words); i++) {
		if (str_eq_nocase(text, words[i]))
			return true;
	}
	return false;
}

/* YAML 1.1 counts in sixties: `1:30`, `190:20:30.15`. Each group is 0 to 59. */
static bool take_sixties(struct str *rest)
{
	while (take_one(rest, ":")) {
		struct str group = *rest;
		uint32_t n = take_digits(rest);
		if (n == 0 || n > 2 || (n == 2 && group.p[0] > '5'))
			return false;
	}
	return true;
}

static bool is_old_radix_int(struct str text)
{
	if (text.n < 3 || text.p[0] != '0')
		return false;

	struct str rest = str_slice(text, 2, text.n);
	switch (text.p[1]) {
	case 'b':
		return take(&rest, "01_") && rest.n == 0;
	case 'o':
		return take(&rest, "01234567_") && rest.n == 0;
	case 'x':
		return take(&rest, "0123456789abcdefABCDEF_") && rest.n == 0;
	default:
		return false;
	}
}

/* Numbers of YAML 1.1: digits may hold underscores, radix prefixes may follow a sign. */
static bool is_old_number(struct str text)
{
	take_one(&text, "+-");
	if (is_old_radix_int(text))
		return true;
	if (text.n == 0 || text.p[0] == '_')
		return false;
	uint32_t whole = take(&text, "0123456789_");
	if (whole && !take_sixties(&text))
		return false;
	uint32_t fraction = take_one(&text, ".") ? take(&text, "0123456789_") : 0;
	return whole + fraction > 0 && take_exponent(&text) && text.n == 0;
}

/* `2024-01-01`, `2024-1-1 10:00:00`, `2024-01-01T10:00:00Z`. */
static bool is_date(struct str text)
{
	if (take_digits(&text) != 4)
		return false;
	for (int i = 0; i < 2; i++) {
		if (!take_one(&text, "-"))
			return false;
		uint32_t n = take_digits(&text);
		if (n == 0 || n > 2)
			return false;
	}
	return text.n == 0 || take_one(&text, "Tt \t");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool yaml_plain_is_safe(struct str text)
{
	if (text.n && is_letter(text.p[0])) /* no number, no date */
		return text.n > LONGEST_WORD || !is_word(text);
	if (yaml_plain_kind(text) != NODE_STRING)
		return false;
	return !is_word(text) && !is_old_number(text) && !is_date(text);
}
