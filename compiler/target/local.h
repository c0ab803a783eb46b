/*
 * Private to target/: how all targets build trees, and the checks of lower.c.
 *
 * Every put_ takes the span of the declaration field that asked for the value.
 */
#pragma once

#include "base/sort.h"
#include "target/target.h"

struct node *put_map(struct lowering *, struct node *map, struct str key, struct span at);
struct node *put_seq(struct lowering *, struct node *map, struct str key, struct span at);
struct node *add_map(struct lowering *, struct node *seq, struct span at);
void put_text(struct lowering *, struct node *map, struct str key, struct str text, struct span at);
void put_int(struct lowering *, struct node *map, struct str key, int64_t value, struct span at);
void put_bool(struct lowering *, struct node *map, struct str key, bool value, struct span at);
void put_duration(struct lowering *, struct node *map, struct str key, int64_t ns, struct span at);
void put_percent(struct lowering *, struct node *map, struct str key, int64_t ppm, struct span at);
void put_labels(struct lowering *, struct node *map, struct str key, const struct labels *,
		struct span at);
void put_texts(struct lowering *, struct node *map, struct str key, const struct texts *);
void put_text_map(struct lowering *, struct node *map, struct str key, const struct text_map *);
void add_text(struct lowering *, struct node *seq, struct str text, struct span at);

struct str duration_text(struct arena *, int64_t ns); /* 1500000000 -> "1.5s" */
struct str percent_text(struct arena *, int64_t ppm); /* 125000 -> "12.5" */

struct object_type {
	const char *group, *api,
		*kind; /* "policy.linkerd.io", "policy.linkerd.io/v1beta3", "Server" */
	enum stage stage;
};

/* apiVersion, kind, metadata with meshc's label, and the spec. space empty: of the whole cluster. */
struct object *new_object(struct lowering *, const struct object_type *, struct str space,
			  struct str name, struct span at, struct node *spec);

/* match.c: the regular expression (over the whole value) that matches what the match does. */
struct str match_regex(struct arena *, const struct match *);

/* A new object; its place may move with the next. */
struct object *add_object(struct lowering *, struct object_key, struct node *body);
void add_source(struct lowering *, struct object *, const struct resource *); /* NULL is fine */
#define ADD_SOURCES(lw, to, list)                                                                  \
	do {                                                                                       \
		struct object *add_to_ = (to);                                                     \
		for (uint32_t add_i_ = 0; add_i_ < (list).n; add_i_++)                             \
			add_source((lw), add_to_, (list).at[add_i_]);                              \
	} while (0)

/* require.c: checked against the inventory, listed in lw->out and reported where it is not met. */
void require(struct lowering *, struct requirement);
/* plural: "httproutes". The API's definition, which somebody has to have installed. */
void require_api(struct lowering *, struct str plural, const char *group, const char *version,
		 const struct resource *by);
/* On a service: marks with exactly these values. */
void require_labels(struct lowering *, const struct service *, const struct label *wanted,
		    uint32_t n, const struct resource *by, struct span asked);
void require_annotations(struct lowering *, const struct service *, const struct label *wanted,
			 uint32_t n, const struct resource *by, struct span asked);
/* On a namespace: annotations with exactly these values; met: they hold without it. */
void require_of_namespace(struct lowering *, struct str space, const struct label *wanted,
			  uint32_t n, bool met, const struct resource *by, struct span asked);
void settle_requirements(struct arena *, struct object_set *);

/* limit_reached at the span unless n entries are allowed. */
void check_limit(struct lowering *, struct span at, struct str what, uint32_t n, uint32_t limit);

/* What the target's support table says about whatever the plan of lw->cluster asks. */
void check_support(struct lowering *, const struct target *);

/* Sorts by key, unites equal objects, reports those that differ under one key. */
void settle_objects(struct arena *, struct diags *, struct object_set *);

/* served.c: reports APIs of the objects that the cluster says it does not serve. */
void check_served(struct diags *, const struct cluster *, const struct object_set *);
