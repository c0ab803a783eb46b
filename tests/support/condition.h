/*
 * A condition in a line: words "=path" exact, "^path" prefix, "$path" suffix, "~path" regex ("i" before: ignore case),
 * "GET", "h:name=value", "h:name~value", "h:name" present, "h!name=value" inverted, "q:name=value", "ns:web", "l:app=x".
 * Headers and parameters are written in their order.
 */
#pragma once

#include "plan/condition.h"

static inline struct match parse_match(struct arena *mem, struct str s)
{
	bool ignore_case = s.n && s.p[0] == 'i';
	enum match_how how;

	if (!s.n)
		return match_new(mem, MATCH_PRESENT, false, s);
	s = str_slice(s, ignore_case, s.n);
	how = s.p[0] == '='   ? MATCH_EXACT
	      : s.p[0] == '^' ? MATCH_PREFIX
	      : s.p[0] == '$' ? MATCH_SUFFIX
			      : MATCH_REGEX;
	return match_new(mem, how, ignore_case, str_slice(s, 1, s.n));
}

static inline struct named_match parse_named(struct arena *mem, struct str s)
{
	struct named_match named = { .inverted = s.p[1] == '!' };
	uint32_t n = 2;

	while (n < s.n && !strchr("=^$~", s.p[n]))
		n++;
	named.name = str_slice(s, 2, n);
	named.value = parse_match(mem, str_slice(s, n, s.n));
	return named;
}

static inline void parse_word(struct arena *mem, struct condition *c, struct str w)
{
	if (strchr("=^$~i", w.p[0])) {
		c->path = parse_match(mem, w);
	} else if (w.p[0] == 'h') {
		vec_add(mem, &c->headers, parse_named(mem, w));
	} else if (w.p[0] == 'q') {
		vec_add(mem, &c->query, parse_named(mem, w));
	} else if (str_starts(w, S("ns:"))) {
		c->source_space = str_slice(w, 3, w.n);
	} else if (str_starts(w, S("l:"))) {
		struct labels old = c->source_labels;
		int64_t eq = str_find(w, '=');

		c->source_labels.at = NEW(mem, struct label, old.n + 1);
		if (old.n)
			memcpy(c->source_labels.at, old.at, old.n * sizeof *old.at);
		c->source_labels.at[c->source_labels.n++] =
			(struct label){ str_slice(w, 2, (uint32_t)eq),
					str_slice(w, (uint32_t)eq + 1, w.n) };
	} else {
		c->method = w;
	}
}

static inline struct condition condition_read(struct arena *mem, const char *text)
{
	struct condition c = { 0 };
	struct str s = str_of(text);

	for (uint32_t i = 0, start = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != ' ')
			continue;
		if (i > start)
			parse_word(mem, &c, str_slice(s, start, i));
		start = i + 1;
	}
	return c;
}
