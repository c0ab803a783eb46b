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

/* How a document with one cluster or more is written: around the clusters, and between them. */
struct form {
	void (*write)(struct doc, struct buf *);
	struct str head, between, foot;
};

/* What stands between head and foot of the document that has this cluster alone. */
static void write_cluster(struct buf *out, const struct form *form, const struct files *files,
			  struct cluster_plan *cluster)
{
	struct plan alone = { .clusters = cluster, .n_clusters = 1 };
	struct arena *mem = arena_new();
	struct buf text = buf_new(mem, 0);
	struct str whole;

	form->write(document_of(mem, files, &alone), &text);
	whole = buf_view(&text);
	out->overflow = out->overflow || text.overflow;
	if (!text.overflow && !(str_starts(whole, form->head) && str_ends(whole, form->foot)))
		BUG("the plan of %.*s is written otherwise", STR(cluster->cluster->name));
	buf_str(out, str_slice(whole, form->head.n, whole.n - form->foot.n));
	arena_free(mem);
}

/* Cluster by cluster: the tree of a large fleet would take many times the room of its text. */
static void write_plan(struct buf *out, const struct form *form, const struct files *files,
		       const struct plan *plan)
{
	if (!plan->n_clusters) {
		form->write(document_of(out->mem, files, plan), out);
		return;
	}
	buf_str(out, form->head);
	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		buf_str(out, i ? form->between : S(""));
		write_cluster(out, form, files, &plan->clusters[i]);
	}
	buf_str(out, form->foot);
}

void report_plan_json(struct buf *out, const struct files *files, const struct plan *plan)
{
	const struct form form = {
		.write = doc_write,
		.head = S("{\n\t\"schema\":\t\"meshc.dev/plan/v1\",\n\t\"clusters\":\t["),
		.between = S(", "),
		.foot = S("]\n}\n"),
	};

	write_plan(out, &form, files, plan);
}

void report_plan_text(struct buf *out, const struct files *files, const struct plan *plan)
{
	const struct form form = {
		.write = doc_write_yaml,
		.head = S("schema: meshc.dev/plan/v1\nclusters:\n"),
		.between = S(""),
		.foot = S(""),
	};

	write_plan(out, &form, files, plan);
}
