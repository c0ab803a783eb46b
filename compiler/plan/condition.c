/*
 * Conditions: what two of them match together, and which holds which.
 *
 * Everything here is syntax over values that can be compared exactly. Where a
 * regular expression makes a question undecidable by these means the answer is
 * "unknown", and routes.c turns that into a finding.
 */
#include "base/base.h"

#include "plan/condition.h"

#include "plan/regex.h"

struct match match_new(struct arena *mem, enum match_how how, bool ignore_case, struct str value)
{
	return (struct match){ how, ignore_case, value,
			       how == MATCH_REGEX ? regex_compile(mem, value, ignore_case) : NULL };
}

static bool is_any(const struct match *m)
{
	return m->how == MATCH_ANY;
}

static bool match_eq(const struct match *a, const struct match *b)
{
	return a->how == b->how && a->ignore_case == b->ignore_case && str_eq(a->value, b->value);
}

static bool named_eq(const struct named_match *a, const struct named_match *b)
{
	return a->inverted == b->inverted && str_eq(a->name, b->name) &&
	       match_eq(&a->value, &b->value);
}

bool condition_is_any(const struct condition *c)
{
	return is_any(&c->path) && !c->method.n && !c->headers.n && !c->query.n &&
	       !c->source_space.n && !c->source_labels.n;
}

bool matches_have_regex(const struct named_match *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (at[i].value.how == MATCH_REGEX)
			return true;
	return false;
}

bool condition_has_regex(const struct condition *c)
{
	return c->path.how == MATCH_REGEX || matches_have_regex(c->headers.at, c->headers.n) ||
	       matches_have_regex(c->query.at, c->query.n);
}

static bool labels_eq(const struct labels *a, const struct labels *b)
{
	return a->n == b->n && labels_contain(a, b);
}

bool condition_eq(const struct condition *a, const struct condition *b)
{
	if (!match_eq(&a->path, &b->path) || !str_eq(a->method, b->method) ||
	    !str_eq(a->source_space, b->source_space) || a->headers.n != b->headers.n ||
	    a->query.n != b->query.n || !labels_eq(&a->source_labels, &b->source_labels))
		return false;
	for (uint32_t i = 0; i < a->headers.n; i++)
		if (!named_eq(&a->headers.at[i], &b->headers.at[i]))
			return false;
	for (uint32_t i = 0; i < a->query.n; i++)
		if (!named_eq(&a->query.at[i], &b->query.at[i]))
			return false;
	return true;
}

/* One text starts (ends) with the other, with or without regard to case. */
static bool text_starts(struct str s, struct str prefix, bool ignore_case)
{
	s = str_slice(s, 0, prefix.n);
	return ignore_case ? str_eq_nocase(s, prefix) : str_eq(s, prefix);
}

static bool text_ends(struct str s, struct str suffix, bool ignore_case)
{
	if (s.n < suffix.n)
		return false;
	s = str_slice(s, s.n - suffix.n, s.n);
	return ignore_case ? str_eq_nocase(s, suffix) : str_eq(s, suffix);
}

enum answer { NO, YES, UNKNOWN };

static enum answer expression_matches(const struct match *m, struct str s)
{
	struct arena *scratch;
	enum regex_answer answer;

	if (!str_starts(s, regex_prefix(m->program)))
		return NO;
	scratch = arena_new();
	answer = regex_run(scratch, m->program, s);
	arena_free(scratch);
	return answer == REGEX_YES ? YES : answer == REGEX_NO ? NO : UNKNOWN;
}

/* Does m match the literal text? */
static enum answer match_text(const struct match *m, struct str s)
{
	switch (m->how) {
	case MATCH_ANY:
	case MATCH_PRESENT:
		return YES;
	case MATCH_EXACT:
		return s.n == m->value.n && text_starts(s, m->value, m->ignore_case) ? YES : NO;
	case MATCH_PREFIX:
		return text_starts(s, m->value, m->ignore_case) ? YES : NO;
	case MATCH_SUFFIX:
		return text_ends(s, m->value, m->ignore_case) ? YES : NO;
	case MATCH_REGEX:
		return expression_matches(m, s);
	}
	BUG("match kind %d", (int)m->how);
}

/* A match by prefix says more of the wider one's text than the case rule of the narrow one allows to tell. */
static bool case_covers(const struct match *narrow, const struct match *wide)
{
	return wide->ignore_case || !narrow->ignore_case;
}

/* Every text that `narrow` matches starts with this. */
static struct str known_prefix(const struct match *narrow)
{
	if (narrow->how == MATCH_EXACT || narrow->how == MATCH_PREFIX)
		return narrow->value;
	return narrow->how == MATCH_REGEX ? regex_prefix(narrow->program) : S("");
}

/* Provably narrow => wide. */
static bool match_within(const struct match *narrow, const struct match *wide)
{
	if (is_any(wide) || match_eq(narrow, wide))
		return true;
	if (wide->how == MATCH_PRESENT)
		return !is_any(narrow);
	if (is_any(narrow) || narrow->how == MATCH_PRESENT || !case_covers(narrow, wide))
		return false;
	if (narrow->how == MATCH_EXACT)
		return wide->how == MATCH_REGEX && narrow->ignore_case
			       ? false
			       : match_text(wide, narrow->value) == YES;
	if (wide->how == MATCH_SUFFIX)
		return narrow->how == MATCH_SUFFIX &&
		       text_ends(narrow->value, wide->value, wide->ignore_case);
	return wide->how == MATCH_PREFIX &&
	       text_starts(known_prefix(narrow), wide->value, wide->ignore_case);
}

/* Provably no text matches both, judged by how their texts must start. */
static bool prefixes_part(const struct match *a, const struct match *b)
{
	struct str x = known_prefix(a), y = known_prefix(b);
	uint32_t n = x.n < y.n ? x.n : y.n;

	return !text_starts(str_slice(x, 0, n), str_slice(y, 0, n),
			    a->ignore_case || b->ignore_case);
}

static enum meet exact_meet(const struct match *exact, const struct match *other, struct match *out)
{
	enum answer answer = match_text(other, exact->value);

	if (exact->ignore_case && other->how == MATCH_REGEX)
		return MEET_UNKNOWN;
	if (answer == YES && (case_covers(exact, other))) {
		*out = *exact;
		return MEET_SOME;
	}
	if (answer == UNKNOWN)
		return MEET_UNKNOWN;
	if (!exact->ignore_case)
		return MEET_EMPTY;
	/* Case-blind text against a case-sensitive pattern: related texts may meet in a spelling we cannot write. */
	if (other->how == MATCH_EXACT)
		return exact_meet(other, exact, out);
	return match_text(&(struct match){ other->how, true, other->value, NULL }, exact->value) ==
			       NO
		       ? MEET_EMPTY
		       : MEET_UNKNOWN;
}

static enum meet match_meet(const struct match *a, const struct match *b, struct match *out)
{
	/* First, so that an expression runs once. */
	if (a->how == MATCH_EXACT && b->how == MATCH_REGEX)
		return exact_meet(a, b, out);
	if (b->how == MATCH_EXACT && a->how == MATCH_REGEX)
		return exact_meet(b, a, out);
	if (match_within(a, b)) {
		*out = *a;
		return MEET_SOME;
	}
	if (match_within(b, a)) {
		*out = *b;
		return MEET_SOME;
	}
	if (a->how == MATCH_EXACT)
		return exact_meet(a, b, out);
	if (b->how == MATCH_EXACT)
		return exact_meet(b, a, out);
	if (prefixes_part(a, b))
		return MEET_EMPTY;
	if (a->how == MATCH_SUFFIX && b->how == MATCH_SUFFIX && a->ignore_case == b->ignore_case)
		return MEET_EMPTY; /* neither ends with the other */
	return MEET_UNKNOWN;
}

static const struct named_match *named_find(const struct condition *c, bool header, struct str name,
					    bool inverted)
{
	const struct named_match *at = header ? c->headers.at : c->query.at;
	const struct named_match wanted = { .name = name, .inverted = inverted };
	uint32_t from = 0, to = header ? c->headers.n : c->query.n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = named_match_order(&wanted, &at[middle]);

		if (!order)
			return &at[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* "is eve" says "is not jason" as well: no text is both. */
static bool implies_not(const struct named_match *yes, const struct named_match *no)
{
	struct match both;

	return yes && match_meet(&yes->value, &no->value, &both) == MEET_EMPTY;
}

/* Inverted: "does not match". Narrower means that the inner match is wider. */
static bool named_within(const struct named_match *narrow, const struct named_match *wide)
{
	if (wide->inverted)
		return match_within(&wide->value, &narrow->value);
	return match_within(&narrow->value, &wide->value);
}

static bool list_within(const struct condition *narrow, const struct condition *wide, bool header)
{
	uint32_t n = header ? wide->headers.n : wide->query.n;
	const struct named_match *at = header ? wide->headers.at : wide->query.at;

	for (uint32_t i = 0; i < n; i++) {
		const struct named_match *wanted = &at[i];
		const struct named_match *mine =
			named_find(narrow, header, wanted->name, wanted->inverted);

		if (mine && named_within(mine, wanted))
			continue;
		if (!wanted->inverted ||
		    !implies_not(named_find(narrow, header, wanted->name, false), wanted))
			return false;
	}
	return true;
}

bool condition_within(const struct condition *narrow, const struct condition *wide)
{
	return match_within(&narrow->path, &wide->path) &&
	       (!wide->method.n || str_eq(narrow->method, wide->method)) &&
	       (!wide->source_space.n || str_eq(narrow->source_space, wide->source_space)) &&
	       labels_contain(&narrow->source_labels, &wide->source_labels) &&
	       list_within(narrow, wide, true) && list_within(narrow, wide, false);
}

static enum meet word_meet(struct str a, struct str b, struct str *out)
{
	if (a.n && b.n && !str_eq(a, b))
		return MEET_EMPTY;
	*out = a.n ? a : b;
	return MEET_SOME;
}

static enum meet labels_meet(struct arena *mem, const struct labels *a, const struct labels *b,
			     struct labels *out)
{
	uint32_t i = 0, j = 0;

	out->at = NEW(mem, struct label, (size_t)a->n + b->n);
	out->n = 0;
	while (i < a->n || j < b->n) {
		int order = i == a->n ? 1 : j == b->n ? -1 : str_cmp(a->at[i].key, b->at[j].key);

		if (order == 0 && !str_eq(a->at[i].value, b->at[j].value))
			return MEET_EMPTY;
		out->at[out->n++] = order <= 0 ? a->at[i] : b->at[j];
		i += order <= 0;
		j += order >= 0;
	}
	return MEET_SOME;
}

static enum meet named_meet(const struct named_match *a, const struct named_match *b,
			    struct named_match *out)
{
	*out = *a;
	if (!a->inverted)
		return match_meet(&a->value, &b->value, &out->value);
	/* "not x" and "not y" is one condition only where one of x, y covers the other. */
	if (match_within(&b->value, &a->value))
		return MEET_SOME;
	*out = *b;
	return match_within(&a->value, &b->value) ? MEET_SOME : MEET_UNKNOWN;
}

/* x matches and does not match one value: "header is jason" and "header is not jason*". */
static bool contradicts(const struct condition *c)
{
	for (uint32_t i = 0; i + 1 < c->headers.n; i++) {
		const struct named_match *yes = &c->headers.at[i], *no = yes + 1;

		if (!yes->inverted && no->inverted && str_eq(yes->name, no->name) &&
		    match_within(&yes->value, &no->value))
			return true;
	}
	return false;
}

void condition_drop_implied(struct condition *c)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->headers.n; i++) {
		const struct named_match *m = &c->headers.at[i];

		if (m->inverted && implies_not(named_find(c, true, m->name, false), m))
			continue;
		c->headers.at[n++] = *m;
	}
	c->headers.n = n;
}

static enum meet list_meet(struct arena *mem, const struct condition *a, const struct condition *b,
			   bool header, struct condition *out, struct str *why)
{
	const struct named_match *x = header ? a->headers.at : a->query.at,
				 *y = header ? b->headers.at : b->query.at;
	uint32_t n = header ? a->headers.n : a->query.n, m = header ? b->headers.n : b->query.n;
	enum meet worst = MEET_SOME;

	for (uint32_t i = 0, j = 0; i < n || j < m;) {
		int order = i == n ? 1 : j == m ? -1 : named_match_order(&x[i], &y[j]);
		struct named_match *to =
			header ? vec_push(mem, &out->headers) : vec_push(mem, &out->query);
		enum meet meet = MEET_SOME;

		if (order == 0)
			meet = named_meet(&x[i], &y[j], to);
		else
			*to = order < 0 ? x[i] : y[j];
		if (meet == MEET_EMPTY)
			return MEET_EMPTY;
		if (meet == MEET_UNKNOWN) {
			worst = MEET_UNKNOWN;
			*why = str_format(mem, "matches of %s `%.*s`",
					  header ? "header" : "query parameter", STR(x[i].name));
		}
		i += order <= 0;
		j += order >= 0;
	}
	return worst;
}

enum meet condition_meet(struct arena *mem, const struct condition *a, const struct condition *b,
			 struct condition *out, struct str *why)
{
	enum meet path, headers, query;

	memset(out, 0, sizeof *out);
	if (word_meet(a->method, b->method, &out->method) == MEET_EMPTY ||
	    word_meet(a->source_space, b->source_space, &out->source_space) == MEET_EMPTY ||
	    labels_meet(mem, &a->source_labels, &b->source_labels, &out->source_labels) ==
		    MEET_EMPTY)
		return MEET_EMPTY;
	path = match_meet(&a->path, &b->path, &out->path);
	if (path == MEET_EMPTY)
		return MEET_EMPTY;
	headers = list_meet(mem, a, b, true, out, why);
	if (headers == MEET_EMPTY || contradicts(out))
		return MEET_EMPTY;
	query = list_meet(mem, a, b, false, out, why);
	if (query == MEET_EMPTY)
		return MEET_EMPTY;
	condition_drop_implied(out);
	if (path == MEET_UNKNOWN)
		*why = S("paths");
	return path == MEET_UNKNOWN || headers == MEET_UNKNOWN || query == MEET_UNKNOWN
		       ? MEET_UNKNOWN
		       : MEET_SOME;
}

static uint64_t match_cost(const struct match *a, const struct match *b)
{
	if (a->how == MATCH_EXACT && b->how == MATCH_REGEX)
		return regex_cost(b->program, a->value);
	if (b->how == MATCH_EXACT && a->how == MATCH_REGEX)
		return regex_cost(a->program, b->value);
	return 0;
}

/* Of all that have one name: those that are inverted are compared with the others. */
static uint64_t list_cost(const struct named_match *a, uint32_t n, const struct named_match *b,
			  uint32_t m)
{
	uint64_t cost = 0;

	for (uint32_t i = 0, j = 0; i < n && j < m;) {
		int order = str_cmp(a[i].name, b[j].name);

		for (uint32_t k = j; !order && k < m && str_eq(a[i].name, b[k].name); k++)
			cost += match_cost(&a[i].value, &b[k].value);
		i += order <= 0;
		j += order > 0;
	}
	return cost;
}

uint64_t condition_cost(const struct condition *a, const struct condition *b)
{
	return match_cost(&a->path, &b->path) +
	       list_cost(a->headers.at, a->headers.n, b->headers.at, b->headers.n) +
	       list_cost(a->query.at, a->query.n, b->query.at, b->query.n);
}
