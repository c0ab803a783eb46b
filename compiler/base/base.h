/*
 * What every file of the compiler starts from: fixed-width integers, countof,
 * BUG, and the list of functions we do not call.
 */
#pragma once

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define countof(a) (sizeof(a) / sizeof((a)[0]))

#define PRINTF_LIKE(text, first) __attribute__((__format__(__printf__, text, first)))

/*
 * Something only a mistake of ours can reach. Prints to stderr, exits with 70.
 * The build maps __FILE__ to a path below the repository.
 */
#define BUG(...) bug_(__FILE__, __LINE__, __VA_ARGS__)

_Noreturn void bug_(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);

#include "base/banned.h"
