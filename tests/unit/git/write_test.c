/* Writing to disk: new things only, through no link, and in one step. */
#include "base/base.h"
#include "git/write.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/fixture.h"

#include "git/blob.h"

struct disk {
	struct fixture f;
	char path[256];
	struct folder root;
};

static void disk_open(struct disk *d)
{
	fixture_setup(&d->f);
	snprintf(d->path, sizeof d->path, "%s/write-XXXXXX", BINARY_DIR);
	assert_non_null(mkdtemp(d->path));
	assert_true(folder_open(&d->f.diags, str_of(d->path), &d->root));
	assert_true(d->root.fd >= 0);
}

static void disk_close(struct disk *d)
{
	struct folder all;

	folder_close(&d->root);
	assert_true(folder_open(&d->f.diags, S(BINARY_DIR), &all));
	assert_true(write_drop(&d->f.diags, &all, str_of(strrchr(d->path, '/') + 1)));
	folder_close(&all);
	fixture_teardown(&d->f);
}

static void make_folder(struct disk *d, const char *name, const char *file, const char *text)
{
	struct folder f;

	assert_true(write_folder(&d->f.diags, &d->root, str_of(name), &f));
	if (file)
		assert_true(write_file(&d->f.diags, &f, str_of(file), str_of(text)));
	folder_close(&f);
}

static enum entry_kind kind_of(struct disk *d, struct str name)
{
	enum entry_kind kind;

	assert_true(folder_look(&d->f.diags, &d->root, name, &kind));
	return kind;
}

/* What the file holds; "" where there is none. */
static const char *text_of(struct disk *d, const char *folder, const char *file)
{
	struct folder f;
	struct str text = { 0 };

	assert_true(folder_enter(&d->f.diags, &d->root, str_of(folder), &f));
	if (f.fd >= 0)
		assert_true(folder_read(d->f.mem, &d->f.diags, &f, str_of(file), 100, &text));
	folder_close(&f);
	return text.p ? text.p : "";
}

static void link_to(struct disk *d, const char *target, const char *name)
{
	char full[600];

	snprintf(full, sizeof full, "%s/%s", d->path, name);
	assert_int_equal(symlink(target, full), 0);
}

static void test_a_file_is_never_written_over(void **state)
{
	struct disk d;

	(void)state;
	disk_open(&d);
	make_folder(&d, "a", "x", "old");
	link_to(&d, "a/x", "link");
	assert_false(write_file(&d.f.diags, &d.root, S("link"), S("new")));
	assert_false(write_file(&d.f.diags, &d.root, S("a"), S("new")));
	assert_int_equal(fixture_count(&d.f, CODE_cannot_write), 2);
	assert_string_equal(text_of(&d, "a", "x"), "old");
	disk_close(&d);
}

static const char *const bad_names[] = { "", "a/b", "/etc/passwd", "../x" };

static void test_a_name_is_one_part_of_a_path(void **state)
{
	struct disk d;
	char long_name[300];

	(void)state;
	disk_open(&d);
	memset(long_name, 'a', sizeof long_name);
	for (size_t i = 0; i < countof(bad_names); i++)
		assert_false(write_file(&d.f.diags, &d.root, str_of(bad_names[i]), S("x")));
	assert_false(write_file(&d.f.diags, &d.root, (struct str){ long_name, sizeof long_name },
				S("x")));
	assert_false(write_file(&d.f.diags, &d.root, (struct str){ "a\0b", 3 }, S("x")));
	disk_close(&d);
}

static void test_exchange_swaps_two_folders(void **state)
{
	struct disk d;

	(void)state;
	disk_open(&d);
	make_folder(&d, "new", "x", "2");
	assert_true(write_exchange(&d.f.diags, &d.root, S("new"), S("live"), S("aside")));
	assert_string_equal(text_of(&d, "live", "x"), "2");
	make_folder(&d, "new", "x", "3");
	assert_true(write_exchange(&d.f.diags, &d.root, S("new"), S("live"), S("aside")));
	assert_string_equal(text_of(&d, "live", "x"), "3");
	assert_string_equal(text_of(&d, "new", "x"), "2");
	write_take_back(&d.f.diags, &d.root, S("new"), S("live"), S("aside"));
	assert_string_equal(text_of(&d, "live", "x"), "2");
	disk_close(&d);
}

/* As on file systems without an exchange of names. */
static void test_two_renames_do_the_same_and_can_be_taken_back(void **state)
{
	struct disk d;

	(void)state;
	disk_open(&d);
	make_folder(&d, "live", "x", "1");
	make_folder(&d, "new", "x", "2");
	assert_true(write_exchange_plainly(&d.f.diags, &d.root, S("new"), S("live"), S("aside")));
	assert_string_equal(text_of(&d, "live", "x"), "2");
	assert_string_equal(text_of(&d, "aside", "x"), "1");
	write_take_back(&d.f.diags, &d.root, S("new"), S("live"), S("aside"));
	assert_string_equal(text_of(&d, "live", "x"), "1");
	assert_string_equal(text_of(&d, "new", "x"), "2");
	assert_int_equal(kind_of(&d, S("aside")), ENTRY_NONE);
	disk_close(&d);
}

static void test_repair_ends_what_two_renames_began(void **state)
{
	struct disk d;

	(void)state;
	disk_open(&d);
	make_folder(&d, "aside", "x", "1");
	assert_true(write_repair(&d.f.diags, &d.root, S("live"), S("aside")));
	assert_string_equal(text_of(&d, "live", "x"), "1");
	make_folder(&d, "aside", "x", "0");
	assert_true(write_repair(&d.f.diags, &d.root, S("live"), S("aside")));
	assert_string_equal(text_of(&d, "live", "x"), "1");
	assert_int_equal(kind_of(&d, S("aside")), ENTRY_NONE);
	disk_close(&d);
}

static void test_drop_removes_links_and_not_what_they_point_at(void **state)
{
	struct disk d;
	struct folder a;

	(void)state;
	disk_open(&d);
	make_folder(&d, "kept", "x", "1");
	make_folder(&d, "a", "x", "2");
	assert_true(folder_enter(&d.f.diags, &d.root, S("a"), &a));
	assert_int_equal(symlinkat("../kept", a.fd, "link"), 0);
	assert_int_equal(fchmod(a.fd, 0500), 0);
	folder_close(&a);
	link_to(&d, "kept", "b");
	assert_true(write_drop(&d.f.diags, &d.root, S("a")));
	assert_true(write_drop(&d.f.diags, &d.root, S("b")));
	assert_true(write_drop(&d.f.diags, &d.root, S("never there")));
	assert_int_equal(kind_of(&d, S("a")), ENTRY_NONE);
	assert_int_equal(kind_of(&d, S("b")), ENTRY_NONE);
	assert_string_equal(text_of(&d, "kept", "x"), "1");
	disk_close(&d);
}

static void test_a_link_in_place_of_a_folder_is_not_entered(void **state)
{
	struct disk d;
	struct folder f;

	(void)state;
	disk_open(&d);
	make_folder(&d, "a", NULL, NULL);
	link_to(&d, "a", "link");
	assert_false(folder_enter(&d.f.diags, &d.root, S("link"), &f));
	assert_int_equal(fixture_count(&d.f, CODE_link), 1);
	disk_close(&d);
}

/* Memory is another file system than the build folder's: no hard link leads there. */
static void test_what_cannot_be_linked_is_copied_with_its_mode(void **state)
{
	struct disk d;
	struct folder far;
	struct stat st;
	char path[] = "/dev/shm/meshc-XXXXXX", *made = mkdtemp(path);
	struct str text;

	(void)state;
	if (!made)
		skip();
	disk_open(&d);
	assert_true(folder_open(&d.f.diags, str_of(path), &far));
	assert_true(write_file(&d.f.diags, &far, S("x"), S("text")));
	assert_int_equal(fchmodat(far.fd, "x", 0741, 0), 0);
	assert_int_equal(symlinkat("/nowhere", far.fd, "link"), 0);
	assert_true(write_keep(&d.f.diags, &far, &d.root, S("x")));
	assert_true(write_keep(&d.f.diags, &far, &d.root, S("link")));
	assert_int_equal(fstatat(d.root.fd, "x", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0741);
	assert_true(folder_read(d.f.mem, &d.f.diags, &d.root, S("x"), 100, &text));
	assert_true(str_eq(text, S("text")));
	assert_int_equal(kind_of(&d, S("link")), ENTRY_LINK);
	assert_true(write_drop(&d.f.diags, &far, S("x")));
	assert_true(write_drop(&d.f.diags, &far, S("link")));
	write_unmake(&far);
	folder_close(&far);
	disk_close(&d);
}

static void test_folders_that_were_made_go_again_where_they_are_empty(void **state)
{
	struct disk d;
	struct str made, path;
	struct folder deep;

	(void)state;
	disk_open(&d);
	path = str_format(d.f.mem, "%.*s/a/b/c", STR(d.root.path));
	assert_int_equal(mkdirat(d.root.fd, "a", 0755), 0);
	assert_true(write_make(&d.f.diags, path, &made));
	assert_true(str_eq(made, str_slice(path, 0, path.n - 2)));
	write_unmake_path(path, made);
	assert_int_equal(faccessat(d.root.fd, "a", F_OK, 0), 0);
	assert_int_equal(faccessat(d.root.fd, "a/b", F_OK, 0), -1);

	assert_true(write_make(&d.f.diags, path, &made));
	assert_true(folder_open(&d.f.diags, path, &deep));
	assert_true(write_file(&d.f.diags, &deep, S("x"), S("text")));
	folder_close(&deep);
	write_unmake_path(path, made);
	assert_int_equal(faccessat(d.root.fd, "a/b/c/x", F_OK, 0), 0);

	assert_true(write_make(&d.f.diags, path, &made));
	assert_int_equal(made.n, 0);
	disk_close(&d);
}

/* git hash-object says the same. */
static void test_blob_ids_are_gits(void **state)
{
	char hex[BLOB_HEX + 1];

	(void)state;
	blob_open();
	blob_id(S(""), hex);
	assert_string_equal(hex, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	blob_id(S("hello\n"), hex);
	assert_string_equal(hex, "ce013625030ba8dba906f756967f9e9ca394464a");
	blob_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file_is_never_written_over),
		cmocka_unit_test(test_a_name_is_one_part_of_a_path),
		cmocka_unit_test(test_exchange_swaps_two_folders),
		cmocka_unit_test(test_two_renames_do_the_same_and_can_be_taken_back),
		cmocka_unit_test(test_repair_ends_what_two_renames_began),
		cmocka_unit_test(test_drop_removes_links_and_not_what_they_point_at),
		cmocka_unit_test(test_a_link_in_place_of_a_folder_is_not_entered),
		cmocka_unit_test(test_what_cannot_be_linked_is_copied_with_its_mode),
		cmocka_unit_test(test_folders_that_were_made_go_again_where_they_are_empty),
		cmocka_unit_test(test_blob_ids_are_gits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
