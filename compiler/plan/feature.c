/*
 * Features of a TrafficPolicy as rows: where each stands in the decoded policy,
 * and whether two settings of it are the same.
 */
#include "base/base.h"

#include "plan/local.h"

#include "schema/shape.h"

enum level { LEVEL_ROUTE, LEVEL_DESTINATION, LEVEL_PART, LEVEL_MATCH, LEVEL_ACCESS, LEVEL_MESH };

static const struct {
	enum level level;
	enum feature setting; /* LEVEL_PART */
	uint32_t offset;      /* of settings, in struct traffic_rules */
	const char *path, *when;
} features[FEATURE_MAX] = {
#define SETTING(constant, level_, member, path_)                                                   \
	[FEATURE_##constant] = { .level = LEVEL_##level_,                                          \
				 .offset = offsetof(struct traffic_rules, member),                 \
				 .path = "policy." path_ },
#define PART(constant, setting_, path_, when_)                                                     \
	[FEATURE_##constant] = { .level = LEVEL_PART,                                              \
				 .setting = FEATURE_##setting_,                                    \
				 .path = "policy." path_,                                          \
				 .when = when_ },
#define MATCH(constant, path_, when_)                                                              \
	[FEATURE_##constant] = { .level = LEVEL_MATCH, .path = path_, .when = when_ },
#define ACCESS(constant, path_, when_)                                                             \
	[FEATURE_##constant] = { .level = LEVEL_ACCESS, .path = path_, .when = when_ },
#define MESH(constant, path_, when_)                                                               \
	[FEATURE_##constant] = { .level = LEVEL_MESH, .path = path_, .when = when_ },
#include "plan/feature.def"
};

const struct shape_field *feature_field(enum feature feature)
{
	for (uint32_t i = 0; i < shape_traffic_rules.n_fields; i++) {
		const struct shape_field *field = &shape_traffic_rules.fields[i];

		if (field->offset == features[feature].offset && field->type != FIELD_LATER &&
		    field->type != FIELD_IGNORED)
			return field;
	}
	BUG("feature %d has no field", (int)feature);
}

bool feature_of_destination(enum feature feature)
{
	return features[feature].level == LEVEL_DESTINATION;
}

const char *feature_kind(enum feature feature)
{
	return features[feature].level == LEVEL_MESH     ? "VirtualMesh"
	       : features[feature].level == LEVEL_ACCESS ? "AccessPolicy"
							 : "TrafficPolicy";
}

const char *feature_path(enum feature feature)
{
	return features[feature].path;
}

const char *feature_case(enum feature feature)
{
	return features[feature].when;
}

bool feature_is_part(enum feature feature, enum feature setting)
{
	return features[feature].level == LEVEL_PART && features[feature].setting == setting;
}

const char *feature_name(enum feature feature)
{
	return feature_field(feature)->name;
}

const void *feature_value(const struct traffic_rules *rules, enum feature feature, struct span *at)
{
	const char *member = (const char *)rules + features[feature].offset;

	if (feature == FEATURE_REQUEST_TIMEOUT) {
		*at = rules->request_timeout.at;
		return given(rules->request_timeout) ? member : NULL;
	}
	member = *(const char *const *)(const void *)member;
	if (member)
		*at = *(const struct span *)(const void *)member;
	return member;
}

static bool texts_equal(const struct texts *a, const struct texts *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!str_eq(a->item[i].s, b->item[i].s))
			return false;
	return true;
}

static bool numbers_equal(const struct numbers *a, const struct numbers *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (a->item[i].v != b->item[i].v)
			return false;
	return true;
}

static bool maps_equal(const struct text_map *a, const struct text_map *b)
{
	return a->n == b->n && map_contains(a, b);
}

struct any_list { /* what every LIST starts with */
	const char *item;
	uint32_t n;
};

static bool lists_equal(const struct shape *shape, const struct any_list *a,
			const struct any_list *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!shape_equal(shape, a->item + (size_t)i * shape->size,
				 b->item + (size_t)i * shape->size))
			return false;
	return true;
}

static bool objects_equal(const struct shape *shape, const void *a, const void *b)
{
	if (!a || !b)
		return a == b;
	return shape_equal(shape, a, b);
}

static bool field_equal(const struct shape_field *field, const void *a, const void *b)
{
	switch (field->type) {
	case FIELD_TEXT:
		return str_eq(((const struct text *)a)->s, ((const struct text *)b)->s);
	case FIELD_NUMBER:
		return ((const struct number *)a)->v == ((const struct number *)b)->v;
	case FIELD_FLAG:
		return ((const struct flag *)a)->v == ((const struct flag *)b)->v;
	case FIELD_CHOICE:
		return ((const struct choice *)a)->v == ((const struct choice *)b)->v;
	case FIELD_TEXTS:
		return texts_equal(a, b);
	case FIELD_NUMBERS:
		return numbers_equal(a, b);
	case FIELD_TEXT_MAP:
		return maps_equal(a, b);
	case FIELD_OBJECTS:
		return lists_equal(field->shape, a, b);
	case FIELD_OBJECT:
		return objects_equal(field->shape, *(const void *const *)a,
				     *(const void *const *)b);
	case FIELD_NODE:
		return node_eq(*(const struct node *const *)a, *(const struct node *const *)b);
	case FIELD_IGNORED:
	case FIELD_LATER:
		return true;
	}
	BUG("field type %d", (int)field->type);
}

bool shape_equal(const struct shape *shape, const void *a, const void *b)
{
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *field = &shape->fields[i];

		if (!field->renamed_to && !field_equal(field, (const char *)a + field->offset,
						       (const char *)b + field->offset))
			return false;
	}
	return true;
}

bool feature_equal(enum feature feature, const void *a, const void *b)
{
	if (feature == FEATURE_REQUEST_TIMEOUT)
		return ((const struct number *)a)->v == ((const struct number *)b)->v;
	return shape_equal(feature_field(feature)->shape, a, b);
}
