/*
 * Shared by the printers of the plan (plan*.c): a part of the document, and what may be
 * put into it. Whatever holds nothing is left out, here and nowhere else.
 */
#pragma once

#include "plan/plan.h"
#include "report/doc.h"
#include "source/file.h"

struct part {
	struct doc doc;
	const struct files *files; /* that places are in */
};

struct part part_map(struct part, const char *key);
struct part part_list(struct part, const char *key, uint32_t n); /* of n items */
struct part part_item(struct part list);

/* put(item, &vec->at[i]) for every element of a VEC: a list of objects. */
#define PUT_EACH(into, key, vec, put)                                                              \
	do {                                                                                       \
		struct part list_ = part_list((into), (key), (vec)->n);                            \
		for (uint32_t i_ = 0; i_ < (vec)->n; i_++)                                         \
			(put)(part_item(list_), &(vec)->at[i_]);                                   \
	} while (0)

void part_text(struct part, const char *key, struct str);
void part_int(struct part, const char *key, int64_t);
void part_flag(struct part, const char *key, bool);
void part_texts(struct part, const char *key, const struct str *, uint32_t n);
void part_ints(struct part, const char *key, const uint32_t *, uint32_t n);
void part_labels(struct part, const char *key, const struct labels *);
void part_tree(struct part, const char *key, struct node *); /* NULL: none */

void part_place_of(struct part, const char *key, struct span);
void part_place(struct part, struct span); /* "at": "mesh/api.yaml:12" */
void part_mesh(struct part, const char *key, const struct mesh *);
void part_meshes(struct part, const char *key, const struct mesh_list *);
void part_service(struct part, const struct service *);          /* of the cluster at hand */
void part_service_anywhere(struct part, const struct service *); /* with its cluster */
void part_declaration(struct part, const char *key, const struct resource *);
void part_sources(struct part, const struct resource_list *);

/* plan_traffic.c */
void put_destination(struct part, const struct destination_plan *);
void put_subset(struct part, const struct subset *);

/* plan_federation.c */
void put_import(struct part, const struct import *);
void put_export(struct part, const struct export_plan *);
void put_gateway(struct part, const struct gateway_plan *);
void put_trust(struct part, const struct trust_plan *);
void put_peer(struct part, const struct peer_plan *);
void put_clusterset(struct part, const struct clusterset_plan *);

/* plan_access.c */
void put_identity(struct part, const struct identity *);
void put_guard(struct part, const struct guard_plan *);
void put_access(struct part, const struct access_plan *);
