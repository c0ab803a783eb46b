/*
 * Workloads that are in a mesh, and the identities of the cluster.
 *
 * A Deployment, StatefulSet or DaemonSet is in a mesh when that mesh would inject
 * its pods (injection.c and its neighbours); that none runs at the moment changes
 * nothing.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"
#include "model/select.h"

static bool is_default_revision(struct str revision)
{
	return !revision.n || str_eq(revision, S("default"));
}

static bool is_revision(const struct mesh *mesh, struct str revision)
{
	if (is_default_revision(revision))
		return is_default_revision(mesh->revision);
	return str_eq(mesh->revision, revision);
}

const struct mesh *mesh_of_kind(const struct cluster *cluster, enum mesh_kind kind)
{
	for (uint32_t i = 0; i < cluster->meshes.n; i++)
		if (cluster->meshes.at[i]->kind == kind)
			return cluster->meshes.at[i];
	return NULL;
}

/* Istio's of the default revision, else the only one of Istio, else the only one. NULL: none or several. */
const struct mesh *mesh_default(const struct cluster *cluster)
{
	const struct mesh *only = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < cluster->meshes.n; i++) {
		const struct mesh *mesh = cluster->meshes.at[i];

		if (mesh->kind != MESH_ISTIO)
			continue;
		if (is_default_revision(mesh->revision))
			return mesh;
		only = mesh;
		n++;
	}
	if (!n && cluster->meshes.n == 1)
		return cluster->meshes.at[0];
	return n == 1 ? only : NULL;
}

/*
 * Tags (istio.io/rev: prod-stable) live in webhooks that a dump rarely has: one
 * that names no control plane can only be the one there is.
 */
const struct mesh *mesh_of_revision(struct draft *d, struct str revision, struct span at)
{
	const struct mesh *only = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->cluster->meshes.n; i++) {
		const struct mesh *mesh = d->cluster->meshes.at[i];

		if (mesh->kind != MESH_ISTIO)
			continue;
		if (is_revision(mesh, revision))
			return mesh;
		only = mesh;
		n++;
	}
	if (n > 1)
		report_unknown_revision(d->diags, at, revision.n ? revision : S("default"),
					d->cluster->name);
	return n == 1 ? only : NULL;
}

static const struct k8s_pod_template *template_of(const struct k8s_workload *body)
{
	return body->spec ? body->spec->template : NULL;
}

static bool contains(struct str text, const char *part)
{
	return text.n && memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void mark_container(struct pod_marks *marks, const struct k8s_container *container)
{
	struct str image = container->image.s;
	bool proxy = contains(image, "istio") && contains(image, "proxyv2");
	bool auto_image = str_eq(image, S("auto"));

	marks->has_proxy = marks->has_proxy || proxy;
	marks->has_auto_image = marks->has_auto_image || auto_image;
	marks->only_proxy = marks->only_proxy && (proxy || auto_image);
}

/* A sidecar of the newer kind stands among the init containers. */
static bool has_linkerd_proxy(const struct k8s_pod_spec *pod)
{
	for (uint32_t i = 0; i < pod->containers.n; i++)
		if (str_eq(pod->containers.item[i].name.s, S("linkerd-proxy")))
			return true;
	for (uint32_t i = 0; i < pod->init_containers.n; i++)
		if (str_eq(pod->init_containers.item[i].name.s, S("linkerd-proxy")))
			return true;
	return false;
}

static struct pod_marks marks_of(const struct draft *d, const struct resource *resource)
{
	const struct k8s_pod_template *template = template_of(resource->body);
	const struct namespace_ *space = cluster_namespace(d->cluster, resource->space);
	struct pod_marks marks = { .space = resource->space };

	if (space) {
		marks.namespace_labels = space->labels;
		marks.namespace_annotations = space->annotations;
	}
	if (template && template->metadata) {
		marks.labels = &template->metadata->labels;
		marks.annotations = &template->metadata->annotations;
	}
	if (!template || !template->spec)
		return marks;
	marks.host_network = template->spec->host_network.v;
	marks.has_linkerd_proxy = has_linkerd_proxy(template->spec);
	marks.only_proxy = true;
	for (uint32_t i = 0; i < template->spec->containers.n; i++)
		mark_container(&marks, &template->spec->containers.item[i]);
	return marks;
}

static struct str account_of(const struct k8s_workload *body)
{
	const struct k8s_pod_template *template = template_of(body);

	if (!template || !template->spec || !template->spec->service_account_name.s.n)
		return S("default");
	return template->spec->service_account_name.s;
}

static void take_ports(struct draft *d, struct workload *w, const struct k8s_pod_spec *pod)
{
	for (uint32_t i = 0; i < pod->containers.n; i++) {
		const struct k8s_container *container = &pod->containers.item[i];

		for (uint32_t k = 0; k < container->ports.n; k++) {
			struct container_port *port = vec_push(d->mem, &w->ports);

			port->name = container->ports.item[k].name.s;
			port->number = (uint32_t)container->ports.item[k].container_port.v;
		}
	}
}

static uint32_t probe_port(const struct k8s_container *container, const struct node *port)
{
	if (port && port->kind == NODE_INT)
		return port_number(port->u.text);
	for (uint32_t i = 0; port && port->kind == NODE_STRING && i < container->ports.n; i++)
		if (str_eq(container->ports.item[i].name.s, port->u.text))
			return (uint32_t)container->ports.item[i].container_port.v;
	return 0;
}

/* /live?full=yes -> /live */
static struct str probe_path(struct str path)
{
	int64_t query = str_find(path, '?');

	if (query >= 0)
		path = str_slice(path, 0, (uint32_t)query);
	return path.n ? path : S("/");
}

static void take_probe(struct draft *d, struct workload *w, const struct k8s_container *container,
		       const struct k8s_probe *probe)
{
	const struct k8s_http_get *get = probe ? probe->http_get : NULL;
	struct probe one;

	if (!get)
		return;
	one = (struct probe){ probe_path(get->path.s), probe_port(container, get->port) };
	if (!one.port)
		return;
	for (uint32_t i = 0; i < w->probes.n; i++)
		if (w->probes.at[i].port == one.port && str_eq(w->probes.at[i].path, one.path))
			return;
	vec_add(d->mem, &w->probes, one);
}

static void take_probes(struct draft *d, struct workload *w, const struct k8s_pod_spec *pod)
{
	for (uint32_t i = 0; i < pod->containers.n; i++) {
		const struct k8s_container *container = &pod->containers.item[i];

		take_probe(d, w, container, container->liveness_probe);
		take_probe(d, w, container, container->readiness_probe);
		take_probe(d, w, container, container->startup_probe);
	}
}

/* The webhook of Istio runs before that of Linkerd, which leaves a pod with a proxy alone. */
static void warn_of_both(struct draft *d, const struct resource *resource,
			 const struct pod_marks *marks, const struct mesh *taken)
{
	const struct mesh *other = mesh_of_kind(d->cluster, MESH_LINKERD);

	if (taken && other && taken != other && linkerd_injection_of(marks).in)
		report_two_meshes(d->diags, resource->at, resource_title(d->mem, resource),
				  taken->name, other->name);
}

/* NULL: no mesh takes the pods in. */
static const struct mesh *mesh_of(struct draft *d, const struct resource *resource,
				  const struct pod_marks *marks, bool *proxy)
{
	const struct cluster *c = d->cluster;
	struct injection by = injection_of(marks);
	const struct mesh *mesh = by.in ? mesh_of_revision(d, by.revision, resource->at) : NULL;

	*proxy = by.proxy;
	warn_of_both(d, resource, marks, mesh);
	if (mesh)
		return mesh;
	by = linkerd_injection_of(marks);
	*proxy = by.proxy;
	if (by.in && mesh_of_kind(c, MESH_LINKERD))
		return mesh_of_kind(c, MESH_LINKERD);
	*proxy = false;
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (is_marked_for(marks, c->meshes.at[i]->kind))
			return c->meshes.at[i];
	return NULL;
}

static void take_workload(struct draft *d, const struct resource *resource, enum workload_kind kind)
{
	const struct k8s_pod_template *template = template_of(resource->body);
	struct pod_marks marks = marks_of(d, resource);
	struct str account = account_of(resource->body);
	const struct mesh *mesh;
	struct workload *w;
	bool proxy;

	vec_add(d->mem, &d->accounts, ((struct account){ account, resource->space }));
	mesh = mesh_of(d, resource, &marks, &proxy);
	if (!mesh)
		return;
	w = vec_push(d->mem, &d->workloads);
	*w = (struct workload){ .kind = kind, .name = resource->name, .space = resource->space };
	w->at = resource->at;
	w->cluster = d->cluster;
	w->mesh = mesh;
	w->account = account;
	w->is_proxy = proxy;
	w->denies = mesh->kind == MESH_LINKERD && linkerd_denies(&marks, mesh);
	if (template && template->metadata)
		w->labels = labels_of(d->mem, &template->metadata->labels);
	if (!template || !template->spec)
		return;
	take_ports(d, w, template->spec);
	if (mesh->kind == MESH_LINKERD)
		take_probes(d, w, template->spec);
}

static int compare_workloads(const void *left, const void *right)
{
	const struct workload *a = left, *b = right;
	int order = str_cmp(a->space, b->space);

	if (!order)
		order = str_cmp(a->name, b->name);
	return order ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

uint32_t workload_bound(const struct draft *d, uint32_t n, struct str space, struct str name)
{
	struct workload key = { .space = space, .name = name };
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_workloads(&d->workloads.at[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void sort_workloads(struct draft *d)
{
	sort_stable(d->mem, d->workloads.at, d->workloads.n, sizeof *d->workloads.at,
		    compare_workloads);
}

/* Two objects of Gloo about one controller: the first stays. */
static void drop_duplicates(struct draft *d)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < d->workloads.n; i++) {
		struct workload *w = &d->workloads.at[i];

		if (kept && compare_workloads(&d->workloads.at[kept - 1], w) == 0) {
			struct finding *f =
				report_duplicate_object(d->diags, w->at, S("Workload"), w->name);

			note(f, d->workloads.at[kept - 1].at, "first declared here");
		} else {
			d->workloads.at[kept++] = *w;
		}
	}
	d->workloads.n = kept;
}

static int compare_tags(const void *left, const void *right)
{
	const struct tag *a = left, *b = right;
	int order = str_cmp(a->space, b->space);

	if (!order)
		order = str_cmp(a->key, b->key);
	if (!order)
		order = str_cmp(a->value, b->value);
	return order ? order : (a->workload > b->workload) - (a->workload < b->workload);
}

static void index_labels(struct draft *d)
{
	for (uint32_t i = 0; i < d->workloads.n; i++) {
		const struct workload *w = &d->workloads.at[i];

		for (uint32_t k = 0; k < w->labels.n; k++)
			vec_add(d->mem, &d->tags,
				((struct tag){ w->space, w->labels.at[k].key, w->labels.at[k].value,
					       i }));
	}
	sort_stable(d->mem, d->tags.at, d->tags.n, sizeof *d->tags.at, compare_tags);
}

static int compare_accounts(const void *left, const void *right)
{
	const struct account *a = left, *b = right;
	int order = str_cmp(a->space, b->space);

	return order ? order : str_cmp(a->name, b->name);
}

static void settle_accounts(struct draft *d)
{
	struct resources accounts =
		catalog_folder(d->catalog, KIND_SERVICE_ACCOUNT, d->cluster->name);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < accounts.n; i++)
		vec_add(d->mem, &d->accounts,
			((struct account){ accounts.at[i].name, accounts.at[i].space }));
	sort_stable(d->mem, d->accounts.at, d->accounts.n, sizeof *d->accounts.at,
		    compare_accounts);
	for (uint32_t i = 0; i < d->accounts.n; i++)
		if (!kept || compare_accounts(&d->accounts.at[kept - 1], &d->accounts.at[i]) != 0)
			d->accounts.at[kept++] = d->accounts.at[i];
	d->cluster->accounts = d->accounts.at;
	d->cluster->n_accounts = kept;
}

void discover_workloads(struct draft *d)
{
	uint32_t n;

	for (uint32_t k = 0; k < CONTROLLERS; k++) {
		struct resources all =
			catalog_folder(d->catalog, controllers[k].kind, d->cluster->name);

		for (uint32_t i = 0; i < all.n; i++)
			if (!all.at[i].broken)
				take_workload(d, &all.at[i], controllers[k].workload);
	}
	sort_workloads(d);
	n = d->workloads.n;
	for (uint32_t i = 0; i < d->workloads_said.n; i++)
		gloo_workload(d, d->workloads_said.at[i], n);
	sort_workloads(d);
	drop_duplicates(d);
	index_labels(d);
	settle_accounts(d);
	d->cluster->workloads = d->workloads.at;
	d->cluster->n_workloads = d->workloads.n;
}
