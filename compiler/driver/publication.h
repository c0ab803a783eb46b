/*
 * Private to driver/: one publication while it goes on.
 */
#pragma once

#include "driver/local.h"
#include "driver/publish.h"

struct publication {
	struct run *run;
	const struct publish_request *request;
	struct result *result;
	struct published *out;
	const struct publish_target_options *target;
	struct repository repository;
	struct remote remote;
	struct commit source;
	struct scope scope;
	struct fileset files; /* that it takes */
	struct remote_tips tips;
	bool superseded;
	bool ready; /* the result is compiled already */
};

struct person committer_of(const struct publication *); /* meshc, at the time of the source */

/* How a message ends: for whom and by which version, but not of which source. */
struct str trailers_of(struct publication *);

/* The changes on top of the tree, and the commit of it. false: reported. */
bool make_commit(struct publication *, const struct commit_tree *, struct object_id *out);
