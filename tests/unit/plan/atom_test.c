/*
 * Request matchers as conditions.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "plan/plan.h"

#include "support/condition.h"

static struct text text(const char *s)
{
	return (struct text){ str_of(s), { 1, 0, 1 } };
}

static void expect(const struct http_matcher *m, const char *want)
{
	struct arena *mem = arena_new();
	struct condition got = { 0 }, wanted = condition_read(mem, want);

	condition_add_request(mem, m, &got);
	if (!condition_eq(&got, &wanted))
		fail_msg("not `%s` but the condition %s", want,
			 str_z(mem, condition_key(mem, &got)));
	arena_free(mem);
}

static void expect_uri(struct string_match uri, const char *want)
{
	expect(&(struct http_matcher){ .uri = &uri }, want);
}

static void test_a_path_is_exact_a_prefix_a_suffix_or_an_expression(void **state)
{
	const struct flag any_case = { true, { 1, 0, 1 } };

	(void)state;
	expect(&(struct http_matcher){ 0 }, "");
	expect_uri((struct string_match){ .exact = text("/a") }, "=/a");
	expect_uri((struct string_match){ .exact = text("/a"), .ignore_case = any_case }, "i=/a");
	expect_uri((struct string_match){ .prefix = text("/a") }, "^/a");
	expect_uri((struct string_match){ .prefix = text("/a"), .ignore_case = any_case }, "i^/a");
	expect_uri((struct string_match){ .suffix = text("/a") }, "$/a");
	expect_uri((struct string_match){ .suffix = text("/a"), .ignore_case = any_case }, "i$/a");
	expect_uri((struct string_match){ .regex = text("/a") }, "~/a");
	expect_uri((struct string_match){ .regex = text("/a"), .ignore_case = any_case }, "~/a");
}

static void test_a_path_may_be_spelled_inline(void **state)
{
	(void)state;
	expect(&(struct http_matcher){ .exact = text("/a") }, "=/a");
	expect(&(struct http_matcher){ .prefix = text("/a") }, "^/a");
	expect(&(struct http_matcher){ .regex = text("/a") }, "~/a");
}

static void test_every_path_starts_and_ends_with_nothing(void **state)
{
	const struct flag any_case = { true, { 1, 0, 1 } };

	(void)state;
	expect_uri((struct string_match){ .prefix = text(""), .ignore_case = any_case }, "");
	expect_uri((struct string_match){ .suffix = text(""), .ignore_case = any_case }, "");
}

static void test_header_names_have_no_case_and_an_order(void **state)
{
	const struct flag yes = { true, { 1, 0, 1 } };
	struct header_matcher headers[] = {
		{ .name = text("x-z"), .value = text("1") },
		{ .name = text("X-[AZ]@"), .value = text("v1"), .invert_match = yes },
		{ .name = text("x-[az]@"), .value = text("v.*"), .regex = yes },
		{ .name = text("b") },
	};

	(void)state;
	expect(&(struct http_matcher){ .headers = { .item = headers, .n = countof(headers) } },
	       "h:b h:x-[az]@~v.* h!x-[az]@=v1 h:x-z=1");
}

static void test_what_a_header_is_says_what_it_is_not(void **state)
{
	const struct flag yes = { true, { 1, 0, 1 } };
	struct header_matcher headers[] = {
		{ .name = text("x"), .value = text("1") },
		{ .name = text("x"), .value = text("2"), .invert_match = yes },
	};

	(void)state;
	expect(&(struct http_matcher){ .headers = { .item = headers, .n = countof(headers) } },
	       "h:x=1");
	headers[1].value = text("1");
	expect(&(struct http_matcher){ .headers = { .item = headers, .n = countof(headers) } },
	       "h:x=1 h!x=1");
}

static void test_parameter_names_have_case_and_an_order(void **state)
{
	const struct flag yes = { true, { 1, 0, 1 } };
	struct query_parameter_matcher query[] = {
		{ .name = text("b"), .value = text("1") },
		{ .name = text("a"), .value = text("v.*"), .regex = yes },
		{ .name = text("B") },
	};

	(void)state;
	expect(&(struct http_matcher){ .method = text("PUT"),
				       .query_parameters = { .item = query, .n = countof(query) } },
	       "PUT q:B q:a~v.* q:b=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_path_is_exact_a_prefix_a_suffix_or_an_expression),
		cmocka_unit_test(test_a_path_may_be_spelled_inline),
		cmocka_unit_test(test_every_path_starts_and_ends_with_nothing),
		cmocka_unit_test(test_header_names_have_no_case_and_an_order),
		cmocka_unit_test(test_what_a_header_is_says_what_it_is_not),
		cmocka_unit_test(test_parameter_names_have_case_and_an_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
