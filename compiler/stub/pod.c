/*
 * Workloads, and a pod for each.
 *
 * Pods come and go, so no inventory that is kept in git has them. How many there are
 * does not matter to what is asked of stubs: each workload gets one, with the container
 * and the label that its mesh adds to it.
 */
#include "base/base.h"
#include "stub/local.h"

#include "base/sort.h"
#include "model/mesh_traits.h"
#include "model/select.h"
#include "schema/encode.h"

static const struct workload *workload_of(const struct cluster *c, enum workload_kind kind,
					  const struct resource *resource)
{
	for (uint32_t i = 0; i < c->n_workloads; i++) {
		const struct workload *w = &c->workloads[i];

		if (w->kind == kind && str_eq(w->name, resource->name) &&
		    str_eq(w->space, resource->space))
			return w;
	}
	return NULL;
}

static void take_ports(struct stubbing *s, struct stub_pod *pod, const struct k8s_pod_spec *spec)
{
	for (uint32_t i = 0; i < spec->containers.n; i++) {
		const struct k8s_container *container = &spec->containers.item[i];

		for (uint32_t k = 0; k < container->ports.n; k++)
			vec_add(s->mem, &pod->ports,
				((struct container_port){
					container->ports.item[k].name.s,
					(uint32_t)container->ports.item[k].container_port.v }));
	}
}

static void take_template(struct stubbing *s, const struct resource *resource,
			  const struct kind_row *row, const struct workload *workload)
{
	const struct k8s_workload *body = resource->body;
	const struct k8s_pod_template *template = body->spec ? body->spec->template : NULL;
	struct stub_pod *pod = vec_push(s->mem, &s->pods);

	pod->space = resource->space;
	pod->source = resource;
	pod->controller = resource->name;
	pod->controller_kind = row->name;
	pod->workload = workload;
	if (template && template->metadata) {
		pod->labels = labels_of(s->mem, &template->metadata->labels);
		pod->annotations = &template->metadata->annotations;
	}
	if (!template || !template->spec)
		return;
	pod->spec = template->spec;
	pod->account = template->spec->service_account_name.s;
	take_ports(s, pod, template->spec);
}

/* A template without its environment is no workload to run, and nobody runs it. */
static void put_workload(struct stubbing *s, const struct resource *resource,
			 const struct kind_row *row)
{
	const struct k8s_workload *from = resource->body;
	const struct k8s_pod_template *template = from->spec ? from->spec->template : NULL;
	struct node *body =
		stub_object(s, row->api, row->name, resource->space, resource->name, resource);
	struct node *spec = stub_map(s, body, "spec"), *pod;

	stub_marks(s, body, from->metadata);
	if (!template)
		return;
	pod = stub_map(s, spec, "template");
	stub_map(s, pod, "metadata");
	stub_marks(s, pod, template->metadata);
	if (!template->spec)
		return;
	pod = stub_map(s, pod, "spec");
	if (template->spec->service_account_name.s.n)
		stub_text(s, pod, "serviceAccountName", template->spec->service_account_name.s);
	if (template->spec->host_network.v)
		stub_flag(s, pod, "hostNetwork", true);
	if (template->spec->init_containers.n)
		node_put(s->mem, pod, S("initContainers"),
			 stub_containers(s, template->spec, true));
	node_put(s->mem, pod, S("containers"), stub_containers(s, template->spec, false));
}

static void take_raw(struct stubbing *s)
{
	for (size_t k = 0; k < CONTROLLERS; k++) {
		const struct kind_row *row = kind_row(controllers[k].kind);
		struct resources all =
			catalog_folder(s->catalog, controllers[k].kind, s->cluster->name);

		for (uint32_t i = 0; i < all.n; i++) {
			if (all.at[i].broken)
				continue;
			put_workload(s, &all.at[i], row);
			take_template(s, &all.at[i], row,
				      workload_of(s->cluster, controllers[k].workload, &all.at[i]));
		}
	}
}

static bool is_raw(const struct stubbing *s, const struct workload *w)
{
	for (size_t k = 0; k < CONTROLLERS; k++)
		if (controllers[k].workload == w->kind &&
		    catalog_find(s->catalog, controllers[k].kind, s->cluster->name, w->space,
				 w->name))
			return true;
	return false;
}

/* Those that only Gloo's discovery objects know of. */
static void take_said(struct stubbing *s)
{
	for (uint32_t i = 0; i < s->cluster->n_workloads; i++) {
		const struct workload *w = &s->cluster->workloads[i];
		struct stub_pod *pod;

		if (is_raw(s, w))
			continue;
		pod = vec_push(s->mem, &s->pods);
		pod->space = w->space;
		pod->controller = w->name;
		if (w->kind != WORKLOAD_UNKNOWN)
			pod->controller_kind = workload_kind_name(w->kind);
		pod->workload = w;
		pod->labels = w->labels;
		pod->account = w->account;
		for (uint32_t k = 0; k < w->ports.n; k++)
			vec_add(s->mem, &pod->ports, w->ports.at[k]);
	}
}

static int compare_pods(const void *left, const void *right)
{
	const struct stub_pod *a = left, *b = right;
	int order = str_cmp(a->space, b->space);

	if (!order)
		order = str_cmp(a->controller, b->controller);
	return order ? order : str_cmp(str_of(a->controller_kind), str_of(b->controller_kind));
}

/* A Deployment and a DaemonSet may have one name: their pods may not. */
static void name_pods(struct stubbing *s)
{
	uint32_t n = 0;

	sort_stable(s->mem, s->pods.at, s->pods.n, sizeof *s->pods.at, compare_pods);
	for (uint32_t i = 0; i < s->pods.n; i++) {
		struct stub_pod *pod = &s->pods.at[i], *before = i ? pod - 1 : NULL;

		n = before && str_eq(before->space, pod->space) &&
				    str_eq(before->controller, pod->controller)
			    ? n + 1
			    : 0;
		pod->name = str_format(s->mem, "%.*s-%" PRIu32, STR(pod->controller), n);
		pod->address = stub_address(s->mem, POD_ADDRESSES, i);
	}
}

/* NULL: no mesh adds anything to it. */
static const struct mesh_traits *traits_of(const struct stub_pod *pod)
{
	return pod->workload ? mesh_traits(pod->workload->mesh) : NULL;
}

/* Values may be secrets; how a control plane is set is none, and says how the mesh acts. */
static bool is_setting(struct str name)
{
	return str_starts(name, S("PILOT_"));
}

static struct node *settings_of(struct stubbing *s, const struct k8s_container *container)
{
	struct node *list = NULL;

	for (uint32_t i = 0; i < container->env.n; i++) {
		if (!is_setting(container->env.item[i].name.s))
			continue;
		if (!list)
			list = node_seq(s->mem, (struct span){ 0 });
		node_add(s->mem, list, encode(s->mem, &shape_k8s_env_var, &container->env.item[i]));
	}
	return list;
}

static struct node *container_node(struct stubbing *s, const struct k8s_container *container)
{
	struct k8s_container shown = *container;
	struct node *env = settings_of(s, container), *node;

	memset(&shown.env, 0, sizeof shown.env);
	node = encode(s->mem, &shape_k8s_container, &shown);
	if (env)
		node_put(s->mem, node, S("env"), env);
	return node;
}

struct node *stub_containers(struct stubbing *s, const struct k8s_pod_spec *spec, bool init)
{
	struct node *list = node_seq(s->mem, (struct span){ 0 });
	const struct k8s_container *item =
		init ? spec->init_containers.item : spec->containers.item;
	uint32_t n = init ? spec->init_containers.n : spec->containers.n;

	for (uint32_t i = 0; i < n; i++)
		node_add(s->mem, list, container_node(s, &item[i]));
	return list;
}

static struct node *container_named(struct node *list, struct str name)
{
	for (uint32_t i = 0; list && i < list->n; i++) {
		const struct node *said = node_get(list->u.items[i], S("name"));

		if (said && node_is(said, name))
			return list->u.items[i];
	}
	return NULL;
}

static struct str proxy_image(struct stubbing *s, const struct mesh *mesh)
{
	struct str image = mesh_traits(mesh)->proxy_image;

	return mesh->version.n ? str_join(s->mem, image, S(":"), mesh->version) : image;
}

/* A container beside the others, or, in a gateway, instead of the image that waits for it. */
static void put_proxy(struct stubbing *s, const struct stub_pod *pod, struct node *spec)
{
	struct node *containers = node_get(spec, S("containers")), *proxy;
	const struct mesh_traits *traits = traits_of(pod);

	if (!traits || !traits->proxy.n ||
	    container_named(node_get(spec, S("initContainers")), traits->proxy))
		return;
	proxy = container_named(containers, traits->proxy);
	if (!proxy) {
		proxy = stub_item(s, containers);
		stub_text(s, proxy, "name", traits->proxy);
		stub_text(s, proxy, "image", proxy_image(s, pod->workload->mesh));
	} else if (node_pair(proxy, S("image")) &&
		   node_is(node_get(proxy, S("image")), S("auto"))) {
		node_pair(proxy, S("image"))->value = node_string(
			s->mem, proxy_image(s, pod->workload->mesh), (struct span){ 0 });
	}
}

static void put_pod_marks(struct stubbing *s, const struct stub_pod *pod, struct node *body)
{
	struct node *metadata = node_get(body, S("metadata")), *labels;
	const struct mesh_traits *traits = traits_of(pod);
	struct k8s_metadata annotations = { 0 };

	stub_labels(s, metadata, "labels", &pod->labels);
	if (traits && traits->sidecar_label.key.n && !pod->workload->is_proxy &&
	    !label_get(&pod->labels, traits->sidecar_label.key).p) {
		labels = node_get(metadata, S("labels"));
		if (!labels)
			labels = stub_map(s, metadata, "labels");
		node_put(s->mem, labels, traits->sidecar_label.key,
			 node_string(s->mem, traits->sidecar_label.value, (struct span){ 0 }));
		node_sort_keys(s->mem, labels);
	}
	if (pod->annotations) {
		annotations.annotations = *pod->annotations;
		stub_marks(s, body, &annotations);
	}
}

static void put_owner(struct stubbing *s, const struct stub_pod *pod, struct node *body)
{
	struct node *metadata = node_get(body, S("metadata")), *owner;

	if (!pod->controller_kind)
		return;
	owner = stub_item(s, stub_list(s, metadata, "ownerReferences"));
	stub_text(s, owner, "apiVersion", S("apps/v1"));
	stub_text(s, owner, "kind", str_of(pod->controller_kind));
	stub_text(s, owner, "name", pod->controller);
	stub_text(s, owner, "uid",
		  str_join(s->mem, str_of(pod->controller_kind), S("."), pod->space, S("."),
			   pod->controller));
	stub_flag(s, owner, "controller", true);
}

/* What only Gloo knows of: a container that listens where it says. */
static struct node *containers_said(struct stubbing *s, const struct stub_pod *pod)
{
	struct node *list = node_seq(s->mem, (struct span){ 0 }), *container = stub_item(s, list);
	struct node *ports;

	stub_text(s, container, "name", pod->controller);
	if (!pod->ports.n)
		return list;
	ports = stub_list(s, container, "ports");
	for (uint32_t i = 0; i < pod->ports.n; i++) {
		struct node *port = stub_item(s, ports);

		if (pod->ports.at[i].name.n)
			stub_text(s, port, "name", pod->ports.at[i].name);
		stub_int(s, port, "containerPort", pod->ports.at[i].number);
	}
	return list;
}

static void put_spec(struct stubbing *s, const struct stub_pod *pod, struct node *body)
{
	struct node *spec = stub_map(s, body, "spec");

	if (s->node.n)
		stub_text(s, spec, "nodeName", s->node);
	stub_text(s, spec, "serviceAccountName", pod->account.n ? pod->account : S("default"));
	if (pod->spec && pod->spec->host_network.v)
		stub_flag(s, spec, "hostNetwork", true);
	if (pod->spec && pod->spec->init_containers.n)
		node_put(s->mem, spec, S("initContainers"), stub_containers(s, pod->spec, true));
	node_put(s->mem, spec, S("containers"),
		 pod->spec ? stub_containers(s, pod->spec, false) : containers_said(s, pod));
	put_proxy(s, pod, spec);
}

static void put_status(struct stubbing *s, const struct stub_pod *pod, struct node *body)
{
	struct node *status = stub_map(s, body, "status"), *ready;

	stub_text(s, status, "phase", S("Running"));
	ready = stub_item(s, stub_list(s, status, "conditions"));
	stub_text(s, ready, "type", S("Ready"));
	stub_text(s, ready, "status", S("True"));
	stub_text(s, status, "podIP", pod->address);
	stub_text(s, stub_item(s, stub_list(s, status, "podIPs")), "ip", pod->address);
}

void stub_pods(struct stubbing *s)
{
	take_raw(s);
	take_said(s);
	name_pods(s);
	for (uint32_t i = 0; i < s->pods.n; i++) {
		const struct stub_pod *pod = &s->pods.at[i];
		struct node *body = stub_object(s, "v1", "Pod", pod->space, pod->name, pod->source);

		put_pod_marks(s, pod, body);
		put_owner(s, pod, body);
		put_spec(s, pod, body);
		put_status(s, pod, body);
	}
}
