/*
 * What kinds of meshes are like, as far as the plan depends on it: one row per
 * kind, facts of the meshes themselves and nothing of one fleet. With it the plan
 * asks what a mesh does and never which one it is.
 */
#pragma once

#include "model/inventory.h"

struct mesh_traits {
	const char *name; /* "Istio" */
	/*
	 * Services of other clusters become Services of the consumer's cluster, <service>-<cluster>
	 * in the same namespace, instead of hosts that only the mesh knows.
	 */
	bool mirrors;
	/* Mirrored namesakes of several clusters become one Service of this name, after a dash; empty: they cannot. */
	struct str clusterset_suffix;
	/* Gateways open connections: callers from other clusters arrive with the gateway's identity. */
	bool hides_callers;
	/* A gateway treats what it passes on by the routes of its own cluster. */
	bool routes_at_gateway;
	/* Proxies take roots of trust from a bundle that others may write. */
	bool bundles_roots;
	/* Identities name the namespace of the control plane that vouches for them. */
	bool names_issuer;
	/* Access control acts on ports of workloads, and on each of them once. */
	bool guards_ports;
	/* Access control closes every port of a workload, whether a service has it or not. */
	bool closes_workloads;
	/* Callers of a headless service reach the pod that they have dialled, whatever a route says. */
	bool keeps_dialled_pods;
	/* Without one of its own the service of an east-west gateway is the one that selects this label. */
	struct label gateway_selector;
	struct str gateway_port; /* name of the port that other clusters dial */
	/* What the mesh adds to pods that it takes in: a container, and a label unless the pod is a gateway. */
	struct str proxy, proxy_image;
	struct label sidecar_label;
	/* Its settings, before "-" and the revision; empty: they are elsewhere. */
	struct str config_map;
	/* What to do about names that nobody resolves, about callers that are refused; ends before "of", "in cluster x". */
	const char *resolve_help, *admit_help;
};

const struct mesh_traits *mesh_traits(const struct mesh *);

/* The ConfigMap in the namespace of the control plane that holds its settings; empty: there is none. */
struct str mesh_config_map(struct arena *, const struct mesh *);
