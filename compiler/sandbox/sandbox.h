/*
 * What a process gives up for good before it reads what others wrote: files that
 * it has no business with, the network, other programs.
 *
 * Two fences that do not need each other. Landlock says which folders can be
 * opened, seccomp which system calls there are. A fence that the kernel does not
 * have is left out, and the state says why. Neither can be taken down again.
 * Landlock holds for the calling thread and those that it starts: enter first.
 */
#pragma once

#include "base/vec.h"

enum sandbox_right {
	SANDBOX_READ = 1,   /* what lies below may be read */
	SANDBOX_CHANGE = 2, /* and made, written, renamed and removed */
	SANDBOX_UNMAKE = 4, /* empty folders below may be removed */
};

struct sandbox_folder {
	const char *path;
	unsigned rights; /* of enum sandbox_right */
};

struct sandbox_folders { /* a VEC; what is not there is no fault, and stays closed */
	struct sandbox_folder *at;
	uint32_t n, cap;
};

struct sandbox {
	uint32_t landlock;       /* the version of its rules that holds; 0: none */
	const char *no_landlock; /* why it does not hold; NULL: it does */
	const char *no_seccomp;
};

/* From here on nothing but these folders can be opened, and nothing else be done. */
void sandbox_enter(const struct sandbox_folders *, struct sandbox *out);

/* And from here on only these of them. `held`: what sandbox_enter said. */
void sandbox_narrow(const struct sandbox_folders *, struct sandbox *held);

bool sandbox_holds(const struct sandbox *); /* all of it */
