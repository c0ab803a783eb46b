/*
 * Private to the files of the difference.
 */
#pragma once

#include "base/map.h"
#include "report/diff.h"

/* diff.c: the fields that differ, where there is an object on both sides. */
void change_edits(struct arena *, const struct diff_change *, struct edits *out);

/* diff_sign.c: what each change says, as texts that can be compared. */
void sign_changes(struct arena *, struct pool *, struct diff *);

/* diff_token.c: names that are one cluster's own. */
struct diff_tokens *token_list(struct arena *, const struct cluster_plan *old,
			       const struct cluster_plan *new);

/* diff_link.c: what the plan of a cluster knows about its services, by name. */
struct service_view {
	const struct service *service;
	const struct destination_plan *destination;
	const struct export_plan *export;
	const struct access_plan *access;
	const struct service_view *namesake; /* another service of that name */
};

struct service_index {
	struct map by_name;  /* first of the namesakes */
	struct map by_title; /* reviews.bookinfo.cluster-1 */
};

void link_index(struct arena *, const struct cluster_plan *, struct service_index *out);
const struct service_view *link_view(const struct service_index *, struct arena *scratch,
				     const struct service *);

/* The service that an object is about; NULL: none in particular. */
const struct service *link_service(const struct service_index *, const struct object *);

/* diff_effect.c: from the plans of both sides to the effects of the changed objects. */
void effect_find(struct arena *, const struct diff_side *base, const struct diff_side *head,
		 struct diff_cluster *);
void effect_add(struct arena *, struct diff_effects *, struct diff_effect);

/* diff_group.c */
void group_make(struct arena *, struct diff *);
void group_sort(struct arena *scratch, struct diff *); /* when the effects are what they are */

/* diff_cause.c */
void cause_find(struct arena *, struct pool *, struct diff *); /* and the edits of each group */

/* diff_count.c */
void count_all(struct arena *, struct diff *);

/* diff_word.c: how changes are put in words, for all formats. */
struct str word_object(struct arena *, const struct diff_group *, const struct diff *);
struct str word_clusters(struct arena *, const struct diff *, const uint32_t *clusters, uint32_t n,
			 uint32_t most);
struct str word_where(struct arena *, const struct diff *, const struct diff_group *);
struct str word_cause(struct arena *, const struct diff *, const struct diff_cause *);
struct str word_blast(struct arena *, const struct diff *);
struct str word_plan(struct arena *, const struct diff *);
struct str word_value(struct arena *, struct str path, const struct node *, bool *hidden);
struct str word_text(struct arena *, const struct diff *, const struct diff_group *, struct str);

bool group_is_folded(const struct diff *,
		     const struct diff_group *); /* all of a cluster that came or went */

bool diff_text(const struct diff *, const struct diff_options *, struct buf *out);
bool diff_json(const struct diff *, const struct diff_options *, struct buf *out);
bool diff_markdown(const struct diff *, const struct diff_options *, struct buf *out);
bool diff_unified(const struct diff *, const struct diff_options *, struct buf *out);
