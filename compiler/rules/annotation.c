/*
 * Annotations of meshc on declarations: which there are, and what they may hold. A
 * misspelt one would be taken for somebody else's and change nothing in silence.
 */
#include "base/base.h"

#include "rules/local.h"

#include "schema/describe.h"

static const struct {
	const char *key;
	bool on_virtual_mesh; /* and nowhere else */
} known[] = { { ALLOWANCE, false }, { CLUSTERSET, true } };

static void suggest(struct finding *f, struct span at, struct str near)
{
	if (!near.n)
		return;
	help(f, "closest: `%.*s`", STR(near));
	fix(f, at, near);
}

static void check_key(struct rule_cx *cx, const struct resource *r, const struct text *key)
{
	struct str names[countof(known)];
	uint32_t n = 0;

	for (size_t i = 0; i < countof(known); i++) {
		if (known[i].on_virtual_mesh && r->kind != KIND_VIRTUAL_MESH)
			continue;
		names[n++] = str_of(known[i].key);
		if (str_eq(key->s, names[n - 1]))
			return;
	}
	suggest(report_unknown_annotation(cx->diags, key->at, key->s), key->at,
		str_nearest(key->s, names, n));
}

/* true or false, as text: it is an annotation. */
static void check_flag(struct rule_cx *cx, const struct text_pair *pair)
{
	if (str_eq(pair->key.s, S(CLUSTERSET)) && !str_eq(pair->value.s, S("true")) &&
	    !str_eq(pair->value.s, S("false")))
		report_unknown_value(cx->diags, pair->value.at, pair->value.s, pair->key.s);
}

static void report_field(struct rule_cx *cx, const struct resource *r, struct span at,
			 struct str item, const struct shape *shape, struct str part)
{
	struct str *names = NEW(cx->mem, struct str, shape->n_fields), near;
	struct finding *f =
		report_unknown_allowance(cx->diags, at, item, str_of(kind_row(r->kind)->name));

	for (uint32_t i = 0; i < shape->n_fields; i++)
		names[i] = str_of(shape->fields[i].name);
	near = str_nearest(part, names, shape->n_fields);
	if (near.n)
		help(f, "closest: `%.*s` of %s", STR(near), shape->name);
}

/* policy.retries: a field below spec of the declaration's kind. */
static void check_path(struct rule_cx *cx, const struct resource *r, struct span at,
		       struct str item)
{
	const struct shape *shape = shape_find(kind_row(r->kind)->shape, S("spec"))->shape;
	struct str rest = item;

	while (rest.n) {
		int64_t dot = str_find(rest, '.');
		struct str part = str_slice(rest, 0, dot < 0 ? rest.n : (uint32_t)dot);
		const struct shape_field *field = shape ? shape_find(shape, part) : NULL;

		if (!field) {
			if (shape)
				report_field(cx, r, at, item, shape, part);
			else
				report_unknown_allowance(cx->diags, at, item,
							 str_of(kind_row(r->kind)->name));
			return;
		}
		shape = field->shape;
		rest = dot < 0 ? S("") : str_slice(rest, (uint32_t)dot + 1, rest.n);
	}
}

void rule_annotations(struct rule_cx *cx, const struct resource *r)
{
	const struct text *allowance = allowance_of(r);
	struct str rest = allowance ? allowance->s : S("");

	for (uint32_t i = 0; r->metadata && i < r->metadata->annotations.n; i++) {
		const struct text_pair *pair = &r->metadata->annotations.item[i];

		if (str_starts(pair->key.s, S("meshc.dev/")))
			check_key(cx, r, &pair->key);
		check_flag(cx, pair);
	}
	while (rest.n) {
		struct str item = allowance_next(&rest);

		if (item.n && !str_eq(item, S("all")))
			check_path(cx, r, allowance->at, item);
	}
}
