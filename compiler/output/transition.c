/*
 * Changes that no order of applying makes safe: what goes is used until its user has
 * changed as well, and one of the two is applied first.
 *
 *	DestinationRule: subsets [v1]         -> [v2]
 *	VirtualService:  to subset v1         -> to subset v2      rule first: v1 is missing
 *
 * Whole objects that go are removed after everything has been applied (applier/);
 * only what changes in place is looked at. What stood there before is known from its
 * files alone, so both sides are read from files.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/limit.h"
#include "tree/yaml.h"

#define ISTIO "networking.istio.io"

/* How objects of a kind say what others may use. */
struct definer {
	const char *kind;
	const char *list, *name; /* of spec: subsets, and what each is called */
	const char *host, *hosts;
	const char *used_as[3]; /* where a destination names it: a path of keys */
	const char *noun, *way_out;
};

static const struct definer definers[] = {
	{ .kind = "DestinationRule",
	  .list = "subsets",
	  .name = "name",
	  .host = "host",
	  .used_as = { "subset" },
	  .noun = "subset",
	  .way_out = "keep it with `weight: 0` in this change, and let it go in the next" },
	{ .kind = "ServiceEntry",
	  .list = "ports",
	  .name = "number",
	  .hosts = "hosts",
	  .used_as = { "port", "number" },
	  .noun = "port",
	  .way_out = "let the service have both ports for a while" },
};

struct lost { /* a name that was there and is not any more */
	const struct definer *by;
	const struct output_file *file; /* the one that defined it */
	struct str host, name;
	bool said;
};

struct check {
	const struct transition *t;
	struct {
		VEC(struct lost) all;
	} lost;
};

static struct node *parse(struct arena *mem, struct str text)
{
	struct files files = files_new(mem);
	struct diags unheard = diags_new(mem);
	struct documents documents = { 0 };
	uint32_t id = files_add(&files, S("-"), text);

	yaml_read(mem, &unheard, files_get(&files, id), &documents);
	return documents.all.n == 1 ? documents.all.at[0].root : NULL;
}

/* What stood there before. NULL: it cannot be told. */
static struct node *read_old(const struct transition *t, struct str path)
{
	struct str text;

	return t->read(t->cx, path, &text) && text.p ? parse(t->mem, text) : NULL;
}

static struct str text_of(const struct node *map, const char *key)
{
	const struct node *value = node_get(map, str_of(key));

	return value && value->kind != NODE_MAP && value->kind != NODE_SEQ ? value->u.text : S("");
}

static const struct node *list_of(const struct node *map, const char *key)
{
	const struct node *list = key ? node_get(map, str_of(key)) : NULL;

	return list && list->kind == NODE_SEQ ? list : NULL;
}

static bool defines(const struct definer *by, const struct node *spec, struct str name)
{
	const struct node *list = list_of(spec, by->list);

	for (uint32_t i = 0; list && i < list->n; i++)
		if (str_eq(text_of(list->u.items[i], by->name), name))
			return true;
	return false;
}

static void add_lost(struct check *c, const struct definer *by, const struct output_file *file,
		     struct str host, struct str name)
{
	vec_add(c->t->mem, &c->lost.all,
		((struct lost){ .by = by, .file = file, .host = host, .name = name }));
}

static void compare(struct check *c, const struct definer *by, const struct output_file *file)
{
	const struct node *old = node_get(read_old(c->t, file->path), S("spec"));
	const struct node *new = node_get(parse(c->t->mem, file->bytes), S("spec"));
	const struct node *list = list_of(old, by->list), *hosts = list_of(old, by->hosts);

	for (uint32_t i = 0; list && i < list->n; i++) {
		struct str name = text_of(list->u.items[i], by->name);

		if (defines(by, new, name))
			continue;
		if (by->host)
			add_lost(c, by, file, text_of(old, by->host), name);
		for (uint32_t h = 0; hosts && h < hosts->n; h++)
			add_lost(c, by, file, hosts->u.items[h]->u.text, name);
	}
}

static const struct definer *definer_of(const struct object_key *key)
{
	for (size_t i = 0; str_eq(key->group, S(ISTIO)) && i < countof(definers); i++)
		if (str_eq(key->kind, str_of(definers[i].kind)))
			return &definers[i];
	return NULL;
}

static bool is_used(const struct lost *lost, const struct node *destination)
{
	const struct node *value = destination;

	if (!str_eq(text_of(destination, "host"), lost->host))
		return false;
	for (size_t i = 0; i < countof(lost->by->used_as) && lost->by->used_as[i]; i++)
		value = node_get(value, str_of(lost->by->used_as[i]));
	return value && value->kind != NODE_MAP && str_eq(value->u.text, lost->name);
}

static void say(struct check *c, struct lost *lost, struct str user)
{
	const struct object *object = lost->file->object;
	struct span at = object->sources.n ? object->sources.at[0]->at : (struct span){ 0 };
	struct finding *f = report_used_until_now(
		c->t->diags, at,
		str_format(c->t->mem, "%s `%.*s`", lost->by->noun, STR(lost->name)), lost->host);

	note(f, (struct span){ 0 }, "`%.*s` sends requests there until it has changed as well",
	     STR(user));
	help(f, "%s", lost->by->way_out);
	lost->said = true;
}

/* Whoever sends requests somewhere has a `destination`; nothing goes to one of weight 0. */
static void look_for_uses(struct check *c, const struct node *node, struct str user)
{
	const struct node *destination = node_get(node, S("destination"));

	if (destination && !str_eq(text_of(node, "weight"), S("0")))
		for (uint32_t i = 0; i < c->lost.all.n; i++) {
			struct lost *lost = &c->lost.all.at[i];

			if (!lost->said && is_used(lost, destination))
				say(c, lost, user);
		}
	for (uint32_t i = 0; node && node->kind == NODE_MAP && i < node->n; i++)
		look_for_uses(c, node->u.pairs[i].value, user);
	for (uint32_t i = 0; node && node->kind == NODE_SEQ && i < node->n; i++)
		look_for_uses(c, node->u.items[i], user);
}

void transition_check(const struct transition *t)
{
	struct check c = { .t = t };

	for (uint32_t i = 0; i < t->changes->all.n; i++) {
		const struct change_row *row = &t->changes->all.at[i];
		bool changed = row->change == CHANGE_CHANGED && row->file->object;
		const struct definer *by = changed ? definer_of(&row->file->object->key) : NULL;

		if (by)
			compare(&c, by, row->file);
	}
	for (uint32_t i = 0; c.lost.all.n && i < t->ledger->all.n; i++) {
		const struct ledger_row *row = &t->ledger->all.at[i];

		struct str path = str_join(t->mem, t->prefix, row->path);

		if (str_eq(row->kind, S("VirtualService." ISTIO)))
			look_for_uses(&c, read_old(t, path), path);
	}
}
