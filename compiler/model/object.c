/*
 * The order of what a cluster gets: by key, bytes only.
 */
#include "base/base.h"
#include "model/object.h"

int object_key_compare(const struct object_key *a, const struct object_key *b)
{
	int order = str_cmp(a->group, b->group);

	if (!order)
		order = str_cmp(a->kind, b->kind);
	if (!order)
		order = str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}
