/* What two sides of a few hand-made clusters differ in: matching, grouping, and the formats' edges. */
#include "support/fixture.h"

#include "report/diff_local.h"

#include "base/sort.h"

enum { CLUSTERS = 4 };

static const struct {
	const char *name, *region;
} places[CLUSTERS] = { { "c1", "eu" }, { "c2", "eu" }, { "c3", "eu" }, { "c4", "us" } };

/* A side: clusters without services, and the files that a test puts into them. */
struct side {
	struct fixture *f;
	struct fleet_options fleet;
	struct snapshot snapshot;
	struct cluster clusters[CLUSTERS];
	struct cluster_plan plans[CLUSTERS];
	struct plan plan;
	struct bundle bundle;
	struct fileset fileset;
	struct diff_side out;
};

static void lower_nothing(void *cx, uint32_t i, struct arena *mem, struct diags *diags,
			  struct object_set *out)
{
	(void)cx, (void)i, (void)mem, (void)diags, (void)out;
}

static void side_open(struct side *s, struct fixture *f, const char *name)
{
	*s = (struct side){ .f = f, .fleet = { .inventory = S("inventory") } };
	s->snapshot.fleet = &s->fleet;
	for (uint32_t i = 0; i < CLUSTERS; i++) {
		s->clusters[i].name = str_of(places[i].name);
		s->clusters[i].index = i;
		s->clusters[i].locality.region = str_of(places[i].region);
		s->plans[i].cluster = &s->clusters[i];
	}
	s->plan = (struct plan){ &s->snapshot, s->plans, CLUSTERS };
	s->out = (struct diff_side){ .name = name,
				     .files = &f->files,
				     .plan = &s->plan,
				     .bundle = &s->bundle,
				     .fileset = &s->fileset,
				     .lower = lower_nothing };
}

/* An object of a cluster; %s of the text is the cluster's name. */
static void put(struct side *s, const char *cluster, struct object_key key, const char *text)
{
	struct arena *mem = s->f->mem;
	struct object *object = NEW(mem, struct object, 1);
	struct output_file *file = vec_push(mem, &s->fileset.all);
	struct buf bytes = buf_new(mem, 0);

	object->key = key;
	for (const char *p = text; *p; p++) {
		if (p[0] == '%' && p[1] == 's') {
			buf_str(&bytes, str_of(cluster));
			p++;
		} else {
			buf_char(&bytes, *p);
		}
	}
	file->path = output_path(mem, str_of(cluster), &key);
	file->bytes = buf_view(&bytes);
	file->object = object;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct output_file *)a)->path,
		       ((const struct output_file *)b)->path);
}

static void side_close(struct side *s)
{
	uint32_t at = 0;

	if (s->fileset.all.n)
		sort_stable(s->f->mem, s->fileset.all.at, s->fileset.all.n,
			    sizeof *s->fileset.all.at, by_path);
	for (uint32_t i = 0; i < CLUSTERS; i++) {
		struct str folder = str_format(s->f->mem, "clusters/%s/", places[i].name);
		struct cluster_files *row = vec_push(s->f->mem, &s->fileset.clusters);

		*row = (struct cluster_files){ folder, at, at };
		for (; at < s->fileset.all.n && str_starts(s->fileset.all.at[at].path, folder);
		     at++)
			row->to = at + 1;
	}
}

static struct diff difference(struct side *old, struct side *new)
{
	struct diff out;

	side_close(old);
	side_close(new);
	diff_make(old->f->mem, old->f->pool, &old->out, &new->out, &out);
	return out;
}

static const char *written(struct fixture *f, const struct diff *d, const char *format)
{
	const struct diff_options options = { .all = true };
	struct buf out = buf_new(f->mem, 0);

	diff_format_find(str_of(format))->write(d, &options, &out);
	return str_z(out.mem, buf_view(&out));
}

static struct object_key key(const char *group, const char *space, const char *name)
{
	return (struct object_key){ str_of(group), S("Route"), str_of(space), str_of(name) };
}

struct sides {
	struct fixture f;
	struct side old, new;
};

static void sides_open(struct sides *p)
{
	fixture_setup(&p->f);
	side_open(&p->old, &p->f, "base");
	side_open(&p->new, &p->f, "head");
}

static void test_one_change_in_the_clusters_of_a_region_is_one_group(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	for (uint32_t i = 0; i < CLUSTERS; i++) {
		put(&p.old, places[i].name, key("g", "s", "a"), "timeout: 3s\n");
		put(&p.new, places[i].name, key("g", "s", "a"),
		    i < 3 ? "timeout: 5s\n" : "timeout: 9s\n");
	}
	d = difference(&p.old, &p.new);
	assert_int_equal(d.groups.n, 2);
	assert_int_equal(d.groups.at[0].clusters.n, 3);
	assert_true(str_eq(d.groups.at[0].which, S("region=eu")));
	assert_int_equal(d.groups.at[0].differ.n, 1);
	assert_false(d.groups.at[0].varies);
	assert_int_equal(d.change, 1);
	assert_int_equal(d.objects, 4);
	assert_non_null(strstr(written(&p.f, &d, "text"),
			       "same change in 3 clusters matching region=eu; 1 differs: c4"));
	fixture_teardown(&p.f);
}

static void test_names_of_the_clusters_own_do_not_part_a_group(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	for (uint32_t i = 0; i < CLUSTERS; i++)
		put(&p.new, places[i].name,
		    key("g", "s", str_format(p.f.mem, "a-%s", places[i].name).p),
		    "host: a.%s.global\n");
	d = difference(&p.old, &p.new);
	assert_int_equal(d.groups.n, 1);
	assert_true(d.groups.at[0].varies);
	assert_non_null(strstr(written(&p.f, &d, "text"),
			       "+ Route s/a-<cluster>: add, same change in all 4 clusters"));
	fixture_teardown(&p.f);
}

static void test_the_name_of_another_cluster_parts_groups(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	put(&p.new, "c1", key("g", "s", "a"), "host: a.c1.global\n");
	put(&p.new, "c2", key("g", "s", "a"), "host: a.c1.global\n");
	d = difference(&p.old, &p.new);
	assert_int_equal(d.groups.n, 2);
	fixture_teardown(&p.f);
}

static void test_another_group_is_a_replacement_and_another_namespace_a_move(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	put(&p.old, "c1", key("old.io", "s", "a"), "metadata: {name: a, namespace: s}\nx: 1\n");
	put(&p.new, "c1", key("new.io", "s", "a"), "metadata: {name: a, namespace: s}\nx: 2\n");
	put(&p.old, "c1", key("g", "s", "b"), "metadata: {name: b, namespace: s}\ny: 1\n");
	put(&p.new, "c1", key("g", "t", "b"), "metadata: {name: b, namespace: t}\ny: 1\n");
	d = difference(&p.old, &p.new);
	assert_int_equal(d.groups.n, 2);
	assert_int_equal(d.groups.at[0].change->op, DIFF_MOVE);
	assert_int_equal(d.groups.at[1].change->op, DIFF_REPLACE);
	assert_int_equal(d.add, 2);
	assert_int_equal(d.remove, 2);
	assert_int_equal(d.change, 0);
	assert_non_null(strstr(written(&p.f, &d, "text"),
			       "! Route s/a (old.io -> new.io): replace, in c1"));
	assert_non_null(strstr(written(&p.f, &d, "text"), "> Route s/b -> t/b: move, in c1"));
	fixture_teardown(&p.f);
}

static void test_order_of_keys_is_no_difference_that_has_fields(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	put(&p.old, "c1", key("g", "s", "a"), "a: 1\nb: 2\n");
	put(&p.new, "c1", key("g", "s", "a"), "a: 1\nb: 2\n");
	d = difference(&p.old, &p.new);
	assert_int_equal(d.groups.n, 0);
	assert_string_equal(written(&p.f, &d, "text"), "No changes in 4 clusters.\n");
	fixture_teardown(&p.f);
}

static void test_a_patch_minds_lines_without_an_end(void **state)
{
	struct sides p;
	struct diff d;

	(void)state;
	sides_open(&p);
	put(&p.old, "c1", key("g", "s", "a"), "a: 1\nb: 2");
	put(&p.new, "c1", key("g", "s", "a"), "a: 1\nb: 2\n");
	put(&p.new, "c1", key("g", "s", "b"), "");
	put(&p.old, "c1", key("g", "s", "c"), "c: 1\n");
	side_close(&p.old);
	side_close(&p.new);
	d = (struct diff){ .base = &p.old.out, .head = &p.new.out };
	assert_string_equal(
		written(&p.f, &d, "unified"),
		"diff --git a/clusters/c1/s/route.g.a.yaml b/clusters/c1/s/route.g.a.yaml\n"
		"--- a/clusters/c1/s/route.g.a.yaml\n"
		"+++ b/clusters/c1/s/route.g.a.yaml\n"
		"@@ -1,2 +1,2 @@\n"
		" a: 1\n"
		"-b: 2\n"
		"\\ No newline at end of file\n"
		"+b: 2\n"
		"diff --git a/clusters/c1/s/route.g.b.yaml b/clusters/c1/s/route.g.b.yaml\n"
		"new file mode 100644\n"
		"diff --git a/clusters/c1/s/route.g.c.yaml b/clusters/c1/s/route.g.c.yaml\n"
		"deleted file mode 100644\n"
		"--- a/clusters/c1/s/route.g.c.yaml\n"
		"+++ /dev/null\n"
		"@@ -1 +0,0 @@\n"
		"-c: 1\n");
	fixture_teardown(&p.f);
}

static void test_a_comment_is_cut_before_it_is_too_large(void **state)
{
	struct sides p;
	struct diff d;
	const char *text;

	(void)state;
	sides_open(&p);
	for (uint32_t i = 0; i < 2000; i++) {
		struct object_key k = key("g", "s", str_format(p.f.mem, "object-%04u", i).p);

		put(&p.old, "c1", k, "value: a\n");
		put(&p.new, "c1", k, str_format(p.f.mem, "value: b``````%u\n", i).p);
	}
	d = difference(&p.old, &p.new);
	text = written(&p.f, &d, "markdown");
	assert_in_range(strlen(text), 60000, 65000);
	assert_non_null(strstr(text, "of 2000 changes are not shown"));
	assert_non_null(strstr(text, "\n```````diff\n"));
	fixture_teardown(&p.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_change_in_the_clusters_of_a_region_is_one_group),
		cmocka_unit_test(test_names_of_the_clusters_own_do_not_part_a_group),
		cmocka_unit_test(test_the_name_of_another_cluster_parts_groups),
		cmocka_unit_test(test_another_group_is_a_replacement_and_another_namespace_a_move),
		cmocka_unit_test(test_order_of_keys_is_no_difference_that_has_fields),
		cmocka_unit_test(test_a_patch_minds_lines_without_an_end),
		cmocka_unit_test(test_a_comment_is_cut_before_it_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
