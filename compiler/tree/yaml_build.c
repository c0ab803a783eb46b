/*
 * The tree while it is being read: open collections, the key that waits for its
 * value, and what may not be in a tree (two equal keys, too many levels).
 *
 * Children are gathered on two scratch stacks and copied once, when their
 * collection closes, to an array of exactly their number. Only then it is known
 * where a block collection ends: with its last child.
 */
#include "base/base.h"

#include "base/map.h"
#include "tree/local.h"

enum {
	FAULTS_MAX = 100,  /* per file: more is no YAML anybody wrote */
	FEW_KEYS = 16,     /* compared with each other; more go through a map */
	SHOWN_BYTES = 100, /* of a name in a finding */
};

bool yaml_is_hopeless(const struct yaml_reader *r)
{
	return r->faults >= FAULTS_MAX;
}

bool yaml_fault(struct yaml_reader *r)
{
	r->document.broken = true;
	return r->faults++ < FAULTS_MAX;
}

struct str yaml_shown(struct str name)
{
	if (name.n <= SHOWN_BYTES)
		return name;
	uint32_t n = SHOWN_BYTES;
	while (n > 0 && ((unsigned char)name.p[n] & 0xc0) == 0x80)
		n--;
	return str_slice(name, 0, n);
}

static const struct yaml_frame *top(const struct yaml_reader *r)
{
	return r->depth ? &r->frames[r->depth - 1] : NULL;
}

bool yaml_expects_key(const struct yaml_reader *r)
{
	const struct yaml_frame *frame = top(r);
	return frame && frame->node->kind == NODE_MAP && !frame->has_key;
}

void yaml_put_key(struct yaml_reader *r, struct str key, struct span at)
{
	struct yaml_frame *frame = &r->frames[r->depth - 1];
	frame->has_key = true;
	frame->key = key;
	frame->key_at = at;
}

/* What stands there instead of text is a key like any other from here on: the document is lost anyway. */
static void refuse_key(struct yaml_reader *r, struct span at)
{
	if (yaml_fault(r))
		report_key_not_string(r->diags, at);
	yaml_put_key(r, str_slice(r->file->text, at.start, at.end), at);
}

void yaml_put_value(struct yaml_reader *r, struct node *value)
{
	if (r->depth == 0) {
		r->document.root = value;
		return;
	}
	struct yaml_frame *frame = &r->frames[r->depth - 1];
	if (frame->node->kind == NODE_SEQ) {
		vec_add(r->scratch, &r->items, value);
		return;
	}
	if (!frame->has_key) {
		refuse_key(r, value->at);
		return;
	}
	struct pair pair = { frame->key, frame->key_at, value };
	vec_add(r->scratch, &r->pairs, pair);
	frame->has_key = false;
}

struct node *yaml_node(struct yaml_reader *r, enum node_kind kind, enum node_style style,
		       struct span at)
{
	struct node *node = NEW(r->nodes, struct node, 1);
	node->kind = (uint8_t)kind;
	node->style = (uint8_t)style;
	node->at = at;
	return node;
}

bool yaml_open(struct yaml_reader *r, enum node_kind kind, enum node_style style, struct span at)
{
	if (r->depth == LIMIT_DEPTH) {
		at.end = at.start + 1;
		if (yaml_fault(r))
			report_too_deep(r->diags, at, str_format(r->scratch, "%u", LIMIT_DEPTH));
		return false;
	}
	r->frames[r->depth++] = (struct yaml_frame){
		.node = yaml_node(r, kind, style, at),
		.first = kind == NODE_MAP ? r->pairs.n : r->items.n,
	};
	return true;
}

static void refuse_duplicate(struct yaml_reader *r, const struct pair *first,
			     const struct pair *again)
{
	if (!yaml_fault(r))
		return;
	struct finding *f = report_duplicate_key(r->diags, again->key_at, yaml_shown(again->key));
	note(f, first->key_at, "first given here");
}

static void check_few_keys(struct yaml_reader *r, const struct pair *pairs, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (pairs[i].key.n != pairs[j].key.n || !str_eq(pairs[i].key, pairs[j].key))
				continue;
			refuse_duplicate(r, &pairs[j], &pairs[i]);
			break;
		}
	}
}

static void check_many_keys(struct yaml_reader *r, struct pair *pairs, uint32_t n)
{
	struct arena_mark mark = arena_mark(r->scratch);
	struct map seen = map_new(r->scratch);
	for (uint32_t i = 0; i < n; i++) {
		void **slot = map_put(&seen, pairs[i].key);
		if (*slot)
			refuse_duplicate(r, *slot, &pairs[i]);
		else
			*slot = &pairs[i];
	}
	arena_rewind(r->scratch, mark);
}

static void close_map(struct yaml_reader *r, struct node *map, uint32_t first)
{
	const struct pair *pairs;

	map->n = r->pairs.n - first;
	r->pairs.n = first;
	if (map->n == 0)
		return;
	pairs = r->pairs.at + first;
	map->u.pairs = NEW(r->nodes, struct pair, map->n);
	memcpy(map->u.pairs, pairs, map->n * sizeof *pairs);
	map->at.end = pairs[map->n - 1].value->at.end;
	if (map->n <= FEW_KEYS)
		check_few_keys(r, map->u.pairs, map->n);
	else
		check_many_keys(r, map->u.pairs, map->n);
}

static void close_seq(struct yaml_reader *r, struct node *seq, uint32_t first)
{
	struct node *const *items;

	seq->n = r->items.n - first;
	r->items.n = first;
	if (seq->n == 0)
		return;
	items = r->items.at + first;
	seq->u.items = NEW(r->nodes, struct node *, seq->n);
	memcpy(seq->u.items, items, seq->n * sizeof(struct node *));
	seq->at.end = items[seq->n - 1]->at.end;
}

void yaml_close(struct yaml_reader *r, uint32_t bracket)
{
	struct yaml_frame frame = r->frames[--r->depth];
	if (frame.node->kind == NODE_MAP)
		close_map(r, frame.node, frame.first);
	else
		close_seq(r, frame.node, frame.first);
	if (frame.node->style == STYLE_FLOW)
		frame.node->at.end = bracket;
	yaml_put_value(r, frame.node);
}

static bool is_empty(const struct node *root)
{
	return !root || (root->kind == NODE_NULL && root->u.text.n == 0);
}

struct span yaml_trim(const struct yaml_reader *r, struct span at)
{
	while (at.end > at.start && strchr(" \t\r\n", r->file->text.p[at.end - 1]))
		at.end--;
	return at;
}

void yaml_end_document(struct yaml_reader *r, uint32_t end)
{
	struct document document = r->document;
	r->document = (struct document){ .at = { r->file->id, end, end } };
	r->depth = 0;
	r->pairs.n = 0;
	r->items.n = 0;

	if (document.broken) {
		document.root = NULL;
		document.at.end = end;
		document.at = yaml_trim(r, document.at);
	} else if (is_empty(document.root)) {
		return;
	} else {
		document.at = document.root->at;
	}
	vec_add(r->nodes, &r->out->all, document);
}
