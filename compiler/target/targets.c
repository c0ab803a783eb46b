/*
 * The meshes that meshc can print for. Whatever is not a row here gets
 * mesh_not_targeted where something was planned for it (lower.c).
 */
#include "base/base.h"
#include "target/target.h"

#include "target/istio/istio.h"
#include "target/linkerd/linkerd.h"

const struct target *const targets[] = {
	&target_istio,
	&target_linkerd,
	NULL,
};
