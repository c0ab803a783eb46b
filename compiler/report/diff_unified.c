/*
 * A difference of the output trees, as `git apply` takes it in the output folder.
 *
 * Every file counts here, the indexes too: the tree it is applied to becomes the new one.
 * A line that looks like a secret is hidden all the same, and then it does not apply.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "base/sequence.h"
#include "source/render.h"
#include "tree/secret.h"

#define CONTEXT 3u

struct patch {
	struct arena *mem;
	const struct diff_options *options;
	struct buf *out;
	bool in_key; /* between the first and the last line of a PEM block */
	bool hidden;
};

struct sides {
	struct sequence old, new;
	const struct sequence_runs *runs;
};

static bool has(struct str text, struct str word)
{
	for (uint32_t i = 0; i + word.n <= text.n; i++)
		if (str_starts(str_slice(text, i, text.n), word))
			return true;
	return false;
}

/* Secrets never leave, whatever becomes of the patch. */
static struct str safe_line(struct patch *p, struct str line)
{
	struct str out;

	p->in_key |= has(line, S("-----BEGIN "));
	out = p->in_key ? S("(hidden)\n") : secret_line(p->mem, line);
	if (has(line, S("-----END ")))
		p->in_key = false;
	p->hidden |= out.p != line.p;
	return out;
}

static void put_line(struct patch *p, char mark, struct str line)
{
	static const char *const colors[] = { ['+'] = "\033[32m", ['-'] = "\033[31m" };
	bool colored = p->options->color && mark != ' ';
	struct str text = safe_line(p, line);
	bool ended = str_ends(text, S("\n"));

	if (colored)
		buf_str(p->out, str_of(colors[(unsigned char)mark]));
	buf_char(p->out, mark);
	buf_str(p->out, ended ? str_slice(text, 0, text.n - 1) : text);
	if (colored)
		buf_lit(p->out, "\033[0m");
	buf_char(p->out, '\n');
	if (!ended)
		buf_lit(p->out, "\\ No newline at end of file\n");
}

/* "-12,3"; a side without lines names the line before. */
static void put_range(struct buf *out, char mark, uint32_t from, uint32_t n)
{
	buf_format(out, "%c%" PRIu32, mark, n ? from + 1 : from);
	if (n != 1)
		buf_format(out, ",%" PRIu32, n);
}

/* Runs that are no further apart than their context stand in one hunk. Returns the run after it. */
static uint32_t hunk_end(const struct sides *s, uint32_t i)
{
	const struct sequence_run *runs = s->runs->all.at;

	for (i++; i < s->runs->all.n; i++)
		if (runs[i].old_at - (runs[i - 1].old_at + runs[i - 1].old_n) > 2 * CONTEXT)
			break;
	return i;
}

static uint32_t before(uint32_t at)
{
	return at < CONTEXT ? at : CONTEXT;
}

static uint32_t after(uint32_t at, uint32_t n)
{
	return n - at < CONTEXT ? n - at : CONTEXT;
}

static void put_hunk(struct patch *p, const struct sides *s, uint32_t first, uint32_t end)
{
	const struct sequence_run *runs = s->runs->all.at, *last = &runs[end - 1];
	uint32_t lead = before(runs[first].old_at);
	uint32_t tail = after(last->old_at + last->old_n, s->old.n);
	uint32_t old = runs[first].old_at - lead, new = runs[first].new_at - lead;

	buf_lit(p->out, "@@ ");
	put_range(p->out, '-', old, last->old_at + last->old_n + tail - old);
	buf_char(p->out, ' ');
	put_range(p->out, '+', new, last->new_at + last->new_n + tail - new);
	buf_lit(p->out, " @@\n");
	for (uint32_t i = first; i < end; i++) {
		for (; old < runs[i].old_at; old++)
			put_line(p, ' ', s->old.at[old]);
		for (uint32_t k = 0; k < runs[i].old_n; k++)
			put_line(p, '-', s->old.at[old++]);
		for (uint32_t k = 0; k < runs[i].new_n; k++)
			put_line(p, '+', s->new.at[runs[i].new_at + k]);
	}
	for (uint32_t i = 0; i < tail; i++)
		put_line(p, ' ', s->old.at[old++]);
}

static void put_header(struct patch *p, const struct output_file *old,
		       const struct output_file *new)
{
	struct str path = (new ? new : old)->path;
	bool has_lines = (old && old->bytes.n) || (new != NULL &&new->bytes.n);

	buf_format(p->out, "diff --git a/%.*s b/%.*s\n", STR(path), STR(path));
	if (!old)
		buf_lit(p->out, "new file mode 100644\n");
	if (!new)
		buf_lit(p->out, "deleted file mode 100644\n");
	if (!has_lines)
		return;
	buf_format(p->out, old ? "--- a/%.*s\n" : "--- /dev/null\n", STR(path));
	buf_format(p->out, new ? "+++ b/%.*s\n" : "+++ /dev/null\n", STR(path));
}

static void put_file(struct patch *p, const struct output_file *old, const struct output_file *new)
{
	struct arena *scratch = arena_new();
	struct sequence_runs runs = { 0 };
	struct sides s = { .runs = &runs };

	s.old = sequence_lines(scratch, old ? old->bytes : S(""));
	s.new = sequence_lines(scratch, new ? new->bytes : S(""));
	sequence_diff(scratch, s.old, s.new, &runs);
	put_header(p, old, new);
	p->mem = scratch;
	p->in_key = false;
	for (uint32_t i = 0; i < runs.all.n;) {
		uint32_t end = hunk_end(&s, i);

		put_hunk(p, &s, i, end);
		i = end;
	}
	arena_free(scratch);
}

bool diff_unified(const struct diff *d, const struct diff_options *options, struct buf *out)
{
	const struct fileset *old = d->base->fileset, *new = d->head->fileset;
	struct patch p = { .options = options, .out = out };
	uint32_t i = 0, k = 0;

	for (;;) {
		const struct output_file *a = i < old->all.n ? &old->all.at[i] : NULL,
					 *b = k < new->all.n ? &new->all.at[k] : NULL;
		int order;

		if (!a && !b)
			return !p.hidden;
		order = !a ? 1 : !b ? -1 : str_cmp(a->path, b->path);
		i += order <= 0;
		k += order >= 0;
		if (order || !str_eq(a->bytes, b->bytes))
			put_file(&p, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
	}
}
