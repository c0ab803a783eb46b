/*
 * What a VirtualMesh says that has no effect, or not the one its words suggest.
 */
#include "base/base.h"

#include "rules/local.h"

void rule_virtual_mesh(struct rule_cx *cx, const struct resource *r,
		       const struct virtual_mesh_spec *spec)
{
	if (is_clusterset(r) && spec->federation && !spec->federation->flat_network.v)
		help(report_clusterset_needs_flat(cx->diags, spec->federation->at),
		     "set `flatNetwork`, or take the annotation away");
	if (given(spec->global_access_policy) &&
	    spec->global_access_policy.v == GLOBAL_ACCESS_POLICY_DISABLED)
		report_access_disabled_noop(cx->diags, spec->global_access_policy.at);
}
