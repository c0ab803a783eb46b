/*
 * Callers that a policy means and that nobody treats: what is done to requests is done
 * by the proxies of the service's own mesh, and a cluster may run workloads of another.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

static bool is_meant(const struct traffic_policy_spec *spec, const struct workload *w)
{
	for (uint32_t i = 0; i < spec->source_selector.n; i++)
		if (workload_selector_admits(&spec->source_selector.item[i], w->cluster) &&
		    workload_selector_matches(&spec->source_selector.item[i], w))
			return true;
	return !spec->source_selector.n;
}

static const struct workload *first_meant(const struct cluster *c, const struct mesh *mesh,
					  const struct traffic_policy_spec *spec)
{
	for (uint32_t i = 0; i < c->n_workloads; i++)
		if (c->workloads[i].mesh == mesh && !c->workloads[i].is_proxy &&
		    is_meant(spec, &c->workloads[i]))
			return &c->workloads[i];
	return NULL;
}

static void check(struct cluster_job *job, const struct service *s, const struct resource *policy,
		  const struct mesh *other)
{
	const struct traffic_policy *body = policy->body;
	const struct workload *w = first_meant(job->cluster, other, body->spec);

	if (!w)
		return;
	note(report_callers_untreated(job->diags, policy->at, service_title(job->mem, s),
				      str_of(mesh_traits(s->mesh)->name),
				      str_of(mesh_traits(other)->name)),
	     w->at, "for example calls from this workload");
}

/* Once for a policy and a mesh, however many services the policy selects. */
void bystanders_check(struct cluster_job *job)
{
	const struct builder *b = job->builder;
	const struct cluster *c = job->cluster;
	bool *seen = NEW(job->mem, bool,
			 (size_t)b->snapshot->traffic_policies.n *(c->meshes.n ? c->meshes.n : 1));

	for (uint32_t i = 0; c->meshes.n > 1 && i < c->n_services; i++) {
		const struct service *s = &c->services[i];
		const struct id_list *bound = &b->traffic[id_of(b, s)];

		for (uint32_t k = 0; k < bound->n; k++)
			for (uint32_t m = 0; m < c->meshes.n; m++) {
				bool *done = &seen[bound->at[k] * c->meshes.n + m];

				if (c->meshes.at[m]->kind == s->mesh->kind || *done)
					continue;
				*done = true;
				check(job, s, b->snapshot->traffic_policies.at[bound->at[k]],
				      c->meshes.at[m]);
			}
	}
}
