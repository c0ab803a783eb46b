/*
 * The sink for findings and the table behind it.
 *
 * A finding belongs to the arena of the sink it was reported to. Order and
 * folding happen once, when everything is known (diags_settle).
 */
#include "base/base.h"
#include "source/diag.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/sort.h"

#define FIXED false
#define LINT true
#define FINDING(number_, slug_, severity_, nature, arguments, text_)                               \
	[CODE_##slug_] = { .number = (number_),                                                    \
			   .slug = #slug_,                                                         \
			   .severity = SEVERITY_##severity_,                                       \
			   .lint = (nature),                                                       \
			   .n_arguments = (arguments),                                             \
			   .text = (text_) },
#define RETIRED(number)
static const struct diag_row rows[] = {
#include "source/diag.def"
};

_Static_assert(countof(rows) == CODE_MAX, "one row per code");

const struct diag_row *diag_row(enum code code)
{
	if ((unsigned)code >= CODE_MAX)
		BUG("code %d", (int)code);
	return &rows[code];
}

bool diag_find(uint32_t number, enum code *out)
{
	for (unsigned i = 0; i < CODE_MAX; i++) {
		if (rows[i].number == number) {
			*out = (enum code)i;
			return true;
		}
	}
	return false;
}

struct diags diags_new(struct arena *mem)
{
	return (struct diags){ .mem = mem };
}

static void count(struct diags *d, const struct finding *f)
{
	enum severity severity = diag_row(f->code)->severity;

	d->errors += severity == SEVERITY_ERROR;
	d->warnings += severity == SEVERITY_WARNING;
}

static void add(struct diags *d, struct finding *f)
{
	f->home = d;
	vec_add(d->mem, &d->all, f);
	count(d, f);
}

struct finding *diag_report(struct diags *d, enum code code, struct span at,
			    const struct str *arguments)
{
	struct finding *f = NEW(d->mem, struct finding, 1);

	f->code = code;
	f->at = at;
	for (unsigned i = 0; i < diag_row(code)->n_arguments; i++)
		f->arguments[i] = str_copy(d->mem, arguments[i]);
	add(d, f);
	return f;
}

PRINTF_LIKE(2, 0)
static struct str format_text(struct finding *f, const char *format, va_list arguments)
{
	struct arena *mem = f->home->mem;
	va_list again;
	char *p;
	int n;

	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		BUG("format `%s`", format);
	p = NEW(mem, char, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, format, arguments);
	return (struct str){ p, (uint32_t)n };
}

void note(struct finding *f, struct span at, const char *format, ...)
{
	struct remark *r = vec_push(f->home->mem, &f->notes);
	va_list arguments;

	r->at = at;
	va_start(arguments, format);
	r->text = format_text(f, format, arguments);
	va_end(arguments);
}

void help(struct finding *f, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	f->help = format_text(f, format, arguments);
	va_end(arguments);
}

void fix(struct finding *f, struct span at, struct str replacement)
{
	if (!span_set(at))
		return;
	f->fix_at = at;
	f->fix_text = str_copy(f->home->mem, replacement);
}

void diags_merge(struct diags *into, const struct diags *from)
{
	for (uint32_t i = 0; i < from->all.n; i++)
		add(into, from->all.at[i]);
}

struct str finding_message(struct arena *mem, const struct finding *f)
{
	const struct diag_row *row = diag_row(f->code);
	struct buf b = buf_new(mem, 0);
	uint8_t taken = 0;

	for (const char *p = row->text; *p; p++) {
		if (*p != '%')
			buf_char(&b, *p);
		else if (taken < row->n_arguments)
			buf_str(&b, f->arguments[taken++]);
		else
			BUG("MSH%04u has more %% than arguments", row->number);
	}
	return buf_view(&b);
}

struct settled {
	struct finding *finding;
	struct str message;
};

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_settled(const void *left, const void *right)
{
	const struct settled *l = left, *r = right;
	struct span a = l->finding->at, b = r->finding->at;
	int by_place = order((uint64_t)a.file << 32 | a.start, (uint64_t)b.file << 32 | b.start);
	int by_code = order(diag_row(l->finding->code)->number, diag_row(r->finding->code)->number);
	int by_message;

	if (by_place || by_code)
		return by_place ? by_place : by_code;
	by_message = str_cmp(l->message, r->message);
	return by_message ? by_message : order(a.end, b.end);
}

/* Code and arguments, each with its length: equal bytes mean one cause. */
static struct str cause_of(struct arena *mem, const struct finding *f)
{
	struct buf b = buf_new(mem, 0);

	buf_int(&b, diag_row(f->code)->number);
	for (unsigned i = 0; i < diag_row(f->code)->n_arguments; i++) {
		buf_char(&b, ' ');
		buf_int(&b, f->arguments[i].n);
		buf_char(&b, ' ');
		buf_str(&b, f->arguments[i]);
	}
	return buf_view(&b);
}

/* A fault of syntax or shape (01xx) has its own place; from 02xx on equal arguments are one cause. */
static bool has_shared_cause(const struct finding *f)
{
	return diag_row(f->code)->number >= 200 && diag_row(f->code)->n_arguments > 0;
}

/* True when an earlier finding has the same cause and now counts this one too. */
static bool fold_into_first(struct arena *scratch, struct map *causes, struct finding *f)
{
	void **slot;

	if (!has_shared_cause(f))
		return false;
	slot = map_put(causes, cause_of(scratch, f));
	if (*slot) {
		((struct finding *)*slot)->repeats += 1 + f->repeats;
		return true;
	}
	*slot = f;
	return false;
}

void diags_settle(struct diags *d, struct arena *scratch)
{
	struct arena_mark mark = arena_mark(scratch);
	struct settled *items = NEW(scratch, struct settled, d->all.n);
	struct map causes = map_new(scratch);
	uint32_t n = d->all.n;

	for (uint32_t i = 0; i < n; i++)
		items[i] = (struct settled){ d->all.at[i], finding_message(scratch, d->all.at[i]) };
	sort_stable(scratch, items, n, sizeof *items, compare_settled);
	d->all.n = d->errors = d->warnings = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct finding *f = items[i].finding;

		if (i > 0 && compare_settled(&items[i - 1], &items[i]) == 0)
			continue;
		if (fold_into_first(scratch, &causes, f))
			continue;
		d->all.at[d->all.n++] = f;
		count(d, f);
	}
	arena_rewind(scratch, mark);
}
