/*
 * Commits: what one says, how two are related, and making one whose id depends on
 * nothing but what is given here.
 */
#pragma once

#include "git/repository.h"

struct signed_time { /* seconds since 1970 and the offset from UTC in minutes, as git keeps them */
	int64_t seconds;
	int minutes;
};

struct person {
	struct str name, email;
	struct signed_time when;
};

struct commit {
	struct object_id id;
	struct person author, committer;
	struct str subject, body; /* of the message; the body without the line ends around it */
};

/* false, of any of these: object_missing or repository_unreadable has been reported. */
bool commit_read(struct arena *, struct diags *, const struct repository *,
		 const struct object_id *, struct commit *out);

enum relation {
	RELATION_SAME,
	RELATION_BEFORE, /* a is an ancestor of b */
	RELATION_AFTER,
	RELATION_NONE,
	RELATION_UNKNOWN, /* the clone lacks one of them, or the commits between them */
};

bool commit_relation(struct diags *, const struct repository *, const struct object_id *a,
		     const struct object_id *b, enum relation *out);

/* The first parent; empty: none, or not here. */
bool commit_parent(struct diags *, const struct repository *, const struct object_id *,
		   struct object_id *parent);

/* What is signed, and by what; signature->p == NULL: it is unsigned. */
bool commit_signature(struct arena *, struct diags *, const struct repository *,
		      const struct object_id *, struct str *signature, struct str *text);

struct new_commit {
	struct object_id tree, parent; /* parent empty: the first */
	struct person author, committer;
	struct str message;
};

/* The bytes that git keeps for it, and would sign. */
struct str commit_text(struct arena *, const struct new_commit *);
/* signature: p == NULL for none. false: cannot_write has been reported. */
bool commit_write(struct arena *, struct diags *, const struct repository *, struct str text,
		  struct str signature, struct object_id *out);

/* 2026-11-26T03:04:05+01:00 (RFC 3339) */
struct str time_text(struct arena *, struct signed_time);
