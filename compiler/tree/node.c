/*
 * Building, searching and comparing trees.
 *
 * Arrays that node_put and node_add grow have room for a power of two, so that
 * the room follows from n and a node stays 40 bytes. Arrays of the reader have
 * exactly n; they move once if somebody adds to them.
 */
#include "base/base.h"

#include "tree/node.h"

#include "base/sort.h"

_Static_assert(sizeof(struct node) == 40, "trees are most of what a run holds");
_Static_assert(sizeof(struct pair) == 40, "trees are most of what a run holds");

enum { SMALLEST_ROOM = 4 };

const char *node_kind_name(enum node_kind kind)
{
	static const char *const names[] = {
		[NODE_NULL] = "null",          [NODE_BOOL] = "true or false",
		[NODE_INT] = "a whole number", [NODE_FLOAT] = "a number",
		[NODE_STRING] = "text",        [NODE_SEQ] = "a list",
		[NODE_MAP] = "an object",
	};
	return names[kind];
}

struct pair *node_pair(const struct node *map, struct str key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->n; i++) {
		if (str_eq(map->u.pairs[i].key, key))
			return &map->u.pairs[i];
	}
	return NULL;
}

struct node *node_get(const struct node *map, struct str key)
{
	const struct pair *pair = node_pair(map, key);
	return pair ? pair->value : NULL;
}

static bool is_scalar(const struct node *node)
{
	return node->kind != NODE_SEQ && node->kind != NODE_MAP;
}

bool node_is(const struct node *scalar, struct str text)
{
	return scalar && is_scalar(scalar) && str_eq(scalar->u.text, text);
}

static struct node *node_new(struct arena *mem, enum node_kind kind, enum node_style style,
			     struct span at)
{
	struct node *node = NEW(mem, struct node, 1);
	node->kind = (uint8_t)kind;
	node->style = (uint8_t)style;
	node->at = at;
	return node;
}

static struct node *scalar_new(struct arena *mem, enum node_kind kind, struct str text,
			       struct span at)
{
	struct node *node = node_new(mem, kind, STYLE_PLAIN, at);
	node->u.text = text;
	return node;
}

struct node *node_map(struct arena *mem, struct span at)
{
	return node_new(mem, NODE_MAP, STYLE_BLOCK, at);
}

struct node *node_seq(struct arena *mem, struct span at)
{
	return node_new(mem, NODE_SEQ, STYLE_BLOCK, at);
}

struct node *node_string(struct arena *mem, struct str text, struct span at)
{
	return scalar_new(mem, NODE_STRING, text, at);
}

struct node *node_int(struct arena *mem, int64_t value, struct span at)
{
	return scalar_new(mem, NODE_INT, str_int(mem, value), at);
}

struct node *node_bool(struct arena *mem, bool value, struct span at)
{
	return scalar_new(mem, NODE_BOOL, value ? S("true") : S("false"), at);
}

struct node *node_float(struct arena *mem, struct str as_written, struct span at)
{
	return scalar_new(mem, NODE_FLOAT, as_written, at);
}

static bool has_room(const struct node *node)
{
	if (!node->grows)
		return false;
	return node->n < SMALLEST_ROOM || (node->n & (node->n - 1)) != 0;
}

/* The array with room for one more than n. */
static void *grow(struct arena *mem, struct node *node, void *array, size_t size)
{
	if (has_room(node))
		return array;

	uint32_t room = SMALLEST_ROOM;
	while (room <= node->n) {
		if (room > UINT32_MAX / 2)
			out_of_memory();
		room *= 2;
	}
	void *bigger = arena_alloc(mem, room, size, _Alignof(max_align_t));
	if (node->n)
		memcpy(bigger, array, node->n * size);
	node->grows = true;
	return bigger;
}

void node_put(struct arena *mem, struct node *map, struct str key, struct node *value)
{
	if (map->kind != NODE_MAP)
		BUG("key %.*s put into %s", STR(key), node_kind_name(map->kind));
	map->u.pairs = grow(mem, map, map->u.pairs, sizeof *map->u.pairs);
	map->u.pairs[map->n++] = (struct pair){ .key = key, .key_at = value->at, .value = value };
}

void node_add(struct arena *mem, struct node *seq, struct node *item)
{
	if (seq->kind != NODE_SEQ)
		BUG("item added to %s", node_kind_name(seq->kind));
	seq->u.items = grow(mem, seq, seq->u.items, sizeof(struct node *));
	seq->u.items[seq->n++] = item;
}

struct node *node_copy(struct arena *mem, const struct node *from)
{
	struct node *copy = NEW(mem, struct node, 1);

	*copy = *from;
	copy->grows = false;
	if (from->kind == NODE_MAP)
		copy->u.pairs = NEW(mem, struct pair, from->n);
	if (from->kind == NODE_SEQ)
		copy->u.items = NEW(mem, struct node *, from->n);
	for (uint32_t i = 0; from->kind == NODE_MAP && i < from->n; i++) {
		copy->u.pairs[i] = from->u.pairs[i];
		copy->u.pairs[i].value = node_copy(mem, from->u.pairs[i].value);
	}
	for (uint32_t i = 0; from->kind == NODE_SEQ && i < from->n; i++)
		copy->u.items[i] = node_copy(mem, from->u.items[i]);
	return copy;
}

static int compare_keys(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	return str_cmp(left->key, right->key);
}

void node_sort_keys(struct arena *scratch, struct node *map)
{
	if (map->kind != NODE_MAP)
		BUG("keys of %s sorted", node_kind_name(map->kind));
	sort_stable(scratch, map->u.pairs, map->n, sizeof *map->u.pairs, compare_keys);
}

static bool items_eq(const struct node *a, const struct node *b)
{
	for (uint32_t i = 0; i < a->n; i++) {
		if (!node_eq(a->u.items[i], b->u.items[i]))
			return false;
	}
	return true;
}

static bool pairs_eq(const struct node *a, const struct node *b)
{
	for (uint32_t i = 0; i < a->n; i++) {
		const struct pair *left = &a->u.pairs[i], *right = &b->u.pairs[i];
		if (!str_eq(left->key, right->key) || !node_eq(left->value, right->value))
			return false;
	}
	return true;
}

/* Null has several spellings (`~`, nothing at all) that mean the same. */
bool node_eq(const struct node *a, const struct node *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind)
		return false;
	if (a->kind == NODE_NULL)
		return true;
	if (is_scalar(a))
		return str_eq(a->u.text, b->u.text);
	if (a->n != b->n)
		return false;
	return a->kind == NODE_SEQ ? items_eq(a, b) : pairs_eq(a, b);
}
