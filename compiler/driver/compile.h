/*
 * The order of the passes. Nothing else knows it.
 *
 *	load read resolve rules | plan audit | lower and render | settle publish
 *
 * A bar is a gate: past it only what has no errors goes on. `false` = it stopped
 * there; why stands in run->diags. What has been reached keeps its results.
 */
#pragma once

#include "driver/run.h"
#include "front/front.h"
#include "output/output.h"
#include "plan/plan.h"

struct result {
	struct sources sources; /* .files is never NULL: findings point into it */
	struct catalog catalog;
	struct snapshot snapshot;
	struct plan plan;
	struct bundle bundle;
	struct fileset fileset;
	struct changes changes;
	struct stubs { /* what the clusters hold by themselves; only on request */
		struct bundle bundle;
		struct fileset fileset;
		struct changes changes;
	} stubs;
	struct scope scope;      /* which folders of the output the run is about */
	struct str root;         /* the folder of meshc.yaml, as the user can name it */
	struct object_id commit; /* of the sources; empty: they are not from one */
	struct str folder;       /* that of meshc.yaml in the commit: "" or "a/b" */
	bool rootless;           /* a bare repository: there is no such folder on disk */
	bool has_snapshot, has_plan, has_files, has_changes; /* how far it came */
};

/* To the texts of the sources and what meshc.yaml says. */
bool compile_sources(struct run *, struct result *out);

/* After compile_sources, to the linked snapshot, as far as it is sound. No file is opened from here on. */
bool compile_snapshot(struct run *, struct result *out);

/* After compile_sources, to the bytes of every file. */
bool compile_files(struct run *, struct result *out);

/* After compile_sources, to the objects of every cluster with their trees, instead of bytes: for who asks where values came from. */
bool compile_objects(struct run *, struct result *out);

/* compile_sources and compile_files. Writes nothing: this is the whole of `check`. */
bool compile(struct run *, struct result *out);

/* The files that only a tree on disk needs, an index per cluster; for who compares trees. */
void compile_index(struct run *, struct result *);

/* An output_source: the objects of cluster i of a compiled struct result once more, as trees. */
void compile_lower(void *result, uint32_t i, struct arena *, struct diags *,
		   struct object_set *out);

/* What the clusters hold by themselves, after compile: settled and written in a folder of its own, as the output is. */
bool compile_settle_stubs(struct run *, const char *dir, struct result *);
bool compile_publish_stubs(struct run *, const char *dir, struct result *);

/* What would change in out_dir. Reads it, writes nothing. */
bool compile_settle(struct run *, const char *out_dir, struct result *);

/* After compile_settle: makes out_dir so. false: the old folder stands, and there are no changes to speak of. */
bool compile_publish(struct run *, const char *out_dir, struct result *);
