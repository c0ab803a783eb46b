/*
 * Whether Istio takes a pod in, and which revision does: from labels, as the
 * webhooks and the injector decide it, not from pods that happen to run.
 *
 *	namespace istio-injection    namespace istio.io/rev    pod                    who takes it
 *	enabled                      (does not count)          -                      the default revision
 *	any other value              (does not count)          -                      nobody
 *	absent                       X                         -                      revision X
 *	absent                       absent                    istio.io/rev: Y        revision Y
 *	absent                       absent                    inject: "true"         the default revision
 *	any                          any                       inject: "false"        nobody
 *
 * `inject` is the label sidecar.istio.io/inject; the annotation of that name can
 * only say no, because it is read by an injector that a label has called.
 */
#include "base/base.h"
#include "front/local.h"

static const char *const never[] = { "kube-system", "kube-public", "kube-node-lease",
				     "local-path-storage" };

struct str pod_mark(const struct text_map *map, struct str key)
{
	for (uint32_t i = 0; map && i < map->n; i++)
		if (str_eq(map->item[i].key.s, key))
			return map->item[i].value.s;
	return (struct str){ 0 };
}

static bool is_never(struct str space)
{
	for (uint32_t i = 0; i < countof(never); i++)
		if (str_eq(space, str_of(never[i])))
			return true;
	return false;
}

static bool is_refused(const struct pod_marks *pod)
{
	struct str label = pod_mark(pod->labels, S("sidecar.istio.io/inject"));
	struct str annotation = pod_mark(pod->annotations, S("sidecar.istio.io/inject"));

	if (pod->host_network || is_never(pod->space))
		return true;
	return str_eq(label.n ? label : annotation, S("false"));
}

static struct injection taken_by(struct str revision)
{
	return (struct injection){ .in = true,
				   .revision = str_eq(revision, S("default")) ? S("") : revision };
}

static struct injection by_labels(const struct pod_marks *pod)
{
	struct str injection = label_get(&pod->namespace_labels, S("istio-injection"));
	struct str space_revision = label_get(&pod->namespace_labels, S("istio.io/rev"));
	struct str revision = pod_mark(pod->labels, S("istio.io/rev"));

	if (injection.p)
		return (struct injection){ .in = str_eq(injection, S("enabled")) };
	if (space_revision.p)
		return taken_by(space_revision);
	if (revision.n)
		return taken_by(revision);
	return (struct injection){ .in = str_eq(pod_mark(pod->labels, S("sidecar.istio.io/inject")),
						S("true")) };
}

static bool is_gateway_template(const struct pod_marks *pod)
{
	struct str key = S("inject.istio.io/templates");

	return str_eq(pod_mark(pod->annotations, key), S("gateway")) ||
	       str_eq(pod_mark(pod->labels, key), S("gateway"));
}

/*
 * A container that is the proxy already is in the mesh whatever the labels say;
 * one with the image `auto` only runs because somebody injected it.
 */
static bool is_proxy_itself(const struct pod_marks *pod)
{
	struct str label = pod_mark(pod->labels, S("sidecar.istio.io/inject"));

	if (pod->has_proxy)
		return true;
	return pod->has_auto_image && (is_gateway_template(pod) || str_eq(label, S("true")));
}

struct injection injection_of(const struct pod_marks *pod)
{
	struct injection by = by_labels(pod);
	bool proxy = is_proxy_itself(pod);

	if (!by.in || is_refused(pod))
		by = proxy ? taken_by(by.in ? by.revision
					    : pod_mark(pod->labels, S("istio.io/rev")))
			   : (struct injection){ 0 };
	by.proxy = proxy && pod->only_proxy;
	return by;
}
