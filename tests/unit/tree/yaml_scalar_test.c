/*
 * What plain scalars mean in YAML 1.2, and which of them no reader retypes.
 */
#include "base/base.h"

#include "unit/tree/reading.h"

static const struct {
	const char *text;
	enum node_kind kind;
} kinds[] = {
	{ "", NODE_NULL },        { "~", NODE_NULL },
	{ "null", NODE_NULL },    { "Null", NODE_NULL },
	{ "NULL", NODE_NULL },    { "nULL", NODE_STRING },
	{ "~~", NODE_STRING },    { "true", NODE_BOOL },
	{ "False", NODE_BOOL },   { "FALSE", NODE_BOOL },
	{ "tRUE", NODE_STRING },  { "yes", NODE_STRING },
	{ "on", NODE_STRING },    { "0", NODE_INT },
	{ "-0", NODE_INT },       { "+12", NODE_INT },
	{ "007", NODE_INT },      { "0o17", NODE_INT },
	{ "0o18", NODE_STRING },  { "0o", NODE_STRING },
	{ "-0o7", NODE_STRING },  { "0x1F", NODE_INT },
	{ "0xg", NODE_STRING },   { "0b1", NODE_STRING },
	{ "1_000", NODE_STRING }, { "1.5", NODE_FLOAT },
	{ ".5", NODE_FLOAT },     { "5.", NODE_FLOAT },
	{ "-.5", NODE_FLOAT },    { "1e3", NODE_FLOAT },
	{ "1E-3", NODE_FLOAT },   { "+1.5e+3", NODE_FLOAT },
	{ "1e", NODE_STRING },    { "1e+", NODE_STRING },
	{ "e3", NODE_STRING },    { ".e3", NODE_STRING },
	{ ".", NODE_STRING },     { "+", NODE_STRING },
	{ "-a", NODE_STRING },    { "1.2.3", NODE_STRING },
	{ ".inf", NODE_FLOAT },   { "-.INF", NODE_FLOAT },
	{ ".nan", NODE_FLOAT },   { "-.nan", NODE_STRING },
	{ ".iNf", NODE_STRING },  { "1 2", NODE_STRING },
	{ "10s", NODE_STRING },   { "1-2", NODE_STRING },
	{ "nan", NODE_STRING },   { "2024-01-01", NODE_STRING },
};

static void test_plain_scalars_follow_the_core_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(kinds); i++) {
		struct arena *mem = arena_new();
		struct str text = str_format(mem, "[a, %s ]", kinds[i].text);
		if (!kinds[i].text[0])
			text = S("- a\n-\n");
		struct reading in = read_bytes(text);
		const struct node *item = only_root(&in)->u.items[1];
		if (item->kind != kinds[i].kind)
			fail_msg("`%s` is read as %s", kinds[i].text,
				 node_kind_name((enum node_kind)item->kind));
		assert_str(item->u.text, kinds[i].text);
		reading_free(&in);
		arena_free(mem);
	}
}

static const char *const traps[] = {
	"y",
	"Y",
	"n",
	"N",
	"yes",
	"Yes",
	"YES",
	"no",
	"No",
	"NO",
	"on",
	"On",
	"ON",
	"off",
	"Off",
	"OFF",
	"true",
	"True",
	"FALSE",
	"null",
	"Null",
	"~",
	"",
	"nan",
	"NaN",
	".nan",
	"inf",
	".inf",
	"-.Inf",
	"<<",
	"=",
	"0",
	"1",
	"-1",
	"+1",
	"017",
	"0o17",
	"-0o17",
	"0x1F",
	"-0x1f",
	"0b11",
	"1_000",
	"1.5",
	".5",
	"5.",
	"1e3",
	"1.5e+3",
	"1_0.5",
	"1:30",
	"190:20:30",
	"1:30.5",
	"2024-01-01",
	"12e03",
	"1234e5678",
	"2024-1-1T10:00:00Z",
	"2024-01-01 10:00:00",
};

static const char *const texts[] = {
	"a",        "yesterday", "nope",      "o",    "10.0.0.1", "10.0.0.0/8",  "5s",
	"1m30s",    "1.29.0",    "8080:80",   "1:60", "v1",       "e3",          "1-2",
	"_1",       "2024-01",   "20240101T", "a: b", "-",        "+",           "0xyz",
	"0b2",      "nullable",  "truex",     "::1",  "fe80::1",  "1e3x",        "é",
	"off-peak", "on.off",    "1.5e",      "10Mi", "100%",     "2024-01-01x",
};

static void test_texts_that_some_reader_retypes_are_not_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(traps); i++) {
		if (yaml_plain_is_safe(str_of(traps[i])))
			fail_msg("`%s` is taken for safe", traps[i]);
	}
}

static void test_texts_that_every_reader_takes_for_text_are_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(texts); i++) {
		if (!yaml_plain_is_safe(str_of(texts[i])))
			fail_msg("`%s` is not taken for safe", texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_scalars_follow_the_core_schema),
		cmocka_unit_test(test_texts_that_some_reader_retypes_are_not_safe),
		cmocka_unit_test(test_texts_that_every_reader_takes_for_text_are_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
