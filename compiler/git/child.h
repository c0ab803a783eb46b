/*
 * A child process: arguments and an environment of our own choosing, nothing on
 * its input, what it says collected. The only place of the compiler that starts one.
 */
#pragma once

#include "base/buf.h"

struct child {
	const char *const *arguments;   /* NULL at the end; the first is looked up in PATH */
	const char *const *environment; /* NULL at the end: all that it gets */
	struct str input;
};

/* Its exit code; 127: it could not be started. Both texts are cut at 1 MiB. */
int child_run(struct arena *, const struct child *, struct str *out, struct str *err);

struct environment { /* NAME=value, ..., NULL */
	const char **at;
	uint32_t n, cap;
};

/* Those variables of `from` that a child may see: where programs, keys, proxies and certificates are. */
void environment_take(struct arena *, const char *const *from, struct environment *out);
void environment_add(struct arena *, struct environment *, struct str name, struct str value);
