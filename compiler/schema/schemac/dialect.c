/*
 * The closed dialect: which keyword may stand where, and how references resolve.
 *
 * Every keyword listed here is either enforced by what read.c and field.c make
 * of it, or documentation (description, title). A new keyword needs code first.
 */
#include "base/base.h"

#include "schema/schemac/local.h"

static const char *const root_words[] = { "$schema",        "title",      "description",
					  "x-meshc-struct", "type",       "additionalProperties",
					  "required",       "properties", "$defs",
					  "$ref",           NULL };
static const char *const common_words[] = { "$schema", "description", "$defs", NULL };
static const char *const object_words[] = { "description",  "type",     "additionalProperties",
					    "x-meshc-open", "required", "properties",
					    "oneOf",        "allOf",    NULL };
static const char *const enum_words[] = { "description", "type", "enum", NULL };
static const char *const scalar_words[] = { "description", "type",    "format", "pattern",
					    "minimum",     "maximum", NULL };
static const char *const property_words[] = { "description",
					      "type",
					      "format",
					      "minimum",
					      "maximum",
					      "default",
					      "const",
					      "deprecated",
					      "items",
					      "minItems",
					      "uniqueItems",
					      "additionalProperties",
					      "propertyNames",
					      "$ref",
					      "x-meshc-later",
					      "x-meshc-ignored",
					      "x-meshc-free",
					      "x-meshc-renamed-to",
					      "x-meshc-instead",
					      "x-meshc-minimum",
					      "x-meshc-maximum",
					      "x-meshc-ref",
					      NULL };
static const char *const items_words[] = { "type", "format", "minimum", "maximum", "$ref", NULL };

static const char *const *const words[PLACE_MAX] = {
	[PLACE_ROOT] = root_words,     [PLACE_COMMON] = common_words,
	[PLACE_OBJECT] = object_words, [PLACE_ENUM] = enum_words,
	[PLACE_SCALAR] = scalar_words, [PLACE_PROPERTY] = property_words,
	[PLACE_ITEMS] = items_words,
};

void check_keywords(const struct schema_file *file, enum place place, const char *where,
		    const cJSON *schema)
{
	const cJSON *keyword;

	if (!cJSON_IsObject(schema))
		refuse(file, where, "a schema must be an object");
	for (keyword = schema->child; keyword; keyword = keyword->next) {
		const char *const *word = words[place];
		while (*word && strcmp(*word, keyword->string) != 0)
			word++;
		if (!*word)
			refuse(file, where, "keyword `%s` is not one that meshc enforces here",
			       keyword->string);
	}
	if (place != PLACE_ITEMS && !json_text(schema, "description"))
		refuse(file, where, "there is no description");
}

const char *json_text(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

cJSON *json_first(const cJSON *object, const char *key)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, key);

	return list ? list->child : NULL;
}

bool json_is_true(const cJSON *object, const char *key)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

/* `common.schema.json` in kubernetes/Service.schema.json is kubernetes/common.schema.json. */
static const struct schema_file *file_of(const struct model *m, const struct schema_file *from,
					 const char *ref, size_t n)
{
	char path[MODEL_NAME * 2];
	const char *slash = strrchr(from->path, '/');
	int folder = slash ? (int)(slash - from->path) + 1 : 0;

	if (!n)
		return from;
	snprintf(path, sizeof path, "%.*s%.*s", folder, from->path, (int)n, ref);
	for (uint32_t i = 0; i < m->n_files; i++)
		if (!strcmp(m->files[i].path, path))
			return &m->files[i];
	return NULL;
}

const cJSON *resolve(const struct model *m, const struct schema_file *from, const char *where,
		     const char *ref, const struct schema_file **in)
{
	static const char marker[] = "#/$defs/";
	const char *at = strstr(ref, marker);

	*in = at ? file_of(m, from, ref, (size_t)(at - ref)) : NULL;
	const cJSON *defs = *in ? cJSON_GetObjectItemCaseSensitive((*in)->root, "$defs") : NULL;
	const cJSON *found =
		defs ? cJSON_GetObjectItemCaseSensitive(defs, at + sizeof marker - 1) : NULL;
	if (!found)
		refuse(from, where, "`$ref` to `%s` leads nowhere", ref);
	return found;
}
