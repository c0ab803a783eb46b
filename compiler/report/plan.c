/*
 * The plan of every cluster as one document. It is read and not judged: no word is put
 * into it that the plan does not say.
 */
#include "base/base.h"
#include "report/plan.h"

#include "report/local.h"

static void put_cluster(struct part p, const struct cluster_plan *c)
{
	part_text(p, "cluster", c->cluster->name);
	PUT_EACH(p, "destinations", &c->destinations, put_destination);
	PUT_EACH(p, "exports", &c->exports, put_export);
	PUT_EACH(p, "gateways", &c->gateways, put_gateway);
	PUT_EACH(p, "trusts", &c->trusts, put_trust);
	PUT_EACH(p, "peers", &c->peers, put_peer);
	PUT_EACH(p, "clustersets", &c->clustersets, put_clusterset);
	PUT_EACH(p, "guards", &c->guards, put_guard);
	PUT_EACH(p, "access", &c->access, put_access);
}

static struct doc document_of(struct arena *mem, const struct files *files, const struct plan *plan)
{
	struct part p = { doc_new(mem), files }, clusters;

	part_text(p, "schema", S("meshc.dev/plan/v1"));
	clusters = part_list(p, "clusters", plan->n_clusters);
	for (uint32_t i = 0; i < plan->n_clusters; i++)
		put_cluster(part_item(clusters), &plan->clusters[i]);
	return p.doc;
}

void report_plan_json(struct buf *out, const struct files *files, const struct plan *plan)
{
	doc_write(document_of(out->mem, files, plan), out);
}

void report_plan_text(struct buf *out, const struct files *files, const struct plan *plan)
{
	doc_write_yaml(document_of(out->mem, files, plan), out);
}
