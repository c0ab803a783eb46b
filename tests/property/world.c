/*
 * A world that differs from run to run in what no program may rely on, loaded in front of it (LD_PRELOAD): the order in
 * which a folder gives its names, and where memory lies. MESHC_WORLD is the seed.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "property/chance.h"

void *__libc_malloc(size_t);

enum { MOST_NAMES = 512, MOST_PAD = 16 };

/* One folder at a time, as one thread reads it. */
static _Thread_local struct {
	DIR *dir;
	struct dirent names[MOST_NAMES];
	unsigned n, at;
} reading;

static uint64_t seed;

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("MESHC_WORLD");

	seed = text ? strtoull(text, NULL, 10) : 0;
}

static struct dirent *next_of(DIR *dir)
{
	static struct dirent *(*_Atomic next)(DIR *);

	if (!next)
		next = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");
	return next(dir);
}

/* A folder with more names than there is room for ends the program: it would be a test that tests nothing. */
static void take_all(DIR *dir)
{
	struct chance r = { seed ^ (uint64_t)telldir(dir) };
	const struct dirent *e;

	reading.dir = dir;
	reading.n = reading.at = 0;
	while ((e = next_of(dir))) {
		if (reading.n == MOST_NAMES)
			abort();
		reading.names[reading.n++] = *e;
	}
	for (unsigned i = reading.n; i > 1; i--) {
		unsigned other = (unsigned)chance_below(&r, i);
		struct dirent last = reading.names[i - 1];

		reading.names[i - 1] = reading.names[other];
		reading.names[other] = last;
	}
}

struct dirent *readdir(DIR *dir)
{
	if (!seed)
		return next_of(dir);
	if (reading.dir != dir)
		take_all(dir);
	if (reading.at < reading.n)
		return &reading.names[reading.at++];
	reading.dir = NULL;
	return NULL;
}

/* Never less than was asked for, and not where it lay in the last run. */
void *malloc(size_t n)
{
	static _Atomic uint64_t calls;
	struct chance r = { seed + atomic_fetch_add(&calls, 1) };

	return __libc_malloc(seed ? n + chance_below(&r, MOST_PAD) * 16 : n);
}
