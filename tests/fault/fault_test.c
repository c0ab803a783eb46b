/*
 * The world refuses at every point, one after the other: fault_test FOLDER
 *
 * Compiles the folder over an older output with the N-th fault point failing, N = 1, 2, ..., until none fires.
 * Whatever fails, a reader finds the old tree or the new one, whole; the run says that it failed; and the next
 * run without a fault gives the new tree and leaves nothing else behind.
 */
#include "base/base.h"

#include "base/fault.h"
#include "driver/compile.h"
#include "golden/disk.h"
#include "output/output.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a run ended, as its exit code. */
enum ending {
	ENDED_DONE = 0,
	ENDED_REFUSED = 10,
	ENDED_NO_FAULT = 11,
	ENDED_SILENT = 12,
	ENDED_OPEN = 13,
	ENDED_NO_MEMORY = 6
};

/* Runs of one walk: more points than that are sampled. */
#ifdef MESHC_ARENA_DEBUG
enum { MOST_RUNS = 150 };
#else
enum { MOST_RUNS = 600 };
#endif

/* Folders: sources, older output, what it must become, where it becomes so. said: what the last run printed. */
struct trial {
	struct arena *mem;
	const char *in, *old, *new, *out, *said;
	uint32_t jobs;
	uint32_t done, refused, no_memory; /* endings */
};

static bool compile_into(const char *from, const char *out_dir, uint32_t jobs, bool *said_why)
{
	struct run run;
	struct result result;
	bool done;

	run_open(&run, (struct run_options){ .root.from = from, .jobs = jobs });
	done = compile(&run, &result) && compile_settle(&run, out_dir, &result) &&
	       compile_publish(&run, out_dir, &result);
	*said_why = run.diags.errors > 0;
	run_close(&run);
	return done;
}

static uint32_t count_open(void)
{
	uint32_t n = 0;

	for (int fd = 3; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static _Noreturn void be_run(const struct trial *t, uint64_t nth)
{
	uint32_t open = count_open();
	bool said_why, done;

	if (!freopen(t->said, "w", stderr))
		_exit(ENDED_SILENT);
	fault_arm(nth);
	done = compile_into(t->in, t->out, t->jobs, &said_why);
	if (nth && fault_seen() < nth)
		exit(ENDED_NO_FAULT);
	if (count_open() != open)
		exit(ENDED_OPEN);
	if (done)
		exit(ENDED_DONE);
	exit(said_why ? ENDED_REFUSED : ENDED_SILENT);
}

/* In a process of its own: without memory the compiler ends it. */
static int run_with_fault(const struct trial *t, uint64_t nth)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		give_up("cannot fork");
	if (pid == 0)
		be_run(t, nth);
	if (waitpid(pid, &status, 0) != pid)
		give_up("cannot wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool same_folders(struct arena *mem, const char *a, const char *b)
{
	struct disk_paths x = disk_list(mem, a), y = disk_list(mem, b);

	if (x.all.n != y.all.n)
		return false;
	for (uint32_t i = 0; i < x.all.n; i++)
		if (!str_eq(x.all.at[i], y.all.at[i]) ||
		    !str_eq(disk_read(mem, path_join(mem, a, x.all.at[i].p)),
			    disk_read(mem, path_join(mem, b, y.all.at[i].p))))
			return false;
	return true;
}

/* What readers see of an output folder; rubbish under working names is the next run's to remove. */
static bool shows(struct arena *mem, const char *out, const char *wanted)
{
	return same_folders(mem, path_join(mem, out, "clusters"),
			    path_join(mem, wanted, "clusters"));
}

static bool shows_all(struct arena *mem, const char *out, const char *wanted)
{
	return shows(mem, out, wanted) &&
	       str_eq(disk_read(mem, path_join(mem, out, ".gitattributes")),
		      disk_read(mem, path_join(mem, wanted, ".gitattributes")));
}

static bool wrong(const struct trial *t, uint64_t nth, const char *what, int ending)
{
	struct str said = disk_read(t->mem, t->said);

	printf("%u jobs, fault %" PRIu64 ": %s (ended with %d)\n%.*s", t->jobs, nth, what, ending,
	       STR(said));
	return false;
}

/* *more: a fault fired, there may be another one. */
static bool try_fault(struct trial *t, uint64_t nth, bool *more)
{
	struct arena *mem = arena_new();
	bool right = true;
	int ending;

	disk_remove(mem, t->out);
	disk_overlay(mem, t->old, t->out);
	ending = run_with_fault(t, nth);
	*more = ending != ENDED_NO_FAULT;
	t->done += ending == ENDED_DONE;
	t->refused += ending == ENDED_REFUSED;
	t->no_memory += ending == ENDED_NO_MEMORY;
	if (ending != ENDED_DONE && ending != ENDED_REFUSED && ending != ENDED_NO_FAULT &&
	    ending != ENDED_NO_MEMORY)
		right = wrong(t, nth, "bad ending", ending);
	if (!shows(mem, t->out, t->old) && !shows(mem, t->out, t->new))
		right = wrong(t, nth, "neither the old tree nor the new one", ending);
	if (ending == ENDED_DONE && !shows_all(mem, t->out, t->new))
		right = wrong(t, nth, "said done, but is not", ending);
	if (*more && run_with_fault(t, 0) != ENDED_DONE)
		right = wrong(t, nth, "the next run fails", ending);
	if (!same_folders(mem, t->out, t->new))
		right = wrong(t, nth, "the next run does not end at the new tree", ending);
	arena_free(mem);
	return right;
}

/* Compiles the sources without one of their declaration files. */
static bool compile_without(struct trial *t, const char *work, const char *name)
{
	const char *in = path_join(t->mem, work, "old-in");
	bool said_why;

	disk_remove(t->mem, in);
	disk_remove(t->mem, t->old);
	disk_overlay(t->mem, t->in, in);
	unlink(str_format(t->mem, "%s/mesh/%s", in, name).p);
	return compile_into(in, t->old, 1, &said_why) && !same_folders(t->mem, t->old, t->new);
}

/* An older output that differs: the one without the first file that the others can do without. */
static void make_old(struct trial *t, const char *work)
{
	struct disk_paths files = disk_list(t->mem, path_join(t->mem, t->in, "mesh"));
	bool said_why;

	if (!compile_into(t->in, t->new, 1, &said_why))
		give_up("%s does not compile", t->in);
	for (uint32_t i = 0; i < files.all.n; i++)
		if (compile_without(t, work, files.all.at[i].p))
			return;
	give_up("no declaration of %s can be left out", t->in);
}

static uint64_t count_points(struct trial *t)
{
	bool said_why;

	disk_remove(t->mem, t->out);
	disk_overlay(t->mem, t->old, t->out);
	fault_arm(0);
	if (!compile_into(t->in, t->out, 1, &said_why))
		give_up("%s does not compile", t->in);
	return fault_seen();
}

/* The points of the room (NULL: all), every so many where there are too many. Returns how many there are. */
static uint64_t walk(struct trial *t, const char *room, uint32_t jobs, uint64_t step,
		     uint32_t *n_wrong)
{
	bool more = true;
	uint64_t points;

	fault_only(room);
	t->jobs = jobs;
	points = count_points(t);
	step *= points / MOST_RUNS + 1;
	for (uint64_t nth = 1; more && *n_wrong < 10; nth += step)
		*n_wrong += !try_fault(t, nth, &more);
	return points;
}

int main(int argc, char **argv)
{
	/* Not to be missed where each allocation is a point too (debug arenas). */
	static const char *const rooms[] = { "worktree.", "folder.", "write." };
	struct trial t = { .mem = arena_new() };
	uint32_t n_wrong = 0;
	char work[] = "/tmp/meshc-fault-XXXXXX";
	uint64_t points;

	if (argc != 2 || !mkdtemp(work))
		give_up("usage: fault_test FOLDER");
	t.in = path_join(t.mem, work, "in");
	t.old = path_join(t.mem, work, "old");
	t.new = path_join(t.mem, work, "new");
	t.out = path_join(t.mem, work, "out");
	t.said = path_join(t.mem, work, "said");
	disk_overlay(t.mem, argv[1], t.in);
	make_old(&t, work);
	points = walk(&t, NULL, 1, 1, &n_wrong);
	walk(&t, NULL, 2, 7, &n_wrong);
	for (uint32_t i = 0; points > MOST_RUNS && i < countof(rooms); i++)
		walk(&t, rooms[i], 1, 1, &n_wrong);
	disk_remove(t.mem, work);
	printf("%" PRIu64 " points; runs that were refused: %u, without memory: %u, done all the "
	       "same: %u; wrong: %u\n",
	       points, t.refused, t.no_memory, t.done, n_wrong);
	arena_free(t.mem);
	return n_wrong > 0 || t.refused + t.no_memory == 0;
}
