/*
 * One schema per kind that is complete in itself, for editors: the definitions
 * of other files are taken in, references point into the same document, and
 * our own keywords turn into words or are left out.
 */
#include "base/base.h"

#include "schema/schemac/local.h"

struct bundle {
	const struct model *model;
	cJSON *root, *defs;
};

static void take_in(struct bundle *, const struct schema_file *, cJSON *schema);

static void take_definition(struct bundle *b, const struct schema_file *from, cJSON *ref)
{
	const struct schema_file *in;
	const cJSON *definition = resolve(b->model, from, "$ref", ref->valuestring, &in);
	char local[MODEL_NAME * 2];

	snprintf(local, sizeof local, "#/$defs/%s", definition->string);
	cJSON_SetValuestring(ref, local);
	if (cJSON_HasObjectItem(b->defs, definition->string))
		return;
	cJSON *copy = cJSON_Duplicate(definition, true);
	cJSON_AddItemToObject(b->defs, definition->string, copy);
	take_in(b, in, copy);
}

static void say_later(cJSON *schema)
{
	char text[2048];
	const char *description = json_text(schema, "description");

	snprintf(text, sizeof text,
		 "%s Not implemented by this version of meshc: giving it is an error.",
		 description ? description : "");
	cJSON_ReplaceItemInObjectCaseSensitive(schema, "description", cJSON_CreateString(text));
}

static void drop_own_words(cJSON *schema)
{
	if (cJSON_IsObject(schema) && json_is_true(schema, "x-meshc-later"))
		say_later(schema);
	for (cJSON *next, *word = schema->child; word; word = next) {
		next = word->next;
		if (word->string && !strncmp(word->string, "x-meshc-", 8))
			cJSON_Delete(cJSON_DetachItemViaPointer(schema, word));
	}
}

static void take_in(struct bundle *b, const struct schema_file *file, cJSON *schema)
{
	cJSON *part;

	drop_own_words(schema);
	for (part = schema->child; part; part = part->next) {
		if (part->string && !strcmp(part->string, "$ref") && cJSON_IsString(part))
			take_definition(b, file, part);
		else
			take_in(b, file, part);
	}
}

/* Definitions in the order of their names: nothing of the walk shows. */
static void sort_members(cJSON *object)
{
	cJSON *sorted = cJSON_CreateObject();

	while (object->child) {
		cJSON *least = object->child, *item;
		for (item = object->child; item; item = item->next)
			if (strcmp(item->string, least->string) < 0)
				least = item;
		cJSON *moved = cJSON_DetachItemViaPointer(object, least);
		char name[MODEL_NAME];
		snprintf(name, sizeof name, "%s", moved->string);
		cJSON_AddItemToObject(sorted, name, moved);
	}
	object->child = sorted->child;
	sorted->child = NULL;
	cJSON_Delete(sorted);
}

/* cJSON puts a tab behind each colon; inside of strings it writes tabs as `\t`. */
static void space_out(char *text)
{
	for (; *text; text++)
		if (text[0] == ':' && text[1] == '\t')
			text[1] = ' ';
}

static char *bundle_text(const struct model *m, const struct schema_file *file)
{
	struct bundle b = { .model = m,
			    .root = cJSON_Duplicate(file->root, true),
			    .defs = cJSON_CreateObject() };

	cJSON_DeleteItemFromObjectCaseSensitive(b.root, "$defs");
	take_in(&b, file, b.root);
	sort_members(b.defs);
	cJSON_AddItemToObject(b.root, "$defs", b.defs);
	char *text = cJSON_Print(b.root);
	cJSON_Delete(b.root);
	space_out(text);
	return text;
}

static const char *kind_of(const struct schema_file *file)
{
	const char *title = json_text(file->root, "title");

	return title ? title : "";
}

void emit_texts(FILE *f, const struct model *m)
{
	uint32_t n = 0;
	const char *last = "";

	fputs("const struct schema_text schema_texts[] = {\n", f);
	for (;;) {
		const struct schema_file *next = NULL;
		for (uint32_t i = 0; i < m->n_files; i++)
			if (strcmp(kind_of(&m->files[i]), last) > 0 &&
			    (!next || strcmp(kind_of(&m->files[i]), kind_of(next)) < 0))
				next = &m->files[i];
		if (!next)
			break;
		last = kind_of(next);
		char *text = bundle_text(m, next);
		fprintf(f, "\t{ \"%s\",\n\t", last);
		emit_literal(f, text);
		fprintf(f, "\n\t\"\\n\", %zu },\n", strlen(text) + 1);
		free(text);
		n++;
	}
	fprintf(f, "};\n\nconst uint32_t n_schema_texts = %u;\n", n);
}
