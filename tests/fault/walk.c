/*
 * The world refuses at every point, one after the other: walk EVERY REFUSE MESHC SCENE [MANNER...]
 *
 * A scene (scene.sh) is a folder with a command that changes something. It runs once per point and fault, with REFUSE
 * (refuse.c) in front of it, until the faults are past its end. Whatever fails, each unit of what it changes is the old one
 * or the new one; a run that fails says so, with the exit code of the environment, and gives back what it took; a call that
 * was interrupted or did half of its work is made again, and nobody notices; and the next run gives the new state.
 * Of memory, it is the first point and the last of each way through the program that leads to one. EVERY: 1 for all of
 * these points, n for every n-th, but for those at which it is killed: that is all of them.
 */
#include "base/base.h"

#include "base/hash.h"
#include "base/map.h"
#include "fault/plan.h"
#include "golden/disk.h"
#include "golden/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 16, MOST_SHOWN = 40, SECONDS = 60, KILLED = 128 + 9, ENVIRONMENT = 6 };

struct names {
	VEC(struct str) all;
};

struct scene {
	struct arena *mem;
	const char *state; /* where the command runs; what `before` holds is laid into it before */
	const char *before, *scratch;
	const char *argv[MOST_ARGUMENTS];
	struct names changed; /* what it changes: entries of `before` */
	struct names units;   /* that are old or new, each as a whole */
	struct names healed;  /* that are new after the next run, to the last byte */
	const char *check;    /* what must hold of every state */
	const char *mend;     /* what a person does after a run that was killed or got no memory */
	uint64_t *old, *new;  /* per unit */
	uint64_t *whole;      /* per healed */
	uint64_t untouched;   /* all that it changes, before */
	int64_t memory;       /* that a run without a fault does not give back */

	struct fault_plan *plan;
	const char *refuse, *plan_path;
	uint32_t n_wrong;
};

/* What the world does, at which points, and whether the run may end in anything but success. */
struct manner {
	const char *name;
	uint32_t classes;
	enum fault fault;
	int error;
	bool unnoticed;
};

/* clang-format off */
enum { CHANGING = CLASS_WRITE | CLASS_NAME | CLASS_SYNC };

static const struct manner manners[] = {
	{ "EIO",       CLASS_IO,                               FAULT_ERROR, EIO,    false },
	{ "ENOSPC",    CHANGING | CLASS_CLOSE,                 FAULT_ERROR, ENOSPC, false },
	{ "EINTR",     CLASS_READ | CLASS_WRITE | CLASS_OPEN | CLASS_SYNC | CLASS_CLOSE | CLASS_WAIT,
	                                                       FAULT_ERROR, EINTR,  true },
	{ "short",     CLASS_READ | CLASS_WRITE,               FAULT_SHORT, 0,      true },
	{ "kill",      CHANGING,                               FAULT_KILL,  0,      false },
	{ "no memory", CLASS_MEMORY,                           FAULT_ERROR, ENOMEM, false },
};
/* clang-format on */

struct tally {
	uint32_t runs, done, refused, killed;
};

/* ---- States ---- */

static uint64_t fingerprint(struct arena *mem, const char *folder, struct str name, uint64_t seed)
{
	const char *path = path_join(mem, folder, str_z(mem, name));
	struct disk_paths files = disk_list(mem, path);
	uint64_t hash = seed;

	if (!files.all.n)
		return hash * 31 + hash_bytes(disk_read(mem, path)) + path_exists(path);
	for (uint32_t i = 0; i < files.all.n; i++) {
		hash = hash * 31 + hash_bytes(files.all.at[i]);
		hash = hash * 31 +
		       hash_bytes(disk_read(mem, path_join(mem, path, files.all.at[i].p)));
	}
	return hash;
}

static uint64_t *fingerprints(struct scene *s, const struct names *names)
{
	uint64_t *hashes = NEW(s->mem, uint64_t, names->all.n);
	struct arena *mem = arena_new();

	for (uint32_t i = 0; i < names->all.n; i++)
		hashes[i] = fingerprint(mem, s->state, names->all.at[i], 0);
	arena_free(mem);
	return hashes;
}

static uint64_t fingerprint_of_all(const struct scene *s)
{
	struct arena *mem = arena_new();
	uint64_t hash = 0;

	for (uint32_t i = 0; i < s->changed.all.n; i++)
		hash = fingerprint(mem, s->state, s->changed.all.at[i], hash);
	arena_free(mem);
	return hash;
}

static void restore(const struct scene *s)
{
	struct arena *mem = arena_new();
	const char *const copy[] = { "cp", "-a", s->before, s->state, NULL };

	for (uint32_t i = 0; i < s->changed.all.n; i++)
		disk_remove(mem, path_join(mem, s->state, s->changed.all.at[i].p));
	if (process_run(mem, ".", copy, s->scratch, SECONDS).exit)
		give_up("cannot restore %s", s->state);
	arena_free(mem);
}

/* ---- Runs ---- */

static struct process run(const struct scene *s, struct arena *mem)
{
	struct process p;

	s->plan->points = s->plan->fired = s->plan->ended = 0;
	s->plan->memory = s->plan->opened = 0;
	memset(s->plan->call, 0, sizeof s->plan->call);
	memset(s->plan->within, 0, sizeof s->plan->within);
	setenv("LD_PRELOAD", s->refuse, 1);
	setenv("MESHC_FAULT_PLAN", s->plan_path, 1);
	p = process_run(mem, s->state, s->argv, s->scratch, SECONDS);
	unsetenv("LD_PRELOAD");
	return p;
}

static struct process run_without(const struct scene *s, struct arena *mem)
{
	s->plan->nth = 0;
	return run(s, mem);
}

static void wrong(struct scene *s, const struct manner *m, uint64_t nth, const char *what,
		  const struct process *p)
{
	if (s->n_wrong++ < MOST_SHOWN)
		printf("%s at point %" PRIu64 " (%s%s): %s; exit code %d\n%.*s", m->name, nth,
		       s->plan->call, s->plan->within, what, p->exit, STR(p->err));
}

/* What keeps memory of its own where something fails in it: seen in OpenSSL 3.0 and libgit2 1.5. */
static const char *const keepers[] = {
	" libcrypto.",
	":git_branch_is_checked_out",
	":git_graph_reachable_from_any",
	":git_object_lookup_prefix", /* while it opens the object database */
	":git_revparse_single",
};

static bool keeps_memory(const struct scene *s)
{
	for (size_t i = 0; i < countof(keepers); i++)
		if (strstr(s->plan->within, keepers[i]))
			return false;
	return s->plan->memory > s->memory;
}

/* libgit2 makes reads and writes again, but not what Linux never interrupts on a disk. */
static bool is_never_interrupted(const struct scene *s)
{
	static const char *const calls[] = { "open", "opendir", "close" };

	for (size_t i = 0; i < countof(calls); i++)
		if (strstr(s->plan->within, " libgit2.") && !strcmp(s->plan->call, calls[i]))
			return true;
	return false;
}

/* What is seen of a run: how it ended, and what it left. */
static void judge_ending(struct scene *s, const struct manner *m, uint64_t nth,
			 const struct process *p)
{
	if (m->fault == FAULT_KILL) {
		if (p->exit != KILLED)
			wrong(s, m, nth, "is not killed", p);
		return;
	}
	if (p->exit && m->unnoticed && !is_never_interrupted(s))
		wrong(s, m, nth, "is not made again", p);
	else if (p->exit && p->exit != ENVIRONMENT)
		wrong(s, m, nth, "wrong exit code", p);
	else if (p->exit && !p->err.n)
		wrong(s, m, nth, "says nothing", p);
	else if (!s->plan->ended && !memmem(p->err.p, p->err.n, "out of memory", 13))
		wrong(s, m, nth, "does not come to its end", p);
	else if (s->plan->ended && keeps_memory(s))
		wrong(s, m, nth, "keeps memory", p);
	else if (s->plan->ended && s->plan->opened > 0)
		wrong(s, m, nth, "keeps descriptors", p);
}

static void judge_units(struct scene *s, const struct manner *m, uint64_t nth,
			const struct process *p)
{
	struct arena *mem = arena_new();

	for (uint32_t i = 0; i < s->units.all.n; i++) {
		struct str unit = s->units.all.at[i];
		uint64_t now = fingerprint(mem, s->state, unit, 0);

		if (now != s->new[i] && (now != s->old[i] || !p->exit))
			wrong(s, m, nth,
			      str_format(mem, "%.*s is not what it should be", STR(unit)).p, p);
	}
	arena_free(mem);
}

static struct process shell(const struct scene *s, struct arena *mem, const char *line)
{
	const char *const argv[] = { "sh", "-c", line, NULL };

	return process_run(mem, s->state, argv, s->scratch, SECONDS);
}

static void judge_next(struct scene *s, const struct manner *m, uint64_t nth, bool ended_early)
{
	struct arena *mem = arena_new();
	struct process p;

	p = shell(s, mem, s->check);
	if (p.exit)
		wrong(s, m, nth, "leaves an unsound state", &p);
	if (ended_early)
		shell(s, mem, s->mend);
	p = run_without(s, mem);
	if (p.exit)
		wrong(s, m, nth, "the next run fails", &p);
	for (uint32_t i = 0; i < s->healed.all.n; i++)
		if (fingerprint(mem, s->state, s->healed.all.at[i], 0) != s->whole[i])
			wrong(s, m, nth, "the next run does not mend it", &p);
	arena_free(mem);
}

/* false: the fault is past the end. */
static bool try_point(struct scene *s, const struct manner *m, uint64_t nth, struct tally *t)
{
	struct arena *mem = arena_new();
	struct process p;
	bool fired, ended_early;

	s->plan->nth = nth;
	p = run(s, mem);
	fired = s->plan->fired;
	ended_early = !s->plan->ended;
	if (fired) {
		t->runs++;
		t->done += !p.exit;
		t->killed += p.exit == KILLED;
		t->refused += p.exit == ENVIRONMENT;
		judge_ending(s, m, nth, &p);
		judge_units(s, m, nth, &p);
	}
	if (fingerprint_of_all(s) != s->untouched) {
		if (fired)
			judge_next(s, m, nth, ended_early);
		restore(s);
	}
	arena_free(mem);
	return fired;
}

/* ---- Walks ---- */

/* Points of the survey that are the first or the last of their way. */
static void choose(struct scene *s, bool *chosen, uint64_t n)
{
	struct arena *mem = arena_new();
	struct map seen = map_new(mem);

	for (uint64_t i = 0; i < n; i++) {
		struct str key = str_copy(mem, (struct str){ (const char *)&s->plan->ways[i], 8 });
		uint64_t **last = (uint64_t **)map_put(&seen, key);

		if (*last)
			chosen[**last] = true;
		else
			*last = NEW(mem, uint64_t, 2);
		chosen[i] = true;
		if ((*last)[1]++)
			chosen[(*last)[0]] = (*last)[1] == 2;
		(*last)[0] = i;
	}
	arena_free(mem);
}

static void walk(struct scene *s, const struct manner *m, uint64_t every)
{
	struct arena *mem = arena_new();
	struct tally t = { 0 };
	bool *chosen = NULL;
	uint64_t n;

	s->plan->classes = m->classes;
	s->plan->fault = m->fault;
	s->plan->error = m->error;
	s->plan->survey = m->classes == CLASS_MEMORY;
	run_without(s, mem);
	restore(s);
	n = s->plan->points;
	if (!n)
		give_up("%s: no points", m->name);
	if (s->plan->survey) {
		if (n > MOST_POINTS)
			give_up("%" PRIu64 " points", n);
		chosen = NEW(mem, bool, n);
		choose(s, chosen, n);
		s->plan->survey = 0;
	}
	for (uint64_t nth = 1, at = 0;; nth++)
		if ((!chosen || nth > n || chosen[nth - 1]) && at++ % every == 0 &&
		    !try_point(s, m, nth, &t))
			break;
	printf("%-9s %6" PRIu64 " points, %5u runs: %5u done all the same, %5u refused, %5u "
	       "killed\n",
	       m->name, n, t.runs, t.done, t.refused, t.killed);
	fflush(stdout);
	arena_free(mem);
}

/* ---- Scenes ---- */

static struct names lines_of(struct scene *s, const char *folder, const char *name)
{
	struct str rest = disk_read(s->mem, path_join(s->mem, folder, name));
	struct names lines = { 0 };

	while (rest.n) {
		int64_t end = str_find(rest, '\n');
		uint32_t n = end < 0 ? rest.n : (uint32_t)end;

		vec_add(s->mem, &lines.all, str_of(str_z(s->mem, str_slice(rest, 0, n))));
		rest = str_slice(rest, end < 0 ? n : n + 1, rest.n);
	}
	return lines;
}

/* The only line; none: a command that does nothing. */
static const char *line_of(struct scene *s, const char *folder, const char *name)
{
	struct names lines = lines_of(s, folder, name);

	return lines.all.n ? lines.all.at[0].p : "true";
}

static void open_plan(struct scene *s)
{
	int fd = open(s->plan_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, (off_t)PLAN_BYTES))
		give_up("no plan");
	s->plan = mmap(NULL, PLAN_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (s->plan == MAP_FAILED)
		give_up("no plan");
}

static void open_scene(struct scene *s, const char *refuse, const char *meshc, const char *folder)
{
	struct names arguments = lines_of(s, folder, "run");
	uint32_t n = 0;

	s->refuse = refuse;
	s->state = path_join(s->mem, folder, "state");
	s->before = path_join(s->mem, folder, "before/.");
	s->scratch = folder;
	s->plan_path = path_join(s->mem, folder, "plan");
	s->changed = lines_of(s, folder, "changed");
	s->units = lines_of(s, folder, "units");
	s->healed = lines_of(s, folder, "healed");
	s->check = line_of(s, folder, "check");
	s->mend = line_of(s, folder, "mend");
	s->argv[n++] = meshc;
	for (uint32_t i = 0; i < arguments.all.n && n < MOST_ARGUMENTS - 1; i++)
		s->argv[n++] = arguments.all.at[i].p;
	open_plan(s);
}

/* The old state and the new one, as a run without a fault makes it. */
static void learn(struct scene *s)
{
	struct arena *mem = arena_new();
	struct process p;

	restore(s);
	s->old = fingerprints(s, &s->units);
	s->untouched = fingerprint_of_all(s);
	p = run_without(s, mem);
	if (p.exit || !s->plan->ended)
		give_up("the scene does not work: %.*s", STR(p.err));
	s->new = fingerprints(s, &s->units);
	s->whole = fingerprints(s, &s->healed);
	s->memory = s->plan->memory;
	printf("%" PRId64 " pieces of memory and %" PRId64 " descriptors stay\n", s->memory,
	       s->plan->opened);
	for (uint32_t i = 0; i < s->units.all.n; i++)
		if (s->old[i] == s->new[i])
			give_up("%.*s does not change", STR(s->units.all.at[i]));
	restore(s);
	arena_free(mem);
}

static bool is_asked(const struct manner *m, char **names)
{
	if (!*names)
		return true;
	while (*names && strcmp(*names, m->name))
		names++;
	return *names;
}

int main(int argc, char **argv)
{
	struct scene s = { .mem = arena_new() };
	uint64_t every = argc > 4 ? strtoull(argv[1], NULL, 10) : 0;

	if (!every)
		give_up("usage: walk EVERY REFUSE MESHC SCENE [MANNER...]");
	open_scene(&s, argv[2], argv[3], argv[4]);
	learn(&s);
	for (uint32_t i = 0; i < countof(manners); i++)
		if (is_asked(&manners[i], argv + 5))
			walk(&s, &manners[i], manners[i].fault == FAULT_KILL ? 1 : every);
	printf("wrong: %u\n", s.n_wrong);
	return s.n_wrong > 0;
}
