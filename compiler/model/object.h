/*
 * What a cluster will get: Kubernetes objects as trees, with where they came from.
 * What appliers get to know of the clusters has the same form.
 */
#pragma once

#include "base/vec.h"
#include "model/requirement.h"
#include "tree/node.h"

struct object_key {
	struct str group, kind, space, name; /* group: networking.istio.io; "" for core */
};

/*
 * When an object may be applied: what it names stands then, and nobody is turned away
 * who is to be let in. What goes, goes in the reverse order.
 */
enum stage {
	STAGE_DEFINE, /* what others name: hosts, subsets, gateways, authentications */
	STAGE_ALLOW,  /* who may call */
	STAGE_ROUTE,  /* where requests go */
	STAGE_DENY,   /* closes to everybody who is not let in */
	STAGE_MAX
};

const char *stage_name(enum stage); /* "define" */

struct object {
	struct object_key key;
	enum stage stage;
	struct node *body; /* apiVersion, kind, metadata, spec */
	struct str about;  /* the cluster that an applier's object is about, if it is one */
	VEC(const struct resource *)
	sources; /* declarations it came from; sorted by (kind, namespace, name), unique */
};

struct object_set {
	struct str cluster;
	struct span at;         /* of the cluster, in the inventory */
	bool unmeasured;        /* nobody applies it: no size is too large */
	struct str applier;     /* set: for this applier, not for a cluster */
	VEC(struct object) all; /* sorted by key, keys unique */
	struct requirements required;
};

struct bundle { /* slot i: cluster i of the plan */
	struct object_set *clusters;
	uint32_t n;
};

int object_key_compare(const struct object_key *,
		       const struct object_key *); /* group, kind, namespace, name: bytes */
