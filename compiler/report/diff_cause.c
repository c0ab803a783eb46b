/*
 * Which line of the sources a group comes from.
 *
 * Lowered again, an object knows the field of the declaration that asked for each of
 * its values. Where such a field stands in a line that the change touched, that is the
 * cause. Otherwise it is the first touched line of a declaration that the object comes
 * from, and otherwise whatever was touched, declarations before the inventory.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "base/sequence.h"

#define CAUSES_MOST 3u

struct touched_file {
	struct str path;
	const struct file *old, *new; /* NULL: not on that side */
	struct sequence_runs runs;    /* of lines, from 0 */
};

/* Fields that a group's values were asked for by. */
struct origins {
	VEC(struct span) old, new;
};

struct group_list {
	VEC(uint32_t) all;
};

struct causes {
	struct arena *mem;
	struct diff *diff;
	VEC(struct touched_file *) files; /* declarations first, then by path */
	struct map by_path;
	struct group_list *firsts; /* by cluster: groups of which it is the first */
	struct origins *origins;   /* by group */
	struct arena **arenas;     /* by cluster */
	struct map said;           /* effects that the fields of some object say */
};

/* Files. */

static void add_file(struct causes *x, struct str path, const struct file *old,
		     const struct file *new)
{
	struct touched_file *file = NEW(x->mem, struct touched_file, 1);

	*file = (struct touched_file){ .path = path, .old = old, .new = new };
	if (old && new)
		sequence_diff(x->mem, sequence_lines(x->mem, old->text),
			      sequence_lines(x->mem, new->text), &file->runs);
	else
		vec_add(x->mem, &file->runs.all,
			((struct sequence_run){ 0, old ? old->n_lines : 0, 0,
						new ? new->n_lines : 0 }));
	vec_add(x->mem, &x->files, file);
	*map_put(&x->by_path, path) = file;
}

/* Texts of a side, by themselves: a file that only moved is not touched. */
static struct map texts_of(struct arena *mem, const struct files *files)
{
	struct map out = map_new(mem);

	for (uint32_t i = 0; i < files->all.n; i++)
		*map_put(&out, files->all.at[i].text) = (void *)(uintptr_t)1;
	return out;
}

static void list_files(struct causes *x)
{
	const struct files *old = x->diff->base->files, *new = x->diff->head->files;
	struct map old_texts = texts_of(x->mem, old), new_texts = texts_of(x->mem, new);
	uint32_t i = 0, k = 0;

	for (;;) {
		const struct file *a = i < old->all.n ? &old->all.at[i] : NULL,
				  *b = k < new->all.n ? &new->all.at[k] : NULL;
		int order;

		if (!a && !b)
			return;
		order = !a ? 1 : !b ? -1 : str_cmp(a->path, b->path);
		i += order <= 0;
		k += order >= 0;
		if (!order && !str_eq(a->text, b->text))
			add_file(x, b->path, a, b);
		else if (order < 0 && !map_get(&new_texts, a->text))
			add_file(x, a->path, a, NULL);
		else if (order > 0 && !map_get(&old_texts, b->text))
			add_file(x, b->path, NULL, b);
	}
}

/* Lines. */

static void add_cause(struct causes *x, struct diff_causes *out, struct diff_cause cause)
{
	for (uint32_t i = 0; i < out->all.n; i++)
		if (out->all.at[i].line == cause.line && out->all.at[i].base == cause.base &&
		    str_eq(out->all.at[i].path, cause.path))
			return;
	if (out->all.n == CAUSES_MOST)
		out->more++;
	else
		vec_add(x->mem, &out->all, cause);
}

static void add_run(struct causes *x, const struct touched_file *file,
		    const struct sequence_run *run, struct diff_causes *out)
{
	bool base = !run->new_n;

	add_cause(x, out,
		  (struct diff_cause){ file->path, (base ? run->old_at : run->new_at) + 1, base });
}

/* The touched lines within [from, to] of one side, from 0. Returns whether there are any. */
static bool add_lines(struct causes *x, const struct touched_file *file, bool base, uint32_t from,
		      uint32_t to, struct diff_causes *out)
{
	for (uint32_t i = 0; i < file->runs.all.n; i++) {
		struct sequence_run run = file->runs.all.at[i];
		uint32_t at = base ? run.old_at : run.new_at, n = base ? run.old_n : run.new_n;

		/* Lines that went stand between two that are there. */
		if (at > to || (n ? at + n <= from : at < from || !at))
			continue;
		if (n && at < from) {
			run.new_at += base ? 0 : from - at;
			run.old_at += base ? from - at : 0;
		}
		add_run(x, file, &run, out);
		return true;
	}
	return false;
}

static bool add_span(struct causes *x, const struct diff_side *side, struct span at,
		     struct diff_causes *out)
{
	bool base = side == x->diff->base;
	const struct touched_file *touched;
	const struct file *file;

	if (!span_set(at))
		return false;
	file = files_get(side->files, at.file);
	touched = map_get(&x->by_path, file->path);
	return touched && add_lines(x, touched, base, file_position(file, at.start).line - 1,
				    file_position(file, at.end).line - 1, out);
}

/* Objects with their origins. */

static void lower(const struct diff_side *side, const struct cluster_plan *plan, struct arena *mem,
		  struct object_set *out)
{
	struct diags nobody = diags_new(mem);

	if (plan)
		side->lower(side->cx, plan->cluster->index, mem, &nobody, out);
}

static const struct node *body_of(const struct object_set *set, const struct output_file *file)
{
	uint32_t from = 0, to = set->all.n;

	while (file && !file->beside && from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = object_key_compare(&set->all.at[middle].key, &file->object->key);

		if (!order)
			return set->all.at[middle].body;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

static void add_within(struct arena *mem, struct origins *out, bool base, const struct node *n)
{
	if (!n)
		return;
	if (span_set(n->at) && base)
		vec_add(mem, &out->old, n->at);
	else if (span_set(n->at))
		vec_add(mem, &out->new, n->at);
	for (uint32_t i = 0; i < n->n; i++) {
		if (n->kind == NODE_MAP)
			add_within(mem, out, base, n->u.pairs[i].value);
		else if (n->kind == NODE_SEQ)
			add_within(mem, out, base, n->u.items[i]);
	}
}

static void add_edits(struct arena *mem, struct origins *out, const struct edits *edits,
		      const struct node *old, const struct node *new)
{
	for (uint32_t i = 0; i < edits->all.n; i++) {
		const struct edit *edit = &edits->all.at[i];

		/* A pointer leads into one side; where nothing moved, into the other as well. */
		if (edit->new)
			vec_add(mem, &out->new, node_origin(new, edit->pointer));
		if (edit->old)
			vec_add(mem, &out->old, node_origin(old, edit->pointer));
	}
}

static struct origins origins_of(struct arena *mem, const struct diff_group *g,
				 const struct node *old, const struct node *new)
{
	struct origins out = { 0 };

	if (g->edits.all.n) {
		add_edits(mem, &out, &g->edits, old, new);
	} else {
		add_within(mem, &out, true, old);
		add_within(mem, &out, false, new);
	}
	return out;
}

/* Trees of a cluster live while its groups are studied, those of a fleet never all at once. */
static void study_cluster(uint32_t i, void *cx)
{
	struct causes *x = cx;
	const struct diff_cluster *cluster = &x->diff->clusters[i];
	struct object_set old = { 0 }, new = { 0 };
	struct arena *scratch;

	x->arenas[i] = arena_new();
	if (!x->firsts[i].all.n)
		return;
	scratch = arena_new();
	lower(x->diff->base, cluster->old, scratch, &old);
	lower(x->diff->head, cluster->new, scratch, &new);
	for (uint32_t k = 0; k < x->firsts[i].all.n; k++) {
		uint32_t n = x->firsts[i].all.at[k];
		struct diff_group *g = &x->diff->groups.at[n];

		change_edits(x->arenas[i], g->change, &g->edits);
		x->origins[n] = origins_of(x->arenas[i], g, body_of(&old, g->change->old),
					   body_of(&new, g->change->new));
	}
	arena_free(scratch);
}

static void study(struct causes *x, struct pool *pool)
{
	struct diff *d = x->diff;

	x->firsts = NEW(x->mem, struct group_list, d->n_clusters);
	x->origins = NEW(x->mem, struct origins, d->groups.n);
	x->arenas = NEW(x->mem, struct arena *, d->n_clusters);
	for (uint32_t i = 0; i < d->groups.n; i++)
		vec_add(x->mem, &x->firsts[d->groups.at[i].change->cluster].all, i);
	pool_map(pool, d->n_clusters, study_cluster, x);
	for (uint32_t i = 0; i < d->n_clusters; i++)
		arena_adopt(x->mem, x->arenas[i]);
}

/* What went has no line any more: lines of the base count only where the head has none. */
static void from_origins(struct causes *x, struct diff_group *g, const struct origins *origins)
{
	for (uint32_t i = 0; i < origins->new.n; i++)
		add_span(x, x->diff->head, origins->new.at[i], &g->causes);
	for (uint32_t i = 0; i < origins->old.n && !g->causes.all.n; i++)
		add_span(x, x->diff->base, origins->old.at[i], &g->causes);
}

/* Effects: of several objects of a service, those whose fields say so. */

static bool meets(struct span at, const struct span *spans, uint32_t n)
{
	for (uint32_t i = 0; span_set(at) && i < n; i++)
		if (spans[i].file == at.file && spans[i].start < at.end && at.start < spans[i].end)
			return true;
	return false;
}

static bool is_said_by(const struct origins *o, const struct diff_effect *e)
{
	return meets(e->old, o->old.at, o->old.n) || meets(e->new, o->new.at, o->new.n);
}

/* Effects of one service by one field. */
static struct str effect_key(struct arena *mem, const struct diff_group *g,
			     const struct diff_effect *e)
{
	const struct service *about = g->change->about;
	struct str title = about ? service_title(mem, about) : S("");

	return str_format(mem, "%d %u %u %u %u %.*s", e->risk, e->old.file, e->old.start,
			  e->new.file, e->new.start, STR(title));
}

static void note_said(struct causes *x, const struct diff_group *g, const struct origins *o)
{
	for (uint32_t i = 0; i < g->effects.all.n; i++)
		if (is_said_by(o, &g->effects.all.at[i]))
			*map_put(&x->said, effect_key(x->mem, g, &g->effects.all.at[i])) = x;
}

static void drop_unsaid(struct causes *x, struct diff_group *g, const struct origins *o)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < g->effects.all.n; i++) {
		struct diff_effect e = g->effects.all.at[i];

		if (is_said_by(o, &e) || !map_get(&x->said, effect_key(x->mem, g, &e)))
			g->effects.all.at[kept++] = e;
	}
	g->effects.all.n = kept;
}

/* Declarations. */

static bool ends_document(struct str line)
{
	return str_starts(line, S("---")) || str_starts(line, S("..."));
}

/* The lines of the document that a name stands in, from 0. */
static void document_lines(const struct file *file, uint32_t line, uint32_t *from, uint32_t *to)
{
	*from = *to = line - 1;
	while (*from && !ends_document(file_line(file, *from)))
		--*from;
	while (*to + 1 < file->n_lines && !ends_document(file_line(file, *to + 2)))
		++*to;
}

static void from_declarations(struct causes *x, const struct diff_side *side,
			      const struct output_file *file, struct diff_causes *out)
{
	for (uint32_t i = 0; file && i < file->object->sources.n; i++) {
		struct span at = file->object->sources.at[i]->at;
		const struct file *text = files_get(side->files, at.file);
		const struct touched_file *touched = map_get(&x->by_path, text->path);
		uint32_t from, to;

		if (!touched)
			continue;
		document_lines(text, file_position(text, at.start).line, &from, &to);
		add_lines(x, touched, side == x->diff->base, from, to, out);
	}
}

static bool is_inventory(const struct causes *x, const struct touched_file *file)
{
	struct str folder = x->diff->head->plan->snapshot->fleet->inventory;

	return str_starts(file->path, folder);
}

static void from_anywhere(struct causes *x, struct diff_causes *out)
{
	for (int inventory = 0; inventory <= 1; inventory++)
		for (uint32_t i = 0; i < x->files.n; i++)
			if (is_inventory(x, x->files.at[i]) == inventory &&
			    x->files.at[i]->runs.all.n)
				add_run(x, x->files.at[i], &x->files.at[i]->runs.all.at[0], out);
}

static void find_cause(struct causes *x, struct diff_group *g, const struct origins *origins)
{
	from_origins(x, g, origins);
	if (!g->causes.all.n)
		from_declarations(x, x->diff->head, g->change->new, &g->causes);
	if (!g->causes.all.n)
		from_declarations(x, x->diff->base, g->change->old, &g->causes);
	if (!g->causes.all.n)
		from_anywhere(x, &g->causes);
}

void cause_find(struct arena *mem, struct pool *pool, struct diff *out)
{
	struct causes x = {
		.mem = mem, .diff = out, .by_path = map_new(mem), .said = map_new(mem)
	};

	if (!out->groups.n)
		return;
	list_files(&x);
	study(&x, pool);
	for (uint32_t i = 0; i < out->groups.n; i++) {
		find_cause(&x, &out->groups.at[i], &x.origins[i]);
		note_said(&x, &out->groups.at[i], &x.origins[i]);
	}
	for (uint32_t i = 0; i < out->groups.n; i++)
		drop_unsaid(&x, &out->groups.at[i], &x.origins[i]);
}
