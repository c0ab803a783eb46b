/* Tags of images and the releases they belong to. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "front/local.h"

static const struct {
	enum mesh_kind kind;
	const char *version;
	uint32_t major, minor;
} cases[] = {
	{ MESH_ISTIO, "1.30.3", 1, 30 },
	{ MESH_ISTIO, "1.29.1-distroless", 1, 29 },
	{ MESH_ISTIO, "v1.29", 1, 29 },
	{ MESH_ISTIO, "1", 0, 0 },
	{ MESH_ISTIO, "1.", 0, 0 },
	{ MESH_ISTIO, "latest", 0, 0 },
	{ MESH_ISTIO, "", 0, 0 },
	{ MESH_ISTIO, "edge-26.6.3", 0, 0 },
	{ MESH_LINKERD, "edge-26.6.3", 2, 20 },
	{ MESH_LINKERD, "edge-26.9.1", 2, 20 },
	{ MESH_LINKERD, "edge-26.6.2", 2, 19 },
	{ MESH_LINKERD, "edge-25.10.7", 2, 19 },
	{ MESH_LINKERD, "edge-25.10.6", 2, 18 },
	{ MESH_LINKERD, "edge-25.4.4", 2, 18 },
	{ MESH_LINKERD, "edge-25.4.3", 2, 17 },
	{ MESH_LINKERD, "edge-20.1.1", 2, 14 },
	{ MESH_LINKERD, "edge-26.6", 0, 0 },
	{ MESH_LINKERD, "stable-2.14.10", 2, 14 },
	{ MESH_LINKERD, "enterprise-2.19.1", 2, 19 },
	{ MESH_LINKERD, "2.20.0", 2, 20 },
};

static void test_a_tag_belongs_to_a_release(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < countof(cases); i++) {
		struct release got = release_of(cases[i].kind, str_of(cases[i].version));

		if (got.major != cases[i].major || got.minor != cases[i].minor)
			fail_msg("%s: %u.%u", cases[i].version, got.major, got.minor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tag_belongs_to_a_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
