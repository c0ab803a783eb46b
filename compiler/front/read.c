/*
 * Passes 2 and 3: bytes -> documents -> resources, in parallel.
 *
 * A tree is several times the size of its text, and nobody needs it once its
 * file has been decoded: the next file gets the same memory.
 *
 * Spans hold the ids of files, and findings are of one run: so a run of files is
 * taken from other sources only where files, ids and meshc.yaml are the same and
 * nothing was found in it.
 */
#include "base/base.h"
#include "front/local.h"

struct reading { /* of one chunk */
	struct chunk files;
	struct decoded decoded;
	bool silent; /* nothing was found in it */
};

struct job {
	const struct sources *sources;
	const struct readings *kept; /* none for other settings than these */
	struct slot *slots;
	struct reading *parts;
};

static bool same_source(const struct sources *a, const struct sources *b, uint32_t i)
{
	const struct source *x = &a->all.at[i], *y = &b->all.at[i];
	const struct file *f = files_get(a->files, x->file), *g = files_get(b->files, y->file);

	return x->file == y->file && x->place == y->place && str_eq(f->path, g->path) &&
	       str_eq(f->text, g->text);
}

static const struct file *fleet_of(const struct sources *s)
{
	for (uint32_t i = 0; i < s->all.n; i++)
		if (s->all.at[i].place == SOURCE_FLEET)
			return files_get(s->files, s->all.at[i].file);
	return NULL;
}

/* What meshc.yaml says decides how the rest is read. */
static bool same_settings(const struct sources *a, const struct sources *b)
{
	const struct file *x = fleet_of(a), *y = fleet_of(b);

	return x && y && str_eq(x->text, y->text);
}

/* NULL: it has to be read. */
static const struct reading *find_kept(const struct job *job, uint32_t i)
{
	const struct readings *kept = job->kept;
	struct chunk files = job->parts[i].files;
	const struct reading *other;

	if (!kept->sources || i >= kept->n)
		return NULL;
	other = &kept->at[i];
	if (!other->silent || other->files.from != files.from || other->files.to != files.to)
		return NULL;
	for (uint32_t k = files.from; k < files.to; k++)
		if (!same_source(job->sources, kept->sources, k))
			return NULL;
	return other;
}

static void read_source(struct reader *r, const struct file *file, struct arena *trees)
{
	struct arena_mark mark = arena_mark(trees);
	struct documents documents = { 0 };

	yaml_read_apart((struct yaml_arenas){ trees, r->mem }, r->diags, file, &documents);
	read_documents(r, &documents);
	arena_rewind(trees, mark);
}

static void read_files(const struct job *job, struct chunk files, struct reader *r)
{
	const struct sources *sources = job->sources;
	struct arena *trees = arena_new();

	for (uint32_t k = files.from; k < files.to; k++) {
		r->source = &sources->all.at[k];
		read_source(r, files_get(sources->files, r->source->file), trees);
	}
	arena_free(trees);
}

static void read_chunk(uint32_t i, void *cx)
{
	const struct job *job = cx;
	struct reading *part = &job->parts[i];
	const struct reading *kept = find_kept(job, i);
	struct slot *slot = &job->slots[i];
	struct reader r = { .mem = slot->mem,
			    .diags = &slot->diags,
			    .fleet = &job->sources->fleet,
			    .out = &part->decoded };

	if (kept)
		part->decoded = kept->decoded;
	else
		read_files(job, part->files, &r);
	part->silent = !slot->diags.all.n;
}

static void collect(struct pass *p, const struct reading *parts, uint32_t n, struct catalog *out)
{
	struct tally tally = { 0 };
	uint32_t total = 0;

	for (uint32_t i = 0; i < n; i++)
		total += parts[i].decoded.all.n;
	out->all.at = NEW(p->mem, struct resource, total);
	out->all.cap = total;
	for (uint32_t i = 0; i < n; i++) {
		const struct decoded *part = &parts[i].decoded;

		if (part->all.n)
			memcpy(out->all.at + out->all.n, part->all.at,
			       part->all.n * sizeof *out->all.at);
		out->all.n += part->all.n;
		for (uint32_t k = 0; k < part->torn.n; k++)
			vec_add(p->mem, &out->torn, part->torn.at[k]);
		tally_merge(p->mem, &tally, &part->tally);
	}
	tally_report(p->mem, p->diags, &tally);
}

void front_read(struct pass *p, const struct sources *sources, struct catalog *out)
{
	struct readings kept = { 0 };

	front_read_again(p, sources, &kept, out);
}

void front_read_again(struct pass *p, const struct sources *sources, struct readings *kept,
		      struct catalog *out)
{
	static const struct readings none;
	bool usable = kept->sources && same_settings(sources, kept->sources);
	struct job job = { .sources = sources, .kept = usable ? kept : &none };
	struct chunks chunks = { 0 };

	*out = (struct catalog){ 0 };
	chunk_sources(p->mem, sources, &chunks);
	job.slots = slots_new(p->mem, chunks.all.n);
	job.parts = NEW(p->mem, struct reading, chunks.all.n);
	for (uint32_t i = 0; i < chunks.all.n; i++)
		job.parts[i].files = chunks.all.at[i];
	pool_map(p->pool, chunks.all.n, read_chunk, &job);
	slots_join(p, job.slots, chunks.all.n);
	collect(p, job.parts, chunks.all.n, out);
	if (!kept->sources)
		*kept = (struct readings){ sources, job.parts, chunks.all.n };
	catalog_settle(p, out);
}
