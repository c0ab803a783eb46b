/*
 * Texts that a policy hands through to proxies, which read more into them than
 * text: header values with `%`, the parts of a CORS policy, paths of requests.
 */
#include "base/base.h"

#include "rules/local.h"

static bool is_command(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `%START_TIME(%Y)%` at `i`: the place of its last `%`; -1: none begins here. */
static int64_t command_end(struct str s, uint32_t i)
{
	uint32_t start = ++i;

	while (i < s.n && is_command(s.p[i]))
		i++;
	if (i == start)
		return -1;
	if (i < s.n && s.p[i] == '(') {
		while (i < s.n && s.p[i] != ')')
			i++;
		i++;
	}
	while (i < s.n && (s.p[i] == ':' || (s.p[i] >= '0' && s.p[i] <= '9')))
		i++;
	return i < s.n && s.p[i] == '%' ? (int64_t)i : -1;
}

static bool is_readable(struct str value)
{
	for (uint32_t i = 0; i < value.n; i++) {
		int64_t end;

		if (value.p[i] != '%')
			continue;
		end = i + 1 < value.n && value.p[i + 1] == '%' ? (int64_t)i + 1
							       : command_end(value, i);
		if (end < 0)
			return false;
		i = (uint32_t)end;
	}
	return true;
}

/* A line end in a value would be a header of its own on the wire. */
static bool has_control(struct str value)
{
	for (uint32_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static void check_values(struct rule_cx *cx, const struct text_map *headers)
{
	for (uint32_t i = 0; i < headers->n; i++) {
		const struct text *key = &headers->item[i].key, *value = &headers->item[i].value;

		if (has_control(value->s))
			report_forbidden_header(cx->diags, value->at, key->s,
						S("its value holds a control character"));
		else if (!is_readable(value->s))
			help(report_forbidden_header(
				     cx->diags, value->at, key->s,
				     S("proxies take `%` in its value for the start of a command")),
			     "write `%%%%` for a percent sign");
	}
}

void rule_header_values(struct rule_cx *cx, const struct resource *r,
			const struct traffic_policy_spec *spec)
{
	const struct header_manipulation *h =
		spec->policy ? spec->policy->header_manipulation : NULL;

	(void)r;
	if (!h)
		return;
	check_values(cx, &h->append_request_headers);
	check_values(cx, &h->append_response_headers);
}

static void check_method(struct rule_cx *cx, const struct text *method)
{
	static const char *const known[] = { "*",       "CONNECT", "DELETE", "GET", "HEAD",
					     "OPTIONS", "PATCH",   "POST",   "PUT", "TRACE" };
	struct str names[countof(known)], near;
	struct finding *f;

	for (size_t i = 0; i < countof(known); i++) {
		names[i] = str_of(known[i]);
		if (str_eq(method->s, names[i]))
			return;
	}
	f = report_unknown_value(cx->diags, method->at, method->s, S("allowMethods"));
	near = str_nearest(method->s, names, countof(known));
	if (near.n)
		help(f, "closest: `%.*s`", STR(near));
}

static struct str origin_text(const struct string_match *m)
{
	return given(m->exact)    ? m->exact.s
	       : given(m->prefix) ? m->prefix.s
	       : given(m->suffix) ? m->suffix.s
				  : m->regex.s;
}

void rule_cors(struct rule_cx *cx, const struct resource *r, const struct traffic_policy_spec *spec)
{
	const struct cors_policy *cors = spec->policy ? spec->policy->cors_policy : NULL;

	(void)r;
	if (!cors)
		return;
	for (uint32_t i = 0; i < cors->allow_methods.n; i++)
		check_method(cx, &cors->allow_methods.item[i]);
	for (uint32_t i = 0; i < cors->allow_origins.n; i++)
		if (!origin_text(&cors->allow_origins.item[i]).n)
			report_bad_format(cx->diags, cors->allow_origins.item[i].at, S(""), S("an"),
					  S("origin"));
	if (cors->max_age.v % 1000000000)
		report_bad_format(cx->diags, cors->max_age.at,
				  str_format(cx->mem, "%" PRId64 "ms", cors->max_age.v / 1000000),
				  S("a"), S("duration of whole seconds"));
}

/* Paths begin with `/`; `*` is the path of OPTIONS for a whole server. */
static void check_path(struct rule_cx *cx, const struct text *path, bool exact)
{
	if (!given(*path) || (!exact && !path->s.n) ||
	    (path->s.n && (path->s.p[0] == '/' || path->s.p[0] == '*')))
		return;
	help(report_matches_nothing(cx->diags, path->at), "every path begins with `/`");
}

void rule_paths(struct rule_cx *cx, const struct resource *r,
		const struct traffic_policy_spec *spec)
{
	(void)r;
	for (uint32_t i = 0; i < spec->http_request_matchers.n; i++) {
		const struct http_matcher *m = &spec->http_request_matchers.item[i];

		check_path(cx, m->uri ? &m->uri->exact : &m->exact, true);
		check_path(cx, m->uri ? &m->uri->prefix : &m->prefix, false);
		for (uint32_t k = 0; k < m->query_parameters.n; k++)
			if (!m->query_parameters.item[k].name.s.n)
				report_bad_format(cx->diags, m->query_parameters.item[k].name.at,
						  S(""), S("the name"), S("of a query parameter"));
	}
}
