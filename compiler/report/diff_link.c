/*
 * Which service an emitted object is about.
 *
 * Objects are named after their service whatever the mesh, with more behind it:
 * `reviews`, `reviews-bookinfo-cluster-2`, `reviews.bookinfo.svc.cluster-2.global`,
 * `reviews-9080.access.2`. So the longest beginning of the name that is a service
 * of the plan decides, and between namesakes what the rest says.
 */
#include "base/base.h"
#include "report/diff_local.h"

static struct service_view *view_of(struct arena *mem, struct service_index *out,
				    const struct service *service)
{
	void **slot = map_put(&out->by_title, service_title(mem, service));
	struct service_view *view = *slot;
	void **first;

	if (view)
		return view;
	*slot = view = NEW(mem, struct service_view, 1);
	first = map_put(&out->by_name, service->name);
	*view = (struct service_view){ .service = service, .namesake = *first };
	*first = view;
	return view;
}

void link_index(struct arena *mem, const struct cluster_plan *c, struct service_index *out)
{
	*out = (struct service_index){ map_new(mem), map_new(mem) };
	if (!c)
		return;
	for (uint32_t i = 0; i < c->cluster->n_services; i++)
		view_of(mem, out, &c->cluster->services[i]);
	for (uint32_t i = 0; i < c->destinations.n; i++) {
		const struct destination_plan *d = &c->destinations.at[i];

		view_of(mem, out, d->service)->destination = d;
	}
	for (uint32_t i = 0; i < c->exports.n; i++)
		view_of(mem, out, c->exports.at[i].service)->export = &c->exports.at[i];
	for (uint32_t i = 0; i < c->access.n; i++)
		if (c->access.at[i].kind == ACCESS_SERVICE)
			view_of(mem, out, c->access.at[i].service)->access = &c->access.at[i];
}

const struct service_view *link_view(const struct service_index *index, struct arena *scratch,
				     const struct service *service)
{
	return map_get(&index->by_title, service_title(scratch, service));
}

static bool names(struct str text, struct str word)
{
	for (uint32_t i = 0; i + word.n <= text.n; i++)
		if (str_starts(str_slice(text, i, text.n), word))
			return true;
	return false;
}

/* How well the rest of the object's key fits one of the namesakes; 0: not at all. */
static uint32_t fit(const struct service *service, const struct object_key *key, uint32_t prefix)
{
	struct str rest = str_slice(key->name, prefix, key->name.n);
	bool remote = names(rest, service->cluster->name);
	bool space = names(rest, service->space);

	if (str_eq(key->space, service->space))
		return 2u + 2u * remote;
	return remote && space ? 3u : 0u;
}

static const struct service *best(const struct service_view *first, const struct object_key *key,
				  uint32_t prefix)
{
	const struct service *out = NULL;
	uint32_t most = 0;

	for (const struct service_view *v = first; v; v = v->namesake) {
		uint32_t one = fit(v->service, key, prefix);

		/* Namesakes of the same namespace: one without a cluster in its name is the local one. */
		if (one > most ||
		    (one && one == most && v->destination && !v->destination->remote)) {
			out = v->service;
			most = one;
		}
	}
	return out;
}

const struct service *link_service(const struct service_index *index, const struct object *object)
{
	struct str name = object->key.name;

	for (uint32_t n = name.n; n; n--) {
		const struct service_view *first;
		const struct service *found;

		if (n < name.n && name.p[n] != '-' && name.p[n] != '.')
			continue;
		first = map_get(&index->by_name, str_slice(name, 0, n));
		found = first ? best(first, &object->key, n) : NULL;
		if (found)
			return found;
	}
	return NULL;
}
