/*
 * Looking up files in a sorted list; see the header.
 */
#include "base/base.h"
#include "git/listing.h"

/* The first that is not before the path. */
static uint32_t bound(const struct listed_files *l, struct str path)
{
	uint32_t from = 0, to = l->n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (str_cmp(l->at[middle].path, path) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

const struct listed_file *listed_find(const struct listed_files *l, struct str path)
{
	uint32_t i = bound(l, path);

	return i < l->n && str_eq(l->at[i].path, path) ? &l->at[i] : NULL;
}

bool listed_below(const struct listed_files *l, struct str folder)
{
	/* "a-b" stands between "a" and "a/b". */
	for (uint32_t i = bound(l, folder); i < l->n && str_starts(l->at[i].path, folder); i++)
		if (l->at[i].path.n > folder.n && l->at[i].path.p[folder.n] == '/')
			return true;
	return false;
}
