/*
 * Private to target/istio/: one function per kind of object.
 */
#pragma once

#include "target/local.h"

enum istio_kind {
	ISTIO_AUTHORIZATION_POLICY,
	ISTIO_DESTINATION_RULE,
	ISTIO_GATEWAY,
	ISTIO_SERVICE_ENTRY,
	ISTIO_VIRTUAL_SERVICE,
	ISTIO_KIND_MAX
};

void istio_virtual_service(struct lowering *, const struct destination_plan *);
void istio_destination_rule(struct lowering *, const struct destination_plan *);
void istio_import(struct lowering *, const struct destination_plan *);
void istio_export(struct lowering *, const struct export_plan *);
void istio_gateway(struct lowering *, const struct gateway_plan *);
void istio_authorization_policy(struct lowering *, const struct access_plan *);

/* apiVersion, kind, metadata and the spec, which several objects may share. */
struct object *istio_object(struct lowering *, enum istio_kind, struct str space, struct str name,
			    struct span at, struct node *spec);

/* What the configuration of a destination is called in each of its namespaces. */
struct str istio_name(struct lowering *, const struct destination_plan *);

/* <trust domain>/ns/<namespace>/sa/<account>, where `*` at the end stands for any rest. */
struct str istio_principal(struct lowering *, const struct identity *);

struct spaces {
	VEC(struct str) all;
};

/* Namespaces that hold the configuration of a destination: the service's own; remote: the root ones of its callers. */
struct spaces istio_spaces(struct lowering *, const struct destination_plan *);

void istio_subsets(struct lowering *, struct node *spec, const struct subset *, uint32_t n);

/* `match` of an http route; everything that the condition does not say is left out. */
void istio_match(struct lowering *, struct node *http, const struct route *);

/* A StringMatch: exact, prefix or regex. */
void istio_string_match(struct lowering *, struct node *map, const struct match *, struct span at);

/* `destination`: host, port, subset. */
void istio_destination(struct lowering *, struct node *map, const struct backend *);

/* timeout, retries, fault, mirrors, headers, corsPolicy: those that somebody set. */
void istio_route_settings(struct lowering *, struct node *http, const struct route *);
