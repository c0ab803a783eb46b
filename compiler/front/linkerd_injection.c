/*
 * Whether Linkerd takes a pod in, as its webhook decides it, from annotations and
 * not from pods that happen to run.
 *
 *	namespace linkerd.io/inject    pod linkerd.io/inject    taken in
 *	enabled, ingress               absent                   yes
 *	absent, disabled               enabled, ingress         yes
 *	any                            disabled                 no
 *	absent, disabled               absent                   no
 *	any other value at either                               no
 */
#include "base/base.h"
#include "front/local.h"

enum wish { WISH_ABSENT, WISH_IN, WISH_OUT, WISH_UNKNOWN };

static enum wish wish_of(struct str value)
{
	if (!value.p)
		return WISH_ABSENT;
	if (str_eq(value, S("enabled")) || str_eq(value, S("ingress")))
		return WISH_IN;
	return str_eq(value, S("disabled")) ? WISH_OUT : WISH_UNKNOWN;
}

static bool is_out_of_reach(const struct pod_marks *pod)
{
	return pod->host_network || str_eq(pod->space, S("kube-system")) ||
	       str_eq(pod->space, S("cert-manager")) ||
	       str_eq(label_get(&pod->namespace_labels, S("config.linkerd.io/admission-webhooks")),
		      S("disabled"));
}

static bool is_wanted(const struct pod_marks *pod)
{
	enum wish space = wish_of(label_get(&pod->namespace_annotations, S("linkerd.io/inject")));
	enum wish own = wish_of(pod_mark(pod->annotations, S("linkerd.io/inject")));

	if (space == WISH_UNKNOWN || own == WISH_UNKNOWN)
		return false;
	return own == WISH_ABSENT ? space == WISH_IN : own == WISH_IN;
}

/* The control plane has proxies of its own making, and no policy is about it. */
static bool is_control_plane(const struct pod_marks *pod)
{
	return pod_mark(pod->labels, S("linkerd.io/control-plane-component")).p != NULL;
}

struct injection linkerd_injection_of(const struct pod_marks *pod)
{
	bool in = pod->has_linkerd_proxy || (is_wanted(pod) && !is_out_of_reach(pod));

	return (struct injection){
		.in = in && !is_control_plane(pod),
		.proxy = str_eq(pod_mark(pod->annotations, S("config.linkerd.io/enable-gateway")),
				S("true")),
	};
}

/* A pod's own word, else its namespace's, else the mesh's. Words that Linkerd does not know do not count. */
bool linkerd_denies(const struct pod_marks *pod, const struct mesh *mesh)
{
	static const char *const open[] = { "all-unauthenticated", "all-authenticated",
					    "cluster-unauthenticated", "cluster-authenticated",
					    "audit" };
	struct str key = S("config.linkerd.io/default-inbound-policy");
	struct str words[] = { pod_mark(pod->annotations, key),
			       label_get(&pod->namespace_annotations, key) };

	for (uint32_t i = 0; i < countof(words); i++) {
		if (str_eq(words[i], S("deny")))
			return true;
		for (uint32_t k = 0; k < countof(open); k++)
			if (str_eq(words[i], str_of(open[k])))
				return false;
	}
	return mesh->denies;
}
