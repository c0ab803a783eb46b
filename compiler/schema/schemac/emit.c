/*
 * The model as C: structs that read as if written by hand, and the tables.
 */
#include "base/base.h"

#include "schema/schemac/local.h"

static const struct {
	const char *constant, *before; /* before the name of the member; NULL: there is none */
} types[] = {
	[FIELD_TEXT] = { "FIELD_TEXT", "struct text " },
	[FIELD_NUMBER] = { "FIELD_NUMBER", "struct number " },
	[FIELD_FLAG] = { "FIELD_FLAG", "struct flag " },
	[FIELD_CHOICE] = { "FIELD_CHOICE", "struct choice " },
	[FIELD_OBJECT] = { "FIELD_OBJECT", "const struct %s *" },
	[FIELD_NODE] = { "FIELD_NODE", "const struct node *" },
	[FIELD_TEXTS] = { "FIELD_TEXTS", "struct texts " },
	[FIELD_NUMBERS] = { "FIELD_NUMBERS", "struct numbers " },
	[FIELD_TEXT_MAP] = { "FIELD_TEXT_MAP", "struct text_map " },
	[FIELD_OBJECTS] = { "FIELD_OBJECTS", "LIST(struct %s) " },
	[FIELD_IGNORED] = { "FIELD_IGNORED", NULL },
	[FIELD_LATER] = { "FIELD_LATER", NULL },
};

static const char *const formats[FORMAT_MAX] = {
	[FORMAT_NONE] = "FORMAT_NONE",
	[FORMAT_DNS_LABEL] = "FORMAT_DNS_LABEL",
	[FORMAT_DNS_SUBDOMAIN] = "FORMAT_DNS_SUBDOMAIN",
	[FORMAT_HOSTNAME] = "FORMAT_HOSTNAME",
	[FORMAT_DURATION] = "FORMAT_DURATION",
	[FORMAT_PERCENT] = "FORMAT_PERCENT",
	[FORMAT_PORT] = "FORMAT_PORT",
	[FORMAT_CIDR] = "FORMAT_CIDR",
	[FORMAT_GIT_URL] = "FORMAT_GIT_URL",
	[FORMAT_GIT_BRANCH] = "FORMAT_GIT_BRANCH",
	[FORMAT_PATH] = "FORMAT_PATH",
	[FORMAT_HTTP_HEADER] = "FORMAT_HTTP_HEADER",
	[FORMAT_HTTP_METHOD] = "FORMAT_HTTP_METHOD",
	[FORMAT_HTTP_METHOD_PATTERN] = "FORMAT_HTTP_METHOD_PATTERN",
	[FORMAT_LABEL_KEY] = "FORMAT_LABEL_KEY",
	[FORMAT_LABEL_VALUE] = "FORMAT_LABEL_VALUE",
	[FORMAT_ADDRESS] = "FORMAT_ADDRESS",
	[FORMAT_REGEX] = "FORMAT_REGEX",
	[FORMAT_RATIO] = "FORMAT_RATIO",
};

static bool has_member(const struct field *f)
{
	return types[f->row.type].before && !f->row.renamed_to;
}

/* The description as a comment, broken before column 100. */
static void put_comment(FILE *f, const char *indent, const char *text)
{
	enum { WIDTH = 92 };
	size_t column = 0;

	fprintf(f, "%s/*", indent);
	while (*text) {
		size_t n = strcspn(text, " ");
		if (column && column + n > WIDTH) {
			fprintf(f, "\n%s *", indent);
			column = 0;
		}
		fputc(' ', f);
		for (size_t i = 0; i < n; i++) {
			/* A path such as "/api/" + "*" would open or close a comment. */
			bool opens = text[i] == '/' && text[i + 1] == '*',
			     closes = text[i] == '*' && text[i + 1] == '/';
			fputc(text[i], f);
			if (opens || closes)
				fputc(' ', f);
		}
		column += n + 1;
		text += n + strspn(text + n, " ");
	}
	fputs(" */\n", f);
}

static void put_upper(FILE *f, const char *name)
{
	for (; *name; name++)
		fputc(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name, f);
}

static void put_enum(FILE *f, const struct enumeration *e)
{
	const cJSON *value;

	put_comment(f, "", json_text(e->schema, "description"));
	fprintf(f, "enum %s {\n", e->name);
	for (value = json_first(e->schema, "enum"); value; value = value->next) {
		fputc('\t', f);
		put_upper(f, e->name);
		fputc('_', f);
		put_upper(f, value->valuestring);
		fputs(",\n", f);
	}
	fprintf(f, "};\nextern const struct choice_names names_%s;\n\n", e->name);
}

static void put_member(FILE *f, const struct field *m)
{
	if (!has_member(m))
		return;
	put_comment(f, "\t", m->row.help);
	fputc('\t', f);
	const char *before = types[m->row.type].before, *hole = strstr(before, "%s");
	if (hole)
		fprintf(f, "%.*s%s%s", (int)(hole - before), before, m->object->name, hole + 2);
	else
		fputs(before, f);
	fprintf(f, "%s;\n", m->member);
}

static void put_struct(FILE *f, const struct object *o)
{
	put_comment(f, "", json_text(o->schema, "description"));
	fprintf(f, "struct %s {\n\tstruct span at;\n", o->name);
	for (uint32_t i = 0; i < o->n_fields; i++)
		put_member(f, &o->fields[i]);
	fprintf(f, "};\nextern const struct shape shape_%s;\n\n", o->name);
}

void emit_header(FILE *f, const struct model *m)
{
	fputs("/* Made by schemac from schemas/. Edit those. */\n#pragma once\n\n#include "
	      "\"schema/shape.h\"\n\n",
	      f);
	fputs("/* The schema of each kind, complete in itself, sorted by kind. */\n"
	      "struct schema_text {\n\tconst char *kind, *text;\n\tsize_t n;\n};\n"
	      "extern const struct schema_text schema_texts[];\nextern const uint32_t "
	      "n_schema_texts;\n\n",
	      f);
	for (uint32_t i = 0; i < m->n_objects; i++)
		fprintf(f, "struct %s;\n", m->objects[i].name);
	fputc('\n', f);
	for (uint32_t i = 0; i < m->n_enums; i++)
		put_enum(f, &m->enums[i]);
	for (uint32_t i = 0; i < m->n_objects; i++)
		put_struct(f, &m->objects[i]);
}

void emit_literal(FILE *f, const char *text)
{
	if (!text) {
		fputs("NULL", f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '\n')
			fputs(text[1] ? "\\n\"\n\t\"" : "\\n", f);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < ' ' || c >= 0x7f || c == '?')
			fprintf(f, "\\%03o", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void put_text(FILE *f, const char *member, const char *text)
{
	if (!text)
		return;
	fprintf(f, "\t\t.%s = ", member);
	emit_literal(f, text);
	fputs(",\n", f);
}

static void put_number(FILE *f, const char *member, int64_t v)
{
	if (v)
		fprintf(f, "\t\t.%s = %" PRId64 ",\n", member, v);
}

static void put_row(FILE *f, const struct object *o, const struct field *m)
{
	const struct shape_field *row = &m->row;

	fputs("\t{\n", f);
	put_text(f, "name", row->name);
	put_text(f, "renamed_to", row->renamed_to);
	put_text(f, "instead", row->instead);
	put_text(f, "help", row->help);
	put_text(f, "ref", row->ref);
	if (m->object)
		fprintf(f, "\t\t.shape = &shape_%s,\n", m->object->name);
	if (m->choices)
		fprintf(f, "\t\t.choices = &names_%s,\n", m->choices->name);
	if (types[row->type].before)
		fprintf(f, "\t\t.offset = offsetof(struct %s, %s),\n", o->name, m->member);
	fprintf(f, "\t\t.type = %s,\n", types[row->type].constant);
	if (row->format)
		fprintf(f, "\t\t.format = %s,\n", formats[row->format]);
	put_number(f, "required", row->required);
	put_number(f, "has_minimum", row->has_minimum);
	put_number(f, "has_maximum", row->has_maximum);
	put_number(f, "has_default", row->has_default);
	put_number(f, "unique", row->unique);
	put_number(f, "only_objects", row->only_objects);
	put_number(f, "one_of", row->one_of);
	put_number(f, "min_items", row->min_items);
	put_number(f, "minimum", row->minimum);
	put_number(f, "maximum", row->maximum);
	put_number(f, "default_number", row->default_number);
	put_text(f, "default_text", row->default_text);
	fputs("\t},\n", f);
}

static void put_shape(FILE *f, const struct object *o)
{
	fprintf(f, "static const struct shape_field fields_of_%s[] = {\n", o->name);
	for (uint32_t i = 0; i < o->n_fields; i++)
		put_row(f, o, &o->fields[i]);
	fprintf(f, "};\n\nconst struct shape shape_%s = {\n\t.name = \"%s\",\n\t.help = ", o->name,
		o->title);
	emit_literal(f, json_text(o->schema, "description"));
	fprintf(f, ",\n\t.fields = fields_of_%s,\n\t.n_fields = %u,\n", o->name, o->n_fields);
	fprintf(f, "\t.size = sizeof(struct %s),\n\t.align = _Alignof(struct %s),\n", o->name,
		o->name);
	fprintf(f, "\t.open = %s,\n\t.required_groups = %u,\n};\n\n", o->open ? "true" : "false",
		o->required_groups);
}

static void put_names(FILE *f, const struct enumeration *e)
{
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(e->schema, "enum"), *value;

	fprintf(f, "static const char *const values_of_%s[] = {\n", e->name);
	for (value = values->child; value; value = value->next) {
		fputc('\t', f);
		emit_literal(f, value->valuestring);
		fputs(",\n", f);
	}
	fprintf(f, "};\n\nconst struct choice_names names_%s = { \"%s\", values_of_%s, %d };\n\n",
		e->name, e->schema->string, e->name, cJSON_GetArraySize(values));
}

void emit_tables(FILE *f, const struct model *m)
{
	fputs("/* Made by schemac from schemas/. Edit those. */\n#include \"base/base.h\"\n\n"
	      "#include \"schema/model.gen.h\"\n\n",
	      f);
	for (uint32_t i = 0; i < m->n_enums; i++)
		put_names(f, &m->enums[i]);
	for (uint32_t i = 0; i < m->n_objects; i++)
		put_shape(f, &m->objects[i]);
	emit_texts(f, m);
}
