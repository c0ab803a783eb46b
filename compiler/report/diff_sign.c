/*
 * What a change says, as one text: equal texts are equal changes.
 *
 * Most objects of a fleet are the same in many clusters, byte for byte. Such a change is
 * read once; the others take over what it says. Trees are needed for a moment only.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "tree/json.h"

struct signing {
	struct diff *diff;
	struct arena **arenas; /* by cluster */
};

struct twins { /* changes with the same new bytes, or, where there are none, the same old ones */
	struct diff_change *change;
	struct twins *next;
};

static bool same_file(const struct output_file *a, const struct output_file *b)
{
	if (!a || !b)
		return a == b;
	return str_eq(a->bytes, b->bytes) && !object_key_compare(&a->object->key, &b->object->key);
}

static const struct diff_change *like(const struct twins *list, const struct diff_change *c)
{
	for (; list; list = list->next)
		if (list->change->op == c->op && same_file(list->change->old, c->old) &&
		    same_file(list->change->new, c->new))
			return list->change;
	return NULL;
}

static void find_likes(struct diff *d)
{
	struct arena *scratch = arena_new();
	struct map by_bytes = map_new(scratch);

	for (uint32_t i = 0; i < d->n_clusters; i++)
		for (uint32_t k = 0; k < d->clusters[i].changes.n; k++) {
			struct diff_change *c = &d->clusters[i].changes.at[k];
			void **slot = map_put(&by_bytes, (c->new ? c->new : c->old)->bytes);
			struct twins *first;

			c->like = like(*slot, c);
			if (c->like)
				continue;
			first = NEW(scratch, struct twins, 1);
			*first = (struct twins){ c, *slot };
			*slot = first;
		}
	arena_free(scratch);
}

static void put_key(struct buf *out, const struct output_file *file)
{
	const struct object_key *key;

	if (!file)
		return;
	key = &file->object->key;
	buf_format(out, "%.*s.%.*s %.*s/%.*s\n", STR(key->kind), STR(key->group), STR(key->space),
		   STR(key->name));
}

static struct str key_text(struct arena *mem, const struct diff_change *c)
{
	struct buf out = buf_new(mem, 0);

	buf_format(&out, "%d ", c->op);
	put_key(&out, c->old);
	put_key(&out, c->new);
	return buf_view(&out);
}

static void put_node(struct buf *out, const struct node *n)
{
	if (n)
		json_write(out, n, false);
	buf_char(out, '\n');
}

static struct str plain_text(struct arena *scratch, const struct diff_change *c)
{
	struct buf out = buf_new(scratch, 0);
	struct edits edits = { 0 };

	buf_str(&out, key_text(scratch, c));
	change_edits(scratch, c, &edits);
	for (uint32_t i = 0; i < edits.all.n; i++) {
		const struct edit *edit = &edits.all.at[i];

		buf_format(&out, "%d %.*s\n", edit->kind, STR(edit->path));
		put_node(&out, edit->old);
		put_node(&out, edit->new);
	}
	if (c->op == DIFF_ADD)
		buf_str(&out, c->new->bytes);
	if (c->op == DIFF_REMOVE)
		buf_str(&out, c->old->bytes);
	return buf_view(&out);
}

/* The first of each kind. */
static void sign_firsts(uint32_t i, void *cx)
{
	struct signing *x = cx;
	struct diff_cluster *cluster = &x->diff->clusters[i];
	struct arena *scratch = arena_new();

	x->arenas[i] = arena_new();
	for (uint32_t k = 0; k < cluster->changes.n; k++) {
		struct diff_change *c = &cluster->changes.at[k];
		struct arena_mark mark = arena_mark(scratch);

		if (c->like)
			continue;
		c->plain = str_copy(x->arenas[i], plain_text(scratch, c));
		arena_rewind(scratch, mark);
	}
	arena_free(scratch);
}

static void sign_rest(uint32_t i, void *cx)
{
	struct signing *x = cx;
	struct diff_cluster *cluster = &x->diff->clusters[i];
	struct arena *mem = x->arenas[i];

	for (uint32_t k = 0; k < cluster->changes.n; k++) {
		struct diff_change *c = &cluster->changes.at[k];

		if (c->like)
			c->plain = c->like->plain;
		c->abstract = diff_abstract(mem, cluster->tokens, c->plain);
		c->identity = diff_abstract(mem, cluster->tokens, key_text(mem, c));
	}
}

void sign_changes(struct arena *mem, struct pool *pool, struct diff *d)
{
	struct signing x = { d, NEW(mem, struct arena *, d->n_clusters) };

	find_likes(d);
	pool_map(pool, d->n_clusters, sign_firsts, &x);
	pool_map(pool, d->n_clusters, sign_rest, &x);
	for (uint32_t i = 0; i < d->n_clusters; i++)
		arena_adopt(mem, x.arenas[i]);
}
