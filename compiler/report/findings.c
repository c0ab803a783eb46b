/*
 * See findings.h. Everything here is of the sources alone: two runs over the
 * same sources give the same order and the same fingerprints.
 */
#include "base/base.h"
#include "report/findings.h"

#include "base/hash.h"
#include "base/map.h"
#include "source/render.h"

#define NOTES_MOST 20u /* lines of a message: the rest is counted */

static struct str path_of(const struct report *r, struct span at)
{
	return span_set(at) ? files_get(r->files, at.file)->path : S("meshc.yaml");
}

struct place report_place(struct arena *mem, const struct report *r, struct span at)
{
	struct place out = { .path = str_join(mem, r->folder, path_of(r, at)),
			     .from = { 1, 1 },
			     .to = { 1, 1 } };

	if (!span_set(at))
		return out;
	out.from = file_position(files_get(r->files, at.file), at.start);
	out.to = file_position(files_get(r->files, at.file), at.end);
	return out;
}

/* How many findings with this identity came before; counts this one. */
static uint32_t count_identity(struct arena *mem, struct map *seen, struct str identity)
{
	void **slot = map_put(seen, identity);

	if (!*slot)
		*slot = NEW(mem, uint32_t, 1);
	return (*(uint32_t *)*slot)++;
}

static uint64_t fingerprint(struct arena *mem, struct map *seen, const struct report *r,
			    const struct ranked *one)
{
	unsigned number = diag_row(one->finding->code)->number;
	struct str path = path_of(r, one->finding->at);
	struct str identity = str_format(mem, "MSH%04u %" PRIu32 " %.*s %.*s", number, path.n,
					 STR(path), STR(one->message));
	uint32_t before = count_identity(mem, seen, identity);

	return hash_bytes(str_format(mem, "%.*s %" PRIu32, STR(identity), before));
}

static void add_severity(struct arena *mem, const struct report *r, struct map *seen,
			 enum severity severity, struct ranking *out)
{
	for (uint32_t i = 0; i < r->diags->all.n; i++) {
		struct ranked one = { .finding = r->diags->all.at[i] };

		if (diag_row(one.finding->code)->severity != severity)
			continue;
		one.message = finding_message(mem, one.finding);
		one.fingerprint = fingerprint(mem, seen, r, &one);
		out->at[out->n++] = one;
		out->of[severity]++;
	}
}

struct ranking report_rank(struct arena *mem, const struct report *r)
{
	struct ranking out = { .at = NEW(mem, struct ranked, r->diags->all.n + 1) };
	struct map seen = map_new(mem);

	for (enum severity severity = SEVERITY_ERROR; severity <= SEVERITY_NOTE; severity++)
		add_severity(mem, r, &seen, severity, &out);
	return out;
}

void report_totals(struct buf *out, const uint32_t of[SEVERITY_NOTE + 1])
{
	for (enum severity s = SEVERITY_ERROR; s <= SEVERITY_NOTE; s++)
		buf_format(out, "%s%" PRIu32 " %s%s", s == SEVERITY_ERROR ? "" : ", ", of[s],
			   report_severity(s), of[s] == 1 ? "" : "s");
}

static void put_note(struct buf *out, const struct report *r, const struct remark *n)
{
	struct place place;

	buf_lit(out, "\nnote: ");
	if (span_set(n->at)) {
		place = report_place(out->mem, r, n->at);
		render_escaped(out, place.path);
		buf_format(out, ":%" PRIu32 ":%" PRIu32 ": ", place.from.line, place.from.column);
	}
	render_escaped(out, n->text);
}

struct str report_lines(struct arena *mem, const struct report *r, const struct ranked *one)
{
	const struct finding *f = one->finding;
	struct buf b = buf_new(mem, 0);

	render_escaped(&b, one->message);
	for (uint32_t i = 0; i < f->notes.n && i < NOTES_MOST; i++)
		put_note(&b, r, &f->notes.at[i]);
	if (f->notes.n > NOTES_MOST)
		buf_format(&b, "\nnote: and %" PRIu32 " more notes", f->notes.n - NOTES_MOST);
	if (f->repeats)
		buf_format(&b, "\nnote: and %" PRIu32 " more like this", f->repeats);
	if (f->help.n)
		buf_lit(&b, "\nhelp: ");
	render_escaped(&b, f->help);
	return buf_view(&b);
}
