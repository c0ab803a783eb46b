/*
 * Refs and notes, moved by compare-and-swap alone: who was here in between is never
 * overwritten.
 */
#pragma once

#include "git/commit.h"

/*
 * false, of any of these: object_missing or repository_unreadable has been reported.
 * out empty: there is no such ref.
 */
bool ref_read(struct arena *, struct diags *, const struct repository *, struct str name,
	      struct object_id *out);

enum swap {
	SWAP_DONE,
	SWAP_MOVED, /* it is not what was expected any more, or somebody else holds it: try again */
	SWAP_REFUSED, /* cannot_write has been reported */
};

/* expected empty: there must be none. */
enum swap ref_swap(struct arena *, struct diags *, const struct repository *, struct str name,
		   const struct object_id *expected, const struct object_id *to);

/* The file that holds the ref while it is moved, if it is there: whoever was killed has left it. p == NULL: it is not. */
struct str ref_lock(struct arena *, const struct repository *, struct str name);

bool ref_is_valid(struct arena *scratch, struct str name);
/* refs/heads/main for main, refs/heads/main and a HEAD that is there; empty: it is no branch. */
bool ref_of_revision(struct arena *, struct diags *, const struct repository *, struct str rev,
		     struct str *out);

/* Whether a worktree of the repository has the branch checked out. */
bool ref_is_checked_out(struct arena *, struct diags *, const struct repository *, struct str name,
			bool *out);

/* The note of a commit in the notes that `notes` is the tip of; p == NULL: none. */
bool note_read(struct arena *, struct diags *, const struct repository *,
	       const struct object_id *notes, const struct object_id *commit, struct str *out);
/* A commit on top of `notes` in which the commit has this note. false also for cannot_write. */
bool note_write(struct arena *, struct diags *, const struct repository *,
		const struct object_id *notes, const struct object_id *commit, struct str text,
		const struct person *who, struct object_id *out);
