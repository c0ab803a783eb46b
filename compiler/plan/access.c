/*
 * Who may call what. A service that an AccessPolicy selects lets in what the
 * policies list and nobody else; a virtual mesh with global access control lets
 * in nobody by default, and its gateways everybody, or nothing would arrive.
 *
 * Identities carry the trust domain, never the cluster: where two clusters share
 * one, naming only one of them promises what no proxy can check.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"

struct granting {
	struct cluster_job *job;
	const struct service *service;
	const struct resource *policy;
	struct access_rule *rule;
};

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void add_identity(struct granting *x, struct str identity)
{
	for (uint32_t i = 0; i < x->rule->identities.n; i++)
		if (str_eq(x->rule->identities.at[i], identity))
			return;
	vec_add(x->job->mem, &x->rule->identities, identity);
}

/* Meshes whose workloads can reach the service: its own and the others of its virtual mesh. */
static bool is_peer(const struct granting *x, const struct mesh *mesh)
{
	const struct builder *b = x->job->builder;
	const struct inventory *inventory = &b->snapshot->inventory;
	const struct resource *mine = b->virtual_mesh[mesh_index(inventory, x->service->mesh)];

	return mesh == x->service->mesh || (mine && b->virtual_mesh[mesh_index(inventory, mesh)] == mine);
}

/* ns, account: empty for any. */
static void add_account(struct granting *x, struct str trust_domain, struct str space, struct str account)
{
	struct arena *mem = x->job->mem;

	if (!space.n)
		add_identity(x, str_format(mem, "%.*s/ns/*", STR(trust_domain)));
	else if (!account.n)
		add_identity(x, str_format(mem, "%.*s/ns/%.*s/sa/*", STR(trust_domain), STR(space)));
	else
		add_identity(x, str_format(mem, "%.*s/ns/%.*s/sa/%.*s", STR(trust_domain), STR(space),
					   STR(account)));
}

static void add_account_of_cluster(struct granting *x, const struct cluster *c, struct str space,
				   struct str account)
{
	for (uint32_t i = 0; i < c->meshes.n; i++)
		add_account(x, c->meshes.at[i]->trust_domain, space, account);
}

static void add_account_of_peers(struct granting *x, struct str space, struct str account)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;

	for (uint32_t i = 0; i < inventory->n_meshes; i++)
		if (is_peer(x, &inventory->meshes[i]))
			add_account(x, inventory->meshes[i].trust_domain, space, account);
}

typedef bool (*is_meant)(const void *selector, const struct cluster *, uint32_t item);

/* Another cluster that can reach the service with the same identities, and is not meant. */
static void check_enforceable(struct granting *x, const struct cluster *c, struct span at, is_meant meant,
			      const void *selector, uint32_t item)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;

	for (uint32_t i = 0; i < inventory->n_meshes; i++) {
		const struct mesh *other = &inventory->meshes[i];

		if (other->cluster == c || !is_peer(x, other) || meant(selector, other->cluster, item))
			continue;
		for (uint32_t j = 0; j < c->meshes.n; j++) {
			struct finding *f;

			if (!str_eq(c->meshes.at[j]->trust_domain, other->trust_domain))
				continue;
			f = report_cluster_not_enforceable(x->job->diags, at, c->name,
							   other->cluster->name, other->trust_domain);
			help(f, "give the clusters different trust domains, or name both");
			return;
		}
	}
}

static bool is_listed(const void *selector, const struct cluster *c, uint32_t item)
{
	(void)item;
	return texts_have(&((const struct kube_identity_matcher *)selector)->clusters, c->name);
}

static void grant_matcher(struct granting *x, const struct kube_identity_matcher *m)
{
	const struct inventory *inventory = &x->job->builder->snapshot->inventory;
	const struct text any = { 0 }, *space = m->namespaces.n ? m->namespaces.item : &any;
	uint32_t n = m->namespaces.n ? m->namespaces.n : 1;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < m->clusters.n; j++) {
			const struct cluster *c =
				inventory_cluster(inventory, m->clusters.item[j].s);

			if (!c)
				continue;
			check_enforceable(x, c, m->clusters.item[j].at, is_listed, m, 0);
			add_account_of_cluster(x, c, space[i].s, S(""));
		}
		if (!m->clusters.n)
			add_account_of_peers(x, space[i].s, S(""));
	}
}

/* Another reference of the list means the same account of that cluster. */
static bool is_referred(const void *selector, const struct cluster *c, uint32_t item)
{
	const struct kube_service_account_refs *refs = selector;
	const struct cluster_object_ref *of = &refs->service_accounts.item[item];

	for (uint32_t i = 0; i < refs->service_accounts.n; i++) {
		const struct cluster_object_ref *ref = &refs->service_accounts.item[i];

		if (str_eq(ref->name.s, of->name.s) && str_eq(ref->namespace.s, of->namespace.s) &&
		    (!ref->cluster_name.s.n || str_eq(ref->cluster_name.s, c->name)))
			return true;
	}
	return false;
}

static void grant_accounts(struct granting *x, const struct kube_service_account_refs *refs)
{
	for (uint32_t i = 0; i < refs->service_accounts.n; i++) {
		const struct cluster_object_ref *ref = &refs->service_accounts.item[i];
		const struct cluster *c = inventory_cluster(&x->job->builder->snapshot->inventory,
							    ref->cluster_name.s);

		if (!ref->cluster_name.s.n) {
			add_account_of_peers(x, ref->namespace.s, ref->name.s);
		} else if (c) {
			check_enforceable(x, c, ref->cluster_name.at, is_referred, refs, i);
			add_account_of_cluster(x, c, ref->namespace.s, ref->name.s);
		}
	}
}

/* An empty list: every identity of the service's own mesh, as Gloo documents it. */
static void grant_sources(struct granting *x, const struct access_policy_spec *spec)
{
	if (!spec->source_selector.n)
		add_account(x, x->service->mesh->trust_domain, S(""), S(""));
	for (uint32_t i = 0; i < spec->source_selector.n; i++) {
		const struct identity_selector *selector = &spec->source_selector.item[i];

		if (selector->kube_identity_matcher)
			grant_matcher(x, selector->kube_identity_matcher);
		if (selector->kube_service_account_refs)
			grant_accounts(x, selector->kube_service_account_refs);
	}
	sort_stable(x->job->mem, x->rule->identities.at, x->rule->identities.n,
		    sizeof *x->rule->identities.at, by_bytes);
}

static struct str ports_text(struct arena *mem, const struct numbers *ports)
{
	struct str text = S("");

	for (uint32_t i = 0; i < ports->n; i++)
		text = str_format(mem, "%.*s%s%" PRId64, STR(text), i ? ", " : "", ports->item[i].v);
	return text;
}

/* Proxies see the container's port, policies name the service's. */
static void grant_ports(struct granting *x, const struct numbers *allowed)
{
	struct cluster_job *job = x->job;
	bool any = !allowed->n;

	for (uint32_t i = 0; i < allowed->n; i++) {
		const struct service_port *port =
			service_port(x->service, (uint32_t)allowed->item[i].v);

		if (!port)
			continue;
		any = true;
		if (port->target)
			vec_add(job->mem, &x->rule->ports, port->target);
		else
			note(report_target_port_unresolved(
				     job->diags, allowed->item[i].at,
				     str_format(job->mem, "%u", port->number),
				     service_title(job->mem, x->service)),
			     x->service->at, "its `targetPort` is `%.*s`", STR(port->target_name));
	}
	sort_stable(job->mem, x->rule->ports.at, x->rule->ports.n, sizeof *x->rule->ports.at, by_number);
	if (!any)
		note(report_access_port_unknown(job->diags, allowed->at,
						service_title(job->mem, x->service),
						ports_text(job->mem, allowed)),
		     x->service->at, "nobody could call this service");
}

static void check_http(struct granting *x, const struct texts *list, const char *name)
{
	if (!list->n)
		return;
	for (uint32_t i = 0; i < x->service->ports.n; i++)
		if (protocol_carries_http(x->service->ports.at[i].protocol))
			return;
	note(report_access_needs_http(x->job->diags, list->at, str_of(name),
				      service_title(x->job->mem, x->service)),
	     x->service->at, "this service");
}

static void grant(struct granting *x)
{
	const struct access_policy_spec *spec = ((const struct access_policy *)x->policy->body)->spec;

	x->rule->policy = x->policy;
	x->rule->at = x->policy->at;
	grant_sources(x, spec);
	grant_ports(x, &spec->allowed_ports);
	check_http(x, &spec->allowed_paths, "allowedPaths");
	check_http(x, &spec->allowed_methods, "allowedMethods");
	for (uint32_t i = 0; i < spec->allowed_paths.n; i++)
		vec_add(x->job->mem, &x->rule->paths, spec->allowed_paths.item[i].s);
	for (uint32_t i = 0; i < spec->allowed_methods.n; i++)
		vec_add(x->job->mem, &x->rule->methods, spec->allowed_methods.item[i].s);
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
	out->kind = ACCESS_SERVICE;
	out->service = s;
	out->space = s->space;
	out->selector = s->selector;
	for (uint32_t i = 0; i < bound->n; i++) {
		struct granting x = { job, s, job->builder->snapshot->access_policies.at[bound->at[i]],
				      vec_push(job->mem, &out->rules) };

		grant(&x);
		sources_add(job->mem, &out->sources, x.policy);
	}
}

static bool is_controlled(const struct builder *b, const struct mesh *mesh)
{
	const struct resource *r = b->virtual_mesh[mesh_index(&b->snapshot->inventory, mesh)];

	return r && ((const struct virtual_mesh *)r->body)->spec->global_access_policy.v ==
			    GLOBAL_ACCESS_POLICY_ENABLED;
}

static void add_nothing(struct cluster_job *job, const struct mesh *mesh)
{
	const struct builder *b = job->builder;
	const struct resource *r = b->virtual_mesh[mesh_index(&b->snapshot->inventory, mesh)];
	struct access_plan *out;

	for (uint32_t i = 0; i < job->out->access.n; i++)
		if (str_eq(job->out->access.at[i].space, mesh->root_space))
			return;
	out = vec_push(job->mem, &job->out->access);
	out->kind = ACCESS_NOTHING;
	out->space = mesh->root_space;
	sources_add(job->mem, &out->sources, r);
}

/* An ingress gateway takes what comes; an east-west gateway only its one port. 0: not a gateway. */
static bool gateway_port(const struct builder *b, const struct service *s, uint32_t *port)
{
	const struct mesh_gateways *gateways = &b->gateways[mesh_index(&b->snapshot->inventory, s->mesh)];

	*port = 0;
	if (str_eq(label_get(&s->selector, S("istio")), S("ingressgateway")))
		return true;
	for (uint32_t i = 0; i < s->mesh->ingress_gateways.n; i++)
		if (str_eq(s->mesh->ingress_gateways.at[i].name, s->name) &&
		    str_eq(s->mesh->ingress_gateways.at[i].space, s->space))
			return true;
	for (uint32_t i = 0; i < gateways->all.n; i++)
		if (gateways->all.at[i].service == s) {
			*port = gateways->all.at[i].container_port;
			return true;
		}
	return false;
}

static void add_gateway(struct cluster_job *job, const struct service *s)
{
	const struct builder *b = job->builder;
	struct access_plan *out;
	struct access_rule *rule;
	uint32_t port;

	if (!is_controlled(b, s->mesh) || !s->selector.n || !gateway_port(b, s, &port))
		return;
	out = vec_push(job->mem, &job->out->access);
	out->kind = ACCESS_GATEWAY;
	out->service = s;
	out->space = s->space;
	out->selector = s->selector;
	sources_add(job->mem, &out->sources,
		    b->virtual_mesh[mesh_index(&b->snapshot->inventory, s->mesh)]);
	rule = vec_push(job->mem, &out->rules);
	rule->anybody = true;
	if (port)
		vec_add(job->mem, &rule->ports, port);
}

void access_build(struct cluster_job *job)
{
	const struct cluster *c = job->cluster;

	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (is_controlled(job->builder, c->meshes.at[i]))
			add_nothing(job, c->meshes.at[i]);
	for (uint32_t i = 0; i < c->n_services; i++)
		add_gateway(job, &c->services[i]);
	for (uint32_t i = 0; i < c->n_services; i++)
		add_service(job, &c->services[i]);
}

struct port_use {
	bool *seen;                                           /* per allowed port: some selected service has it */
	bool refused;                                         /* some selected service has none: reported there */
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
