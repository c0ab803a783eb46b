/*
 * What can be called from where, and what is about whole meshes: default denial, trust, gateways.
 */
#include "base/base.h"
#include "report/diff_effect.h"

#include "model/mesh_traits.h"

/* Clusters that one export names and the other does not. */
static struct str gained(struct arena *mem, const struct export_plan *from,
			 const struct export_plan *to)
{
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; to && i < to->to.n; i++) {
		if (from && has_text(from->to.at, from->to.n, to->to.at[i]))
			continue;
		buf_str(&out, str_of(out.n ? ", " : ""));
		buf_str(&out, to->to.at[i]);
	}
	return buf_view(&out);
}

/* What is dialled abroad; a mirror has the domain of each cluster behind it. */
static struct str dialled(struct arena *mem, const struct export_plan *export)
{
	const struct service *s = export->service;

	return mesh_traits(s->mesh)->mirrors ? str_join(mem, mirror_name(mem, s), S("."), s->space)
					     : export->host;
}

void effects_of_export(struct effects *e, const struct service *service,
		       const struct export_plan *old, const struct export_plan *new,
		       effect_put *put)
{
	struct str more = gained(e->mem, old, new), less = gained(e->mem, new, old);
	struct found f = { .old = sources_of(e->mem, old ? old->virtual_mesh : NULL),
			   .new = sources_of(e->mem, new ? new->virtual_mesh : NULL) };

	if (more.n && new) {
		f.risk = RISK_HOST_EXPORTED;
		f.text = str_format(e->mem, "`%.*s` to %.*s", STR(dialled(e->mem, new)), STR(more));
		put(e, service, &f);
	}
	if (less.n && old) {
		f.risk = RISK_HOST_WITHDRAWN;
		f.text = str_format(e->mem, "`%.*s` to %.*s", STR(dialled(e->mem, old)), STR(less));
		put(e, service, &f);
	}
}

/* A service of another cluster that can be called from here, or not any more. */
void effects_of_reach(struct effects *e, const struct service *service,
		      const struct destination_plan *old, const struct destination_plan *new)
{
	const struct destination_plan *one = new ? new : old;
	struct found f = { .risk = new ? RISK_HOST_EXPORTED : RISK_HOST_WITHDRAWN };

	if (!one->import)
		return;
	f.old = f.new = sources_of(e->mem, one->import->virtual_mesh);
	f.text = str_format(e->mem, "`%.*s` to %.*s", STR(one->host), STR(e->cluster->name));
	effect_for_service(e, service, &f);
}

static void touch_mesh(struct effects *e, const struct mesh *mesh)
{
	const struct cluster *c = mesh->cluster;

	for (uint32_t i = 0; i < c->n_services; i++)
		if (c->services[i].mesh == mesh)
			vec_add(e->mem, &e->cluster->touched, &c->services[i]);
}

static const struct access_plan *deny_of(const struct cluster_plan *c, struct str mesh)
{
	for (uint32_t i = 0; i < c->access.n; i++)
		if (c->access.at[i].kind == ACCESS_NOTHING &&
		    str_eq(c->access.at[i].mesh->name, mesh))
			return &c->access.at[i];
	return NULL;
}

static void compare_deny(struct effects *e, const struct mesh *mesh)
{
	const struct access_plan *old = deny_of(e->cluster->old, mesh->name),
				 *new = deny_of(e->cluster->new, mesh->name);
	struct found f = { .risk = old ? RISK_DENY_REMOVED : RISK_DENY_ADDED,
			   .old = old ? &old->sources : NULL,
			   .new = new ? &new->sources : NULL };

	if (!old == !new)
		return;
	f.text = str_format(e->mem, "what no policy lists is %s in mesh `%.*s`",
			    old ? "allowed" : "denied", STR(mesh->name));
	effect_for_mesh(e, &f);
	touch_mesh(e, mesh);
}

static const struct mesh *mesh_of(const struct cluster *c, struct str name)
{
	for (uint32_t i = 0; i < c->meshes.n; i++)
		if (str_eq(c->meshes.at[i]->name, name))
			return c->meshes.at[i];
	return NULL;
}

static void compare_trust_lists(struct effects *e, const struct mesh *old, const struct mesh *new)
{
	for (uint32_t i = 0; i < new->trust_aliases.n; i++)
		if (!has_text(old->trust_aliases.at, old->trust_aliases.n,
			      new->trust_aliases.at[i]))
			effect_for_mesh(
				e, &(struct found){
					   .risk = RISK_TRUST_WIDENED,
					   .text = str_format(e->mem,
							      "mesh `%.*s` takes identities of "
							      "`%.*s` for its own",
							      STR(new->name),
							      STR(new->trust_aliases.at[i])) });
	if (new->admits_foreign && !old->admits_foreign)
		effect_for_mesh(
			e,
			&(struct found){ .risk = RISK_TRUST_WIDENED,
					 .text = str_format(
						 e->mem, "mesh `%.*s` admits foreign trust domains",
						 STR(new->name)) });
}

static const struct trust_plan *trust_of(const struct cluster_plan *c, struct str mesh)
{
	for (uint32_t i = 0; i < c->trusts.n; i++)
		if (str_eq(c->trusts.at[i].mesh->name, mesh))
			return &c->trusts.at[i];
	return NULL;
}

static void compare_roots(struct effects *e, const struct mesh *mesh)
{
	const struct trust_plan *old = trust_of(e->cluster->old, mesh->name),
				*new = trust_of(e->cluster->new, mesh->name);
	struct found f = { .old = sources_of(e->mem, old ? old->virtual_mesh : NULL),
			   .new = sources_of(e->mem, new ? new->virtual_mesh : NULL) };

	if (new && (!old || !str_eq(old->secret, new->secret) || !str_eq(old->space, new->space))) {
		f.risk = RISK_TRUST_WIDENED;
		f.text = str_format(
			e->mem, "mesh `%.*s` takes its root from Secret `%.*s` of namespace `%.*s`",
			STR(mesh->name), STR(new->secret), STR(new->space));
		effect_for_mesh(e, &f);
		touch_mesh(e, mesh);
	} else if (old && !new) {
		f.risk = RISK_TRUST_NARROWED;
		f.text = str_format(e->mem,
				    "mesh `%.*s` no longer takes its root from Secret `%.*s` of "
				    "namespace `%.*s`",
				    STR(mesh->name), STR(old->secret), STR(old->space));
		effect_for_mesh(e, &f);
	}
}

static const struct gateway_plan *gateway_like(const struct cluster_plan *c,
					       const struct gateway_plan *g)
{
	for (uint32_t i = 0; i < c->gateways.n; i++)
		if (str_eq(c->gateways.at[i].service->name, g->service->name) &&
		    str_eq(c->gateways.at[i].service->space, g->service->space))
			return &c->gateways.at[i];
	return NULL;
}

static void compare_gateways(struct effects *e, const struct cluster_plan *from,
			     const struct cluster_plan *to, enum diff_risk risk)
{
	for (uint32_t i = 0; i < to->gateways.n; i++) {
		const struct gateway_plan *g = &to->gateways.at[i];
		struct found f = { .risk = risk };

		if (gateway_like(from, g))
			continue;
		f.old = f.new = sources_of(e->mem, g->virtual_mesh);
		f.text = str_format(e->mem, "`%.*s` for other clusters, at port %" PRIu32,
				    STR(effect_title(e, g->service)), g->port);
		effect_for_service(e, g->service, &f);
	}
}

void effects_of_meshes(struct effects *e)
{
	const struct cluster *old = e->cluster->old->cluster, *new = e->cluster->new->cluster;

	for (uint32_t i = 0; i < new->meshes.n; i++) {
		const struct mesh *was = mesh_of(old, new->meshes.at[i]->name);

		if (!was)
			continue;
		compare_deny(e, new->meshes.at[i]);
		compare_trust_lists(e, was, new->meshes.at[i]);
		compare_roots(e, new->meshes.at[i]);
	}
	compare_gateways(e, e->cluster->old, e->cluster->new, RISK_GATEWAY_OPENED);
	compare_gateways(e, e->cluster->new, e->cluster->old, RISK_GATEWAY_CLOSED);
}
