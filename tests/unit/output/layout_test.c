/* Paths: pure, lower case, inside their folder, different where keys differ. */
#include "base/base.h"
#include "output/local.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct {
	const char *name, *text, *want;
} parts[] = {
	{ "plain", "bookinfo", "bookinfo" },
	{ "digits, dots, dashes and underscores stay", "a_b-c.0", "a_b-c.0" },
	{ "capitals are spelled out, so that folding case changes nothing", "Prod", "%50rod" },
	{ "percent itself", "50%41", "50%2541" },
	{ "slash", "a/b", "a%2fb" },
	{ "backslash", "a\\b", "a%5cb" },
	{ "parent folder", "..", "%2e%2e" },
	{ "this folder", ".", "%2e" },
	{ "hidden", ".git", "%2egit" },
	{ "dot at the end, which Windows drops", "a.", "a%2e" },
	{ "newline", "a\nb", "a%0ab" },
	{ "space at the end", "a ", "a%20" },
	{ "not ASCII", "\xc3\xa9", "%c3%a9" },
	{ "device", "con", "%63on" },
	{ "device with an ending", "nul.txt", "%6eul.txt" },
	{ "numbered device", "lpt1", "%6cpt1" },
	{ "no device", "console", "console" },
	{ "no device either", "com", "com" },
	{ "the index", "meshc.index", "%6deshc.index" },
	{ "what stands for no namespace", "_cluster", "%5fcluster" },
	{ "colon", "a:b", "a%3ab" },
	{ "nothing", "", "%-" },
};

static void test_parts_are_escaped(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(parts); i++) {
		struct str got = layout_part(mem, str_of(parts[i].text));

		if (!str_eq(got, str_of(parts[i].want)))
			fail_msg("%s: %.*s, not %s", parts[i].name, STR(got), parts[i].want);
	}
	arena_free(mem);
}

static struct str path_of(struct arena *mem, const char *cluster, const char *space,
			  const char *group, const char *kind, const char *name)
{
	struct object_key key = { str_of(group), str_of(kind), str_of(space), str_of(name) };

	return output_path(mem, str_of(cluster), &key);
}

static void assert_path(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("%.*s, not %s", STR(got), want);
}

static void test_a_path_is_made_of_cluster_namespace_kind_group_and_name(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_path(
		path_of(mem, "c1", "bookinfo", "networking.istio.io", "VirtualService", "reviews"),
		"clusters/c1/bookinfo/virtualservice.networking.istio.io.reviews.yaml");
	assert_path(path_of(mem, "c1", "a", "", "ConfigMap", "x"),
		    "clusters/c1/a/configmap.x.yaml");
	assert_path(path_of(mem, "c1", "", "", "Namespace", "x"),
		    "clusters/c1/_cluster/namespace.x.yaml");
	assert_path(path_of(mem, "../../etc", "../..", "g", "K", "../x"),
		    "clusters/%2e.%2f..%2fetc/%2e.%2f.%2e/k.g...%2fx.yaml");
	arena_free(mem);
}

static void test_long_names_are_cut_and_stay_apart(void **state)
{
	struct arena *mem = arena_new();
	char one[300], two[300];
	struct str a, b;

	(void)state;
	memset(one, 'a', sizeof one);
	memcpy(two, one, sizeof two);
	two[299] = 'b';
	a = layout_part(mem, (struct str){ one, sizeof one });
	b = layout_part(mem, (struct str){ two, sizeof two });
	assert_int_equal(a.n, 200);
	assert_int_equal(b.n, 200);
	assert_false(str_eq(a, b));
	assert_true(str_eq(a, layout_part(mem, (struct str){ one, sizeof one })));
	arena_free(mem);
}

/* Every byte, first, middle and last: what differs stays different, also where case is folded. */
static void test_different_texts_never_share_a_part(void **state)
{
	struct arena *mem = arena_new();
	struct str all[3 * 256];
	uint32_t n = 0;

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		char texts[3][2] = { { (char)byte, 'x' },
				     { 'x', (char)byte },
				     { (char)byte, (char)byte } };

		for (int i = 0; i < 3; i++)
			if (i != 2 || byte != 'x')
				all[n++] = layout_part(
					mem,
					str_copy(mem,
						 (struct str){ texts[i],
							       i == 0 && byte == 'x' ? 1 : 2 }));
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < i; j++)
			if (str_eq_nocase(all[i], all[j]))
				fail_msg("%.*s twice", STR(all[i]));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_escaped),
		cmocka_unit_test(test_a_path_is_made_of_cluster_namespace_kind_group_and_name),
		cmocka_unit_test(test_long_names_are_cut_and_stay_apart),
		cmocka_unit_test(test_different_texts_never_share_a_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
