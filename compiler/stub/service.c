/*
 * Services, and what stands between them and the pods: an EndpointSlice for each pair,
 * because a named port may be another number in each pod.
 */
#include "base/base.h"
#include "stub/local.h"

#include "model/select.h"
#include "schema/encode.h"

struct port {
	struct str name, protocol, app_protocol;
	uint32_t number;
	struct str target_name; /* empty: the number */
	uint32_t target;
};

struct backed { /* a service by what a slice needs of it */
	struct str space, name;
	const struct resource *source;
	struct labels selector;
	VEC(struct port) ports;
};

/* 0: the pod has no such port, and nothing behind it is reached there. */
static uint32_t target_in(const struct stub_pod *pod, const struct port *port)
{
	if (!port->target_name.n)
		return port->target;
	for (uint32_t i = 0; i < pod->ports.n; i++)
		if (str_eq(pod->ports.at[i].name, port->target_name))
			return pod->ports.at[i].number;
	return 0;
}

static void put_endpoint(struct stubbing *s, const struct stub_pod *pod, struct node *body)
{
	struct node *endpoint = stub_item(s, stub_list(s, body, "endpoints")), *target;

	node_add(s->mem, stub_list(s, endpoint, "addresses"),
		 node_string(s->mem, pod->address, (struct span){ 0 }));
	stub_flag(s, stub_map(s, endpoint, "conditions"), "ready", true);
	if (s->node.n)
		stub_text(s, endpoint, "nodeName", s->node);
	if (s->zone.n)
		stub_text(s, endpoint, "zone", s->zone);
	target = stub_map(s, endpoint, "targetRef");
	stub_text(s, target, "kind", S("Pod"));
	stub_text(s, target, "namespace", pod->space);
	stub_text(s, target, "name", pod->name);
}

static void put_slice_ports(struct stubbing *s, const struct backed *service,
			    const struct stub_pod *pod, struct node *body)
{
	struct node *list = stub_list(s, body, "ports");

	for (uint32_t i = 0; i < service->ports.n; i++) {
		const struct port *from = &service->ports.at[i];
		uint32_t target = target_in(pod, from);
		struct node *port;

		if (!target)
			continue;
		port = stub_item(s, list);
		stub_text(s, port, "name", from->name);
		stub_text(s, port, "protocol", from->protocol);
		stub_int(s, port, "port", target);
		if (from->app_protocol.n)
			stub_text(s, port, "appProtocol", from->app_protocol);
	}
}

/* The name of a service has no dot: no two pairs give one name. */
static void put_slice(struct stubbing *s, const struct backed *service, const struct stub_pod *pod)
{
	struct str name = str_join(s->mem, service->name, S("."), pod->name);
	struct node *body = stub_object(s, "discovery.k8s.io/v1", "EndpointSlice", service->space,
					name, service->source);
	struct node *labels = stub_map(s, node_get(body, S("metadata")), "labels");

	stub_text(s, labels, "kubernetes.io/service-name", service->name);
	stub_text(s, body, "addressType", S("IPv4"));
	put_endpoint(s, pod, body);
	put_slice_ports(s, service, pod, body);
}

static void put_slices(struct stubbing *s, const struct backed *service)
{
	for (uint32_t i = 0; service->selector.n && i < s->pods.n; i++) {
		const struct stub_pod *pod = &s->pods.at[i];

		if (str_eq(pod->space, service->space) &&
		    labels_contain(&pod->labels, &service->selector))
			put_slice(s, service, pod);
	}
}

static struct str next_address(struct stubbing *s)
{
	return stub_address(s->mem, SERVICE_ADDRESSES, s->n_services++);
}

static bool is_external(const struct k8s_service_spec *spec)
{
	return str_eq(spec->type.s, S("ExternalName")) && spec->external_name.s.n;
}

/* As Kubernetes would have completed it. */
static void complete_port(struct stubbing *s, struct k8s_service_port *port)
{
	if (!port->protocol.s.n)
		port->protocol.s = S("TCP");
	if (!port->target_port)
		port->target_port = node_int(s->mem, port->port.v, (struct span){ 0 });
}

/* Its own address may change without a deployment, and is not read: made up as well. */
static const struct k8s_service_spec *complete(struct stubbing *s,
					       const struct k8s_service_spec *from)
{
	struct k8s_service_spec *spec = NEW(s->mem, struct k8s_service_spec, 1);

	*spec = *from;
	if (!spec->type.s.n)
		spec->type.s = S("ClusterIP");
	if (!is_external(from) && !str_eq(from->cluster_ip.s, S("None")))
		spec->cluster_ip.s = next_address(s);
	spec->ports.item = NEW(s->mem, struct k8s_service_port, from->ports.n);
	for (uint32_t i = 0; i < from->ports.n; i++) {
		spec->ports.item[i] = from->ports.item[i];
		complete_port(s, &spec->ports.item[i]);
	}
	return spec;
}

static void take_port(struct stubbing *s, struct backed *service,
		      const struct k8s_service_port *from)
{
	struct port *port = vec_push(s->mem, &service->ports);
	const struct node *target = from->target_port;

	port->name = from->name.s;
	port->protocol = from->protocol.s;
	port->app_protocol = from->app_protocol.s;
	port->number = (uint32_t)from->port.v;
	if (target && target->kind == NODE_STRING)
		port->target_name = target->u.text;
	if (target && target->kind == NODE_INT)
		port->target = port_number(target->u.text);
	if (!port->target)
		port->target = port->number;
}

static void put_raw(struct stubbing *s, const struct resource *resource)
{
	const struct k8s_service *from = resource->body;
	const struct k8s_service_spec *spec;
	struct backed service = { resource->space, resource->name, resource, { 0 }, { 0 } };
	struct node *body =
		stub_object(s, "v1", "Service", resource->space, resource->name, resource);

	stub_marks(s, body, from->metadata);
	if (!from->spec)
		return;
	spec = complete(s, from->spec);
	node_put(s->mem, body, S("spec"), encode(s->mem, &shape_k8s_service_spec, spec));
	if (from->status)
		node_put(s->mem, body, S("status"),
			 encode(s->mem, &shape_k8s_service_status, from->status));
	if (is_external(spec))
		return;
	service.selector = labels_of(s->mem, &spec->selector);
	for (uint32_t i = 0; i < spec->ports.n; i++)
		take_port(s, &service, &spec->ports.item[i]);
	put_slices(s, &service);
}

/* What only Gloo's Destination knows of. */
static void put_said_ports(struct stubbing *s, const struct service *from, struct node *spec,
			   struct backed *service)
{
	struct node *list = stub_list(s, spec, "ports");

	for (uint32_t i = 0; i < from->ports.n; i++) {
		const struct service_port *p = &from->ports.at[i];
		struct str protocol = p->protocol == PROTOCOL_UDP ? S("UDP") : S("TCP");
		struct node *port = stub_item(s, list);

		if (p->name.n)
			stub_text(s, port, "name", p->name);
		stub_text(s, port, "protocol", protocol);
		stub_int(s, port, "port", p->number);
		stub_int(s, port, "targetPort", p->target ? p->target : p->number);
		vec_add(s->mem, &service->ports,
			((struct port){ .name = p->name,
					.protocol = protocol,
					.number = p->number,
					.target = p->target ? p->target : p->number }));
	}
}

static void put_said(struct stubbing *s, const struct service *from)
{
	static const char *const types[] = {
		[SERVICE_CLUSTER_IP] = "ClusterIP",
		[SERVICE_NODE_PORT] = "NodePort",
		[SERVICE_LOAD_BALANCER] = "LoadBalancer",
		[SERVICE_EXTERNAL_NAME] = "ExternalName",
	};
	struct backed service = { from->space, from->name, NULL, from->selector, { 0 } };
	struct node *body = stub_object(s, "v1", "Service", from->space, from->name, NULL);
	struct node *metadata = node_get(body, S("metadata")), *spec;

	stub_labels(s, metadata, "labels", &from->labels);
	stub_labels(s, metadata, "annotations", &from->annotations);
	spec = stub_map(s, body, "spec");
	stub_text(s, spec, "type", str_of(types[from->type]));
	stub_text(s, spec, "clusterIP", from->headless ? S("None") : next_address(s));
	stub_labels(s, spec, "selector", &from->selector);
	put_said_ports(s, from, spec, &service);
	put_slices(s, &service);
}

void stub_services(struct stubbing *s)
{
	struct resources raw = catalog_folder(s->catalog, KIND_SERVICE, s->cluster->name);

	for (uint32_t i = 0; i < raw.n; i++)
		if (!raw.at[i].broken)
			put_raw(s, &raw.at[i]);
	for (uint32_t i = 0; i < s->cluster->n_services; i++) {
		const struct service *service = &s->cluster->services[i];

		if (!catalog_find(s->catalog, KIND_SERVICE, s->cluster->name, service->space,
				  service->name))
			put_said(s, service);
	}
}
