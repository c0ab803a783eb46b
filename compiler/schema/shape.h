/*
 * The tables that schemac writes from schemas/: one shape per object, one row
 * per field. Everything generic (decoding, defaults, help, closest names) reads
 * these rows; nothing else declares a field.
 */
#pragma once

#include "schema/value.h"

enum { SHAPE_FIELDS = 64, SHAPE_GROUPS = 8 }; /* what the decoder counts in one object */

enum field_type {
	FIELD_TEXT,     /* struct text */
	FIELD_NUMBER,   /* struct number: integer, duration, percent (by format) */
	FIELD_FLAG,     /* struct flag */
	FIELD_CHOICE,   /* struct choice */
	FIELD_OBJECT,   /* const struct x *, NULL when absent */
	FIELD_NODE,     /* const struct node *, free form, NULL when absent */
	FIELD_TEXTS,    /* struct texts */
	FIELD_NUMBERS,  /* struct numbers */
	FIELD_TEXT_MAP, /* struct text_map */
	FIELD_OBJECTS,  /* LIST(struct x) */
	FIELD_IGNORED,  /* accepted, holds nothing that meshc may use (status, managedFields) */
	FIELD_LATER,    /* of the API, emits nothing in this version: finding not_implemented */
};

enum format {
	FORMAT_NONE,
	FORMAT_DNS_LABEL,
	FORMAT_DNS_SUBDOMAIN,
	FORMAT_HOSTNAME,
	FORMAT_DURATION,
	FORMAT_PERCENT,
	FORMAT_PORT,
	FORMAT_PATH,
	FORMAT_HTTP_HEADER,
	FORMAT_HTTP_METHOD,
	FORMAT_LABEL_KEY,
	FORMAT_LABEL_VALUE,
	FORMAT_ADDRESS,
	FORMAT_CIDR,
	FORMAT_GIT_URL,
	FORMAT_GIT_BRANCH,
	FORMAT_REGEX,
	FORMAT_RATIO,
	FORMAT_HTTP_METHOD_PATTERN,
	FORMAT_MAX
};

struct choice_names {
	const char *name;          /* of the enum, as documentation shows it */
	const char *const *values; /* index = constant */
	uint32_t n;
};

struct shape_field {
	const char *name;       /* camelCase, as written */
	const char *renamed_to; /* set: deprecated spelling of that field, same type */
	const char
		*instead; /* set: deprecated spelling of that path, which has a member of its own */
	const char *help; /* description of the schema */
	const char *ref;  /* x-meshc-ref: kind that the value names, or NULL */
	const struct shape *shape;          /* FIELD_OBJECT, FIELD_OBJECTS */
	const struct choice_names *choices; /* FIELD_CHOICE */
	uint32_t offset;
	enum field_type type;
	enum format format;
	bool required, has_minimum, has_maximum, has_default, unique;
	bool only_objects; /* FIELD_NODE: takes no list and no scalar */
	int8_t one_of;     /* group number from 1; 0: in none */
	uint32_t min_items;
	int64_t minimum, maximum, default_number; /* default: number, flag, choice */
	const char *default_text; /* FIELD_TEXT; FIELD_TEXTS: the only item of the default */
};

struct shape {
	const char *name; /* of the object, as documentation shows it: "TrafficPolicy.spec" */
	const char *help;
	const struct shape_field *fields;
	uint32_t n_fields;
	uint32_t size, align;
	bool open;                /* unknown fields are skipped (foreign objects) */
	uint32_t required_groups; /* bit g: one field of one_of group g must be given */
};
