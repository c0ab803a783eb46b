/*
 * Objects and trees in few words.
 */
#include "base/base.h"
#include "stub/local.h"

static const struct span nowhere = { 0 };

/* networking.k8s.io/v1 -> networking.k8s.io; v1 -> "" */
static struct str group_of(struct str api)
{
	int64_t slash = str_find(api, '/');

	return slash < 0 ? S("") : str_slice(api, 0, (uint32_t)slash);
}

struct node *stub_object(struct stubbing *s, const char *api, const char *kind, struct str space,
			 struct str name, const struct resource *source)
{
	struct object *object = vec_push(s->mem, &s->out->all);
	struct node *metadata;

	object->key = (struct object_key){ group_of(str_of(api)), str_of(kind), space, name };
	object->body = node_map(s->mem, nowhere);
	if (source)
		vec_add(s->mem, &object->sources, source);
	stub_text(s, object->body, "apiVersion", str_of(api));
	stub_text(s, object->body, "kind", str_of(kind));
	metadata = stub_map(s, object->body, "metadata");
	stub_text(s, metadata, "name", name);
	if (space.n)
		stub_text(s, metadata, "namespace", space);
	return object->body;
}

/* What `kubectl apply` keeps for itself is a copy of the whole object, with whatever it holds. */
static bool is_copy(struct str annotation)
{
	return str_eq(annotation, S("kubectl.kubernetes.io/last-applied-configuration"));
}

static void put_texts(struct stubbing *s, struct node *map, const char *key,
		      const struct text_map *texts)
{
	struct node *child = NULL;

	for (uint32_t i = 0; i < texts->n; i++) {
		const struct text_pair *pair = &texts->item[i];

		if (is_copy(pair->key.s))
			continue;
		if (!child)
			child = stub_map(s, map, key);
		node_put(s->mem, child, pair->key.s, node_string(s->mem, pair->value.s, nowhere));
	}
}

void stub_marks(struct stubbing *s, struct node *body, const struct k8s_metadata *from)
{
	struct node *metadata = node_get(body, S("metadata"));

	if (!from)
		return;
	put_texts(s, metadata, "labels", &from->labels);
	put_texts(s, metadata, "annotations", &from->annotations);
}

struct node *stub_map(struct stubbing *s, struct node *map, const char *key)
{
	struct node *child = node_map(s->mem, nowhere);

	node_put(s->mem, map, str_of(key), child);
	return child;
}

struct node *stub_list(struct stubbing *s, struct node *map, const char *key)
{
	struct node *child = node_seq(s->mem, nowhere);

	node_put(s->mem, map, str_of(key), child);
	return child;
}

struct node *stub_item(struct stubbing *s, struct node *list)
{
	struct node *child = node_map(s->mem, nowhere);

	node_add(s->mem, list, child);
	return child;
}

void stub_text(struct stubbing *s, struct node *map, const char *key, struct str text)
{
	node_put(s->mem, map, str_of(key), node_string(s->mem, text, nowhere));
}

void stub_int(struct stubbing *s, struct node *map, const char *key, int64_t value)
{
	node_put(s->mem, map, str_of(key), node_int(s->mem, value, nowhere));
}

void stub_flag(struct stubbing *s, struct node *map, const char *key, bool value)
{
	node_put(s->mem, map, str_of(key), node_bool(s->mem, value, nowhere));
}

void stub_labels(struct stubbing *s, struct node *map, const char *key, const struct labels *labels)
{
	struct node *child;

	if (!labels->n)
		return;
	child = stub_map(s, map, key);
	for (uint32_t i = 0; i < labels->n; i++)
		node_put(s->mem, child, labels->at[i].key,
			 node_string(s->mem, labels->at[i].value, nowhere));
}

struct str stub_address(struct arena *mem, uint32_t base, uint32_t n)
{
	uint32_t a = base + n;

	return str_format(mem, "%" PRIu32 ".%" PRIu32 ".%" PRIu32 ".%" PRIu32, a >> 24,
			  a >> 16 & 255, a >> 8 & 255, a & 255);
}
