/*
 * A fleet on disk, the same for all inputs but for one file: two clusters with Istio, c1 and c2, and l1 with
 * Linkerd. The folder is made once and goes when the process ends.
 */
#pragma once

#include "fuzz/fuzz.h"

#include "driver/compile.h"

struct str fleet_path(struct arena *, const char *below);
void fleet_write(const char *below, struct str text);

/* As `meshc check` and `meshc build` do, without threads. run_close() ends it. */
bool fleet_compile(struct run *, struct result *);
/* Findings and numbers in every format. */
void fleet_report(struct run *, struct result *);
