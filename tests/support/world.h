/*
 * A repository in memory, taken as far as a snapshot: what tests of front/, plan/
 * and everything after stand on.
 *
 *	struct world w;
 *	world_setup(&w);
 *	world_add(&w, "inventory/c1/all.yaml", "kind: List\n...");
 *	world_add(&w, "mesh/policies.yaml", "...");
 *	world_build(&w);
 *	assert_non_null(inventory_cluster(&w.snapshot.inventory, S("c1")));
 *	world_teardown(&w);
 *
 * Paths come in rising order, as front_load gives them. There is no meshc.yaml
 * unless the test adds one: the fleet has the defaults.
 */
#pragma once

#include "support/fixture.h"

#include "front/front.h"

struct world {
	struct fixture f;
	struct pass pass;
	struct sources sources;
	struct catalog catalog;
	struct snapshot snapshot;
};

static inline void world_setup(struct world *w)
{
	*w = (struct world){ 0 };
	fixture_setup(&w->f);
	w->pass = (struct pass){ w->f.mem, &w->f.diags, w->f.pool };
	w->sources.files = &w->f.files;
	w->sources.fleet = (struct fleet_options){ .name = S("test"),
						   .inventory = S("inventory"),
						   .output = S("rendered"),
						   .gloo_namespace = S("gloo-mesh") };
	vec_add(w->f.mem, &w->sources.fleet.mesh, S("mesh"));
}

static inline void world_teardown(struct world *w)
{
	fixture_teardown(&w->f);
}

/* inventory/<cluster>/... is that cluster's; the rest is declarations. */
static inline void world_add(struct world *w, const char *path, const char *text)
{
	struct source source = { .file = fixture_file(&w->f, path, text),
				 .place = SOURCE_DECLARATION };
	struct str rest = str_of(path);
	int64_t slash;

	if (str_eq(rest, S("meshc.yaml")))
		source.place = SOURCE_FLEET;
	if (str_starts(rest, S("inventory/"))) {
		source.place = SOURCE_INVENTORY;
		rest = str_slice(rest, 10, rest.n);
		slash = str_find(rest, '/');
		source.folder = slash < 0 ? S("") : str_slice(rest, 0, (uint32_t)slash);
	}
	vec_add(w->f.mem, &w->sources.all, source);
}

static inline void world_build(struct world *w)
{
	front_read(&w->pass, &w->sources, &w->catalog);
	front_resolve(&w->pass, &w->sources, &w->catalog, &w->snapshot);
}
