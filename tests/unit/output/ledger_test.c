/* MESHC.index: what is written is read back; what is not exactly ours is refused. */
#include "base/base.h"
#include "output/ledger.h"

#include "support/fixture.h"

#define HEADER "# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\n"
#define ID "0123456789abcdef0123456789abcdef01234567"

static struct output_file file_of(struct arena *mem, const char *path, struct object *object)
{
	struct output_file f = { .path = str_of(path), .object = object };

	(void)mem;
	memcpy(f.digest.hex, ID, sizeof f.digest.hex);
	return f;
}

static void test_write_then_read_gives_the_same_rows(void **state)
{
	struct fixture f;
	struct resource shift = { .kind = KIND_TRAFFIC_POLICY,
				  .name = S("shift"),
				  .space = S("bookinfo") };
	struct resource odd = { .kind = KIND_ACCESS_POLICY,
				.name = S("a,b/c\t%\n"),
				.space = S("") };
	struct object one = { .key = { S("networking.istio.io"), S("Gateway"), S("a"), S("x") } };
	struct object two = { .key = { S(""), S("Namespace"), S(""), S("tab\there") } };
	struct output_file files[2];
	struct ledger ledger;
	struct buf text;

	(void)state;
	fixture_setup(&f);
	vec_add(f.mem, &one.sources, &shift);
	vec_add(f.mem, &one.sources, &odd);
	files[0] = file_of(f.mem, "clusters/c1/a/x.yaml", &one);
	files[1] = file_of(f.mem, "clusters/c1/b/y.yaml", &two);
	text = buf_new(f.mem, 0);
	ledger_write(&text, S("clusters/c1/"), files, 2);
	assert_string_equal(str_z(f.mem, buf_view(&text)), HEADER
			    "a/x.yaml\tGateway.networking.istio.io\ta/x\t" ID
			    "\tTrafficPolicy/bookinfo/shift,AccessPolicy//a%2cb%2fc%09%25%0a\n"
			    "b/y.yaml\tNamespace\t/tab%09here\t" ID "\t-\n");
	assert_true(ledger_read(f.mem, &f.diags, S("i"), buf_view(&text), &ledger));
	assert_int_equal(ledger.all.n, 2);
	assert_true(str_eq(ledger.all.at[0].sources,
			   S("TrafficPolicy/bookinfo/shift,AccessPolicy//a%2cb%2fc%09%25%0a")));
	assert_ptr_equal(ledger_find(&ledger, S("b/y.yaml")), &ledger.all.at[1]);
	assert_null(ledger_find(&ledger, S("b/z.yaml")));
	fixture_teardown(&f);
}

static void test_an_index_without_objects_is_sound(void **state)
{
	struct fixture f;
	struct ledger ledger;

	(void)state;
	fixture_setup(&f);
	assert_true(ledger_read(f.mem, &f.diags, S("i"), S(HEADER), &ledger));
	assert_int_equal(ledger.all.n, 0);
	fixture_teardown(&f);
}

static const struct {
	const char *name, *text, *why;
} damaged[] = {
	{ "empty", "", "first line" },
	{ "another format", "# meshc index 2: x\n", "first line" },
	{ "no header", "a/x.yaml\tK\ta/x\t" ID "\t-\n", "first line" },
	{ "conflict marks", HEADER "<<<<<<< HEAD\n", "line 2: fields are missing" },
	{ "cut off", HEADER "a/x.yaml\tK\ta/x\t" ID "\t-", "line 2: it ends in the middle" },
	{ "too many fields", HEADER "a/x.yaml\tK\ta/x\t" ID "\t-\t-\n",
	  "line 2: it has too many fields" },
	{ "no kind", HEADER "a/x.yaml\t\ta/x\t" ID "\t-\n", "line 2: a field is empty" },
	{ "no sources", HEADER "a/x.yaml\tK\ta/x\t" ID "\t\n", "line 2: a field is empty" },
	{ "short id", HEADER "a/x.yaml\tK\ta/x\t0123\t-\n", "line 2: the blob id is not one" },
	{ "out of order", HEADER "b\tK\ta/x\t" ID "\t-\na\tK\ta/x\t" ID "\t-\n",
	  "line 3: it is out of order" },
	{ "twice", HEADER "b\tK\ta/x\t" ID "\t-\nb\tK\ta/x\t" ID "\t-\n",
	  "line 3: it is out of order" },
	{ "above", HEADER "../x\tK\ta/x\t" ID "\t-\n", "line 2: the path leaves its folder" },
	{ "above, later", HEADER "a/../../x\tK\ta/x\t" ID "\t-\n",
	  "line 2: the path leaves its folder" },
	{ "absolute", HEADER "/etc/passwd\tK\ta/x\t" ID "\t-\n",
	  "line 2: the path leaves its folder" },
	{ "empty part", HEADER "a//x\tK\ta/x\t" ID "\t-\n", "line 2: the path leaves its folder" },
	{ "empty path", HEADER "\tK\ta/x\t" ID "\t-\n", "line 2: the path leaves its folder" },
	{ "hidden", HEADER ".git/config\tK\ta/x\t" ID "\t-\n",
	  "line 2: the path leaves its folder" },
	{ "backslash", HEADER "a\\x\tK\ta/x\t" ID "\t-\n", "line 2: the path leaves its folder" },
	{ "itself", HEADER "MESHC.index\tK\ta/x\t" ID "\t-\n",
	  "line 2: the path leaves its folder" },
	{ "CRLF",
	  "# meshc index 1: path, kind.group, namespace/name, git blob id, declarations\r\n",
	  "first line" },
};

static void test_damage_is_refused_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(damaged); i++) {
		struct fixture f;
		struct ledger ledger;

		fixture_setup(&f);
		if (ledger_read(f.mem, &f.diags, S("i"), str_of(damaged[i].text), &ledger))
			fail_msg("%s: read", damaged[i].name);
		assert_true(fixture_has(&f, CODE_index_damaged));
		if (!strstr(fixture_text(&f), damaged[i].why))
			fail_msg("%s: %s", damaged[i].name, fixture_text(&f));
		fixture_teardown(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_then_read_gives_the_same_rows),
		cmocka_unit_test(test_an_index_without_objects_is_sound),
		cmocka_unit_test(test_damage_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
