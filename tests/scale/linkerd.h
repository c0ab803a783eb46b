/*
 * Clusters of a generated fleet that run Linkerd: the last ones. What they have instead of Istio's control plane,
 * and what their policies ask for, since Linkerd cannot do all that Istio can.
 */
#pragma once

#include "scale/document.h"

bool runs_linkerd(const struct fleet *, uint32_t cluster);

/* Namespace, config, roots, control plane, gateway, and a controller for each of the other clusters. */
void put_linkerd(struct fleet *, struct documents_of *, uint32_t cluster);

/* The Linkerd meshes as one. */
void put_linkerd_virtual_mesh(struct fleet *, struct documents_of *);
