/*
 * Trees in few words. Nothing in them comes from a field that a finding could name:
 * they have no places.
 */
#include "base/base.h"
#include "applier/local.h"

static const struct span nowhere;

struct node *applier_map(struct arena *mem, struct node *parent, const char *key)
{
	struct node *map = node_map(mem, nowhere);

	node_put(mem, parent, str_of(key), map);
	return map;
}

struct node *applier_list(struct arena *mem, struct node *parent, const char *key)
{
	struct node *list = node_seq(mem, nowhere);

	node_put(mem, parent, str_of(key), list);
	return list;
}

void applier_put(struct arena *mem, struct node *map, const char *key, struct str text)
{
	node_put(mem, map, str_of(key), node_string(mem, text, nowhere));
}

void applier_flag(struct arena *mem, struct node *map, const char *key, bool value)
{
	node_put(mem, map, str_of(key), node_bool(mem, value, nowhere));
}

void applier_add(struct arena *mem, struct node *list, struct str text)
{
	node_add(mem, list, node_string(mem, text, nowhere));
}

struct object *applier_object(struct applying *a, const struct applier_type *type, struct str space,
			      struct str name, struct str about)
{
	struct object *object = vec_push(a->mem, &a->out->all);
	struct node *metadata;

	object->key = (struct object_key){ str_of(type->group), str_of(type->kind), space, name };
	object->about = about;
	object->body = node_map(a->mem, nowhere);
	vec_add(a->mem, &object->sources, a->fleet);
	applier_put(a->mem, object->body, "apiVersion",
		    str_format(a->mem, "%s/%s", type->group, type->version));
	applier_put(a->mem, object->body, "kind", object->key.kind);
	metadata = applier_map(a->mem, object->body, "metadata");
	applier_put(a->mem, metadata, "name", name);
	applier_put(a->mem, metadata, "namespace", space);
	applier_put(a->mem, applier_map(a->mem, metadata, "labels"), "app.kubernetes.io/managed-by",
		    S("meshc"));
	return object;
}

struct str applier_name(struct applying *a, struct str cluster)
{
	return name_sanitize(a->mem, str_join(a->mem, a->fleet->name, S("-"), cluster));
}

struct str applier_path(struct applying *a, struct str cluster)
{
	struct str folder = output_folder(a->mem, cluster), above = a->snapshot->fleet->applied;

	return above.n ? str_join(a->mem, above, S("/"), folder) : folder;
}

const struct cluster *applier_cluster(struct applying *a, uint32_t i)
{
	const struct inventory *inventory = &a->snapshot->inventory;

	for (uint32_t c = 0; c < inventory->n_clusters; c++)
		if (inventory->clusters[c].meshes.n && !i--)
			return &inventory->clusters[c];
	return NULL;
}
