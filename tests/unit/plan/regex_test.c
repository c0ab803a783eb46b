/*
 * RE2 as far as the plan needs it: valid or not, matching whole texts, prefixes.
 */
#include "base/base.h"

#include <ctype.h>
#include <setjmp.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/regex.h"

static enum regex_answer match(struct arena *mem, struct str pattern, struct str text,
			       bool ignore_case)
{
	return regex_run(mem, regex_compile(mem, pattern, ignore_case), text);
}

static void test_match_is_of_the_whole_text(void **state)
{
	static const struct {
		const char *pattern, *text;
		enum regex_answer answer;
	} cases[] = {
		{ "", "", REGEX_YES },
		{ "", "a", REGEX_NO },
		{ "abc", "abc", REGEX_YES },
		{ "abc", "xabc", REGEX_NO },
		{ "abc", "abcx", REGEX_NO },
		{ "a|bc", "bc", REGEX_YES },
		{ "a|", "", REGEX_YES },
		{ "a*", "aaaa", REGEX_YES },
		{ "a+", "", REGEX_NO },
		{ "ab?c", "ac", REGEX_YES },
		{ "a{2,3}", "a", REGEX_NO },
		{ "a{2,3}", "aaa", REGEX_YES },
		{ "a{2,3}", "aaaa", REGEX_NO },
		{ "a{2,}", "aaaaa", REGEX_YES },
		{ "a{,2}", "a{,2}", REGEX_YES },
		{ "/v[0-9]+/.*", "/v12/x", REGEX_YES },
		{ "/v[0-9]+/.*", "/vx/x", REGEX_NO },
		{ "[^/]+", "a/b", REGEX_NO },
		{ "[]a]", "]", REGEX_YES },
		{ "[a-]", "-", REGEX_YES },
		{ "[[:alpha:]_]+", "ab_", REGEX_YES },
		{ "[[:^digit:]]", "1", REGEX_NO },
		{ "\\d\\w\\s", "1_ ", REGEX_YES },
		{ "\\D", "1", REGEX_NO },
		{ "\\.js", ".js", REGEX_YES },
		{ "\\.js", "xjs", REGEX_NO },
		{ "\\x41\\x{42}", "AB", REGEX_YES },
		{ "\\x4", "\x04", REGEX_UNKNOWN },
		{ "\\x{10ffff}", "\xf4\x8f\xbf\xbf", REGEX_YES },
		{ "\\101\\60", "A0", REGEX_YES },
		{ "\\a\\f\\n\\r\\t\\v", "\a\f\n\r\t\v", REGEX_YES },
		{ "\\n", "n", REGEX_NO },
		{ "\\Qa.b\\E+", "a.bbb", REGEX_YES }, /* of the last character, as in RE2 */
		{ "\\Qa.b\\E", "a.b", REGEX_YES },
		{ "(?i)Ab", "aB", REGEX_YES },
		{ "(?i:a)b", "AB", REGEX_NO },
		{ "(?P<name>a)(?:b)(?<x>c)", "abc", REGEX_YES },
		{ "^a$", "a", REGEX_YES },
		{ "a\\b.*", "ab", REGEX_NO },
		{ "a\\b.*", "a1", REGEX_NO },
		{ "a\\b.*", "a_", REGEX_NO },
		{ "1\\b-", "1-", REGEX_YES },
		{ "_\\b-", "_-", REGEX_YES },
		{ ".", "\xc3\xa9", REGEX_YES },
		{ ".", "\xe2\x82\xac", REGEX_YES },
		{ ".", "\xf0\x9f\x98\x80", REGEX_YES },
		{ "..", "\xf0\x9f\x98\x80", REGEX_NO },
		{ ".", "\n", REGEX_NO },
		{ "(?s).", "\n", REGEX_YES },
		{ "\\W", "b", REGEX_NO },
		{ "\\W", "_", REGEX_NO },
		{ "\\W", "\xc3\xa9", REGEX_YES },
		{ "[^\\W\\d]", "b", REGEX_YES },
		{ "[\\D5]", "5", REGEX_YES },
		{ "\\s", "\v", REGEX_NO },
		{ "[[:space:]]", "\v", REGEX_YES },
		{ "[[:foo]", ":", REGEX_YES },
		{ "[a-c-e]", "-", REGEX_YES },
		{ "[^a]", "\n", REGEX_YES },
		{ "[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", REGEX_YES },
		{ "[^\xc3\xa0-\xc3\xbf]", "\xc3\xa9", REGEX_NO },
		{ "\\x{e9}", "\xc3\xa9", REGEX_YES },
		{ "[\\x{7f}-\\x{81}]", "\x7f", REGEX_YES },
		{ "[\\x{7f}-\\x{81}]", "\xc2\x80", REGEX_YES },
		{ "[\\x{7f}-\\x{81}]", "\xc2\x81", REGEX_YES },
		{ "[\\x{7f}-\\x{81}]", "\xc2\x82", REGEX_NO },
		{ "\\101\\0?", "A", REGEX_YES },
		{ "\\_\\-\\/", "_-/", REGEX_YES },
		{ "a{01}", "a{01}", REGEX_YES },
		{ "a{0}", "a", REGEX_NO },
		{ "(a|b{2}|)c", "bbc", REGEX_YES },
		{ "(a|b{2}|)c", "bc", REGEX_NO },
		{ "(ab?){2,3}", "aaba", REGEX_YES },
		{ "(ab?){2,3}", "aaaa", REGEX_NO },
		{ "(a?b?)*", "abba", REGEX_YES },
		{ "a\\Q\\E*", "aaa", REGEX_YES },
		{ "a*(?s)*", "aa", REGEX_YES },
		{ "\\Q(", "(", REGEX_YES },
		{ "(?i)k", "\xe2\x84\xaa", REGEX_YES },
		{ "(?i)\\W", "\xc5\xbf", REGEX_NO },
		{ "(?i)[^s]", "S", REGEX_NO },
		{ "(?i)a(?-i)b", "AB", REGEX_NO },
		{ "(a(?i)b|c)d", "Cd", REGEX_YES },
		{ "(a(?i)b|c)d", "aBD", REGEX_NO },
		{ "a$b", "ab", REGEX_NO },
		{ "(?m)a$\n^b", "a\nb", REGEX_YES },
		{ "a$\n^b", "a\nb", REGEX_NO },
		{ "(\\b|a)+b", "b", REGEX_YES },
		{ "\\xAB\\xCD\\xEF", "\xc2\xab\xc3\x8d\xc3\xaf", REGEX_YES },
		{ "\\xab\\xcd\\xef", "\xc2\xab\xc3\x8d\xc3\xaf", REGEX_YES },
		{ "\\x09\\x{19}\\x{90}", "\x09\x19\xc2\x90", REGEX_YES },
		{ "(?i)\\W", "\xe2\x84\xaa", REGEX_NO },
		{ "(?i)\\W\\W", "\xe2\x84\xa9\xe2\x84\xab", REGEX_YES },
		{ "(?i)\\W", "\xc5\xbf", REGEX_NO },
		{ "(?i)\\W\\W", "\xc5\xbe\xc6\x80", REGEX_YES },
		{ "\\W\\W", "\xe2\x84\xaa\xc5\xbf", REGEX_YES },
		{ "\\W\\W\\W", "\x7f\xc2\x80\xf4\x8f\xbf\xbf", REGEX_YES },
		{ "(?i)\\W*", "/:@[`{", REGEX_YES },
		{ "\\B", "", REGEX_YES },
		{ "(.\\b-)*", "0-9-a-z-A-Z-_-", REGEX_YES },
		{ ".*[/:@\\[`{]\\b-.*", "/-:-@-[-`-{-", REGEX_NO },
		{ "(^|/)a", "/a", REGEX_YES },
		{ "(?P<n>a)(?P<n>b)", "ab", REGEX_YES },
		{ "\\pL", "a", REGEX_UNKNOWN },
		{ "(?i)\xc3\xa9", "\xc3\x89", REGEX_UNKNOWN },
		{ "(?i)\\x{80}", "\xc2\x80", REGEX_UNKNOWN },
		{ "\n\\Aa", "\na", REGEX_NO },
		{ "\n^a", "\na", REGEX_NO },
		{ "(?m)\n^a", "\na", REGEX_YES },
		{ "a\\z\n", "a\n", REGEX_NO },
		{ "(?m)a$\n", "a\n", REGEX_YES },
		{ ".", "\xc3", REGEX_UNKNOWN },
		{ "..?", "\xc0\xaf", REGEX_UNKNOWN },
		{ ".", "\x80", REGEX_UNKNOWN },
		{ "..?.?", "\xe2\x82", REGEX_UNKNOWN },
		{ "..?.?",
		  "\xe2\x82"
		  "a",
		  REGEX_UNKNOWN },
		{ "..?.?", "\xed\xa0\x80", REGEX_UNKNOWN },
		{ ".+", "\xf8\x88\x80\x80\x80", REGEX_UNKNOWN },
		{ "(", "a", REGEX_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct arena *mem = arena_new();

		if (match(mem, str_of(cases[i].pattern), str_of(cases[i].text), false) !=
		    cases[i].answer)
			fail_msg("`%s` on `%s`", cases[i].pattern, cases[i].text);
		arena_free(mem);
	}
}

static void test_case_is_ignored_on_request(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_int_equal(match(mem, S("/[a-c]D"), S("/Bd"), true), REGEX_YES);
	assert_int_equal(match(mem, S("/[a-c]D"), S("/Bd"), false), REGEX_NO);
	arena_free(mem);
}

static void test_what_re2_refuses_is_refused_with_a_reason(void **state)
{
	static const char *const bad[] = { "(",
					   "a)",
					   "[a",
					   "[b-a]",
					   "*a",
					   "a**",
					   "(?=a)",
					   "(?!a)",
					   "(?<=a)b",
					   "(?<!a)",
					   "a\\",
					   "\\1(a)",
					   "a{1001}",
					   "a{3,2}",
					   "[[:no:]]",
					   "\\y",
					   "(?P<>a)",
					   "\\x4",
					   "[\\",
					   "a{1000}{1000}",
					   "(?z)a",
					   "{2}",
					   "a|*",
					   "(?i)*",
					   "(?-)a",
					   "\\8",
					   "\\C",
					   "\\Z",
					   "\\E",
					   "\\p{Foo}",
					   "\\p{L",
					   "\\p",
					   "[\\b]",
					   "[a-\\d]",
					   "[]",
					   "[^]",
					   "\\x{110000}",
					   "(?P=n)",
					   "a*+",
					   "\xc3",
					   "(?P<n",
					   "a{2}{3}",
					   "((a{40}){26})*" };

	(void)state;
	for (size_t i = 0; i < countof(bad); i++) {
		struct arena *mem = arena_new();

		if (!regex_problem(mem, str_of(bad[i])))
			fail_msg("`%s` is refused", bad[i]);
		arena_free(mem);
	}
}

static void test_valid_expressions_are_accepted(void **state)
{
	static const char *const good[] = { "",
					    ".*",
					    "a{1000}",
					    "[^a-z]",
					    "(a|b)*?",
					    "a??",
					    "\\pN",
					    "\\p{Greek}",
					    "(?i)x",
					    "{",
					    "a{x}",
					    "(?-s:.)",
					    "[\\d\\-]+",
					    "\\z",
					    "(?)",
					    "(a{2}){500}",
					    "^*",
					    "a{2",
					    "]",
					    "}",
					    "(|a)*",
					    "\\P{^Lu}",
					    "\\p{Old_Italic}",
					    "(?U)a*" };

	(void)state;
	for (size_t i = 0; i < countof(good); i++) {
		struct arena *mem = arena_new();
		const char *problem = regex_problem(mem, str_of(good[i]));

		if (problem)
			fail_msg("`%s`: %s", good[i], problem);
		arena_free(mem);
	}
}

static void test_prefix_is_what_every_match_starts_with(void **state)
{
	static const struct {
		const char *pattern, *prefix;
	} cases[] = {
		{ "/api/.*", "/api/" },
		{ "/a+", "/a" },
		{ "/a*", "/" },
		{ "abc", "abc" },
		{ "(/a/b)c", "/a/bc" },
		{ "/a|/b", "" },
		{ "(?i)/a", "/" },
		{ "^/a", "/a" },
		{ "/a?b", "/" },
		{ "/v[0-9]+", "/v" },
		{ "/\\.x", "/.x" },
		{ ".*", "" },
		{ "/a{2}b+c", "/aab" },
		{ "[.]x[ab]", ".x" },
		{ "\\x{e9}", "\xc3\xa9" },
		{ "(", "" },
		{ "(/a){0}b", "b" },
		{ "/(a|b)", "/" },
		{ "/\\Qa.b\\E.", "/a.b" },
		{ "/\\pL", "/" },
		{ "(?i)/\xc3\xa9", "/" },
		{ "(?i)/[.]k", "/." },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct arena *mem = arena_new();
		struct str got = regex_prefix(regex_compile(mem, str_of(cases[i].pattern), false));

		if (!str_eq(got, str_of(cases[i].prefix)))
			fail_msg("prefix of `%s` is `%.*s`", cases[i].pattern, STR(got));
		arena_free(mem);
	}
}

static void test_sample_matches_its_own_expression(void **state)
{
	static const char *const patterns[] = { "/api/v[0-9]+/.*", "a|b",
						"[^/]{3}",         "x{2,5}y?",
						"\\w+@\\w+",       "(?i)ABC",
						"\\b.*",           "(a$b|c)d",
						"[^ -~]",          "[\xc3\xa0-\xc3\xbf]",
						"a{60}",           "(^b*|c)",
						"\\x{7f}",         "\\x{80}",
						"\\x{7ff}",        "\\x{800}",
						"\\x{d7ff}",       "\\x{e000}",
						"\\x{ffff}",       "\\x{10000}",
						"\\x{10ffff}",     "(?m)^a$\n^b$",
						"(ab?){2}c{0}d" };

	(void)state;
	for (size_t i = 0; i < countof(patterns); i++) {
		struct arena *mem = arena_new();
		struct str sample = regex_sample(mem, str_of(patterns[i]));

		assert_non_null(sample.p);
		assert_int_equal(match(mem, str_of(patterns[i]), sample, false), REGEX_YES);
		arena_free(mem);
	}
}

static void test_sample_is_not_empty_where_it_need_not_be(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_int_not_equal(regex_sample(mem, S("a*")).n, 0);
	assert_non_null(regex_sample(mem, S("")).p);
	assert_null(regex_sample(mem, S("a$b")).p);
	/* Four arms are tried, no fifth. */
	assert_non_null(regex_sample(mem, S("(a$b|a$b|a$b|c)d")).p);
	assert_null(regex_sample(mem, S("(a$b|a$b|a$b|a$b|c)d")).p);
	assert_null(regex_sample(mem, S("\\pL")).p);
	assert_null(regex_sample(mem, S("(")).p);
	assert_null(regex_sample(mem, S("[^\\x00-\\x{10ffff}]")).p);
	arena_free(mem);
}

static void test_reasons_show_what_is_wrong(void **state)
{
	static const struct {
		const char *pattern, *problem;
	} cases[] = {
		{ "a\\y", "invalid escape sequence `\\y`" },
		{ "a**", "bad repetition operator `**`" },
		{ "+a", "missing argument to repetition operator `+`" },
		{ "a{3,2}", "invalid repetition size `{3,2}`" },
		{ "(?=a)", "look-around and unknown group flags are not supported" },
		{ "(?<!a)", "look-around and unknown group flags are not supported" },
		{ "(?P<a-b>a)", "invalid group name `(?P<a`" },
		{ "[z-a]", "invalid character class range `z-a`" },
		{ "a)", "unexpected )" },
		{ "(a", "missing closing )" },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct arena *mem = arena_new();
		const char *problem = regex_problem(mem, str_of(cases[i].pattern));

		assert_non_null(problem);
		assert_string_equal(problem, cases[i].problem);
		arena_free(mem);
	}
}

/* n times `open`, then n times `close`. */
static struct str nested(struct arena *mem, const char *open, const char *close, uint32_t n)
{
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; i < n; i++)
		buf_str(&out, str_of(open));
	for (uint32_t i = 0; i < n; i++)
		buf_str(&out, str_of(close));
	return buf_view(&out);
}

static void test_ceilings_are_said(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	assert_null(regex_problem(mem, nested(mem, "(", ")*", 100)));
	assert_string_equal(regex_problem(mem, nested(mem, "(", ")", 101)), "nested too deep");
	assert_string_equal(regex_problem(mem, nested(mem, "a*(?s)", "*(?s)", 200)),
			    "nested too deep");
	assert_string_equal(regex_problem(mem, nested(mem, "a{1000}", "b{1000}", 10)), "too large");
	assert_string_equal(regex_problem(mem, nested(mem, "a|", "b|", 50000)), "too large");
	assert_non_null(regex_problem(mem, nested(mem, "[[:", "[:", 100000)));
	arena_free(mem);
}

/* Exponential matchers would not come back from these. */
static void test_hostile_expressions_end(void **state)
{
	static char deep[100001], text[20001];
	struct arena *mem = arena_new();

	(void)state;
	memset(deep, '(', sizeof deep - 1);
	memset(text, 'a', sizeof text - 1);
	assert_non_null(regex_problem(mem, str_of(deep)));
	assert_int_equal(match(mem, S("(a*)*b"), str_of(text), false), REGEX_NO);
	assert_int_equal(match(mem, S("(a|a)*b"), str_of(text), false), REGEX_NO);
	assert_int_equal(match(mem, S("(a*)*"), str_of(text), false), REGEX_YES);
	assert_int_equal(match(mem, S("((((a*)*)*)*)*b"), str_of(text), false), REGEX_NO);
	assert_int_equal(match(mem, S("(a?){1000}(a?){1000}"), str_of(text), false), REGEX_UNKNOWN);
	assert_int_equal(match(mem, nested(mem, "(", ")*", 100), str_of(text), false), REGEX_NO);
	assert_non_null(regex_problem(mem, S("((((){1000}){1000}){1000}){1000}")));
	assert_null(regex_sample(mem, S("((((){1000}){1000}){1000}){1000}")).p);
	(void)regex_sample(mem, nested(mem, "(a", "b)+", 100));
	arena_free(mem);
}

static int is_ascii(int c)
{
	return c < 0x80;
}

static int is_word(int c)
{
	return isalnum(c) || c == '_';
}

static int is_perl_space(int c)
{
	return isspace(c) && c != '\v';
}

/* Every ASCII character, against the C library's word on it. */
static void test_classes_have_their_members_and_no_others(void **state)
{
	static const struct {
		const char *pattern;
		int (*has)(int);
	} classes[] = {
		{ "[[:alnum:]]", isalnum },  { "[[:alpha:]]", isalpha },
		{ "[[:ascii:]]", is_ascii }, { "[[:blank:]]", isblank },
		{ "[[:cntrl:]]", iscntrl },  { "[[:digit:]]", isdigit },
		{ "[[:graph:]]", isgraph },  { "[[:lower:]]", islower },
		{ "[[:print:]]", isprint },  { "[[:punct:]]", ispunct },
		{ "[[:space:]]", isspace },  { "[[:upper:]]", isupper },
		{ "[[:word:]]", is_word },   { "[[:xdigit:]]", isxdigit },
		{ "\\d", isdigit },          { "\\s", is_perl_space },
		{ "\\w", is_word },
	};
	struct arena *mem = arena_new();

	(void)state;
	for (size_t i = 0; i < countof(classes); i++)
		for (int c = 0; c < 0x80; c++) {
			const struct str text = { (const char[]){ (char)c }, 1 };
			enum regex_answer want = classes[i].has(c) ? REGEX_YES : REGEX_NO;

			if (match(mem, str_of(classes[i].pattern), text, false) != want)
				fail_msg("%s has %d or not", classes[i].pattern, c);
		}
	arena_free(mem);
}

/* As Go has it: what is neither a letter nor a digit stands for itself, in ASCII. */
static void test_punctuation_can_be_escaped(void **state)
{
	struct arena *mem = arena_new();

	(void)state;
	for (int c = 0; c < 0x80; c++) {
		const struct str pattern = { (const char[]){ '\\', (char)c }, 2 },
				 text = { (const char[]){ (char)c }, 1 };

		if (!isalnum(c))
			assert_int_equal(match(mem, pattern, text, false), REGEX_YES);
	}
	assert_non_null(regex_problem(mem, S("\\\xc2\x80")));
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match_is_of_the_whole_text),
		cmocka_unit_test(test_case_is_ignored_on_request),
		cmocka_unit_test(test_what_re2_refuses_is_refused_with_a_reason),
		cmocka_unit_test(test_valid_expressions_are_accepted),
		cmocka_unit_test(test_prefix_is_what_every_match_starts_with),
		cmocka_unit_test(test_sample_matches_its_own_expression),
		cmocka_unit_test(test_sample_is_not_empty_where_it_need_not_be),
		cmocka_unit_test(test_reasons_show_what_is_wrong),
		cmocka_unit_test(test_ceilings_are_said),
		cmocka_unit_test(test_classes_have_their_members_and_no_others),
		cmocka_unit_test(test_punctuation_can_be_escaped),
		cmocka_unit_test(test_hostile_expressions_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
