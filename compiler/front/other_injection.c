/*
 * Pods of meshes that meshc knows but emits nothing for: enough to say so where a
 * policy meets them.
 */
#include "base/base.h"
#include "front/local.h"

enum place { NAMESPACE_LABEL, NAMESPACE_ANNOTATION, POD_LABEL, POD_ANNOTATION };

static const struct {
	enum mesh_kind kind;
	enum place place;
	const char *key, *value;
} marks[] = {
	{ MESH_KUMA, NAMESPACE_LABEL, "kuma.io/sidecar-injection", "enabled" },
	{ MESH_KUMA, NAMESPACE_LABEL, "kuma.io/sidecar-injection", "true" },
	{ MESH_KUMA, POD_LABEL, "kuma.io/sidecar-injection", "enabled" },
	{ MESH_KUMA, POD_LABEL, "kuma.io/sidecar-injection", "true" },
	{ MESH_CONSUL, POD_ANNOTATION, "consul.hashicorp.com/connect-inject", "true" },
	{ MESH_OSM, NAMESPACE_ANNOTATION, "openservicemesh.io/sidecar-injection", "enabled" },
	{ MESH_OSM, POD_ANNOTATION, "openservicemesh.io/sidecar-injection", "enabled" },
	{ MESH_APP_MESH, NAMESPACE_LABEL, "appmesh.k8s.aws/sidecarInjectorWebhook", "enabled" },
};

static struct str value_at(const struct pod_marks *pod, enum place place, struct str key)
{
	switch (place) {
	case NAMESPACE_LABEL:
		return label_get(&pod->namespace_labels, key);
	case NAMESPACE_ANNOTATION:
		return label_get(&pod->namespace_annotations, key);
	case POD_LABEL:
		return pod_mark(pod->labels, key);
	case POD_ANNOTATION:
		return pod_mark(pod->annotations, key);
	}
	BUG("place %d", (int)place);
}

bool is_marked_for(const struct pod_marks *pod, enum mesh_kind kind)
{
	for (uint32_t i = 0; i < countof(marks); i++)
		if (marks[i].kind == kind &&
		    str_eq(value_at(pod, marks[i].place, str_of(marks[i].key)),
			   str_of(marks[i].value)))
			return true;
	return false;
}
