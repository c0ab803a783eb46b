/*
 * meshc.yaml and the folders that it names.
 */
#include "base/base.h"

#include "front/front.h"
#include "support/disk.h"
#include "support/fixture.h"

#define FLEET "apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: demo}\n"

struct ground {
	struct fixture f;
	struct disk disk;
	struct root root;
	struct sources sources;
};

static void setup(struct ground *g, const char *fleet)
{
	*g = (struct ground){ 0 };
	fixture_setup(&g->f);
	disk_setup(&g->disk);
	disk_write(&g->disk, "meshc.yaml", fleet);
}

static bool load(struct ground *g)
{
	struct pass p = { g->f.mem, &g->f.diags, g->f.pool };
	bool sound;

	assert_true(root_open(g->f.mem, &g->f.diags, &(struct root_choice){ .from = g->disk.path },
			      &g->root));
	g->sources.files = &g->f.files;
	sound = front_load(&p, &g->root, &g->sources);
	root_close(&g->root);
	return sound;
}

static void teardown(struct ground *g)
{
	disk_teardown(&g->disk);
	fixture_teardown(&g->f);
}

static struct str path_at(const struct ground *g, uint32_t i)
{
	return files_get(g->sources.files, g->sources.all.at[i].file)->path;
}

static void test_a_fleet_with_only_a_name_has_every_default(void **state)
{
	struct ground g;

	(void)state;
	setup(&g, FLEET);
	assert_true(load(&g));
	assert_true(str_eq(g.sources.fleet.name, S("demo")));
	assert_true(str_eq(g.sources.fleet.inventory, S("inventory")));
	assert_true(str_eq(g.sources.fleet.output, S("rendered")));
	assert_true(str_eq(g.sources.fleet.gloo_namespace, S("gloo-mesh")));
	assert_int_equal(g.sources.fleet.mesh.n, 1);
	assert_true(str_eq(g.sources.fleet.mesh.at[0], S("mesh")));
	assert_false(g.sources.fleet.allow_approximate);
	assert_int_equal(g.sources.all.n, 1);
	assert_int_equal(g.sources.fleet.at.file, g.sources.all.at[0].file);
	teardown(&g);
}

static void test_what_meshc_yaml_says_stands_in_meshc_yaml(void **state)
{
	struct ground g;
	uint32_t last;

	(void)state;
	setup(&g, FLEET "spec:\n  targets: [{name: t, branch: b}]\n  rollout: [{name: w}]\n");
	disk_write(&g.disk, "inventory/c1/a.yaml", "kind: X\n");
	assert_true(load(&g));
	last = g.sources.all.n - 1;
	assert_true(str_eq(path_at(&g, last), S("meshc.yaml")));
	last = g.sources.all.at[last].file;
	assert_int_not_equal(last, g.sources.all.at[0].file);
	assert_int_equal(g.sources.fleet.at.file, last);
	assert_int_equal(g.sources.fleet.targets.at[0].at.file, last);
	assert_int_equal(g.sources.fleet.rollout.at[0].at.file, last);
	teardown(&g);
}

static void test_files_are_registered_in_path_order_with_their_clusters(void **state)
{
	static const struct {
		const char *path, *folder;
		int place;
	} want[] = { { "inventory/all.yaml", "", SOURCE_INVENTORY },
		     { "inventory/c1/deep/a.json", "c1", SOURCE_INVENTORY },
		     { "inventory/c2/a.yml", "c2", SOURCE_INVENTORY },
		     { "mesh/a.yaml", "", SOURCE_DECLARATION },
		     { "meshc.yaml", "", SOURCE_FLEET } };
	struct ground g;

	(void)state;
	setup(&g, FLEET);
	for (uint32_t i = 0; i + 1 < countof(want); i++)
		disk_write(&g.disk, want[i].path, "x");
	disk_write(&g.disk, "rendered/a.yaml", "not read");
	disk_write(&g.disk, "elsewhere/a.yaml", "not read");
	assert_true(load(&g));
	assert_int_equal(g.sources.all.n, countof(want));
	for (uint32_t i = 0; i < countof(want); i++) {
		assert_true(str_eq(path_at(&g, i), str_of(want[i].path)));
		assert_true(str_eq(g.sources.all.at[i].folder, str_of(want[i].folder)));
		assert_int_equal((int)g.sources.all.at[i].place, want[i].place);
		assert_int_equal(g.sources.all.at[i].file, i + 1);
	}
	teardown(&g);
}

static void test_the_fleet_can_move_folders_and_the_output_is_never_read(void **state)
{
	struct ground g;

	(void)state;
	setup(&g, FLEET "spec: {inventory: ./fleet/, mesh: [team-a, team-b/mesh, team-b], output: "
			"team-b/out}\n");
	disk_write(&g.disk, "fleet/c1/a.yaml", "x");
	disk_write(&g.disk, "team-a/a.yaml", "x");
	disk_write(&g.disk, "team-b/mesh/a.yaml", "x");
	disk_write(&g.disk, "team-b/out/a.yaml", "x");
	disk_write(&g.disk, "mesh/a.yaml", "x");
	assert_true(load(&g));
	assert_int_equal(g.sources.all.n, 4);
	assert_true(str_eq(path_at(&g, 0), S("fleet/c1/a.yaml")));
	assert_true(str_eq(path_at(&g, 1), S("meshc.yaml")));
	assert_true(str_eq(path_at(&g, 2), S("team-a/a.yaml")));
	assert_true(str_eq(path_at(&g, 3), S("team-b/mesh/a.yaml")));
	teardown(&g);
}

static const struct {
	const char *name, *spec;
} refused[] = {
	{ "the inventory outside", "inventory: ../other" },
	{ "an absolute path", "mesh: [/etc]" },
	{ "a way out in the middle", "mesh: [a/../../b]" },
	{ "the root itself", "mesh: [.]" },
	{ "an empty path", "output: ''" },
	{ "a backslash", "mesh: ['a\\b']" },
	{ "declarations in the inventory", "mesh: [inventory/x]" },
	{ "declarations around the inventory", "inventory: a/b, mesh: [a]" },
	{ "declarations in the output", "mesh: [rendered/x]" },
	{ "the output in the inventory", "output: inventory/out" },
};

static void test_folders_that_leave_or_overlap_are_refused_where_they_are_named(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(refused); i++) {
		struct ground g;
		const struct finding *f;

		setup(&g, "");
		disk_write(&g.disk, "meshc.yaml",
			   str_format(g.f.mem, FLEET "spec: {%s}\n", refused[i].spec).p);
		disk_write(&g.disk, "inventory/c1/a.yaml", "x");
		if (load(&g))
			fail_msg("%s: accepted", refused[i].name);
		f = fixture_finding(&g.f, CODE_bad_name);
		assert_non_null(f);
		assert_true(str_eq(files_get(g.sources.files, f->at.file)->path, S("meshc.yaml")));
		teardown(&g);
	}
}

static void test_a_broken_fleet_leaves_the_defaults(void **state)
{
	static const char *const texts[] = {
		"kind: [\n",     "",      FLEET "spec: 5\n",
		FLEET "spec:\n", "- a\n", FLEET "spec: {mesh: 7, inventory: [x]}\n"
	};

	(void)state;
	for (uint32_t i = 0; i < countof(texts); i++) {
		struct ground g;

		setup(&g, texts[i]);
		disk_write(&g.disk, "mesh/a.yaml", "x");
		load(&g);
		assert_true(str_eq(g.sources.fleet.inventory, S("inventory")));
		assert_int_equal(g.f.diags.all.n, 0);
		teardown(&g);
	}
}

static void test_a_folder_of_the_inventory_is_named_like_a_cluster(void **state)
{
	static const char *const names[] = {
		"Cluster-1", "a.b", "a_b", "-a", "a-", "a\nb", "a\\b"
	};

	(void)state;
	for (uint32_t i = 0; i < countof(names); i++) {
		struct ground g;
		char path[64];

		setup(&g, FLEET);
		for (uint32_t k = 0; k < 2; k++) {
			snprintf(path, sizeof path, "inventory/%s/%u.yaml", names[i], k);
			disk_write(&g.disk, path, "x");
		}
		load(&g);
		assert_int_equal(fixture_count(&g.f, CODE_bad_name), 1);
		assert_int_equal(g.sources.all.n, 1);
		teardown(&g);
	}
}

static void test_a_link_among_the_sources_stops_the_run(void **state)
{
	struct ground g;

	(void)state;
	setup(&g, FLEET);
	disk_link(&g.disk, "mesh/a.yaml", "/etc/passwd");
	assert_false(load(&g));
	assert_true(fixture_has(&g.f, CODE_link));
	teardown(&g);
}

static void test_meshc_yaml_may_not_be_a_link(void **state)
{
	struct ground g;

	(void)state;
	setup(&g, FLEET);
	unlinkat(g.disk.fd, "meshc.yaml", 0);
	disk_link(&g.disk, "meshc.yaml", "/etc/passwd");
	assert_false(load(&g));
	assert_true(fixture_has(&g.f, CODE_link));
	teardown(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_fleet_with_only_a_name_has_every_default),
		cmocka_unit_test(test_what_meshc_yaml_says_stands_in_meshc_yaml),
		cmocka_unit_test(test_files_are_registered_in_path_order_with_their_clusters),
		cmocka_unit_test(test_the_fleet_can_move_folders_and_the_output_is_never_read),
		cmocka_unit_test(
			test_folders_that_leave_or_overlap_are_refused_where_they_are_named),
		cmocka_unit_test(test_a_broken_fleet_leaves_the_defaults),
		cmocka_unit_test(test_a_folder_of_the_inventory_is_named_like_a_cluster),
		cmocka_unit_test(test_a_link_among_the_sources_stops_the_run),
		cmocka_unit_test(test_meshc_yaml_may_not_be_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
