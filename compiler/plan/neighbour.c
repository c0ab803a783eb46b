/*
 * Services that share workloads with one that access policies select.
 *
 * Where access is enforced at the workload, a service that no policy selects is
 * closed with its neighbour, at ports that the neighbour does not even have.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

static bool share_workload(const struct service *a, const struct service *b)
{
	for (uint32_t i = 0; i < a->workloads.n; i++)
		for (uint32_t j = 0; j < b->workloads.n; j++)
			if (a->workloads.at[i] == b->workloads.at[j])
				return true;
	return false;
}

static bool has_number(const struct port_numbers *list, uint32_t number)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (list->at[i] == number)
			return true;
	return false;
}

static void all_targets(struct arena *mem, const struct service *s, struct port_numbers *out)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		port_targets(mem, s, &s->ports.at[i], out);
}

/* A second name for the same ports (a headless twin) is no other service. */
static bool has_other_port(struct arena *mem, const struct service *other, const struct service *s)
{
	struct port_numbers mine = { 0 }, theirs = { 0 };

	all_targets(mem, s, &mine);
	all_targets(mem, other, &theirs);
	for (uint32_t i = 0; i < theirs.n; i++)
		if (!has_number(&mine, theirs.at[i]))
			return true;
	return false;
}

static void check(struct cluster_job *job, const struct service *s, const struct service *other,
		  const struct resource *policy)
{
	const struct builder *b = job->builder;

	if (other == s || b->access[id_of(b, other)].n || !share_workload(s, other) ||
	    !has_other_port(job->mem, other, s))
		return;
	help(report_neighbour_closed(job->diags, policy->at, service_title(job->mem, s),
				     service_title(job->mem, other)),
	     "select it as well, in a policy that says who may call it");
}

void neighbours_check(struct cluster_job *job, const struct service *s,
		      const struct resource *policy)
{
	const struct service *first = job->cluster->services,
			     *end = first + job->cluster->n_services;

	if (!mesh_traits(s->mesh)->closes_workloads)
		return;
	for (const struct service *at = s; at > first && str_eq(at[-1].space, s->space); at--)
		check(job, s, at - 1, policy);
	for (const struct service *at = s + 1; at < end && str_eq(at->space, s->space); at++)
		check(job, s, at, policy);
}
