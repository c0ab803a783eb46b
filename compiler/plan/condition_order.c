/*
 * Conditions in a row, as keys and in words: Gloo's order of routes, and a request that
 * shows what a condition matches.
 */
#include "base/base.h"

#include "plan/condition.h"

#include "base/buf.h"
#include "plan/regex.h"

int named_match_order(const struct named_match *a, const struct named_match *b)
{
	int order = str_cmp(a->name, b->name);

	return order ? order : (int)a->inverted - (int)b->inverted;
}

static int longer_first(struct str a, struct str b)
{
	return a.n != b.n ? (a.n > b.n ? -1 : 1) : str_cmp(a, b);
}

static int more_first(uint32_t a, uint32_t b)
{
	return a != b ? (a > b ? -1 : 1) : 0;
}

static uint32_t count_headers(const struct condition *c, bool inverted)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->headers.n; i++)
		n += c->headers.at[i].inverted == inverted;
	return n;
}

static int path_order(const struct match *a, const struct match *b)
{
	/* exact, regex (suffixes become one), prefix, none */
	static const int rank[] = { [MATCH_EXACT] = 0,  [MATCH_REGEX] = 1, [MATCH_SUFFIX] = 1,
				    [MATCH_PREFIX] = 2, [MATCH_ANY] = 3,   [MATCH_PRESENT] = 3 };

	if (rank[a->how] != rank[b->how])
		return rank[a->how] - rank[b->how];
	return longer_first(a->value, b->value);
}

static int match_order(const struct match *a, const struct match *b)
{
	if (a->how != b->how)
		return (int)a->how - (int)b->how;
	if (a->ignore_case != b->ignore_case)
		return (int)a->ignore_case - (int)b->ignore_case;
	return str_cmp(a->value, b->value);
}

static int list_order(const struct named_match *a, uint32_t n, const struct named_match *b,
		      uint32_t m)
{
	for (uint32_t i = 0; i < n && i < m; i++) {
		int order = named_match_order(&a[i], &b[i]);

		order = order ? order : match_order(&a[i].value, &b[i].value);
		if (order)
			return order;
	}
	return n == m ? 0 : n < m ? -1 : 1;
}

static int labels_order(const struct labels *a, const struct labels *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n; i++) {
		int order = str_cmp(a->at[i].key, b->at[i].key);

		order = order ? order : str_cmp(a->at[i].value, b->at[i].value);
		if (order)
			return order;
	}
	return 0;
}

static void copy_names(struct arena *mem, struct named_match *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		at[i].name = str_copy(mem, at[i].name);
}

static void key_text(struct buf *out, struct str s)
{
	buf_format(out, "%" PRIu32 ":", s.n);
	buf_str(out, s);
}

static void key_match(struct buf *out, const struct match *m)
{
	buf_format(out, "%d,%d,", (int)m->how, m->ignore_case);
	key_text(out, m->value);
}

struct str condition_key(struct arena *mem, const struct condition *c)
{
	struct buf out = buf_new(mem, 0);

	key_match(&out, &c->path);
	key_text(&out, c->method);
	key_text(&out, c->source_space);
	for (uint32_t i = 0; i < c->headers.n + c->query.n; i++) {
		bool header = i < c->headers.n;
		const struct named_match *m =
			header ? &c->headers.at[i] : &c->query.at[i - c->headers.n];

		buf_char(&out, header ? 'h' : 'q');
		key_text(&out, m->name);
		buf_char(&out, m->inverted ? '!' : '=');
		key_match(&out, &m->value);
	}
	for (uint32_t i = 0; i < c->source_labels.n; i++) {
		buf_char(&out, 'l');
		key_text(&out, c->source_labels.at[i].key);
		key_text(&out, c->source_labels.at[i].value);
	}
	return buf_view(&out);
}

struct condition condition_copy(struct arena *mem, const struct condition *from)
{
	struct condition c = { .path = from->path,
			       .method = from->method,
			       .source_space = from->source_space };

	for (uint32_t i = 0; i < from->headers.n; i++)
		vec_add(mem, &c.headers, from->headers.at[i]);
	for (uint32_t i = 0; i < from->query.n; i++)
		vec_add(mem, &c.query, from->query.at[i]);
	copy_names(mem, c.headers.at, c.headers.n);
	copy_names(mem, c.query.at, c.query.n);
	c.source_labels = (struct labels){ NEW(mem, struct label, from->source_labels.n),
					   from->source_labels.n };
	for (uint32_t i = 0; i < from->source_labels.n; i++)
		c.source_labels.at[i] = from->source_labels.at[i];
	return c;
}

/* Gloo's criteria of http_route_ordering.go first; then whatever makes the order total. */
int condition_order(const struct condition *a, const struct condition *b)
{
	int order = path_order(&a->path, &b->path);

	order = order ? order : more_first(count_headers(a, false), count_headers(b, false));
	order = order ? order : more_first(a->query.n, b->query.n);
	order = order ? order : more_first(a->source_labels.n, b->source_labels.n);
	order = order ? order : -str_cmp(a->source_space, b->source_space);
	order = order ? order : -str_cmp(a->method, b->method);
	order = order ? order : more_first(count_headers(a, true), count_headers(b, true));
	order = order ? order : match_order(&a->path, &b->path);
	order = order ? order
		      : list_order(a->headers.at, a->headers.n, b->headers.at, b->headers.n);
	order = order ? order : list_order(a->query.at, a->query.n, b->query.at, b->query.n);
	return order ? order : labels_order(&a->source_labels, &b->source_labels);
}

/* A text that the match accepts, for showing. */
static struct str match_sample(struct arena *mem, const struct match *m, bool path)
{
	struct str sample;

	switch (m->how) {
	case MATCH_ANY:
	case MATCH_PRESENT:
		return path ? S("/") : S("any");
	case MATCH_EXACT:
	case MATCH_PREFIX:
		return m->value;
	case MATCH_SUFFIX:
		return path && (!m->value.n || m->value.p[0] != '/')
			       ? str_format(mem, "/%.*s", STR(m->value))
			       : m->value;
	case MATCH_REGEX:
		sample = regex_sample(mem, m->value);
		return sample.p ? sample : str_format(mem, "(a text like %.*s)", STR(m->value));
	}
	BUG("match kind %d", (int)m->how);
}

static struct str witness_named(struct arena *mem, struct str text, const char *what,
				const struct named_match *m)
{
	struct str sample = match_sample(mem, &m->value, false);

	if (m->inverted)
		return m->value.how == MATCH_PRESENT
			       ? str_format(mem, "%.*s without %s %.*s", STR(text), what,
					    STR(m->name))
			       : str_format(mem, "%.*s whose %s %.*s is not %.*s", STR(text), what,
					    STR(m->name), STR(sample));
	return str_format(mem, "%.*s with %s %.*s: %.*s", STR(text), what, STR(m->name),
			  STR(sample));
}

struct str condition_witness(struct arena *mem, const struct condition *c)
{
	struct str path = match_sample(mem, &c->path, true);
	struct str text =
		str_format(mem, "%.*s %.*s", STR(c->method.n ? c->method : S("GET")), STR(path));

	for (uint32_t i = 0; i < c->headers.n; i++)
		text = witness_named(mem, text, "header", &c->headers.at[i]);
	for (uint32_t i = 0; i < c->query.n; i++)
		text = witness_named(mem, text, "query parameter", &c->query.at[i]);
	if (c->source_labels.n || c->source_space.n)
		text = str_format(mem, "%.*s from a workload", STR(text));
	for (uint32_t i = 0; i < c->source_labels.n; i++)
		text = str_format(mem, "%.*s %s%.*s=%.*s", STR(text), i ? "and " : "labelled ",
				  STR(c->source_labels.at[i].key),
				  STR(c->source_labels.at[i].value));
	if (c->source_space.n)
		text = str_format(mem, "%.*s in namespace %.*s", STR(text), STR(c->source_space));
	return text;
}
