/*
 * Digits to numbers: every form that is read, and every form that is refused.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/scalar.h"

struct number_case {
	const char *in;
	enum scalar_fault fault;
	int64_t want;
};

typedef enum scalar_fault (*parser)(struct str, int64_t *);

static void check(parser parse, const struct number_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t got = 0;
		enum scalar_fault fault = parse(str_of(cases[i].in), &got);
		if (fault != cases[i].fault || (fault == SCALAR_FINE && got != cases[i].want))
			fail_msg("`%s`: fault %d, value %" PRId64, cases[i].in, (int)fault, got);
	}
}

static void test_integers_are_plain_decimals(void **state)
{
	static const struct number_case cases[] = {
		{ "0", SCALAR_FINE, 0 },
		{ "-3", SCALAR_FINE, -3 },
		{ "9223372036854775807", SCALAR_FINE, INT64_MAX },
		{ "9223372036854775808", SCALAR_TOO_LARGE, 0 },
		{ "99999999999999999999999", SCALAR_TOO_LARGE, 0 },
		{ "-9223372036854775807", SCALAR_FINE, -INT64_MAX },
		{ "-9223372036854775808", SCALAR_TOO_LARGE, 0 },
		{ "", SCALAR_MALFORMED, 0 },
		{ "-", SCALAR_MALFORMED, 0 },
		{ "+5", SCALAR_MALFORMED, 0 },
		{ "017", SCALAR_MALFORMED, 0 },
		{ "0x10", SCALAR_MALFORMED, 0 },
		{ "1_000", SCALAR_MALFORMED, 0 },
		{ "5.0", SCALAR_MALFORMED, 0 },
		{ "1e3", SCALAR_MALFORMED, 0 },
		{ " 5", SCALAR_MALFORMED, 0 },
	};

	(void)state;
	check(scalar_integer, cases, countof(cases));
}

static enum scalar_fault percent(struct str s, int64_t *out)
{
	return scalar_decimal(s, 4, out);
}

static void test_percentages_keep_four_decimals(void **state)
{
	static const struct number_case cases[] = {
		{ "50", SCALAR_FINE, 500000 },
		{ "0.5", SCALAR_FINE, 5000 },
		{ "100.0000", SCALAR_FINE, 1000000 },
		{ "0.0001", SCALAR_FINE, 1 },
		{ "0.00010", SCALAR_FINE, 1 },
		{ "-0.5", SCALAR_FINE, -5000 },
		{ "0.00001", SCALAR_TOO_PRECISE, 0 },
		{ "922337203685477.5808", SCALAR_TOO_LARGE, 0 },
		{ ".5", SCALAR_MALFORMED, 0 },
		{ "5.", SCALAR_MALFORMED, 0 },
		{ "1e1", SCALAR_MALFORMED, 0 },
		{ "50%", SCALAR_MALFORMED, 0 },
		{ "0,5", SCALAR_MALFORMED, 0 },
	};

	(void)state;
	check(percent, cases, countof(cases));
}

static void test_durations_are_whole_milliseconds(void **state)
{
	static const int64_t ms = 1000000, s = 1000000000;
	const struct number_case cases[] = {
		{ "5s", SCALAR_FINE, 5 * s },
		{ "1.5s", SCALAR_FINE, 1500 * ms },
		{ "100ms", SCALAR_FINE, 100 * ms },
		{ "1h2m", SCALAR_FINE, 3720 * s },
		{ "1.5h", SCALAR_FINE, 5400 * s },
		{ "2m30s", SCALAR_FINE, 150 * s },
		{ "2000us", SCALAR_FINE, 2 * ms },
		{ "500us500us", SCALAR_FINE, ms },
		{ "3000000ns", SCALAR_FINE, 3 * ms },
		{ "0s", SCALAR_FINE, 0 },
		{ "0.001s", SCALAR_FINE, ms },
		{ "0.0005s", SCALAR_TOO_PRECISE, 0 },
		{ "500us", SCALAR_TOO_PRECISE, 0 },
		{ "1ns", SCALAR_TOO_PRECISE, 0 },
		{ "1.5ns", SCALAR_TOO_PRECISE, 0 },
		{ "2562048h", SCALAR_TOO_LARGE, 0 },
		{ "99999999999999999999s", SCALAR_TOO_LARGE, 0 },
		{ "9223372036s9223372036s", SCALAR_TOO_LARGE, 0 },
		{ "", SCALAR_MALFORMED, 0 },
		{ "5", SCALAR_MALFORMED, 0 },
		{ "s", SCALAR_MALFORMED, 0 },
		{ "-5s", SCALAR_MALFORMED, 0 },
		{ "5 s", SCALAR_MALFORMED, 0 },
		{ "5S", SCALAR_MALFORMED, 0 },
		{ "1.s", SCALAR_MALFORMED, 0 },
		{ "1..5s", SCALAR_MALFORMED, 0 },
		{ "5sec", SCALAR_MALFORMED, 0 },
		{ "1d", SCALAR_MALFORMED, 0 },
		{ "PT5S", SCALAR_MALFORMED, 0 },
	};

	(void)state;
	check(scalar_duration, cases, countof(cases));
}

static void test_scalars_that_old_yaml_retypes_are_known(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "yes", "a boolean" },
		{ "No", "a boolean" },
		{ "ON", "a boolean" },
		{ "y", "a boolean" },
		{ "1:30", "a number" },
		{ "-190:20:30", "a number" },
		{ "1:30.5", "a number" },
		{ "1_000", "a number" },
		{ "0b101", "a number" },
		{ "0x_F", "a number" },
		{ "2024-01-31", "a date" },
		{ "2024-01-31T10:00:00Z", "a date" },
		{ "=", "a default" },
		{ "yesterday", NULL },
		{ "reviews", NULL },
		{ "v1.2.3", NULL },
		{ "1.2.3", NULL },
		{ "1:60", NULL },
		{ "10.0.0.1", NULL },
		{ "a:30", NULL },
		{ "2024-01", NULL },
		{ "2024-01-31x", NULL },
		{ "/info", NULL },
		{ "0b", NULL },
		{ "5s", NULL },
		{ ".", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		const char *got = scalar_retyped(str_of(cases[i].in));
		if (!got != !cases[i].want || (got && strcmp(got, cases[i].want)))
			fail_msg("`%s`: %s", cases[i].in, got ? got : "text");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_are_plain_decimals),
		cmocka_unit_test(test_percentages_keep_four_decimals),
		cmocka_unit_test(test_durations_are_whole_milliseconds),
		cmocka_unit_test(test_scalars_that_old_yaml_retypes_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
