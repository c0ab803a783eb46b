/*
 * schemac: schemas/ -> model.gen.h and model.gen.c, while building.
 *
 * It reads a closed dialect of JSON Schema and stops at any keyword that it does
 * not turn into code, so that a schema cannot promise what nobody enforces.
 */
#pragma once

#include "schema/shape.h"

#include <cjson/cJSON.h>
#include <stdio.h>

enum {
	MODEL_FILES = 64,
	MODEL_OBJECTS = 256,
	MODEL_NAME = 96,
};

struct schema_file {
	const char *path; /* "kubernetes/Service.schema.json": below schemas/ */
	char *text;
	cJSON *root;
};

struct enumeration {
	char name[MODEL_NAME]; /* tls_mode */
	const struct schema_file *file;
	const cJSON *schema; /* its key is the name of the $def */
};

struct field {
	char member[MODEL_NAME];
	const struct object *object; /* FIELD_OBJECT, FIELD_OBJECTS */
	const struct enumeration *choices;
	struct shape_field
		row; /* texts point into the schema; offset, shape and choices stay empty */
};

struct object {
	char name[MODEL_NAME];  /* traffic_rules */
	char title[MODEL_NAME]; /* "TrafficPolicy.spec", "TrafficRules" */
	const struct schema_file *file;
	const cJSON *schema;
	const char *kind; /* set: the whole document of this kind */
	struct field fields[SHAPE_FIELDS];
	uint32_t n_fields;
	bool open;
	uint32_t required_groups;
};

struct model {
	struct schema_file files[MODEL_FILES];
	struct enumeration enums[MODEL_OBJECTS];
	struct object objects[MODEL_OBJECTS];
	uint32_t n_files, n_enums, n_objects;
};

/* What the dialect cannot say, and where; ends the build. */
_Noreturn void refuse(const struct schema_file *, const char *where, const char *format, ...)
	PRINTF_LIKE(3, 4);

const char *json_text(const cJSON *object, const char *key); /* NULL: not there or no text */
/* The first of what the list or object holds; NULL: nothing. */
cJSON *json_first(const cJSON *object, const char *key);
bool json_is_true(const cJSON *object, const char *key);

/* Which keywords may stand in an object of the schema. */
enum place {
	PLACE_ROOT,
	PLACE_COMMON,
	PLACE_OBJECT,
	PLACE_ENUM,
	PLACE_SCALAR,
	PLACE_PROPERTY,
	PLACE_ITEMS,
	PLACE_MAX
};
void check_keywords(const struct schema_file *, enum place, const char *where, const cJSON *);

/* The $def that a reference names, and the file it is in. */
const cJSON *resolve(const struct model *, const struct schema_file *, const char *where,
		     const char *ref, const struct schema_file **in);

void model_read(struct model *); /* files are set; fills the rest */
void read_field(const struct model *, struct object *, const cJSON *property);
void read_groups(struct object *);

void emit_header(FILE *, const struct model *);
void emit_tables(FILE *, const struct model *);
void emit_literal(FILE *, const char *text); /* "...", or NULL */
void emit_texts(FILE *, const struct model *);
