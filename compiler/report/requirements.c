/*
 * Requirements for people and for scripts. The order is that of the clusters, and
 * within one that of requirement_order.
 */
#include "base/base.h"
#include "report/requirements.h"

#include "report/doc.h"
#include "source/render.h"

static void put_escaped(struct buf *out, struct str text)
{
	render_escaped(out, text);
}

static struct str declaration_of(struct arena *mem, const struct requirement *r)
{
	if (!r->by)
		return S("");
	return str_format(mem, "%s/%.*s/%.*s", kind_row(r->by->kind)->name, STR(r->by->space),
			  STR(r->by->name));
}

static bool same_object(const struct requirement *a, const struct requirement *b)
{
	return str_eq(a->space, b->space) && str_eq(a->kind, b->kind) && str_eq(a->name, b->name);
}

static void put_heading(struct buf *out, const struct requirement *r)
{
	buf_lit(out, "  ");
	put_escaped(out, r->kind);
	buf_char(out, ' ');
	if (r->space.n) {
		put_escaped(out, r->space);
		buf_char(out, '/');
	}
	put_escaped(out, r->name);
	buf_char(out, '\n');
}

static void put_line(struct buf *out, const char *word, struct str text)
{
	if (!text.n)
		return;
	buf_format(out, "              %s", word);
	put_escaped(out, text);
	buf_char(out, '\n');
}

static void put_requirement(struct buf *out, const struct requirement *r)
{
	buf_format(out, "    %-8s  ", requirement_word(r->state));
	put_escaped(out, r->what);
	if (r->found.n) {
		buf_lit(out, ", found ");
		put_escaped(out, r->found);
	}
	buf_char(out, '\n');
	put_line(out, "for ", declaration_of(out->mem, r));
	if (r->state == REQUIREMENT_MET)
		return;
	put_line(out, "patch ", r->patch);
	put_line(out, "", r->action);
}

void report_requirements_text(struct buf *out, const struct bundle *bundle)
{
	uint32_t clusters = 0;

	for (uint32_t c = 0; c < bundle->n; c++) {
		const struct object_set *set = &bundle->clusters[c];

		if (!set->required.n)
			continue;
		buf_format(out, "%scluster ", clusters++ ? "\n" : "");
		put_escaped(out, set->cluster);
		buf_char(out, '\n');
		for (uint32_t i = 0; i < set->required.n; i++) {
			const struct requirement *r = &set->required.at[i];

			if (!i || !same_object(&set->required.at[i - 1], r))
				put_heading(out, r);
			put_requirement(out, r);
		}
	}
	if (!clusters)
		buf_lit(out, "nothing is required of anybody\n");
}

static void put_item(struct doc item, struct str cluster, const struct requirement *r)
{
	doc_text(item, "cluster", cluster);
	doc_text(item, "kind", r->kind);
	doc_text(item, "namespace", r->space);
	doc_text(item, "name", r->name);
	doc_text(item, "what", r->what);
	doc_text(item, "state", str_of(requirement_word(r->state)));
	doc_text(item, "found", r->found);
	if (r->patch.n)
		doc_text(item, "patch", r->patch);
	if (r->action.n)
		doc_text(item, "action", r->action);
	doc_text(item, "for", declaration_of(item.mem, r));
}

void report_requirements_json(struct buf *out, const struct bundle *bundle)
{
	struct doc d = doc_new(out->mem), list;

	doc_text(d, "schema", S("meshc.dev/requirements/v1"));
	list = doc_list(d, "requirements");
	for (uint32_t c = 0; c < bundle->n; c++)
		for (uint32_t i = 0; i < bundle->clusters[c].required.n; i++)
			put_item(doc_item(list), bundle->clusters[c].cluster,
				 &bundle->clusters[c].required.at[i]);
	doc_write(d, out);
}
