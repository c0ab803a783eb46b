/*
 * What a second reading takes from the first: nothing but what it would have made itself.
 */
#include "base/base.h"

#include "base/buf.h"
#include "support/world.h"

enum { PADDED = 200 << 10 }; /* more than a run of files holds: each is a run of its own */

#define FLEET(gloo)                                                                                \
	"apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: a}\n"                       \
	"spec: {glooNamespace: " gloo "}\n"
#define SERVICE(name)                                                                              \
	"apiVersion: v1\nkind: Service\nmetadata: {name: " name ", namespace: shop}\n"             \
	"spec: {ports: [{port: 80}]}\n"
#define POLICY(name)                                                                               \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\n"                        \
	"metadata: {name: " name ", namespace: gloo-mesh}\nspec: {}\n"

static void add_padded(struct world *w, const char *path, const char *text)
{
	struct buf out = buf_new(w->f.mem, 0);

	buf_str(&out, str_of(text));
	while (out.n < PADDED)
		buf_lit(&out,
			"# ................................................................\n");
	buf_char(&out, '\0');
	world_add(w, path, out.p);
}

struct row {
	const char *name, *more, *service, *policy, *fleet;
	int service_taken, policy_taken;
};

/* After the first, which is row 0. */
static const struct row rows[] = {
	{ "the same", NULL, SERVICE("a"), POLICY("p"), FLEET("gloo-mesh"), 1, 1 },
	{ "another policy", NULL, SERVICE("a"), POLICY("q"), FLEET("gloo-mesh"), 1, 0 },
	{ "another service", NULL, SERVICE("b"), POLICY("p"), FLEET("gloo-mesh"), 0, 1 },
	{ "other settings", NULL, SERVICE("a"), POLICY("p"), FLEET("elsewhere"), 0, 0 },
	{ "a file before them", SERVICE("c"), SERVICE("a"), POLICY("p"), FLEET("gloo-mesh"), 0, 0 },
};

static void read_row(struct world *w, const struct row *row, struct readings *kept)
{
	world_setup(w);
	if (row->more)
		add_padded(w, "inventory/c0/a.yaml", row->more);
	add_padded(w, "inventory/c1/a.yaml", row->service);
	add_padded(w, "mesh/a.yaml", row->policy);
	world_add(w, "meshc.yaml", row->fleet);
	front_read_again(&w->pass, &w->sources, kept, &w->catalog);
}

static const void *body_in(const struct world *w, const char *folder, enum kind kind)
{
	for (uint32_t i = 0; i < w->catalog.all.n; i++)
		if (w->catalog.all.at[i].kind == kind &&
		    str_eq(w->catalog.all.at[i].folder, str_of(folder)))
			return w->catalog.all.at[i].body;
	fail_msg("nothing of the kind in %s", folder);
	return NULL;
}

static void test_what_is_the_same_is_not_read_again(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(rows); i++) {
		struct readings kept = { 0 };
		struct world a, b;

		read_row(&a, &rows[0], &kept);
		read_row(&b, &rows[i], &kept);
		if ((body_in(&a, "c1", KIND_SERVICE) == body_in(&b, "c1", KIND_SERVICE)) !=
		    rows[i].service_taken)
			fail_msg("%s: the service", rows[i].name);
		if ((body_in(&a, "", KIND_ACCESS_POLICY) == body_in(&b, "", KIND_ACCESS_POLICY)) !=
		    rows[i].policy_taken)
			fail_msg("%s: the policy", rows[i].name);
		assert_int_equal(b.catalog.all.n, rows[i].more ? 4 : 3);
		world_teardown(&b);
		world_teardown(&a);
	}
}

/* Findings belong to the run that hears of them. */
static void test_what_is_wrong_is_said_by_both(void **state)
{
	static const struct row wrong = { "", NULL, SERVICE("a"), POLICY("P"), FLEET("gloo-mesh"),
					  0,  0 };
	struct readings kept = { 0 };
	struct world a, b;

	(void)state;
	read_row(&a, &wrong, &kept);
	read_row(&b, &wrong, &kept);
	assert_true(fixture_has(&a.f, CODE_bad_name));
	assert_true(fixture_has(&b.f, CODE_bad_name));
	assert_ptr_not_equal(body_in(&a, "", KIND_ACCESS_POLICY),
			     body_in(&b, "", KIND_ACCESS_POLICY));
	assert_ptr_equal(body_in(&a, "c1", KIND_SERVICE), body_in(&b, "c1", KIND_SERVICE));
	world_teardown(&b);
	world_teardown(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_the_same_is_not_read_again),
		cmocka_unit_test(test_what_is_wrong_is_said_by_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
