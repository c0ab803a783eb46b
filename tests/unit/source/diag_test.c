/* The table of findings, and what settling does to a sink. */
#include "base/base.h"
#include "source/diag.h"

#include <setjmp.h>
#include <cmocka.h>

static void test_rows_are_ascending_and_take_as_many_arguments_as_their_text(void **state)
{
	uint32_t last = 0;

	(void)state;
	for (unsigned i = 0; i < CODE_MAX; i++) {
		const struct diag_row *row = diag_row((enum code)i);
		enum code found;
		unsigned n = 0;

		for (const char *p = row->text; *p; p++)
			n += *p == '%';
		if (n != row->n_arguments || row->number <= last)
			print_error("MSH%04u %s\n", row->number, row->slug);
		assert_int_equal(n, row->n_arguments);
		assert_true(row->number > last);
		assert_true(diag_find(row->number, &found));
		assert_int_equal(found, i);
		last = row->number;
	}
}

static void test_messages_read_as_the_house_writes_them(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CODE_MAX; i++) {
		const struct diag_row *row = diag_row((enum code)i);
		size_t n = strlen(row->text);
		bool fine = n > 0 && row->text[n - 1] != '.';

		if (!fine)
			print_error("MSH%04u %s\n", row->number, row->slug);
		assert_true(fine);
	}
}

static void test_unknown_numbers_are_not_found(void **state)
{
	enum code code;

	(void)state;
	assert_false(diag_find(0, &code));
	assert_false(diag_find(9999, &code));
}

static void test_a_report_copies_its_arguments_and_is_counted(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = diags_new(mem);
	char name[] = "prod";
	struct finding *f = report_unknown_cluster(&d, (struct span){ 1, 2, 3 }, str_of(name));

	(void)state;
	name[0] = 'X';
	note(f, (struct span){ 1, 9, 10 }, "near %s", "it");
	help(f, "use `%s`", "that");
	fix(f, (struct span){ 1, 2, 3 }, S("that"));
	report_empty_policy(&d, (struct span){ 0 });
	report_skipped_objects(&d, (struct span){ 0 }, S("12 pods"), S("prod"));
	assert_true(str_eq(finding_message(mem, f), S("`prod` is not a cluster of the inventory")));
	assert_true(str_eq(f->notes.at[0].text, S("near it")));
	assert_true(str_eq(f->help, S("use `that`")));
	assert_true(str_eq(f->fix_text, S("that")));
	assert_int_equal(d.errors, 1);
	assert_int_equal(d.warnings, 1);
	assert_int_equal(d.all.n, 3);
	arena_free(mem);
}

static void test_a_fix_of_a_value_nobody_wrote_is_no_fix(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = diags_new(mem);
	struct finding *f = report_empty_policy(&d, (struct span){ 0 });

	(void)state;
	fix(f, (struct span){ 0 }, S("x"));
	assert_false(span_set(f->fix_at));
	arena_free(mem);
}

static void check_order(struct arena *mem, const struct diags *d, const char *const *want,
			uint32_t n)
{
	assert_int_equal(d->all.n, n);
	for (uint32_t i = 0; i < n; i++)
		assert_string_equal(str_z(mem, finding_message(mem, d->all.at[i])), want[i]);
}

static void test_settling_orders_by_place_then_code_then_message(void **state)
{
	static const char *const want[] = {
		"`nowhere` is not a mesh of the inventory", "anchor `&a` is not allowed",
		"`x` is not a mesh of the inventory",       "`a` is not a cluster of the inventory",
		"`b` is not a cluster of the inventory",    "alias `*z` is not allowed",
	};
	struct arena *mem = arena_new(), *scratch = arena_new();
	struct diags d = diags_new(mem);

	(void)state;
	report_alias(&d, (struct span){ 2, 0, 1 }, S("z"));
	report_unknown_cluster(&d, (struct span){ 1, 9, 10 }, S("b"));
	report_unknown_cluster(&d, (struct span){ 1, 9, 10 }, S("a"));
	report_unknown_mesh(&d, (struct span){ 1, 9, 11 }, S("x"));
	report_anchor(&d, (struct span){ 1, 3, 4 }, S("a"));
	report_unknown_mesh(&d, (struct span){ 0 }, S("nowhere"));
	diags_settle(&d, scratch);
	check_order(mem, &d, want, countof(want));
	assert_int_equal(arena_bytes(scratch), 0);
	arena_free(scratch);
	arena_free(mem);
}

static void test_settling_drops_repeats_and_folds_one_cause(void **state)
{
	static const char *const want[] = {
		"`gone` is not a cluster of the inventory",
		"this sets nothing",
		"`a  b` is not a kind of `c`",
		"`a` is not a kind of `b  c`",
		"this sets nothing",
	};
	struct arena *mem = arena_new();
	struct diags d = diags_new(mem);

	(void)state;
	for (uint32_t i = 0; i < 400; i++)
		report_unknown_cluster(&d, (struct span){ 2, 1000 - i, 2000 }, S("gone"));
	report_unknown_cluster(&d, (struct span){ 1, 5, 9 }, S("gone"));
	report_unknown_cluster(&d, (struct span){ 1, 5, 9 }, S("gone"));
	report_empty_policy(&d, (struct span){ 1, 20, 30 });
	report_empty_policy(&d, (struct span){ 1, 20, 30 });
	report_empty_policy(&d, (struct span){ 3, 20, 30 });
	report_unknown_kind(&d, (struct span){ 1, 40, 41 }, S("a  b"), S("c"));
	report_unknown_kind(&d, (struct span){ 1, 50, 51 }, S("a"), S("b  c"));
	for (unsigned round = 0; round < 2; round++) {
		diags_settle(&d, mem);
		check_order(mem, &d, want, countof(want));
		assert_int_equal(d.all.at[0]->repeats, 400);
		assert_int_equal(d.all.at[0]->at.file, 1);
		assert_int_equal(d.errors, 3);
		assert_int_equal(d.warnings, 2);
	}
	arena_free(mem);
}

static void test_settling_again_adds_to_what_was_folded(void **state)
{
	struct arena *mem = arena_new();
	struct diags d = diags_new(mem);

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		report_unknown_cluster(&d, (struct span){ 2, i, 9 }, S("gone"));
	diags_settle(&d, mem);
	report_unknown_cluster(&d, (struct span){ 1, 7, 9 }, S("gone"));
	diags_settle(&d, mem);
	assert_int_equal(d.all.n, 1);
	assert_int_equal(d.all.at[0]->at.file, 1);
	assert_int_equal(d.all.at[0]->repeats, 5);
	assert_int_equal(d.errors, 1);
	arena_free(mem);
}

static void test_merged_findings_take_notes_in_their_new_home(void **state)
{
	struct arena *mem = arena_new(), *job = arena_new();
	struct diags all = diags_new(mem), part = diags_new(job);
	struct finding *f = report_unknown_cluster(&part, (struct span){ 1, 5, 9 }, S("gone"));

	(void)state;
	diags_merge(&all, &part);
	arena_adopt(mem, job);
	note(f, (struct span){ 0 }, "later");
	assert_int_equal(all.all.n, 1);
	assert_int_equal(all.errors, 1);
	assert_ptr_equal(f->home, &all);
	assert_int_equal(f->notes.n, 1);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_ascending_and_take_as_many_arguments_as_their_text),
		cmocka_unit_test(test_messages_read_as_the_house_writes_them),
		cmocka_unit_test(test_unknown_numbers_are_not_found),
		cmocka_unit_test(test_a_report_copies_its_arguments_and_is_counted),
		cmocka_unit_test(test_a_fix_of_a_value_nobody_wrote_is_no_fix),
		cmocka_unit_test(test_settling_orders_by_place_then_code_then_message),
		cmocka_unit_test(test_settling_drops_repeats_and_folds_one_cause),
		cmocka_unit_test(test_settling_again_adds_to_what_was_folded),
		cmocka_unit_test(test_merged_findings_take_notes_in_their_new_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
