/*
 * Runs a fuzz target on files: replay SECONDS FILE_OR_FOLDER... Every input may take so many seconds of processor time;
 * what the machine does beside does not count. Prints how many there were and the slowest.
 */
#include "fuzz/fuzz.h"

#include "golden/disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct replay {
	double limit, slowest;
	const char *slowest_path;
	uint32_t n, slow;
};

static double used(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* In a block of its own size, so that the sanitizers see who reads past the end. */
static void run_bytes(struct str text)
{
	uint8_t *bytes = malloc(text.n ? text.n : 1);

	if (!bytes)
		out_of_memory();
	if (text.n)
		memcpy(bytes, text.p, text.n);
	LLVMFuzzerTestOneInput(bytes, text.n);
	free(bytes);
}

static void run_file(struct replay *r, struct arena *mem, const char *path)
{
	struct str text = disk_read(mem, path);
	double start = used(), spent;

	/* Whoever is ended by an input leaves its name. */
	if (getenv("REPLAY_VERBOSE"))
		fprintf(stderr, "%s\n", path);
	run_bytes(text);
	spent = used() - start;
	r->n++;
	if (spent > r->limit) {
		printf("%s: %.2f s\n", path, spent);
		r->slow++;
	}
	if (spent > r->slowest) {
		r->slowest = spent;
		r->slowest_path = path;
	}
}

static void run_path(struct replay *r, struct arena *mem, const char *path)
{
	struct disk_paths below = disk_list(mem, path);

	if (!below.all.n) {
		run_file(r, mem, path);
		return;
	}
	for (uint32_t i = 0; i < below.all.n; i++)
		run_file(r, mem, path_join(mem, path, below.all.at[i].p));
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	struct replay r = { .limit = argc > 2 ? strtod(argv[1], NULL) : 0, .slowest_path = "none" };

	if (argc < 3) {
		fputs("usage: replay SECONDS FILE_OR_FOLDER...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		run_path(&r, mem, argv[i]);
	printf("%u inputs, %u over %.1f s; the slowest took %.3f s: %s\n", r.n, r.slow, r.limit,
	       r.slowest, r.slowest_path);
	arena_free(mem);
	return r.slow || !r.n;
}
