/* The pool: every job once, whatever the number of threads. */
#include "base/base.h"
#include "base/pool.h"

#include "base/limit.h"

#include <setjmp.h>
#include <cmocka.h>

enum { N = 5000 };

struct slots {
	uint32_t runs[N];
	struct pool *pool;
};

static void count_run(uint32_t i, void *cx)
{
	struct slots *s = cx;

	s->runs[i] += i + 1;
}

static void test_every_job_runs_once_for_any_number_of_threads(void **state)
{
	static const uint32_t jobs[] = { 0, 1, 2, 3, 8, 64 };
	static const uint32_t sizes[] = { 0, 1, 2, 7, N };

	(void)state;
	for (size_t j = 0; j < countof(jobs); j++) {
		struct pool *pool = pool_new(jobs[j]);

		for (size_t k = 0; k < countof(sizes); k++) {
			static struct slots slots;

			memset(&slots, 0, sizeof slots);
			pool_map(pool, sizes[k], count_run, &slots);
			for (uint32_t i = 0; i < N; i++)
				assert_int_equal(slots.runs[i], i < sizes[k] ? i + 1 : 0);
		}
		pool_free(pool);
	}
}

static void test_many_short_maps_do_not_disturb_each_other(void **state)
{
	struct pool *pool = pool_new(4);
	static struct slots slots;

	(void)state;
	memset(&slots, 0, sizeof slots);
	for (uint32_t round = 0; round < 3000; round++)
		pool_map(pool, 3, count_run, &slots);
	assert_int_equal(slots.runs[0], 3000);
	assert_int_equal(slots.runs[2], 9000);
	assert_int_equal(slots.runs[3], 0);
	pool_free(pool);
}

static void run_inner_map(uint32_t i, void *cx)
{
	struct slots *all = cx;

	pool_map(all[i].pool, N, count_run, &all[i]);
}

static void test_a_map_inside_a_job_runs_in_that_job(void **state)
{
	static struct slots slots[4];
	struct pool *pool = pool_new(4);

	(void)state;
	for (size_t i = 0; i < countof(slots); i++)
		slots[i].pool = pool;
	pool_map(pool, countof(slots), run_inner_map, slots);
	for (size_t i = 0; i < countof(slots); i++)
		assert_int_equal(slots[i].runs[N - 1], N);
	pool_free(pool);
}

static void test_the_number_of_threads_has_a_ceiling(void **state)
{
	struct pool *pool = pool_new(1000);

	(void)state;
	assert_int_equal(pool_jobs(pool), LIMIT_JOBS);
	pool_free(pool);
	pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_job_runs_once_for_any_number_of_threads),
		cmocka_unit_test(test_many_short_maps_do_not_disturb_each_other),
		cmocka_unit_test(test_a_map_inside_a_job_runs_in_that_job),
		cmocka_unit_test(test_the_number_of_threads_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
