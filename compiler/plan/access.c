/*
 * Who may call what. A service that an AccessPolicy selects lets in what the
 * policies list and nobody else; a virtual mesh with global access control lets
 * in nobody by default, and its gateways everybody, or nothing would arrive.
 * Who the callers are is said in identity.c.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static struct str ports_text(struct arena *mem, const struct numbers *ports)
{
	struct str text = S("");

	for (uint32_t i = 0; i < ports->n; i++)
		text = str_format(mem, "%.*s%s%" PRId64, STR(text), i ? ", " : "",
				  ports->item[i].v);
	return text;
}

/* Proxies see the container's port, policies name the service's. */
static void grant_ports(struct granting *x, const struct numbers *allowed)
{
	struct cluster_job *job = x->job;
	struct port_numbers targets = { 0 };
	bool any = !allowed->n;

	for (uint32_t i = 0; i < allowed->n; i++) {
		const struct service_port *port =
			service_port(x->service, (uint32_t)allowed->item[i].v);

		if (!port)
			continue;
		any = true;
		port_targets(job->mem, x->service, port, &targets);
		if (!port->target)
			note(report_target_port_unresolved(job->diags, allowed->item[i].at,
							   str_format(job->mem, "%u", port->number),
							   service_title(job->mem, x->service)),
			     x->service->at, "its `targetPort` is `%.*s`", STR(port->target_name));
	}
	sort_stable(job->mem, targets.at, targets.n, sizeof *targets.at, by_number);
	for (uint32_t i = 0; i < targets.n; i++)
		vec_add(job->mem, &x->rule->ports, targets.at[i]);
	if (!any)
		note(report_access_port_unknown(job->diags, allowed->at,
						service_title(job->mem, x->service),
						ports_text(job->mem, allowed)),
		     x->service->at, "nobody could call this service");
}

/* A TCP port that is named beside paths or methods would be closed: what cannot be checked does not match. */
static bool check_named_ports(struct granting *x, const struct numbers *allowed,
			      const struct texts *list, const char *name)
{
	bool sound = true;

	for (uint32_t i = 0; i < allowed->n; i++) {
		const struct service_port *port =
			service_port(x->service, (uint32_t)allowed->item[i].v);

		if (!port || protocol_carries_http(port->protocol))
			continue;
		note(report_access_port_not_http(x->job->diags, list->at, str_of(name),
						 str_format(x->job->mem, "%u", port->number),
						 service_title(x->job->mem, x->service)),
		     allowed->item[i].at, "allowed here");
		sound = false;
	}
	return sound;
}

static void check_http(struct granting *x, const struct numbers *allowed, const struct texts *list,
		       const char *name)
{
	if (!list->n || !check_named_ports(x, allowed, list, name))
		return;
	for (uint32_t i = 0; i < x->service->ports.n; i++)
		if (protocol_carries_http(x->service->ports.at[i].protocol))
			return;
	note(report_access_needs_http(x->job->diags, list->at, str_of(name),
				      service_title(x->job->mem, x->service)),
	     x->service->at, "this service");
}

/* What may be called: all rules of the policy have it in common. */
static void grant_requests(struct granting *x, const struct access_policy_spec *spec)
{
	x->rule->policy = x->policy;
	x->rule->at = x->policy->at;
	grant_ports(x, &spec->allowed_ports);
	check_http(x, &spec->allowed_ports, &spec->allowed_paths, "allowedPaths");
	check_http(x, &spec->allowed_ports, &spec->allowed_methods, "allowedMethods");
	for (uint32_t i = 0; i < spec->allowed_paths.n; i++)
		vec_add(x->job->mem, &x->rule->paths, spec->allowed_paths.item[i].s);
	for (uint32_t i = 0; i < spec->allowed_methods.n; i++)
		vec_add(x->job->mem, &x->rule->methods, spec->allowed_methods.item[i].s);
}

/* A rule for all callers that may come from anywhere. An empty list: every identity of the service's own mesh, as Gloo documents it. */
static void grant_anywhere(struct granting *x, const struct access_policy_spec *spec,
			   struct access_plan *out)
{
	bool any = !spec->source_selector.n;

	if (any)
		identities_grant_own(x, spec->at);
	for (uint32_t i = 0; i < spec->source_selector.n; i++) {
		const struct identity_selector *selector = &spec->source_selector.item[i];

		if (selector->request_ip_matcher)
			continue;
		identities_grant(x, selector);
		any = true;
	}
	if (any)
		vec_add(x->job->mem, &out->rules, *x->rule);
}

/* A rule for the callers of one selector, who must have an address as well. */
static void grant_from(struct granting *x, const struct identity_selector *selector,
		       struct access_plan *out)
{
	networks_add(x->job->mem, selector->request_ip_matcher, &x->rule->networks);
	if (!x->rule->networks.n)
		return; /* reported */
	x->rule->anybody = !selector->kube_identity_matcher && !selector->kube_service_account_refs;
	identities_grant(x, selector);
	vec_add(x->job->mem, &out->rules, *x->rule);
}

static void grant(struct cluster_job *job, const struct service *s, const struct resource *policy,
		  struct access_plan *out)
{
	const struct access_policy_spec *spec = ((const struct access_policy *)policy->body)->spec;
	struct access_rule requests = { 0 }, rule;
	struct granting x = { job, s, policy, &requests };

	grant_requests(&x, spec);
	x.rule = &rule;
	rule = requests;
	grant_anywhere(&x, spec, out);
	for (uint32_t i = 0; i < spec->source_selector.n; i++) {
		if (!spec->source_selector.item[i].request_ip_matcher)
			continue;
		rule = requests;
		grant_from(&x, &spec->source_selector.item[i], out);
	}
	sources_add(job->mem, &out->sources, policy);
}

static void add_service(struct cluster_job *job, const struct service *s)
{
	const struct id_list *bound = &job->builder->access[id_of(job->builder, s)];
	struct access_plan *out;

	if (!bound->n)
		return;
	if (!s->selector.n) {
		const struct resource *policy =
			job->builder->snapshot->access_policies.at[bound->at[0]];

		note(report_access_no_selector(job->diags, policy->at, service_title(job->mem, s)),
		     s->at, "this service");
		return;
	}
	out = vec_push(job->mem, &job->out->access);
	neighbours_check(job, s, job->builder->snapshot->access_policies.at[bound->at[0]]);
	out->kind = ACCESS_SERVICE;
	out->mesh = s->mesh;
	out->service = s;
	out->selector = s->selector;
	for (uint32_t i = 0; i < bound->n; i++)
		grant(job, s, job->builder->snapshot->access_policies.at[bound->at[i]], out);
}

static const struct resource *virtual_mesh_of(const struct builder *b, const struct mesh *mesh)
{
	return b->virtual_mesh[mesh_index(&b->snapshot->inventory, mesh)];
}

static bool denies_by_default(const struct resource *virtual_mesh)
{
	return virtual_mesh &&
	       ((const struct virtual_mesh *)virtual_mesh->body)->spec->global_access_policy.v ==
		       GLOBAL_ACCESS_POLICY_ENABLED;
}

/* Whose denial acts on the mesh: its own virtual mesh's, or that of a neighbour with the same root namespace. */
static const struct resource *denial_of(const struct builder *b, const struct mesh *mesh)
{
	const struct cluster *c = mesh->cluster;

	if (denies_by_default(virtual_mesh_of(b, mesh)))
		return virtual_mesh_of(b, mesh);
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (mesh->root_space.n && str_eq(c->meshes.at[i]->root_space, mesh->root_space) &&
		    denies_by_default(virtual_mesh_of(b, c->meshes.at[i])))
			return virtual_mesh_of(b, c->meshes.at[i]);
	return NULL;
}

static void add_nothing(struct cluster_job *job, const struct mesh *mesh)
{
	const struct resource *denial = denial_of(job->builder, mesh),
			      *mine = virtual_mesh_of(job->builder, mesh);
	struct access_plan *out;

	if (!denial)
		return;
	out = vec_push(job->mem, &job->out->access);
	out->kind = ACCESS_NOTHING;
	out->mesh = mesh;
	sources_add(job->mem, &out->sources, denial);
	if (denial != mine)
		note(report_denial_shared(job->diags, denial->at, mesh->name, mesh->root_space),
		     mesh->at, "this mesh");
}

static const struct gateway_plan *east_west(const struct builder *b, const struct service *s)
{
	const struct mesh_gateways *gateways =
		&b->gateways[mesh_index(&b->snapshot->inventory, s->mesh)];

	for (uint32_t i = 0; i < gateways->all.n; i++)
		if (gateways->all.at[i].service == s)
			return &gateways->all.at[i];
	return NULL;
}

static bool is_noted(const struct service *s)
{
	for (uint32_t i = 0; i < s->mesh->ingress_gateways.n; i++)
		if (str_eq(s->mesh->ingress_gateways.at[i].name, s->name) &&
		    str_eq(s->mesh->ingress_gateways.at[i].space, s->space))
			return true;
	return false;
}

/* Can be reached from outside. */
static bool is_exposed_proxy(const struct service *s)
{
	return runs_proxies_only(s) &&
	       (s->addresses.n || s->type == SERVICE_LOAD_BALANCER || s->type == SERVICE_NODE_PORT);
}

/* An ingress gateway takes what comes. One that is only there for other clusters, of which none comes, takes nothing. */
static bool is_ingress(const struct builder *b, const struct service *s)
{
	const struct resource *r = virtual_mesh_of(b, s->mesh);
	const struct federation *spec =
		r ? ((const struct virtual_mesh *)r->body)->spec->federation : NULL;

	if (gateway_is_default(s) || is_noted(s))
		return true;
	return is_exposed_proxy(s) && !(spec && gateway_is_selected(spec, s));
}

static void open_gateway(struct cluster_job *job, const struct service *s,
			 const struct resource *source, uint32_t port)
{
	struct access_plan *out = vec_push(job->mem, &job->out->access);
	struct access_rule *rule;

	out->kind = ACCESS_GATEWAY;
	out->mesh = s->mesh;
	out->service = s;
	out->selector = s->selector;
	sources_add(job->mem, &out->sources, source);
	rule = vec_push(job->mem, &out->rules);
	rule->anybody = true;
	if (port)
		vec_add(job->mem, &rule->ports, port);
}

/*
 * An east-west gateway takes everybody at its one port, whoever else may call it:
 * it does not open connections, so it never learns who calls.
 */
static void add_gateway(struct cluster_job *job, const struct service *s)
{
	const struct builder *b = job->builder;
	const struct resource *denial = denial_of(b, s->mesh);
	const struct gateway_plan *g = east_west(b, s);
	bool bound = b->access[id_of(b, s)].n > 0;

	if (!s->selector.n)
		return;
	if (denial && is_ingress(b, s))
		open_gateway(job, s, denial, 0);
	else if (g && (denial || bound))
		open_gateway(job, s, g->virtual_mesh, g->container_port);
}

void access_build(struct cluster_job *job)
{
	const struct cluster *c = job->cluster;

	for (uint32_t i = 0; i < c->meshes.n; i++)
		add_nothing(job, c->meshes.at[i]);
	for (uint32_t i = 0; i < c->n_services; i++)
		add_gateway(job, &c->services[i]);
	for (uint32_t i = 0; i < c->n_services; i++)
		add_service(job, &c->services[i]);
	guards_build(job);
}

struct port_use {
	bool *seen;   /* per allowed port: some selected service has it */
	bool refused; /* some selected service has none: reported there */
};

static void note_ports(struct port_use *use, const struct numbers *allowed, const struct service *s)
{
	bool any = !allowed->n;

	for (uint32_t i = 0; i < allowed->n; i++) {
		bool has = service_port(s, (uint32_t)allowed->item[i].v) != NULL;

		use->seen[i] |= has;
		any |= has;
	}
	use->refused |= !any;
}

static const struct numbers *ports_of(const struct resource *policy)
{
	return &((const struct access_policy *)policy->body)->spec->allowed_ports;
}

/* A port that no selected service has would silently grant nothing. */
void access_check_ports(struct arena *mem, struct diags *diags, const struct builder *b)
{
	const struct resource **policies = b->snapshot->access_policies.at;
	uint32_t n = b->snapshot->access_policies.n;
	struct port_use *use = NEW(mem, struct port_use, n);

	for (uint32_t i = 0; i < n; i++)
		use[i].seen = NEW(mem, bool, ports_of(policies[i])->n);
	for (service_id id = 0; id < b->n_services; id++)
		for (uint32_t i = 0; i < b->access[id].n; i++) {
			uint32_t policy = b->access[id].at[i];

			note_ports(&use[policy], ports_of(policies[policy]), service_of(b, id));
		}
	for (uint32_t i = 0; i < n; i++) {
		const struct numbers *allowed = ports_of(policies[i]);

		for (uint32_t j = 0; !use[i].refused && j < allowed->n; j++)
			if (!use[i].seen[j])
				report_access_port_unused(
					diags, allowed->item[j].at,
					str_format(mem, "%" PRId64, allowed->item[j].v));
	}
}
