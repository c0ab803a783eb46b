/*
 * The catalog in its order, each object once.
 *
 * Of two objects with one key the first in path order stays; the other is
 * reported and dropped, so that no later pass has to choose.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"

/* There is one Fleet, whatever it is called. */
static bool is_same(const struct resource *a, const struct resource *b)
{
	return catalog_order(a, b) == 0 || (a->kind == KIND_FLEET && b->kind == KIND_FLEET);
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
		    catalog_order);
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
