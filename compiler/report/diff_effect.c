/*
 * What the changed objects of a cluster mean: the plans of both sides, compared for
 * the services that these objects are about.
 *
 * Nothing is read from emitted text. An effect goes to the objects that are about its
 * service and come from one of its declarations; what no object shows stays with the
 * cluster, so that no widening is lost.
 */
#include "base/base.h"
#include "report/diff_effect.h"

void effect_add(struct arena *mem, struct diff_effects *out, struct diff_effect effect)
{
	uint32_t at = out->all.n;

	for (uint32_t i = 0; i < out->all.n; i++)
		if (out->all.at[i].risk == effect.risk && str_eq(out->all.at[i].text, effect.text))
			return;
	(void)vec_push(mem, &out->all);
	for (; at && out->all.at[at - 1].risk > effect.risk; at--)
		out->all.at[at] = out->all.at[at - 1];
	out->all.at[at] = effect;
}

static bool same_resource(const struct resource *a, const struct resource *b)
{
	return a->kind == b->kind && str_eq(a->name, b->name) && str_eq(a->space, b->space);
}

static bool comes_from(const struct output_file *file, const struct resource_list *sources)
{
	/* What others have to do follows from the rest. */
	if (!file || !sources || file->beside)
		return false;
	for (uint32_t i = 0; i < file->object->sources.n; i++)
		for (uint32_t k = 0; k < sources->n; k++)
			if (same_resource(file->object->sources.at[i], sources->at[k]))
				return true;
	return false;
}

static bool is_shown_by(const struct diff_change *change, const struct found *f)
{
	return comes_from(change->old, f->old) || comes_from(change->new, f->new);
}

static bool attach(struct effects *e, uint32_t i, const struct found *f, bool any)
{
	struct diff_change *change = &e->cluster->changes.at[i];

	if (!any && !is_shown_by(change, f))
		return false;
	effect_add(e->mem, &change->effects,
		   (struct diff_effect){ f->risk, f->text, f->old_at, f->new_at });
	return true;
}

static void add_loose(struct effects *e, const struct found *f)
{
	vec_add(e->mem, &e->cluster->loose,
		((struct diff_effect){ f->risk, f->text, f->old_at, f->new_at }));
}

bool has_text(const struct str *at, uint32_t n, struct str one)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq(at[i], one))
			return true;
	return false;
}

static bool attach_any(struct effects *e, const struct found *f)
{
	bool any = false;

	for (uint32_t i = 0; i < e->cluster->changes.n; i++)
		any |= attach(e, i, f, false);
	return any;
}

void effect_for_service(struct effects *e, const struct service *service, const struct found *f)
{
	const struct change_list *list = map_get(&e->changes, service_title(e->mem, service));
	bool any = false;

	for (uint32_t i = 0; list && i < list->all.n; i++)
		any |= attach(e, list->all.at[i], f, false);
	for (uint32_t i = 0; list && i < list->all.n && !any; i++)
		attach(e, list->all.at[i], f, true);
	if (!list && !attach_any(e, f))
		add_loose(e, f);
}

void effect_beside(struct effects *e, const struct service *service, const struct found *f)
{
	(void)service;
	add_loose(e, f);
}

/* To the objects about no service, or else to any, as far as they come from the same declarations. */
void effect_for_mesh(struct effects *e, const struct found *f)
{
	bool any = false;

	for (uint32_t i = 0; i < e->cluster->changes.n; i++)
		if (!e->cluster->changes.at[i].about)
			any |= attach(e, i, f, false);
	if (!any && !attach_any(e, f))
		add_loose(e, f);
}

struct resource_list *sources_of(struct arena *mem, const struct resource *r)
{
	struct resource_list *out = NEW(mem, struct resource_list, 1);

	if (r)
		vec_add(mem, out, r);
	return out;
}

struct str effect_title(const struct effects *e, const struct service *service)
{
	if (!str_eq(service->cluster->name, e->cluster->name))
		return service_title(e->mem, service);
	return str_join(e->mem, service->name, S("."), service->space);
}

/* A service of the cluster that no policy is about has no entry: it is called as it is. */
static const struct destination_plan *destination_of(struct effects *e,
						     const struct service_view *v)
{
	struct destination_plan *plain;

	if (!v || v->destination || !str_eq(v->service->cluster->name, e->cluster->name))
		return v ? v->destination : NULL;
	plain = NEW(e->mem, struct destination_plan, 1);
	plain->service = v->service;
	return plain;
}

static const struct export_plan *export_of(const struct service_view *v)
{
	return v ? v->export : NULL;
}

static void compare_views(struct effects *e, const struct service_view *old,
			  const struct service_view *new)
{
	const struct service *service = new ? new->service : old->service;
	const struct destination_plan *was = destination_of(e, old), *is = destination_of(e, new);

	if (old && new != NULL &&new->service->cluster == e->cluster->new->cluster)
		effects_of_access(e, old, new);
	if (was && is)
		effects_of_traffic(e, was, is);
	else if (was || is)
		effects_of_reach(e, service, was, is);
	effects_of_export(e, service, export_of(old), export_of(new), effect_for_service);
}

/* Which changed objects are about which service. */
static void sort_changes(struct effects *e)
{
	for (uint32_t i = 0; i < e->cluster->changes.n; i++) {
		struct diff_change *c = &e->cluster->changes.at[i];
		struct change_list *list;
		void **slot;

		if (c->new)
			c->about = link_service(&e->new, c->new->object);
		if (!c->about && c->old)
			c->about = link_service(&e->old, c->old->object);
		if (!c->about)
			continue;
		slot = map_put(&e->changes, service_title(e->mem, c->about));
		if (!*slot) {
			*slot = NEW(e->mem, struct change_list, 1);
			vec_add(e->mem, &e->cluster->touched, c->about);
		}
		list = *slot;
		vec_add(e->mem, &list->all, i);
	}
}

/* Declarations that a changed object comes from. */
static struct map changed_sources(struct effects *e)
{
	struct map out = map_new(e->mem);

	for (uint32_t i = 0; i < e->cluster->changes.n; i++) {
		const struct diff_change *c = &e->cluster->changes.at[i];
		const struct output_file *const sides[] = { c->old, c->new };

		for (size_t side = 0; side < countof(sides); side++)
			for (uint32_t k = 0; sides[side] && k < sides[side]->object->sources.n; k++)
				*map_put(&out,
					 policy_title(e->mem, sides[side]->object->sources.at[k])) =
					e;
	}
	return out;
}

static bool is_among(struct effects *e, const struct map *sources, const struct service_view *v)
{
	for (uint32_t i = 0; v && v->access && i < v->access->sources.n; i++)
		if (map_get(sources, policy_title(e->mem, v->access->sources.at[i])))
			return true;
	return false;
}

/* Where a label on the service exports it, no object changes but what others have to do. */
static void compare_exports(struct effects *e, const struct cluster *c, bool gone)
{
	for (uint32_t i = 0; i < c->n_services; i++) {
		struct str title = service_title(e->mem, &c->services[i]);
		const struct service_view *old = map_get(&e->old.by_title, title),
					  *new = map_get(&e->new.by_title, title);

		if (!map_get(&e->changes, title) && (!gone || !new))
			effects_of_export(e, &c->services[i], export_of(old), export_of(new),
					  effect_beside);
	}
}

/* An object may let callers into more services than the one it is named after: those that share its workloads. */
static void compare_others(struct effects *e)
{
	const struct cluster *c = e->cluster->new->cluster;
	struct map sources = changed_sources(e);

	for (uint32_t i = 0; i < c->n_services; i++) {
		struct str title = service_title(e->mem, &c->services[i]);
		const struct service_view *old = map_get(&e->old.by_title, title),
					  *new = map_get(&e->new.by_title, title);

		if (!old || !new || map_get(&e->changes, title))
			continue;
		if (is_among(e, &sources, old) || is_among(e, &sources, new))
			effects_of_access(e, old, new);
	}
}

void effect_find(struct arena *mem, const struct diff_side *base, const struct diff_side *head,
		 struct diff_cluster *cluster)
{
	struct effects e = { .mem = mem,
			     .base = base,
			     .head = head,
			     .cluster = cluster,
			     .changes = map_new(mem),
			     .said = map_new(mem) };
	uint32_t n;

	link_index(mem, cluster->old, &e.old);
	link_index(mem, cluster->new, &e.new);
	sort_changes(&e);
	if (!cluster->old || !cluster->new)
		return;
	n = cluster->touched.n;
	for (uint32_t i = 0; i < n; i++)
		compare_views(&e, link_view(&e.old, mem, cluster->touched.at[i]),
			      link_view(&e.new, mem, cluster->touched.at[i]));
	compare_others(&e);
	compare_exports(&e, cluster->new->cluster, false);
	compare_exports(&e, cluster->old->cluster, true);
	effects_of_guards(&e);
	effects_of_meshes(&e);
}
