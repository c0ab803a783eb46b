/*
 * The orders of what a cluster gets: in files by key, bytes only; applied by stage.
 */
#include "base/base.h"
#include "model/object.h"

static const char *const stages[STAGE_MAX] = {
	[STAGE_DEFINE] = "define",
	[STAGE_ALLOW] = "allow",
	[STAGE_ROUTE] = "route",
	[STAGE_DENY] = "deny",
};

const char *stage_name(enum stage stage)
{
	return stages[stage];
}

int object_key_compare(const struct object_key *a, const struct object_key *b)
{
	int order = str_cmp(a->group, b->group);

	if (!order)
		order = str_cmp(a->kind, b->kind);
	if (!order)
		order = str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}
