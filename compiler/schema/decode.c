/*
 * Objects: which fields are there, which are not, which exclude each other.
 *
 * One walk over the pairs as written, one over the rows of the shape. Fields are
 * looked for from the row after the last one found: files keep the order of the
 * documentation more often than not.
 */
#include "base/base.h"

#include "schema/decode.h"
#include "schema/describe.h"
#include "schema/local.h"

#include "base/buf.h"

enum { MOST_NAMES_SHOWN = 12 };

/* What one object has shown so far. Bit i: field i of the shape. */
struct reading {
	const struct shape *shape;
	const struct node *node;
	const struct spot *up;
	struct span at;       /* where to say that something is missing */
	uint64_t seen, meant; /* meant: an unknown name comes close to it */
	const struct pair *chosen[SHAPE_GROUPS];
};

struct str decode_path(struct decoder *d, const struct spot *up)
{
	const char *names[SHAPE_FIELDS];
	struct buf b = buf_new(d->mem, 0);
	uint32_t n = 0;

	for (; up && n < SHAPE_FIELDS; up = up->up)
		names[n++] = up->field->name;
	buf_format(&b, "`%s", d->root->name);
	while (n)
		buf_format(&b, ".%s", names[--n]);
	buf_char(&b, '`');
	return buf_view(&b);
}

/* Below `spec`, as people speak of a field: `policy.csrf`. */
static struct str short_path(struct decoder *d, const struct spot *spot)
{
	struct str path = decode_path(d, spot);
	struct str name = str_of(d->root->name), spec = S("spec.");

	path = str_slice(path, name.n + 2, path.n - 1);
	return str_starts(path, spec) ? str_slice(path, spec.n, path.n) : path;
}

static const struct shape_field *field_named(const struct shape *shape, struct str name,
					     uint32_t from)
{
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *f =
			&shape->fields[from + i < shape->n_fields ? from + i
								  : from + i - shape->n_fields];
		if (name.n && f->name[0] == name.p[0] && !strncmp(f->name, name.p, name.n) &&
		    !f->name[name.n])
			return f;
	}
	return NULL;
}

/* "`a`, `b` or `c`": fields that can be used; with a group only those of the group. */
static struct str names_of(struct decoder *d, const struct shape *shape, int group, uint32_t *n)
{
	struct buf b = buf_new(d->mem, 0);
	const char *last = NULL;

	*n = 0;
	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *f = &shape->fields[i];
		bool hidden = f->type == FIELD_LATER || f->type == FIELD_IGNORED || f->renamed_to ||
			      f->instead;
		if (hidden || (group && f->one_of != group))
			continue;
		if (last)
			buf_format(&b, "%s`%s`", *n > 1 ? ", " : "", last);
		last = f->name;
		++*n;
	}
	if (last)
		buf_format(&b, "%s`%s`", *n > 1 ? " or " : "", last);
	return buf_view(&b);
}

static void report_unknown(struct decoder *d, struct reading *r, const struct pair *pair)
{
	struct str candidates[SHAPE_FIELDS];
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->shape->n_fields; i++)
		candidates[n++] = str_of(r->shape->fields[i].name);
	struct str nearest = str_nearest(pair->key, candidates, n);
	struct finding *f = report_unknown_field(
		d->diags, pair->key_at, decode_shown(d->mem, pair->key), decode_path(d, r->up));
	*d->sound = false;
	if (nearest.n) {
		r->meant |= 1ull << (field_named(r->shape, nearest, 0) - r->shape->fields);
		help(f, "the nearest field is `%.*s`", STR(nearest));
		if (str_distance(pair->key, nearest) <= 1)
			fix(f, pair->key_at, nearest);
		return;
	}
	struct str names = names_of(d, r->shape, 0, &n);
	if (n && n <= MOST_NAMES_SHOWN)
		help(f, "it takes %.*s", STR(names));
}

/* False, null and the empty list say what leaving the field out says. */
static bool says_nothing(const struct node *value)
{
	switch ((enum node_kind)value->kind) {
	case NODE_NULL:
		return true;
	case NODE_BOOL:
		return str_eq_nocase(value->u.text, S("false"));
	case NODE_SEQ:
		return !value->n;
	case NODE_INT:
	case NODE_FLOAT:
	case NODE_STRING:
	case NODE_MAP:
		return false;
	}
	BUG("node kind %u", value->kind);
}

static void report_deprecated(struct decoder *d, const struct pair *pair,
			      const struct shape_field *field)
{
	const char *now = field->renamed_to ? field->renamed_to : field->instead;
	struct finding *f = report_deprecated_field(d->diags, pair->key_at, pair->key, str_of(now));

	if (field->renamed_to)
		fix(f, pair->key_at, str_of(now));
	else
		help(f, "write `%s`", now);
}

static void report_conflict(struct decoder *d, const struct pair *pair, const struct pair *other)
{
	struct finding *f = report_one_of_conflict(d->diags, pair->key_at, other->key, pair->key);

	note(f, other->key_at, "`%.*s` is given here", STR(other->key));
	*d->sound = false;
}

/* The row that a field is stored by: an older spelling has that of the newer. */
static const struct shape_field *stored_by(const struct shape *shape,
					   const struct shape_field *field)
{
	return field->renamed_to ? shape_find(shape, str_of(field->renamed_to)) : field;
}

/* The pair that gave the row its value under the other spelling. */
static const struct pair *other_spelling(const struct reading *r, const struct shape_field *row,
					 const struct pair *pair)
{
	for (uint32_t i = 0; i < r->node->n; i++) {
		const struct pair *other = &r->node->u.pairs[i];
		const struct shape_field *field = field_named(r->shape, other->key, 0);
		if (other != pair && field && stored_by(r->shape, field) == row)
			return other;
	}
	BUG("`%.*s` was given once", STR(pair->key));
}

/* A field counts as given; what excludes it must not have been. */
static void mark(struct decoder *d, struct reading *r, const struct pair *pair,
		 const struct shape_field *field)
{
	const struct shape_field *now = stored_by(r->shape, field);
	uint64_t bit = 1ull << (now - r->shape->fields);

	if (r->seen & bit)
		report_conflict(d, pair, other_spelling(r, now, pair));
	r->seen |= bit;
	if (!now->one_of)
		return;
	if (r->chosen[now->one_of])
		report_conflict(d, pair, r->chosen[now->one_of]);
	else
		r->chosen[now->one_of] = pair;
}

static void read_pair(struct decoder *d, struct reading *r, const struct pair *pair,
		      const struct shape_field *field, void *out)
{
	struct spot spot = { r->up, r->shape, field, pair->key_at };

	if (field->type == FIELD_IGNORED ||
	    (field->type == FIELD_LATER && says_nothing(pair->value)))
		return;
	if (r->shape->open && pair->value->kind == NODE_NULL)
		return;
	mark(d, r, pair, field);
	if (field->renamed_to || field->instead)
		report_deprecated(d, pair, field);
	if (field->type == FIELD_LATER) {
		report_not_implemented(d->diags, pair->key_at, short_path(d, &spot));
		*d->sound = false;
		return;
	}
	decode_value(d, &spot, pair->value, (char *)out + field->offset);
}

static void set_texts_default(struct decoder *d, const struct shape_field *field, void *out)
{
	struct texts *texts = out;

	texts->item = NEW(d->mem, struct text, 1);
	texts->item->s = str_of(field->default_text);
	texts->n = 1;
}

static void set_object_default(struct decoder *d, const struct reading *r,
			       const struct shape_field *field, void *out)
{
	static const struct node empty = { .kind = NODE_MAP };
	struct spot spot = { r->up, r->shape, field, r->at };
	void *object = arena_alloc(d->mem, 1, field->shape->size, field->shape->align);

	decode_object(d, field->shape, &spot, &empty, r->at, object);
	memcpy(out, &object, sizeof object);
}

static void set_default(struct decoder *d, const struct reading *r, const struct shape_field *field,
			void *out)
{
	switch (field->type) {
	case FIELD_TEXT:
		((struct text *)out)->s = str_of(field->default_text);
		return;
	case FIELD_NUMBER:
		((struct number *)out)->v = field->default_number;
		return;
	case FIELD_FLAG:
		((struct flag *)out)->v = field->default_number != 0;
		return;
	case FIELD_CHOICE:
		((struct choice *)out)->v = (int)field->default_number;
		return;
	case FIELD_TEXTS:
		set_texts_default(d, field, out);
		return;
	case FIELD_OBJECT:
		set_object_default(d, r, field, out);
		return;
	case FIELD_NODE:
	case FIELD_NUMBERS:
	case FIELD_TEXT_MAP:
	case FIELD_OBJECTS:
	case FIELD_IGNORED:
	case FIELD_LATER:
		break;
	}
	BUG("a default for %s.%s", r->shape->name, field->name);
}

static void report_missing(struct decoder *d, const struct reading *r, const char *name)
{
	report_missing_field(d->diags, r->at, str_of(name), decode_path(d, r->up));
	*d->sound = false;
}

/* Fields that were not given: defaults, and those that must be. */
static void fill(struct decoder *d, const struct reading *r, void *out)
{
	for (uint32_t i = 0; i < r->shape->n_fields; i++) {
		const struct shape_field *field = &r->shape->fields[i];
		if (r->seen >> i & 1)
			continue;
		if (field->has_default)
			set_default(d, r, field, (char *)out + field->offset);
		else if (field->required && !(r->meant >> i & 1))
			report_missing(d, r, field->name);
	}
}

static bool group_is_meant(const struct reading *r, int group)
{
	for (uint32_t i = 0; i < r->shape->n_fields; i++)
		if (r->shape->fields[i].one_of == group && (r->meant >> i & 1))
			return true;
	return false;
}

static void check_groups(struct decoder *d, const struct reading *r)
{
	for (int group = 1; group < SHAPE_GROUPS; group++) {
		uint32_t n;
		if (!(r->shape->required_groups >> group & 1) || r->chosen[group] ||
		    group_is_meant(r, group))
			continue;
		struct str names = names_of(d, r->shape, group, &n);
		if (n == 1)
			report_missing_field(d->diags, r->at, str_slice(names, 1, names.n - 1),
					     decode_path(d, r->up));
		else
			report_one_of_missing(d->diags, r->at, decode_path(d, r->up), names);
		*d->sound = false;
	}
}

void decode_object(struct decoder *d, const struct shape *shape, const struct spot *up,
		   const struct node *node, struct span at, void *out)
{
	struct reading r = { .shape = shape, .node = node, .up = up, .at = at };
	uint32_t next = 0;

	*(struct span *)out = node->at;
	if (shape->n_fields > SHAPE_FIELDS)
		BUG("%s has more fields than the decoder counts", shape->name);
	for (uint32_t i = 0; i < node->n; i++) {
		const struct pair *pair = &node->u.pairs[i];
		const struct shape_field *field = field_named(shape, pair->key, next);
		if (field) {
			next = (uint32_t)(field - shape->fields) + 1;
			read_pair(d, &r, pair, field, out);
		} else if (!shape->open) {
			report_unknown(d, &r, pair);
		}
	}
	fill(d, &r, out);
	if (shape->required_groups)
		check_groups(d, &r);
}

void *decode(struct arena *mem, struct diags *diags, const struct shape *shape,
	     const struct node *node, bool *sound)
{
	struct decoder d = { mem, diags, sound, shape };
	void *out = arena_alloc(mem, 1, shape->size, shape->align);
	static const struct node empty = { .kind = NODE_MAP };

	if (node->kind == NODE_MAP) {
		decode_object(&d, shape, NULL, node, node->at, out);
		return out;
	}
	report_wrong_type(diags, node->at, str_of(shape->name), S("an object"),
			  str_of(node_kind_name(node->kind)));
	*sound = false;
	struct diags unheard = diags_new(mem);
	d.diags = &unheard;
	decode_object(&d, shape, NULL, &empty, node->at, out);
	return out;
}
