/*
 * How changes are put in words: the same for all formats that people read.
 *
 * Nothing here is escaped: who prints knows what may not stand where.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "tree/json.h"
#include "tree/secret.h"

#define CLUSTERS_MOST 5u

static const struct {
	const char *name;
	char mark;
} ops[] = {
	[DIFF_ADD] = { "add", '+' },         [DIFF_MODIFY] = { "modify", '~' },
	[DIFF_REPLACE] = { "replace", '!' }, [DIFF_REMOVE] = { "remove", '-' },
	[DIFF_MOVE] = { "move", '>' },
};

const char *diff_op_name(enum diff_op op)
{
	return ops[op].name;
}

char diff_op_mark(enum diff_op op)
{
	return ops[op].mark;
}

static const struct {
	const char *name;
	enum diff_class class;
} risks[] = {
#define RISK(constant, weight, text) [RISK_##constant] = { text, DIFF_##weight },
#include "report/diff_risk.def"
#undef RISK
};

_Static_assert(countof(risks) == RISK_MAX, "one row per risk");

const char *diff_risk_name(enum diff_risk risk)
{
	return risks[risk].name;
}

enum diff_class diff_risk_class(enum diff_risk risk)
{
	return risks[risk].class;
}

const char *diff_class_name(enum diff_class class)
{
	static const char *const names[] = {
		[DIFF_EXPOSURE] = "exposure", [DIFF_TRAFFIC] = "traffic", [DIFF_OTHER] = "other"
	};

	return names[class];
}

enum diff_class diff_group_class(const struct diff_group *g)
{
	return g->effects.all.n ? diff_risk_class(g->effects.all.at[0].risk) : DIFF_OTHER;
}

const struct object_key *diff_key(const struct diff_change *c)
{
	return &(c->new ? c->new : c->old)->object->key;
}

struct str word_text(struct arena *mem, const struct diff *d, const struct diff_group *g,
		     struct str text)
{
	return g->varies ? diff_abstract(mem, d->clusters[g->change->cluster].tokens, text) : text;
}

static struct str key_text(struct arena *mem, const struct object_key *key)
{
	return str_format(mem, "%.*s %.*s%s%.*s", STR(key->kind), STR(key->space),
			  key->space.n ? "/" : "", STR(key->name));
}

static struct str move_text(struct arena *mem, const struct diff_change *c)
{
	const struct object_key *old = &c->old->object->key, *new = &c->new->object->key;

	if (c->op == DIFF_REPLACE)
		return str_format(mem, "%.*s (%.*s -> %.*s)", STR(key_text(mem, new)),
				  STR(old->group), STR(new->group));
	return str_format(mem, "%.*s -> %.*s/%.*s", STR(key_text(mem, old)), STR(new->space),
			  STR(new->name));
}

struct str word_object(struct arena *mem, const struct diff_group *g, const struct diff *d)
{
	const struct diff_change *c = g->change;

	if (c->op == DIFF_REPLACE || c->op == DIFF_MOVE)
		return word_text(mem, d, g, move_text(mem, c));
	return word_text(mem, d, g, key_text(mem, diff_key(c)));
}

struct str word_clusters(struct arena *mem, const struct diff *d, const uint32_t *clusters,
			 uint32_t n, uint32_t most)
{
	struct buf out = buf_new(mem, 0);
	uint32_t shown = n > most + 1 ? most : n;

	for (uint32_t i = 0; i < shown; i++) {
		if (i)
			buf_lit(&out, ", ");
		buf_str(&out, d->clusters[clusters[i]].name);
	}
	if (shown < n)
		buf_format(&out, " and %" PRIu32 " more", n - shown);
	return buf_view(&out);
}

static void put_where(struct buf *out, const struct diff *d, const struct diff_group *g)
{
	struct str names = word_clusters(out->mem, d, g->clusters.at, g->clusters.n, CLUSTERS_MOST);

	if (g->clusters.n == 1)
		buf_format(out, "in %.*s", STR(names));
	else if (g->clusters.n == d->n_clusters)
		buf_format(out, "same change in all %" PRIu32 " clusters", g->clusters.n);
	else if (g->which.n)
		buf_format(out, "same change in %" PRIu32 " clusters matching %.*s", g->clusters.n,
			   STR(g->which));
	else
		buf_format(out, "same change in %" PRIu32 " clusters: %.*s", g->clusters.n,
			   STR(names));
}

struct str word_where(struct arena *mem, const struct diff *d, const struct diff_group *g)
{
	struct buf out = buf_new(mem, 0);

	put_where(&out, d, g);
	if (g->differ.n)
		buf_format(&out, "; %" PRIu32 " differ%s: %.*s", g->differ.n,
			   g->differ.n == 1 ? "s" : "",
			   STR(word_clusters(mem, d, g->differ.at, g->differ.n, CLUSTERS_MOST)));
	return buf_view(&out);
}

struct str word_cause(struct arena *mem, const struct diff *d, const struct diff_cause *cause)
{
	return str_format(mem, "%.*s:%" PRIu32 "%s%s%s", STR(cause->path), cause->line,
			  cause->base ? " (of " : "", cause->base ? d->base->name : "",
			  cause->base ? ")" : "");
}

static void put_count(struct buf *out, const struct diff_count *count, const char *noun)
{
	buf_format(out, "%" PRIu32 " of %" PRIu32 " %s%s", count->n, count->all, noun,
		   count->all == 1 ? "" : "s");
}

struct str word_blast(struct arena *mem, const struct diff *d)
{
	struct buf out = buf_new(mem, 0);

	put_count(&out, &d->in_clusters, "cluster");
	buf_lit(&out, ", ");
	put_count(&out, &d->namespaces, "namespace");
	buf_lit(&out, ", ");
	put_count(&out, &d->services, "service");
	buf_lit(&out, ", ");
	put_count(&out, &d->workloads, "workload");
	return buf_view(&out);
}

struct str word_plan(struct arena *mem, const struct diff *d)
{
	struct buf out = buf_new(mem, 0);

	buf_format(&out,
		   "Plan: %" PRIu32 " to add, %" PRIu32 " to change, %" PRIu32 " to remove in ",
		   d->add, d->change, d->remove);
	put_count(&out, &d->in_clusters, "cluster");
	buf_format(&out, " (%" PRIu32 " object%s)", d->objects, d->objects == 1 ? "" : "s");
	return buf_view(&out);
}

static struct str scalar_text(struct arena *mem, const struct node *n)
{
	struct buf out = buf_new(mem, 0);

	if (n->kind == NODE_NULL)
		return S("null");
	if (n->kind == NODE_STRING && n->u.text.n && n->u.text.p[0] != '"')
		return n->u.text;
	if (n->kind != NODE_STRING && n->kind < NODE_SEQ)
		return n->u.text;
	json_write(&out, n, false);
	return buf_view(&out);
}

/* On one line. */
struct str word_value(struct arena *mem, struct str path, const struct node *n, bool *hidden)
{
	struct str text = scalar_text(mem, n), shown;

	if (secret_path(path)) {
		*hidden = true;
		return S("(hidden)");
	}
	shown = secret_hidden(mem, text);
	*hidden |= shown.p != text.p;
	return shown;
}
