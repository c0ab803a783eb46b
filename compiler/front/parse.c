/*
 * Pass 2: bytes -> documents, file by file and in parallel.
 */
#include "base/base.h"
#include "front/local.h"

struct parsing {
	const struct sources *sources;
	const struct chunk *chunks;
	struct slot *slots;
	struct parsed *out;
};

static void parse_chunk(uint32_t i, void *cx)
{
	struct parsing *job = cx;
	struct slot *slot = &job->slots[i];

	for (uint32_t k = job->chunks[i].from; k < job->chunks[i].to; k++) {
		const struct file *file =
			files_get(job->sources->files, job->sources->all.at[k].file);

		yaml_read(slot->mem, &slot->diags, file, &job->out->of[k]);
	}
}

void front_parse(struct pass *p, const struct sources *sources, struct parsed *out)
{
	struct chunks chunks = { 0 };
	struct parsing job = { .sources = sources, .out = out };

	chunk_sources(p->mem, sources, &chunks);
	out->n = sources->all.n;
	out->of = NEW(p->mem, struct documents, out->n);
	job.chunks = chunks.all.at;
	job.slots = slots_new(p->mem, chunks.all.n);
	pool_map(p->pool, chunks.all.n, parse_chunk, &job);
	slots_join(p, job.slots, chunks.all.n);
}
