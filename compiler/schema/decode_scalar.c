/*
 * Text, numbers, booleans and enums from one node.
 *
 * What YAML 1.1 and 1.2 read differently is refused with its quotes as fix: the
 * file must mean the same to us and to every other tool that reads it. Objects of
 * Kubernetes are taken as they are: a program wrote those.
 */
#include "base/base.h"

#include "schema/format.h"
#include "schema/local.h"
#include "schema/scalar.h"

#include "base/buf.h"

static bool is_scalar(const struct node *node)
{
	return node->kind != NODE_SEQ && node->kind != NODE_MAP;
}

struct str decode_shown(struct arena *mem, struct str s)
{
	enum { MOST = 64 };
	uint32_t n = MOST;

	if (s.n <= MOST)
		return s;
	while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return str_format(mem, "%.*s...", (int)n, s.p);
}

static struct finding *wrong_type(struct decoder *d, const struct spot *spot,
				  const struct node *node, const char *wanted)
{
	*d->sound = false;
	return report_wrong_type(d->diags, node->at, str_of(spot->field->name), str_of(wanted),
				 str_of(node_kind_name(node->kind)));
}

void decode_wrong_type(struct decoder *d, const struct spot *spot, const struct node *node,
		       const char *wanted)
{
	wrong_type(d, spot, node, wanted);
}

static void bad_format(struct decoder *d, enum format format, struct str value, struct span at)
{
	const struct format_words *words = format_words(format);
	struct finding *f = report_bad_format(d->diags, at, decode_shown(d->mem, value),
					      str_of(words->article), str_of(words->name));

	help(f, "%s", words->help);
	*d->sound = false;
}

void decode_check_format(struct decoder *d, enum format format, struct str value, struct span at)
{
	if (!format_holds(format, value))
		bad_format(d, format, value, at);
}

static void fix_quotes(struct decoder *d, struct finding *f, const struct node *node)
{
	if (node->u.text.n)
		fix(f, node->at, str_format(d->mem, "\"%.*s\"", STR(node->u.text)));
}

/* Octal of YAML 1.2 is text to a YAML 1.1 reader. */
static bool is_new_number(const struct node *node)
{
	return node->kind == NODE_INT && str_starts(node->u.text, S("0o"));
}

/* False: the node is no text to every reader, and that has been said. */
static bool is_text(struct decoder *d, const struct spot *spot, const struct node *node)
{
	const char *as = NULL;
	struct finding *f;

	if (node->kind == NODE_STRING && node->style == STYLE_PLAIN)
		as = scalar_retyped(node->u.text);
	else if (is_new_number(node))
		as = "a number";
	if (as) {
		f = report_ambiguous_scalar(d->diags, node->at, decode_shown(d->mem, node->u.text),
					    str_of(as));
		help(f, "put it in quotes");
		*d->sound = false;
	} else if (node->kind != NODE_STRING) {
		f = wrong_type(d, spot, node, "text");
		if (!is_scalar(node))
			return false;
		if (node->u.text.n)
			help(f, "put it in quotes");
	} else {
		return true;
	}
	fix_quotes(d, f, node);
	return false;
}

void decode_text(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct text *text = out;

	text->at = node->at;
	if (spot->shape->open) {
		if (is_scalar(node))
			text->s = node->u.text;
		else
			wrong_type(d, spot, node, "text");
		return;
	}
	if (!is_text(d, spot, node))
		return;
	text->s = node->u.text;
	decode_check_format(d, spot->field->format, text->s, node->at);
}

static struct str range_text(struct decoder *d, const struct shape_field *field)
{
	struct str low = format_number(d->mem, field->format, field->minimum);
	struct str high = format_number(d->mem, field->format, field->maximum);

	if (field->has_minimum && field->has_maximum)
		return str_format(d->mem, "from %.*s to %.*s", STR(low), STR(high));
	if (field->has_minimum)
		return str_format(d->mem, "at least %.*s", STR(low));
	return field->has_maximum ? str_format(d->mem, "at most %.*s", STR(high)) : S("smaller");
}

static void out_of_range(struct decoder *d, const struct shape_field *field,
			 const struct node *node)
{
	report_out_of_range(d->diags, node->at, str_of(field->name), range_text(d, field),
			    decode_shown(d->mem, node->u.text));
	*d->sound = false;
}

static bool fits(const struct shape_field *field, int64_t v)
{
	return !(field->has_minimum && v < field->minimum) &&
	       !(field->has_maximum && v > field->maximum);
}

static enum scalar_fault parse(enum format format, struct str s, int64_t *v)
{
	if (format == FORMAT_DURATION)
		return scalar_duration(s, v);
	if (format == FORMAT_PERCENT)
		return scalar_decimal(s, 4, v);
	return format == FORMAT_RATIO ? scalar_decimal(s, 6, v) : scalar_integer(s, v);
}

/* Whether a node of this kind can hold such a number at all. */
static bool suits(const struct spot *spot, const struct node *node)
{
	enum format format = spot->field->format;

	if (format == FORMAT_DURATION)
		return node->kind == NODE_STRING || node->kind == NODE_INT ||
		       node->kind == NODE_FLOAT;
	if (node->kind == NODE_STRING)
		return spot->shape->open;
	return node->kind == NODE_INT ||
	       (node->kind == NODE_FLOAT && (format == FORMAT_PERCENT || format == FORMAT_RATIO));
}

static const char *wanted_number(enum format format)
{
	if (format == FORMAT_DURATION)
		return "a duration such as `5s`";
	return format == FORMAT_PERCENT || format == FORMAT_RATIO ? "a number" : "a whole number";
}

/* "5" where 5 is meant: the fix is to take the quotes away. */
static void refuse_kind(struct decoder *d, const struct spot *spot, const struct node *node)
{
	struct finding *f = wrong_type(d, spot, node, wanted_number(spot->field->format));
	int64_t v;

	if (node->kind != NODE_STRING || spot->field->format == FORMAT_DURATION)
		return;
	if (parse(spot->field->format, node->u.text, &v) == SCALAR_FINE) {
		help(f, "leave out the quotes");
		fix(f, node->at, node->u.text);
	}
}

/* More digits than the unit has: meshc would have to round. */
static void refuse_digits(struct decoder *d, const struct spot *spot, const struct node *node)
{
	static const char *const names[FORMAT_MAX] = {
		[FORMAT_DURATION] = "duration of whole milliseconds",
		[FORMAT_PERCENT] = "percentage with at most four decimals",
		[FORMAT_RATIO] = "ratio with at most six decimals",
	};

	report_bad_format(d->diags, node->at, decode_shown(d->mem, node->u.text), S("a"),
			  str_of(names[spot->field->format]));
	*d->sound = false;
}

void decode_number(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct number *number = out;
	int64_t v = 0;

	number->at = node->at;
	if (!suits(spot, node)) {
		refuse_kind(d, spot, node);
		return;
	}
	switch (parse(spot->field->format, node->u.text, &v)) {
	case SCALAR_FINE:
		number->v = v;
		if (!fits(spot->field, v))
			out_of_range(d, spot->field, node);
		return;
	case SCALAR_TOO_LARGE:
		out_of_range(d, spot->field, node);
		return;
	case SCALAR_TOO_PRECISE:
		refuse_digits(d, spot, node);
		return;
	case SCALAR_MALFORMED:
		bad_format(d, spot->field->format, node->u.text, node->at);
		return;
	}
}

/* `yes` and `"true"` are text; what they mean is plain. */
static void fix_flag(struct finding *f, const struct node *node)
{
	static const char *const words[][2] = { { "true", "true" }, { "yes", "true" },
						{ "on", "true" },   { "false", "false" },
						{ "no", "false" },  { "off", "false" } };

	for (size_t i = 0; node->kind == NODE_STRING && i < countof(words); i++)
		if (str_eq_nocase(node->u.text, str_of(words[i][0])))
			fix(f, node->at, str_of(words[i][1]));
}

void decode_flag(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct flag *flag = out;

	flag->at = node->at;
	if (node->kind == NODE_BOOL)
		flag->v = str_eq_nocase(node->u.text, S("true"));
	else
		fix_flag(wrong_type(d, spot, node, "true or false"), node);
}

static struct str values_text(struct decoder *d, const struct choice_names *names)
{
	struct buf b = buf_new(d->mem, 0);

	for (uint32_t i = 0; i < names->n; i++)
		buf_format(&b, "%s`%s`",
			   !i                 ? ""
			   : i + 1 < names->n ? ", "
					      : " or ",
			   names->values[i]);
	return buf_view(&b);
}

static void unknown_value(struct decoder *d, const struct spot *spot, const struct node *node)
{
	enum { MOST_VALUES = 32 };
	const struct choice_names *names = spot->field->choices;
	struct str candidates[MOST_VALUES];
	uint32_t n = names->n < MOST_VALUES ? names->n : MOST_VALUES;

	for (uint32_t i = 0; i < n; i++)
		candidates[i] = str_of(names->values[i]);
	struct finding *f = report_unknown_value(
		d->diags, node->at, decode_shown(d->mem, node->u.text), str_of(spot->field->name));
	*d->sound = false;
	help(f, "it takes %.*s", STR(values_text(d, names)));
	struct str nearest = str_nearest(node->u.text, candidates, n);
	if (nearest.n && str_distance(node->u.text, nearest) <= 1)
		fix(f, node->at, nearest);
}

void decode_choice(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	const struct choice_names *names = spot->field->choices;
	struct choice *choice = out;

	choice->at = node->at;
	if (!is_scalar(node)) {
		wrong_type(d, spot, node, "text");
		return;
	}
	for (uint32_t i = 0; i < names->n; i++)
		if (str_eq(node->u.text, str_of(names->values[i]))) {
			choice->v = (int)i;
			return;
		}
	unknown_value(d, spot, node);
}
