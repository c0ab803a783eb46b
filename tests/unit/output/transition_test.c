/* What may not go in one change with its last use. */
#include "base/base.h"
#include "output/local.h"

#include "making.h"

#define RULE(subsets) "spec: {host: api, subsets: [" subsets "]}\n"
#define ENTRY(ports) "spec: {hosts: [api.global, b.global], ports: [" ports "]}\n"
#define ROUTE(items) "spec: {hosts: [x], http: [{match: [{port: 80}], " items "}]}\n"
#define TO(subset) "{destination: {host: api, port: {number: 80}, subset: " subset "}"

static const struct {
	const char *name, *kind, *old, *new; /* of the object that defines */
	const char *user;                    /* the old VirtualService */
	const char *want;                    /* of the finding; NULL: none */
} cases[] = {
	{ "a subset that is used", "DestinationRule", RULE("{name: v1}, {name: v2}"),
	  RULE("{name: v2}"), ROUTE("route: [" TO("v1") "}]"), "subset `v1` of `api` goes" },
	{ "a subset that is mirrored to", "DestinationRule", RULE("{name: v1}"), RULE(""),
	  ROUTE("mirrors: [" TO("v1") "}]"), "subset `v1` of `api` goes" },
	{ "a subset with another use", "DestinationRule", RULE("{name: v1}, {name: v2}"),
	  RULE("{name: v2}"), ROUTE("route: [" TO("v2") "}]"), NULL },
	{ "a subset of another host", "DestinationRule", "spec: {host: b, subsets: [{name: v1}]}\n",
	  "spec: {host: b}\n", ROUTE("route: [" TO("v1") "}]"), NULL },
	{ "a subset to which nothing goes", "DestinationRule", RULE("{name: v1}, {name: v2}"),
	  RULE("{name: v2}"), ROUTE("route: [" TO("v1") ", weight: 0}, " TO("v2") "}]"), NULL },
	{ "a subset that stays", "DestinationRule", RULE("{name: v1}"),
	  RULE("{name: v1, labels: {a: b}}"), ROUTE("route: [" TO("v1") "}]"), NULL },
	{ "a port that is used", "ServiceEntry", ENTRY("{number: 80}, {number: 90}"),
	  ENTRY("{number: 90}"),
	  ROUTE("route: [{destination: {host: b.global, port: {number: 80}}}]"),
	  "port `80` of `b.global` goes" },
	{ "a port that nobody names", "ServiceEntry", ENTRY("{number: 80}"), ENTRY("{number: 90}"),
	  ROUTE("route: [" TO("v1") "}]"), NULL },
	{ "a file that cannot be read", "DestinationRule", "{", RULE(""),
	  ROUTE("route: [" TO("v1") "}]"), NULL },
	{ "a kind that defines nothing", "Gateway", RULE("{name: v1}"), RULE(""),
	  ROUTE("route: [" TO("v1") "}]"), NULL },
};

static bool read_case(void *cx, struct str path, struct str *text)
{
	size_t i = *(size_t *)cx;

	*text = str_of(str_ends(path, S("user.yaml")) ? cases[i].user : cases[i].old);
	return true;
}

static void check(struct place *p, size_t i)
{
	struct output_file file = { .path = S("clusters/c/a/d.yaml") };
	struct object object = { .key = { S("networking.istio.io"), str_of(cases[i].kind), S("a"),
					  S("d") } };
	struct changes changes = { 0 };
	struct ledger ledger = { 0 };

	file.bytes = str_of(cases[i].new);
	file.object = &object;
	vec_add(p->f.mem, &changes.all,
		((struct change_row){
			.change = CHANGE_CHANGED, .path = file.path, .file = &file }));
	vec_add(p->f.mem, &ledger.all,
		((struct ledger_row){ .path = S("a/user.yaml"),
				      .kind = S("VirtualService.networking.istio.io") }));
	transition_check(&(struct transition){ p->f.mem, &p->f.diags, S("clusters/c/"), &ledger,
					       &changes, read_case, &i });
}

static void test_what_is_used_may_not_go_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct place p;
		uint32_t n;

		place_open(&p);
		check(&p, i);
		n = fixture_count(&p.f, CODE_used_until_now);
		if (n != (cases[i].want != NULL))
			fail_msg("%s: %" PRIu32 " findings", cases[i].name, n);
		if (n && !strstr(fixture_text(&p.f), cases[i].want))
			fail_msg("%s: %s", cases[i].name, fixture_text(&p.f));
		assert_int_equal(p.f.diags.all.n, n);
		place_close(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_used_may_not_go_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
