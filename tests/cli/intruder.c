/*
 * Code that got into meshc: loaded with LD_PRELOAD, it takes over the first write
 * of the process, when everything has been compiled, and tries what an intruder
 * would try. What came of it goes to stderr, a line `intruder: WHAT ERRNO` each.
 * INTRUDER_SOURCE names a file of the sources.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

ssize_t write(int fd, const void *bytes, size_t n);

static void tell(const char *what, long result)
{
	const char *name = result < 0 ? strerrorname_np(errno) : "done";
	char line[128];
	int n = snprintf(line, sizeof line, "intruder: %s %s\n", what, name);

	syscall(SYS_write, STDERR_FILENO, line, (size_t)n);
}

/* What there is, as far as it can be asked from where we are. */
static void ask_kernel(void)
{
	unsigned action = 0x7fff0000; /* SECCOMP_RET_ALLOW */

	tell(syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0 ? "landlock" : "no-landlock", 0);
	tell(syscall(SYS_seccomp, 2, 0, &action) ? "no-seccomp" : "seccomp", 0);
}

static void try_all(const char *source)
{
	char name[] = "/bin/true";
	char *const arguments[] = { name, NULL };
	long pid;

	tell("open-passwd", open("/etc/passwd", O_RDONLY));
	tell("open-top", open("/", O_RDONLY | O_DIRECTORY));
	tell("read-source", open(source, O_RDONLY));
	tell("write-source", open(source, O_WRONLY));
	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	pid = fork();
	if (!pid)
		_exit(0);
	tell("fork", pid);
	tell("execve", execve(name, arguments, environ));
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	static int done;
	const char *source = getenv("INTRUDER_SOURCE");

	if (!done && source) {
		done = 1;
		ask_kernel();
		try_all(source);
	}
	return syscall(SYS_write, fd, bytes, n);
}
