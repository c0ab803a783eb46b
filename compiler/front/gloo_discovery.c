/*
 * Gloo's own Mesh, Workload and Destination objects.
 *
 * They may stand alone or beside raw objects. Where both describe the same thing,
 * what Gloo's object says wins and the raw objects fill in the rest: somebody
 * wrote it down, and it is what policies were tried with. Which cluster an object
 * is about it says itself, wherever the file lies. Its pod addresses are never
 * read.
 */
#include "base/base.h"
#include "front/local.h"
#include "model/select.h"

/* Kinds that are held as free objects, with the field that holds them. */
static const struct {
	enum mesh_kind kind;
	size_t offset;
} free_meshes[] = {
	{ MESH_CONSUL, offsetof(struct discovered_mesh_spec, consul_connect) },
	{ MESH_OSM, offsetof(struct discovered_mesh_spec, osm) },
	{ MESH_APP_MESH, offsetof(struct discovered_mesh_spec, aws_app_mesh) },
};

static const struct node *free_mesh(const struct discovered_mesh_spec *spec, enum mesh_kind *kind)
{
	for (uint32_t i = 0; i < countof(free_meshes); i++) {
		const struct node *node =
			*(const struct node *const *)((const char *)spec + free_meshes[i].offset);

		if (!node)
			continue;
		*kind = free_meshes[i].kind;
		return node;
	}
	return NULL;
}

static struct str first_cluster(const struct node *mesh)
{
	const struct node *clusters = node_get(mesh, S("clusters"));
	const struct node *first =
		clusters && clusters->kind == NODE_SEQ && clusters->n ? clusters->u.items[0] : NULL;

	return first && first->kind == NODE_STRING ? first->u.text : (struct str){ 0 };
}

const struct mesh_installation *installation_of(const struct discovered_mesh_spec *spec)
{
	if (spec->istio)
		return spec->istio->installation;
	return spec->linkerd ? spec->linkerd->installation : NULL;
}

static struct str cluster_of_mesh(const struct discovered_mesh_spec *spec, struct span *at)
{
	enum mesh_kind kind;
	const struct node *node = free_mesh(spec, &kind);

	if (node && kind == MESH_APP_MESH)
		return first_cluster(node);
	if (node)
		return scalar_of(node_get(node, S("installation")), S("cluster"));
	if (!installation_of(spec))
		return (struct str){ 0 };
	*at = installation_of(spec)->cluster.at;
	return installation_of(spec)->cluster.s;
}

static struct str cluster_of_ref(const struct cluster_object_ref *ref, struct span *at)
{
	*at = ref->cluster_name.at;
	return ref->cluster_name.s;
}

bool gloo_cluster(const struct resource *resource, struct str *name, struct span *at)
{
	*name = (struct str){ 0 };
	*at = resource->at;
	if (resource->kind == KIND_MESH) {
		*name = cluster_of_mesh(((const struct discovered_mesh *)resource->body)->spec, at);
	} else if (resource->kind == KIND_WORKLOAD) {
		const struct discovered_workload *w = resource->body;

		*name = cluster_of_ref(w->spec->kubernetes->controller, at);
	} else {
		const struct discovered_destination *s = resource->body;

		if (!s->spec->kube_service)
			return false;
		*name = cluster_of_ref(s->spec->kube_service->ref, at);
	}
	if (!name->n)
		*name = resource->folder;
	if (!span_set(*at))
		*at = resource->at;
	return true;
}

static void overlay(struct str *into, struct str said)
{
	if (said.n)
		*into = said;
}

/* False: it cannot be a name and has been reported. */
static bool is_name(struct draft *d, const struct text *text, int strictness)
{
	const char *why = text->s.n ? name_fault(text->s, strictness) : NULL;

	if (why)
		report_bad_name(d->diags, text->at, text->s, str_of(why));
	return !why;
}

static void take_gateway(struct draft *d, struct mesh *mesh,
			 const struct ingress_gateway_info *info)
{
	struct ingress_gateway *gateway;
	const struct text *addresses[] = { &info->dns_name, &info->ip, &info->external_address };

	if (!is_name(d, &info->name, NAME_ANY) || !is_name(d, &info->namespace, NAME_ANY))
		return;
	gateway = vec_push(d->mem, &mesh->ingress_gateways);
	gateway->name = info->name.s;
	gateway->space = info->namespace.s;
	gateway->selector = labels_of(d->mem, &info->workload_labels);
	gateway->port = (uint32_t)info->external_tls_port.v;
	gateway->container_port = (uint32_t)info->tls_container_port.v;
	for (uint32_t i = 0; i < countof(addresses); i++) {
		if (!addresses[i]->s.n)
			continue;
		vec_add(d->mem, &gateway->addresses, addresses[i]->s);
		return;
	}
}

static void take_installation(struct draft *d, struct mesh *m, const struct mesh_installation *in)
{
	const struct labels labels = labels_of(d->mem, &in->pod_labels);

	if (is_name(d, &in->namespace, NAME_LABEL))
		overlay(&m->install_space, in->namespace.s);
	overlay(&m->version, in->version.s);
	overlay(&m->region, in->region.s);
	overlay(&m->revision, label_get(&labels, S("istio.io/rev")));
	if (given(in->version))
		m->version_at = in->version.at;
}

static void take_istio(struct draft *d, struct mesh *m, const struct istio_mesh *said)
{
	m->kind = MESH_ISTIO;
	if (said->installation)
		take_installation(d, m, said->installation);
	if (is_name(d, &said->trust_domain, NAME_SUBDOMAIN))
		overlay(&m->trust_domain, said->trust_domain.s);
	if (is_name(d, &said->root_namespace, NAME_LABEL))
		overlay(&m->root_space, said->root_namespace.s);
	if (given(said->smart_dns_proxying_enabled))
		m->dns_proxying = said->smart_dns_proxying_enabled.v;
	m->ingress_gateways.n = 0;
	for (uint32_t i = 0; i < said->ingress_gateways.n; i++)
		take_gateway(d, m, &said->ingress_gateways.item[i]);
}

static void take_linkerd(struct draft *d, struct mesh *m, const struct linkerd_mesh *said)
{
	bool raw = m->kind == MESH_LINKERD && m->install_space.n;

	m->kind = MESH_LINKERD;
	if (said->installation)
		take_installation(d, m, said->installation);
	overlay(&d->mesh_domain, said->cluster_domain.s);
	if (!raw)
		linkerd_config_read(d, m);
}

static void take_free_mesh(struct mesh *m, const struct discovered_mesh_spec *spec)
{
	const struct node *node = free_mesh(spec, &m->kind);
	const struct node *installation = node_get(node, S("installation"));

	overlay(&m->install_space, scalar_of(installation, S("namespace")));
	overlay(&m->version, scalar_of(installation, S("version")));
	overlay(&m->region, scalar_of(node, S("region")));
}

void gloo_mesh(struct draft *d, const struct resource *resource)
{
	const struct discovered_mesh *body = resource->body;
	struct mesh *m = mesh_drafted(d, resource->name, resource->space);

	if (!m) {
		m = vec_push(d->mem, &d->meshes);
		m->name = resource->name;
		m->space = resource->space;
	}
	m->at = m->version_at = resource->at;
	if (body->spec->istio)
		take_istio(d, m, body->spec->istio);
	else if (body->spec->linkerd)
		take_linkerd(d, m, body->spec->linkerd);
	else
		take_free_mesh(m, body->spec);
	if (!m->install_space.n)
		report_incomplete_reference(d->diags, resource->at, S("installation.namespace"),
					    S("control plane"));
}

/* NULL: said and unknown (reported), or not said at all. */
static const struct mesh *said_mesh(struct draft *d, const struct object_ref *ref,
				    const struct resource *resource)
{
	const struct mesh *mesh;

	if (!ref)
		return NULL;
	mesh = inventory_mesh(d->inventory, ref->name.s, ref->namespace.s);
	if (!mesh && !d->catalog->torn.n)
		report_unknown_mesh(
			d->diags, given(ref->name) ? ref->name.at : resource->at,
			str_format(d->mem, "%.*s.%.*s", STR(ref->name.s), STR(ref->namespace.s)));
	return mesh;
}

static bool is_complete(struct draft *d, const struct cluster_object_ref *ref, struct str what)
{
	const struct {
		const struct text *text;
		struct str name;
	} parts[] = { { &ref->name, S("name") }, { &ref->namespace, S("namespace") } };

	for (uint32_t i = 0; i < countof(parts); i++) {
		if (!parts[i].text->s.n) {
			report_incomplete_reference(d->diags, ref->at, parts[i].name, what);
			return false;
		}
		if (!is_name(d, parts[i].text, NAME_ANY))
			return false;
	}
	return true;
}

/* Gloo puts the controller's kind at the end of the Workload's name. */
static enum workload_kind kind_by_name(struct str name)
{
	if (str_ends(name, S("-deployment")))
		return WORKLOAD_DEPLOYMENT;
	if (str_ends(name, S("-statefulset")))
		return WORKLOAD_STATEFUL_SET;
	return str_ends(name, S("-daemonset")) ? WORKLOAD_DAEMON_SET : WORKLOAD_UNKNOWN;
}

static struct workload *find_workload(struct draft *d, uint32_t n,
				      const struct cluster_object_ref *ref, enum workload_kind kind)
{
	uint32_t i = workload_bound(d, n, ref->namespace.s, ref->name.s);

	for (; i < n; i++) {
		struct workload *w = &d->workloads.at[i];

		if (!str_eq(w->name, ref->name.s) || !str_eq(w->space, ref->namespace.s))
			break;
		if (kind == WORKLOAD_UNKNOWN || kind == w->kind)
			return w;
	}
	return NULL;
}

void gloo_workload(struct draft *d, const struct resource *resource, uint32_t n)
{
	const struct discovered_workload_spec *spec =
		((const struct discovered_workload *)resource->body)->spec;
	const struct cluster_object_ref *ref = spec->kubernetes->controller;
	const struct mesh *mesh = said_mesh(d, spec->mesh, resource);
	enum workload_kind kind = kind_by_name(resource->name);
	struct workload *w;

	if (!mesh && !spec->mesh)
		mesh = mesh_default(d->cluster);
	if (!mesh || !is_complete(d, ref, S("controller")))
		return;
	w = find_workload(d, n, ref, kind);
	if (!w) {
		w = vec_push(d->mem, &d->workloads);
		*w = (struct workload){ .kind = kind,
					.name = ref->name.s,
					.space = ref->namespace.s };
		w->cluster = d->cluster;
		w->account = S("default");
	}
	w->at = resource->at;
	w->mesh = mesh;
	if (given(spec->kubernetes->pod_labels))
		w->labels = labels_of(d->mem, &spec->kubernetes->pod_labels);
	if (is_name(d, &spec->kubernetes->service_account_name, NAME_ANY))
		overlay(&w->account, spec->kubernetes->service_account_name.s);
	vec_add(d->mem, &d->accounts, ((struct account){ w->account, w->space }));
}

/* A port of endpointSubsets: its number is the container's. 0: none has the name. */
static uint32_t endpoint_port(const struct node *subsets, struct str name)
{
	for (uint32_t i = 0; subsets && subsets->kind == NODE_SEQ && i < subsets->n; i++) {
		const struct node *ports = node_get(subsets->u.items[i], S("ports"));

		for (uint32_t k = 0; ports && ports->kind == NODE_SEQ && k < ports->n; k++) {
			struct str digits = scalar_of(ports->u.items[k], S("port"));
			uint32_t number = 0;

			if (!str_eq(scalar_of(ports->u.items[k], S("name")), name))
				continue;
			for (uint32_t c = 0;
			     c < digits.n && digits.p[c] >= '0' && digits.p[c] <= '9'; c++)
				number = 10 * (number % 100000) + (uint32_t)(digits.p[c] - '0');
			return number <= UINT16_MAX ? number : 0;
		}
	}
	return 0;
}

static void take_port(struct draft *d, struct service *s, const struct discovered_port *said,
		      const struct node *subsets)
{
	struct service_port *port = vec_push(d->mem, &s->ports);

	port->number = (uint32_t)said->port.v;
	port->node_port = (uint32_t)said->node_port.v;
	port->name = said->name.s;
	port->protocol = s->mesh->kind == MESH_LINKERD
				 ? protocol_without_names(s->mesh, &s->annotations, port->number,
							  said->protocol.s, said->app_protocol.s)
				 : protocol_of(port->number, said->name.s, said->protocol.s,
					       said->app_protocol.s);
	port->target_name = said->target_port_name.s;
	if (!port->target_name.n) {
		port->target = said->target_port_number.v ? (uint32_t)said->target_port_number.v
							  : port->number;
		return;
	}
	port->target = target_named(s, port->target_name);
	if (!port->target)
		port->target = endpoint_port(subsets, port->name);
}

static void take_service(struct draft *d, struct service *s,
			 const struct discovered_kube_service *said)
{
	if (given(said->labels))
		s->labels = labels_of(d->mem, &said->labels);
	if (given(said->workload_selector_labels))
		s->selector = labels_of(d->mem, &said->workload_selector_labels);
	if (given(said->service_type))
		s->type = (enum service_exposure)said->service_type.v;
	back_service(d, s);
	if (given(said->ports)) {
		s->ports.n = 0;
		for (uint32_t i = 0; i < said->ports.n; i++)
			take_port(d, s, &said->ports.item[i], said->endpoint_subsets);
	}
	if (given(said->external_addresses)) {
		s->addresses.n = 0;
		for (uint32_t i = 0; i < said->external_addresses.n; i++) {
			const struct external_address *a = &said->external_addresses.item[i];

			address_add(d, s, a->dns_name.s.n ? a->dns_name.s : a->ip.s);
		}
	}
}

void gloo_destination(struct draft *d, const struct resource *resource, uint32_t n)
{
	const struct discovered_destination_spec *spec =
		((const struct discovered_destination *)resource->body)->spec;
	const struct cluster_object_ref *ref = spec->kube_service->ref;
	const struct mesh *mesh = said_mesh(d, spec->mesh, resource);
	uint32_t at;
	struct service *s;

	if (!mesh && !spec->mesh)
		mesh = mesh_default(d->cluster);
	if (!mesh || !is_complete(d, ref, S("service")))
		return;
	at = service_bound(d, n, ref->namespace.s, ref->name.s);
	s = at < n ? &d->services.at[at] : NULL;
	if (!s || !str_eq(s->name, ref->name.s) || !str_eq(s->space, ref->namespace.s)) {
		s = vec_push(d->mem, &d->services);
		*s = (struct service){ .name = ref->name.s,
				       .space = ref->namespace.s,
				       .cluster = d->cluster };
	}
	s->at = resource->at;
	s->mesh = mesh;
	s->discovered_name = resource->name;
	take_service(d, s, spec->kube_service);
}

_Static_assert((int)SERVICE_TYPE_CLUSTER_IP == SERVICE_CLUSTER_IP &&
		       (int)SERVICE_TYPE_NODE_PORT == SERVICE_NODE_PORT &&
		       (int)SERVICE_TYPE_LOAD_BALANCER == SERVICE_LOAD_BALANCER &&
		       (int)SERVICE_TYPE_EXTERNAL_NAME == SERVICE_EXTERNAL_NAME,
	       "Gloo's types of a service are ours");
