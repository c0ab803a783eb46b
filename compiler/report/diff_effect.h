/*
 * Private to the files that find effects: diff_effect.c and what it asks.
 */
#pragma once

#include "report/diff_local.h"

struct effects {
	struct arena *mem;
	const struct diff_side *base, *head;
	struct diff_cluster *cluster;
	struct service_index old, new;
	struct map changes; /* title of a service -> struct change_list */
	struct map said;    /* callers of workloads that an effect of a service names */
};

struct change_list {
	VEC(uint32_t) all;
};

/* One effect, and the declarations of both sides that it comes from. */
struct found {
	enum diff_risk risk;
	struct str text;
	const struct resource_list *old, *new; /* NULL: none in particular */
	struct span old_at, new_at;            /* the field; unset: none in particular */
};

typedef void effect_put(struct effects *, const struct service *, const struct found *);

/* To the objects about the service that come from the same declarations, or else to all about it. */
effect_put effect_for_service;
/* To no object: where none changed that is about the service. */
effect_put effect_beside;

/* To the objects about no service, or else to any, as far as they come from the same declarations. */
void effect_for_mesh(struct effects *, const struct found *);

struct str effect_title(const struct effects *,
			const struct service *); /* of the cluster itself: without its name */
struct resource_list *sources_of(struct arena *, const struct resource *); /* NULL: an empty list */
bool has_text(const struct str *at, uint32_t n, struct str one);

/* diff_access.c: who may call a service of the cluster. */
void effects_of_access(struct effects *, const struct service_view *old,
		       const struct service_view *new);
void effects_of_guards(struct effects *); /* after those of all services */

/* diff_traffic.c: how calls of a service are treated. */
void effects_of_traffic(struct effects *, const struct destination_plan *old,
			const struct destination_plan *new);

/* diff_mesh.c: what can be called from where, and what is about no service. NULL: not there. */
void effects_of_export(struct effects *, const struct service *, const struct export_plan *old,
		       const struct export_plan *new, effect_put *);
void effects_of_reach(struct effects *, const struct service *, const struct destination_plan *old,
		      const struct destination_plan *new);
void effects_of_meshes(struct effects *);
