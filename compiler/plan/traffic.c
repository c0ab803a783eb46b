/*
 * Traffic of one cluster: for every destination that policies act on, its routes
 * per port and its client settings, as callers in this cluster meet them.
 *
 * The default law: policies add treatment, never take service away. The last
 * route of every port leads to the original destination.
 */
#include "base/base.h"

#include "plan/local.h"

/* Control planes of one kind read the same objects, whichever of them a workload belongs to. */
static void add_neighbours(struct cluster_job *job, const struct service *s, struct mesh_list *out)
{
	const struct cluster *c = job->cluster;

	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (c->meshes.at[i]->kind == s->mesh->kind)
			vec_add(job->mem, out, c->meshes.at[i]);
}

struct destination_plan *destination_of(struct cluster_job *job, const struct service *s)
{
	const struct builder *b = job->builder;
	bool remote = s->cluster != job->cluster;
	const struct federated *f = remote ? b->federated[id_of(b, s)] : NULL;
	struct str host = host_from(job->mem, b, s, job->cluster);
	void **slot = map_put(&job->by_host, host);
	struct destination_plan *d;

	if (*slot)
		return &job->out->destinations.at[(uintptr_t)*slot - 1];
	d = vec_push(job->mem, &job->out->destinations);
	*slot = (void *)(uintptr_t)job->out->destinations.n;
	d->service = s;
	d->host = host;
	d->remote = remote;
	if (!remote)
		add_neighbours(job, s, &d->callers);
	for (uint32_t i = 0; f && i < f->to.n; i++)
		if (f->to.at[i]->cluster == job->cluster)
			vec_add(job->mem, &d->callers, f->to.at[i]);
	return d;
}

static void lead_home(struct cluster_job *job, const struct service *s, struct str host,
		      struct route *route)
{
	struct backend *backend = vec_push(job->mem, &route->to);

	backend->service = s;
	backend->host = host;
	backend->port = route->port;
	backend->weight = 100;
}

/* One route for one port, its backends resolved. */
static struct route route_for(struct cluster_job *job, const struct service *s, struct str host,
			      const struct merged_route *merged, uint32_t port)
{
	struct route route = { .name = merged->name,
			       .port = port,
			       .when = merged->when,
			       .effect = merged->effect,
			       .sources = merged->sources };
	const struct traffic_shift *shift = effect_shift(&route.effect);
	const struct mirror *mirror = effect_mirror(&route.effect);

	if (shift)
		backends_of_shift(job, s, shift, &route);
	if (!route.to.n)
		lead_home(job, s, host, &route);
	if (mirror)
		backend_of_mirror(job, mirror, &route);
	return route;
}

static bool is_named(const struct policy_set *set, uint32_t policy)
{
	for (uint32_t i = 0; i < set->atoms.n; i++)
		if (set->atoms.at[i].policy == policy && set->atoms.at[i].by_name)
			return true;
	return false;
}

/* The i-th policy of the set means this service: it names it, or selects no other kind. */
static bool expects_http(const struct cluster_job *job, const struct service *s,
			 const struct policy_set *set, uint32_t i)
{
	const struct builder *b = job->builder;
	const struct id_list *bound = &b->traffic[id_of(b, s)];

	for (uint32_t j = 0; j < bound->n; j++)
		if (b->snapshot->traffic_policies.at[bound->at[j]] == set->all.at[i])
			return is_named(set, i) || !b->meets_http[bound->at[j]];
	return false;
}

static void note_no_http(struct cluster_job *job, const struct service *s,
			 const struct policy_set *set)
{
	for (uint32_t i = 0; i < set->all.n; i++) {
		const struct resource *policy = set->all.at[i];
		struct finding *f;

		if (!policy_sets(policy, false))
			continue;
		f = expects_http(job, s, set, i) ? report_no_http_port(job->diags, policy->at,
								       service_title(job->mem, s))
						 : report_skips_tcp(job->diags, policy->at,
								    policy_title(job->mem, policy));
		note(f, s->at, "this service");
	}
}

static void add_routes(struct cluster_job *job, const struct service *s,
		       const struct policy_set *set, const struct merged_routes *merged)
{
	bool any = false;

	for (uint32_t i = 0; merged->all.n && i < s->ports.n; i++) {
		struct destination_plan *d;
		uint32_t at;

		if (!protocol_carries_http(s->ports.at[i].protocol))
			continue;
		any = true;
		d = destination_of(job, s);
		at = (uint32_t)(d - job->out->destinations.at);
		vec_reserve(job->mem, &d->routes, d->routes.n + merged->all.n);
		for (uint32_t j = 0; j < merged->all.n; j++) {
			struct route route = route_for(job, s, d->host, &merged->all.at[j],
						       s->ports.at[i].number);

			/* Resolving may add destinations, and so move the one at hand. */
			d = &job->out->destinations.at[at];
			vec_add(job->mem, &d->routes, route);
		}
	}
	if (merged->all.n && !any)
		note_no_http(job, s, set);
}

/* A federated connection is mutual TLS, or the gateway cannot route it. */
static void check_tls(struct cluster_job *job, const struct service *s, const struct effect *client)
{
	const struct mtls_policy *mtls = effect_mtls(client);
	const struct istio_mtls *tls = mtls ? mtls->istio : NULL;

	if (s->cluster == job->cluster || !tls || tls->tls_mode.v == TLS_MODE_ISTIO_MUTUAL)
		return;
	help(report_tls_off_federated(job->diags, tls->tls_mode.at,
				      tls->tls_mode.v == TLS_MODE_DISABLE ? S("DISABLE")
									  : S("SIMPLE"),
				      service_title(job->mem, s)),
	     "narrow the policy to callers in cluster `%.*s` with `sourceSelector`",
	     STR(s->cluster->name));
}

/* The sources are all that take part, as with routes: of two that say the same neither made it alone. */
static void add_client(struct cluster_job *job, struct merge_context *cx, const struct service *s)
{
	static const struct condition any_request;
	struct id_list matched = { 0 };
	struct effect client;

	for (uint32_t i = 0; i < cx->set->atoms.n; i++)
		if (condition_is_any(&cx->set->atoms.at[i].when))
			vec_add(job->scratch, &matched, i);
	merge_effect(cx, &(struct matching){ &any_request, &matched, NULL }, true, &client);
	check_tls(job, s, &client);
	for (uint32_t i = 0; i < matched.n; i++) {
		const struct resource *policy =
			cx->set->all.at[cx->set->atoms.at[matched.at[i]].policy];
		struct destination_plan *d;

		if (!policy_sets(policy, true))
			continue;
		d = destination_of(job, s);
		d->client = client;
		sources_add(job->mem, &d->sources, policy);
	}
}

static void add_destination(struct cluster_job *job, const struct service *s)
{
	struct policy_set set;
	struct merged_routes merged;
	struct merge_context cx = { job->mem, job->scratch, job->diags, &set, s, job->cluster };
	struct arena_mark mark = arena_mark(job->scratch);

	atoms_collect(job->scratch, job->builder, s, job->cluster, &set);
	if (set.all.n) {
		routes_merge(&cx, &merged);
		add_routes(job, s, &set, &merged);
		add_client(job, &cx, s);
	}
	arena_rewind(job->scratch, mark);
}

void traffic_build(struct cluster_job *job)
{
	const struct builder *b = job->builder;
	const struct id_list *imports = &b->imports[job->cluster->index];

	vec_reserve(job->mem, &job->out->destinations, job->cluster->n_services + imports->n);
	for (uint32_t i = 0; i < job->cluster->n_services; i++)
		add_destination(job, &job->cluster->services[i]);
	for (uint32_t i = 0; i < imports->n; i++)
		add_destination(job, service_of(b, imports->at[i]));
}
