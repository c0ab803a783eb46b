/*
 * Meet, containment and order of request conditions, as tables.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "support/condition.h"

static const struct {
	const char *a, *b;
	enum meet meet;
	const char *both;
} meets[] = {
	{ "", "", MEET_SOME, "" },
	{ "", "=/a GET", MEET_SOME, "=/a GET" },
	{ "=/a", "=/a", MEET_SOME, "=/a" },
	{ "=/a", "=/b", MEET_EMPTY, "" },
	{ "=/a/b", "^/a", MEET_SOME, "=/a/b" },
	{ "=/b", "^/a", MEET_EMPTY, "" },
	{ "^/a", "^/a/b", MEET_SOME, "^/a/b" },
	{ "^/a", "^/b", MEET_EMPTY, "" },
	{ "^/a", "", MEET_SOME, "^/a" },
	{ "$.js", "=/a.js", MEET_SOME, "=/a.js" },
	{ "$.js", "=/a.css", MEET_EMPTY, "" },
	{ "$.js", "$.min.js", MEET_SOME, "$.min.js" },
	{ "$.js", "$.css", MEET_EMPTY, "" },
	{ "$.js", "^/static", MEET_UNKNOWN, "" },
	{ "=/A", "i=/a", MEET_SOME, "=/A" },
	{ "i=/a", "i=/A", MEET_SOME, "i=/a" },
	{ "^/Api/v1", "i^/api", MEET_SOME, "^/Api/v1" },
	{ "i^/api/v1", "^/Api", MEET_UNKNOWN, "" },
	{ "=/a12", "~/a[0-9]+", MEET_SOME, "=/a12" },
	{ "=/ab", "~/a[0-9]+", MEET_EMPTY, "" },
	{ "~/a[0-9]+", "~/a[0-9]+", MEET_SOME, "~/a[0-9]+" },
	{ "~/a[0-9]+", "~/a[0-5]+", MEET_UNKNOWN, "" },
	{ "~/a[0-9]+", "^/a", MEET_SOME, "~/a[0-9]+" },
	{ "~/a[0-9]+", "^/b", MEET_EMPTY, "" },
	{ "~.*a", "^/b", MEET_UNKNOWN, "" },
	{ "i=/ab", "=/AB", MEET_SOME, "=/AB" },
	{ "i=/ab", "=/ac", MEET_EMPTY, "" },
	{ "i=/ab", "i^/A", MEET_SOME, "i=/ab" },
	{ "i=/ab", "^/Ab", MEET_UNKNOWN, "" },
	{ "i=/ab", "^/ab", MEET_UNKNOWN, "" },
	{ "i=/ab", "^/c", MEET_EMPTY, "" },
	{ "i=/ab", "$B", MEET_UNKNOWN, "" },
	{ "i=/ab", "$c", MEET_EMPTY, "" },
	{ "i=/ab", "~/a.", MEET_UNKNOWN, "" },
	{ "=/ab", "~/\\pL*", MEET_UNKNOWN, "" },
	{ "i$.js", "i$.css", MEET_EMPTY, "" },
	{ "$.js", "i$.css", MEET_UNKNOWN, "" },
	{ "^/a", "i^/B", MEET_EMPTY, "" },
	{ "GET", "POST", MEET_EMPTY, "" },
	{ "GET", "=/a", MEET_SOME, "=/a GET" },
	{ "h:x=1", "h:x=2", MEET_EMPTY, "" },
	{ "h:x", "h:x=2", MEET_SOME, "h:x=2" },
	{ "h:a=1", "h:b=2", MEET_SOME, "h:a=1 h:b=2" },
	{ "h:x=1", "h!x=1", MEET_EMPTY, "" },
	{ "h:x=2", "h!x=1", MEET_SOME, "h:x=2" },
	{ "h!x=1", "h!x=2", MEET_UNKNOWN, "" },
	{ "h!x", "h!x=2", MEET_SOME, "h!x" },
	{ "h!x", "h:x", MEET_EMPTY, "" },
	{ "h:x=1 h:y=2", "h:y=3", MEET_EMPTY, "" },
	{ "h:x~a+", "h:x=b", MEET_EMPTY, "" },
	{ "h:x~a+", "h:x=aa", MEET_SOME, "h:x=aa" },
	{ "h!x~a+", "h:x=b", MEET_SOME, "h:x=b" },
	{ "q:v=1", "h:v=2", MEET_SOME, "q:v=1 h:v=2" },
	{ "q:v=1", "q:v=2", MEET_EMPTY, "" },
	{ "ns:web", "ns:db", MEET_EMPTY, "" },
	{ "ns:web", "l:app=x", MEET_SOME, "ns:web l:app=x" },
	{ "l:app=x", "l:app=y", MEET_EMPTY, "" },
	{ "l:app=x", "l:tier=y", MEET_SOME, "l:app=x l:tier=y" },
};

static void test_meet_is_what_both_match_or_says_that_it_cannot_tell(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(meets); i++) {
		struct condition a = condition_read(mem, meets[i].a),
				 b = condition_read(mem, meets[i].b), out;
		struct condition want = condition_read(mem, meets[i].both);
		struct str why = { 0 };

		for (int turn = 0; turn < 2; turn++) {
			enum meet got = turn ? condition_meet(mem, &b, &a, &out, &why)
					     : condition_meet(mem, &a, &b, &out, &why);

			if (got != meets[i].meet ||
			    (got == MEET_SOME && !condition_within(&out, &want)) ||
			    (got == MEET_SOME && !condition_within(&want, &out)))
				fail_msg("meet of `%s` and `%s` (turn %d) is %d", meets[i].a,
					 meets[i].b, turn, (int)got);
			if (got == MEET_UNKNOWN)
				assert_true(why.n > 0);
		}
	}
	arena_free(mem);
}

static void test_meet_lies_within_both(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(meets); i++) {
		struct condition a = condition_read(mem, meets[i].a),
				 b = condition_read(mem, meets[i].b), out;
		struct str why;

		if (condition_meet(mem, &a, &b, &out, &why) == MEET_SOME &&
		    (!condition_within(&out, &a) || !condition_within(&out, &b)))
			fail_msg("meet of `%s` and `%s` is not within both", meets[i].a,
				 meets[i].b);
	}
	arena_free(mem);
}

static void test_containment_is_strict_where_it_should_be(void **state)
{
	static const struct {
		const char *narrow, *wide;
		bool within;
	} cases[] = {
		{ "=/a", "", true },
		{ "", "=/a", false },
		{ "=/a GET", "=/a", true },
		{ "=/a", "=/a GET", false },
		{ "^/ab", "^/a", true },
		{ "^/a", "^/ab", false },
		{ "^/A", "i^/a", true },
		{ "i^/a", "^/A", false },
		{ "h:x=1", "h:x", true },
		{ "h:x", "h:x=1", false },
		{ "h!x", "h!x=1", true },
		{ "h!x=1", "h!x", false },
		{ "h:x=2", "h!x=1", true },
		{ "h:x=1", "h!x=1", false },
		{ "l:a=1 l:b=2", "l:a=1", true },
		{ "l:a=1", "l:a=1 l:b=2", false },
		{ "ns:web", "", true },
		{ "~/a.*", "^/a", true },
		{ "^/a", "~/a.*", false },
		{ "i=/ab", "i~/a.", false },
		{ "=/ab", "i~/A.", true },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct condition a = condition_read(mem, cases[i].narrow),
				 b = condition_read(mem, cases[i].wide);

		if (condition_within(&a, &b) != cases[i].within)
			fail_msg("`%s` within `%s`", cases[i].narrow, cases[i].wide);
	}
	arena_free(mem);
}

/* reference: http_route_ordering.go, most specific first */
static void test_order_is_gloos_specificity(void **state)
{
	static const char *const sorted[] = {
		"=/long/path", "=/a",    "=/b",       "~/x[0-9]+",
		"~/x.",        "^/long", "^/a h:x=1", "^/a",
		"h:x=1 h:y=2", "h:x=1",  "q:v=1",     "l:app=x",
		"ns:web PUT",  "ns:web", "ns:db",     "POST",
		"GET",         "h!x=1",  "",
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i + 1 < countof(sorted); i++)
		for (size_t j = i + 1; j < countof(sorted); j++) {
			struct condition a = condition_read(mem, sorted[i]),
					 b = condition_read(mem, sorted[j]);

			if (condition_order(&a, &b) >= 0 || condition_order(&b, &a) <= 0)
				fail_msg("`%s` goes before `%s`", sorted[i], sorted[j]);
		}
	arena_free(mem);
}

/* All that differ in something; and what a condition is for a map, for a route's equal and for the order is one. */
static void test_equal_is_what_has_one_key_and_one_place(void **state)
{
	static const char *const all[] = {
		"",
		"=/a",
		"i=/a",
		"^/a",
		"$/a",
		"~/a",
		"=/a GET",
		"=/ab",
		"GET",
		"PUT",
		"ns:web",
		"ns:db",
		"l:a=1",
		"l:a=2",
		"l:b=1",
		"l:a=1 l:b=1",
		"l:a=1 l:b=2",
		"h:x",
		"h:x=1",
		"h:x~1",
		"h:y=1",
		"h!x=1",
		"h!x",
		"h:x=1 h:y=1",
		"h:x=1 h:y=2",
		"q:x",
		"q:x=1",
		"q:y=1",
		"q:x=1 q:y=1",
		"q:x=1 q:y=2",
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(all); i++)
		for (size_t j = 0; j < countof(all); j++) {
			struct condition a = condition_read(mem, all[i]),
					 b = condition_read(mem, all[j]);

			if (condition_eq(&a, &b) != (i == j) ||
			    str_eq(condition_key(mem, &a), condition_key(mem, &b)) != (i == j) ||
			    (condition_order(&a, &b) == 0) != (i == j))
				fail_msg("`%s` and `%s`", all[i], all[j]);
		}
	arena_free(mem);
}

static void test_cost_is_of_expressions_on_texts(void **state)
{
	static const struct {
		const char *a, *b;
		bool costs;
	} cases[] = {
		{ "=/ab", "~.*x", true },
		{ "=/ab", "~/b.*x", false },
		{ "=/ab", "=/ab", false },
		{ "~.*x", "~.*y", false },
		{ "^/ab", "~.*x", false },
		{ "h:x=a", "h:x~.*x", true },
		{ "h:x=a", "h:y~.*x", false },
		{ "h:a h:x=a", "h:b h:x~.*x", true },
		{ "h!x=a", "h:x~.*x", true },
		{ "h:x h!x=a", "h:x~.*x", true },
		{ "h:x=a", "q:x~.*x", false },
		{ "q:x=a", "q:x~.*x", true },
		{ "q:a q:x=a q:y=a", "q:b q:x~.*x", true },
	};
	struct arena *mem = arena_new();
	struct condition text = condition_read(mem, "=/ab"),
			 one = condition_read(mem, "=/ab h:x=/ab q:x=/ab"),
			 all = condition_read(mem, "~.*x h:x~.*x q:x~.*x");
	uint64_t cost = condition_cost(&text, &all);

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct condition a = condition_read(mem, cases[i].a),
				 b = condition_read(mem, cases[i].b);

		if ((condition_cost(&a, &b) > 0) != cases[i].costs ||
		    condition_cost(&a, &b) != condition_cost(&b, &a))
			fail_msg("cost of `%s` and `%s`", cases[i].a, cases[i].b);
	}
	assert_true(cost >= 4 && condition_cost(&one, &all) == 3 * cost);
	arena_free(mem);
}

static void test_witness_reads_like_a_request(void **state)
{
	static const struct {
		const char *when, *request;
	} cases[] = {
		{ "", "GET /" },
		{ "PUT", "PUT /" },
		{ "=/a", "GET /a" },
		{ "^/a", "GET /a" },
		{ "$.js", "GET /.js" },
		{ "$/a.js", "GET /a.js" },
		{ "~/v[0-9]+", "GET /v0" },
		{ "~/a?b", "GET /b" },
		{ "h:x", "GET / with header x: any" },
		{ "h!x", "GET / without header x" },
		{ "h!x=1", "GET / whose header x is not 1" },
		{ "h:x$.js", "GET / with header x: .js" },
		{ "q:x=1", "GET / with query parameter x: 1" },
		{ "ns:web", "GET / from a workload in namespace web" },
		{ "l:a=1 l:b=2", "GET / from a workload labelled a=1 and b=2" },
		{ "^/reviews POST h:end-user=jason ns:web l:app=shop",
		  "POST /reviews with header end-user: jason from a workload labelled app=shop in "
		  "namespace web" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct condition c = condition_read(mem, cases[i].when);

		assert_string_equal(str_z(mem, condition_witness(mem, &c)), cases[i].request);
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meet_is_what_both_match_or_says_that_it_cannot_tell),
		cmocka_unit_test(test_meet_lies_within_both),
		cmocka_unit_test(test_containment_is_strict_where_it_should_be),
		cmocka_unit_test(test_order_is_gloos_specificity),
		cmocka_unit_test(test_equal_is_what_has_one_key_and_one_place),
		cmocka_unit_test(test_cost_is_of_expressions_on_texts),
		cmocka_unit_test(test_witness_reads_like_a_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
