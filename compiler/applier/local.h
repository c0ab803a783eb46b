/*
 * Private to applier/: how all appliers see the Fleet, and how they build trees.
 */
#pragma once

#include "applier/applier.h"
#include "schema/model.gen.h"

struct applying { /* for one applier */
	struct arena *mem;
	const struct resource *fleet;
	const struct fleet_appliers *asked;
	const struct snapshot *snapshot;
	struct object_set *out;
};

struct applier {
	const char *name; /* its folder, below appliers/ */
	bool (*is_asked)(const struct fleet_appliers *);
	void (*objects)(struct applying *);
	void (*mark)(struct arena *, struct node *annotations, enum stage);
};

extern const struct applier applier_argocd, applier_flux;

struct applier_type {
	const char *group, *version, *kind;
};

/* An object with meshc's label and without annotations and spec. about: its cluster; empty: all. */
struct object *applier_object(struct applying *, const struct applier_type *, struct str space,
			      struct str name, struct str about);

struct node *applier_map(struct arena *, struct node *parent, const char *key);
struct node *applier_list(struct arena *, struct node *parent, const char *key);
void applier_put(struct arena *, struct node *map, const char *key, struct str text);
void applier_flag(struct arena *, struct node *map, const char *key, bool);
void applier_add(struct arena *, struct node *list, struct str text);

/* What belongs to the fleet and a cluster: <fleet>-<cluster>, short enough for the value of a label. */
struct str applier_name(struct applying *, struct str cluster);

/* The folder of a cluster in the repository of the output. */
struct str applier_path(struct applying *, struct str cluster);

/* The i-th cluster that runs a mesh, NULL: past the last. */
const struct cluster *applier_cluster(struct applying *, uint32_t i);
