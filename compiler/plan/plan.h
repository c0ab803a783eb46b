/*
 * The neutral mesh: for every cluster, what its workloads can call, how requests
 * are treated, what it offers to others, and who may call what. Read this first.
 *
 * Meaning is decided here and nowhere else; targets print it. No word of this
 * file belongs to one mesh. All lists are sorted or in the stated order.
 */
#pragma once

#include "base/pool.h"
#include "model/snapshot.h"
#include "plan/condition.h"
#include "schema/model.gen.h"
#include "source/diag.h"

/* Settings come first: they index what is merged. */
enum feature {
#define SETTING(constant, level, member, path) FEATURE_##constant,
#define PART(constant, setting, path, when)
#define MATCH(constant, path, when)
#define ACCESS(constant, path, when)
#define MESH(constant, path, when)
#include "plan/feature.def"
	SETTING_MAX,
	SETTING_LAST = SETTING_MAX - 1,
#define SETTING(constant, level, member, path)
#define PART(constant, setting, path, when) FEATURE_##constant,
#define MATCH(constant, path, when) FEATURE_##constant,
#define ACCESS(constant, path, when) FEATURE_##constant,
#define MESH(constant, path, when) FEATURE_##constant,
#include "plan/feature.def"
	FEATURE_MAX
};

/*
 * The effective settings of a route or destination: the field-wise merge of every
 * policy that matches. value[f] points at the winner's decoded setting (struct
 * retry_policy, ...; for REQUEST_TIMEOUT struct number), NULL: nobody set it.
 */
struct effect {
	const void *value[SETTING_MAX];
	const struct resource *owner[SETTING_MAX];
	struct span at[SETTING_MAX];
};

/* effect_retries(e), effect_mirror(e), ...: typed views of value[]. */
#define EFFECT_VIEW(name, type, constant)                                                          \
	static inline const struct type *effect_##name(const struct effect *e)                     \
	{                                                                                          \
		return (const struct type *)e->value[FEATURE_##constant];                          \
	}
EFFECT_VIEW(shift, traffic_shift, TRAFFIC_SHIFT)
EFFECT_VIEW(fault, fault_injection, FAULT_INJECTION)
EFFECT_VIEW(timeout, number, REQUEST_TIMEOUT)
EFFECT_VIEW(retries, retry_policy, RETRIES)
EFFECT_VIEW(cors, cors_policy, CORS_POLICY)
EFFECT_VIEW(mirror, mirror, MIRROR)
EFFECT_VIEW(headers, header_manipulation, HEADER_MANIPULATION)
EFFECT_VIEW(outlier, outlier_detection, OUTLIER_DETECTION)
EFFECT_VIEW(mtls, mtls_policy, MTLS)

struct backend {
	const struct service *service;
	struct str host;   /* as seen from the consumer cluster: local or federated */
	uint32_t port;     /* service port, always explicit */
	struct str subset; /* name; empty: every workload */
	uint32_t weight;   /* percent; a route's weights sum to 100 */
	struct span at, weight_at;
};

struct resource_list { /* a VEC; sorted by (kind, namespace, name), unique */
	const struct resource **at;
	uint32_t n, cap;
};

struct route {
	struct str name; /* of the request matchers it comes from, for access logs; may be empty */
	uint32_t port;   /* service port that the request was sent to */
	struct condition when;        /* condition_is_any(): every request to the port */
	struct effect effect;         /* ROUTE features only */
	VEC(struct backend) to;       /* never empty */
	const struct backend *mirror; /* NULL: not mirrored */
	struct resource_list sources; /* policies that take part; empty for a plain catch-all */
};

struct subset {
	struct str name;
	struct labels labels;
	struct span at;
	struct resource_list sources;
};

struct mesh_list { /* a VEC; unique */
	const struct mesh **at;
	uint32_t n, cap;
};

/* A destination as callers in one cluster see it: a local service, or one of another cluster. */
struct destination_plan {
	const struct service *service;
	struct str
		host; /* local: reviews.bookinfo.svc.cluster.local; federated: ...svc.<cluster>.<suffix> */
	bool remote;
	struct mesh_list
		callers; /* meshes of this cluster that it is for: those of the service's kind; remote: those it is federated to */
	VEC(struct route)
	routes; /* empty: no request policy. By port, then most specific first; the last of each port matches everything */
	struct effect client;         /* DESTINATION features only */
	VEC(struct subset) subsets;   /* that some route of this cluster names; sorted by name */
	const struct import *import;  /* remote only */
	struct resource_list sources; /* of `client` */
};

struct endpoint {           /* of an import: one address of one gateway, for one set of labels */
	struct str address; /* IP or host name */
	uint32_t port;
	struct labels labels; /* of the workloads behind it; empty: all of them */
	struct locality locality;
	struct str network;
};

struct mesh_port {               /* a port of an import or export */
	uint32_t number, target; /* target: container port in the provider */
	struct str name;         /* never empty */
	enum port_protocol protocol;
};

/* Who calls or answers. A part that is empty stands for any. */
struct identity {
	struct str trust_domain, space, account; /* space, account: of the service account */
	struct str
		issuer; /* namespace of the control plane, where identities name it; else empty */
};

struct identity_list { /* a VEC; sorted by identity_order, unique */
	struct identity *at;
	uint32_t n, cap;
};

int identity_order(const struct identity *, const struct identity *);
void identities_add(struct arena *, struct identity_list *, struct identity); /* keeps order */

struct import { /* what a consumer must know to reach a federated service */
	const struct service *service;
	const struct resource *virtual_mesh;
	struct str host, address; /* as the virtual mesh names it, with its stable virtual IP */
	struct str
		mirror; /* the Service that stands for it here; empty: the host itself is dialled */
	VEC(struct mesh_port) ports;
	VEC(struct endpoint) endpoints;        /* none where a mirror stands for it */
	bool by_name;                          /* some endpoint address is a host name */
	struct identity_list identities;       /* whom to expect */
	const struct tcp_keepalive *keepalive; /* NULL: none */
};

struct export_plan { /* what a provider must know to let others in */
	const struct service *service;
	const struct resource *virtual_mesh;
	struct str host, address;
	VEC(struct mesh_port) ports;
	VEC(struct str) gateway_spaces; /* namespaces of the gateways that lead to it; flat: none */
	VEC(struct subset) subsets;     /* that some consumer names; sorted by name */
	bool flat;                      /* consumers reach its pods, without a gateway */
	bool clusterset;                /* it is part of a ClusterSet service */
	VEC(struct str) to;             /* consumer clusters, sorted */
	VEC(struct str)
	marked_for; /* those of them that do not get everything which its mesh exports; sorted */
};

/* The root by which a mesh judges callers comes from a Secret of its cluster. */
struct trust_plan {
	const struct mesh *mesh;
	const struct resource *virtual_mesh;
	struct str secret, space;
	struct span at;
};

/* A mesh of another cluster whose services workloads of a mesh here may call. */
struct peer_plan {
	const struct mesh *mesh, *own;
	const struct resource *virtual_mesh;
	bool flat;       /* pods are reached directly; no gateways */
	bool selective;  /* it exports services that are not for this cluster */
	bool clusterset; /* its services have a common name with their namesakes */
	VEC(const struct gateway_plan *) gateways;
};

/* Services of one name and namespace in several clusters under one name more (MCS: a ClusterSet service). */
struct clusterset_plan {
	struct str name, space, host;        /* what callers here dial */
	VEC(const struct service *) members; /* of this cluster and others, in cluster order */
	const struct resource *virtual_mesh;
};

struct gateway_plan { /* an east-west gateway */
	const struct service *service;
	const struct mesh *mesh;
	const struct resource *virtual_mesh;
	struct labels selector;
	struct str suffix;               /* serves *.<suffix> */
	VEC(struct str) addresses;       /* as reached from outside; never empty */
	uint32_t port, container_port;   /* as reached from outside; on the workload */
	struct identity_list identities; /* of its workloads */
};

enum access_kind {
	ACCESS_SERVICE, /* only what the rules list may call the service's workloads */
	ACCESS_NOTHING, /* nobody may call anything in the mesh unless another entry lets them */
	ACCESS_GATEWAY, /* anybody may connect to a gateway's workloads */
};

struct network { /* a range of addresses: 10.0.0.0/8, or one address */
	struct str cidr;
	VEC(struct str) except; /* inside cidr and smaller than it */
};

struct networks { /* a VEC */
	struct network *at;
	uint32_t n, cap;
};

struct access_rule {
	bool anybody;                    /* with or without an identity */
	struct identity_list identities; /* who may call, by identity */
	struct networks networks;        /* from where, whoever it is; empty: from anywhere */
	VEC(struct str) paths, methods;  /* empty: any */
	VEC(uint32_t) ports;             /* container ports, ascending; empty: any */
	const struct resource *policy;   /* NULL for gateways */
	struct span at;
};

struct pod_selector {
	struct labels with;        /* that pods have */
	VEC(struct label) without; /* that they do not have; sorted by key and value, unique */
};

/*
 * One port of the workloads of a service, or of several that have workloads in common,
 * where a mesh controls access port by port: all that the policies of any of these services
 * let in may connect, and nobody else. No workload has a port under two guards of one mesh.
 */
struct guard_plan {
	const struct mesh *mesh;
	struct str name, space;      /* of the services, and the port; unique in the namespace */
	struct pod_selector pods;    /* workloads, by their labels */
	uint32_t port;               /* container port */
	enum port_protocol protocol; /* PROTOCOL_AUTO: not said */
	VEC(const struct access_rule *) rules; /* ORed; all of this port */
	VEC(struct probe) probes;              /* that workloads behind it have on the port */
	struct resource_list sources;
};

struct access_plan {
	enum access_kind kind;
	const struct mesh *mesh;       /* where it acts */
	const struct service *service; /* ACCESS_SERVICE, ACCESS_GATEWAY */
	struct labels selector;        /* workloads; empty for ACCESS_NOTHING */
	VEC(struct access_rule) rules; /* ORed */
	struct resource_list sources;
};

struct cluster_plan {
	const struct cluster *cluster;
	VEC(struct destination_plan) destinations; /* sorted by (host) */
	VEC(struct export_plan) exports;           /* sorted by host */
	VEC(struct gateway_plan) gateways;         /* sorted by (namespace, name) of the service */
	VEC(struct trust_plan) trusts;             /* sorted by the mesh's place in the inventory */
	VEC(struct peer_plan) peers; /* in the order of the first service that each exports */
	VEC(struct clusterset_plan) clustersets; /* sorted by host */
	VEC(struct guard_plan) guards;           /* sorted by (namespace, name) */
	VEC(struct access_plan)
	access; /* ACCESS_NOTHING by mesh first, then gateways, then services by (namespace, name) */
};

struct plan {
	const struct snapshot *snapshot;
	struct cluster_plan *clusters; /* slot i: cluster i of the inventory */
	uint32_t n_clusters;
};

struct plan_pass {
	struct arena *mem;
	struct diags *diags;
	struct pool *pool;
};

/* The destination of that host; NULL: it has no entry. */
const struct destination_plan *plan_destination(const struct cluster_plan *, struct str host);

/* pods.c: the selector matches pods with these labels. */
bool pods_have(const struct pod_selector *, const struct labels *);

/* Findings 04xx to 06xx. The plan of what is sound is always complete. */
void plan_build(struct plan_pass *, const struct snapshot *, struct plan *out);

/* feature.c: what a policy sets, by feature. */
const struct shape_field *feature_field(enum feature); /* of shape_traffic_rules; settings alone */
const char *feature_name(enum feature);                /* a setting as written: "trafficShift" */
const char *feature_kind(enum feature);                /* "TrafficPolicy" */
const char *
	feature_path(enum feature); /* below spec of that kind: "policy.retries.perTryTimeout" */
const char *feature_case(enum feature); /* which values of the field; NULL: any */
bool feature_is_part(enum feature, enum feature setting);
bool feature_of_destination(enum feature); /* level DESTINATION of feature.def */
const void *feature_value(const struct traffic_rules *, enum feature,
			  struct span *at); /* NULL: not given */

/*
 * asked.c: calls back for each way in which the plan of a cluster asks something that
 * is wanted[] by feature, with the field that asks and the declaration it stands in. A
 * part of a setting is asked for where the policy gives it.
 */
struct asked {
	enum feature feature;
	struct span at;
	const struct resource *by; /* NULL: nobody in particular */
};

void plan_asked(const struct cluster_plan *, const bool *wanted,
		void (*each)(void *cx, const struct asked *), void *cx);

/* federation.c: the virtual mesh wants namesakes of several clusters under one name more. */
#define CLUSTERSET "meshc.dev/clusterset-services"
bool is_clusterset(const struct resource *virtual_mesh);

/* allowance.c: the fleet, or the declaration itself, takes what only comes close. `by` may be NULL. */
#define ALLOWANCE "meshc.dev/allow-approximate"
bool approximate_is_allowed(const struct fleet_options *, const struct resource *by, enum feature);
const struct text *allowance_of(const struct resource *); /* the annotation's value; NULL: none */
struct str allowance_next(struct str *rest);              /* its next item */

/* Adds what the matcher asks of a request. */
void condition_add_request(struct arena *, const struct http_matcher *, struct condition *);

bool protocol_carries_http(enum port_protocol); /* AUTO counts: the proxy finds out */

/* Where services of other clusters are mirrored: the Service that stands for it, reviews-cluster-2. */
struct str mirror_name(struct arena *, const struct service *);

struct str policy_title(struct arena *,
			const struct resource *); /* "TrafficPolicy bookinfo/reviews" */
