/*
 * A difference for people: the blast radius, then group by group what changed, the
 * riskiest first, then the sum.
 *
 *	exposure
 *
 *	~ AuthorizationPolicy shop/api: same change in 41 clusters matching region=eu; 2 differ: c3, c9
 *	    mesh/access.yaml:12
 *	    new identity allowed: `db` of namespace `shop` of `c1.example` may call `api.shop.c1`
 *	    + spec.rules[0].from[0].source.principals[1]: c1.example/ns/shop/sa/db
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "report/table.h"
#include "source/render.h"
#include "tree/secret.h"
#include "tree/yaml.h"

#define GROUPS_MOST 50u
#define EDITS_MOST 12u
#define EFFECTS_MOST 6u
#define LINE_BYTES 88u /* longer values stand below each other */

enum paint { PAINT_NONE, PAINT_RED, PAINT_GREEN, PAINT_YELLOW, PAINT_BOLD, PAINT_DIM };

struct writer {
	struct arena *mem;
	const struct diff *diff;
	const struct diff_options *options;
	struct buf *out;
	bool hidden;
};

static void paint(struct writer *w, enum paint color)
{
	static const char *const codes[] = {
		[PAINT_NONE] = "\033[0m",    [PAINT_RED] = "\033[31m", [PAINT_GREEN] = "\033[32m",
		[PAINT_YELLOW] = "\033[33m", [PAINT_BOLD] = "\033[1m", [PAINT_DIM] = "\033[2m",
	};

	if (w->options->color)
		buf_str(w->out, str_of(codes[color]));
}

static void put(struct writer *w, enum paint color, struct str text)
{
	if (!text.n)
		return;
	if (color)
		paint(w, color);
	render_escaped(w->out, text);
	if (color)
		paint(w, PAINT_NONE);
}

static enum paint op_paint(enum diff_op op)
{
	static const enum paint paints[] = {
		[DIFF_ADD] = PAINT_GREEN,  [DIFF_MODIFY] = PAINT_YELLOW, [DIFF_REPLACE] = PAINT_RED,
		[DIFF_REMOVE] = PAINT_RED, [DIFF_MOVE] = PAINT_YELLOW,
	};

	return paints[op];
}

/* Words that differ. */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* How far two texts are equal from their starts, ending between words. */
static uint32_t common_start(struct str a, struct str b)
{
	uint32_t n = 0, most = a.n < b.n ? a.n : b.n;

	while (n < most && a.p[n] == b.p[n])
		n++;
	while (n && ((n < a.n && is_word(a.p[n])) || (n < b.n && is_word(b.p[n]))) &&
	       is_word(a.p[n - 1]))
		n--;
	return n;
}

static uint32_t common_end(struct str a, struct str b, uint32_t start)
{
	uint32_t n = 0, most = (a.n < b.n ? a.n : b.n) - start;

	while (n < most && a.p[a.n - 1 - n] == b.p[b.n - 1 - n])
		n++;
	while (n && is_word(a.p[a.n - n]) &&
	       ((a.n > n + start && is_word(a.p[a.n - 1 - n])) ||
		(b.n > n + start && is_word(b.p[b.n - 1 - n]))))
		n--;
	return n;
}

/* The part that differs stands out. */
static void put_words(struct writer *w, enum paint color, struct str text, uint32_t start,
		      uint32_t end)
{
	put(w, color, str_slice(text, 0, start));
	if (start + end < text.n) {
		paint(w, PAINT_BOLD);
		put(w, color, str_slice(text, start, text.n - end));
	}
	put(w, color, str_slice(text, text.n - end, text.n));
}

static struct str own(struct writer *w, const struct diff_group *g, struct str text)
{
	return word_text(w->mem, w->diff, g, text);
}

static void put_change(struct writer *w, const struct diff_group *g, const struct edit *edit)
{
	struct str path = own(w, g, edit->path);
	struct str old = own(w, g, word_value(w->mem, edit->path, edit->old, &w->hidden));
	struct str new = own(w, g, word_value(w->mem, edit->path, edit->new, &w->hidden));
	uint32_t start = common_start(old, new), end = common_end(old, new, start);
	bool fits = path.n + old.n + new.n < LINE_BYTES, pair = old.n + new.n < LINE_BYTES;

	buf_lit(w->out, "    ");
	put(w, PAINT_YELLOW, S("~"));
	buf_char(w->out, ' ');
	put(w, PAINT_NONE, path);
	buf_str(w->out, fits ? S(": ") : S(":\n        "));
	put_words(w, PAINT_RED, old, start, end);
	buf_str(w->out, pair ? S(" -> ") : S("\n     -> "));
	put_words(w, PAINT_GREEN, new, start, end);
	buf_char(w->out, '\n');
}

/* Objects and lists that came or went: as YAML, line by line. */
static void put_block(struct writer *w, const struct diff_group *g, const struct node *n,
		      enum paint color, struct str path)
{
	struct buf text = buf_new(w->mem, 0);
	struct str rest;

	buf_char(w->out, '\n');
	yaml_write(&text, secret_copy(w->mem, path, n));
	rest = buf_view(&text);
	while (rest.n) {
		int64_t end = str_find(rest, '\n');
		uint32_t length = end < 0 ? rest.n : (uint32_t)end;

		buf_lit(w->out, "        ");
		put(w, color, own(w, g, str_slice(rest, 0, length)));
		buf_char(w->out, '\n');
		rest = str_slice(rest, length + (end >= 0), rest.n);
	}
}

static void put_presence(struct writer *w, const struct diff_group *g, const struct edit *edit)
{
	const struct node *n = edit->new ? edit->new : edit->old;
	enum paint color = edit->new ? PAINT_GREEN : PAINT_RED;

	buf_lit(w->out, "    ");
	put(w, color, edit->new ? S("+") : S("-"));
	buf_char(w->out, ' ');
	put(w, PAINT_NONE, own(w, g, edit->path));
	buf_char(w->out, ':');
	if (n->kind >= NODE_SEQ && n->n) {
		put_block(w, g, n, color, edit->path);
		return;
	}
	buf_char(w->out, ' ');
	put(w, color, own(w, g, word_value(w->mem, edit->path, n, &w->hidden)));
	buf_char(w->out, '\n');
}

static void put_edit(struct writer *w, const struct diff_group *g, const struct edit *edit)
{
	switch (edit->kind) {
	case EDIT_CHANGED:
		put_change(w, g, edit);
		return;
	case EDIT_ADDED:
	case EDIT_REMOVED:
		put_presence(w, g, edit);
		return;
	case EDIT_ORDER:
		buf_lit(w->out, "    ");
		put(w, PAINT_YELLOW, S("~"));
		buf_char(w->out, ' ');
		put(w, PAINT_NONE, own(w, g, edit->path));
		buf_lit(w->out, ": another order\n");
		return;
	}
}

static void put_more(struct writer *w, uint32_t n, const char *indent, const char *noun)
{
	if (n)
		buf_format(w->out, "%s... and %" PRIu32 " more %s%s (`--all` shows %s)\n", indent,
			   n, noun, n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

static uint32_t shown(const struct writer *w, uint32_t n, uint32_t most)
{
	return w->options->all || n <= most + 1 ? n : most;
}

static void put_effects(struct writer *w, const struct diff_effects *effects)
{
	uint32_t n = shown(w, effects->all.n, EFFECTS_MOST);

	for (uint32_t i = 0; i < n; i++) {
		const struct diff_effect *e = &effects->all.at[i];
		bool exposes = diff_risk_class(e->risk) == DIFF_EXPOSURE;

		buf_lit(w->out, "    ");
		put(w, exposes ? PAINT_RED : PAINT_BOLD, str_of(diff_risk_name(e->risk)));
		buf_lit(w->out, ": ");
		put(w, PAINT_NONE, secret_hidden(w->mem, e->text));
		buf_char(w->out, '\n');
	}
	put_more(w, effects->all.n - n, "    ", "effect");
}

static void put_causes(struct writer *w, const struct diff_causes *causes)
{
	if (!causes->all.n)
		return;
	buf_lit(w->out, "    ");
	for (uint32_t i = 0; i < causes->all.n; i++) {
		if (i)
			buf_lit(w->out, ", ");
		put(w, PAINT_DIM, word_cause(w->mem, w->diff, &causes->all.at[i]));
	}
	if (causes->more)
		buf_format(w->out, " and %" PRIu32 " more", causes->more);
	buf_char(w->out, '\n');
}

static void put_group(struct writer *w, const struct diff_group *g)
{
	enum diff_op op = g->change->op;
	char mark = diff_op_mark(op);
	uint32_t n = shown(w, g->edits.all.n, EDITS_MOST);

	buf_char(w->out, '\n');
	put(w, op_paint(op), (struct str){ &mark, 1 });
	buf_char(w->out, ' ');
	put(w, PAINT_BOLD, word_object(w->mem, g, w->diff));
	buf_lit(w->out, ": ");
	put(w, PAINT_NONE, str_of(diff_op_name(op)));
	buf_lit(w->out, ", ");
	put(w, PAINT_NONE, word_where(w->mem, w->diff, g));
	buf_char(w->out, '\n');
	put_causes(w, &g->causes);
	put_effects(w, &g->effects);
	for (uint32_t i = 0; i < n; i++)
		put_edit(w, g, &g->edits.all.at[i]);
	put_more(w, g->edits.all.n - n, "    ", "field");
}

bool group_is_folded(const struct diff *d, const struct diff_group *g)
{
	for (uint32_t i = 0; i < g->clusters.n; i++)
		if (d->clusters[g->clusters.at[i]].old && d->clusters[g->clusters.at[i]].new)
			return false;
	return true;
}

/* A cluster that came or went, as one line. */
static void put_whole_clusters(struct writer *w)
{
	for (uint32_t i = 0; i < w->diff->n_clusters; i++) {
		const struct diff_cluster *c = &w->diff->clusters[i];
		uint32_t n = c->new ? c->added : c->removed;

		if (c->old && c->new)
			continue;
		buf_char(w->out, '\n');
		put(w, c->new ? PAINT_GREEN : PAINT_RED, c->new ? S("+") : S("-"));
		buf_lit(w->out, " cluster ");
		put(w, PAINT_BOLD, c->name);
		buf_format(w->out, ": %s, %" PRIu32 " object%s\n", c->new ? "new" : "gone", n,
			   n == 1 ? "" : "s");
	}
}

static void put_groups(struct writer *w)
{
	uint32_t n = shown(w, w->diff->groups.n, GROUPS_MOST), left = 0;
	int class = -1;

	for (uint32_t i = 0; i < w->diff->groups.n; i++) {
		const struct diff_group *g = &w->diff->groups.at[i];

		if (group_is_folded(w->diff, g))
			continue;
		if (i >= n) {
			left++;
			continue;
		}
		if ((int)diff_group_class(g) != class) {
			class = (int)diff_group_class(g);
			buf_char(w->out, '\n');
			put(w, PAINT_BOLD, str_of(diff_class_name((enum diff_class) class)));
			buf_char(w->out, '\n');
		}
		put_group(w, g);
	}
	if (left)
		buf_char(w->out, '\n');
	put_more(w, left, "", "change");
}

static void put_stat(struct writer *w)
{
	static const char *const columns[] = { "cluster", "add", "change", "remove" };
	struct table t = table_new(w->mem, columns, countof(columns));

	for (uint32_t i = 0; i < w->diff->n_clusters; i++) {
		const struct diff_cluster *c = &w->diff->clusters[i];

		if (!c->changes.n)
			continue;
		table_text(&t, c->name);
		table_number(&t, c->added);
		table_number(&t, c->changed);
		table_number(&t, c->removed);
	}
	table_write(&t, w->out);
}

static void put_loose(struct writer *w)
{
	if (!w->diff->loose.all.n)
		return;
	buf_lit(w->out, "\nbeside the changed objects\n\n");
	put_effects(w, &w->diff->loose);
}

bool diff_text(const struct diff *d, const struct diff_options *options, struct buf *out)
{
	struct writer w = { .mem = out->mem, .diff = d, .options = options, .out = out };

	if (!d->groups.n) {
		buf_format(out, "No changes in %" PRIu32 " cluster%s.\n", d->n_clusters,
			   d->n_clusters == 1 ? "" : "s");
		return true;
	}
	buf_str(out, word_blast(w.mem, d));
	buf_char(out, '\n');
	if (options->stat) {
		buf_char(out, '\n');
		put_stat(&w);
	} else {
		put_groups(&w);
		put_loose(&w);
		put_whole_clusters(&w);
	}
	buf_char(out, '\n');
	buf_str(out, word_plan(w.mem, d));
	buf_char(out, '\n');
	return true;
}
