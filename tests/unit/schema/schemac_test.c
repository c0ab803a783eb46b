/*
 * The closed dialect: a schema that says more than the compiler enforces stops the build.
 */
#include "base/base.h"

#include "support/fixture.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCHEMA(property)                                                                           \
	"{\"$schema\": \"x\", \"description\": \"d\", \"$defs\": {\"A\": {\"description\": "       \
	"\"d\", \"type\": \"object\","                                                             \
	" \"additionalProperties\": false, \"properties\": {\"f\": " property                      \
	", \"g\": {\"description\": \"d\","                                                        \
	" \"type\": \"string\"}}}}}"
#define OBJECT(more)                                                                               \
	"{\"$schema\": \"x\", \"description\": \"d\", \"$defs\": {\"A\": {\"description\": "       \
	"\"d\", \"type\": \"object\","                                                             \
	" \"properties\": {\"f\": {\"description\": \"d\", \"type\": \"string\"}, \"g\": "         \
	"{\"description\": \"d\","                                                                 \
	" \"type\": \"string\"}}, " more "}}}"

struct folder {
	char path[64];
};

static void write_schema(const struct folder *in, const char *text)
{
	char path[128];

	snprintf(path, sizeof path, "%s/a.json", in->path);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Runs the tool; what it said is in `said`. */
static bool run(const struct folder *in, char *said, size_t n)
{
	char command[512];

	snprintf(command, sizeof command, "%s/tools/schemac %s %s a.json 2>&1", BINARY_DIR,
		 in->path, in->path);
	FILE *tool = popen(command, "r");
	assert_non_null(tool);
	said[fread(said, 1, n - 1, tool)] = '\0';
	return pclose(tool) == 0;
}

static void remove_folder(const struct folder *in)
{
	static const char *const names[] = { "a.json", "model.gen.h", "model.gen.c" };
	char path[128];

	for (size_t i = 0; i < countof(names); i++) {
		snprintf(path, sizeof path, "%s/%s", in->path, names[i]);
		unlink(path);
	}
	rmdir(in->path);
}

static void test_schemac_refuses_what_nobody_enforces(void **state)
{
	static const struct {
		const char *schema, *want;
	} cases[] = {
		{ SCHEMA("{\"description\": \"d\", \"type\": \"integer\", \"exclusiveMinimum\": "
			 "3}"),
		  "`exclusiveMinimum`" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"pattern\": \"a\"}"),
		  "`pattern`" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"maxLength\": 3}"),
		  "`maxLength`" },
		{ SCHEMA("{\"type\": \"string\"}"), "no description" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"format\": \"uri\"}"),
		  "format: uri" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"number\"}"), "type: number" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"minimum\": 1}"),
		  "only numbers" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"integer\", \"minimum\": 1, "
			 "\"default\": 0}"),
		  "out of range" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"integer\", \"default\": 1.5}"),
		  "cannot be read" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"default\": 1}"),
		  "no such default" },
		{ SCHEMA("{\"description\": \"d\", \"$ref\": \"#/$defs/B\"}"), "leads nowhere" },
		{ SCHEMA("{\"description\": \"d\", \"x-meshc-later\": true, \"type\": \"string\"}"),
		  "not read" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"deprecated\": true}"),
		  "`deprecated` goes with" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"const\": \"x\"}"),
		  "`const` stands" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"array\", \"items\": {\"type\": "
			 "\"boolean\"}}"),
		  "booleans" },
		{ OBJECT("\"additionalProperties\": true"), "additionalProperties: false" },
		{ OBJECT("\"required\": []"), "additionalProperties: false" },
		{ OBJECT("\"additionalProperties\": false, \"required\": [\"h\"]"),
		  "names no property" },
		{ OBJECT("\"additionalProperties\": false, \"oneOf\": [{\"required\": [\"f\", "
			 "\"g\"]}]"),
		  "a branch" },
		{ OBJECT("\"additionalProperties\": false, \"oneOf\": [{\"required\": [\"f\"]}, "
			 "{\"required\": [\"g\"]},"
			 " {\"not\": {\"anyOf\": [{\"required\": [\"f\"]}]}}]"),
		  "`not` must hold" },
		{ OBJECT("\"additionalProperties\": false, \"minProperties\": 1"),
		  "`minProperties`" },
		{ SCHEMA("{\"description\": \"d\", \"type\": \"string\", \"x-meshc-ref\": "
			 "\"Nothing\"}"),
		  "no kind" },
		{ "{", "not JSON" },
		{ "[]", "must be an object" },
	};
	struct folder in = { "/tmp/meshc-schemac-XXXXXX" };
	char said[1024];

	(void)state;
	assert_non_null(mkdtemp(in.path));
	for (size_t i = 0; i < countof(cases); i++) {
		write_schema(&in, cases[i].schema);
		if (run(&in, said, sizeof said))
			fail_msg("taken: %s", cases[i].schema);
		if (!strstr(said, cases[i].want))
			fail_msg("%s\nsaid %swant %s", cases[i].schema, said, cases[i].want);
	}
	remove_folder(&in);
}

static void test_schemac_takes_what_is_enforced(void **state)
{
	static const char *const schemas[] = {
		SCHEMA("{\"description\": \"d\", \"type\": \"integer\", \"minimum\": 1, "
		       "\"default\": 1}"),
		OBJECT("\"additionalProperties\": false, \"oneOf\": [{\"required\": [\"f\"]}, "
		       "{\"required\": [\"g\"]},"
		       " {\"not\": {\"anyOf\": [{\"required\": [\"f\"]}, {\"required\": "
		       "[\"g\"]}]}}]"),
	};
	struct folder in = { "/tmp/meshc-schemac-XXXXXX" };
	char said[1024];

	(void)state;
	assert_non_null(mkdtemp(in.path));
	for (size_t i = 0; i < countof(schemas); i++) {
		write_schema(&in, schemas[i]);
		if (!run(&in, said, sizeof said))
			fail_msg("%s", said);
	}
	remove_folder(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemac_refuses_what_nobody_enforces),
		cmocka_unit_test(test_schemac_takes_what_is_enforced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
