/*
 * Every regular expression a TrafficPolicy holds must be one that proxies accept.
 */
#include "base/base.h"

#include "rules/local.h"

#include "base/limit.h"
#include "plan/regex.h"

static void check(struct rule_cx *cx, const struct text *pattern)
{
	const char *problem = regex_problem(cx->mem, pattern->s);

	if (!pattern->s.n)
		problem = "it is empty";
	if (!problem && pattern->s.n > LIMIT_REGEX_BYTES)
		problem = "it is longer than 1024 bytes";
	if (problem)
		help(report_bad_regex(cx->diags, pattern->at, pattern->s, str_of(problem)),
		     "proxies read RE2 and match the whole value");
}

static void check_string(struct rule_cx *cx, const struct string_match *m)
{
	if (m && given(m->regex))
		check(cx, &m->regex);
}

static void check_matcher(struct rule_cx *cx, const struct http_matcher *m)
{
	check_string(cx, m->uri);
	if (given(m->regex))
		check(cx, &m->regex);
	for (uint32_t i = 0; i < m->headers.n; i++)
		if (m->headers.item[i].regex.v && m->headers.item[i].value.s.n)
			check(cx, &m->headers.item[i].value);
	for (uint32_t i = 0; i < m->query_parameters.n; i++)
		if (m->query_parameters.item[i].regex.v && m->query_parameters.item[i].value.s.n)
			check(cx, &m->query_parameters.item[i].value);
}

void rule_regexes(struct rule_cx *cx, const struct resource *r,
		  const struct traffic_policy_spec *spec)
{
	const struct cors_policy *cors = spec->policy ? spec->policy->cors_policy : NULL;

	(void)r;
	for (uint32_t i = 0; i < spec->http_request_matchers.n; i++)
		check_matcher(cx, &spec->http_request_matchers.item[i]);
	for (uint32_t i = 0; cors && i < cors->allow_origins.n; i++)
		check_string(cx, &cors->allow_origins.item[i]);
}
