/*
 * Scalars as people write them -> numbers.
 *
 * Digits are read one by one into 64 bits: the result cannot depend on a locale,
 * and what does not fit is a fault, never a rounded value.
 */
#include "base/base.h"

#include "schema/scalar.h"

#define NS_PER_MS 1000000

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Appends the digits at *i to *v. False: they do not fit. */
static bool read_digits(struct str s, uint32_t *i, int64_t *v)
{
	for (; *i < s.n && is_digit(s.p[*i]); (*i)++) {
		if (__builtin_mul_overflow(*v, 10, v))
			return false;
		if (__builtin_add_overflow(*v, s.p[*i] - '0', v))
			return false;
	}
	return true;
}

static bool scale(int64_t *v, uint32_t decimals)
{
	for (uint32_t i = 0; i < decimals; i++)
		if (__builtin_mul_overflow(*v, 10, v))
			return false;
	return true;
}

/* A number without sign at *i, times 10^decimals; stops behind it. */
static enum scalar_fault read_fraction(struct str s, uint32_t *i, uint32_t decimals, int64_t *out)
{
	uint32_t start = *i, point, end;

	*out = 0;
	if (!read_digits(s, i, out))
		return SCALAR_TOO_LARGE;
	if (*i == start)
		return SCALAR_MALFORMED;
	if (*i == s.n || s.p[*i] != '.')
		return scale(out, decimals) ? SCALAR_FINE : SCALAR_TOO_LARGE;

	point = ++*i;
	for (end = point; end < s.n && is_digit(s.p[end]); end++)
		;
	if (end == point)
		return SCALAR_MALFORMED;
	uint32_t used = end;
	while (used > point && s.p[used - 1] == '0')
		used--;
	if (used - point > decimals)
		return SCALAR_TOO_PRECISE;
	if (!read_digits(str_slice(s, 0, used), i, out) || !scale(out, decimals - (used - point)))
		return SCALAR_TOO_LARGE;
	*i = end;
	return SCALAR_FINE;
}

static bool has_leading_zero(struct str s)
{
	return s.n > 1 && s.p[0] == '0' && is_digit(s.p[1]);
}

/* Applies the sign that was cut off, and refuses what follows the number. */
static enum scalar_fault finish(struct str s, uint32_t i, enum scalar_fault fault, bool negative,
				int64_t *out)
{
	if (fault != SCALAR_FINE)
		return fault;
	if (i != s.n || has_leading_zero(s))
		return SCALAR_MALFORMED;
	if (negative)
		*out = -*out;
	return SCALAR_FINE;
}

enum scalar_fault scalar_integer(struct str s, int64_t *out)
{
	return scalar_decimal(s, 0, out);
}

enum scalar_fault scalar_decimal(struct str s, uint32_t decimals, int64_t *out)
{
	bool negative = s.n && s.p[0] == '-';
	uint32_t i = 0;

	if (negative)
		s = str_slice(s, 1, s.n);
	if (!decimals && str_find(s, '.') >= 0)
		return SCALAR_MALFORMED;
	enum scalar_fault fault = read_fraction(s, &i, decimals, out);
	return finish(s, i, fault, negative, out);
}

struct unit {
	const char *name;
	int64_t ns;
	uint32_t decimals; /* of the unit, down to one nanosecond */
};

/* Those that start alike: the longer first. */
static const struct unit units[] = {
	{ "ms", 1000000, 6 },      { "us", 1000, 3 },       { "ns", 1, 0 },
	{ "h", 3600000000000, 9 }, { "m", 60000000000, 9 }, { "s", 1000000000, 9 },
};

static const struct unit *unit_at(struct str s, uint32_t i)
{
	for (uint32_t u = 0; u < countof(units); u++)
		if (str_starts(str_slice(s, i, s.n), str_of(units[u].name)))
			return &units[u];
	return NULL;
}

/* Where the unit of the number at i starts. */
static uint32_t unit_start(struct str s, uint32_t i)
{
	while (i < s.n && (is_digit(s.p[i]) || s.p[i] == '.'))
		i++;
	return i;
}

/* One `1.5s`; *i stops behind the unit. Hours and minutes have 9 decimals of their own kind. */
static enum scalar_fault read_span(struct str s, uint32_t *i, int64_t *ns)
{
	const struct unit *unit = unit_at(s, unit_start(s, *i));
	if (!unit)
		return SCALAR_MALFORMED;

	enum scalar_fault fault = read_fraction(s, i, unit->decimals, ns);
	int64_t per = unit->ns;
	if (fault != SCALAR_FINE)
		return fault;
	for (uint32_t d = 0; d < unit->decimals; d++)
		per /= 10;
	if (__builtin_mul_overflow(*ns, per, ns))
		return SCALAR_TOO_LARGE;
	*i += (uint32_t)strlen(unit->name);
	return SCALAR_FINE;
}

enum scalar_fault scalar_duration(struct str s, int64_t *out)
{
	int64_t total = 0;
	uint32_t i = 0;

	if (!s.n)
		return SCALAR_MALFORMED;
	while (i < s.n) {
		int64_t part;
		enum scalar_fault fault = read_span(s, &i, &part);
		if (fault != SCALAR_FINE)
			return fault;
		if (__builtin_add_overflow(total, part, &total))
			return SCALAR_TOO_LARGE;
	}
	if (total % NS_PER_MS)
		return SCALAR_TOO_PRECISE;
	*out = total;
	return SCALAR_FINE;
}

static const struct {
	const char *text, *as;
} retyped[] = {
	{ "y", "a boolean" },  { "n", "a boolean" },  { "yes", "a boolean" },
	{ "no", "a boolean" }, { "on", "a boolean" }, { "off", "a boolean" },
	{ "=", "a default" },
};

/* `1:30`, `190:20:30`: numbers to the base 60. */
static bool is_sexagesimal(struct str s)
{
	uint32_t i = 0, colons = 0;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		i = 1;
	if (i == s.n || !is_digit(s.p[i]))
		return false;
	while (i < s.n && (is_digit(s.p[i]) || s.p[i] == '_'))
		i++;
	while (i + 1 < s.n && s.p[i] == ':' && is_digit(s.p[i + 1])) {
		uint32_t start = ++i;
		while (i < s.n && is_digit(s.p[i]))
			i++;
		if (i - start > 2 || (i - start == 2 && s.p[start] > '5'))
			return false;
		colons++;
	}
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && (is_digit(s.p[i]) || s.p[i] == '_'); i++)
			;
	return colons && i == s.n;
}

/* `2024-01-31`, with or without a time. */
static bool is_timestamp(struct str s)
{
	static const char form[] = "dddd-dd-dd";

	if (s.n < 8 || !is_digit(s.p[0]))
		return false;
	for (uint32_t i = 0; i < s.n && form[i]; i++)
		if (form[i] == 'd' ? !is_digit(s.p[i]) : s.p[i] != form[i])
			return false;
	return s.n == 10 || (s.n > 10 && (s.p[10] == 'T' || s.p[10] == 't' || s.p[10] == ' '));
}

static bool is_digits_of(struct str s, const char *digits)
{
	if (!s.n)
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (!strchr(digits, s.p[i]) || !s.p[i])
			return false;
	return true;
}

/* Numbers that YAML 1.2 no longer knows: `1_000`, `0b101`, `0x_F`, `1.`, `.5_0`. */
static bool is_old_number(struct str s)
{
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_slice(s, 1, s.n);
	if (str_starts(s, S("0b")))
		return is_digits_of(str_slice(s, 2, s.n), "01_");
	if (str_starts(s, S("0x")))
		return is_digits_of(str_slice(s, 2, s.n), "0123456789abcdefABCDEF_");
	if (!s.n || (!is_digit(s.p[0]) && s.p[0] != '.'))
		return false;
	int64_t point = str_find(s, '.');
	if (point < 0)
		return is_digits_of(s, "0123456789_");
	struct str after = str_slice(s, (uint32_t)point + 1, s.n);
	return (!point || is_digits_of(str_slice(s, 0, (uint32_t)point), "0123456789_")) &&
	       (!after.n ? point > 0 : is_digits_of(after, "0123456789_") && is_digit(after.p[0]));
}

const char *scalar_retyped(struct str s)
{
	for (uint32_t i = 0; i < countof(retyped); i++)
		if (str_eq_nocase(s, str_of(retyped[i].text)))
			return retyped[i].as;
	if (is_sexagesimal(s) || is_old_number(s))
		return "a number";
	return is_timestamp(s) ? "a date" : NULL;
}
