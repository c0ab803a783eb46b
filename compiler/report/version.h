/*
 * The program about itself.
 */
#pragma once

#include "base/buf.h"

struct report_library {
	const char *name, *version;
};

struct report_version {
	const char *version;
	const struct report_library *libraries; /* that it was built with */
	uint32_t n_libraries;
	const char *const *kinds; /* with a schema */
	uint32_t n_kinds;
};

void report_version_text(struct buf *, const struct report_version *);

/* {"schema": "meshc.dev/version/v1", "version", "libraries": {name: version}, "kinds": []} */
void report_version_json(struct buf *, const struct report_version *);
