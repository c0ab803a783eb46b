/*
 * Targets of publishing: which one is meant, and the part of the output that it gets.
 */
#include "base/base.h"
#include "driver/local.h"
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

static bool is_chosen(struct arena *scratch, const struct publish_target_options *target,
		      struct str folder)
{
	for (uint32_t i = 0; i < target->clusters.n; i++)
		if (str_eq(folder,
			   str_format(scratch, "clusters/%.*s/", STR(target->clusters.at[i]))))
			return true;
	return !target->clusters.n || !str_starts(folder, S("clusters/"));
}

void target_files(struct arena *mem, const struct fileset *all,
		  const struct publish_target_options *target, struct fileset *out)
{
	uint32_t next = 0;

	*out = (struct fileset){ 0 };
	for (uint32_t i = 0; i < all->clusters.n; i++) {
		struct cluster_files c = all->clusters.at[i];
		bool chosen = is_chosen(mem, target, c.folder);
		uint32_t to = c.to;

		for (; next < c.from; next++)
			vec_add(mem, &out->all, all->all.at[next]);
		c.from = out->all.n;
		for (; next < to; next++)
			if (chosen)
				vec_add(mem, &out->all, all->all.at[next]);
		c.to = out->all.n;
		if (chosen)
			vec_add(mem, &out->clusters, c);
	}
	for (; next < all->all.n; next++)
		vec_add(mem, &out->all, all->all.at[next]);
}

uint32_t count_clusters(const struct fileset *files)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < files->clusters.n; i++)
		n += str_starts(files->clusters.at[i].folder, S("clusters/"));
	return n;
}
