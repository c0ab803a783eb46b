/*
 * The catalog in its order, each object once.
 *
 * Of two objects with one key the first in path order stays; the other is
 * reported and dropped, so that no later pass has to choose.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"

static int compare_resources(const void *left, const void *right)
{
	const struct resource *a = left, *b = right;
	int order = (a->kind > b->kind) - (a->kind < b->kind);

	if (!order)
		order = str_cmp(a->folder, b->folder);
	if (!order)
		order = str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

/* There is one Fleet, whatever it is called. */
static bool is_same(const struct resource *a, const struct resource *b)
{
	return compare_resources(a, b) == 0 || (a->kind == KIND_FLEET && b->kind == KIND_FLEET);
}

static void report_duplicate(struct pass *p, const struct resource *first,
			     const struct resource *again)
{
	struct str title = resource_title(p->mem, again);
	struct finding *f = report_duplicate_object(p->diags, again->at,
						    str_of(kind_row(again->kind)->name), title);

	note(f, first->at, "first declared here");
}

static int compare_texts(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void sort_unique_texts(struct arena *scratch, struct str *texts, uint32_t *n)
{
	uint32_t kept = 0;

	sort_stable(scratch, texts, *n, sizeof *texts, compare_texts);
	for (uint32_t i = 0; i < *n; i++)
		if (!kept || !str_eq(texts[kept - 1], texts[i]))
			texts[kept++] = texts[i];
	*n = kept;
}

struct str resource_title(struct arena *mem, const struct resource *resource)
{
	if (!resource->space.n)
		return resource->name;
	return str_format(mem, "%.*s.%.*s", STR(resource->name), STR(resource->space));
}

void catalog_settle(struct pass *p, struct catalog *catalog)
{
	uint32_t kept = 0;

	sort_stable(p->mem, catalog->all.at, catalog->all.n, sizeof *catalog->all.at,
		    compare_resources);
	for (uint32_t i = 0; i < catalog->all.n; i++) {
		struct resource *resource = &catalog->all.at[i];

		if (kept && is_same(&catalog->all.at[kept - 1], resource))
			report_duplicate(p, &catalog->all.at[kept - 1], resource);
		else
			catalog->all.at[kept++] = *resource;
	}
	catalog->all.n = kept;
	sort_unique_texts(p->mem, catalog->torn.at, &catalog->torn.n);
}

/* Where a resource with this key would stand. */
static uint32_t lower_bound(const struct catalog *catalog, const struct resource *key)
{
	uint32_t low = 0, high = catalog->all.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_resources(&catalog->all.at[middle], key) < 0)
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

	if (at == catalog->all.n || compare_resources(&catalog->all.at[at], &key) != 0)
		return NULL;
	return &catalog->all.at[at];
}
