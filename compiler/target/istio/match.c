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

/* Presence of a header is an empty match. */
static void put_headers(struct lowering *lw, struct node *match, const struct condition *when,
			bool inverted, struct span at)
{
	struct node *map = NULL;

	for (uint32_t i = 0; i < when->headers.n; i++) {
		const struct named_match *header = &when->headers.at[i];
		struct node *value;

		if (header->inverted != inverted)
			continue;
		if (!map)
			map = put_map(lw, match, inverted ? S("withoutHeaders") : S("headers"), at);
		value = put_map(lw, map, header->name, at);
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

void istio_match(struct lowering *lw, struct node *http, const struct route *route)
{
	const struct condition *when = &route->when;
	struct span at = http->at;
	struct node *match = add_map(lw, put_seq(lw, http, S("match"), at), at);

	if (route->name.n)
		put_text(lw, match, S("name"), route->name, at);
	put_uri(lw, match, &when->path, at);
	if (when->method.n)
		put_text(lw, put_map(lw, match, S("method"), at), S("exact"), when->method, at);
	put_headers(lw, match, when, false, at);
	put_headers(lw, match, when, true, at);
	put_query(lw, match, when, at);
	if (when->source_space.n)
		put_text(lw, match, S("sourceNamespace"), when->source_space, at);
	if (when->source_labels.n)
		put_labels(lw, match, S("sourceLabels"), &when->source_labels, at);
	put_int(lw, match, S("port"), route->port, at);
}
