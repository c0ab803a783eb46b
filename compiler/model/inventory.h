/*
 * The fleet as the compiler knows it: clusters, meshes, workloads, services,
 * identities. Built once by front/ from raw Kubernetes objects, from Gloo's
 * discovery objects, or both; read-only from then on.
 *
 * Everything is sorted by bytes: clusters by name; within a cluster services,
 * workloads and accounts by (namespace, name); meshes by (name, namespace).
 */
#pragma once

#include "base/str.h"
#include "base/vec.h"
#include "model/resource.h"
#include "source/span.h"

enum mesh_kind {
	MESH_ISTIO,
	MESH_LINKERD,
	MESH_OSM,
	MESH_APP_MESH,
	MESH_CONSUL,
	MESH_KUMA,
	MESH_CILIUM
};

struct label {
	struct str key, value;
};

struct labels { /* sorted by key, keys unique */
	struct label *at;
	uint32_t n;
};

struct release { /* of the mesh's own numbering: 1.30, 2.20; 0.0: unknown */
	uint32_t major, minor;
};

struct locality {
	struct str region, zone; /* empty: unknown */
};

struct mesh {
	enum mesh_kind kind;
	struct str name, space; /* as Gloo names it: istiod-istio-system-cluster-1, gloo-mesh */
	struct span at;         /* where it was learnt from */
	const struct cluster *cluster;
	struct str install_space; /* namespace of the control plane */
	struct str root_space; /* whose configuration counts for the whole mesh; empty: none does */
	struct str revision;   /* empty or "default": the default revision */
	struct str version;    /* image tag; may be empty */
	struct release release; /* that the version belongs to */
	struct span version_at; /* who said the version */
	struct str
		missing_config; /* its ConfigMap that the inventory lacks, so that the mesh's defaults are taken; empty: none */
	struct str trust_domain;       /* never empty: cluster.local where the mesh does not say */
	VEC(struct str) trust_aliases; /* others whose identities it takes for its own; sorted */
	struct str
		trust_self; /* what its policies may call its own trust domains whatever they are; may be empty */
	struct str region;
	bool admits_foreign; /* proxies take callers of trust domains that are not its own */
	bool dns_proxying;   /* resolves hosts of ServiceEntries for applications */
	bool denies; /* workloads refuse callers that no policy lets in, unless they say otherwise */
	struct str
		opaque_ports; /* on which the mesh looks into nothing, as its settings list them */
	VEC(struct str)
	trust_roots; /* certificates by which it judges callers, without white space; sorted; none: unknown */
	bool external_roots; /* somebody else than the installation writes them */
	struct str
		mirror_space; /* namespace of what mirrors services of other clusters; may be empty */
	VEC(struct str) mirrored; /* clusters whose services are mirrored; sorted */
	VEC(struct ingress_gateway)
	ingress_gateways; /* Gloo's deprecated Mesh.spec.istio.ingressGateways */
};

struct ingress_gateway {
	struct str name, space; /* service */
	struct labels selector;
	VEC(struct str) addresses;
	uint32_t port, container_port;
};

enum workload_kind {
	WORKLOAD_DEPLOYMENT,
	WORKLOAD_STATEFUL_SET,
	WORKLOAD_DAEMON_SET,
	WORKLOAD_UNKNOWN
};

/* The objects of Kubernetes that are workloads. */
enum { CONTROLLERS = WORKLOAD_UNKNOWN };
struct controller {
	enum kind kind;
	enum workload_kind workload;
};
extern const struct controller controllers[CONTROLLERS];

struct container_port {
	struct str name;
	uint32_t number;
};

struct probe { /* a request by which the node asks a container, without an identity */
	struct str path;
	uint32_t port;
};

struct workload {
	enum workload_kind kind;
	struct str name, space; /* of the controller */
	struct span at;
	const struct cluster *cluster;
	const struct mesh *mesh; /* never NULL: others are not kept */
	struct labels labels;    /* pod template */
	struct str account;      /* service account, "default" where not given */
	VEC(struct container_port) ports;
	VEC(struct probe) probes;
	bool is_proxy; /* a gateway: nothing but the mesh's proxy runs in it */
	bool denies;   /* refuses callers that no policy lets in */
};

enum port_protocol {
	PROTOCOL_AUTO,
	PROTOCOL_HTTP,
	PROTOCOL_HTTP2,
	PROTOCOL_GRPC,
	PROTOCOL_GRPC_WEB,
	PROTOCOL_HTTPS,
	PROTOCOL_TLS,
	PROTOCOL_TCP,
	PROTOCOL_MONGO,
	PROTOCOL_REDIS,
	PROTOCOL_MYSQL,
	PROTOCOL_UDP
};

struct service_port {
	uint32_t number, node_port;  /* node_port 0: none */
	struct str name;             /* empty only if the service has one port */
	enum port_protocol protocol; /* Istio's rule: appProtocol, else name up to '-', else AUTO */
	uint32_t target;             /* container port; 0: named and no workload declares it */
	struct str target_name;
};

enum service_exposure {
	SERVICE_CLUSTER_IP,
	SERVICE_NODE_PORT,
	SERVICE_LOAD_BALANCER,
	SERVICE_EXTERNAL_NAME
};

struct gateway_probe { /* how other clusters find out whether a gateway lives; port 0: they cannot */
	uint32_t port;
	struct str path, period;
};

struct service { /* Gloo: Destination. Only services that belong to a mesh */
	struct str name, space;
	struct str discovered_name; /* Gloo's name of the Destination: reviews-bookinfo-cluster-1 */
	struct span at;
	const struct cluster *cluster;
	const struct mesh *mesh;
	enum service_exposure type;
	bool headless;
	struct labels labels, annotations, selector;
	VEC(struct service_port) ports;         /* in the order of the object */
	VEC(const struct workload *) workloads; /* behind it, in the cluster's order */
	VEC(struct str)
	addresses; /* reachable from outside: load balancer, external IPs, nodes of a NodePort; overrides of Cluster replace them */
	uint32_t gateway_port,
		gateway_container_port; /* overrides of Cluster.spec.gateways, 0: none */
	struct gateway_probe probe;
};

struct account {
	struct str name, space;
};

struct namespace_ {
	struct str name;
	struct labels labels, annotations;
};

/* Objects of meshes that somebody else wrote, and that emitted ones would meet. */
enum foreign_kind {
	FOREIGN_PROFILE, /* about the host `name`: wins over every route */
	FOREIGN_ROUTE,   /* about a service: its rules mix with emitted ones */
	FOREIGN_SERVER,  /* about a port of pods: the older of two counts */
	FOREIGN_LINK,
};

struct foreign_object {
	enum foreign_kind kind;
	const char *title; /* "ServiceProfile" */
	struct str space, name;
	struct span at;
	struct str service_space, service; /* FOREIGN_ROUTE */
	uint32_t port;                     /* FOREIGN_ROUTE, FOREIGN_SERVER; 0: any, or by name */
	struct str port_name;              /* FOREIGN_SERVER */
	struct labels selector;            /* FOREIGN_SERVER */
	bool narrowed;                     /* FOREIGN_SERVER: selects by more than these labels */
};

struct cluster {
	struct str name;
	uint32_t index;     /* in inventory.clusters */
	struct span at;     /* its Cluster, else its first object */
	struct str domain;  /* cluster.local unless told */
	struct str network; /* empty: unknown */
	struct locality locality;
	struct labels labels;
	VEC(struct str)
	served_apis; /* sorted: networking.istio.io/v1, ...; none: all that meshc emits */
	struct service *services;
	struct workload *workloads;
	struct account *accounts;
	struct namespace_ *namespaces;
	struct account *plain_services; /* Services that are in no mesh, by namespace and name */
	struct foreign_object *foreign; /* sorted by (kind, namespace, name) */
	uint32_t n_services, n_workloads, n_accounts, n_namespaces, n_plain_services, n_foreign;
	VEC(const struct mesh *) meshes; /* sorted as in the inventory */
};

struct inventory {
	struct cluster *clusters;
	uint32_t n_clusters;
	struct mesh *meshes;
	uint32_t n_meshes;
};

/* Lookups by key; NULL when there is none. */
const struct cluster *inventory_cluster(const struct inventory *, struct str name);
const struct mesh *inventory_mesh(const struct inventory *, struct str name, struct str space);
const struct service *cluster_service(const struct cluster *, struct str space, struct str name);
const struct account *cluster_account(const struct cluster *, struct str space, struct str name);
const struct namespace_ *cluster_namespace(const struct cluster *, struct str name);
bool cluster_has_namespace(const struct cluster *, struct str name);
bool cluster_has_plain_service(const struct cluster *, struct str space, struct str name);

struct str label_get(const struct labels *,
		     struct str key); /* empty view with p == NULL: no such label */
bool labels_contain(const struct labels *all, const struct labels *wanted);
const struct service_port *service_port(const struct service *, uint32_t number);

uint32_t port_number(struct str digits); /* 0: it is none */

/* Names for findings: `reviews.bookinfo` of `cluster-1` as "reviews.bookinfo.cluster-1". */
struct str service_title(struct arena *, const struct service *);
bool release_is_before(struct release, struct release);

const char *mesh_kind_name(enum mesh_kind);         /* "Istio", "Linkerd", ... */
const char *port_protocol_name(enum port_protocol); /* "auto", "http", "grpc-web", ... */
const char *
	workload_kind_name(enum workload_kind); /* "Deployment", ...; "Workload" where unknown */

/* Gloo's sanitiser: lower case, characters no DNS-1123 name may have to '-', over 63 characters: 31 + '-' + hash. */
struct str name_sanitize(struct arena *, struct str);
