/*
 * Differences of trees: maps by key, lists by merge key, other lists by the
 * shortest difference of their items.
 *
 *	- name: a            - name: b                     http[name=a].timeout   3s -> 5s
 *	  timeout: 3s   ->   - name: a                     http[name=b]           added
 *	                       timeout: 5s
 */
#include "base/base.h"
#include "tree/compare.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/sequence.h"
#include "tree/json.h"
#include "tree/secret.h"

/* By the first of these that all items of both lists have, and none twice, items are the same. */
static const char *const merge_keys[] = {
	"name", "number",  "port",        "host",  "clusterName", "cluster",
	"key",  "address", "destination", "match", "matches",
};

#define LABEL_BYTES 60u /* a key that is longer does not tell people which item is meant */

struct place {
	struct str path, pointer;
};

struct comparison {
	struct arena *mem;
	struct edits *out;
};

static void compare(struct comparison *c, struct place at, const struct node *old,
		    const struct node *new);

static void add(struct comparison *c, enum edit_kind kind, struct place at, const struct node *old,
		const struct node *new)
{
	vec_add(c->mem, &c->out->all, ((struct edit){ kind, at.path, at.pointer, old, new }));
}

static bool is_plain_key(struct str key)
{
	for (uint32_t i = 0; i < key.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
			    key.p[i]) ||
		    !key.p[i])
			return false;
	return key.n;
}

static void put_pointer(struct buf *out, struct str key)
{
	buf_char(out, '/');
	for (uint32_t i = 0; i < key.n; i++) {
		if (key.p[i] == '~')
			buf_lit(out, "~0");
		else if (key.p[i] == '/')
			buf_lit(out, "~1");
		else
			buf_char(out, key.p[i]);
	}
}

static struct place below(struct arena *mem, struct place at, struct str key)
{
	struct buf pointer = buf_new(mem, 0);
	struct place out;

	if (!is_plain_key(key))
		out.path = str_join(mem, at.path, S("["), key, S("]"));
	else
		out.path = at.path.n ? str_join(mem, at.path, S("."), key) : key;
	buf_str(&pointer, at.pointer);
	put_pointer(&pointer, key);
	out.pointer = buf_view(&pointer);
	return out;
}

static struct place item(struct arena *mem, struct place at, struct str label, uint32_t index)
{
	char digits[20];
	struct str number = str_copy(mem, str_digits(digits, index));

	return (struct place){
		str_join(mem, at.path, S("["), label.n ? label : number, S("]")),
		str_join(mem, at.pointer, S("/"), number),
	};
}

static void compare_maps(struct comparison *c, struct place at, const struct node *old,
			 const struct node *new)
{
	for (uint32_t i = 0; i < new->n; i++) {
		struct str key = new->u.pairs[i].key;
		const struct node *before = node_get(old, key);

		if (before && node_eq(before, new->u.pairs[i].value))
			continue;
		compare(c, below(c->mem, at, key), before, new->u.pairs[i].value);
	}
	for (uint32_t i = 0; i < old->n; i++)
		if (!node_get(new, old->u.pairs[i].key))
			compare(c, below(c->mem, at, old->u.pairs[i].key), old->u.pairs[i].value,
				NULL);
}

static struct str text_of(struct arena *mem, const struct node *n)
{
	struct buf out = buf_new(mem, 0);

	json_write(&out, n, false);
	return buf_view(&out);
}

/* The scalars of a value one after the other: "reviews v2 9080". */
static void put_leaves(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_SEQ) {
		for (uint32_t i = 0; i < n->n; i++)
			put_leaves(out, n->u.items[i]);
		return;
	}
	if (n->kind == NODE_MAP) {
		for (uint32_t i = 0; i < n->n; i++)
			put_leaves(out, n->u.pairs[i].value);
		return;
	}
	if (out->n)
		buf_char(out, ' ');
	buf_str(out, n->u.text);
}

static struct str label_of(struct arena *mem, const char *key, const struct node *value)
{
	struct buf out = buf_new(mem, 0);

	put_leaves(&out, secret_copy(mem, str_of(key), value));
	if (!out.n || out.n > LABEL_BYTES)
		return (struct str){ 0 };
	return str_join(mem, str_of(key), S("="), buf_view(&out));
}

struct keyed { /* a list by one merge key */
	struct str *keys;
	struct map index; /* key -> place + 1 */
};

static bool has_key(struct arena *mem, const struct node *list, const char *key, struct keyed *out)
{
	*out = (struct keyed){ NEW(mem, struct str, list->n + 1), map_new(mem) };
	for (uint32_t i = 0; i < list->n; i++) {
		const struct node *value = node_get(list->u.items[i], str_of(key));
		void **slot;

		if (!value)
			return false;
		out->keys[i] = text_of(mem, value);
		slot = map_put(&out->index, out->keys[i]);
		if (*slot)
			return false;
		*slot = (void *)(uintptr_t)(i + 1);
	}
	return true;
}

static bool find_key(struct arena *mem, const struct node *old, const struct node *new,
		     const char **key, struct keyed *was, struct keyed *is)
{
	for (size_t i = 0; i < countof(merge_keys); i++) {
		*key = merge_keys[i];
		if (has_key(mem, old, *key, was) && has_key(mem, new, *key, is))
			return true;
	}
	return false;
}

static const struct node *found(const struct keyed *in, const struct node *list, struct str key,
				uint32_t *place)
{
	uintptr_t slot = (uintptr_t)map_get(&in->index, key);

	*place = slot ? (uint32_t)slot - 1 : 0;
	return slot ? list->u.items[*place] : NULL;
}

static void compare_keyed(struct comparison *c, struct place at, const char *key,
			  const struct keyed *was, const struct keyed *is, const struct node *old,
			  const struct node *new)
{
	uint32_t last = 0, place;
	bool moved = false;

	for (uint32_t i = 0; i < new->n; i++) {
		const struct node *before = found(was, old, is->keys[i], &place);
		const struct node *now = new->u.items[i];

		moved |= before && place < last;
		last = before ? place : last;
		if (before && node_eq(before, now))
			continue;
		compare(c, item(c->mem, at, label_of(c->mem, key, node_get(now, str_of(key))), i),
			before, now);
	}
	for (uint32_t i = 0; i < old->n; i++) {
		const struct node *gone = old->u.items[i];

		if (!found(is, new, was->keys[i], &place))
			compare(c,
				item(c->mem, at, label_of(c->mem, key, node_get(gone, str_of(key))),
				     i),
				gone, NULL);
	}
	if (moved)
		add(c, EDIT_ORDER, at, old, new);
}

static struct sequence texts_of(struct arena *mem, const struct node *list)
{
	struct str *at = NEW(mem, struct str, list->n + 1);

	for (uint32_t i = 0; i < list->n; i++)
		at[i] = text_of(mem, list->u.items[i]);
	return (struct sequence){ at, list->n };
}

/* As far as a run is as long on either side its items are taken for changed ones. */
static void compare_runs(struct comparison *c, struct place at, const struct node *old,
			 const struct node *new, const struct sequence_run *run)
{
	bool pairs = run->old_n == run->new_n && run->old_n &&
		     old->u.items[run->old_at]->kind >= NODE_SEQ;

	for (uint32_t i = 0; i < run->old_n && !pairs; i++)
		compare(c, item(c->mem, at, S(""), run->old_at + i), old->u.items[run->old_at + i],
			NULL);
	for (uint32_t i = 0; i < run->new_n; i++)
		compare(c, item(c->mem, at, S(""), run->new_at + i),
			pairs ? old->u.items[run->old_at + i] : NULL,
			new->u.items[run->new_at + i]);
}

static bool same_items(struct arena *mem, struct sequence was, struct sequence is)
{
	struct map seen = map_new(mem);

	if (was.n != is.n)
		return false;
	for (uint32_t i = 0; i < was.n; i++) {
		void **slot = map_put(&seen, was.at[i]);

		*slot = (void *)((uintptr_t)*slot + 1);
	}
	for (uint32_t i = 0; i < is.n; i++) {
		void **slot = map_put(&seen, is.at[i]);

		if (!*slot)
			return false;
		*slot = (void *)((uintptr_t)*slot - 1);
	}
	return true;
}

static void compare_lists(struct comparison *c, struct place at, const struct node *old,
			  const struct node *new)
{
	struct sequence_runs runs = { 0 };
	struct keyed was, is;
	struct sequence before, now;
	const char *key;

	if (old->n && new->n && find_key(c->mem, old, new, &key, &was, &is)) {
		compare_keyed(c, at, key, &was, &is, old, new);
		return;
	}
	before = texts_of(c->mem, old);
	now = texts_of(c->mem, new);
	if (same_items(c->mem, before, now)) {
		add(c, EDIT_ORDER, at, old, new);
		return;
	}
	sequence_diff(c->mem, before, now, &runs);
	for (uint32_t i = 0; i < runs.all.n; i++)
		compare_runs(c, at, old, new, &runs.all.at[i]);
}

static void compare(struct comparison *c, struct place at, const struct node *old,
		    const struct node *new)
{
	if (!old || !new)
		add(c, old ? EDIT_REMOVED : EDIT_ADDED, at, old, new);
	else if (old->kind == NODE_MAP && new->kind == NODE_MAP)
		compare_maps(c, at, old, new);
	else if (old->kind == NODE_SEQ && new->kind == NODE_SEQ)
		compare_lists(c, at, old, new);
	else
		add(c, EDIT_CHANGED, at, old, new);
}

void node_compare(struct arena *mem, const struct node *old, const struct node *new,
		  struct edits *out)
{
	struct comparison c = { mem, out };

	if (!node_eq(old, new))
		compare(&c, (struct place){ S(""), S("") }, old, new);
}

/* Cuts "/a~1b" off the front of the pointer: a/b. */
static struct str next_part(struct str *pointer, char *room, uint32_t size)
{
	struct str out = { room, 0 };
	uint32_t i = 1;

	for (; i < pointer->n && pointer->p[i] != '/' && out.n < size; i++) {
		bool escaped = pointer->p[i] == '~' && i + 1 < pointer->n;

		room[out.n++] = !escaped ? pointer->p[i] : pointer->p[++i] == '1' ? '/' : '~';
	}
	*pointer = str_slice(*pointer, i, pointer->n);
	return out;
}

static const struct node *child(const struct node *n, struct str part)
{
	uint32_t index = 0;

	if (n->kind == NODE_MAP)
		return node_get(n, part);
	if (n->kind != NODE_SEQ)
		return NULL;
	for (uint32_t i = 0; i < part.n; i++)
		index = index * 10 + (uint32_t)(part.p[i] - '0');
	return index < n->n ? n->u.items[index] : NULL;
}

static struct span first_within(const struct node *n)
{
	struct span at = n->at;

	for (uint32_t i = 0; i < n->n && !span_set(at); i++) {
		if (n->kind == NODE_MAP)
			at = first_within(n->u.pairs[i].value);
		else if (n->kind == NODE_SEQ)
			at = first_within(n->u.items[i]);
	}
	return at;
}

struct span node_origin(const struct node *root, struct str pointer)
{
	struct span enclosing = { 0 }, within;
	const struct node *n = root;
	char room[256];

	while (n && pointer.n) {
		enclosing = span_set(n->at) ? n->at : enclosing;
		n = child(n, next_part(&pointer, room, sizeof room));
	}
	if (!n)
		return enclosing;
	within = first_within(n);
	return span_set(within) ? within : enclosing;
}
