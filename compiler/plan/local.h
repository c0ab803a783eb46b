/*
 * What the files of plan/ share among themselves.
 */
#pragma once

#include "base/map.h"
#include "model/select.h"
#include "plan/plan.h"

struct shape;
/* asked.c: where the field at `path` of an object of that shape is given; unset: it is not. */
struct span field_given(const struct shape *, const void *object, struct str path);

/* Same value after defaults, wherever it was written. */
bool shape_equal(const struct shape *, const void *a, const void *b);
bool feature_equal(enum feature, const void *a, const void *b);

/* A service that others may call, by grace of a virtual mesh. */
struct federated {
	const struct service *service;
	const struct resource *virtual_mesh;
	const struct federation *spec;
	struct str host, suffix, address;
	bool flat, clusterset;
	VEC(const struct mesh *) to; /* meshes of other clusters, in mesh order */
};

struct mesh_gateways {
	VEC(struct gateway_plan) all; /* sorted by service */
	bool refused;                 /* an error was reported */
};

typedef uint32_t service_id;

struct id_list {
	uint32_t *at;
	uint32_t n, cap;
};

/* What every cluster's job reads. */
struct builder {
	const struct snapshot *snapshot;
	service_id *first; /* per cluster: id of its first service */
	uint32_t n_services;
	struct id_list *traffic, *access; /* per service: policies that select it, ascending */
	struct condition **requests;      /* per traffic policy and request matcher of it */
	bool *meets_http;             /* per traffic policy: some service it selects carries HTTP */
	struct federated **federated; /* per service; NULL: not federated */
	struct id_list *imports, *exports;    /* per cluster: service ids, ascending */
	struct mesh_gateways *gateways;       /* per mesh */
	const struct resource **virtual_mesh; /* per mesh: the one it is part of, or NULL */
};

bool service_carries_http(const struct service *);

/* One cluster's job. */
struct cluster_job {
	const struct builder *builder;
	struct arena *mem, *scratch; /* of the plan; of one destination */
	struct diags *diags;
	const struct cluster *cluster;
	struct cluster_plan *out;
	struct map by_host; /* host -> index + 1 in out->destinations */
};

static inline service_id id_of(const struct builder *b, const struct service *s)
{
	return b->first[s->cluster->index] + (service_id)(s - s->cluster->services);
}

const struct service *service_of(const struct builder *, service_id);
uint32_t mesh_index(const struct inventory *, const struct mesh *);

void sources_add(struct arena *, struct resource_list *, const struct resource *);

/* naming.c */
struct str host_local(struct arena *, const struct service *);
struct str host_federated(struct arena *, const struct service *, struct str suffix);
/* What callers in the cluster dial. Of another cluster: it must be federated to them. */
struct str host_from(struct arena *, const struct builder *, const struct service *,
		     const struct cluster *);
struct str subset_name(struct arena *, const struct labels *);
uint32_t federated_address(const struct service *); /* host order; 240.0.0.0/4 */
struct str address_text(struct arena *, uint32_t);
bool address_is_ip(struct str); /* IPv4 or IPv6, not a host name */

/* binding.c: fills builder.traffic and builder.access. */
void binding_build(struct arena *, struct builder *);

/* federation.c: fills federated, imports, exports, virtual_mesh; gateway.c: gateways. */
void federation_build(struct arena *, struct diags *, struct builder *);
void gateway_build(struct arena *, struct diags *, struct builder *);
bool gateway_is_selected(const struct federation *,
			 const struct service *); /* by ingressGatewaySelectors */
bool gateway_is_default(const struct service *);  /* by the label that gateways of its mesh have */
bool runs_proxies_only(const struct service *);   /* nothing else is behind it */
bool is_federated_to(const struct builder *, const struct service *, const struct cluster *);

/* trust.c: fills trusts of every cluster. */
void trust_build(struct arena *, struct diags *, const struct builder *, struct plan *);

/* peer.c: fills peers and clustersets of every cluster, and to and marked_for of the exports. */
void peer_build(struct arena *, struct diags *, const struct builder *, struct plan *);

/* passage.c: what gateways that treat requests by themselves make of the consumers' routes. */
void passage_build(struct arena *, struct diags *, const struct builder *, struct plan *);

/* traffic.c: routes and client settings of the job's destinations; destination entries for subsets. */
void traffic_build(struct cluster_job *);
struct destination_plan *destination_of(struct cluster_job *,
					const struct service *); /* made when absent */

/* import.c */
void import_build(struct cluster_job *);
void export_build(struct arena *, struct diags *, const struct builder *, struct plan *);

/* A rule on its way: what one policy grants on one service. */
struct granting {
	struct cluster_job *job;
	const struct service *service;
	const struct resource *policy;
	struct access_rule *rule;
};

struct port_numbers { /* a VEC; unique */
	uint32_t *at;
	uint32_t n, cap;
};

/* port.c: the container ports that a service's port leads to. */
void port_targets(struct arena *, const struct service *, const struct service_port *,
		  struct port_numbers *out);

/* A name for the export's next port by which every workload is reached where the service leads; p == NULL: none does. */
struct str port_export_name(struct arena *, const struct export_plan *,
			    const struct service_port *);

/* identity.c */
struct identity identity_of(const struct mesh *, struct str space, struct str account);
void identities_of(struct arena *, const struct service *,
		   struct identity_list *out); /* of the workloads behind it */
/* The identities that a selector names, into the rule; those of the service's own mesh. */
void identities_grant(struct granting *, const struct identity_selector *);
void identities_grant_own(struct granting *, struct span at);

/* network.c: the addresses that a matcher names. */
void networks_add(struct arena *, const struct request_ip_matcher *, struct networks *out);
void networks_check(struct arena *, struct diags *, const struct builder *); /* of all policies */

/* pods.c */
struct labels_list { /* a VEC */
	struct labels *at;
	uint32_t n, cap;
};

struct pod_selectors { /* a VEC */
	struct pod_selector *at;
	uint32_t n, cap;
};

struct labels labels_unite(struct arena *, const struct labels *, const struct labels *);
/* Selectors that match what has all labels of `with` and not all of any combination; no pod satisfies two of them. */
void pods_without(struct arena *, const struct labels *with, const struct labels_list *combinations,
		  struct pod_selectors *out);

/* guard.c: fills guards of the job's cluster from its access entries. */
void guards_build(struct cluster_job *);

/* caller_mesh.c: callers whose identity the services of a policy cannot check. */
void caller_meshes_check(struct arena *, struct diags *, const struct builder *);

/* hidden.c: callers that arrive at a service with the identity of a gateway. */
void hidden_check(struct arena *, struct diags *, const struct builder *, const struct plan *);

/* bystander.c: callers of meshes of another kind, whom policies mean and do not reach. */
void bystanders_check(struct cluster_job *);

/* neighbour.c: services that a policy on this one closes as well. */
void neighbours_check(struct cluster_job *, const struct service *, const struct resource *policy);

/* access.c */
void access_build(struct cluster_job *);
void access_check_ports(struct arena *, struct diags *, const struct builder *);

/*
 * atom.c: a policy is the union of its atoms: one way it selects the destination,
 * one way it selects the caller, one request matcher.
 */
struct atom {
	uint32_t policy; /* index in policy_set.all */
	const struct kube_service_matcher
		*matcher; /* how it selects the destination; NULL with !by_name: everything */
	bool by_name;     /* by kubeServiceRefs */
	const struct texts *clusters,
		*spaces;       /* of callers, as the selector lists them; NULL: any */
	struct condition when; /* caller's namespace and labels, and the request */
	struct str name;       /* of the request matcher; may be empty */
};

struct policy_set { /* that act on one destination for callers in one cluster */
	VEC(const struct resource *) all; /* in the order of the snapshot */
	VEC(struct atom) atoms;
};

/* Fills builder.requests: a regular expression is read once, however many services it is for. */
void requests_build(struct arena *, struct builder *);
void atoms_collect(struct arena *, const struct builder *, const struct service *,
		   const struct cluster *consumer, struct policy_set *out);
bool selectors_within(const struct atom *narrow,
		      const struct atom *wide); /* of destination and caller */
const struct traffic_rules *rules_of(const struct resource *);
/* The policy, which has rules, sets something of that level: of connections to a destination, or of requests. */
bool policy_sets(const struct resource *policy, bool of_destination);

/* Which of the conditions that merge holds which: asked once, as a regular expression takes its time. */
struct relation {
	const uint32_t *place; /* per atom of the set: of its condition */
	const bool *within;    /* places times places: [narrow * n + wide] */
	size_t n;
};

/* merge.c: the effective settings of the atoms listed (indexes into set->atoms). */
struct merge_context {
	struct arena *mem, *scratch; /* of what a route keeps; of the rest */
	struct diags *diags;
	const struct policy_set *set;
	const struct service *service;
	const struct cluster *consumer;
};

/* The requests of one route, or every connection. */
struct matching {
	const struct condition *when;
	const struct id_list *atoms;     /* that match them */
	const struct relation *relation; /* NULL: the conditions of these atoms are one */
};

void merge_effect(struct merge_context *, const struct matching *, bool of_destination,
		  struct effect *out);

/* routes.c: every meet of the atoms' conditions, most specific first, the last matches everything. */
struct merged_route {
	struct condition when;
	struct str name;
	struct effect effect;
	struct resource_list sources;
};

struct merged_routes {
	VEC(struct merged_route) all; /* in cx->scratch */
};

void routes_merge(struct merge_context *, struct merged_routes *out);

/* backend.c: where a route leads, seen from the job's cluster. false: reported. */
bool backends_of_shift(struct cluster_job *, const struct service *dialled,
		       const struct traffic_shift *, struct route *);
bool backend_of_mirror(struct cluster_job *, const struct mirror *, struct route *);
