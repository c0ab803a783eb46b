/* What a build would change, and what it may not touch. */
#include "base/base.h"
#include "output/output.h"

#include "making.h"

#define A_ONE                                                                                      \
	{                                                                                          \
		"c1", "a", "one", "1"                                                              \
	}
#define A_TWO                                                                                      \
	{                                                                                          \
		"c1", "a", "two", "2"                                                              \
	}
#define B_ONE                                                                                      \
	{                                                                                          \
		"c2", "b", "one", "1"                                                              \
	}
#define FILE_ONE "clusters/c1/a/virtualservice.networking.istio.io.one.yaml"
#define FILE_TWO "clusters/c1/a/virtualservice.networking.istio.io.two.yaml"

/* "new path", "same path", ... one a line. */
static const char *rows_text(struct place *p, const struct changes *changes)
{
	static const char *const names[] = { "new", "changed", "same", "removed" };
	struct buf out = buf_new(p->f.mem, 0);

	for (uint32_t i = 0; i < changes->all.n; i++)
		buf_format(&out, "%s %.*s\n", names[changes->all.at[i].change],
			   STR(changes->all.at[i].path));
	return str_z(p->f.mem, buf_view(&out));
}

static bool settle(struct place *p, const struct making *rows, uint32_t n, struct changes *changes)
{
	struct fileset files = make_files(p, rows, n);

	return output_settle(&p->pass, p->out, &files, changes);
}

#define SETTLE(place, changes, ...)                                                                \
	settle((place), (const struct making[]){ __VA_ARGS__ },                                    \
	       (uint32_t)countof(((const struct making[]){ __VA_ARGS__ })), (changes))

static void test_everything_is_new_where_nothing_stands(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(SETTLE(&p, &c, A_ONE, { "c3", NULL, NULL, NULL }));
	assert_string_equal(rows_text(&p, &c), "new .gitattributes\n"
					       "new clusters/c1/MESHC.index\n"
					       "new " FILE_ONE "\n"
					       "new clusters/c3/MESHC.index\n");
	assert_int_equal(c.objects_new, 1);
	assert_string_equal(see(&p), "");
	place_close(&p);
}

static void test_objects_are_new_changed_same_or_removed(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE, A_TWO, { "c1", "z", "old", "0" }, B_ONE));
	assert_true(SETTLE(&p, &c, A_ONE, { "c1", "a", "two", "changed" },
			   { "c1", "b", "new", "1" }, B_ONE));
	assert_string_equal(rows_text(&p, &c),
			    "same .gitattributes\n"
			    "changed clusters/c1/MESHC.index\n"
			    "same " FILE_ONE "\n"
			    "changed " FILE_TWO "\n"
			    "new clusters/c1/b/virtualservice.networking.istio.io.new.yaml\n"
			    "removed clusters/c1/z/virtualservice.networking.istio.io.old.yaml\n"
			    "same clusters/c2/MESHC.index\n"
			    "same clusters/c2/b/virtualservice.networking.istio.io.one.yaml\n");
	assert_int_equal(c.objects_new, 1);
	assert_int_equal(c.objects_changed, 1);
	assert_int_equal(c.objects_removed, 1);
	place_close(&p);
}

static void test_a_cluster_that_left_the_plan_loses_what_is_ours(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE, B_ONE));
	put_text(&p, "clusters/c2/b/mine.yaml", "mine");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(c.objects_removed, 1);
	assert_true(sees(&p, "clusters/c2/b/mine.yaml = mine\n"));
	assert_false(sees(&p, "clusters/c2/MESHC.index"));
	assert_false(sees(&p, "clusters/c2/b/virtualservice"));
	place_close(&p);
}

static void test_a_file_changed_by_hand_is_made_right_again(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, FILE_ONE, "kind: VirtualService\nvalue: 'X'\n");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(c.objects_changed, 1);
	assert_false(sees(&p, "'X'"));
	place_close(&p);
}

static void test_a_file_deleted_by_hand_comes_back(void **state)
{
	struct place p;
	struct changes c;
	char path[600];

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	snprintf(path, sizeof path, "%s/%s", p.out, FILE_ONE);
	assert_int_equal(unlink(path), 0);
	assert_true(MAKE(&p, &c, A_ONE));
	assert_int_equal(c.objects_new, 1);
	assert_true(sees(&p, FILE_ONE));
	place_close(&p);
}

static void test_a_foreign_file_in_the_way_is_refused_and_named(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, FILE_TWO, "mine");
	assert_false(SETTLE(&p, &c, A_ONE, A_TWO));
	assert_int_equal(fixture_count(&p.f, CODE_not_owned), 1);
	assert_non_null(strstr(fixture_text(&p.f), "out/" FILE_TWO "` exists"));
	place_close(&p);
}

static void test_a_foreign_file_with_our_bytes_is_taken_over(void **state)
{
	struct place p;
	struct changes c;
	char path[600];

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	snprintf(path, sizeof path, "%s/clusters/c1/MESHC.index", p.out);
	assert_int_equal(unlink(path), 0);
	assert_true(SETTLE(&p, &c, A_ONE));
	assert_string_equal(rows_text(&p, &c), "same .gitattributes\n"
					       "new clusters/c1/MESHC.index\n"
					       "same " FILE_ONE "\n");
	place_close(&p);
}

static void test_a_foreign_gitattributes_is_left_alone(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_int_equal(mkdir(p.out, 0755), 0);
	put_text(&p, ".gitattributes", "* text\n");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_true(sees(&p, ".gitattributes = * text\n"));
	place_close(&p);
}

static void test_an_older_gitattributes_of_ours_is_replaced(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_int_equal(mkdir(p.out, 0755), 0);
	put_text(&p, ".gitattributes",
		 "# Written by meshc. Without this line meshc leaves the file alone.\nold\n");
	assert_true(MAKE(&p, &c, A_ONE));
	assert_true(sees(&p, "clusters/** linguist-generated=true text eol=lf\n"));
	assert_false(sees(&p, "old"));
	place_close(&p);
}

static void test_a_damaged_index_stops_the_build(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, "clusters/c1/MESHC.index", "<<<<<<< ours\n");
	assert_false(SETTLE(&p, &c, A_ONE));
	assert_true(fixture_has(&p.f, CODE_index_damaged));
	place_close(&p);
}

static void test_an_index_may_not_name_files_elsewhere(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, "clusters/c1/MESHC.index",
		 "# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\n"
		 "../../precious\tK\ta/x\t0123456789abcdef0123456789abcdef01234567\t-\n");
	put_text(&p, "precious", "mine");
	assert_false(MAKE(&p, &c, A_ONE));
	assert_true(sees(&p, "precious = mine"));
	place_close(&p);
}

static const struct {
	const char *name, *at;
	enum code code;
} in_the_way[] = {
	{ "the output folder", "", CODE_link },
	{ "the folder of all clusters", "/clusters", CODE_link },
	{ "a cluster", "/clusters/c1", CODE_link },
	{ "a namespace", "/clusters/c1/a", CODE_link },
	{ "a file", "/" FILE_ONE, CODE_link },
	{ "an index", "/clusters/c1/MESHC.index", CODE_link },
};

/* root/aside takes the real thing, and a link to it its place. */
static void test_links_are_never_followed(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(in_the_way); i++) {
		struct place p;
		struct changes c;
		char from[600], aside[600];

		place_open(&p);
		assert_true(MAKE(&p, &c, A_ONE));
		snprintf(from, sizeof from, "%s%s", p.out, in_the_way[i].at);
		snprintf(aside, sizeof aside, "%s/aside", p.root);
		assert_int_equal(rename(from, aside), 0);
		assert_int_equal(symlink(aside, from), 0);
		if (SETTLE(&p, &c, { "c1", "a", "one", "other" }) ||
		    !fixture_has(&p.f, in_the_way[i].code))
			fail_msg("%s: %s", in_the_way[i].name, fixture_text(&p.f));
		place_close(&p);
	}
}

static void test_a_folder_in_place_of_a_file_is_refused(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_folder(&p, FILE_TWO);
	assert_false(SETTLE(&p, &c, A_ONE, A_TWO));
	assert_true(fixture_has(&p.f, CODE_not_owned));
	place_close(&p);
}

static void test_a_file_in_place_of_a_folder_is_refused(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_text(&p, "clusters/c1/b", "mine");
	assert_false(SETTLE(&p, &c, A_ONE, { "c1", "b", "one", "1" }));
	assert_true(fixture_has(&p.f, CODE_not_owned));
	place_close(&p);
}

static void test_a_file_in_the_way_of_an_applier_is_refused(void **state)
{
	struct place p;
	struct changes c;

	(void)state;
	place_open(&p);
	assert_true(MAKE(&p, &c, A_ONE));
	put_folder(&p, "appliers");
	put_folder(&p, "appliers/argocd");
	put_text(&p, "appliers/argocd/virtualservice.networking.istio.io.app.yaml", "theirs");
	assert_false(SETTLE(&p, &c, A_ONE, { "@argocd", "argocd", "app", "1" }));
	assert_true(fixture_has(&p.f, CODE_not_owned));
	place_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_new_where_nothing_stands),
		cmocka_unit_test(test_objects_are_new_changed_same_or_removed),
		cmocka_unit_test(test_a_cluster_that_left_the_plan_loses_what_is_ours),
		cmocka_unit_test(test_a_file_changed_by_hand_is_made_right_again),
		cmocka_unit_test(test_a_file_deleted_by_hand_comes_back),
		cmocka_unit_test(test_a_foreign_file_in_the_way_is_refused_and_named),
		cmocka_unit_test(test_a_foreign_file_with_our_bytes_is_taken_over),
		cmocka_unit_test(test_a_foreign_gitattributes_is_left_alone),
		cmocka_unit_test(test_an_older_gitattributes_of_ours_is_replaced),
		cmocka_unit_test(test_a_damaged_index_stops_the_build),
		cmocka_unit_test(test_an_index_may_not_name_files_elsewhere),
		cmocka_unit_test(test_links_are_never_followed),
		cmocka_unit_test(test_a_folder_in_place_of_a_file_is_refused),
		cmocka_unit_test(test_a_file_in_place_of_a_folder_is_refused),
		cmocka_unit_test(test_a_file_in_the_way_of_an_applier_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
