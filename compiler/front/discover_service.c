/*
 * Services that belong to a mesh (Gloo: Destinations), and what runs behind them.
 *
 * A Service counts when a workload of a mesh is behind it, or when an annotation
 * says so. Its mesh is that of the first workload behind it.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"
#include "model/select.h"

static uint32_t first_tag(const struct draft *d, const struct service *s)
{
	const struct label *label = &s->selector.at[0];
	uint32_t low = 0, high = d->tags.n;

	while (low < high) {
		const struct tag *tag = &d->tags.at[low + (high - low) / 2];
		int order = str_cmp(tag->space, s->space);

		if (!order)
			order = str_cmp(tag->key, label->key);
		if (!order)
			order = str_cmp(tag->value, label->value);
		if (order < 0)
			low = low + (high - low) / 2 + 1;
		else
			high = low + (high - low) / 2;
	}
	return low;
}

static bool is_tag_of(const struct tag *tag, const struct service *s)
{
	return str_eq(tag->key, s->selector.at[0].key) &&
	       str_eq(tag->value, s->selector.at[0].value) && str_eq(tag->space, s->space);
}

/* Candidates have the selector's first label; tags keep the order of the workloads. */
void back_service(struct draft *d, struct service *s)
{
	s->workloads.n = 0;
	if (!s->selector.n)
		return;
	for (uint32_t i = first_tag(d, s); i < d->tags.n && is_tag_of(&d->tags.at[i], s); i++) {
		const struct workload *w = &d->workloads.at[d->tags.at[i].workload];

		if (labels_contain(&w->labels, &s->selector))
			vec_add(d->mem, &s->workloads, w);
	}
}

static bool is_enabled(const struct k8s_service *body)
{
	const struct text_map *annotations = body->metadata ? &body->metadata->annotations : NULL;

	for (uint32_t i = 0; annotations && i < annotations->n; i++)
		if (str_eq(annotations->item[i].key.s, S("discovery.mesh.gloo.solo.io/enabled")))
			return str_eq(annotations->item[i].value.s, S("true"));
	return false;
}

/* Gloo takes the last mesh by name; the one of the default revision is the better guess where there is one. */
static const struct mesh *mesh_if_enabled(const struct draft *d, const struct k8s_service *body)
{
	const struct mesh *mesh;

	if (!is_enabled(body))
		return NULL;
	mesh = mesh_default(d->cluster);
	for (uint32_t i = d->cluster->meshes.n; !mesh && i > 0; i--)
		if (d->cluster->meshes.at[i - 1]->kind == MESH_ISTIO)
			mesh = d->cluster->meshes.at[i - 1];
	return mesh;
}

/* Cilium has no proxies beside the pods: a Service says itself that the mesh has it. */
static const struct mesh *mesh_if_global(const struct draft *d, const struct labels *annotations)
{
	return str_eq(label_get(annotations, S("service.cilium.io/global")), S("true"))
		       ? mesh_of_kind(d->cluster, MESH_CILIUM)
		       : NULL;
}

/* config.linkerd.io/opaque-ports is copied from the namespace when a Service is made without one. */
static void take_annotations(struct draft *d, struct service *s, const struct k8s_service *body)
{
	static const struct str copied = { "config.linkerd.io/opaque-ports", 30 };
	const struct namespace_ *space = cluster_namespace(d->cluster, s->space);
	struct str said = space ? label_get(&space->annotations, copied) : S("");
	struct labels *own = &s->annotations;
	struct label *all;
	uint32_t at;

	if (body->metadata)
		*own = labels_of(d->mem, &body->metadata->annotations);
	if (!said.n || label_get(own, copied).p)
		return;
	all = NEW(d->mem, struct label, (size_t)own->n + 1);
	for (uint32_t i = 0; i < own->n; i++)
		all[i] = own->at[i];
	own->at = all;
	for (at = own->n; at > 0 && str_cmp(own->at[at - 1].key, copied) > 0; at--)
		own->at[at] = own->at[at - 1];
	own->at[at] = (struct label){ copied, said };
	own->n++;
}

static const struct service_port *port_called(const struct service *s, struct str name)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		if (str_eq(s->ports.at[i].name, name))
			return &s->ports.at[i];
	return NULL;
}

/* What the chart of Linkerd's gateway writes on its Service for those who link to it. */
static void take_gateway_probe(struct draft *d, struct service *s)
{
	const struct service_port *port = port_called(s, S("mc-probe"));
	struct str path = label_get(&s->annotations, S("mirror.linkerd.io/probe-path"));
	struct str period = label_get(&s->annotations, S("mirror.linkerd.io/probe-period"));

	if (!port || !path.n)
		return;
	s->probe.port = s->type == SERVICE_NODE_PORT ? port->node_port : port->number;
	s->probe.path = path;
	/* Older charts count seconds. */
	s->probe.period = port_number(period) ? str_format(d->mem, "%.*ss", STR(period)) : period;
}

static void take_plain(struct draft *d, const struct service *s, const struct k8s_service *body)
{
	for (uint32_t i = 0; body->metadata && i < body->metadata->labels.n; i++)
		if (str_eq(body->metadata->labels.item[i].key.s,
			   S("mirror.linkerd.io/mirrored-service")))
			return;
	vec_add(d->mem, &d->plain_services, ((struct account){ s->name, s->space }));
}

static enum service_exposure exposure_of(struct str type)
{
	static const struct {
		const char *name;
		enum service_exposure type;
	} types[] = { { "NodePort", SERVICE_NODE_PORT },
		      { "LoadBalancer", SERVICE_LOAD_BALANCER },
		      { "ExternalName", SERVICE_EXTERNAL_NAME } };

	for (uint32_t i = 0; i < countof(types); i++)
		if (str_eq(type, str_of(types[i].name)))
			return types[i].type;
	return SERVICE_CLUSTER_IP;
}

static struct str discovered_name(struct draft *d, const struct service *s)
{
	return name_sanitize(d->mem, str_format(d->mem, "%.*s-%.*s-%.*s", STR(s->name),
						STR(s->space), STR(d->cluster->name)));
}

static void take_service(struct draft *d, const struct resource *resource)
{
	const struct k8s_service *body = resource->body;
	const struct k8s_service_spec *spec = body->spec;
	struct service s = { .name = resource->name, .space = resource->space, .at = resource->at };

	s.cluster = d->cluster;
	s.mesh = mesh_if_enabled(d, body);
	if (spec)
		s.selector = labels_of(d->mem, &spec->selector);
	back_service(d, &s);
	take_annotations(d, &s, body);
	if (!s.mesh && s.workloads.n)
		s.mesh = s.workloads.at[0]->mesh;
	if (!s.mesh)
		s.mesh = mesh_if_global(d, &s.annotations);
	if (!s.mesh) {
		take_plain(d, &s, body);
		return;
	}
	s.discovered_name = discovered_name(d, &s);
	if (body->metadata)
		s.labels = labels_of(d->mem, &body->metadata->labels);
	if (spec) {
		s.type = exposure_of(spec->type.s);
		s.headless = str_eq(spec->cluster_ip.s, S("None"));
		ports_of(d, &s, body);
		addresses_of(d, &s, body);
		take_gateway_probe(d, &s);
	}
	vec_add(d->mem, &d->services, s);
}

static int compare_services(const void *left, const void *right)
{
	const struct service *a = left, *b = right;
	int order = str_cmp(a->space, b->space);

	return order ? order : str_cmp(a->name, b->name);
}

uint32_t service_bound(const struct draft *d, uint32_t n, struct str space, struct str name)
{
	struct service key = { .space = space, .name = name };
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare_services(&d->services.at[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void settle_services(struct draft *d)
{
	uint32_t kept = 0;

	sort_stable(d->mem, d->services.at, d->services.n, sizeof *d->services.at,
		    compare_services);
	for (uint32_t i = 0; i < d->services.n; i++) {
		struct service *s = &d->services.at[i];

		if (kept && compare_services(&d->services.at[kept - 1], s) == 0) {
			struct finding *f =
				report_duplicate_object(d->diags, s->at, S("Destination"), s->name);

			note(f, d->services.at[kept - 1].at, "first declared here");
		} else {
			d->services.at[kept++] = *s;
		}
	}
	d->services.n = kept;
	d->cluster->services = d->services.at;
	d->cluster->n_services = kept;
	/* Catalogs are sorted by namespace and name. */
	d->cluster->plain_services = d->plain_services.at;
	d->cluster->n_plain_services = d->plain_services.n;
}

static void override_gateway(struct draft *d, const struct gateway_settings *said)
{
	struct str name = said->service->name.s, space = said->service->namespace.s;
	uint32_t at = service_bound(d, d->services.n, space, name);
	struct service *s = at < d->services.n ? &d->services.at[at] : NULL;

	if (!s || !str_eq(s->name, name) || !str_eq(s->space, space)) {
		struct str title = str_format(d->mem, "%.*s.%.*s.%.*s", STR(name), STR(space),
					      STR(d->cluster->name));

		report_unknown_service(d->diags, said->service->at, title);
		return;
	}
	if (given(said->addresses)) {
		s->addresses.n = 0;
		for (uint32_t i = 0; i < said->addresses.n; i++)
			address_add(d, s, said->addresses.item[i].s);
	}
	s->gateway_port = (uint32_t)said->port.v;
	s->gateway_container_port = (uint32_t)said->container_port.v;
}

void discover_services(struct draft *d)
{
	struct resources all = catalog_folder(d->catalog, KIND_SERVICE, d->cluster->name);
	uint32_t n;

	for (uint32_t i = 0; i < all.n; i++)
		if (!all.at[i].broken)
			take_service(d, &all.at[i]);
	n = d->services.n;
	for (uint32_t i = 0; i < d->destinations_said.n; i++)
		gloo_destination(d, d->destinations_said.at[i], n);
	settle_services(d);
	for (uint32_t i = 0; d->settings && i < d->settings->gateways.n; i++)
		override_gateway(d, &d->settings->gateways.item[i]);
}
