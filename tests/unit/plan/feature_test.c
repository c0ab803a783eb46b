/*
 * When two declarations say the same, field by field, wherever they were written.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "plan/local.h"

#define HERE ((struct span){ 1, 0, 1 })
#define THERE ((struct span){ 2, 7, 9 })

static struct text text(const char *s, struct span at)
{
	return (struct text){ str_of(s), at };
}

static bool same_access(const struct access_policy_spec *a, const struct access_policy_spec *b)
{
	assert_int_equal(shape_equal(&shape_access_policy_spec, a, b),
			 shape_equal(&shape_access_policy_spec, b, a));
	return shape_equal(&shape_access_policy_spec, a, b);
}

static bool same_cors(const struct cors_policy *a, const struct cors_policy *b)
{
	assert_int_equal(shape_equal(&shape_cors_policy, a, b),
			 shape_equal(&shape_cors_policy, b, a));
	return shape_equal(&shape_cors_policy, a, b);
}

static bool same_headers(const struct header_manipulation *a, const struct header_manipulation *b)
{
	assert_int_equal(shape_equal(&shape_header_manipulation, a, b),
			 shape_equal(&shape_header_manipulation, b, a));
	return shape_equal(&shape_header_manipulation, a, b);
}

static void test_numbers_are_equal_one_by_one(void **state)
{
	struct number one[] = { { 80, HERE }, { 443, HERE } },
		      other[] = { { 80, THERE }, { 443, THERE } };
	struct access_policy_spec a = { .allowed_ports = { .item = one, .n = 2 } },
				  b = { .allowed_ports = { .item = other, .n = 2 } };

	(void)state;
	assert_true(same_access(&a, &b));
	b.allowed_ports.n = 1;
	assert_false(same_access(&a, &b));
	a.allowed_ports.n = 1;
	assert_true(same_access(&a, &b));
	other[0].v = 81;
	assert_false(same_access(&a, &b));
}

static void test_texts_are_equal_one_by_one(void **state)
{
	struct text one[] = { text("GET", HERE), text("PUT", HERE) },
		    other[] = { text("GET", THERE), text("PUT", THERE) };
	struct access_policy_spec a = { .allowed_methods = { .item = one, .n = 2 } },
				  b = { .allowed_methods = { .item = other, .n = 2 } };

	(void)state;
	assert_true(same_access(&a, &b));
	b.allowed_methods.n = 1;
	assert_false(same_access(&a, &b));
	b.allowed_methods.n = 2;
	other[0] = text("HEAD", THERE);
	assert_false(same_access(&a, &b));
	other[0] = one[0];
	other[1] = text("HEAD", THERE);
	assert_false(same_access(&a, &b));
}

static void test_single_values_are_equal_by_what_they_say(void **state)
{
	struct cors_policy a = { .at = HERE,
				 .max_age = { 1, HERE },
				 .allow_credentials = { true, HERE } },
			   b = { .at = THERE,
				 .max_age = { 1, THERE },
				 .allow_credentials = { true, THERE } };

	(void)state;
	assert_true(same_cors(&a, &b));
	b.max_age.v = 2;
	assert_false(same_cors(&a, &b));
	b.max_age.v = 1;
	b.allow_credentials.v = false;
	assert_false(same_cors(&a, &b));
}

static void test_objects_are_equal_one_by_one(void **state)
{
	struct string_match one[] = { { .exact = text("a", HERE) }, { .prefix = text("b", HERE) } },
			    other[] = { { .exact = text("a", THERE) },
					{ .prefix = text("b", THERE) } };
	struct cors_policy a = { .allow_origins = { .item = one, .n = 2 } },
			   b = { .allow_origins = { .item = other, .n = 2 } };

	(void)state;
	assert_true(same_cors(&a, &b));
	b.allow_origins.n = 1;
	assert_false(same_cors(&a, &b));
	b.allow_origins.n = 2;
	other[0].exact = text("c", THERE);
	assert_false(same_cors(&a, &b));
	other[0] = one[0];
	other[1].prefix = text("c", THERE);
	assert_false(same_cors(&a, &b));
}

static void test_maps_are_equal_pair_by_pair(void **state)
{
	struct text_pair one[] = { { text("a", HERE), text("1", HERE) },
				   { text("b", HERE), text("2", HERE) } },
			 other[] = { { text("a", THERE), text("1", THERE) },
				     { text("b", THERE), text("2", THERE) } };
	struct header_manipulation a = { .append_request_headers = { .item = one, .n = 2 } },
				   b = { .append_request_headers = { .item = other, .n = 2 } };

	(void)state;
	assert_true(same_headers(&a, &b));
	b.append_request_headers.n = 1;
	assert_false(same_headers(&a, &b));
	b.append_request_headers.n = 2;
	other[0].value = text("3", THERE);
	assert_false(same_headers(&a, &b));
	other[0] = one[0];
	other[1].key = text("c", THERE);
	assert_false(same_headers(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_equal_one_by_one),
		cmocka_unit_test(test_texts_are_equal_one_by_one),
		cmocka_unit_test(test_single_values_are_equal_by_what_they_say),
		cmocka_unit_test(test_objects_are_equal_one_by_one),
		cmocka_unit_test(test_maps_are_equal_pair_by_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
