/* Pods that have some labels and lack combinations of others: no pod twice, none forgotten. */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "plan/local.h"

enum { N_KEYS = 3, N_VALUES = 3, N_PODS = 27, N_ROUNDS = 500 };

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* Each key has one of two values or none. */
static struct labels pod_labels(struct arena *mem, uint32_t number)
{
	static const char *const keys[N_KEYS] = { "app", "tier", "version" };
	struct labels out = { NEW(mem, struct label, N_KEYS), 0 };

	for (uint32_t k = 0; k < N_KEYS; k++) {
		uint32_t value = number % N_VALUES;

		number /= N_VALUES;
		if (value)
			out.at[out.n++] =
				(struct label){ str_of(keys[k]), value == 1 ? S("1") : S("2") };
	}
	return out;
}

static uint32_t count(const struct pod_selectors *selectors, const struct labels *pod)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < selectors->n; i++)
		n += pods_have(&selectors->at[i], pod);
	return n;
}

static void check(uint32_t seed)
{
	struct arena *mem = arena_new();
	struct labels with = pod_labels(mem, next(&seed) % N_PODS);
	struct labels_list without = { 0 };
	struct pod_selectors out = { 0 };

	for (uint32_t i = next(&seed) % 4; i > 0; i--) {
		struct labels one = pod_labels(mem, 1 + next(&seed) % (N_PODS - 1));

		vec_add(mem, &without, one);
	}
	pods_without(mem, &with, &without, &out);
	for (uint32_t p = 0; p < N_PODS; p++) {
		struct labels pod = pod_labels(mem, p);
		bool meant = labels_contain(&pod, &with);

		for (uint32_t i = 0; i < without.n; i++)
			meant = meant && !labels_contain(&pod, &without.at[i]);
		if (count(&out, &pod) != meant)
			fail_msg("seed %u: pod %u is selected %u times", seed, p,
				 count(&out, &pod));
	}
	arena_free(mem);
}

static void test_every_pod_is_selected_as_often_as_it_is_meant(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= N_ROUNDS; seed++)
		check(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pod_is_selected_as_often_as_it_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
