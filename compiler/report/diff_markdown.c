/*
 * A difference as a comment of a pull request: at most so many characters, with the
 * totals first, so that what is cut is the least risky part.
 *
 * Text of the repository stands in code only, where no markup acts: escaped in <code>,
 * or in a block whose fence is longer than any row of backquotes in it.
 */
#include "base/base.h"
#include "report/diff_local.h"

#include "source/render.h"
#include "tree/secret.h"
#include "tree/yaml.h"

#define BUDGET 65000u /* GitHub takes 65536 characters */
#define TAIL 400u     /* for what is said about the rest */
#define EDITS_MOST 40u
#define EFFECTS_MOST 20u

static void put_code(struct buf *out, struct str text)
{
	struct buf escaped = buf_new(out->mem, 0);
	struct str shown;

	render_escaped(&escaped, text);
	shown = buf_view(&escaped);
	buf_lit(out, "<code>");
	for (uint32_t i = 0; i < shown.n; i++) {
		switch (shown.p[i]) {
		case '<':
			buf_lit(out, "&lt;");
			break;
		case '>':
			buf_lit(out, "&gt;");
			break;
		case '&':
			buf_lit(out, "&amp;");
			break;
		default:
			buf_char(out, shown.p[i]);
		}
	}
	buf_lit(out, "</code>");
}

static void put_line(struct buf *out, char mark, struct str text)
{
	buf_char(out, mark);
	buf_char(out, ' ');
	render_escaped(out, text);
	buf_char(out, '\n');
}

/* A scalar behind its path, a list or an object below it. */
static void put_value(struct buf *out, const struct diff *d, const struct diff_group *g, char mark,
		      struct str path, const struct node *n)
{
	struct arena *mem = out->mem;
	struct buf text = buf_new(mem, 0);
	bool hidden = false;
	struct str rest;

	if (n->kind < NODE_SEQ || !n->n || secret_path(path)) {
		struct str value = word_value(mem, path, n, &hidden);

		put_line(out, mark, word_text(mem, d, g, str_join(mem, path, S(": "), value)));
		return;
	}
	put_line(out, mark, word_text(mem, d, g, str_join(mem, path, S(":"))));
	yaml_write(&text, secret_copy(mem, path, n));
	rest = buf_view(&text);
	while (rest.n) {
		int64_t end = str_find(rest, '\n');
		uint32_t length = end < 0 ? rest.n : (uint32_t)end;

		put_line(out, mark,
			 str_join(mem, S("  "), word_text(mem, d, g, str_slice(rest, 0, length))));
		rest = str_slice(rest, length + (end >= 0), rest.n);
	}
}

static void put_edit(struct buf *out, const struct diff *d, const struct diff_group *g,
		     const struct edit *edit)
{
	if (edit->kind == EDIT_ORDER) {
		put_line(out, '!',
			 str_join(out->mem, word_text(out->mem, d, g, edit->path),
				  S(": another order")));
		return;
	}
	if (edit->old)
		put_value(out, d, g, '-', edit->path, edit->old);
	if (edit->new)
		put_value(out, d, g, '+', edit->path, edit->new);
}

static void put_effects(struct buf *out, const struct diff_effects *effects)
{
	for (uint32_t i = 0; i < effects->all.n && i < EFFECTS_MOST; i++)
		put_line(out, '!',
			 str_format(out->mem, "%s: %.*s", diff_risk_name(effects->all.at[i].risk),
				    STR(secret_hidden(out->mem, effects->all.at[i].text))));
	if (effects->all.n > EFFECTS_MOST)
		buf_format(out, "! ... and %" PRIu32 " more\n", effects->all.n - EFFECTS_MOST);
}

/* The longest row of backquotes, and one more; three at least. */
static void put_fence(struct buf *out, struct str content)
{
	uint32_t longest = 2, row = 0;

	for (uint32_t i = 0; i < content.n; i++) {
		row = content.p[i] == '`' ? row + 1 : 0;
		longest = row > longest ? row : longest;
	}
	buf_fill(out, '`', longest + 1);
}

static void put_block(struct buf *out, struct str content)
{
	put_fence(out, content);
	buf_lit(out, "diff\n");
	buf_str(out, content);
	put_fence(out, content);
	buf_lit(out, "\n");
}

static struct str content_of(struct arena *mem, const struct diff *d, const struct diff_group *g)
{
	struct buf out = buf_new(mem, 0);
	const struct edits *edits = &g->edits;

	put_effects(&out, &g->effects);
	for (uint32_t i = 0; i < edits->all.n && i < EDITS_MOST; i++)
		put_edit(&out, d, g, &edits->all.at[i]);
	if (edits->all.n > EDITS_MOST)
		buf_format(&out, "... and %" PRIu32 " more fields\n", edits->all.n - EDITS_MOST);
	return buf_view(&out);
}

static void put_causes(struct buf *out, const struct diff *d, const struct diff_causes *causes)
{
	for (uint32_t i = 0; i < causes->all.n; i++) {
		buf_str(out, str_of(i ? ", " : "From "));
		put_code(out, word_cause(out->mem, d, &causes->all.at[i]));
	}
	if (causes->more)
		buf_format(out, " and %" PRIu32 " more", causes->more);
	if (causes->all.n)
		buf_lit(out, "\n\n");
}

static struct str group_text(struct arena *mem, const struct diff *d, const struct diff_group *g)
{
	struct buf out = buf_new(mem, 0);
	struct str content = content_of(mem, d, g);

	buf_str(&out, diff_group_class(g) == DIFF_EXPOSURE ? S("<details open><summary>")
							   : S("<details><summary>"));
	buf_format(&out, "%s ", diff_op_name(g->change->op));
	put_code(&out, word_object(mem, g, d));
	buf_lit(&out, ", ");
	put_code(&out, word_where(mem, d, g));
	buf_lit(&out, "</summary>\n\n");
	put_causes(&out, d, &g->causes);
	if (content.n)
		put_block(&out, content);
	buf_lit(&out, "\n</details>\n");
	return buf_view(&out);
}

static void put_whole_clusters(struct buf *out, const struct diff *d)
{
	for (uint32_t i = 0; i < d->n_clusters && out->n < BUDGET / 2; i++) {
		const struct diff_cluster *c = &d->clusters[i];
		uint32_t n = c->new ? c->added : c->removed;

		if (c->old && c->new)
			continue;
		buf_lit(out, "- cluster ");
		put_code(out, c->name);
		buf_format(out, " is %s: %" PRIu32 " object%s\n", c->new ? "new" : "gone", n,
			   n == 1 ? "" : "s");
	}
}

/* A group that no longer fits ends the list: what comes later is less risky. */
static void put_groups(struct buf *out, const struct diff *d)
{
	uint32_t left = 0;
	int class = -1;

	for (uint32_t i = 0; i < d->groups.n; i++) {
		const struct diff_group *g = &d->groups.at[i];
		struct str text;

		if (group_is_folded(d, g))
			continue;
		text = group_text(out->mem, d, g);
		if (left || out->n + text.n > BUDGET - TAIL) {
			left++;
			continue;
		}
		if ((int)diff_group_class(g) != class) {
			class = (int)diff_group_class(g);
			buf_format(out, "\n#### %s\n\n", diff_class_name((enum diff_class) class));
		}
		buf_str(out, text);
	}
	if (left)
		buf_format(out,
			   "\n**%" PRIu32 " of %" PRIu32 " changes are not shown: they do not fit "
			   "here.** The totals above count them; `meshc diff --all` shows them.\n",
			   left, d->groups.n);
}

static void put_stat(struct buf *out, const struct diff *d)
{
	uint32_t left = 0;

	buf_lit(out, "\n| cluster | add | change | remove |\n|---|--:|--:|--:|\n");
	for (uint32_t i = 0; i < d->n_clusters; i++) {
		const struct diff_cluster *c = &d->clusters[i];

		if (!c->changes.n)
			continue;
		if (left || out->n > BUDGET - TAIL - 2 * (uint32_t)c->name.n) {
			left++;
			continue;
		}
		buf_lit(out, "| ");
		put_code(out, c->name);
		buf_format(out, " | %" PRIu32 " | %" PRIu32 " | %" PRIu32 " |\n", c->added,
			   c->changed, c->removed);
	}
	if (left)
		buf_format(out, "\n%" PRIu32 " more clusters do not fit here.\n", left);
}

static void put_loose(struct buf *out, const struct diff *d)
{
	struct buf content = buf_new(out->mem, 0);

	if (!d->loose.all.n)
		return;
	put_effects(&content, &d->loose);
	buf_lit(out, "\nBeside the changed objects:\n\n");
	put_block(out, buf_view(&content));
}

bool diff_markdown(const struct diff *d, const struct diff_options *options, struct buf *out)
{
	buf_lit(out, "<!-- meshc:diff -->\n### meshc: what this change does\n\n");
	if (!d->groups.n) {
		buf_lit(out, "No changes.\n");
		return true;
	}
	buf_format(out, "**%.*s**\n\n%.*s\n", STR(word_blast(out->mem, d)),
		   STR(word_plan(out->mem, d)));
	if (options->stat) {
		put_stat(out, d);
		return true;
	}
	buf_char(out, '\n');
	put_whole_clusters(out, d);
	put_loose(out, d);
	put_groups(out, d);
	return true;
}
