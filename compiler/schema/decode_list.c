/*
 * Lists and label maps; and the table of what decodes a field of which type.
 */
#include "base/base.h"

#include "schema/local.h"

#include "base/map.h"
#include "base/sort.h"

static bool is_list(struct decoder *d, const struct spot *spot, const struct node *node)
{
	if (node->kind != NODE_SEQ) {
		decode_wrong_type(d, spot, node, "a list");
		return false;
	}
	if (node->n < spot->field->min_items) {
		report_too_few_items(d->diags, node->at, str_of(spot->field->name),
				     str_format(d->mem, "%" PRIu32, spot->field->min_items));
		*d->sound = false;
	}
	return true;
}

static void report_repeated(struct decoder *d, const struct node *item, const struct node *first)
{
	struct finding *f =
		report_repeated_item(d->diags, item->at, decode_shown(d->mem, item->u.text));

	note(f, first->at, "first listed here");
	*d->sound = false;
}

static bool is_scalar(const struct node *node)
{
	return node->kind != NODE_SEQ && node->kind != NODE_MAP;
}

/* What lists hold as a rule; a map would cost more than it saves. */
static void check_unique_few(struct decoder *d, const struct node *list)
{
	for (uint32_t i = 1; i < list->n; i++)
		for (uint32_t j = 0; j < i; j++) {
			const struct node *first = list->u.items[j], *item = list->u.items[i];
			if (is_scalar(first) && is_scalar(item) &&
			    str_eq(first->u.text, item->u.text)) {
				report_repeated(d, item, first);
				break;
			}
		}
}

/* Lists and objects among the items have been reported. */
static void check_unique(struct decoder *d, const struct node *list)
{
	enum { FEW = 16 };
	struct map seen;

	if (list->n <= FEW) {
		check_unique_few(d, list);
		return;
	}
	seen = map_new(d->mem);
	for (uint32_t i = 0; i < list->n; i++) {
		struct node *item = list->u.items[i];
		if (!is_scalar(item))
			continue;
		void **slot = map_put(&seen, item->u.text);
		if (*slot)
			report_repeated(d, item, *slot);
		else
			*slot = item;
	}
}

void decode_texts(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct texts *texts = out;

	texts->at = node->at;
	if (!is_list(d, spot, node))
		return;
	texts->n = node->n;
	texts->item = NEW(d->mem, struct text, node->n);
	for (uint32_t i = 0; i < node->n; i++)
		decode_text(d, spot, node->u.items[i], &texts->item[i]);
	if (spot->field->unique && node->n > 1)
		check_unique(d, node);
}

void decode_numbers(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct numbers *numbers = out;

	numbers->at = node->at;
	if (!is_list(d, spot, node))
		return;
	numbers->n = node->n;
	numbers->item = NEW(d->mem, struct number, node->n);
	for (uint32_t i = 0; i < node->n; i++)
		decode_number(d, spot, node->u.items[i], &numbers->item[i]);
	if (spot->field->unique && node->n > 1)
		check_unique(d, node);
}

/* Every LIST(type) is laid out like this. */
struct list {
	void *item;
	uint32_t n;
	struct span at;
};

void decode_objects(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	const struct shape *shape = spot->field->shape;
	struct list list = { .at = node->at };

	if (is_list(d, spot, node)) {
		list.n = node->n;
		list.item = arena_alloc(d->mem, node->n, shape->size, shape->align);
	}
	for (uint32_t i = 0; i < list.n; i++) {
		const struct node *item = node->u.items[i];
		if (item->kind == NODE_MAP)
			decode_object(d, shape, spot, item, item->at,
				      (char *)list.item + (size_t)i * shape->size);
		else
			decode_wrong_type(d, spot, item, "a list of objects");
	}
	memcpy(out, &list, sizeof list);
}

static int compare_keys(const void *a, const void *b)
{
	return str_cmp(((const struct text_pair *)a)->key.s, ((const struct text_pair *)b)->key.s);
}

static bool in_order(const struct text_map *map)
{
	for (uint32_t i = 1; i < map->n; i++)
		if (compare_keys(&map->item[i - 1], &map->item[i]) > 0)
			return false;
	return true;
}

void decode_text_map(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	struct text_map *map = out;
	enum format format = spot->field->format;
	struct shape_field value_field = *spot->field;
	struct spot value_spot = *spot;

	map->at = node->at;
	if (node->kind != NODE_MAP) {
		decode_wrong_type(d, spot, node, "an object");
		return;
	}
	value_field.format = format == FORMAT_LABEL_VALUE ? FORMAT_LABEL_VALUE : FORMAT_NONE;
	value_spot.field = &value_field;
	map->item = NEW(d->mem, struct text_pair, node->n);
	for (uint32_t i = 0; i < node->n; i++) {
		const struct pair *pair = &node->u.pairs[i];
		struct text_pair *to = &map->item[map->n];
		if (spot->shape->open && pair->value->kind == NODE_NULL)
			continue;
		to->key = (struct text){ pair->key, pair->key_at };
		if (format != FORMAT_NONE)
			decode_check_format(
				d, format == FORMAT_LABEL_VALUE ? FORMAT_LABEL_KEY : format,
				pair->key, pair->key_at);
		if (pair->value->kind != NODE_STRING)
			value_field.name = str_z(d->mem, pair->key); /* for the message */
		decode_text(d, &value_spot, pair->value, &to->value);
		map->n++;
	}
	if (!in_order(map))
		sort_stable(d->mem, map->item, map->n, sizeof *map->item, compare_keys);
}

static void decode_one_object(struct decoder *d, const struct spot *spot, const struct node *node,
			      void *out)
{
	const struct shape *shape = spot->field->shape;
	void *object;

	if (node->kind != NODE_MAP) {
		decode_wrong_type(d, spot, node, "an object");
		return;
	}
	object = arena_alloc(d->mem, 1, shape->size, shape->align);
	decode_object(d, shape, spot, node, spot->key_at, object);
	memcpy(out, &object, sizeof object);
}

static void decode_node(struct decoder *d, const struct spot *spot, const struct node *node,
			void *out)
{
	if (spot->field->only_objects && node->kind != NODE_MAP)
		decode_wrong_type(d, spot, node, "an object");
	else
		*(const struct node **)out = node_copy(d->mem, node);
}

void decode_value(struct decoder *d, const struct spot *spot, const struct node *node, void *out)
{
	static void (*const by_type[])(struct decoder *, const struct spot *, const struct node *,
				       void *) = {
		[FIELD_TEXT] = decode_text,         [FIELD_NUMBER] = decode_number,
		[FIELD_FLAG] = decode_flag,         [FIELD_CHOICE] = decode_choice,
		[FIELD_OBJECT] = decode_one_object, [FIELD_NODE] = decode_node,
		[FIELD_TEXTS] = decode_texts,       [FIELD_NUMBERS] = decode_numbers,
		[FIELD_TEXT_MAP] = decode_text_map, [FIELD_OBJECTS] = decode_objects,
	};

	by_type[spot->field->type](d, spot, node, out);
}
