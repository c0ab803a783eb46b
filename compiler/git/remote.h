/*
 * The network: fetching and pushing through a child git that has a folder of its
 * own. It shares the clone's objects and nothing else: no configuration, hook or
 * alias of the clone acts. What it needs of it, the address of a remote and the HTTP
 * headers that a CI runner has put there, is handed over as data. The user's own
 * configuration counts: credentials, addresses, keys.
 */
#pragma once

#include "git/child.h"
#include "git/ref.h"

struct remote {
	const struct repository *repository;
	struct str address;             /* URL or path */
	struct environment environment; /* of the child */
	struct str folder;              /* its own, until remote_close */
};

/* A URL, an absolute path or host:path, and no path from somewhere. */
bool is_absolute_address(struct str);

/* The address, or the text that holds one, without the name and the password before its host. */
struct str address_shown(struct arena *, struct str);

/* `name`: a remote of the clone. p == NULL: the clone has none of the name. false: repository_unreadable has been reported. */
bool remote_address(struct arena *, struct diags *, const struct repository *, struct str name,
		    struct str *out);

/* environment: the process's own. false: remote_refused has been reported (an address that runs programs, or looks like an option). */
bool remote_open(struct arena *, struct diags *, const struct repository *, struct str address,
		 const char *const *environment, struct remote *out);
void remote_close(struct arena *scratch, struct remote *);

struct remote_tips {
	struct object_id branch, notes; /* empty: the remote has none */
};

/* Brings the two refs' objects into the clone. */
bool remote_fetch(struct arena *, struct diags *, const struct remote *, struct str branch,
		  struct str notes, struct remote_tips *out);

struct remote_push {
	struct str branch, notes;
	struct remote_tips from,
		to; /* what is expected there, what shall be there; to.notes empty: leave them */
};

/* Both refs or none; never by force. */
enum swap remote_push(struct arena *, struct diags *, const struct remote *,
		      const struct remote_push *);
