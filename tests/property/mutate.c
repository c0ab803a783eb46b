/*
 * See mutate.h. One function per shape of value; what another value is, a table says by format.
 */
#include "base/base.h"

#include "property/mutate.h"

#include "schema/describe.h"
#include "schema/format.h"

bool mutator_met(const struct mutator *m, const struct shape_field *field)
{
	for (uint32_t i = 0; i < m->met.n; i++)
		if (m->met.at[i] == field)
			return true;
	return false;
}

static void tell_change(struct mutator *m, const char *path, struct span at, const char *how)
{
	m->each(m->cx, &(struct mutation){ .path = path, .how = how, .at = at });
}

static void tell_drop(struct mutator *m, const char *path, struct span at, const char *how)
{
	m->each(m->cx, &(struct mutation){ .path = path, .how = how, .at = at, .dropped = true });
}

/* Two texts of each format, so that one of them is another than what is there; NULL: what is there and an `x`. */
static const char *const others[FORMAT_MAX][2] = {
	[FORMAT_PERCENT] = { "12.5", "37.5" },
	[FORMAT_HTTP_METHOD] = { "PUT", "PATCH" },
	[FORMAT_HTTP_METHOD_PATTERN] = { "PUT", "PATCH" },
	[FORMAT_ADDRESS] = { "198.51.100.7", "198.51.100.8" },
	[FORMAT_CIDR] = { "198.51.100.0/24", "192.0.2.0/24" },
	[FORMAT_RATIO] = { "0.25", "0.5" },
};

static struct str other_text(struct mutator *m, const struct shape_field *field, struct str is)
{
	const char *const *pair = others[field->format];

	if (pair[0])
		return str_of(str_eq(is, str_of(pair[0])) ? pair[1] : pair[0]);
	/* By a second, so that no rule about what fits into what speaks up instead. */
	if (field->format == FORMAT_DURATION)
		return str_join(m->mem, is, S("1s"));
	if (field->format == FORMAT_PATH && is.p[0] == '/')
		return str_join(m->mem, S("/x"), is);
	return str_join(m->mem, is, S("x"));
}

static struct str other_number(struct mutator *m, const struct shape_field *field, struct str is)
{
	int64_t v = strtoll(str_z(m->mem, is), NULL, 10);

	if (others[field->format][0] || field->format == FORMAT_DURATION)
		return other_text(m, field, is);
	return str_int(m->mem, field->has_maximum && v >= field->maximum ? v - 1 : v + 1);
}

static void try_text(struct mutator *m, struct node *scalar, struct str text, const char *path)
{
	struct node was = *scalar;

	scalar->u.text = text;
	if (scalar->kind == NODE_INT && str_find(text, '.') >= 0)
		scalar->kind = NODE_FLOAT;
	tell_change(m, path, was.at,
		    str_format(m->mem, "%.*s becomes %.*s", STR(was.u.text), STR(text)).p);
	*scalar = was;
}

static void try_choices(struct mutator *m, struct node *scalar, const struct choice_names *choices,
			const char *path)
{
	for (uint32_t i = 0; i < choices->n; i++)
		if (!node_is(scalar, str_of(choices->values[i])))
			try_text(m, scalar, str_of(choices->values[i]), path);
}

static void drop_item(struct mutator *m, struct node *list, uint32_t i, const char *path)
{
	struct node **items = list->u.items;
	struct node **fewer = NEW(m->mem, struct node *, list->n);

	for (uint32_t k = 0; k < list->n; k++)
		fewer[k - (k > i)] = k == i ? NULL : items[k];
	list->u.items = fewer;
	list->n--;
	tell_drop(m, path, items[i]->at, str_format(m->mem, "item %u is dropped", i).p);
	list->u.items = items;
	list->n++;
}

static void drop_pair(struct mutator *m, struct node *map, uint32_t i, const char *path)
{
	struct pair *pairs = map->u.pairs;
	struct pair *fewer = NEW(m->mem, struct pair, map->n);

	for (uint32_t k = 0; k < map->n; k++)
		if (k != i)
			fewer[k - (k > i)] = pairs[k];
	map->u.pairs = fewer;
	map->n--;
	tell_drop(m, path, pairs[i].value->at,
		  str_format(m->mem, "`%.*s` is dropped", STR(pairs[i].key)).p);
	map->u.pairs = pairs;
	map->n++;
}

static void try_scalars(struct mutator *m, const struct shape_field *field, struct node *list,
			const char *path)
{
	for (uint32_t i = 0; i < list->n; i++) {
		struct str is = list->u.items[i]->u.text;

		drop_item(m, list, i, path);
		try_text(m, list->u.items[i],
			 field->type == FIELD_NUMBERS ? other_number(m, field, is)
						      : other_text(m, field, is),
			 path);
	}
}

static void try_pairs(struct mutator *m, struct node *map, const char *path)
{
	for (uint32_t i = 0; i < map->n; i++) {
		struct pair *pair = &map->u.pairs[i];
		struct str key = pair->key;

		drop_pair(m, map, i, path);
		try_text(m, pair->value, str_join(m->mem, pair->value->u.text, S("x")), path);
		pair->key = str_join(m->mem, key, S("x"));
		tell_change(
			m, path, pair->key_at,
			str_format(m->mem, "key %.*s becomes %.*s", STR(key), STR(pair->key)).p);
		pair->key = key;
	}
}

static void try_object(struct mutator *m, struct node *map, const struct shape *shape,
		       const char *path);

static void try_objects(struct mutator *m, const struct shape_field *field, struct node *list,
			const char *path)
{
	for (uint32_t i = 0; i < list->n; i++) {
		drop_item(m, list, i, path);
		try_object(m, list->u.items[i], field->shape, path);
	}
}

static void try_value(struct mutator *m, const struct shape_field *field, struct node *value,
		      const char *path)
{
	switch (field->type) {
	case FIELD_TEXT:
		try_text(m, value, other_text(m, field, value->u.text), path);
		return;
	case FIELD_NUMBER:
		try_text(m, value, other_number(m, field, value->u.text), path);
		return;
	case FIELD_FLAG:
		try_text(m, value, node_is(value, S("true")) ? S("false") : S("true"), path);
		return;
	case FIELD_CHOICE:
		try_choices(m, value, field->choices, path);
		return;
	case FIELD_OBJECT:
		try_object(m, value, field->shape, path);
		return;
	case FIELD_TEXTS:
	case FIELD_NUMBERS:
		try_scalars(m, field, value, path);
		return;
	case FIELD_TEXT_MAP:
		try_pairs(m, value, path);
		return;
	case FIELD_OBJECTS:
		try_objects(m, field, value, path);
		return;
	case FIELD_NODE: /* anything: there is nothing to say about parts */
		return;
	case FIELD_IGNORED:
	case FIELD_LATER:
		BUG("%s has nothing to change", path);
	}
}

/* What is written is what would be without it. */
static bool is_default(const struct mutator *m, const struct shape_field *field,
		       const struct node *value)
{
	if (!field->has_default || field->type == FIELD_OBJECT)
		return false;
	if (field->default_text)
		return node_is(value, str_of(field->default_text));
	return field->type == FIELD_NUMBER &&
	       node_is(value, format_number(m->mem, field->format, field->default_number));
}

/* What a document is cannot be changed; it would be another one. */
static bool is_kind(const struct shape_field *field)
{
	return strcmp(field->name, "apiVersion") == 0 || strcmp(field->name, "kind") == 0;
}

static void try_object(struct mutator *m, struct node *map, const struct shape *shape,
		       const char *path)
{
	for (uint32_t i = 0; i < map->n; i++) {
		struct pair *pair = &map->u.pairs[i];
		const struct shape_field *field = shape_find(shape, pair->key);
		const char *below = str_format(m->mem, "%s.%.*s", path, STR(pair->key)).p;

		if (!field)
			BUG("%s is no field", below);
		if (!mutator_met(m, field))
			vec_add(m->mem, &m->met, field);
		if (is_kind(field))
			continue;
		if (!is_default(m, field, pair->value))
			drop_pair(m, map, i, below);
		try_value(m, field, pair->value, below);
	}
}

void mutate(struct mutator *m, struct node *document, const char *kind, const struct shape *shape)
{
	try_object(m, document, shape, kind);
}
