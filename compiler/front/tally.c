/*
 * Objects of a dump that are left out: counted, and said once per cluster.
 *
 * A kubectl dump holds anything. One note per object would bury the findings;
 * no note at all would be silence.
 */
#include "base/base.h"
#include "base/buf.h"
#include "base/sort.h"
#include "front/local.h"

enum { KINDS_SHOWN = 8 };

static bool is_row(const struct tally_row *row, enum tally_kind what, struct str folder,
		   struct str kind)
{
	return row->what == what && str_eq(row->kind, kind) && str_eq(row->folder, folder);
}

/* The rows of one folder stand together, the current folder's last. */
void tally_count(struct arena *mem, struct tally *t, enum tally_kind what, struct str folder,
		 struct str kind, struct span at)
{
	for (uint32_t i = t->all.n; i > 0 && str_eq(t->all.at[i - 1].folder, folder); i--) {
		if (!is_row(&t->all.at[i - 1], what, folder, kind))
			continue;
		t->all.at[i - 1].n++;
		return;
	}
	vec_add(mem, &t->all, ((struct tally_row){ what, folder, kind, 1, at }));
}

void tally_merge(struct arena *mem, struct tally *into, const struct tally *from)
{
	for (uint32_t i = 0; i < from->all.n; i++)
		vec_add(mem, &into->all, from->all.at[i]);
}

static int compare_rows(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;
	int order = str_cmp(a->folder, b->folder);

	if (!order)
		order = (a->what > b->what) - (a->what < b->what);
	return order ? order : str_cmp(a->kind, b->kind);
}

static void add_up(struct tally *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->all.n; i++) {
		struct tally_row row = t->all.at[i];

		/* Sorting is stable and merging follows the files: the first row has the first place. */
		if (n && is_row(&t->all.at[n - 1], row.what, row.folder, row.kind))
			t->all.at[n - 1].n += row.n;
		else
			t->all.at[n++] = row;
	}
	t->all.n = n;
}

/* Pod -> Pods, Ingress -> Ingresses, NetworkPolicy -> NetworkPolicies, Endpoints -> Endpoints */
static void put_plural(struct buf *out, struct str kind)
{
	char before = kind.n > 1 ? kind.p[kind.n - 2] : '\0';

	if (str_ends(kind, S("ss"))) {
		buf_str(out, kind);
		buf_lit(out, "es");
	} else if (str_ends(kind, S("y")) && !strchr("aeou", before)) {
		buf_str(out, str_slice(kind, 0, kind.n - 1));
		buf_lit(out, "ies");
	} else {
		buf_str(out, kind);
		if (!str_ends(kind, S("s")))
			buf_char(out, 's');
	}
}

static void put_row(struct buf *out, const struct tally_row *row)
{
	buf_int(out, row->n);
	buf_char(out, ' ');
	if (row->n == 1)
		buf_str(out, row->kind);
	else
		put_plural(out, row->kind);
}

/* 2 Pods, 1 Secret */
static struct str sum(struct arena *mem, const struct tally_row *rows, uint32_t n)
{
	struct buf out = buf_new(mem, 0);
	uint32_t rest = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i >= KINDS_SHOWN) {
			rest += rows[i].n;
			continue;
		}
		if (i)
			buf_lit(&out, ", ");
		put_row(&out, &rows[i]);
	}
	if (rest)
		buf_format(&out, " and %u more of %u kinds", rest, n - KINDS_SHOWN);
	return buf_view(&out);
}

static struct span first_of(const struct tally_row *rows, uint32_t n)
{
	struct span first = rows[0].first;

	for (uint32_t i = 1; i < n; i++) {
		struct span at = rows[i].first;

		if (at.file < first.file || (at.file == first.file && at.start < first.start))
			first = at;
	}
	return first;
}

static void report_rows(struct arena *mem, struct diags *diags, const struct tally_row *rows,
			uint32_t n)
{
	struct str what = sum(mem, rows, n);

	if (rows[0].what == TALLY_SKIPPED)
		report_skipped_objects(diags, first_of(rows, n), what, rows[0].folder);
	else
		report_unused_object(diags, first_of(rows, n), what, rows[0].folder);
}

void tally_report(struct arena *mem, struct diags *diags, struct tally *t)
{
	uint32_t from = 0;

	sort_stable(mem, t->all.at, t->all.n, sizeof *t->all.at, compare_rows);
	add_up(t);
	for (uint32_t i = 1; i <= t->all.n; i++) {
		const struct tally_row *first = &t->all.at[from];

		if (i < t->all.n && t->all.at[i].what == first->what &&
		    str_eq(t->all.at[i].folder, first->folder))
			continue;
		report_rows(mem, diags, first, i - from);
		from = i;
	}
}
