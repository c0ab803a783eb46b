/*
 * Private to front/.
 */
#pragma once

#include "front/front.h"

/* meshc.yaml and its paths (fleet.c). */

struct path_fault { /* a path of meshc.yaml that cannot be used */
	struct span at;
	struct str path;
	const char *why;
};

struct path_faults {
	VEC(struct path_fault) all;
};

/*
 * What meshc.yaml says; defaults where it says nothing or is broken. Reports
 * nothing about its YAML: the file goes through front_read like any other.
 * Spans are of file 1 until the caller knows better.
 */
void fleet_read(struct arena *, struct str path, struct str text, struct fleet_options *out,
		struct path_faults *);

/* Parallel work over files (chunk.c). */

struct chunk { /* files [from, to) of the sources */
	uint32_t from, to;
};

struct chunks {
	VEC(struct chunk) all;
};

/* Runs of files of about equal size. Depends on the files only, never on the number of threads. */
void chunk_sources(struct arena *, const struct sources *, struct chunks *out);

/* Slot i of parallel work: its memory and its findings. */
struct slot {
	struct arena *mem;
	struct diags diags;
};

struct slot *slots_new(struct arena *, uint32_t n);
/* In slot order; the memory lives on in the pass. */
void slots_join(struct pass *, struct slot *, uint32_t n);

/* What a document says it is (identity.c). */

struct identity {
	struct str api, kind;
	struct span api_at, kind_at;
};

enum { NAME_ANY, NAME_LABEL, NAME_SUBDOMAIN };

/* Why the name cannot be used, NULL: it can. NAME_ANY refuses only what would break a file name. */
const char *name_fault(struct str name, int strictness);

/* The text of a scalar; empty: not there, or no scalar. */
struct str scalar_of(const struct node *map, struct str key);

/* Older spellings (legacy.c). */

/* False: not an old spelling. True: *api and *kind are the new one. */
bool legacy_rename(struct str *api, struct str *kind);

/* Objects that are left out (tally.c). */

enum tally_kind { TALLY_SKIPPED, TALLY_UNUSED };

struct tally_row {
	enum tally_kind what;
	struct str folder, kind;
	uint32_t n;
	struct span first;
};

struct tally {
	VEC(struct tally_row) all;
};

void tally_count(struct arena *, struct tally *, enum tally_kind, struct str folder,
		 struct str kind, struct span at);
void tally_merge(struct arena *, struct tally *into, const struct tally *from);
/* One note per cluster and reason, at the first object. */
void tally_report(struct arena *, struct diags *, struct tally *);

/* Decoding (decode.c, refuse.c). */

struct decoded { /* of one chunk of files */
	VEC(struct resource) all;
	VEC(struct str) torn;
	struct tally tally;
};

struct verdict { /* what an apiVersion and kind come to */
	struct str api, kind;
	enum kind_fate fate;
	enum kind row; /* KIND_READ only */
};

struct reader {
	struct arena *mem;
	struct diags *diags;
	const struct fleet_options *fleet;
	const struct source *source;
	struct decoded *out;
	struct verdict last; /* dumps hold long runs of one kind */
};

/* The documents of r->source. */
void read_documents(struct reader *, const struct documents *);
bool is_at_home(const struct source *, enum role);
void refuse_misplaced(struct reader *, const struct identity *, enum role);
void refuse_unknown(struct reader *, const struct identity *);

/* The catalog (catalog.c). */

void catalog_settle(struct pass *, struct catalog *); /* sorts; reports and drops duplicates */
struct str resource_title(struct arena *, const struct resource *); /* reviews.bookinfo */
void sort_unique_texts(struct arena *scratch, struct str *texts, uint32_t *n);

/* Discovery: one cluster while its part of the inventory is put together. */

struct resource_refs {
	const struct resource **at;
	uint32_t n, cap;
};

struct tag { /* a label of a workload, to find workloads by */
	struct str space, key, value;
	uint32_t workload;
};

struct draft {
	struct arena *mem;
	struct diags *diags;
	const struct fleet_options *fleet;
	const struct catalog *catalog;
	const struct inventory *inventory; /* its meshes: from the second round on */
	struct cluster *cluster;
	const struct cluster_settings_spec *settings; /* NULL: the cluster has no Cluster */
	struct str mesh_domain; /* of the cluster, as a control plane says it; may be empty */
	/* Gloo's own objects about this cluster. */
	struct resource_refs meshes_said, workloads_said, destinations_said;

	VEC(struct mesh) meshes; /* result of the first round */
	VEC(struct workload) workloads;
	VEC(struct service) services;
	VEC(struct account) plain_services;
	VEC(struct account) accounts;
	VEC(struct tag) tags; /* sorted by (space, key, value, workload) */
	VEC(struct str) node_addresses;
	bool has_node_addresses;
};

/* Sorted by (space, name): where the key stands, or would. */
uint32_t workload_bound(const struct draft *, uint32_t n, struct str space, struct str name);
uint32_t service_bound(const struct draft *, uint32_t n, struct str space, struct str name);

struct k8s_service;

/* First round (discover_cluster.c, discover_mesh.c, mesh_config.c). */
void discover_cluster(struct draft *);
void discover_meshes(struct draft *);
/* NULL: not found so far. */
struct mesh *mesh_drafted(struct draft *, struct str name, struct str space);
void mesh_config_read(struct draft *, struct mesh *, bool required);
/* The YAML in a ConfigMap's key; *text: the scalar that holds it. NULL: reported. */
const struct node *mesh_config_root(struct draft *, const struct mesh *, const struct resource *map,
				    struct str key, const struct node **text);
/* The value into *into, where it is one; reported at the text where it cannot be a name. */
void mesh_config_name(struct draft *, struct mesh *, const struct node *text, struct str value,
		      int strictness, struct str *into);

/* linkerd_config.c */
void linkerd_config_read(struct draft *, struct mesh *);

/* mesh_version.c. 0.0: the version says none. */
struct release release_of(enum mesh_kind, struct str version);

/* discover_foreign.c */
void discover_foreign(struct draft *);
void discover_apis(struct draft *); /* after the Cluster's own list */

/* Second round (discover_workload.c, discover_service.c, service_port.c, addresses.c). */
void discover_workloads(struct draft *);
void discover_services(struct draft *);
const struct mesh *mesh_of_revision(struct draft *, struct str revision, struct span at);
const struct mesh *mesh_default(const struct cluster *);
const struct mesh *mesh_of_kind(const struct cluster *, enum mesh_kind); /* the first; NULL: none */
void back_service(struct draft *, struct service *); /* fills .workloads from .selector */
void ports_of(struct draft *, struct service *, const struct k8s_service *);
enum port_protocol protocol_of(uint32_t number, struct str name, struct str protocol,
			       struct str app_protocol);
enum port_protocol protocol_without_names(const struct mesh *, const struct labels *annotations,
					  uint32_t number, struct str protocol,
					  struct str app_protocol);
/* Container port of the workloads; 0: none declares it. */
uint32_t target_named(const struct service *, struct str name);
void addresses_of(struct draft *, struct service *, const struct k8s_service *);
/* Keeps them sorted and unique. */
void address_add(struct draft *, struct service *, struct str address);

/* Gloo's own discovery objects (gloo_discovery.c). */
struct discovered_mesh_spec;
struct mesh_installation;
/* NULL: it says none, or is of a kind that nothing is emitted for. */
const struct mesh_installation *installation_of(const struct discovered_mesh_spec *);
/* Which cluster it is about. False: it is about none (an external service). */
bool gloo_cluster(const struct resource *, struct str *name, struct span *at);
void gloo_mesh(struct draft *, const struct resource *);
/* n: how many of the workloads, services were found in the dump and are sorted. */
void gloo_workload(struct draft *, const struct resource *, uint32_t n);
void gloo_destination(struct draft *, const struct resource *, uint32_t n);

/* Which mesh takes a pod in (injection.c, linkerd_injection.c, other_injection.c). */

struct pod_marks {
	struct str space;
	struct labels namespace_labels, namespace_annotations;
	const struct text_map *labels, *annotations; /* of the pod template; NULL: none */
	bool host_network;
	bool has_proxy, has_auto_image; /* a container is the proxy itself, or waits to become it */
	bool only_proxy;                /* no other container */
	bool has_linkerd_proxy;         /* a container is Linkerd's proxy already */
};

struct injection {
	bool in, proxy;      /* proxy: a gateway, not an application beside its proxy */
	struct str revision; /* empty: the default one */
};

struct str pod_mark(const struct text_map *, struct str key); /* .p == NULL: not there */

struct injection injection_of(const struct pod_marks *);         /* by Istio */
struct injection linkerd_injection_of(const struct pod_marks *); /* by Linkerd */
bool is_marked_for(const struct pod_marks *, enum mesh_kind);
bool linkerd_denies(const struct pod_marks *, const struct mesh *);

/* References of declarations (references.c, selector.c, reference.c). */

struct checker {
	struct arena *mem;
	struct diags *diags;
	const struct snapshot *snapshot;
};

struct text;
struct texts;
struct object_ref;
struct cluster_object_ref;
struct destination_selector;
struct workload_selector;
struct identity_selector;

void references_check(struct pass *, const struct snapshot *);

void selector_check_destination(struct checker *, const struct destination_selector *);
void selector_check_workload(struct checker *, const struct workload_selector *);
void selector_check_identity(struct checker *, const struct identity_selector *);

/* False, NULL: not there; reported unless the inventory is torn. */
const struct cluster *reference_cluster(struct checker *, const struct text *name);
bool reference_clusters(struct checker *, const struct texts *names);
bool reference_namespace(struct checker *, const struct text *name);
bool reference_namespaces(struct checker *, const struct texts *names);
bool reference_service(struct checker *, const struct text *name, const struct text *space,
		       const struct text *cluster_name, struct span at);
void reference_mesh(struct checker *, const struct object_ref *);
void reference_account(struct checker *, const struct cluster_object_ref *);
bool is_inventory_torn(const struct checker *);
