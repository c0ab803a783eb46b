/*
 * Object sets -> files -> one step on disk.
 *
 * Nothing is written before every check has passed; only files that the index of
 * the last run names are changed or deleted; a reader or a crash sees the old
 * tree or the new one.
 */
#pragma once

#include "base/pool.h"
#include "git/commit.h"
#include "git/tree.h"
#include "model/object.h"
#include "model/snapshot.h"
#include "source/diag.h"

struct output_pass {
	struct arena *mem;
	struct diags *diags;
	struct pool *pool;
	bool sizes_only; /* texts are made and measured, not kept: bytes.p is NULL */
	/* Folders ("clusters/c1/", "appliers/flux/") that this run is about: others stay as they are. NULL: all. */
	bool (*takes)(const void *cx, struct str folder);
	const void *takes_cx;
};

/* The folder of the clusters' folders, below the output folder. */
#define OUTPUT_CLUSTERS "clusters"

struct digest { /* git blob id: SHA-1 of "blob <size>\0<bytes>" */
	char hex[41];
};

struct output_file {
	struct str path; /* below the output folder, '/' between parts */
	struct str bytes;
	struct digest digest;        /* set by output_index */
	const struct object *object; /* NULL: MESHC.index, .gitattributes, hydrator.metadata */
	bool beside; /* in an index, but no object of a cluster: MESHC.requirements, those of appliers */
};

struct cluster_files {     /* a folder that is meshc's and has an index */
	struct str folder; /* "clusters/<cluster>/" or "appliers/<applier>/" */
	uint32_t from, to; /* of fileset.all */
};

struct fileset {
	VEC(struct output_file) all;        /* sorted by path */
	VEC(struct cluster_files) clusters; /* and appliers; sorted by folder */
	uint32_t objects;                   /* of clusters */
};

/* clusters/<cluster>/<namespace>/<kind>.<group>.<name>.yaml; pure, escaped, at most 255 bytes a part. */
struct str output_path(struct arena *, struct str cluster, const struct object_key *);

struct str output_folder(struct arena *,
			 struct str cluster); /* clusters/<cluster>, as its path starts */

/* Renders in parallel per cluster; reports path_taken where two paths are equal when case is folded. */
void output_render(struct output_pass *, const struct bundle *, struct fileset *out);

/* Fills the set of cluster i. What it allocates in `scratch` is gone once the set has been rendered. */
typedef void (*output_source)(void *cx, uint32_t i, struct arena *scratch, struct diags *,
			      struct object_set *out);

/* The same for n clusters whose trees never exist all at once: objects keep keys and sources, bodies are NULL. */
void output_render_each(struct output_pass *, uint32_t n, output_source, void *cx,
			struct bundle *objects, struct fileset *out);

/* What appliers get, one set each, beside the clusters. */
void output_render_appliers(struct output_pass *, const struct bundle *, struct fileset *);

/* What only a tree on disk needs: the blob ids of the files, and a MESHC.index for each folder. */
void output_index(struct output_pass *, struct fileset *);

enum change { CHANGE_NEW, CHANGE_CHANGED, CHANGE_SAME, CHANGE_REMOVED };

struct change_row {
	enum change change;
	struct str path;
	const struct output_file *file; /* NULL when removed */
	struct str kind; /* Kind.group of its object; set by output_settle_tree alone */
};

struct changes {
	VEC(struct change_row) all; /* sorted by path */
	uint32_t objects_new, objects_changed, objects_removed;
};

/* Compares with what is in out_dir, by the indexes found there. false: an index is damaged, or a file we would write is not ours. */
bool output_settle(struct output_pass *, const char *out_dir, const struct fileset *,
		   struct changes *out);

/* Makes out_dir equal to the fileset: written beside, synced, swapped in. false: reported, the old tree stands. */
bool output_publish(struct output_pass *, const char *out_dir, const struct fileset *,
		    const struct changes *);

struct cluster_change {
	struct str part; /* its folder below clusters/; empty: of an applier */
	uint32_t objects_before, objects_after, objects_removed;
	bool changed; /* some file of it */
};

struct tree_changes {
	struct changes changes;
	VEC(struct cluster_change)
	clusters; /* and appliers: those of the fileset and of the tree, sorted */
};

/* The same for a commit's tree instead of a folder. */
bool output_settle_tree(struct output_pass *, const struct commit_tree *, const struct fileset *,
			struct tree_changes *out);
void tree_changes_edits(struct arena *, const struct tree_changes *, struct tree_edits *out);

struct guard_request {
	const struct fleet_options *fleet;
	const struct inventory *inventory;
	bool removals;        /* --allow-removals */
	struct str confirmed; /* --confirm: kinds with commas between */
};

/* false: a guard tripped and has been reported. */
bool output_guard(struct output_pass *, const struct guard_request *, const struct tree_changes *);

/* Where a commit of output says which source it came from: a file, and the same in notes. */
#define PROVENANCE "hydrator.metadata"
#define PROVENANCE_NOTES "refs/notes/hydrator.metadata"

struct str provenance_text(struct arena *, const struct commit *source,
			   struct str repo_url); /* of the file */
struct str provenance_note(struct arena *, const struct object_id *source);
/* The source that a file or a note names; empty: none. */
struct object_id provenance_source(struct arena *, struct str text);
