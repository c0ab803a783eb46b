/* The summary line and the table per cluster. */
#include "support/fixture.h"

#include "report/summary.h"

struct line_case {
	const char *name;
	struct summary summary;
	int64_t ms;
	const char *want;
};

/* clang-format off */
static const struct line_case line_cases[] = {
	{ "many of everything", { .has_clusters = true, .has_objects = true, .has_changes = true, .clusters = 2,
				  .objects = 41, .new = 12, .changed = 3, .errors = 0, .warnings = 1 }, 38,
	  "2 clusters, 41 objects (12 new, 3 changed, 0 removed), 0 errors, 1 warning, 38 ms\n" },
	{ "one of everything", { .has_clusters = true, .has_objects = true, .has_changes = true, .clusters = 1,
				 .objects = 1, .removed = 1, .errors = 1, .warnings = 2 }, 1,
	  "1 cluster, 1 object (0 new, 0 changed, 1 removed), 1 error, 2 warnings, 1 ms\n" },
	{ "check has no changes", { .has_clusters = true, .has_objects = true, .clusters = 2, .objects = 41,
				    .warnings = 1 }, 9,
	  "2 clusters, 41 objects, 0 errors, 1 warning, 9 ms\n" },
	{ "stopped before the plan", { .has_clusters = true, .clusters = 2, .errors = 3 }, 0,
	  "2 clusters, 3 errors, 0 warnings, 0 ms\n" },
	{ "stopped at the door, not timed", { .errors = 1 }, -1, "1 error, 0 warnings\n" },
};
/* clang-format on */

static void test_summary_line_counts_in_singular_and_plural(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(line_cases); i++) {
		struct fixture f;

		fixture_setup(&f);
		struct buf out = buf_new(f.mem, 0);

		summary_line(&out, &line_cases[i].summary, line_cases[i].ms);
		if (!str_eq(buf_view(&out), str_of(line_cases[i].want)))
			fail_msg("%s: got %.*s", line_cases[i].name, STR(buf_view(&out)));
		fixture_teardown(&f);
	}
}

static struct summary clusters(struct arena *mem, uint32_t n)
{
	struct summary s = { .has_objects = true };

	for (uint32_t i = 0; i < n; i++) {
		struct cluster_summary *row = vec_push(mem, &s.per_cluster);

		row->name = str_format(mem, "c%02u", i);
		row->objects = i + 1;
		row->bytes = 100 * (i + 1);
	}
	return s;
}

static const char *table_of(struct arena *mem, uint32_t n, bool all)
{
	struct buf out = buf_new(mem, 0);
	struct summary s = clusters(mem, n);

	summary_table(&out, &s, all);
	return str_z(mem, buf_view(&out));
}

static uint32_t count_lines(const char *text)
{
	uint32_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void test_summary_table_lists_few_clusters_by_name(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	assert_string_equal(table_of(f.mem, 2, false), "cluster  objects  imports  bytes\n"
						       "c00            1        0    100\n"
						       "c01            2        0    200\n");
	assert_int_equal(count_lines(table_of(f.mem, 20, false)), 21);
	fixture_teardown(&f);
}

static void test_summary_table_of_many_clusters_shows_the_largest_and_the_total(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	fixture_setup(&f);
	text = table_of(f.mem, 30, false);
	assert_int_equal(count_lines(text), 13);
	assert_non_null(strstr(text, "c29"));
	assert_null(strstr(text, "c19 "));
	assert_non_null(strstr(text, "20 smaller ones"));
	assert_non_null(strstr(text, "total                465        0  46500\n"));
	assert_int_equal(count_lines(table_of(f.mem, 30, true)), 31);
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_summary_line_counts_in_singular_and_plural),
		cmocka_unit_test(test_summary_table_lists_few_clusters_by_name),
		cmocka_unit_test(
			test_summary_table_of_many_clusters_shows_the_largest_and_the_total),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
