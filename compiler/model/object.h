/*
 * What a cluster will get: Kubernetes objects as trees, with where they came from.
 */
#pragma once

#include "base/vec.h"
#include "model/requirement.h"
#include "tree/node.h"

struct object_key {
	struct str group, kind, space, name; /* group: networking.istio.io; "" for core */
};

struct object {
	struct object_key key;
	struct node *body; /* apiVersion, kind, metadata, spec */
	VEC(const struct resource *)
	sources; /* declarations it came from; sorted by (kind, namespace, name), unique */
};

struct object_set {
	struct str cluster;
	VEC(struct object) all; /* sorted by key, keys unique */
	struct requirements required;
};

struct bundle { /* slot i: cluster i of the plan */
	struct object_set *clusters;
	uint32_t n;
};

int object_key_compare(const struct object_key *,
		       const struct object_key *); /* group, kind, namespace, name: bytes */
