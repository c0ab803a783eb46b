/*
 * Counts of several chunks of files come together as one note per cluster.
 */
#include "base/base.h"

#include "front/local.h"
#include "support/fixture.h"

static void count(struct fixture *f, struct tally *t, const char *folder, const char *kind,
		  uint32_t start)
{
	tally_count(f->mem, t, TALLY_SKIPPED, str_of(folder), str_of(kind),
		    (struct span){ 1, start, start + 1 });
}

static void test_counts_of_several_chunks_add_up_at_the_first_place(void **state)
{
	struct tally first = { 0 }, second = { 0 }, all = { 0 };
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	fixture_file(&f, "inventory/c1/a.yaml", "0123456789");
	count(&f, &first, "c1", "Pod", 2);
	count(&f, &first, "c1", "Secret", 1);
	count(&f, &second, "c1", "Pod", 5);
	count(&f, &second, "c1", "Pod", 6);
	count(&f, &second, "c2", "Pod", 7);
	tally_merge(f.mem, &all, &first);
	tally_merge(f.mem, &all, &second);
	tally_report(f.mem, &f.diags, &all);
	assert_int_equal(f.diags.all.n, 2);
	assert_true(str_eq(f.diags.all.at[0]->arguments[0], S("3 Pods, 1 Secret")));
	assert_int_equal(f.diags.all.at[0]->at.start, 1);
	assert_true(str_eq(f.diags.all.at[1]->arguments[0], S("1 Pod")));
	assert_true(str_eq(f.diags.all.at[1]->arguments[1], S("c2")));
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_of_several_chunks_add_up_at_the_first_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
