/*
 * Private to stub/.
 */
#pragma once

#include "schema/model.gen.h"
#include "stub/stub.h"

struct stub_pod {
	struct str space, name, address;
	const struct resource *source; /* its workload, or what Gloo says of it; NULL: unknown */
	const char *controller_kind;   /* "Deployment" */
	struct str controller, account;
	struct labels labels;
	const struct text_map *annotations; /* NULL: none */
	const struct k8s_pod_spec *spec;    /* NULL: only Gloo knows of it */
	const struct workload *workload;    /* NULL: it is in no mesh */
	VEC(struct container_port) ports;
};

struct stubbing {
	struct arena *mem;
	const struct catalog *catalog;
	const struct cluster *cluster;
	struct object_set *out;
	struct str node, zone;     /* where the pods run; empty: unknown */
	VEC(struct stub_pod) pods; /* sorted by namespace and controller */
	uint32_t n_services;       /* that have an address */
};

/* tree.c: an object without anything but its key. What is put into it goes below the body. */
struct node *stub_object(struct stubbing *, const char *api, const char *kind, struct str space,
			 struct str name, const struct resource *source);
/* Labels and annotations, where there are any. */
void stub_marks(struct stubbing *, struct node *body, const struct k8s_metadata *);

struct node *stub_map(struct stubbing *, struct node *map, const char *key);
struct node *stub_list(struct stubbing *, struct node *map, const char *key);
struct node *stub_item(struct stubbing *, struct node *list); /* a map */
void stub_text(struct stubbing *, struct node *map, const char *key, struct str);
void stub_int(struct stubbing *, struct node *map, const char *key, int64_t);
void stub_flag(struct stubbing *, struct node *map, const char *key, bool);
void stub_labels(struct stubbing *, struct node *map, const char *key, const struct labels *);

/* node.c: the nodes, and which of them the pods run on. */
void stub_nodes(struct stubbing *);

/* pod.c: the workloads and a pod for each, before the services. */
void stub_pods(struct stubbing *);
/* Containers of a pod or a template, without environment that is no setting of a control plane. */
struct node *stub_containers(struct stubbing *, const struct k8s_pod_spec *, bool init);

/* service.c: the services and their slices. */
void stub_services(struct stubbing *);

/* An address of the shared range 100.64.0.0/10, which no cluster has from anybody: the n-th from `base`. */
enum { POD_ADDRESSES = 0x64400001, SERVICE_ADDRESSES = 0x64600001 };
struct str stub_address(struct arena *, uint32_t base, uint32_t n);
