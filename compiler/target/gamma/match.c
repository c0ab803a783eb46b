/*
 * Conditions -> HTTPRouteMatch.
 *
 *	GET, path starts with /a    ->    path: {type: RegularExpression, value: '/a.*'}, method: GET
 *
 * PathPrefix compares whole segments: `/a` is no prefix of `/ab`. A prefix of text
 * is therefore an expression, and so is every path that the API refuses as Exact.
 */
#include "base/base.h"
#include "target/gamma/gamma.h"

#include "base/limit.h"
#include "plan/regex.h"
#include "schema/format.h"

static bool is_path_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-/._~!$&'()*+,;=:@", c));
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool holds(struct str s, const char *part)
{
	return memmem(s.p, s.n, part, strlen(part)) != NULL;
}

/* The rules of HTTPRouteMatch.path for Exact (Gateway API, HTTPPathMatch). */
static bool is_plain_path(struct str path)
{
	static const char *const never[] = { "//", "/./", "/../", "%2f", "%2F", "#" };

	if (!path.n || path.p[0] != '/')
		return false;
	for (size_t i = 0; i < countof(never); i++)
		if (holds(path, never[i]))
			return false;
	for (uint32_t i = 0; i < path.n; i++) {
		bool escaped = path.p[i] == '%' && i + 2 < path.n && is_hex(path.p[i + 1]) &&
			       is_hex(path.p[i + 2]);

		if (!escaped && !is_path_character(path.p[i]))
			return false;
		i += escaped ? 2 : 0;
	}
	return !str_ends(path, S("/..")) && !str_ends(path, S("/."));
}

/* Proxies look for an expression and then whether it found the whole: alternatives must be held together. */
static struct str expression_of(struct lowering *lw, const struct match *m)
{
	struct str regex = match_regex(lw->mem, m);

	return m->how == MATCH_REGEX ? str_join(lw->mem, S("^(?:"), regex, S(")$")) : regex;
}

static void put_limited(struct lowering *lw, struct node *map, struct str key, struct str value,
			uint32_t limit, struct span at)
{
	put_text(lw, map, key, value, at);
	if (value.n > limit)
		report_value_too_long(lw->diags, at, key, str_format(lw->mem, "%" PRIu32, limit));
}

static void put_typed(struct lowering *lw, struct node *map, const char *type, struct str value,
		      uint32_t limit, struct span at)
{
	put_text(lw, map, S("type"), str_of(type), at);
	put_limited(lw, map, S("value"), value, limit, at);
}

void gamma_name(struct lowering *lw, struct node *map, struct str name, struct span at)
{
	put_limited(lw, map, S("name"), name, LIMIT_HTTP_NAME_BYTES, at);
	/* Query parameters may have any name, but not in a route. */
	if (!format_holds(FORMAT_HTTP_HEADER, name))
		report_unsupported(lw->diags, at, S("an HTTPRoute"),
				   str_format(lw->mem, "query parameter `%.*s`", STR(name)));
}

/* Every path starts with `/`. */
static bool is_any_path(const struct match *path)
{
	return path->how == MATCH_ANY || (path->how == MATCH_PREFIX && str_eq(path->value, S("/")));
}

static void put_path(struct lowering *lw, struct node *match, const struct match *path,
		     struct span at)
{
	struct node *map;

	if (is_any_path(path))
		return;
	map = put_map(lw, match, S("path"), at);
	if (path->how == MATCH_EXACT && !path->ignore_case && is_plain_path(path->value))
		put_typed(lw, map, "Exact", path->value, LIMIT_HTTP_PATH_BYTES, at);
	else
		put_typed(lw, map, "RegularExpression", expression_of(lw, path),
			  LIMIT_HTTP_PATH_BYTES, at);
}

static void put_named(struct lowering *lw, struct node *match, struct str key,
		      const struct named_match *list, uint32_t n, uint32_t limit, struct span at)
{
	struct node *seq;

	if (!n)
		return;
	seq = put_seq(lw, match, key, at);
	for (uint32_t i = 0; i < n; i++) {
		const struct match *value = &list[i].value;
		struct node *item = add_map(lw, seq, at);

		gamma_name(lw, item, list[i].name, at);
		if (value->how == MATCH_EXACT && !value->ignore_case)
			put_typed(lw, item, "Exact", value->value, limit, at);
		else
			put_typed(lw, item, "RegularExpression", expression_of(lw, value), limit,
				  at);
	}
	check_limit(lw, at, str_format(lw->mem, "%.*s of an HTTPRoute match", STR(key)), n,
		    LIMIT_HTTP_MATCH_VALUES);
}

static void put_method(struct lowering *lw, struct node *match, struct str method, struct span at)
{
	static const char *const known[] = { "GET",     "HEAD",    "POST",  "PUT",  "DELETE",
					     "CONNECT", "OPTIONS", "TRACE", "PATCH" };
	bool found = false;

	for (size_t i = 0; i < countof(known) && !found; i++)
		found = str_eq(method, str_of(known[i]));
	if (!found)
		report_unsupported(lw->diags, at, S("an HTTPRoute"),
				   str_format(lw->mem, "method `%.*s`", STR(method)));
	put_text(lw, match, S("method"), method, at);
}

void gamma_match(struct lowering *lw, struct node *match, const struct condition *c, struct span at)
{
	put_path(lw, match, &c->path, at);
	put_named(lw, match, S("headers"), c->headers.at, c->headers.n, LIMIT_HTTP_HEADER_BYTES,
		  at);
	put_named(lw, match, S("queryParams"), c->query.at, c->query.n, LIMIT_HTTP_QUERY_BYTES, at);
	if (c->method.n)
		put_method(lw, match, c->method, at);
}

/* A request for `/` may match: a path of one character is as short as no path at all. */
static bool may_be_root(const struct match *path)
{
	struct str value = path->value;
	struct arena *scratch;
	bool may;

	switch (path->how) {
	case MATCH_ANY:
	case MATCH_PRESENT:
		return true;
	case MATCH_REGEX:
		scratch = arena_new();
		may = regex_run(scratch, path->program, S("/")) != REGEX_NO;
		arena_free(scratch);
		return may;
	case MATCH_EXACT:
	case MATCH_PREFIX:
	case MATCH_SUFFIX:
		return value.n == 1 && value.p[0] == '/';
	}
	BUG("match kind %d", (int)path->how);
}

enum gamma_order gamma_order(const struct condition *narrow, const struct condition *wide)
{
	/* A path that is not compared counts for one character, any other for the whole path. */
	if (is_any_path(&narrow->path) && !is_any_path(&wide->path))
		return GAMMA_NEVER;
	if (is_any_path(&wide->path) && !is_any_path(&narrow->path) && !may_be_root(&narrow->path))
		return GAMMA_ALWAYS;
	/* What is contained has at least as many of each: more of any one decides. */
	if (narrow->headers.n > wide->headers.n || narrow->query.n > wide->query.n ||
	    (narrow->method.n && !wide->method.n))
		return GAMMA_ALWAYS;
	return GAMMA_IN_ORDER;
}
