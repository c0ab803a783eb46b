/*
 * One property of an object -> one row.
 */
#include "base/base.h"

#include "schema/scalar.h"
#include "schema/schemac/local.h"

static const struct {
	const char *name, *type;
	enum format format;
	uint32_t decimals; /* of a number: it is stored times 10^decimals */
} formats[] = {
	{ "dns-label", "string", FORMAT_DNS_LABEL, 0 },
	{ "dns-subdomain", "string", FORMAT_DNS_SUBDOMAIN, 0 },
	{ "hostname", "string", FORMAT_HOSTNAME, 0 },
	{ "go-duration", "string", FORMAT_DURATION, 0 },
	{ "percent", "number", FORMAT_PERCENT, 4 },
	{ "ratio", "number", FORMAT_RATIO, 6 },
	{ "port", "integer", FORMAT_PORT, 0 },
	{ "path", "string", FORMAT_PATH, 0 },
	{ "http-header", "string", FORMAT_HTTP_HEADER, 0 },
	{ "http-method", "string", FORMAT_HTTP_METHOD, 0 },
	{ "http-method-pattern", "string", FORMAT_HTTP_METHOD_PATTERN, 0 },
	{ "label-key", "string", FORMAT_LABEL_KEY, 0 },
	{ "label-value", "string", FORMAT_LABEL_VALUE, 0 },
	{ "address", "string", FORMAT_ADDRESS, 0 },
	{ "cidr", "string", FORMAT_CIDR, 0 },
	{ "git-url", "string", FORMAT_GIT_URL, 0 },
	{ "git-branch", "string", FORMAT_GIT_BRANCH, 0 },
	{ "re2", "string", FORMAT_REGEX, 0 },
};

/* A property or item and the $def it refers to: what one does not say the other may. */
struct scalar {
	const struct schema_file *file;
	const char *where;
	const cJSON *own, *base;
	const char *type;
	enum format format;
	uint32_t decimals;
};

static const cJSON *look(const struct scalar *s, const char *key)
{
	const cJSON *own = cJSON_GetObjectItemCaseSensitive(s->own, key);

	return own || !s->base ? own : cJSON_GetObjectItemCaseSensitive(s->base, key);
}

static void look_format(struct scalar *s)
{
	const char *name = cJSON_GetStringValue(look(s, "format"));

	s->type = cJSON_GetStringValue(look(s, "type"));
	for (size_t i = 0; name && i < countof(formats); i++)
		if (!strcmp(formats[i].name, name) && s->type &&
		    !strcmp(formats[i].type, s->type)) {
			s->format = formats[i].format;
			s->decimals = formats[i].decimals;
		}
	if (name && !s->format)
		refuse(s->file, s->where, "`format: %s` does not go with `type: %s`", name,
		       s->type ? s->type : "");
	if (s->type && !strcmp(s->type, "number") && !s->decimals)
		refuse(s->file, s->where,
		       "`type: number` needs a format that says how it is stored");
}

/* What stands for a number in the schema, in the unit in which it is stored. */
static int64_t stored(const struct scalar *s, const cJSON *value)
{
	int64_t v = 0;
	char *digits = cJSON_IsString(value) ? NULL : cJSON_PrintUnformatted(value);
	struct str text = str_of(digits ? digits : cJSON_GetStringValue(value));
	enum scalar_fault fault =
		digits ? scalar_decimal(text, s->decimals, &v) : scalar_duration(text, &v);

	if (fault != SCALAR_FINE || !digits != (s->format == FORMAT_DURATION))
		refuse(s->file, s->where, "`%.*s` cannot be read as this type", STR(text));
	free(digits);
	return v;
}

static void read_range(const struct scalar *s, struct shape_field *row)
{
	bool duration = s->format == FORMAT_DURATION;
	const cJSON *low = look(s, duration ? "x-meshc-minimum" : "minimum");
	const cJSON *high = look(s, duration ? "x-meshc-maximum" : "maximum");

	if (look(s, duration ? "minimum" : "x-meshc-minimum") ||
	    look(s, duration ? "maximum" : "x-meshc-maximum"))
		refuse(s->file, s->where,
		       "durations have `x-meshc-minimum`, other numbers `minimum`");
	row->has_minimum = low != NULL;
	row->has_maximum = high != NULL;
	row->minimum = low ? stored(s, low) : 0;
	row->maximum = high ? stored(s, high) : 0;
}

static struct scalar scalar_of(const struct model *m, const struct object *o, const char *where,
			       const cJSON *schema)
{
	const char *ref = json_text(schema, "$ref");
	struct scalar s = { .file = o->file, .where = where, .own = schema };

	if (ref)
		s.base = resolve(m, o->file, where, ref, &s.file);
	look_format(&s);
	return s;
}

static bool is_number(const struct scalar *s)
{
	return s->format == FORMAT_DURATION || !strcmp(s->type, "integer") ||
	       !strcmp(s->type, "number");
}

static void read_scalar(const struct scalar *s, struct shape_field *row)
{
	if (!s->type)
		refuse(s->file, s->where, "there is no type");
	row->format = s->format;
	if (is_number(s))
		row->type = FIELD_NUMBER;
	else if (!strcmp(s->type, "string"))
		row->type = FIELD_TEXT;
	else if (!strcmp(s->type, "boolean"))
		row->type = FIELD_FLAG;
	else
		refuse(s->file, s->where, "`type: %s` is not one that meshc enforces here",
		       s->type);
	if (row->type == FIELD_NUMBER)
		read_range(s, row);
	else if (look(s, "minimum") || look(s, "maximum") || look(s, "x-meshc-minimum"))
		refuse(s->file, s->where, "only numbers have a range");
}

static const struct object *object_at(const struct model *m, const cJSON *schema)
{
	for (uint32_t i = 0; i < m->n_objects; i++)
		if (m->objects[i].schema == schema)
			return &m->objects[i];
	return NULL;
}

static const struct enumeration *enum_at(const struct model *m, const cJSON *schema)
{
	for (uint32_t i = 0; i < m->n_enums; i++)
		if (m->enums[i].schema == schema)
			return &m->enums[i];
	return NULL;
}

static void read_list(const struct model *m, struct object *o, struct field *f,
		      const cJSON *property)
{
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(property, "items");
	const cJSON *least = cJSON_GetObjectItemCaseSensitive(property, "minItems");
	struct scalar s = { 0 };

	check_keywords(o->file, PLACE_ITEMS, f->row.name, items);
	s = scalar_of(m, o, f->row.name, items);
	f->row.min_items = least ? (uint32_t)least->valueint : 0;
	f->row.unique = json_is_true(property, "uniqueItems");
	f->object = s.base ? object_at(m, s.base) : NULL;
	if (f->object) {
		f->row.type = FIELD_OBJECTS;
		if (f->row.unique)
			refuse(o->file, f->row.name,
			       "`uniqueItems` is enforced for texts and numbers only");
		return;
	}
	read_scalar(&s, &f->row);
	if (f->row.type == FIELD_FLAG)
		refuse(o->file, f->row.name, "lists of booleans have no struct");
	f->row.type = f->row.type == FIELD_TEXT ? FIELD_TEXTS : FIELD_NUMBERS;
}

/* Keys and values have one format between them: label keys go with label values, header names with any text. */
static void read_map(const struct model *m, struct object *o, struct field *f,
		     const cJSON *property)
{
	const cJSON *keys = cJSON_GetObjectItemCaseSensitive(property, "propertyNames");
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(property, "additionalProperties");
	enum format key = FORMAT_NONE, value;

	check_keywords(o->file, PLACE_ITEMS, f->row.name, values);
	value = scalar_of(m, o, f->row.name, values).format;
	if (keys) {
		check_keywords(o->file, PLACE_ITEMS, f->row.name, keys);
		key = scalar_of(m, o, f->row.name, keys).format;
	}
	bool labels = key == FORMAT_LABEL_KEY && value == FORMAT_LABEL_VALUE;
	bool headers = key == FORMAT_HTTP_HEADER && value == FORMAT_NONE;
	if (!labels && !headers && (key || value))
		refuse(o->file, f->row.name,
		       "these formats of keys and values are not checked together");
	f->row.type = FIELD_TEXT_MAP;
	f->row.format = labels ? FORMAT_LABEL_VALUE : key;
}

static void read_choice_default(const struct object *o, struct field *f, const cJSON *value)
{
	const cJSON *name;
	int64_t i = 0;

	for (name = json_first(f->choices->schema, "enum"); name; name = name->next) {
		if (cJSON_Compare(name, value, true)) {
			f->row.default_number = i;
			return;
		}
		i++;
	}
	refuse(o->file, f->row.name, "the default is not a value of the enum");
}

static void read_number_default(const struct scalar *s, struct field *f, const cJSON *value)
{
	f->row.default_number = stored(s, value);
	if ((f->row.has_minimum && f->row.default_number < f->row.minimum) ||
	    (f->row.has_maximum && f->row.default_number > f->row.maximum))
		refuse(s->file, f->row.name, "the default is out of range");
}

static void read_default(const struct model *m, const struct object *o, struct field *f,
			 const cJSON *property)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(property, "default");
	struct scalar s = { 0 };

	if (!value)
		return;
	f->row.has_default = true;
	if (f->row.type == FIELD_CHOICE) {
		read_choice_default(o, f, value);
	} else if (f->row.type == FIELD_NUMBER) {
		s = scalar_of(m, o, f->row.name, property);
		read_number_default(&s, f, value);
	} else if (f->row.type == FIELD_FLAG && cJSON_IsBool(value)) {
		f->row.default_number = cJSON_IsTrue(value);
	} else if (f->row.type == FIELD_TEXT && cJSON_IsString(value)) {
		f->row.default_text = value->valuestring;
	} else if (f->row.type == FIELD_TEXTS && cJSON_GetArraySize(value) == 1 &&
		   cJSON_IsString(value->child)) {
		f->row.default_text = value->child->valuestring;
	} else if (f->row.type != FIELD_OBJECT || !cJSON_IsObject(value) ||
		   cJSON_GetArraySize(value)) {
		refuse(o->file, f->row.name, "meshc has no such default");
	}
}

/* Fields without a value of their own. True: that is all there is to read. */
static bool read_opaque(struct object *o, struct field *f, const cJSON *property)
{
	bool later = json_is_true(property, "x-meshc-later"),
	     ignored = json_is_true(property, "x-meshc-ignored");

	if (json_is_true(property, "x-meshc-free")) {
		const char *type = json_text(property, "type");
		if (type && strcmp(type, "object") != 0)
			refuse(o->file, f->row.name,
			       "a free field may only be said to be an object");
		f->row.type = FIELD_NODE;
		f->row.only_objects = type != NULL;
		return true;
	}
	if (!later && !ignored)
		return false;
	if (cJSON_GetArraySize(property) != 2)
		refuse(o->file, f->row.name,
		       "a field that is not read takes nothing but a description");
	f->row.type = later ? FIELD_LATER : FIELD_IGNORED;
	return true;
}

static void check_const(const struct object *o, const cJSON *property)
{
	const char *value = json_text(property, "const");

	if (!cJSON_HasObjectItem(property, "const"))
		return;
	if (!value || !o->kind ||
	    (!strcmp(property->string, "kind") && strcmp(value, o->kind) != 0))
		refuse(o->file, property->string,
		       "`const` stands in `apiVersion` and `kind` of a whole document only");
}

static void read_typed(const struct model *m, struct object *o, struct field *f,
		       const cJSON *property)
{
	struct scalar s = scalar_of(m, o, f->row.name, property);

	f->object = s.base ? object_at(m, s.base) : NULL;
	f->choices = s.base ? enum_at(m, s.base) : NULL;
	if (f->object)
		f->row.type = FIELD_OBJECT;
	else if (f->choices)
		f->row.type = FIELD_CHOICE;
	else if (s.type && !strcmp(s.type, "array"))
		read_list(m, o, f, property);
	else if (s.type && !strcmp(s.type, "object"))
		read_map(m, o, f, property);
	else
		read_scalar(&s, &f->row);
}

void read_field(const struct model *m, struct object *o, const cJSON *property)
{
	struct field *f = &o->fields[o->n_fields];

	check_keywords(o->file, PLACE_PROPERTY, property->string, property);
	check_const(o, property);
	f->row.name = property->string;
	f->row.help = json_text(property, "description");
	f->row.ref = json_text(property, "x-meshc-ref");
	f->row.renamed_to = json_text(property, "x-meshc-renamed-to");
	f->row.instead = json_text(property, "x-meshc-instead");
	if (json_is_true(property, "deprecated") != (f->row.renamed_to || f->row.instead))
		refuse(o->file, f->row.name,
		       "`deprecated` goes with `x-meshc-renamed-to` or `x-meshc-instead`");
	if (read_opaque(o, f, property))
		return;
	read_typed(m, o, f, property);
	read_default(m, o, f, property);
}
