/*
 * Any decoded document: what it is, what it is called, where it stands.
 */
#pragma once

#include "base/vec.h"
#include "schema/value.h"

enum kind {
#define KIND(constant, type, name, api, role) KIND_##constant,
#define ALSO(api, as)
#define SKIPPED(name, api)
#define LATER(name, api)
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
	KIND_MAX
};

enum role {
	ROLE_FLEET,       /* meshc.yaml only */
	ROLE_DECLARATION, /* below the mesh folders */
	ROLE_INVENTORY,   /* below inventory/<cluster>/ */
	ROLE_RAW,         /* a Kubernetes object as kubectl prints it; below inventory/<cluster>/ */
	ROLE_ANYWHERE,
};

struct shape;
struct metadata;

struct kind_row {
	const char *name, *api; /* "TrafficPolicy", "networking.mesh.gloo.solo.io/v1" */
	enum role role;
	const struct shape *shape;
};

const struct kind_row *kind_row(enum kind);
bool kind_find(struct str api_version, struct str name, enum kind *out);

enum kind_fate { KIND_READ, KIND_SKIPPED, KIND_LATER, KIND_UNKNOWN };
enum kind_fate kind_fate(struct str api_version, struct str name,
			 enum kind *out); /* *out only for KIND_READ */
bool kind_name_at(
	uint32_t i, struct str *name,
	struct str *api); /* the i-th kind known by name, whatever its fate; false past the last */

struct resource {
	enum kind kind;
	struct str name, space; /* metadata.name, metadata.namespace (may be empty) */
	struct span at;         /* of metadata.name */
	struct str folder;      /* inventory/<folder>/...: that cluster's name; else empty */
	const struct metadata
		*metadata; /* declarations and discovery objects; NULL for raw objects */
	const void *body;  /* struct <struct of kinds.def>: the whole document */
	bool broken;       /* errors were reported: do not use, do not complain again */
};

struct catalog {
	VEC(struct resource) all; /* sorted by (kind, folder, space, name) */
	VEC(struct str)
	torn; /* sorted: folders ("" = declarations) with a document that could not be read; what they seem to lack is no finding */
};

struct resources { /* a run of the catalog */
	const struct resource *at;
	uint32_t n;
};

struct resources catalog_folder(const struct catalog *, enum kind, struct str folder);
struct resources catalog_kind(const struct catalog *, enum kind); /* of all folders */
/* NULL: there is none. */
const struct resource *catalog_find(const struct catalog *, enum kind, struct str folder,
				    struct str space, struct str name);
int catalog_order(const void *, const void *); /* kind, folder, namespace, name: as it is sorted */
