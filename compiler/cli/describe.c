/*
 * Fields for people, from the tables that the decoder works by. Nothing is said
 * here that a schema does not say.
 */
#include "base/base.h"
#include "cli/describe.h"

#include "model/resource.h"
#include "schema/shape.h"

static const char *const type_words[] = {
	[FIELD_TEXT] = "text",
	[FIELD_NUMBER] = "number",
	[FIELD_FLAG] = "true or false",
	[FIELD_CHOICE] = "one of",
	[FIELD_OBJECT] = "object",
	[FIELD_NODE] = "anything",
	[FIELD_TEXTS] = "list of text",
	[FIELD_NUMBERS] = "list of numbers",
	[FIELD_TEXT_MAP] = "map of text",
	[FIELD_OBJECTS] = "list of objects",
	[FIELD_IGNORED] = "not read",
	[FIELD_LATER] = "not implemented by this version",
};

static const char *const format_words[FORMAT_MAX] = {
	[FORMAT_DNS_LABEL] = "DNS label",
	[FORMAT_DNS_SUBDOMAIN] = "DNS name",
	[FORMAT_HOSTNAME] = "host name",
	[FORMAT_DURATION] = "duration",
	[FORMAT_PERCENT] = "percent",
	[FORMAT_PORT] = "port",
	[FORMAT_PATH] = "path",
	[FORMAT_HTTP_HEADER] = "HTTP header",
	[FORMAT_HTTP_METHOD] = "HTTP method",
	[FORMAT_LABEL_KEY] = "label key",
	[FORMAT_LABEL_VALUE] = "label value",
	[FORMAT_ADDRESS] = "address",
	[FORMAT_REGEX] = "regular expression",
	[FORMAT_RATIO] = "ratio",
};

static const struct kind_row *kind_named(struct str name)
{
	for (uint32_t i = 0; i < KIND_MAX; i++)
		if (str_eq_nocase(name, str_of(kind_row((enum kind)i)->name)))
			return kind_row((enum kind)i);
	return NULL;
}

static const struct shape_field *field_named(const struct shape *shape, struct str name)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (str_eq(name, str_of(shape->fields[i].name)))
			return &shape->fields[i];
	return NULL;
}

static void put_choices(struct buf *out, const struct choice_names *choices)
{
	for (uint32_t i = 0; i < choices->n; i++)
		buf_format(out, "%s%s", i ? ", " : " ", choices->values[i]);
}

static void put_range(struct buf *out, const struct shape_field *f)
{
	bool plain = f->format == FORMAT_NONE || f->format == FORMAT_PORT;

	/* Durations and percentages are kept in units that nobody writes. */
	if (!plain)
		return;
	if (f->has_minimum)
		buf_format(out, ", at least %" PRId64, f->minimum);
	if (f->has_maximum)
		buf_format(out, ", at most %" PRId64, f->maximum);
}

static void put_default(struct buf *out, const struct shape_field *f)
{
	if (!f->has_default)
		return;
	if (f->default_text)
		buf_format(out, ", default %s", *f->default_text ? f->default_text : "\"\"");
	else if (f->type == FIELD_FLAG)
		buf_format(out, ", default %s", f->default_number ? "true" : "false");
	else if (f->type == FIELD_CHOICE)
		buf_format(out, ", default %s", f->choices->values[f->default_number]);
	else if (f->type == FIELD_NUMBER && f->format == FORMAT_NONE)
		buf_format(out, ", default %" PRId64, f->default_number);
}

static void put_type(struct buf *out, const struct shape_field *f)
{
	buf_format(out, "%s", type_words[f->type]);
	if (f->type == FIELD_CHOICE)
		put_choices(out, f->choices);
	if (f->format != FORMAT_NONE)
		buf_format(out, " (%s)", format_words[f->format]);
	if (f->type == FIELD_NUMBER)
		put_range(out, f);
	if (f->required)
		buf_lit(out, ", required");
	put_default(out, f);
	if (f->renamed_to || f->instead)
		buf_format(out, ", older spelling of %s",
			   f->renamed_to ? f->renamed_to : f->instead);
}

static void put_fields(struct buf *out, const struct shape *shape)
{
	buf_lit(out, "\nFields:\n");
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *f = &shape->fields[i];

		buf_format(out, "  %s  ", f->name);
		put_type(out, f);
		buf_char(out, '\n');
		if (f->help && *f->help)
			buf_format(out, "      %s\n", f->help);
	}
}

static void put_field(struct buf *out, struct str path, const struct shape_field *f)
{
	buf_format(out, "%.*s: ", STR(path));
	put_type(out, f);
	buf_format(out, "\n\n%s\n", f->help ? f->help : "");
	if (f->shape)
		put_fields(out, f->shape);
}

static enum described complain_field(struct buf *complaint, const struct shape *shape,
				     struct str name)
{
	struct str *names = NEW(complaint->mem, struct str, shape->n_fields);
	struct str closest;

	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[i] = str_of(shape->fields[i].name);
	closest = str_nearest(name, names, shape->n_fields);
	buf_format(complaint, "`%.*s` is not a field of %s", STR(name), shape->name);
	if (closest.n)
		buf_format(complaint, "; closest name: `%.*s`", STR(closest));
	return NOT_A_FIELD;
}

/* The part before the next dot; the rest goes into *rest. "items[]" is items. */
static struct str next_part(struct str *rest)
{
	int64_t dot = str_find(*rest, '.');
	uint32_t end = dot < 0 ? rest->n : (uint32_t)dot;
	struct str part = str_slice(*rest, 0, end);

	*rest = dot < 0 ? (struct str){ 0 } : str_slice(*rest, end + 1, rest->n);
	return str_ends(part, S("[]")) ? str_slice(part, 0, part.n - 2) : part;
}

enum described describe(struct buf *out, struct str path, struct buf *complaint)
{
	struct str rest = path;
	const struct kind_row *kind = kind_named(next_part(&rest));
	const struct shape_field *field = NULL;
	const struct shape *shape;
	struct str last = path;

	if (!kind)
		return NOT_A_KIND;
	shape = kind->shape;
	while (rest.n) {
		struct str part = next_part(&rest);

		if (!shape) {
			buf_format(complaint, "`%.*s` has no fields", STR(last));
			return NOT_A_FIELD;
		}
		field = field_named(shape, part);
		if (!field)
			return complain_field(complaint, shape, part);
		shape = field->shape;
		last = part;
	}
	if (field) {
		put_field(out, path, field);
		return DESCRIBED;
	}
	buf_format(out, "%s of %s\n\n%s\n", kind->name, kind->api, shape->help ? shape->help : "");
	put_fields(out, shape);
	return DESCRIBED;
}
