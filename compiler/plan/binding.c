/*
 * Which policies select which services.
 *
 * Walking every selector over every service would be the product of both; so a
 * reference is looked up, a matcher with namespaces walks those namespaces, and
 * a matcher with labels walks the services that carry its rarest label.
 */
#include "base/base.h"

#include "plan/local.h"

struct binding {
	struct arena *mem;
	const struct builder *builder;
	struct map by_label;   /* "key=value" -> struct id_list * */
	struct id_list *lists; /* the side being filled: traffic or access */
};

const struct service *service_of(const struct builder *b, service_id id)
{
	uint32_t low = 0, high = b->snapshot->inventory.n_clusters;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (b->first[middle] <= id)
			low = middle;
		else
			high = middle;
	}
	return &b->snapshot->inventory.clusters[low].services[id - b->first[low]];
}

static struct str label_key(struct arena *mem, struct str key, struct str value)
{
	return str_format(mem, "%.*s=%.*s", STR(key), STR(value));
}

static void index_labels(struct binding *x)
{
	const struct builder *b = x->builder;

	x->by_label = map_new(x->mem);
	for (service_id id = 0; id < b->n_services; id++) {
		const struct service *s = service_of(b, id);

		for (uint32_t i = 0; i < s->labels.n; i++) {
			void **slot = map_put(&x->by_label, label_key(x->mem, s->labels.at[i].key,
								      s->labels.at[i].value));

			if (!*slot)
				*slot = NEW(x->mem, struct id_list, 1);
			vec_add(x->mem, (struct id_list *)*slot, id);
		}
	}
}

static void bind(struct binding *x, uint32_t policy, service_id id)
{
	struct id_list *list = &x->lists[id];

	if (!list->n || list->at[list->n - 1] != policy)
		vec_add(x->mem, list, policy);
}

static void bind_matching(struct binding *x, uint32_t policy,
			  const struct destination_selector *selector, const struct service *s)
{
	if (destination_selector_matches(selector, s))
		bind(x, policy, id_of(x->builder, s));
}

static void bind_references(struct binding *x, uint32_t policy,
			    const struct kube_service_refs *refs)
{
	for (uint32_t i = 0; i < refs->services.n; i++) {
		const struct cluster_object_ref *ref = &refs->services.item[i];
		const struct cluster *cluster =
			inventory_cluster(&x->builder->snapshot->inventory, ref->cluster_name.s);
		const struct service *s =
			cluster ? cluster_service(cluster, ref->namespace.s, ref->name.s) : NULL;

		if (s)
			bind(x, policy, id_of(x->builder, s));
	}
}

/* The first service of the cluster whose namespace is not before `space`. */
static uint32_t first_of_space(const struct cluster *c, struct str space)
{
	uint32_t low = 0, high = c->n_services;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_cmp(c->services[middle].space, space) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void bind_in_cluster(struct binding *x, uint32_t policy,
			    const struct destination_selector *selector, const struct cluster *c)
{
	const struct texts *spaces = &selector->kube_service_matcher->namespaces;

	for (uint32_t i = 0; i < spaces->n; i++)
		for (uint32_t j = first_of_space(c, spaces->item[i].s);
		     j < c->n_services && str_eq(c->services[j].space, spaces->item[i].s); j++)
			bind_matching(x, policy, selector, &c->services[j]);
	for (uint32_t j = 0; !spaces->n && j < c->n_services; j++)
		bind_matching(x, policy, selector, &c->services[j]);
}

/* The shortest list of services that carry one of the matcher's labels; NULL: no service has them all. */
static const struct id_list *rarest_label(struct binding *x, const struct text_map *labels)
{
	const struct id_list *best = NULL;

	for (uint32_t i = 0; i < labels->n; i++) {
		const struct id_list *list =
			map_get(&x->by_label,
				label_key(x->mem, labels->item[i].key.s, labels->item[i].value.s));

		if (!list)
			return NULL;
		if (!best || list->n < best->n)
			best = list;
	}
	return best;
}

static void bind_matcher(struct binding *x, uint32_t policy,
			 const struct destination_selector *selector)
{
	const struct kube_service_matcher *matcher = selector->kube_service_matcher;
	const struct inventory *inventory = &x->builder->snapshot->inventory;

	if (matcher->labels.n && !matcher->namespaces.n) {
		const struct id_list *list = rarest_label(x, &matcher->labels);

		for (uint32_t i = 0; list && i < list->n; i++)
			bind_matching(x, policy, selector, service_of(x->builder, list->at[i]));
		return;
	}
	for (uint32_t i = 0; i < matcher->clusters.n; i++) {
		const struct cluster *c = inventory_cluster(inventory, matcher->clusters.item[i].s);

		if (c)
			bind_in_cluster(x, policy, selector, c);
	}
	for (uint32_t i = 0; !matcher->clusters.n && i < inventory->n_clusters; i++)
		bind_in_cluster(x, policy, selector, &inventory->clusters[i]);
}

static void bind_policy(struct binding *x, uint32_t policy, const struct destination_selector *item,
			uint32_t n)
{
	for (service_id id = 0; !n && id < x->builder->n_services; id++)
		bind(x, policy, id);
	for (uint32_t i = 0; i < n; i++) {
		if (item[i].kube_service_refs)
			bind_references(x, policy, item[i].kube_service_refs);
		if (item[i].kube_service_matcher)
			bind_matcher(x, policy, &item[i]);
	}
}

bool service_carries_http(const struct service *s)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		if (protocol_carries_http(s->ports.at[i].protocol))
			return true;
	return false;
}

static void note_http(struct arena *mem, struct builder *b)
{
	b->meets_http = NEW(mem, bool, b->snapshot->traffic_policies.n);
	for (service_id id = 0; id < b->n_services; id++) {
		if (!service_carries_http(service_of(b, id)))
			continue;
		for (uint32_t i = 0; i < b->traffic[id].n; i++)
			b->meets_http[b->traffic[id].at[i]] = true;
	}
}

void binding_build(struct arena *mem, struct builder *b)
{
	const struct snapshot *snapshot = b->snapshot;
	struct binding x = { .mem = mem, .builder = b };

	index_labels(&x);
	x.lists = b->traffic = NEW(mem, struct id_list, b->n_services);
	for (uint32_t i = 0; i < snapshot->traffic_policies.n; i++) {
		const struct traffic_policy *p = snapshot->traffic_policies.at[i]->body;

		bind_policy(&x, i, p->spec->destination_selector.item,
			    p->spec->destination_selector.n);
	}
	note_http(mem, b);
	x.lists = b->access = NEW(mem, struct id_list, b->n_services);
	for (uint32_t i = 0; i < snapshot->access_policies.n; i++) {
		const struct access_policy *p = snapshot->access_policies.at[i]->body;

		bind_policy(&x, i, p->spec->destination_selector.item,
			    p->spec->destination_selector.n);
	}
}
