/*
 * Walking the trees of objects for where their values came from; see the header.
 */
#include "base/base.h"
#include "report/why.h"

#include "output/output.h"

struct walk {
	struct arena *mem;
	struct str path;
	struct why_steps *out;
	const struct files *files; /* by source line */
	uint32_t file, line;
	uint32_t narrowest; /* bytes of the narrowest span around the line so far */
	bool begins;        /* some field begins on the line: only such count */
};

static bool same_span(struct span a, struct span b)
{
	return a.file == b.file && a.start == b.start && a.end == b.end;
}

/* RFC 6901: ~ and / of a key are spelled ~0 and ~1. */
static struct str pointer_below(struct arena *mem, struct str pointer, struct str key)
{
	struct buf out = buf_new(mem, 0);

	buf_str(&out, pointer);
	buf_char(&out, '/');
	for (uint32_t i = 0; i < key.n; i++) {
		if (key.p[i] == '~')
			buf_lit(&out, "~0");
		else if (key.p[i] == '/')
			buf_lit(&out, "~1");
		else
			buf_char(&out, key.p[i]);
	}
	return buf_view(&out);
}

struct child {
	struct str pointer;
	const struct node *value;
};

static uint32_t count_of(const struct node *node)
{
	return node->kind == NODE_MAP || node->kind == NODE_SEQ ? node->n : 0;
}

static struct child child_at(struct arena *mem, const struct node *node, struct str pointer,
			     uint32_t i)
{
	if (node->kind == NODE_SEQ)
		return (struct child){ pointer_below(mem, pointer, str_int(mem, i)),
				       node->u.items[i] };
	return (struct child){ pointer_below(mem, pointer, node->u.pairs[i].key),
			       node->u.pairs[i].value };
}

static void add_step(struct walk *w, struct str pointer, const struct node *value, struct span at)
{
	vec_add(w->mem, w->out, ((struct why_step){ w->path, pointer, value, at }));
}

/* Everything below that another field asked for than what it stands in. */
static void add_others(struct walk *w, const struct node *node, struct str pointer, struct span at)
{
	for (uint32_t i = 0; i < count_of(node); i++) {
		struct child c = child_at(w->mem, node, pointer, i);
		bool other = span_set(c.value->at) && !same_span(c.value->at, at);

		if (other)
			add_step(w, c.pointer, c.value, c.value->at);
		add_others(w, c.value, c.pointer, other ? c.value->at : at);
	}
}

/* The value that the pointer leads to; *at: the span of it or of the nearest around it. NULL: it leads nowhere. */
static const struct node *follow(struct arena *mem, const struct node *node, struct str pointer,
				 struct span *at)
{
	struct str done = S("");

	for (;;) {
		const struct node *next = NULL;

		if (span_set(node->at))
			*at = node->at;
		if (str_eq(done, pointer))
			return node;
		for (uint32_t i = 0; i < count_of(node) && !next; i++) {
			struct child c = child_at(mem, node, done, i);

			if (str_starts(pointer, c.pointer) &&
			    (pointer.n == c.pointer.n || pointer.p[c.pointer.n] == '/')) {
				next = c.value;
				done = c.pointer;
			}
		}
		if (!next)
			return NULL;
		node = next;
	}
}

static const struct object *find_object(struct arena *mem, const struct bundle *bundle,
					struct str path, struct str *cluster)
{
	for (uint32_t c = 0; c < bundle->n; c++) {
		const struct object_set *set = &bundle->clusters[c];

		for (uint32_t i = 0; i < set->all.n; i++)
			if (str_eq(output_path(mem, set->cluster, &set->all.at[i].key), path)) {
				*cluster = set->cluster;
				return &set->all.at[i];
			}
	}
	return NULL;
}

void why_output(struct arena *mem, const struct bundle *bundle, struct str path, struct str pointer,
		struct why_answer *out)
{
	struct walk w = { .mem = mem, .path = path, .out = &out->steps };
	struct span at = { 0 };
	const struct node *value;

	*out = (struct why_answer){ .path = path };
	out->object = find_object(mem, bundle, path, &out->cluster);
	if (!out->object)
		return;
	value = follow(mem, out->object->body, pointer, &at);
	out->found = value;
	if (!value)
		return;
	add_step(&w, pointer, value, at);
	add_others(&w, value, pointer, at);
}

/* ---- From a source line ---- */

static uint32_t line_of(const struct walk *w, uint32_t offset)
{
	return file_position(files_get(w->files, w->file), offset).line;
}

/* Wanted as far as it is known: what is found later may be narrower. */
static bool is_wanted(struct walk *w, struct span at)
{
	uint32_t from, to, size = at.end - at.start;
	bool begins;

	if (at.file != w->file)
		return false;
	from = line_of(w, at.start);
	to = line_of(w, at.end > at.start ? at.end - 1 : at.end);
	begins = from == w->line;
	if (w->line < from || w->line > to || (w->begins && !begins))
		return false;
	if ((begins && !w->begins) || (!w->begins && size < w->narrowest)) {
		w->out->n = 0;
		w->begins = begins;
		w->narrowest = size;
	}
	return begins || size == w->narrowest;
}

static void search(struct walk *w, const struct node *node, struct str pointer)
{
	if (span_set(node->at) && is_wanted(w, node->at))
		add_step(w, pointer, node, node->at);
	for (uint32_t i = 0; i < count_of(node); i++) {
		struct child c = child_at(w->mem, node, pointer, i);

		/* What has its field from what it stands in has been said with that. */
		if (!same_span(c.value->at, node->at) || count_of(c.value))
			search(w, c.value, c.pointer);
	}
}

/* Every body begins with the span of its document. */
static bool is_around(const struct walk *w, const struct resource *r)
{
	struct span at = *(const struct span *)r->body;

	return at.file == w->file && line_of(w, at.start) <= w->line &&
	       w->line <= line_of(w, at.end > at.start ? at.end - 1 : at.end);
}

static void add_objects(struct walk *w, const struct object_set *set)
{
	for (uint32_t i = 0; i < set->all.n; i++) {
		const struct object *o = &set->all.at[i];

		for (uint32_t s = 0; s < o->sources.n; s++)
			if (is_around(w, o->sources.at[s])) {
				w->path = output_path(w->mem, set->cluster, &o->key);
				add_step(w, S(""), o->body, o->sources.at[s]->at);
				break;
			}
	}
}

void why_source(struct arena *mem, const struct bundle *bundle, const struct files *files,
		uint32_t file, uint32_t line, struct why_steps *out)
{
	struct walk w = { .mem = mem,
			  .out = out,
			  .files = files,
			  .file = file,
			  .line = line,
			  .narrowest = UINT32_MAX };

	*out = (struct why_steps){ 0 };
	for (uint32_t c = 0; c < bundle->n; c++) {
		const struct object_set *set = &bundle->clusters[c];

		for (uint32_t i = 0; i < set->all.n; i++) {
			w.path = output_path(mem, set->cluster, &set->all.at[i].key);
			search(&w, set->all.at[i].body, S(""));
		}
	}
	for (uint32_t c = 0; !out->n && c < bundle->n; c++)
		add_objects(&w, &bundle->clusters[c]);
}
