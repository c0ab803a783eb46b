/*
 * How far a difference reaches: clusters, namespaces, services and workloads that are
 * touched, of all there are, and how many objects.
 */
#include "base/base.h"
#include "report/diff_local.h"

struct census {
	struct arena *mem;
	struct map seen;
};

static bool is_first(struct census *c, struct str what)
{
	void **slot = map_put(&c->seen, what);
	bool first = !*slot;

	*slot = c;
	return first;
}

/* Namespaces, services and workloads of a side; those of the head are all, those of the base only if they are touched. */
static void count_fleet(struct arena *mem, const struct plan *plan, struct diff *out)
{
	struct census spaces = { mem, map_new(mem) };

	for (uint32_t i = 0; i < plan->n_clusters; i++) {
		const struct cluster *c = plan->clusters[i].cluster;

		out->services.all += c->n_services;
		out->workloads.all += c->n_workloads;
		for (uint32_t k = 0; k < c->n_services; k++)
			if (!k || !str_eq(c->services[k].space, c->services[k - 1].space))
				out->namespaces.all += is_first(&spaces, c->services[k].space);
	}
}

static void count_touched(struct arena *mem, struct diff *out)
{
	struct census seen = { mem, map_new(mem) };

	for (uint32_t i = 0; i < out->n_clusters; i++) {
		const struct diff_cluster *cluster = &out->clusters[i];

		out->in_clusters.n += cluster->changes.n > 0;
		for (uint32_t k = 0; k < cluster->touched.n; k++) {
			const struct service *s = cluster->touched.at[k];

			if (!is_first(&seen, str_join(mem, S("service "), service_title(mem, s))))
				continue;
			out->services.n++;
			out->namespaces.n += is_first(&seen, str_join(mem, S("space "), s->space));
			for (uint32_t w = 0; w < s->workloads.n; w++)
				out->workloads.n += is_first(
					&seen,
					str_format(mem, "workload %.*s %.*s %.*s %s",
						   STR(s->cluster->name),
						   STR(s->workloads.at[w]->space),
						   STR(s->workloads.at[w]->name),
						   workload_kind_name(s->workloads.at[w]->kind)));
		}
	}
}

static void at_least(struct diff_count *count)
{
	count->all = count->all < count->n ? count->n : count->all;
}

/* One object that changed here so and there so is one object to change. */
static void count_groups(struct arena *mem, struct diff *out)
{
	struct census seen = { mem, map_new(mem) };

	for (uint32_t i = 0; i < out->groups.n; i++) {
		const struct diff_group *g = &out->groups.at[i];
		const struct diff_change *c = g->change;

		if ((c->new ? c->new : c->old)->beside)
			continue;
		out->objects += g->clusters.n;
		if (!is_first(&seen, c->identity))
			continue;
		out->change += c->op == DIFF_MODIFY;
		out->add += c->new && c->op != DIFF_MODIFY;
		out->remove += c->old && c->op != DIFF_MODIFY;
	}
}

void count_all(struct arena *mem, struct diff *out)
{
	out->in_clusters.all = out->n_clusters;
	count_fleet(mem, out->head->plan, out);
	count_touched(mem, out);
	at_least(&out->namespaces);
	at_least(&out->services);
	at_least(&out->workloads);
	count_groups(mem, out);
}
