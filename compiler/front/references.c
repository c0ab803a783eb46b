/*
 * Every reference and selector of every declaration, checked against the finished
 * inventory. What a reference is good for is somebody else's question (rules/, plan/).
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/model.gen.h"

enum { POLICIES_PER_JOB = 64 };

static void check_shift(struct checker *c, const struct traffic_shift *shift)
{
	for (uint32_t i = 0; i < shift->destinations.n; i++) {
		const struct weighted_kube_service *to = shift->destinations.item[i].kube_service;

		if (to)
			reference_service(c, &to->name, &to->namespace, &to->cluster_name, to->at);
	}
}

static void check_traffic_policy(struct checker *c, const struct traffic_policy_spec *spec)
{
	const struct cluster_object_ref *mirror = NULL;

	for (uint32_t i = 0; i < spec->source_selector.n; i++)
		selector_check_workload(c, &spec->source_selector.item[i]);
	for (uint32_t i = 0; i < spec->destination_selector.n; i++)
		selector_check_destination(c, &spec->destination_selector.item[i]);
	if (!spec->policy)
		return;
	if (spec->policy->traffic_shift)
		check_shift(c, spec->policy->traffic_shift);
	if (spec->policy->mirror)
		mirror = spec->policy->mirror->kube_service;
	if (mirror)
		reference_service(c, &mirror->name, &mirror->namespace, &mirror->cluster_name,
				  mirror->at);
}

static void check_access_policy(struct checker *c, const struct access_policy_spec *spec)
{
	for (uint32_t i = 0; i < spec->source_selector.n; i++)
		selector_check_identity(c, &spec->source_selector.item[i]);
	for (uint32_t i = 0; i < spec->destination_selector.n; i++)
		selector_check_destination(c, &spec->destination_selector.item[i]);
}

static void check_federation(struct checker *c, const struct federation *federation)
{
	for (uint32_t i = 0; i < federation->selectors.n; i++) {
		const struct federation_selector *s = &federation->selectors.item[i];

		for (uint32_t k = 0; k < s->destination_selectors.n; k++)
			selector_check_destination(c, &s->destination_selectors.item[k]);
		for (uint32_t k = 0; k < s->meshes.n; k++)
			reference_mesh(c, &s->meshes.item[k]);
	}
	for (uint32_t i = 0; i < federation->ingress_gateway_selectors.n; i++) {
		const struct ingress_gateway_selector *s =
			&federation->ingress_gateway_selectors.item[i];

		for (uint32_t k = 0; k < s->destination_selectors.n; k++)
			selector_check_destination(c, &s->destination_selectors.item[k]);
	}
}

static void check_virtual_mesh(struct checker *c, const struct virtual_mesh_spec *spec)
{
	for (uint32_t i = 0; i < spec->meshes.n; i++)
		reference_mesh(c, &spec->meshes.item[i]);
	if (spec->federation)
		check_federation(c, spec->federation);
}

struct checking {
	const struct snapshot *snapshot;
	struct resource_refs all;
	struct slot *slots;
};

static void check_some(uint32_t i, void *cx)
{
	struct checking *job = cx;
	struct checker c = { job->slots[i].mem, &job->slots[i].diags, job->snapshot };
	uint32_t from = i * POLICIES_PER_JOB, to = from + POLICIES_PER_JOB;

	for (uint32_t k = from; k < to && k < job->all.n; k++) {
		const struct resource *resource = job->all.at[k];

		if (resource->kind == KIND_TRAFFIC_POLICY)
			check_traffic_policy(&c,
					     ((const struct traffic_policy *)resource->body)->spec);
		else if (resource->kind == KIND_ACCESS_POLICY)
			check_access_policy(&c,
					    ((const struct access_policy *)resource->body)->spec);
		else
			check_virtual_mesh(&c, ((const struct virtual_mesh *)resource->body)->spec);
	}
}

static void add_all(struct pass *p, struct resource_refs *all, const struct resource *const *some,
		    uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		vec_add(p->mem, all, some[i]);
}

void references_check(struct pass *p, const struct snapshot *snapshot)
{
	struct checking job = { .snapshot = snapshot };
	uint32_t jobs;

	add_all(p, &job.all, snapshot->virtual_meshes.at, snapshot->virtual_meshes.n);
	add_all(p, &job.all, snapshot->traffic_policies.at, snapshot->traffic_policies.n);
	add_all(p, &job.all, snapshot->access_policies.at, snapshot->access_policies.n);
	jobs = (job.all.n + POLICIES_PER_JOB - 1) / POLICIES_PER_JOB;
	job.slots = slots_new(p->mem, jobs);
	pool_map(p->pool, jobs, check_some, &job);
	slots_join(p, job.slots, jobs);
}
