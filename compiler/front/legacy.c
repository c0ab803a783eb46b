/*
 * Older spellings of groups and kinds, as Gloo Mesh's own documents and its
 * users' repositories still have them. They are read as what they are called
 * now; fields that have changed since are found by the decoder.
 */
#include "base/base.h"
#include "front/local.h"

struct old_spelling {
	const char *api, *kind;         /* kind NULL: any */
	const char *new_api, *new_kind; /* new_kind NULL: the same */
};

/* The first row that fits counts. */
/* clang-format off */
static const struct old_spelling spellings[] = {
	{ "networking.zephyr.solo.io/v1alpha1", "AccessControlPolicy", "networking.mesh.gloo.solo.io/v1", "AccessPolicy" },
	{ "networking.zephyr.solo.io/v1alpha1", NULL, "networking.mesh.gloo.solo.io/v1", NULL },
	{ "discovery.zephyr.solo.io/v1alpha1", "MeshService", "discovery.mesh.gloo.solo.io/v1", "Destination" },
	{ "discovery.zephyr.solo.io/v1alpha1", "MeshWorkload", "discovery.mesh.gloo.solo.io/v1", "Workload" },
	{ "discovery.zephyr.solo.io/v1alpha1", NULL, "discovery.mesh.gloo.solo.io/v1", NULL },
	{ "networking.smh.solo.io/v1alpha2", NULL, "networking.mesh.gloo.solo.io/v1", NULL },
	{ "discovery.smh.solo.io/v1alpha2", "TrafficTarget", "discovery.mesh.gloo.solo.io/v1", "Destination" },
	{ "discovery.smh.solo.io/v1alpha2", NULL, "discovery.mesh.gloo.solo.io/v1", NULL },
	{ "networking.mesh.gloo.solo.io/v1alpha2", NULL, "networking.mesh.gloo.solo.io/v1", NULL },
	{ "discovery.mesh.gloo.solo.io/v1alpha2", "TrafficTarget", "discovery.mesh.gloo.solo.io/v1", "Destination" },
	{ "discovery.mesh.gloo.solo.io/v1alpha2", NULL, "discovery.mesh.gloo.solo.io/v1", NULL },
	{ "settings.mesh.gloo.solo.io/v1alpha2", NULL, "settings.mesh.gloo.solo.io/v1", NULL },
	{ "networking.enterprise.mesh.gloo.solo.io/v1alpha1", "RateLimiterServerConfig", "networking.enterprise.mesh.gloo.solo.io/v1beta1", "RateLimitServerConfig" },
	{ "networking.enterprise.mesh.gloo.solo.io/v1alpha1", NULL, "networking.enterprise.mesh.gloo.solo.io/v1beta1", NULL },
	{ "networking.enterprise.mesh.gloo.solo.io/v1beta1", "RateLimiterServerConfig", "networking.enterprise.mesh.gloo.solo.io/v1beta1", "RateLimitServerConfig" },
	{ "observability.enterprise.mesh.gloo.solo.io/v1alpha1", NULL, "observability.enterprise.mesh.gloo.solo.io/v1", NULL },
	{ "observability.enterprise.mesh.gloo.solo.io/v1beta1", "AccessLogRecord", "observability.enterprise.mesh.gloo.solo.io/v1", NULL },
	{ "rbac.enterprise.mesh.gloo.solo.io/v1alpha1", NULL, "rbac.enterprise.mesh.gloo.solo.io/v1", NULL },
};
/* clang-format on */

bool legacy_rename(struct str *api, struct str *kind)
{
	for (uint32_t i = 0; i < countof(spellings); i++) {
		const struct old_spelling *old = &spellings[i];

		if (!str_eq(*api, str_of(old->api)) ||
		    (old->kind && !str_eq(*kind, str_of(old->kind))))
			continue;
		*api = str_of(old->new_api);
		if (old->new_kind)
			*kind = str_of(old->new_kind);
		return true;
	}
	return false;
}
