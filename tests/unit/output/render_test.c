/* Objects as files: sorted, the same whoever works, one path for one object. */
#include "base/base.h"
#include "base/limit.h"
#include "output/output.h"

#include "making.h"

static const struct making rows[] = {
	{ "b", "z", "one", "1" },  { "b", "a", "two", "yes" },    { "a-b", "a", "one", "'" },
	{ "a", "a", "one", "\n" }, { "empty", NULL, NULL, NULL },
};

static const char *files_text(struct place *p, const struct fileset *files)
{
	struct buf out = buf_new(p->f.mem, 0);

	for (uint32_t i = 0; i < files->all.n; i++) {
		const struct output_file *f = &files->all.at[i];

		buf_format(&out, "%.*s %s\n%.*s", STR(f->path), f->digest.hex, STR(f->bytes));
	}
	return str_z(p->f.mem, buf_view(&out));
}

static void test_files_are_sorted_by_path(void **state)
{
	struct place p;
	struct fileset files;

	(void)state;
	place_open(&p);
	files = make_files(&p, rows, countof(rows));
	assert_int_equal(files.objects, 4);
	assert_int_equal(files.all.n, 4 + 4 + 1);
	for (uint32_t i = 1; i < files.all.n; i++)
		assert_true(str_cmp(files.all.at[i - 1].path, files.all.at[i].path) < 0);
	place_close(&p);
}

static void test_what_is_written_reads_back_as_the_same_tree(void **state)
{
	struct place p;
	struct fileset files;

	(void)state;
	place_open(&p);
	files = make_files(&p, rows, countof(rows));
	for (uint32_t i = 0; i < files.all.n; i++) {
		const struct output_file *f = &files.all.at[i];
		char path[100];

		if (!f->object)
			continue;
		snprintf(path, sizeof path, "%03" PRIu32, i);
		assert_true(
			node_eq(f->object->body, fixture_node(&p.f, str_z(p.f.mem, str_of(path)),
							      str_z(p.f.mem, f->bytes))));
	}
	fixture_assert_sound(&p.f);
	place_close(&p);
}

static void make_set(void *cx, uint32_t i, struct arena *scratch, struct diags *d,
		     struct object_set *out)
{
	struct bundle b = make_bundle(scratch, rows, countof(rows));

	(void)cx;
	(void)d;
	*out = b.clusters[i];
}

static void test_cluster_by_cluster_gives_the_same_files(void **state)
{
	struct place p;
	struct fileset whole, each;
	struct bundle objects;

	(void)state;
	place_open(&p);
	whole = make_files(&p, rows, countof(rows));
	output_render_each(&p.pass, 4, make_set, NULL, &objects, &each);
	output_index(&p.pass, &each);
	assert_string_equal(files_text(&p, &whole), files_text(&p, &each));
	assert_int_equal(objects.n, 4);
	assert_int_equal(objects.clusters[0].all.n, 2);
	assert_null(objects.clusters[0].all.at[0].body);
	assert_true(str_eq(objects.clusters[0].all.at[1].key.name, S("two")));
	place_close(&p);
}

static void test_sizes_are_right_where_only_they_are_wanted(void **state)
{
	struct place p;
	struct fileset whole, measured;
	struct bundle objects;

	(void)state;
	place_open(&p);
	output_render_each(&p.pass, 4, make_set, NULL, &objects, &whole);
	p.pass.sizes_only = true;
	output_render_each(&p.pass, 4, make_set, NULL, &objects, &measured);
	assert_int_equal(measured.all.n, whole.all.n);
	for (uint32_t i = 0; i < whole.all.n; i++) {
		assert_true(str_eq(measured.all.at[i].path, whole.all.at[i].path));
		assert_int_equal(measured.all.at[i].bytes.n, whole.all.at[i].bytes.n);
	}
	place_close(&p);
}

static void test_one_job_or_many_make_no_difference(void **state)
{
	struct place p;
	struct fileset many, one;

	(void)state;
	place_open(&p);
	many = make_files(&p, rows, countof(rows));
	p.pass.pool = pool_new(1);
	one = make_files(&p, rows, countof(rows));
	pool_free(p.pass.pool);
	assert_string_equal(files_text(&p, &many), files_text(&p, &one));
	place_close(&p);
}

static void test_two_objects_with_one_path_are_reported(void **state)
{
	struct place p;
	struct object_set set = { .cluster = S("c") };
	struct bundle bundle = { &set, 1 };
	struct object one, two;
	struct fileset files;

	(void)state;
	place_open(&p);
	one = two = make_object(p.f.mem, &rows[0]);
	one.key = (struct object_key){ S("a"), S("K"), S("s"), S("b.c") };
	two.key = (struct object_key){ S("a.b"), S("K"), S("s"), S("c") };
	vec_add(p.f.mem, &set.all, one);
	vec_add(p.f.mem, &set.all, two);
	output_render(&p.pass, &bundle, &files);
	assert_true(fixture_has(&p.f, CODE_path_taken));
	place_close(&p);
}

/* A byte above a limit is said; what appliers get has none. */
static void test_large_clusters_are_said(void **state)
{
	static char text[LIMIT_CLUSTER_BYTES];
	struct making large[] = { { "c", "a", "one", text }, { "@argocd", "a", "two", text } };
	struct making *many;
	struct place p;

	(void)state;
	place_open(&p);
	memset(text, 'x', sizeof text - 1);
	make_files(&p, large, countof(large));
	assert_int_equal(fixture_count(&p.f, CODE_cluster_large), 1);
	assert_non_null(strstr(fixture_text(&p.f), "cluster `c` gets 8.0 MB; from 8.0 MB on"));
	many = NEW(p.f.mem, struct making, LIMIT_CLUSTER_OBJECTS + 1);
	for (uint32_t i = 0; i <= LIMIT_CLUSTER_OBJECTS; i++)
		many[i] = (struct making){ "c", "a", str_format(p.f.mem, "o%" PRIu32, i).p, "" };
	make_files(&p, many, LIMIT_CLUSTER_OBJECTS);
	assert_int_equal(fixture_count(&p.f, CODE_cluster_large), 1);
	make_files(&p, many, LIMIT_CLUSTER_OBJECTS + 1);
	assert_int_equal(fixture_count(&p.f, CODE_cluster_large), 2);
	place_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_are_sorted_by_path),
		cmocka_unit_test(test_what_is_written_reads_back_as_the_same_tree),
		cmocka_unit_test(test_cluster_by_cluster_gives_the_same_files),
		cmocka_unit_test(test_sizes_are_right_where_only_they_are_wanted),
		cmocka_unit_test(test_one_job_or_many_make_no_difference),
		cmocka_unit_test(test_two_objects_with_one_path_are_reported),
		cmocka_unit_test(test_large_clusters_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
