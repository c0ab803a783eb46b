/*
 * Who brings the output into the clusters. The Fleet names them in `spec.appliers`;
 * each gets objects that tell it where the output of every cluster lies, and in
 * which order its parts may be applied.
 *
 * An applier is a row of applier.c and a file. It sees clusters and stages, never a
 * plan or a mesh.
 */
#pragma once

#include "model/snapshot.h"
#include "output/output.h"

/* Notes in every object of a cluster when it may be applied, in the words of the appliers. */
void applier_mark(struct arena *, const struct snapshot *, struct object_set *);

/* One set per applier. Reports no_applier. */
void applier_objects(struct arena *, struct diags *, const struct snapshot *, struct bundle *out);
