/*
 * What a command gives up (sandbox/) around reading its sources:
 *
 *	confine_find     finds what is to be read, and reads nothing of it
 *	confine_enter    only that can be opened from here on, and the output be written
 *	confine_narrow   the sources have been read: only the output can be opened
 *
 * Declarations are parsed behind the second or the third. Where the sandbox is off
 * all of these do nothing.
 */
#pragma once

#include "sandbox/sandbox.h"
#include "source/diag.h"

struct session;

struct confined_output {
	struct str path, made; /* made: the first folder that was made for it; empty: none */
};

struct confinement {
	const char *off; /* why there is none for this command; NULL: there is */
	bool anywhere;   /* the output is somewhere below the sources: meshc.yaml will say where */
	bool writes;     /* not only to compare with it */
	bool entered;
	struct sandbox_folders sources, output;
	struct sandbox held;
	VEC(struct confined_output) outputs;
};

/* false: reported, as worktree_open and repository_open do. */
bool confine_find(struct confinement *, struct session *);
bool confine_find_repository(struct confinement *, struct session *); /* that of -C alone */

/* A folder that is written to, made here if nothing is there: what does not exist cannot be let through. */
void confine_output(struct confinement *, struct session *, const char *path);

/* false: sandbox_unavailable has been reported. */
bool confine_enter(struct confinement *, struct session *);
bool confine_narrow(struct confinement *, struct session *);

/* Takes away what confine_output made and is empty; with -v says what holds. */
void confine_end(struct confinement *, struct session *);
