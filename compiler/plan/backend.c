/*
 * Where shifted and mirrored requests go, seen from one cluster: the local host
 * where the service lives there, its federated host everywhere else.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

/* A reference to a service and port, as a shift or a mirror writes it. */
struct target_ref {
	struct str name, space, cluster;
	struct span at, port_at;
	int64_t port; /* 0: not given */
};

static const struct service *find_service(const struct cluster_job *job,
					  const struct target_ref *ref)
{
	const struct cluster *c =
		inventory_cluster(&job->builder->snapshot->inventory, ref->cluster);

	return c ? cluster_service(c, ref->space, ref->name) : NULL;
}

/* Requests travel over TCP; UDP may have a port of the same number. */
static bool takes_requests(const struct service *s, int64_t number)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		if (s->ports.at[i].number == number && s->ports.at[i].protocol != PROTOCOL_UDP)
			return true;
	return false;
}

static bool resolve_port(struct cluster_job *job, const struct service *s,
			 const struct target_ref *ref, uint32_t *out)
{
	if (ref->port) {
		if (!takes_requests(s, ref->port)) {
			note(report_unknown_port(job->diags, ref->port_at,
						 service_title(job->mem, s),
						 str_format(job->mem, "%" PRId64, ref->port)),
			     s->at, "this service");
			return false;
		}
		*out = (uint32_t)ref->port;
		return true;
	}
	if (s->ports.n != 1) {
		note(report_port_required(job->diags, ref->at, service_title(job->mem, s)), s->at,
		     "this service");
		return false;
	}
	*out = s->ports.at[0].number;
	return true;
}

static bool resolve_host(struct cluster_job *job, const struct service *s,
			 const struct target_ref *ref, struct str *out)
{
	const struct builder *b = job->builder;
	struct finding *f;

	if (s->cluster == job->cluster || is_federated_to(b, s, job->cluster)) {
		*out = host_from(job->mem, b, s, job->cluster);
		return true;
	}
	f = report_not_federated(job->diags, ref->at, service_title(job->mem, s),
				 job->cluster->name);
	help(f,
	     "federate it to a mesh of that cluster, or exclude its callers with `sourceSelector`");
	return false;
}

/* References that resolve nowhere have been reported by front/. */
static bool resolve(struct cluster_job *job, const struct target_ref *ref, struct backend *out)
{
	const struct service *s = find_service(job, ref);
	bool host, port;

	if (!s)
		return false;
	memset(out, 0, sizeof *out);
	out->service = s;
	out->at = ref->at;
	host = resolve_host(job, s, ref, &out->host);
	port = resolve_port(job, s, ref, &out->port);
	return host && port;
}

static bool runs_subset(const struct service *s, const struct labels *labels)
{
	for (uint32_t i = 0; i < s->workloads.n; i++)
		if (labels_contain(&s->workloads.at[i]->labels, labels))
			return true;
	return false;
}

static struct str labels_text(struct arena *mem, const struct labels *labels)
{
	struct str text = S("");

	for (uint32_t i = 0; i < labels->n; i++)
		text = str_format(mem, "%.*s%s%.*s=%.*s", STR(text), i ? "," : "",
				  STR(labels->at[i].key), STR(labels->at[i].value));
	return text;
}

/* The destination's entry in this cluster learns of the subset. */
static bool use_subset(struct cluster_job *job, const struct text_map *wanted,
		       const struct resource *owner, struct backend *backend)
{
	struct labels labels = labels_of(job->mem, wanted);
	struct destination_plan *d;
	struct subset *subset;

	if (!wanted->n)
		return true;
	if (!runs_subset(backend->service, &labels)) {
		note(report_unknown_subset(job->diags, wanted->at,
					   service_title(job->mem, backend->service),
					   labels_text(job->mem, &labels)),
		     backend->service->at, "this service");
		return false;
	}
	backend->subset = subset_name(job->mem, &labels);
	d = destination_of(job, backend->service);
	for (uint32_t i = 0; i < d->subsets.n; i++) {
		if (!str_eq(d->subsets.at[i].name, backend->subset))
			continue;
		sources_add(job->mem, &d->subsets.at[i].sources, owner);
		if (d->subsets.at[i].labels.n == labels.n &&
		    labels_contain(&labels, &d->subsets.at[i].labels))
			return true;
		note(report_subset_name_taken(job->diags, wanted->at,
					      service_title(job->mem, backend->service),
					      backend->subset),
		     d->subsets.at[i].at, "the other subset");
		return false;
	}
	subset = vec_push(job->mem, &d->subsets);
	subset->name = backend->subset;
	subset->labels = labels;
	subset->at = wanted->at;
	sources_add(job->mem, &subset->sources, owner);
	return true;
}

/*
 * A headless service has no address of its own: its callers dial one of its pods. Where the
 * mesh keeps to that, nobody else's requests get there, nor can a route choose among the pods.
 */
static bool can_be_led_to(struct cluster_job *job, const struct backend *to, bool as_dialled)
{
	const struct service *s = to->service;
	struct finding *f;

	if (s->cluster != job->cluster || !s->headless || as_dialled ||
	    !mesh_traits(s->mesh)->keeps_dialled_pods)
		return true;
	f = report_headless_target(job->diags, to->at, service_title(job->mem, s));
	note(f, s->at, "this service");
	help(f, "its callers dial its pods: give it another Service, with an address, for this");
	return false;
}

bool backends_of_shift(struct cluster_job *job, const struct service *dialled,
		       const struct traffic_shift *shift, struct route *route)
{
	const struct resource *owner = route->effect.owner[FEATURE_TRAFFIC_SHIFT];
	bool sound = true;

	for (uint32_t i = 0; i < shift->destinations.n; i++) {
		const struct weighted_destination *w = &shift->destinations.item[i];
		const struct weighted_kube_service *k = w->kube_service;
		struct backend backend;

		if (!k ||
		    !resolve(job,
			     &(struct target_ref){ k->name.s, k->namespace.s, k->cluster_name.s,
						   k->at, k->port.at, k->port.v },
			     &backend) ||
		    !can_be_led_to(job, &backend,
				   backend.service == dialled && backend.port == route->port &&
					   !k->subset.n) ||
		    !use_subset(job, &k->subset, owner, &backend)) {
			sound = false;
			continue;
		}
		backend.weight = (uint32_t)w->weight.v;
		backend.weight_at = w->weight.at;
		vec_add(job->mem, &route->to, backend);
	}
	return sound;
}

bool backend_of_mirror(struct cluster_job *job, const struct mirror *mirror, struct route *route)
{
	const struct cluster_object_ref *k = mirror->kube_service;
	struct backend *backend = NEW(job->mem, struct backend, 1);

	if (!k ||
	    !resolve(job,
		     &(struct target_ref){ k->name.s, k->namespace.s, k->cluster_name.s, k->at,
					   mirror->port.at, mirror->port.v },
		     backend) ||
	    !can_be_led_to(job, backend, false))
		return false;
	route->mirror = backend;
	return true;
}
