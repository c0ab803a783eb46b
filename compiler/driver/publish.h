/*
 * A commit of the sources becomes a commit of the output: compile, settle against
 * the target's branch, guard, write, and move the branch by compare-and-swap. The
 * new commit is a function of the source commit, meshc's version and the commit that
 * stands there, so that jobs which race make the same one.
 */
#pragma once

#include "driver/compile.h"
#include "git/remote.h"

struct publish_request {
	const char *target;    /* NULL: the only one of the Fleet */
	const char *wave;      /* NULL: the first, where there are waves */
	bool push;             /* to the target's repository; otherwise only in this clone */
	bool dry_run;          /* nothing is written */
	bool recompile;        /* also where the branch is known to hold the output */
	bool removals, rewind; /* guards that let it pass */
	struct str confirmed;  /* kinds with commas between */
	const char *key;       /* of ssh, to sign with; NULL: unsigned */
	const char *const *environment; /* for git and ssh-keygen, as children */
	const char *version;
};

enum publish_outcome {
	PUBLISH_FAILED,     /* reported */
	PUBLISH_NEW,        /* a commit was made and stands there */
	PUBLISH_SAME,       /* the output is what stands there already */
	PUBLISH_SUPERSEDED, /* what stands there comes from a later commit */
	PUBLISH_WOULD,      /* dry run: a commit would be made */
};

struct published {
	enum publish_outcome outcome;
	struct object_id source, commit, newer; /* newer: PUBLISH_SUPERSEDED */
	struct str ref, address;                /* address empty: this clone */
	struct tree_changes changes;
	uint32_t tries;
	bool compiled; /* false: the branch was known to hold it (PUBLISH_SAME), or it came not so far */
};

/* By name, or the only one where it is NULL. NULL: unknown_target has been reported. */
const struct publish_target_options *target_find(struct diags *, const struct fleet_options *,
						 const char *name);

/* run->options.root names the commit. */
void publish(struct run *, const struct publish_request *, struct result *, struct published *out);
