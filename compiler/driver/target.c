/*
 * Targets of publishing: which one is meant.
 */
#include "base/base.h"
#include "driver/publish.h"

const struct publish_target_options *target_find(struct diags *d, const struct fleet_options *fleet,
						 const char *name)
{
	struct finding *f;

	for (uint32_t i = 0; i < fleet->targets.n; i++)
		if (name ? str_eq(fleet->targets.at[i].name, str_of(name)) : fleet->targets.n == 1)
			return &fleet->targets.at[i];
	f = report_unknown_target(d, fleet->at, name ? str_of(name) : S(""));
	if (!fleet->targets.n)
		help(f, "`spec.targets` of the Fleet names the branches that are published to");
	else
		help(f, "`--target` names one of those in `spec.targets`");
	return NULL;
}
