/*
 * Objects on their way into a cluster's set: sources, limits, equal keys.
 */
#include "base/base.h"
#include "target/local.h"

struct object *add_object(struct lowering *lw, struct object_key key, struct node *body)
{
	struct object *object = vec_push(lw->mem, &lw->out->all);

	object->key = key;
	object->body = body;
	return object;
}

struct object *new_object(struct lowering *lw, const struct object_type *type, struct str space,
			  struct str name, struct span at, struct node *spec)
{
	struct node *body = node_map(lw->mem, at), *metadata, *labels;
	struct object_key key = { str_of(type->group), str_of(type->kind), space, name };
	struct object *object;

	put_text(lw, body, S("apiVersion"), str_of(type->api), at);
	put_text(lw, body, S("kind"), key.kind, at);
	metadata = put_map(lw, body, S("metadata"), at);
	put_text(lw, metadata, S("name"), name, at);
	if (space.n)
		put_text(lw, metadata, S("namespace"), space, at);
	labels = put_map(lw, metadata, S("labels"), at);
	put_text(lw, labels, S("app.kubernetes.io/managed-by"), S("meshc"), at);
	node_put(lw->mem, body, S("spec"), spec);
	object = add_object(lw, key, body);
	object->stage = type->stage;
	return object;
}

static int compare_resources(const struct resource *a, const struct resource *b)
{
	int order = 0;

	if (a->kind != b->kind)
		order = str_cmp(str_of(kind_row(a->kind)->name), str_of(kind_row(b->kind)->name));
	if (!order)
		order = str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

/* Where the source stands among those of the object, or would. */
static uint32_t source_place(const struct object *object, const struct resource *source)
{
	uint32_t from = 0, to = object->sources.n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (compare_resources(object->sources.at[middle], source) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Sorted and unique by inserting: objects come from a handful of declarations. */
static void insert_source(struct arena *mem, struct object *object, const struct resource *source)
{
	uint32_t i = source_place(object, source);

	if (i < object->sources.n && !compare_resources(object->sources.at[i], source))
		return;
	vec_add(mem, &object->sources, source);
	memmove(&object->sources.at[i + 1], &object->sources.at[i],
		(object->sources.n - 1 - i) * sizeof(object->sources.at[0]));
	object->sources.at[i] = source;
}

void add_source(struct lowering *lw, struct object *object, const struct resource *source)
{
	if (source)
		insert_source(lw->mem, object, source);
}

void check_limit(struct lowering *lw, struct span at, struct str what, uint32_t n, uint32_t limit)
{
	if (n > limit)
		report_limit_reached(lw->diags, at, what, str_format(lw->mem, "%" PRIu32, limit));
}

static int compare_objects(const void *a, const void *b)
{
	return object_key_compare(&((const struct object *)a)->key,
				  &((const struct object *)b)->key);
}

static struct str object_title(struct arena *mem, const struct object *object)
{
	const struct resource *source = object->sources.n ? object->sources.at[0] : NULL;
	struct str title = str_format(mem, "%.*s %.*s/%.*s", STR(object->key.kind),
				      STR(object->key.space), STR(object->key.name));

	if (!source)
		return title;
	return str_format(mem, "%.*s (from %s %.*s/%.*s)", STR(title), kind_row(source->kind)->name,
			  STR(source->space), STR(source->name));
}

/* Two meshes may share a root namespace: what both ask for is one object. */
static void unite(struct arena *mem, struct diags *d, struct object *into,
		  const struct object *other)
{
	struct span at = { 0 };

	if (other->sources.n)
		at = other->sources.at[0]->at;
	if (!node_eq(into->body, other->body))
		report_path_taken(d, at, object_title(mem, into), object_title(mem, other));
	for (uint32_t i = 0; i < other->sources.n; i++)
		insert_source(mem, into, other->sources.at[i]);
}

void settle_objects(struct arena *mem, struct diags *d, struct object_set *set)
{
	uint32_t n = 0;

	sort_stable(mem, set->all.at, set->all.n, sizeof *set->all.at, compare_objects);
	for (uint32_t i = 0; i < set->all.n; i++) {
		if (n && !compare_objects(&set->all.at[n - 1], &set->all.at[i]))
			unite(mem, d, &set->all.at[n - 1], &set->all.at[i]);
		else
			set->all.at[n++] = set->all.at[i];
	}
	set->all.n = n;
}
