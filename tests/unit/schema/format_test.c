/*
 * What each format takes; and that the patterns which editors see say the same.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/format.h"

#include <regex.h>
#include <stdio.h>

static const struct {
	enum format format;
	const char *definition; /* in common.schema.json */
	bool loose;             /* the pattern may take more */
	const char *good[8], *bad[10];
} cases[] = {
	{ FORMAT_DNS_LABEL,
	  "Label",
	  false,
	  { "a", "gloo-mesh", "a1", "1a" },
	  { "", "-a", "a-", "A", "a.b", "a_b", "a b" } },
	{ FORMAT_DNS_SUBDOMAIN,
	  "Name",
	  false,
	  { "a", "a.b-c.d" },
	  { "", ".a", "a.", "a..b", "A.b", "a/b", "..", "a\nb" } },
	{ FORMAT_HOSTNAME,
	  "Hostname",
	  false,
	  { "global", "Example.COM", "a-b.c" },
	  { "", "a..b", "-a.b", "a_b", "a b", "*.a", "a." } },
	{ FORMAT_PATH,
	  "Path",
	  false,
	  { "/", "/info", "/api/*", "*/health", "*", "/pkg.Service/Method" },
	  { "", "info", "/a*b", "*a*", "/*/b", "**" } },
	{ FORMAT_HTTP_HEADER,
	  "HttpHeader",
	  false,
	  { "x-a", "X_b", "*" },
	  { "", "x a", "x:", ":authority", "x\xc3\xa9" } },
	{ FORMAT_HTTP_METHOD,
	  "HttpMethod",
	  false,
	  { "GET", "M-SEARCH" },
	  { "", "get", "Get", "*", "G ET", "-G" } },
	{ FORMAT_HTTP_METHOD_PATTERN,
	  "HttpMethodPattern",
	  false,
	  { "GET", "*" },
	  { "", "get", "**", "G*" } },
	{ FORMAT_LABEL_KEY,
	  "LabelKey",
	  false,
	  { "app", "app.kubernetes.io/name", "a_b.C-d" },
	  { "", "/a", "a/", "a/b/c", "A/b", "-a", "a b" } },
	{ FORMAT_LABEL_VALUE,
	  "LabelValue",
	  false,
	  { "", "v1", "a_b.C" },
	  { "-a", "a-", "a b", "a/b" } },
	{ FORMAT_ADDRESS,
	  "Address",
	  true,
	  { "10.0.0.1", "::1", "2001:db8::5", "lb.example.com" },
	  { "", "10.0.0.256", "10.0.0", "1::2::3", "a_b", "http://a", "10.0.0.1:80" } },
	{ FORMAT_CIDR,
	  "Cidr",
	  true,
	  { "10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::1", "2001:db8::/32", "::/0",
	    "::/128" },
	  { "", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "10.0.0.0/08", "::/129", "a.b.c.d",
	    "10.0.0.0/8/8", "/8", "10.0.0.0/-1" } },
	{ FORMAT_GIT_URL,
	  "GitUrl",
	  false,
	  { "https://git.example.com/mesh.git", "http://localhost:3000/a/b",
	    "ssh://git@git.example.com/mesh", "ssh://git.example.com:22/mesh" },
	  { "", "git@git.example.com:mesh.git", "https://git.example.com/",
	    "https://user:token@git.example.com/mesh", "https://token@git.example.com/mesh",
	    "ssh://git:secret@git.example.com/mesh", "file:///srv/mesh",
	    "https://git.example.com/a b", "https:///mesh" } },
	{ FORMAT_GIT_BRANCH,
	  "GitBranch",
	  true,
	  { "main", "environments/prod-next", "v1.2" },
	  { "", "-main", "/main", "main/", "a..b", "a//b", "a/.b", "a.lock", "a b",
	    "refs/heads/a" } },
	{ FORMAT_DURATION, "Duration", true, { "5s", "1h2m", "1.5s" }, { "" } },
};

static void test_formats_take_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		for (size_t j = 0; j < countof(cases[i].good) && cases[i].good[j]; j++)
			if (!format_holds(cases[i].format, str_of(cases[i].good[j])))
				fail_msg("%s: `%s` is refused", cases[i].definition,
					 cases[i].good[j]);
		for (size_t j = 0; j < countof(cases[i].bad) && cases[i].bad[j] &&
				   cases[i].format != FORMAT_DURATION;
		     j++)
			if (format_holds(cases[i].format, str_of(cases[i].bad[j])))
				fail_msg("%s: `%s` is taken", cases[i].definition, cases[i].bad[j]);
	}
}

static char common_text[1 << 17];

static const struct node *common_definitions(struct fixture *f)
{
	FILE *in = fopen(SOURCE_DIR "/schemas/common.schema.json", "rb");

	assert_non_null(in);
	size_t n = fread(common_text, 1, sizeof common_text - 1, in);
	assert_int_equal(fclose(in), 0);
	common_text[n] = '\0';
	return node_get(fixture_node(f, "common.schema.json", common_text), S("$defs"));
}

static bool matches(const char *pattern, const char *text)
{
	regex_t compiled;

	assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return found;
}

static void test_patterns_for_editors_agree_with_formats(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	const struct node *defs = common_definitions(&f);
	for (size_t i = 0; i < countof(cases); i++) {
		const struct node *node =
			node_get(node_get(defs, str_of(cases[i].definition)), S("pattern"));
		assert_non_null(node);
		const char *pattern = str_z(f.mem, node->u.text);
		for (size_t j = 0; j < countof(cases[i].good) && cases[i].good[j]; j++)
			if (!matches(pattern, cases[i].good[j]))
				fail_msg("%s: the pattern refuses `%s`", cases[i].definition,
					 cases[i].good[j]);
		for (size_t j = 0; j < countof(cases[i].bad) && cases[i].bad[j] && !cases[i].loose;
		     j++)
			if (matches(pattern, cases[i].bad[j]))
				fail_msg("%s: the pattern takes `%s`", cases[i].definition,
					 cases[i].bad[j]);
	}
	fixture_teardown(&f);
}

static void test_formats_know_the_lengths_of_kubernetes(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'a', sizeof name);
	assert_true(format_holds(FORMAT_DNS_LABEL, (struct str){ name, 63 }));
	assert_false(format_holds(FORMAT_DNS_LABEL, (struct str){ name, 64 }));
	assert_true(format_holds(FORMAT_LABEL_VALUE, (struct str){ name, 63 }));
	assert_false(format_holds(FORMAT_LABEL_VALUE, (struct str){ name, 64 }));
	assert_false(format_holds(FORMAT_HOSTNAME, (struct str){ name, 64 }));
	for (size_t i = 50; i < sizeof name; i += 50)
		name[i] = '.';
	assert_true(format_holds(FORMAT_HOSTNAME, (struct str){ name, 253 }));
	assert_false(format_holds(FORMAT_HOSTNAME, (struct str){ name, 254 }));
}

static void test_numbers_are_printed_as_they_are_written(void **state)
{
	static const struct {
		enum format format;
		int64_t v;
		const char *want;
	} numbers[] = {
		{ FORMAT_NONE, 42, "42" },
		{ FORMAT_DURATION, 0, "0s" },
		{ FORMAT_DURATION, 1000000, "1ms" },
		{ FORMAT_DURATION, 1500000000, "1.5s" },
		{ FORMAT_DURATION, 10000000000, "10s" },
		{ FORMAT_PERCENT, 1000000, "100" },
		{ FORMAT_PERCENT, 125000, "12.5" },
		{ FORMAT_PERCENT, 1, "0.0001" },
		{ FORMAT_RATIO, 100000, "0.1" },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(numbers); i++)
		assert_string_equal(str_z(mem, format_number(mem, numbers[i].format, numbers[i].v)),
				    numbers[i].want);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_take_what_they_say),
		cmocka_unit_test(test_patterns_for_editors_agree_with_formats),
		cmocka_unit_test(test_formats_know_the_lengths_of_kubernetes),
		cmocka_unit_test(test_numbers_are_printed_as_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
