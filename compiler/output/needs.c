/*
 * MESHC.requirements: what a cluster's objects need of objects that others own, so
 * that a review of the output sees it. One line per requirement, sorted:
 *
 *	Kind <TAB> namespace/name <TAB> what <TAB> Kind/namespace/name of the declaration
 *
 * after one header line. Whether it is met is not in it: that changes without a
 * declaration.
 */
#include "base/base.h"
#include "output/local.h"

#include "base/buf.h"

#define HEADER "# meshc requirements 1: kind, namespace/name, what it needs, declaration\n"

/* A tab or a line end in a name would begin another part. */
static void put_part(struct buf *out, struct str text)
{
	for (uint32_t i = 0; i < text.n; i++)
		buf_char(out, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
}

static void put_line(struct buf *out, const struct requirement *r)
{
	put_part(out, r->kind);
	buf_char(out, '\t');
	put_part(out, r->space);
	buf_char(out, '/');
	put_part(out, r->name);
	buf_char(out, '\t');
	put_part(out, r->what);
	buf_char(out, '\t');
	if (r->by) {
		buf_format(out, "%s/", kind_row(r->by->kind)->name);
		put_part(out, r->by->space);
		buf_char(out, '/');
		put_part(out, r->by->name);
	}
	buf_char(out, '\n');
}

static int compare(const struct resource *a, const struct resource *b)
{
	int order = str_cmp(str_of(kind_row(a->kind)->name), str_of(kind_row(b->kind)->name));

	order = order ? order : str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

static void add_source(struct arena *mem, struct object *object, const struct resource *by)
{
	uint32_t i = object->sources.n;

	while (i && compare(object->sources.at[i - 1], by) > 0)
		i--;
	if (i && !compare(object->sources.at[i - 1], by))
		return;
	(void)vec_push(mem, &object->sources);
	memmove(&object->sources.at[i + 1], &object->sources.at[i],
		(object->sources.n - 1 - i) * sizeof object->sources.at[0]);
	object->sources.at[i] = by;
}

struct str needs_text(struct arena *mem, const struct object_set *set)
{
	struct buf out = buf_new(mem, 0);

	buf_lit(&out, HEADER);
	for (uint32_t i = 0; i < set->required.n; i++)
		put_line(&out, &set->required.at[i]);
	return buf_view(&out);
}

const struct object *needs_object(struct arena *mem, const struct object_set *set)
{
	struct object *object = NEW(mem, struct object, 1);

	object->key = (struct object_key){ S("meshc.dev"), S("Requirements"), S(""), set->cluster };
	for (uint32_t i = 0; i < set->required.n; i++)
		if (set->required.at[i].by)
			add_source(mem, object, set->required.at[i].by);
	return object;
}
