/*
 * A difference as one JSON document for machines.
 *
 *	{
 *	  "schema": "meshc.dev/diff/v1", "base": "HEAD", "head": "worktree",
 *	  "blastRadius": { "clusters": { "touched": 2, "of": 2 }, "namespaces", "services", "workloads" },
 *	  "plan": { "add": 0, "change": 1, "remove": 0, "objects": 2 },
 *	  "groups": [{
 *	    "operation": "modify",              add | modify | replace | remove | move
 *	    "class": "exposure",                exposure | traffic | other; the groups are in this order
 *	    "object": { "group", "kind", "namespace", "name" },
 *	    "from": { ... },                    replace and move: what it was
 *	    "clusters": ["c1", "c2"], "matching": "region=eu", "differ": ["c3"],
 *	    "varies": false,                    the clusters' own names differ in it; those shown are of the first
 *	    "effects": [{ "risk": "new-identity-allowed", "class": "exposure", "text" }],
 *	    "causes": [{ "side": "head", "file": "mesh/a.yaml", "line": 12 }], "moreCauses": 0,
 *	    "changes": [{ "operation": "change", "path": "spec.a", "pointer": "/spec/a", "old": 1, "new": 2 }]
 *	  }],                                   operation: change | add | remove | order
 *	  "beside": [effects that no changed object shows],
 *	  "clusters": [{ "cluster": "c1", "add": 0, "change": 1, "remove": 0 }]      those that change
 *	}
 *
 * A pointer leads into the new object, of "remove" into the old one. "matching", "differ",
 * "from" and "moreCauses" are left out where there is nothing to say. What looks like a
 * secret is "(hidden)". Keys are added, never renamed or removed, while the schema is v1.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "report/doc.h"
#include "tree/secret.h"

static void put_count(struct doc t, const char *key, const struct diff_count *count)
{
	struct doc child = doc_map(t, key);

	doc_int(child, "touched", count->n);
	doc_int(child, "of", count->all);
}

static void put_key(struct doc t, const char *name, const struct object_key *key)
{
	struct doc child = doc_map(t, name);

	doc_text(child, "group", key->group);
	doc_text(child, "kind", key->kind);
	doc_text(child, "namespace", key->space);
	doc_text(child, "name", key->name);
}

static void put_clusters(struct doc t, const char *key, const struct diff *d,
			 const uint32_t *clusters, uint32_t n)
{
	struct doc list = doc_list(t, key);

	for (uint32_t i = 0; i < n; i++)
		doc_add_text(list, d->clusters[clusters[i]].name);
}

/* "new-identity-allowed" */
static struct str slug(struct arena *mem, const char *text)
{
	struct buf out = buf_new(mem, 0);

	for (const char *p = text; *p; p++) {
		bool capital = *p >= 'A' && *p <= 'Z';

		buf_char(&out, *p == ' ' ? '-' : capital ? (char)(*p - 'A' + 'a') : *p);
	}
	return buf_view(&out);
}

static void put_effects(struct doc t, const char *key, const struct diff_effects *effects)
{
	struct doc list = doc_list(t, key);

	for (uint32_t i = 0; i < effects->all.n; i++) {
		const struct diff_effect *e = &effects->all.at[i];
		struct doc item = doc_item(list);

		doc_text(item, "risk", slug(t.mem, diff_risk_name(e->risk)));
		doc_text(item, "class", str_of(diff_class_name(diff_risk_class(e->risk))));
		doc_text(item, "text", secret_hidden(t.mem, e->text));
	}
}

static void put_causes(struct doc t, const struct diff_causes *causes)
{
	struct doc list = doc_list(t, "causes");

	for (uint32_t i = 0; i < causes->all.n; i++) {
		struct doc item = doc_item(list);

		doc_text(item, "side", causes->all.at[i].base ? S("base") : S("head"));
		doc_text(item, "file", causes->all.at[i].path);
		doc_int(item, "line", causes->all.at[i].line);
	}
	if (causes->more)
		doc_int(t, "moreCauses", causes->more);
}

static void put_value(struct doc t, const char *key, struct str path, const struct node *n)
{
	if (n)
		node_put(t.mem, t.node, str_of(key), secret_copy(t.mem, path, n));
}

static void put_changes(struct doc t, const struct edits *edits)
{
	static const char *const names[] = { [EDIT_CHANGED] = "change",
					     [EDIT_ADDED] = "add",
					     [EDIT_REMOVED] = "remove",
					     [EDIT_ORDER] = "order" };
	struct doc list = doc_list(t, "changes");

	for (uint32_t i = 0; i < edits->all.n; i++) {
		const struct edit *edit = &edits->all.at[i];
		struct doc item = doc_item(list);

		doc_text(item, "operation", str_of(names[edit->kind]));
		doc_text(item, "path", edit->path);
		doc_text(item, "pointer", edit->pointer);
		put_value(item, "old", edit->path, edit->old);
		put_value(item, "new", edit->path, edit->new);
	}
}

static void put_group(struct doc t, const struct diff *d, const struct diff_group *g)
{
	const struct diff_change *c = g->change;

	doc_text(t, "operation", str_of(diff_op_name(c->op)));
	doc_text(t, "class", str_of(diff_class_name(diff_group_class(g))));
	put_key(t, "object", diff_key(c));
	if (c->op == DIFF_REPLACE || c->op == DIFF_MOVE)
		put_key(t, "from", &c->old->object->key);
	put_clusters(t, "clusters", d, g->clusters.at, g->clusters.n);
	if (g->which.n)
		doc_text(t, "matching", g->which);
	if (g->differ.n)
		put_clusters(t, "differ", d, g->differ.at, g->differ.n);
	doc_bool(t, "varies", g->varies);
	put_effects(t, "effects", &g->effects);
	put_causes(t, &g->causes);
	put_changes(t, &g->edits);
}

static void put_stat(struct doc list, const struct diff *d)
{
	for (uint32_t i = 0; i < d->n_clusters; i++) {
		const struct diff_cluster *c = &d->clusters[i];
		struct doc item;

		if (!c->changes.n)
			continue;
		item = doc_item(list);
		doc_text(item, "cluster", c->name);
		doc_int(item, "add", c->added);
		doc_int(item, "change", c->changed);
		doc_int(item, "remove", c->removed);
	}
}

bool diff_json(const struct diff *d, const struct diff_options *options, struct buf *out)
{
	struct doc t = doc_new(out->mem), blast, plan, list;

	doc_text(t, "schema", S("meshc.dev/diff/v1"));
	doc_text(t, "base", str_of(d->base->name));
	doc_text(t, "head", str_of(d->head->name));
	blast = doc_map(t, "blastRadius");
	put_count(blast, "clusters", &d->in_clusters);
	put_count(blast, "namespaces", &d->namespaces);
	put_count(blast, "services", &d->services);
	put_count(blast, "workloads", &d->workloads);
	plan = doc_map(t, "plan");
	doc_int(plan, "add", d->add);
	doc_int(plan, "change", d->change);
	doc_int(plan, "remove", d->remove);
	doc_int(plan, "objects", d->objects);
	if (!options->stat) {
		list = doc_list(t, "groups");
		for (uint32_t i = 0; i < d->groups.n; i++)
			put_group(doc_item(list), d, &d->groups.at[i]);
		put_effects(t, "beside", &d->loose);
	}
	put_stat(doc_list(t, "clusters"), d);
	doc_write(t, out);
	return true;
}
