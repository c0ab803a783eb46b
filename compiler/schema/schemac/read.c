/*
 * $defs and whole documents -> objects and enumerations; groups of which one
 * field may be given.
 */
#include "base/base.h"

#include "schema/schemac/local.h"

/* `TlsMode` -> tls_mode, `externalIPs` -> external_ips; words that C keeps get `_`. */
static void snake(char *out, const char *name)
{
	static const char *const taken[] = { "default", "switch", "case",  "for",    "if",
					     "int",     "long",   "short", "static", "struct",
					     "union",   "enum",   "const", "return", "register",
					     "auto",    "at" };
	size_t n = 0;

	for (size_t i = 0; name[i] && n + 2 < MODEL_NAME; i++) {
		bool upper = name[i] >= 'A' && name[i] <= 'Z';
		bool after_small = i && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z');
		if (upper && after_small)
			out[n++] = '_';
		out[n++] = (char)(upper ? name[i] - 'A' + 'a' : name[i]);
	}
	for (size_t i = 0; i < countof(taken); i++)
		if (strlen(taken[i]) == n && !memcmp(taken[i], out, n)) {
			out[n++] = '_';
			break;
		}
	out[n] = '\0';
}

static bool is_object(const cJSON *schema)
{
	return cJSON_HasObjectItem(schema, "properties");
}

static void add_object(struct model *m, const struct schema_file *file, const cJSON *schema,
		       const char *name, const char *kind)
{
	struct object *o = &m->objects[m->n_objects];

	if (m->n_objects == MODEL_OBJECTS - 1)
		refuse(file, name, "more objects than schemac takes");
	o->file = file;
	o->schema = schema;
	o->kind = kind;
	snake(o->name, name);
	snprintf(o->title, sizeof o->title, "%s", kind ? kind : name);
	for (uint32_t i = 0; i < m->n_objects; i++)
		if (!strcmp(m->objects[i].name, o->name))
			refuse(file, name, "the name is taken by %s", m->objects[i].file->path);
	m->n_objects++;
}

static void add_enum(struct model *m, const struct schema_file *file, const cJSON *schema)
{
	struct enumeration *e = &m->enums[m->n_enums];
	const cJSON *value;

	if (m->n_enums++ == MODEL_OBJECTS - 1)
		refuse(file, schema->string, "more enums than schemac takes");
	check_keywords(file, PLACE_ENUM, schema->string, schema);
	for (value = json_first(schema, "enum"); value; value = value->next)
		if (!cJSON_IsString(value))
			refuse(file, schema->string, "a value of `enum` is not text");
	e->file = file;
	e->schema = schema;
	snake(e->name, schema->string);
}

static void add_definition(struct model *m, const struct schema_file *file, const cJSON *schema)
{
	if (is_object(schema)) {
		check_keywords(file, PLACE_OBJECT, schema->string, schema);
		add_object(m, file, schema, schema->string, NULL);
	} else if (cJSON_HasObjectItem(schema, "enum")) {
		add_enum(m, file, schema);
	} else {
		check_keywords(file, PLACE_SCALAR, schema->string, schema);
	}
}

/* A file without title holds shared definitions; one whose root is a reference names a kind of them. */
static void add_root(struct model *m, const struct schema_file *file)
{
	const char *kind = json_text(file->root, "title");
	const char *name = json_text(file->root, "x-meshc-struct");

	check_keywords(file, kind ? PLACE_ROOT : PLACE_COMMON, kind ? kind : "root", file->root);
	if (!kind || json_text(file->root, "$ref"))
		return;
	if (!name)
		refuse(file, kind, "`x-meshc-struct` must name the struct");
	add_object(m, file, file->root, name, kind);
}

/* Fields of a document that are objects of the same file are called `Kind.field`. */
static void title_parts(struct model *m, const struct object *whole)
{
	for (uint32_t i = 0; i < whole->n_fields; i++) {
		const struct object *part = whole->fields[i].object;
		if (!part || part->file != whole->file)
			continue;
		struct object *o = &m->objects[part - m->objects];
		snprintf(o->title, sizeof o->title, "%.40s.%.50s", whole->kind,
			 whole->fields[i].row.name);
	}
}

static void check_closed(struct object *o)
{
	const cJSON *additional =
		cJSON_GetObjectItemCaseSensitive(o->schema, "additionalProperties");
	const char *type = json_text(o->schema, "type");

	o->open = json_is_true(o->schema, "x-meshc-open");
	if (!type || strcmp(type, "object") != 0)
		refuse(o->file, o->title, "`type` must be `object`");
	if (o->open == (additional != NULL) || (additional && !cJSON_IsFalse(additional)))
		refuse(o->file, o->title,
		       "needs either `additionalProperties: false` or `x-meshc-open: true`");
}

static struct field *find_field(struct object *o, const char *name)
{
	for (uint32_t i = 0; i < o->n_fields; i++)
		if (name && !strcmp(o->fields[i].row.name, name))
			return &o->fields[i];
	return NULL;
}

static void mark_required(struct object *o)
{
	const cJSON *name;

	for (name = json_first(o->schema, "required"); name; name = name->next) {
		struct field *f = find_field(o, cJSON_GetStringValue(name));
		if (!f)
			refuse(o->file, o->title, "`required` names no property");
		f->row.required = true;
	}
}

/* An older spelling is stored where the newer is: both must be alike. */
static void join_renamed(struct object *o)
{
	for (uint32_t i = 0; i < o->n_fields; i++) {
		struct field *old = &o->fields[i];
		if (!old->row.renamed_to)
			continue;
		const struct field *new = find_field(o, old->row.renamed_to);
		if (!new || new->row.type != old->row.type || new->object != old->object ||
		    new->row.format != old->row.format)
			refuse(o->file, old->row.name,
			       "`x-meshc-renamed-to` must name a property of the same type");
		memcpy(old->member, new->member, sizeof old->member);
	}
}

/* `{"required": ["x"]}` -> the field x. */
static struct field *branch_field(struct object *o, const cJSON *branch)
{
	const cJSON *names = cJSON_GetObjectItemCaseSensitive(branch, "required");
	struct field *f = find_field(o, cJSON_GetStringValue(cJSON_GetArrayItem(names, 0)));

	if (!f || cJSON_GetArraySize(names) != 1 || cJSON_GetArraySize(branch) != 1)
		refuse(o->file, o->title,
		       "a branch of `oneOf` must be {\"required\": [one property]}");
	return f;
}

/* The last branch may say that none is given: {"not": {"anyOf": [all other branches]}}. */
static void check_none(struct object *o, const cJSON *one_of, const cJSON *none)
{
	const cJSON *any = cJSON_GetObjectItemCaseSensitive(none, "anyOf");
	const cJSON *left = one_of->child, *right;

	for (right = json_first(none, "anyOf"); right; right = right->next) {
		if (!cJSON_Compare(left, right, true))
			break;
		left = left ? left->next : NULL;
	}
	if (!any || right || !left || left->next)
		refuse(o->file, o->title,
		       "`not` must hold `anyOf` with the other branches of its `oneOf`");
}

static void read_group(struct object *o, const cJSON *one_of, int8_t group)
{
	const cJSON *branch;
	bool required = true;

	if (group == SHAPE_GROUPS)
		refuse(o->file, o->title, "more groups of `oneOf` than the decoder counts");
	for (branch = one_of->child; branch; branch = branch->next) {
		const cJSON *none = cJSON_GetObjectItemCaseSensitive(branch, "not");
		if (none && !branch->next) {
			check_none(o, one_of, none);
			required = false;
			continue;
		}
		struct field *f = branch_field(o, branch);
		if (f->row.one_of)
			refuse(o->file, f->row.name, "is in two groups of `oneOf`");
		f->row.one_of = group;
	}
	if (required)
		o->required_groups |= 1u << group;
}

void read_groups(struct object *o)
{
	const cJSON *one_of = cJSON_GetObjectItemCaseSensitive(o->schema, "oneOf"), *part;
	int8_t group = 1;

	if (one_of)
		read_group(o, one_of, group++);
	for (part = json_first(o->schema, "allOf"); part; part = part->next) {
		one_of = cJSON_GetObjectItemCaseSensitive(part, "oneOf");
		if (!one_of || cJSON_GetArraySize(part) != 1)
			refuse(o->file, o->title, "`allOf` may hold nothing but `oneOf`");
		read_group(o, one_of, group++);
	}
}

static void read_fields(struct model *m, struct object *o)
{
	const cJSON *property;

	check_closed(o);
	for (property = json_first(o->schema, "properties"); property; property = property->next) {
		struct field *f = &o->fields[o->n_fields];
		if (o->n_fields == SHAPE_FIELDS - 1)
			refuse(o->file, o->title, "more properties than schemac takes");
		snake(f->member, property->string);
		read_field(m, o, property);
		o->n_fields++;
	}
	mark_required(o);
	join_renamed(o);
	read_groups(o);
}

static bool is_kind(const struct model *m, const char *name)
{
	for (uint32_t i = 0; i < m->n_files; i++) {
		const char *kind = json_text(m->files[i].root, "title");
		if (kind && !strcmp(kind, name))
			return true;
	}
	return false;
}

/* What a field refers to must be something that has a schema. */
static void check_references(const struct model *m, const struct object *o)
{
	for (uint32_t i = 0; i < o->n_fields; i++) {
		const struct shape_field *row = &o->fields[i].row;
		if (row->ref && !is_kind(m, row->ref))
			refuse(o->file, row->name, "`x-meshc-ref` to `%s`, which is no kind",
			       row->ref);
	}
}

void model_read(struct model *m)
{
	for (uint32_t i = 0; i < m->n_files; i++) {
		const cJSON *definition;
		add_root(m, &m->files[i]);
		for (definition = json_first(m->files[i].root, "$defs"); definition;
		     definition = definition->next)
			add_definition(m, &m->files[i], definition);
	}
	for (uint32_t i = 0; i < m->n_objects; i++) {
		read_fields(m, &m->objects[i]);
		check_references(m, &m->objects[i]);
	}
	for (uint32_t i = 0; i < m->n_objects; i++)
		if (m->objects[i].kind)
			title_parts(m, &m->objects[i]);
}
