/*
 * Names as Gloo Mesh derives them; the long ones come from another MD5.
 */
#include "base/base.h"

#include "model/inventory.h"
#include "support/fixture.h"

static const struct {
	const char *in, *want;
} cases[] = {
	{ "istiod-istio-system-cluster-1", "istiod-istio-system-cluster-1" },
	{ "My_Service.x/y:z *", "my-service-x-y-z--" },
	{ "a[b]\"c'\nd", "abcd" },
	{ "", "" },
	/* 63 bytes stay, 64 are shortened: head, dash, hash of the name before its letters are folded */
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-014842d480b571495a4a0363793f736" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-d289a97565bc2d27ac8b8545a5ddba4" },
	{ "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r."
	  "s.t.u.v.w.x.y.z.a.b.c.d."
	  "e.f.g.h.i.j.k.l.m.n.o.p",
	  "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-d58a5ce1e7816b3fe0a7d8e67a568e2" },
};

static void test_names_are_sanitized_as_gloo_does(void **state)
{
	struct fixture f;

	(void)state;
	fixture_setup(&f);
	for (uint32_t i = 0; i < countof(cases); i++) {
		struct str got = name_sanitize(f.mem, str_of(cases[i].in));

		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("`%s`: `%.*s`, not `%s`", cases[i].in, STR(got), cases[i].want);
	}
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_sanitized_as_gloo_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
