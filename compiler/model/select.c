/*
 * Gloo's selectors: one selector against one thing of the inventory.
 *
 * Lists of selectors (OR, an empty list = everything) are walked by the caller,
 * who knows which of them it wants to name. A selector that says nothing (`{}`)
 * matches nothing here; front/ reports it.
 */
#include "base/base.h"
#include "model/select.h"

struct labels labels_of(struct arena *mem, const struct text_map *map)
{
	struct labels out = { NEW(mem, struct label, map->n), map->n };

	for (uint32_t i = 0; i < map->n; i++) {
		struct str value = map->item[i].value.s;

		/* label_get says "no such label" with a NULL view: an empty value is not that. */
		out.at[i] = (struct label){ map->item[i].key.s, value.p ? value : S("") };
	}
	return out;
}

bool texts_have(const struct texts *list, struct str wanted)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i].s, wanted))
			return true;
	return false;
}

bool texts_admit(const struct texts *list, struct str wanted)
{
	return !list->n || texts_have(list, wanted);
}

/* Both are sorted by key: one walk along both. */
bool map_contains(const struct text_map *all, const struct text_map *wanted)
{
	uint32_t i = 0;

	for (uint32_t k = 0; k < wanted->n; k++) {
		const struct text_pair *pair = &wanted->item[k];

		while (i < all->n && str_cmp(all->item[i].key.s, pair->key.s) < 0)
			i++;
		if (i == all->n || !str_eq(all->item[i].key.s, pair->key.s))
			return false;
		if (!str_eq(all->item[i].value.s, pair->value.s))
			return false;
	}
	return true;
}

static bool labels_match(const struct labels *all, const struct text_map *wanted)
{
	for (uint32_t k = 0; k < wanted->n; k++) {
		struct str value = label_get(all, wanted->item[k].key.s);

		if (!value.p || !str_eq(value, wanted->item[k].value.s))
			return false;
	}
	return true;
}

static bool matcher_matches(const struct kube_service_matcher *m, const struct service *service)
{
	return texts_admit(&m->clusters, service->cluster->name) &&
	       texts_admit(&m->namespaces, service->space) &&
	       labels_match(&service->labels, &m->labels);
}

static bool refs_match(const struct kube_service_refs *refs, const struct service *service)
{
	for (uint32_t i = 0; i < refs->services.n; i++) {
		const struct cluster_object_ref *ref = &refs->services.item[i];

		if (str_eq(ref->name.s, service->name) &&
		    str_eq(ref->namespace.s, service->space) &&
		    str_eq(ref->cluster_name.s, service->cluster->name))
			return true;
	}
	return false;
}

bool destination_selector_matches(const struct destination_selector *s,
				  const struct service *service)
{
	if (s->kube_service_matcher && matcher_matches(s->kube_service_matcher, service))
		return true;
	return s->kube_service_refs && refs_match(s->kube_service_refs, service);
}

bool workload_selector_admits(const struct workload_selector *s, const struct cluster *cluster)
{
	return s->kube_workload_matcher &&
	       texts_admit(&s->kube_workload_matcher->clusters, cluster->name);
}

bool workload_selector_matches(const struct workload_selector *s, const struct workload *workload)
{
	const struct kube_workload_matcher *m = s->kube_workload_matcher;

	if (!workload_selector_admits(s, workload->cluster))
		return false;
	return texts_admit(&m->namespaces, workload->space) &&
	       labels_match(&workload->labels, &m->labels);
}
