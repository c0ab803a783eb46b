/*
 * Objects of a dump that somebody else wrote and that emitted ones would meet:
 * profiles, routes, servers and links.
 *
 * A dump of a cluster that runs meshc's output holds that output; those objects
 * carry its label and are no business of a compile.
 */
#include "base/base.h"
#include "base/sort.h"
#include "front/local.h"
#include "model/select.h"

struct foreign_list {
	VEC(struct foreign_object) all;
};

static bool is_ours(const struct k8s_metadata *metadata)
{
	for (uint32_t i = 0; metadata && i < metadata->labels.n; i++)
		if (str_eq(metadata->labels.item[i].key.s, S("app.kubernetes.io/managed-by")))
			return str_eq(metadata->labels.item[i].value.s, S("meshc"));
	return false;
}

static struct foreign_object object_of(const struct resource *resource, enum foreign_kind kind)
{
	return (struct foreign_object){ .kind = kind,
					.title = kind_row(resource->kind)->name,
					.space = resource->space,
					.name = resource->name,
					.at = resource->at };
}

static bool is_service(const struct k8s_parent_ref *ref)
{
	return str_eq(ref->kind.s, S("Service")) &&
	       (!ref->group.s.n || str_eq(ref->group.s, S("core")));
}

/* One entry per service that it is attached to. */
static void take_route(struct draft *d, struct foreign_list *out, const struct resource *resource)
{
	const struct k8s_route *route = resource->body;

	for (uint32_t i = 0; route->spec && i < route->spec->parent_refs.n; i++) {
		const struct k8s_parent_ref *ref = &route->spec->parent_refs.item[i];
		struct foreign_object object = object_of(resource, FOREIGN_ROUTE);

		if (!is_service(ref))
			continue;
		object.service = ref->name.s;
		object.service_space = ref->namespace.s.n ? ref->namespace.s : resource->space;
		object.port = (uint32_t)ref->port.v;
		vec_add(d->mem, &out->all, object);
	}
}

static void take_server(struct draft *d, struct foreign_list *out, const struct resource *resource)
{
	const struct k8s_server_spec *spec = ((const struct k8s_server *)resource->body)->spec;
	struct foreign_object object = object_of(resource, FOREIGN_SERVER);
	const struct node *further;

	if (!spec || !spec->pod_selector || !spec->port)
		return; /* of workloads outside of the cluster */
	object.selector = labels_of(d->mem, &spec->pod_selector->match_labels);
	further = spec->pod_selector->match_expressions;
	object.narrowed = further && further->kind == NODE_SEQ && further->n > 0;
	if (spec->port->kind == NODE_STRING)
		object.port_name = spec->port->u.text;
	else if (spec->port->kind == NODE_INT)
		object.port = port_number(spec->port->u.text);
	vec_add(d->mem, &out->all, object);
}

static void take_named(struct draft *d, struct foreign_list *out, const struct resource *resource)
{
	vec_add(d->mem, &out->all,
		object_of(resource, resource->kind == KIND_LINK ? FOREIGN_LINK : FOREIGN_PROFILE));
}

static const struct {
	enum kind kind;
	void (*take)(struct draft *, struct foreign_list *, const struct resource *);
} takers[] = {
	{ KIND_SERVICE_PROFILE, take_named }, { KIND_HTTP_ROUTE, take_route },
	{ KIND_GRPC_ROUTE, take_route },      { KIND_POLICY_HTTP_ROUTE, take_route },
	{ KIND_SERVER, take_server },         { KIND_LINK, take_named },
};

static int compare_objects(const void *left, const void *right)
{
	const struct foreign_object *a = left, *b = right;
	int order = (a->kind > b->kind) - (a->kind < b->kind);

	order = order ? order : str_cmp(a->space, b->space);
	return order ? order : str_cmp(a->name, b->name);
}

void discover_foreign(struct draft *d)
{
	struct foreign_list out = { 0 };

	for (uint32_t k = 0; k < countof(takers); k++) {
		struct resources some =
			catalog_folder(d->catalog, takers[k].kind, d->cluster->name);

		for (uint32_t i = 0; i < some.n; i++) {
			const struct resource *resource = &some.at[i];

			/* Every one of these kinds has its metadata where a ServiceProfile has it. */
			if (!resource->broken &&
			    !is_ours(
				    ((const struct k8s_service_profile *)resource->body)->metadata))
				takers[k].take(d, &out, resource);
		}
	}
	sort_stable(d->mem, out.all.at, out.all.n, sizeof *out.all.at, compare_objects);
	d->cluster->foreign = out.all.at;
	d->cluster->n_foreign = out.all.n;
}

/* servedApis of the Cluster, and what its CustomResourceDefinitions say. */
void discover_apis(struct draft *d)
{
	struct resources all = catalog_folder(d->catalog, KIND_CRD, d->cluster->name);
	struct cluster *c = d->cluster;

	for (uint32_t i = 0; i < all.n; i++) {
		const struct k8s_crd_spec *spec =
			((const struct k8s_custom_resource_definition *)all.at[i].body)->spec;

		for (uint32_t v = 0; spec && !all.at[i].broken && v < spec->versions.n; v++)
			if (spec->versions.item[v].served.v)
				vec_add(d->mem, &c->served_apis,
					str_format(d->mem, "%.*s/%.*s", STR(spec->group.s),
						   STR(spec->versions.item[v].name.s)));
	}
	sort_unique_texts(d->mem, c->served_apis.at, &c->served_apis.n);
}
