/*
 * The shapes as tables in Markdown.
 *
 * Everything printed stands in a row of a shape: what the decoder enforces and
 * what the reader is told cannot differ.
 */
#include "base/base.h"

#include "schema/describe.h"
#include "schema/format.h"

#include "base/vec.h"

struct listing {
	struct buf *out;
	VEC(const struct shape *) shapes;
};

const struct shape_field *shape_find(const struct shape *shape, struct str name)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (str_eq(str_of(shape->fields[i].name), name))
			return &shape->fields[i];
	return NULL;
}

static void list_once(struct listing *l, const struct shape *shape)
{
	for (uint32_t i = 0; i < l->shapes.n; i++)
		if (l->shapes.at[i] == shape)
			return;
	vec_add(l->out->mem, &l->shapes, shape);
}

/* `|` would end the cell. */
static void put_cell(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_char(out, '\\');
		buf_char(out, *text);
	}
}

static void put_range(struct buf *out, const struct shape_field *f)
{
	struct str low = format_number(out->mem, f->format, f->minimum);
	struct str high = format_number(out->mem, f->format, f->maximum);

	if (f->has_minimum && f->has_maximum)
		buf_format(out, ", %.*s to %.*s", STR(low), STR(high));
	else if (f->has_minimum)
		buf_format(out, ", at least %.*s", STR(low));
	else if (f->has_maximum)
		buf_format(out, ", at most %.*s", STR(high));
}

static void put_scalar_type(struct buf *out, const struct shape_field *f, const char *plain)
{
	buf_str(out, str_of(f->format == FORMAT_NONE || f->format == FORMAT_REGEX
				    ? plain
				    : format_words(f->format)->name));
	put_range(out, f);
}

static void put_choices(struct buf *out, const struct choice_names *names)
{
	for (uint32_t i = 0; i < names->n; i++)
		buf_format(out, "%s`%s`", i ? ", " : "", names->values[i]);
}

static void put_type(struct buf *out, const struct shape_field *f)
{
	switch (f->type) {
	case FIELD_TEXT:
		put_scalar_type(out, f, "text");
		return;
	case FIELD_NUMBER:
		put_scalar_type(out, f, "whole number");
		return;
	case FIELD_FLAG:
		buf_lit(out, "true or false");
		return;
	case FIELD_CHOICE:
		put_choices(out, f->choices);
		return;
	case FIELD_OBJECT:
		buf_str(out, str_of(f->shape->name));
		return;
	case FIELD_NODE:
		buf_str(out, f->only_objects ? S("object") : S("anything"));
		return;
	case FIELD_TEXTS:
		buf_lit(out, "list of ");
		put_scalar_type(out, f, "text");
		return;
	case FIELD_NUMBERS:
		buf_lit(out, "list of ");
		put_scalar_type(out, f, "whole number");
		return;
	case FIELD_TEXT_MAP:
		buf_lit(out, "texts by name");
		return;
	case FIELD_OBJECTS:
		buf_format(out, "list of %s", f->shape->name);
		return;
	case FIELD_IGNORED:
		buf_lit(out, "not read");
		return;
	case FIELD_LATER:
		buf_lit(out, "not implemented");
		return;
	}
	BUG("field type %d", (int)f->type);
}

static void put_default(struct buf *out, const struct shape_field *f)
{
	if (f->required)
		buf_lit(out, "required");
	if (!f->has_default || f->type == FIELD_OBJECT)
		return;
	if (f->default_text)
		buf_format(out, "`%s`", f->default_text);
	else if (f->type == FIELD_FLAG)
		buf_str(out, f->default_number ? S("`true`") : S("`false`"));
	else if (f->type == FIELD_CHOICE)
		buf_format(out, "`%s`", f->choices->values[f->default_number]);
	else
		buf_format(out, "`%.*s`",
			   STR(format_number(out->mem, f->format, f->default_number)));
}

static void put_row(struct listing *l, const struct shape_field *f)
{
	buf_format(l->out, "| `%s` | ", f->name);
	put_type(l->out, f);
	buf_lit(l->out, " | ");
	put_default(l->out, f);
	buf_lit(l->out, " | ");
	put_cell(l->out, f->help);
	if (f->ref)
		buf_format(l->out, " Refers to a %s of the inventory.", f->ref);
	buf_lit(l->out, " |\n");
	if (f->type == FIELD_OBJECT || f->type == FIELD_OBJECTS)
		list_once(l, f->shape);
}

/* apiVersion, kind and status are the same for every document. */
static bool is_worth_a_row(const struct shape_field *f)
{
	struct str name = str_of(f->name);

	return f->type != FIELD_IGNORED && !str_eq(name, S("apiVersion")) &&
	       !str_eq(name, S("kind"));
}

static void put_shape(struct listing *l, const struct shape *shape)
{
	buf_format(l->out, "### %s\n\n%s\n\n", shape->name, shape->help);
	buf_lit(l->out, "| Field | Type | Default | Meaning |\n|---|---|---|---|\n");
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (is_worth_a_row(&shape->fields[i]))
			put_row(l, &shape->fields[i]);
	buf_char(l->out, '\n');
}

void describe_markdown(struct buf *out, const struct shape *const *shapes, uint32_t n)
{
	struct listing l = { .out = out };

	for (uint32_t i = 0; i < n; i++) {
		list_once(&l, shapes[i]);
		for (uint32_t next = l.shapes.n - 1; next < l.shapes.n; next++)
			put_shape(&l, l.shapes.at[next]);
	}
}
