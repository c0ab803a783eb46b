/* Conditions as the Gateway API takes them, and which of two rules counts. */
#include "base/base.h"

#include "scene.h"

#include "target/gamma/gamma.h"

static const struct {
	enum match_how how;
	bool ignore_case;
	const char *value, *want; /* of `path`, without its key */
} paths[] = {
	{ MATCH_ANY, false, "", "{}\n" },
	{ MATCH_PREFIX, false, "/", "{}\n" },
	{ MATCH_EXACT, false, "/a", "type: Exact\nvalue: \"/a\"\n" },
	{ MATCH_EXACT, false, "/a%20b", "type: Exact\nvalue: \"/a%20b\"\n" },
	{ MATCH_EXACT, true, "/a", "type: RegularExpression\nvalue: \"(?i)/a\"\n" },
	{ MATCH_EXACT, false, "/a//b", "type: RegularExpression\nvalue: \"/a//b\"\n" },
	{ MATCH_EXACT, false, "/a/../b", "type: RegularExpression\nvalue: \"/a/\\\\.\\\\./b\"\n" },
	{ MATCH_EXACT, false, "/a/..", "type: RegularExpression\nvalue: \"/a/\\\\.\\\\.\"\n" },
	{ MATCH_EXACT, false, "/a%2Fb", "type: RegularExpression\nvalue: \"/a%2Fb\"\n" },
	{ MATCH_EXACT, false, "/azAZ09-._~!$&'()*+,;=:@",
	  "type: Exact\nvalue: \"/azAZ09-._~!$&'()*+,;=:@\"\n" },
	{ MATCH_EXACT, false, "/%0F%9a%Af%fA%a0", "type: Exact\nvalue: \"/%0F%9a%Af%fA%a0\"\n" },
	{ MATCH_EXACT, false, "/%aG", "type: RegularExpression\nvalue: \"/%aG\"\n" },
	{ MATCH_EXACT, false, "/%g0", "type: RegularExpression\nvalue: \"/%g0\"\n" },
	{ MATCH_EXACT, false, "/%0", "type: RegularExpression\nvalue: \"/%0\"\n" },
	{ MATCH_EXACT, false, "/a/./b", "type: RegularExpression\nvalue: \"/a/\\\\./b\"\n" },
	{ MATCH_EXACT, false, "/a/.", "type: RegularExpression\nvalue: \"/a/\\\\.\"\n" },
	{ MATCH_EXACT, false, "/a%2fb", "type: RegularExpression\nvalue: \"/a%2fb\"\n" },
	{ MATCH_EXACT, false, "/a#b", "type: RegularExpression\nvalue: \"/a#b\"\n" },
	{ MATCH_EXACT, false, "/a`b", "type: RegularExpression\nvalue: \"/a`b\"\n" },
	{ MATCH_EXACT, false, "/a%", "type: RegularExpression\nvalue: \"/a%\"\n" },
	{ MATCH_EXACT, false, "/a b", "type: RegularExpression\nvalue: \"/a b\"\n" },
	{ MATCH_EXACT, false, "*", "type: RegularExpression\nvalue: \"\\\\*\"\n" },
	{ MATCH_PREFIX, false, "/a", "type: RegularExpression\nvalue: \"/a.*\"\n" },
	{ MATCH_SUFFIX, false, ".png", "type: RegularExpression\nvalue: \".*\\\\.png\"\n" },
	{ MATCH_REGEX, false, "/a|/ab", "type: RegularExpression\nvalue: \"^(?:/a|/ab)$\"\n" },
};

static void test_paths_are_exact_where_the_api_takes_them_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(paths); i++) {
		struct scene s;
		struct condition c = { 0 };
		struct buf text;
		struct node *match;

		scene_open(&s);
		c.path = match_new(s.f.mem, paths[i].how, paths[i].ignore_case,
				   str_of(paths[i].value));
		struct lowering lw = { .mem = s.f.mem, .diags = &s.f.diags };
		match = node_map(s.f.mem, NOWHERE);
		gamma_match(&lw, match, &c, NOWHERE);
		text = buf_new(s.f.mem, 0);
		yaml_write(&text, match->n ? node_get(match, S("path")) : match);
		if (strcmp(str_z(s.f.mem, buf_view(&text)), paths[i].want) != 0)
			fail_msg("%s: %s", paths[i].value, str_z(s.f.mem, buf_view(&text)));
		assert_int_equal(s.f.diags.all.n, 0);
		scene_close(&s);
	}
}

static void test_a_path_longer_than_the_api_takes_is_reported(void **state)
{
	(void)state;
	for (uint32_t n = 1024; n <= 1025; n++) {
		struct scene s;
		struct condition c = { .path = { .how = MATCH_EXACT } };
		char *path;

		scene_open(&s);
		struct lowering lw = { .mem = s.f.mem, .diags = &s.f.diags };
		path = NEW(s.f.mem, char, n);
		memset(path, 'a', n);
		path[0] = '/';
		c.path.value = (struct str){ path, n };
		gamma_match(&lw, node_map(s.f.mem, NOWHERE), &c, NOWHERE);
		assert_int_equal(fixture_has(&s.f, CODE_value_too_long), n > 1024);
		scene_close(&s);
	}
}

static struct condition condition_of(struct arena *mem, struct match path, const char *header,
				     const char *method)
{
	struct condition c = { .path = path, .method = str_of(method) };

	if (header)
		vec_add(mem, &c.headers,
			((struct named_match){ .name = str_of(header),
					       .value = { .how = MATCH_PRESENT } }));
	return c;
}

#define PATH(how, text) match_new(mem, how, false, S(text))
#define NO_PATH ((struct match){ 0 })

/* narrow is contained in wide in every row. */
static void test_what_is_contained_counts_first_where_some_part_says_so(void **state)
{
	struct arena *mem = arena_new();
	const struct {
		const char *name;
		struct condition narrow, wide;
		enum gamma_order want;
	} rows[] = {
		{ "a path beside none", condition_of(mem, PATH(MATCH_EXACT, "/a"), NULL, ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_ALWAYS },
		{ "the root is as short as no path",
		  condition_of(mem, PATH(MATCH_EXACT, "/"), NULL, ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_IN_ORDER },
		{ "an expression that cannot be the root",
		  condition_of(mem, PATH(MATCH_REGEX, "/a.*"), NULL, ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_ALWAYS },
		{ "an expression that can", condition_of(mem, PATH(MATCH_REGEX, "/a?"), NULL, ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_IN_ORDER },
		{ "two expressions are equally long",
		  condition_of(mem, PATH(MATCH_PREFIX, "/a/b"), NULL, ""),
		  condition_of(mem, PATH(MATCH_PREFIX, "/a"), NULL, ""), GAMMA_IN_ORDER },
		{ "a text in an expression", condition_of(mem, PATH(MATCH_EXACT, "/a"), NULL, ""),
		  condition_of(mem, PATH(MATCH_PREFIX, "/a"), NULL, ""), GAMMA_IN_ORDER },
		{ "a method more", condition_of(mem, PATH(MATCH_PREFIX, "/a/b"), NULL, "GET"),
		  condition_of(mem, PATH(MATCH_PREFIX, "/a"), NULL, ""), GAMMA_ALWAYS },
		{ "a header more", condition_of(mem, NO_PATH, "x", ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_ALWAYS },
		{ "a prefix that is every path",
		  condition_of(mem, PATH(MATCH_PREFIX, "/"), NULL, ""),
		  condition_of(mem, NO_PATH, NULL, ""), GAMMA_IN_ORDER },
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++)
		if (gamma_order(&rows[i].narrow, &rows[i].wide) != rows[i].want)
			fail_msg("%s: %d", rows[i].name,
				 (int)gamma_order(&rows[i].narrow, &rows[i].wide));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_are_exact_where_the_api_takes_them_so),
		cmocka_unit_test(test_a_path_longer_than_the_api_takes_is_reported),
		cmocka_unit_test(test_what_is_contained_counts_first_where_some_part_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
