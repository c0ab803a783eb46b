/*
 * Documents of a generated fleet: written one by one, kept as text, spread over files.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"

struct fleet {
	struct arena *mem;
	const char *folder;
	uint32_t clusters, services, policies;
	uint32_t
		linkerd; /* so many of the clusters, the last ones, run Linkerd; the others Istio */
	uint64_t seed, shuffle; /* shuffle 0: files as people would have them */
};

struct member { /* a service of the fleet */
	uint32_t cluster, service;
	const char *name, *space;
	uint32_t ports, versions;
	bool linkerd;
};

struct documents_of { /* in one cluster, or of one file */
	VEC(struct str) all;
	VEC(const char *) kinds; /* of each */
};

/* The same number for the same seed and place, whatever was asked before. */
uint64_t fleet_random(const struct fleet *, uint64_t a, uint64_t b, uint64_t c);

struct buf *document_start(struct fleet *, struct documents_of *, const char *api,
			   const char *kind);
void document_end(struct fleet *, struct documents_of *, struct buf *);

/* creationTimestamp, resourceVersion, uid: what kubectl prints and no output may depend on. */
void put_identity(struct buf *, const struct fleet *, uint64_t a, uint64_t b);

/* As one `kind: List` per kind, or as documents in one file; shuffled: as documents in files of any names. */
void documents_write(struct fleet *, const struct documents_of *, const char *below, bool lists);

void folder_make_below(const struct fleet *, const char *path);
void file_write_below(const struct fleet *, const char *path, struct str text);
