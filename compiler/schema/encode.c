/*
 * The way back of the decoder: one walk over the rows of a shape, one function for
 * each type of a field.
 */
#include "base/base.h"

#include "schema/encode.h"
#include "schema/format.h"

static const struct span nowhere = { 0 };

static struct node *text_node(struct arena *mem, const struct text *text)
{
	struct node *node = node_string(mem, text->s, text->at);

	node->style = STYLE_QUOTED; /* it is text, whatever it looks like */
	return node;
}

/* A percentage of 12.5 is no whole number, one of 50 is: as a file would have it. */
static struct node *number_node(struct arena *mem, enum format format, const struct number *number)
{
	struct str written = format_number(mem, format, number->v);

	if (format == FORMAT_DURATION)
		return text_node(mem, &(struct text){ written, number->at });
	if (str_find(written, '.') >= 0)
		return node_float(mem, written, number->at);
	return node_int(mem,
			number->v / (format == FORMAT_PERCENT ? 10000
				     : format == FORMAT_RATIO ? 1000000
							      : 1),
			number->at);
}

static struct node *encode_text(struct arena *mem, const struct shape_field *field,
				const void *member)
{
	const struct text *text = member;

	return given(*text) || text->s.n || field->has_default ? text_node(mem, text) : NULL;
}

static struct node *encode_number(struct arena *mem, const struct shape_field *field,
				  const void *member)
{
	const struct number *number = member;

	return given(*number) || number->v || field->has_default
		       ? number_node(mem, field->format, number)
		       : NULL;
}

static struct node *encode_flag(struct arena *mem, const struct shape_field *field,
				const void *member)
{
	const struct flag *flag = member;

	return given(*flag) || flag->v || field->has_default ? node_bool(mem, flag->v, flag->at)
							     : NULL;
}

static struct node *encode_choice(struct arena *mem, const struct shape_field *field,
				  const void *member)
{
	const struct choice *choice = member;

	if (!given(*choice) && !choice->v && !field->has_default)
		return NULL;
	return text_node(mem,
			 &(struct text){ str_of(field->choices->values[choice->v]), choice->at });
}

static struct node *encode_texts(struct arena *mem, const struct shape_field *field,
				 const void *member)
{
	const struct texts *texts = member;
	struct node *list;

	(void)field;
	if (!given(*texts) && !texts->n)
		return NULL;
	list = node_seq(mem, texts->at);
	for (uint32_t i = 0; i < texts->n; i++)
		node_add(mem, list, text_node(mem, &texts->item[i]));
	return list;
}

static struct node *encode_numbers(struct arena *mem, const struct shape_field *field,
				   const void *member)
{
	const struct numbers *numbers = member;
	struct node *list;

	if (!given(*numbers) && !numbers->n)
		return NULL;
	list = node_seq(mem, numbers->at);
	for (uint32_t i = 0; i < numbers->n; i++)
		node_add(mem, list, number_node(mem, field->format, &numbers->item[i]));
	return list;
}

static struct node *encode_text_map(struct arena *mem, const struct shape_field *field,
				    const void *member)
{
	const struct text_map *map = member;
	struct node *node;

	(void)field;
	if (!given(*map) && !map->n)
		return NULL;
	node = node_map(mem, map->at);
	for (uint32_t i = 0; i < map->n; i++)
		node_put(mem, node, map->item[i].key.s, text_node(mem, &map->item[i].value));
	return node;
}

static struct node *encode_object(struct arena *mem, const struct shape_field *field,
				  const void *member)
{
	const void *object;

	memcpy(&object, member, sizeof object);
	return object ? encode(mem, field->shape, object) : NULL;
}

static struct node *encode_objects(struct arena *mem, const struct shape_field *field,
				   const void *member)
{
	LIST(const char) list; /* every LIST(type) is laid out like this */
	struct node *node;

	memcpy(&list, member, sizeof list);
	if (!given(list) && !list.n)
		return NULL;
	node = node_seq(mem, list.at);
	for (uint32_t i = 0; i < list.n; i++)
		node_add(mem, node,
			 encode(mem, field->shape, list.item + (size_t)i * field->shape->size));
	return node;
}

static struct node *encode_free(struct arena *mem, const struct shape_field *field,
				const void *member)
{
	const struct node *node = *(const struct node *const *)member;

	(void)field;
	return node ? node_copy(mem, node) : NULL;
}

struct node *encode_field(struct arena *mem, const struct shape_field *field, const void *member)
{
	static struct node *(*const by_type[])(struct arena *, const struct shape_field *,
					       const void *) = {
		[FIELD_TEXT] = encode_text,         [FIELD_NUMBER] = encode_number,
		[FIELD_FLAG] = encode_flag,         [FIELD_CHOICE] = encode_choice,
		[FIELD_OBJECT] = encode_object,     [FIELD_NODE] = encode_free,
		[FIELD_TEXTS] = encode_texts,       [FIELD_NUMBERS] = encode_numbers,
		[FIELD_TEXT_MAP] = encode_text_map, [FIELD_OBJECTS] = encode_objects,
	};

	if (field->type == FIELD_IGNORED || field->type == FIELD_LATER || field->renamed_to)
		return NULL;
	return by_type[field->type](mem, field, member);
}

struct node *encode(struct arena *mem, const struct shape *shape, const void *decoded)
{
	struct node *map = node_map(mem, nowhere);

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *field = &shape->fields[i];
		struct node *value =
			encode_field(mem, field, (const char *)decoded + field->offset);
		if (value)
			node_put(mem, map, str_of(field->name), value);
	}
	return map;
}
