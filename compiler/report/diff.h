/*
 * What a change does: two compiles of one fleet, object by object and field by field.
 *
 * Objects are compared by cluster, kind, namespace and name. What is the same change in
 * many clusters is one group. How much a group matters is read from the plans of both
 * sides, never from the emitted text; where it comes from is the declaration's line.
 */
#pragma once

#include "base/buf.h"
#include "base/pool.h"
#include "output/output.h"
#include "plan/plan.h"
#include "tree/compare.h"

struct diff_side {
	const char *name; /* as the user can name it: "HEAD", "the index" */
	const struct files *files;
	const struct plan *plan;
	const struct bundle *bundle;
	const struct fileset *fileset;
	output_source lower; /* the objects of a cluster once more, with their origins */
	void *cx;
};

enum diff_op { DIFF_ADD, DIFF_MODIFY, DIFF_REPLACE, DIFF_REMOVE, DIFF_MOVE };

enum diff_class { DIFF_EXPOSURE, DIFF_TRAFFIC, DIFF_OTHER };

enum diff_risk {
#define RISK(constant, weight, text) RISK_##constant,
#include "report/diff_risk.def"
#undef RISK
	RISK_MAX
};

/* What a change means for who calls whom and how. */
struct diff_effect {
	enum diff_risk risk;
	struct str text;
	struct span old,
		new; /* the field that says so, on either side; unset: none in particular */
};

struct diff_effects {
	VEC(struct diff_effect) all; /* the riskiest first, unique */
};

struct diff_change { /* one object of one cluster */
	enum diff_op op;
	uint32_t cluster;                    /* of diff.clusters */
	const struct output_file *old, *new; /* NULL: not there */
	struct diff_effects effects;
	const struct diff_change
		*like; /* an earlier one with the same bytes on both sides; NULL: none */
	struct str plain, abstract;  /* all that it says; with the cluster's own names replaced */
	struct str identity;         /* what it is about, with the cluster's own names replaced */
	const struct service *about; /* NULL: no service in particular */
};

struct diff_cause {
	struct str path;
	uint32_t line;
	bool base; /* a line of the old side: it is gone */
};

struct diff_causes {
	VEC(struct diff_cause) all;
	uint32_t more; /* not listed */
};

struct diff_group {                              /* one change in one or more clusters */
	const struct diff_change *change;        /* of the first of them */
	VEC(const struct diff_change *) changes; /* of each of them */
	VEC(uint32_t) clusters;                  /* of diff.clusters, ascending */
	bool varies;      /* the clusters' own names differ in it: show it with `tokens` */
	struct str which; /* "region=eu" where that is just these clusters; empty: no such words */
	VEC(uint32_t) differ; /* clusters where the same object changed in another way */
	struct edits edits;   /* not where an object is added or removed */
	struct diff_effects effects;
	struct diff_causes causes;
};

struct diff_cluster {
	struct str name;
	const struct cluster_plan *old, *new; /* NULL: it is not on that side */
	struct diff_tokens *tokens;
	VEC(struct diff_change) changes;
	VEC(struct diff_effect) loose; /* effects that no changed object shows */
	VEC(const struct service *) touched;
	uint32_t added, changed, removed; /* objects */
};

struct diff_count {
	uint32_t n, all;
};

struct diff {
	const struct diff_side *base, *head;
	struct diff_cluster *clusters; /* of both sides, by name */
	uint32_t n_clusters;
	VEC(struct diff_group) groups; /* the riskiest first */
	struct diff_effects loose;
	struct diff_count in_clusters, namespaces, services, workloads; /* touched, of all */
	uint32_t add, change, remove; /* distinct, however many clusters */
	uint32_t objects;             /* touched in all clusters together */
};

void diff_make(struct arena *, struct pool *, const struct diff_side *base,
	       const struct diff_side *head, struct diff *out);

const char *diff_op_name(enum diff_op); /* "add", "modify", ... */
char diff_op_mark(enum diff_op);        /* '+', '~', ... */
const char *diff_risk_name(enum diff_risk);
enum diff_class diff_risk_class(enum diff_risk);
const char *diff_class_name(enum diff_class); /* "exposure", "traffic", "other" */
enum diff_class diff_group_class(const struct diff_group *);

const struct object_key *
diff_key(const struct diff_change *); /* of the new side, where there is one */

/* The text with the names of the cluster's own replaced: reviews.<cluster>.global. */
struct str diff_abstract(struct arena *, const struct diff_tokens *, struct str text);

struct diff_options {
	bool color;
	bool all;  /* text: every group */
	bool stat; /* text: a line per cluster instead of the groups */
};

struct diff_format {
	const char *name;
	bool needs_index; /* the files that only a tree on disk needs are part of it */
	/* false: something that looks like a secret was left out, so that it is not what it says. */
	bool (*write)(const struct diff *, const struct diff_options *, struct buf *out);
};

extern const struct diff_format diff_formats[];              /* ends with a row without a name */
const struct diff_format *diff_format_find(struct str name); /* NULL: no such format */
