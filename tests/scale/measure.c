/*
 * Runs a program and says what it cost: measure [-n RUNS] PROGRAM ARGUMENT...
 *
 * Prints one line `wall user median kib exit`: the fastest wall time of the runs in seconds and that run's
 * user time; the median wall time; the largest peak of memory in KiB; the last exit code.
 * Output of the program is thrown away.
 */
#include "base/base.h"

#include "base/sort.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

struct cost {
	double wall, user;
	long kib;
	int exit;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static _Noreturn void become(char **argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (!getenv("MEASURE_STDERR"))
		dup2(null, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

static struct cost run(char **argv)
{
	double start = now();
	struct rusage usage;
	struct cost cost;
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		become(argv);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		exit(127);
	cost.wall = now() - start;
	cost.user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
	cost.kib = usage.ru_maxrss;
	cost.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return cost;
}

static int by_wall(const void *a, const void *b)
{
	double x = ((const struct cost *)a)->wall, y = ((const struct cost *)b)->wall;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	uint32_t runs = 1;
	struct cost *costs;
	long kib = 0;
	int last = 0;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		runs = (uint32_t)strtoul(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	if (argc < 2 || !runs || runs > 1000) {
		fputs("usage: measure [-n RUNS] PROGRAM ARGUMENT...\n", stderr);
		return 2;
	}
	costs = NEW(mem, struct cost, runs);
	for (uint32_t i = 0; i < runs; i++) {
		costs[i] = run(argv + 1);
		kib = costs[i].kib > kib ? costs[i].kib : kib;
		last = costs[i].exit;
	}
	sort_stable(mem, costs, runs, sizeof *costs, by_wall);
	printf("%.4f %.4f %.4f %ld %d\n", costs[0].wall, costs[0].user, costs[runs / 2].wall, kib,
	       last);
	arena_free(mem);
	return 0;
}
