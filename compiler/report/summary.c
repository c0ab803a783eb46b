/*
 * Counting what a compile made, and the words for it.
 *
 * Numbers only: what they mean for the exit code is decided in cli/.
 */
#include "base/base.h"
#include "report/summary.h"

#include "base/map.h"
#include "base/sort.h"
#include "report/table.h"

#define TABLE_ALL 20u /* up to so many clusters the table shows all */
#define TABLE_LARGEST 10u

static uint32_t count_imports(const struct cluster_plan *cluster)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < cluster->destinations.n; i++)
		n += cluster->destinations.at[i].remote;
	return n;
}

/* clusters/<cluster>/ of a path; empty: a file of no cluster. */
static struct str cluster_folder(struct str path)
{
	static const char top[] = "clusters/";
	uint32_t skip = sizeof top - 1;
	int64_t slash;

	if (!str_starts(path, str_of(top)))
		return (struct str){ 0 };
	slash = str_find(str_slice(path, skip, path.n), '/');
	return slash < 0 ? (struct str){ 0 } : str_slice(path, 0, skip + (uint32_t)slash + 1);
}

static void count_bytes(struct arena *mem, const struct summary_input *in, struct summary *out)
{
	struct object_key any = {
		.group = S("g"), .kind = S("k"), .space = S("s"), .name = S("n")
	};
	struct map folders = map_new(mem);

	for (uint32_t i = 0; i < out->per_cluster.n; i++) {
		struct cluster_summary *row = &out->per_cluster.at[i];

		*map_put(&folders, cluster_folder(output_path(mem, row->name, &any))) = row;
	}
	for (uint32_t i = 0; i < in->fileset->all.n; i++) {
		const struct output_file *file = &in->fileset->all.at[i];
		struct cluster_summary *row = map_get(&folders, cluster_folder(file->path));

		if (row)
			row->bytes += file->bytes.n;
	}
}

static void count_clusters(struct arena *mem, const struct summary_input *in, struct summary *out)
{
	for (uint32_t i = 0; i < in->plan->n_clusters; i++) {
		struct cluster_summary *row = vec_push(mem, &out->per_cluster);

		row->name = in->plan->clusters[i].cluster->name;
		row->imports = count_imports(&in->plan->clusters[i]);
		row->objects = in->bundle->clusters[i].all.n;
		out->objects += row->objects;
	}
	count_bytes(mem, in, out);
}

struct summary summary_of(struct arena *mem, const struct summary_input *in)
{
	struct summary out = { .errors = in->diags->errors, .warnings = in->diags->warnings };

	if (in->inventory) {
		out.has_clusters = true;
		out.clusters = in->inventory->n_clusters;
	}
	if (in->plan && in->bundle && in->fileset) {
		out.has_objects = true;
		count_clusters(mem, in, &out);
	}
	if (in->changes) {
		out.has_changes = true;
		out.new = in->changes->objects_new;
		out.changed = in->changes->objects_changed;
		out.removed = in->changes->objects_removed;
	}
	return out;
}

static void put_count(struct buf *out, uint32_t n, const char *noun)
{
	buf_format(out, "%" PRIu32 " %s%s", n, noun, n == 1 ? "" : "s");
}

void summary_line(struct buf *out, const struct summary *s, int64_t elapsed_ms)
{
	if (s->has_clusters) {
		put_count(out, s->clusters, "cluster");
		buf_lit(out, ", ");
	}
	if (s->has_objects) {
		put_count(out, s->objects, "object");
		if (s->has_changes)
			buf_format(out,
				   " (%" PRIu32 " new, %" PRIu32 " changed, %" PRIu32 " removed)",
				   s->new, s->changed, s->removed);
		buf_lit(out, ", ");
	}
	put_count(out, s->errors, "error");
	buf_lit(out, ", ");
	put_count(out, s->warnings, "warning");
	if (elapsed_ms >= 0)
		buf_format(out, ", %" PRId64 " ms", elapsed_ms);
	buf_char(out, '\n');
}

static int by_bytes_then_name(const void *left, const void *right)
{
	const struct cluster_summary *l = left, *r = right;

	if (l->bytes != r->bytes)
		return l->bytes < r->bytes ? 1 : -1;
	return str_cmp(l->name, r->name);
}

static void add_row(struct table *t, struct str name, const struct cluster_summary *row)
{
	table_text(t, name);
	table_number(t, row->objects);
	table_number(t, row->imports);
	table_number(t, row->bytes);
}

static struct cluster_summary sum_of(const struct cluster_summary *rows, uint32_t n)
{
	struct cluster_summary sum = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		sum.objects += rows[i].objects;
		sum.imports += rows[i].imports;
		sum.bytes += rows[i].bytes;
	}
	return sum;
}

static void add_largest(struct arena *mem, struct table *t, const struct summary *s)
{
	uint32_t n = s->per_cluster.n;
	struct cluster_summary *rows = NEW(mem, struct cluster_summary, n);
	struct cluster_summary sum = sum_of(s->per_cluster.at, n);
	struct cluster_summary rest;

	memcpy(rows, s->per_cluster.at, n * sizeof *rows);
	sort_stable(mem, rows, n, sizeof *rows, by_bytes_then_name);
	for (uint32_t i = 0; i < TABLE_LARGEST; i++)
		add_row(t, rows[i].name, &rows[i]);
	rest = sum_of(rows + TABLE_LARGEST, n - TABLE_LARGEST);
	add_row(t, str_format(mem, "%" PRIu32 " smaller ones", n - TABLE_LARGEST), &rest);
	add_row(t, S("total"), &sum);
}

void summary_table(struct buf *out, const struct summary *s, bool all)
{
	static const char *const columns[] = { "cluster", "objects", "imports", "bytes" };
	struct table t = table_new(out->mem, columns, countof(columns));

	if (all || s->per_cluster.n <= TABLE_ALL)
		for (uint32_t i = 0; i < s->per_cluster.n; i++)
			add_row(&t, s->per_cluster.at[i].name, &s->per_cluster.at[i]);
	else
		add_largest(out->mem, &t, s);
	table_write(&t, out);
}
