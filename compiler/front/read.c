/*
 * Passes 2 and 3: bytes -> documents -> resources, in parallel.
 *
 * A tree is several times the size of its text, and nobody needs it once its
 * file has been decoded: the next file gets the same memory.
 */
#include "base/base.h"
#include "front/local.h"

struct reading {
	const struct sources *sources;
	const struct chunk *chunks;
	struct slot *slots;
	struct decoded *out;
};

static void read_source(struct reader *r, const struct file *file, struct arena *trees)
{
	struct arena_mark mark = arena_mark(trees);
	struct documents documents = { 0 };

	yaml_read_apart((struct yaml_arenas){ trees, r->mem }, r->diags, file, &documents);
	read_documents(r, &documents);
	arena_rewind(trees, mark);
}

static void read_chunk(uint32_t i, void *cx)
{
	struct reading *job = cx;
	const struct sources *sources = job->sources;
	struct reader r = { .mem = job->slots[i].mem,
			    .diags = &job->slots[i].diags,
			    .fleet = &sources->fleet,
			    .out = &job->out[i] };
	struct arena *trees = arena_new();

	for (uint32_t k = job->chunks[i].from; k < job->chunks[i].to; k++) {
		r.source = &sources->all.at[k];
		read_source(&r, files_get(sources->files, r.source->file), trees);
	}
	arena_free(trees);
}

static void collect(struct pass *p, const struct decoded *parts, uint32_t n, struct catalog *out)
{
	struct tally tally = { 0 };
	uint32_t total = 0;

	for (uint32_t i = 0; i < n; i++)
		total += parts[i].all.n;
	out->all.at = NEW(p->mem, struct resource, total);
	out->all.cap = total;
	for (uint32_t i = 0; i < n; i++) {
		if (parts[i].all.n)
			memcpy(out->all.at + out->all.n, parts[i].all.at,
			       parts[i].all.n * sizeof *out->all.at);
		out->all.n += parts[i].all.n;
		for (uint32_t k = 0; k < parts[i].torn.n; k++)
			vec_add(p->mem, &out->torn, parts[i].torn.at[k]);
		tally_merge(p->mem, &tally, &parts[i].tally);
	}
	tally_report(p->mem, p->diags, &tally);
}

void front_read(struct pass *p, const struct sources *sources, struct catalog *out)
{
	struct chunks chunks = { 0 };
	struct reading job = { .sources = sources };

	*out = (struct catalog){ 0 };
	chunk_sources(p->mem, sources, &chunks);
	job.chunks = chunks.all.at;
	job.slots = slots_new(p->mem, chunks.all.n);
	job.out = NEW(p->mem, struct decoded, chunks.all.n);
	pool_map(p->pool, chunks.all.n, read_chunk, &job);
	slots_join(p, job.slots, chunks.all.n);
	collect(p, job.out, chunks.all.n, out);
	catalog_settle(p, out);
}
