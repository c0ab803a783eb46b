/*
 * Parallel work over files: the files are cut into runs, each run has memory and
 * findings of its own, and the results are put together in the order of the runs.
 *
 * One arena per file would cost more than the file where there are 50,000.
 */
#include "base/base.h"
#include "front/local.h"

enum { CHUNK_BYTES = 128 << 10 };

void chunk_sources(struct arena *mem, const struct sources *sources, struct chunks *out)
{
	uint32_t from = 0;
	size_t bytes = 0;

	for (uint32_t i = 0; i < sources->all.n; i++) {
		bytes += files_get(sources->files, sources->all.at[i].file)->text.n;
		if (bytes < CHUNK_BYTES && i + 1 < sources->all.n)
			continue;
		vec_add(mem, &out->all, ((struct chunk){ from, i + 1 }));
		from = i + 1;
		bytes = 0;
	}
}

struct slot *slots_new(struct arena *mem, uint32_t n)
{
	struct slot *slots = NEW(mem, struct slot, n);

	for (uint32_t i = 0; i < n; i++) {
		slots[i].mem = arena_new();
		slots[i].diags = diags_new(slots[i].mem);
	}
	return slots;
}

void slots_join(struct pass *p, struct slot *slots, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		diags_merge(p->diags, &slots[i].diags);
		arena_adopt(p->mem, slots[i].mem);
		slots[i].mem = NULL;
	}
}
