/*
 * Private to sandbox/: each fence by itself. NULL: it holds; otherwise why not.
 */
#pragma once

#include "sandbox/sandbox.h"

#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifndef SYS_landlock_create_ruleset /* headers older than the kernel; the same on every processor */
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

const char *landlock_restrict(const struct sandbox_folders *, uint32_t *version);
const char *seccomp_restrict(bool changes_files);
