/*
 * Whether a cluster serves the APIs of the objects it will get. Only a Cluster
 * that lists its `servedApis` is checked: without the list nothing is known.
 */
#include "base/base.h"
#include "target/local.h"

static bool is_served(const struct cluster *cluster, struct str api)
{
	for (uint32_t i = 0; i < cluster->served_apis.n; i++)
		if (str_eq(cluster->served_apis.at[i], api))
			return true;
	return false;
}

void check_served(struct diags *d, const struct cluster *cluster, const struct object_set *objects)
{
	struct str last = { 0 };

	for (uint32_t i = 0; cluster->served_apis.n && i < objects->all.n; i++) {
		const struct object *object = &objects->all.at[i];
		struct str api = node_get(object->body, S("apiVersion"))->u.text;

		if (str_eq(api, last) || is_served(cluster, api))
			continue;
		last = api;
		help(report_api_not_served(d, cluster->at, cluster->name, api),
		     "install the mesh's CRDs there, or add the API to `servedApis`");
	}
}
