/* What is hidden, and what only looks odd. */
#include "support/fixture.h"

#include "tree/secret.h"

static void test_what_looks_like_a_secret_is_hidden(void **state)
{
	/* clang-format off */
	static const struct { const char *text, *want; } rows[] = {
		{ "reviews.bookinfo.svc.cluster-1.global", "reviews.bookinfo.svc.cluster-1.global" },
		{ "TrafficPolicy/shop-0/svc-000-outlier-5-c-001,VirtualMesh/gloo-mesh/fleet",
		  "TrafficPolicy/shop-0/svc-000-outlier-5-c-001,VirtualMesh/gloo-mesh/fleet" },
		{ "462841f915a58ae27cef9e0de7523fb4e8f05646", "462841f915a58ae27cef9e0de7523fb4e8f05646" },
		{ "6f1ed002-ab5f-4d2c-8a3e-0b8f6c1d2e3f", "6f1ed002-ab5f-4d2c-8a3e-0b8f6c1d2e3f" },
		{ "/Products/Category1/ItemsOfTheWeek/Details2", "/Products/Category1/ItemsOfTheWeek/Details2" },
		{ "Bearer abcdef", "Bearer (hidden)" },
		{ "Basic dXNlcjpwYXNz", "Basic (hidden)" },
		{ "key aB3dE5fG7hJ9kL1mN3pQ5rS7 of somebody", "key (hidden) of somebody" },
		{ "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n", "(hidden)" },
	};
	static const struct { const char *path; bool want; } paths[] = {
		{ "spec.http[name=x].headers.request.set.authorization", true },
		{ "spec.password", true },
		{ "spec.clientSecret", true },
		{ "spec.secretName", false },
		{ "spec.tokens", false },
		{ "spec.http[match=/password-reset].timeout", false },
	};
	/* clang-format on */
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		assert_string_equal(str_z(mem, secret_hidden(mem, str_of(rows[i].text))),
				    rows[i].want);
	for (size_t i = 0; i < countof(paths); i++)
		if (secret_path(str_of(paths[i].path)) != paths[i].want)
			fail_msg("%s", paths[i].path);
	assert_string_equal(str_z(mem, secret_line(mem, S("  - authorization: x y\n"))),
			    "  - authorization: (hidden)\n");
	assert_string_equal(str_z(mem, secret_line(mem, S("  timeout: 3s\n"))), "  timeout: 3s\n");
	arena_free(mem);
}

static void test_a_value_beside_the_name_of_a_secret_is_hidden(void **state)
{
	struct fixture f;
	struct buf out;

	(void)state;
	fixture_setup(&f);
	out = buf_new(f.mem, 0);
	yaml_write(&out, secret_copy(f.mem, S("spec.set"),
				     fixture_node(&f, "a",
						  "- name: authorization\n  value: abc\n"
						  "- name: x-env\n  value: prod\n")));
	assert_string_equal(str_z(f.mem, buf_view(&out)),
			    "- name: authorization\n  value: \"(hidden)\"\n"
			    "- name: x-env\n  value: prod\n");
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_looks_like_a_secret_is_hidden),
		cmocka_unit_test(test_a_value_beside_the_name_of_a_secret_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
