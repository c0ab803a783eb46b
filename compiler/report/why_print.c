/*
 * Answers of why.c for people and for scripts.
 */
#include "base/base.h"
#include "report/why.h"

#include "report/doc.h"
#include "source/render.h"

static bool is_scalar(const struct node *node)
{
	return node->kind != NODE_MAP && node->kind != NODE_SEQ;
}

static void put_value(struct buf *out, const struct why_step *s)
{
	render_escaped(out, s->pointer.n ? s->pointer : S("/"));
	if (!is_scalar(s->value))
		return;
	buf_lit(out, ": ");
	render_escaped(out, s->value->kind == NODE_NULL ? S("null") : s->value->u.text);
}

static void put_kind(struct buf *out, const struct object_key *key)
{
	buf_str(out, key->kind);
	if (key->group.n)
		buf_format(out, ".%.*s", STR(key->group));
	buf_format(out, " %.*s%s%.*s", STR(key->space), key->space.n ? "/" : "", STR(key->name));
}

static void put_declarations(struct buf *out, const struct files *files,
			     const struct object *object)
{
	for (uint32_t i = 0; i < object->sources.n; i++) {
		const struct resource *r = object->sources.at[i];
		const struct file *f = files_get(files, r->at.file);

		buf_str(out, i ? S(",\n     ") : S("from "));
		buf_format(out, "%s %.*s/%.*s (", kind_row(r->kind)->name, STR(r->space),
			   STR(r->name));
		render_escaped(out, f->path);
		buf_format(out, ":%" PRIu32 ")", file_position(f, r->at.start).line);
	}
	if (object->sources.n)
		buf_char(out, '\n');
}

/* "  mesh/reviews.yaml:18" */
static void put_place(struct buf *out, const struct files *files, struct span at)
{
	const struct file *f;

	if (!span_set(at))
		return;
	f = files_get(files, at.file);
	buf_lit(out, "   ");
	render_escaped(out, f->path);
	buf_format(out, ":%" PRIu32 "\n", file_position(f, at.start).line);
}

void report_why_text(struct buf *out, const struct files *files, const struct why_answer *a,
		     bool color)
{
	put_kind(out, &a->object->key);
	buf_format(out, " of cluster %.*s\n", STR(a->cluster));
	put_declarations(out, files, a->object);
	for (uint32_t i = 0; i < a->steps.n; i++) {
		const struct why_step *s = &a->steps.at[i];

		buf_char(out, '\n');
		put_value(out, s);
		buf_char(out, '\n');
		if (!span_set(s->at))
			buf_lit(out, "   by meshc itself, whatever the declarations say\n");
		else if (i)
			put_place(out, files, s->at);
		else
			render_place(out, files, s->at, (struct render_options){ color });
	}
}

void report_why_source_text(struct buf *out, const struct why_steps *steps)
{
	for (uint32_t i = 0; i < steps->n; i++) {
		const struct why_step *s = &steps->at[i];

		if (!i || !str_eq(s->path, steps->at[i - 1].path))
			buf_format(out, "%s%.*s\n", i && s->pointer.n ? "\n" : "", STR(s->path));
		if (!s->pointer.n)
			continue;
		buf_lit(out, "   ");
		put_value(out, s);
		buf_char(out, '\n');
	}
}

static void doc_place(struct doc d, const struct files *files, struct span at)
{
	const struct file *f;
	struct position p;

	if (!span_set(at))
		return;
	f = files_get(files, at.file);
	p = file_position(f, at.start);
	doc_text(d, "file", f->path);
	doc_int(d, "line", p.line);
	doc_int(d, "column", p.column);
}

static void doc_object(struct doc d, const struct files *files, const struct why_answer *a)
{
	const struct object *object = a->object;
	struct doc list;

	doc_text(d, "path", a->path);
	doc_text(d, "cluster", a->cluster);
	doc_text(d, "kind", object->key.kind);
	doc_text(d, "namespace", object->key.space);
	doc_text(d, "name", object->key.name);
	list = doc_list(d, "declarations");
	for (uint32_t i = 0; i < object->sources.n; i++) {
		struct doc item = doc_item(list);

		doc_text(item, "kind", str_of(kind_row(object->sources.at[i]->kind)->name));
		doc_text(item, "namespace", object->sources.at[i]->space);
		doc_text(item, "name", object->sources.at[i]->name);
		doc_place(item, files, object->sources.at[i]->at);
	}
}

void report_why_json(struct buf *out, const struct files *files, const struct why_answer *a,
		     const struct why_steps *steps)
{
	struct doc d = doc_new(out->mem), list;

	doc_text(d, "schema", S("meshc.dev/why/v1"));
	if (a)
		doc_object(d, files, a);
	list = doc_list(d, "values");
	for (uint32_t i = 0; i < steps->n; i++) {
		const struct why_step *s = &steps->at[i];
		struct doc item = doc_item(list);

		doc_text(item, "path", s->path);
		doc_text(item, "pointer", s->pointer);
		if (is_scalar(s->value) && s->value->kind != NODE_NULL)
			doc_text(item, "value", s->value->u.text);
		doc_place(item, files, s->at);
	}
	doc_write(d, out);
}
