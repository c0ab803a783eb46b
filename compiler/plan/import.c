/*
 * Both ends of a federated service: what consumers dial, and what the provider
 * lets in. No pod address appears: consumers see gateway addresses, one endpoint
 * for each set of labels that some subset asks for; the provider selects its
 * workloads by label.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/sort.h"
#include "model/mesh_traits.h"

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct subset *)a)->name, ((const struct subset *)b)->name);
}

static struct str port_name(struct arena *mem, const struct service_port *port)
{
	return port->name.n ? port->name : str_format(mem, "port-%u", port->number);
}

/* A gateway passes TLS over TCP on; datagrams never meet it. */
static bool crosses_gateways(const struct service_port *port)
{
	return port->protocol != PROTOCOL_UDP;
}

static struct mesh_port port_of(struct arena *mem, const struct service_port *port)
{
	return (struct mesh_port){ port->number, port->target, port_name(mem, port),
				   port->protocol };
}

static void add_endpoint(struct cluster_job *job, struct import *import,
			 const struct gateway_plan *g, struct str address, struct labels labels)
{
	struct endpoint *e = vec_push(job->mem, &import->endpoints);

	e->address = address;
	e->port = g->port;
	e->labels = labels;
	e->locality = import->service->cluster->locality;
	e->network = import->service->cluster->network;
	import->by_name = import->by_name || !address_is_ip(address);
}

static bool labels_same(const struct labels *a, const struct labels *b)
{
	return a->n == b->n && labels_contain(a, b);
}

static void add_endpoints(struct cluster_job *job, const struct destination_plan *d,
			  struct import *import)
{
	const struct builder *b = job->builder;
	const struct mesh_gateways *gateways =
		&b->gateways[mesh_index(&b->snapshot->inventory, d->service->mesh)];

	for (uint32_t i = 0; i < gateways->all.n; i++) {
		const struct gateway_plan *g = &gateways->all.at[i];

		for (uint32_t j = 0; j < g->addresses.n; j++) {
			for (uint32_t k = 0; k < d->subsets.n; k++) {
				bool seen = false;

				for (uint32_t m = 0; m < k && !seen; m++)
					seen = labels_same(&d->subsets.at[m].labels,
							   &d->subsets.at[k].labels);
				if (!seen)
					add_endpoint(job, import, g, g->addresses.at[j],
						     d->subsets.at[k].labels);
			}
			if (!d->subsets.n)
				add_endpoint(job, import, g, g->addresses.at[j],
					     (struct labels){ 0 });
		}
	}
}

static struct import *import_of(struct cluster_job *job, const struct destination_plan *d)
{
	const struct federated *f = job->builder->federated[id_of(job->builder, d->service)];
	struct import *import = NEW(job->mem, struct import, 1);
	bool mirrors = mesh_traits(d->service->mesh)->mirrors;

	import->service = d->service;
	import->virtual_mesh = f->virtual_mesh;
	import->host = f->host;
	import->address = f->address;
	if (mirrors)
		import->mirror = mirror_name(job->mem, d->service);
	import->keepalive = f->spec->tcp_keepalive;
	for (uint32_t i = 0; i < d->service->ports.n; i++)
		if (crosses_gateways(&d->service->ports.at[i]))
			vec_add(job->mem, &import->ports,
				port_of(job->mem, &d->service->ports.at[i]));
	identities_of(job->mem, d->service, &import->identities);
	if (!mirrors)
		add_endpoints(job, d, import);
	return import;
}

static int by_host(const void *a, const void *b)
{
	return str_cmp(((const struct destination_plan *)a)->host,
		       ((const struct destination_plan *)b)->host);
}

/* After traffic: the subsets in use are known. Also puts the destinations into their final order. */
void import_build(struct cluster_job *job)
{
	const struct builder *b = job->builder;
	const struct id_list *ids = &b->imports[job->cluster->index];

	for (uint32_t i = 0; i < ids->n; i++)
		destination_of(job, service_of(b, ids->at[i]));
	for (uint32_t i = 0; i < job->out->destinations.n; i++) {
		struct destination_plan *d = &job->out->destinations.at[i];

		sort_stable(job->mem, d->subsets.at, d->subsets.n, sizeof *d->subsets.at, by_name);
		if (d->remote)
			d->import = import_of(job, d);
	}
	sort_stable(job->mem, job->out->destinations.at, job->out->destinations.n,
		    sizeof *job->out->destinations.at, by_host);
}

struct exporting {
	struct arena *mem;
	struct diags *diags;
	const struct builder *builder;
	struct plan *plan;
};

static void report_datagrams(struct exporting *x, const struct federated *f,
			     const struct service_port *port)
{
	note(report_port_not_federated(x->diags, f->spec->at,
				       str_format(x->mem, "%u", port->number),
				       service_title(x->mem, f->service)),
	     f->service->at, "this service");
}

static void add_export_port(struct exporting *x, const struct federated *f,
			    struct export_plan *export, const struct service_port *port)
{
	struct mesh_port mine = port_of(x->mem, port);
	struct str name = port_export_name(x->mem, export, port);

	if (name.n)
		mine.name = name;
	else
		note(report_target_ports_differ(x->diags, f->spec->at,
						str_format(x->mem, "%u", port->number),
						service_title(x->mem, f->service)),
		     f->service->at, "its `targetPort` is `%.*s`", STR(port->target_name));
	vec_add(x->mem, &export->ports, mine);
}

static void add_export_ports(struct exporting *x, const struct federated *f,
			     struct export_plan *export)
{
	const struct service *s = f->service;

	for (uint32_t i = 0; i < s->ports.n; i++) {
		const struct service_port *port = &s->ports.at[i];

		if (!crosses_gateways(port)) {
			report_datagrams(x, f, port);
			continue;
		}
		if (!port->target) {
			struct finding *found = report_target_port_unresolved(
				x->diags, f->spec->at, str_format(x->mem, "%u", port->number),
				service_title(x->mem, s));

			note(found, s->at, "its `targetPort` is `%.*s`", STR(port->target_name));
			help(found, "declare the port's name in the containers of its workloads");
		}
		add_export_port(x, f, export, port);
	}
}

static void add_gateway_spaces(struct exporting *x, const struct mesh_gateways *gateways,
			       struct export_plan *export)
{
	for (uint32_t i = 0; i < gateways->all.n; i++) {
		struct str space = gateways->all.at[i].service->space;
		bool seen = false;

		for (uint32_t j = 0; j < export->gateway_spaces.n && !seen; j++)
			seen = str_eq(export->gateway_spaces.at[j], space);
		if (!seen)
			vec_add(x->mem, &export->gateway_spaces, space);
	}
	sort_stable(x->mem, export->gateway_spaces.at, export->gateway_spaces.n,
		    sizeof *export->gateway_spaces.at, by_bytes);
}

static void add_export(struct exporting *x, const struct federated *f)
{
	const struct builder *b = x->builder;
	const struct inventory *inventory = &b->snapshot->inventory;
	struct cluster_plan *cluster = &x->plan->clusters[f->service->cluster->index];
	struct export_plan *export = vec_push(x->mem, &cluster->exports);

	export->service = f->service;
	export->virtual_mesh = f->virtual_mesh;
	export->host = f->host;
	export->address = f->address;
	export->flat = f->flat;
	export->clusterset = f->clusterset;
	/* A mirror is made of the Service as it is: nothing has to be named anew. */
	if (mesh_traits(f->service->mesh)->mirrors) {
		for (uint32_t i = 0; i < f->service->ports.n; i++)
			if (!crosses_gateways(&f->service->ports.at[i]))
				report_datagrams(x, f, &f->service->ports.at[i]);
		return;
	}
	add_export_ports(x, f, export);
	add_gateway_spaces(x, &b->gateways[mesh_index(inventory, f->service->mesh)], export);
	if (!f->service->workloads.n)
		note(report_no_identity(x->diags, f->spec->at, service_title(x->mem, f->service)),
		     f->service->at, "this service");
}

static struct subset *find_subset(struct export_plan *export, struct str name)
{
	for (uint32_t i = 0; i < export->subsets.n; i++)
		if (str_eq(export->subsets.at[i].name, name))
			return &export->subsets.at[i];
	return NULL;
}

/* What a consumer names, the provider's gateway must know: by one name, the same labels everywhere. */
static void add_subset(struct exporting *x, struct export_plan *export, const struct subset *used)
{
	struct subset *mine = find_subset(export, used->name);

	if (!mine) {
		mine = vec_push(x->mem, &export->subsets);
		mine->name = used->name;
		mine->labels = used->labels;
		mine->at = used->at;
	} else if (!labels_same(&mine->labels, &used->labels)) {
		note(report_subset_name_taken(x->diags, used->at,
					      service_title(x->mem, export->service), used->name),
		     mine->at, "the other subset");
	}
	for (uint32_t i = 0; i < used->sources.n; i++)
		sources_add(x->mem, &mine->sources, used->sources.at[i]);
}

static void collect_subsets(struct exporting *x, const struct map *exports,
			    const struct cluster_plan *consumer)
{
	for (uint32_t i = 0; i < consumer->destinations.n; i++) {
		const struct destination_plan *d = &consumer->destinations.at[i];
		struct export_plan *export = d->remote ? map_get(exports, d->host) : NULL;

		for (uint32_t j = 0; export && j < d->subsets.n; j++)
			add_subset(x, export, &d->subsets.at[j]);
	}
}

static int export_by_host(const void *a, const void *b)
{
	return str_cmp(((const struct export_plan *)a)->host,
		       ((const struct export_plan *)b)->host);
}

/* After every cluster's job. */
void export_build(struct arena *mem, struct diags *diags, const struct builder *b,
		  struct plan *plan)
{
	struct exporting x = { mem, diags, b, plan };
	struct map exports = map_new(mem);

	for (uint32_t c = 0; c < plan->n_clusters; c++) {
		struct cluster_plan *cluster = &plan->clusters[c];

		for (uint32_t i = 0; i < b->exports[c].n; i++)
			add_export(&x, b->federated[b->exports[c].at[i]]);
		sort_stable(mem, cluster->exports.at, cluster->exports.n,
			    sizeof *cluster->exports.at, export_by_host);
		for (uint32_t i = 0; i < cluster->exports.n; i++)
			*map_put(&exports, cluster->exports.at[i].host) = &cluster->exports.at[i];
	}
	for (uint32_t c = 0; c < plan->n_clusters; c++)
		collect_subsets(&x, &exports, &plan->clusters[c]);
	for (uint32_t c = 0; c < plan->n_clusters; c++)
		for (uint32_t i = 0; i < plan->clusters[c].exports.n; i++) {
			struct export_plan *export = &plan->clusters[c].exports.at[i];

			sort_stable(mem, export->subsets.at, export->subsets.n,
				    sizeof *export->subsets.at, by_name);
		}
}
