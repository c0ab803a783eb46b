/*
 * Conditions -> HTTPMatchRequest.
 *
 *	GET, path ends in .png    ->    uri: {regex: '.*\.png'}, method: {exact: GET}
 *
 * Istio has no suffix and folds case only in exact and prefix paths: the rest
 * becomes a regular expression (RE2, over the whole value).
 */
#include "base/base.h"
#include "target/istio/local.h"

#include "base/limit.h"
#include "plan/regex.h"

static void put_regex(struct lowering *lw, struct node *map, const struct match *m, struct span at)
{
	struct str regex = match_regex(lw->mem, m);

	if (regex.n > LIMIT_REGEX_BYTES)
		report_value_too_long(lw->diags, at, S("regex"),
				      str_format(lw->mem, "%" PRIu32, LIMIT_REGEX_BYTES));
	put_text(lw, map, S("regex"), regex, at);
}

void istio_string_match(struct lowering *lw, struct node *map, const struct match *m,
			struct span at)
{
	if (m->how == MATCH_EXACT && !m->ignore_case)
		put_text(lw, map, S("exact"), m->value, at);
	else if (m->how == MATCH_PREFIX && !m->ignore_case)
		put_text(lw, map, S("prefix"), m->value, at);
	else
		put_regex(lw, map, m, at);
}

static void put_uri(struct lowering *lw, struct node *match, const struct match *path,
		    struct span at)
{
	struct match folded = *path;

	if (path->how == MATCH_ANY)
		return;
	if (path->how == MATCH_EXACT || path->how == MATCH_PREFIX)
		folded.ignore_case = false;
	istio_string_match(lw, put_map(lw, match, S("uri"), at), &folded, at);
	if (path->ignore_case != folded.ignore_case)
		put_bool(lw, match, S("ignoreUriCase"), true, at);
}

static bool must_be_there(const struct condition *when, struct str name)
{
	for (uint32_t i = 0; i < when->headers.n; i++)
		if (!when->headers.at[i].inverted && str_eq(when->headers.at[i].name, name))
			return true;
	return false;
}

/*
 * Where Istio is told what a header is not, it takes one that is missing for an empty one.
 * An expression that an empty value matches would refuse requests without the header,
 * so these are told apart:
 *
 *	x-a does not match "v?"    x-a is missing, or x-a is there and does not match "v?"
 */
static bool has_alternatives(struct lowering *lw, const struct condition *when,
			     const struct named_match *header)
{
	return header->inverted && header->value.how == MATCH_REGEX &&
	       !must_be_there(when, header->name) &&
	       regex_run(lw->mem, header->value.program, S("")) != REGEX_NO;
}

/* One alternative of each such header, in their order: bit 0 of `present` is the first one's. */
struct alternative {
	bool *open;       /* per header: it has alternatives */
	uint32_t present; /* a bit per such header: there, and not as it must not be */
};

/* Presence of a header is an empty match. */
static void put_headers(struct lowering *lw, struct node *match, const struct condition *when,
			const struct alternative *choice, bool inverted, struct span at)
{
	struct node *map = NULL;

	for (uint32_t i = 0, bit = 0; i < when->headers.n; i++) {
		const struct named_match *header = &when->headers.at[i];
		bool open = choice->open[i], present = open && choice->present >> bit & 1;
		struct node *value;

		bit += open;
		if (header->inverted != inverted && !(present && !inverted))
			continue;
		if (!map)
			map = put_map(lw, match, inverted ? S("withoutHeaders") : S("headers"), at);
		value = put_map(lw, map, header->name, at);
		if (open && present != inverted)
			continue;
		if (header->value.how != MATCH_PRESENT && header->value.how != MATCH_ANY)
			istio_string_match(lw, value, &header->value, at);
	}
}

/* Not all supported versions of Istio know prefixes here. */
static void put_query(struct lowering *lw, struct node *match, const struct condition *when,
		      struct span at)
{
	struct node *map;

	if (!when->query.n)
		return;
	map = put_map(lw, match, S("queryParams"), at);
	for (uint32_t i = 0; i < when->query.n; i++) {
		const struct named_match *parameter = &when->query.at[i];
		struct node *value = put_map(lw, map, parameter->name, at);

		if (parameter->value.how == MATCH_PREFIX)
			put_regex(lw, value, &parameter->value, at);
		else
			istio_string_match(lw, value, &parameter->value, at);
	}
}

static void put_alternative(struct lowering *lw, struct node *list, const struct route *route,
			    const struct alternative *choice)
{
	const struct condition *when = &route->when;
	struct span at = list->at;
	struct node *match = add_map(lw, list, at);

	if (route->name.n)
		put_text(lw, match, S("name"), route->name, at);
	put_uri(lw, match, &when->path, at);
	if (when->method.n)
		put_text(lw, put_map(lw, match, S("method"), at), S("exact"), when->method, at);
	put_headers(lw, match, when, choice, false, at);
	put_headers(lw, match, when, choice, true, at);
	put_query(lw, match, when, at);
	if (when->source_space.n)
		put_text(lw, match, S("sourceNamespace"), when->source_space, at);
	if (when->source_labels.n)
		put_labels(lw, match, S("sourceLabels"), &when->source_labels, at);
	put_int(lw, match, S("port"), route->port, at);
}

void istio_match(struct lowering *lw, struct node *http, const struct route *route)
{
	const struct condition *when = &route->when;
	struct node *list = put_seq(lw, http, S("match"), http->at);
	struct alternative choice = { .open = NEW(lw->mem, bool, when->headers.n) };
	uint32_t n = 1;

	for (uint32_t i = 0; i < when->headers.n; i++) {
		choice.open[i] =
			n <= LIMIT_MATCHES && has_alternatives(lw, when, &when->headers.at[i]);
		n <<= choice.open[i];
	}
	check_limit(lw, http->at, S("matches of one route"), n, LIMIT_MATCHES);
	for (choice.present = 0; choice.present < n; choice.present++)
		put_alternative(lw, list, route, &choice);
}
