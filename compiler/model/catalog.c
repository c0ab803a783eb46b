/*
 * The catalog is sorted: what is looked for is a run of it.
 */
#include "base/base.h"
#include "model/resource.h"

int catalog_order(const void *left, const void *right)
{
	const struct resource *a = left, *b = right;
	int order = (a->kind > b->kind) - (a->kind < b->kind);

	if (!order)
		order = str_cmp(a->folder, b->folder);
	if (!order)
		order = str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

/* Where a resource with this key would stand. */
static uint32_t lower_bound(const struct catalog *catalog, const struct resource *key)
{
	uint32_t low = 0, high = catalog->all.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (catalog_order(&catalog->all.at[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct resources run_of(const struct catalog *catalog, uint32_t from, uint32_t to)
{
	return from == to ? (struct resources){ 0 }
			  : (struct resources){ &catalog->all.at[from], to - from };
}

struct resources catalog_folder(const struct catalog *catalog, enum kind kind, struct str folder)
{
	struct resource key = { .kind = kind, .folder = folder };
	uint32_t from = lower_bound(catalog, &key), to = from;

	while (to < catalog->all.n && catalog->all.at[to].kind == kind &&
	       str_eq(catalog->all.at[to].folder, folder))
		to++;
	return run_of(catalog, from, to);
}

struct resources catalog_kind(const struct catalog *catalog, enum kind kind)
{
	struct resource key = { .kind = kind };
	uint32_t from = lower_bound(catalog, &key), to;

	key.kind = (enum kind)(kind + 1);
	to = lower_bound(catalog, &key);
	return run_of(catalog, from, to);
}

const struct resource *catalog_find(const struct catalog *catalog, enum kind kind,
				    struct str folder, struct str space, struct str name)
{
	struct resource key = { .kind = kind, .folder = folder, .space = space, .name = name };
	uint32_t at = lower_bound(catalog, &key);

	if (at == catalog->all.n || catalog_order(&catalog->all.at[at], &key) != 0)
		return NULL;
	return &catalog->all.at[at];
}
