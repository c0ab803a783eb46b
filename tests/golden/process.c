/*
 * See process.h.
 */
#include "base/base.h"

#include "golden/process.h"

#include "golden/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static void redirect(int to, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0666);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(127);
}

static _Noreturn void become(const char *folder, const char *const *argv, const char *out,
			     const char *err, unsigned seconds)
{
	redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
	redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
	redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
	if (chdir(folder) != 0)
		_exit(127);
	setenv("NO_COLOR", "1", 1);
	alarm(seconds);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			give_up("cannot wait: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct process process_run(struct arena *mem, const char *folder, const char *const *argv,
			   const char *scratch, unsigned seconds)
{
	const char *out = path_join(mem, scratch, "stdout"),
		   *err = path_join(mem, scratch, "stderr");
	struct process result = { 0 };
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		give_up("cannot fork: %s", strerror(errno));
	if (pid == 0)
		become(folder, argv, out, err, seconds);
	result.exit = wait_for(pid);
	result.out = disk_read(mem, out);
	result.err = disk_read(mem, err);
	return result;
}

void process_diff(struct arena *mem, const char *expected, const char *got, const char *label)
{
	const char *left = path_exists(expected) ? expected : "/dev/null";
	const char *right = path_exists(got) ? got : "/dev/null";
	const char *names[] = { str_format(mem, "expected/%s", label).p,
				str_format(mem, "got/%s", label).p };
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		give_up("cannot fork: %s", strerror(errno));
	if (pid == 0) {
		execlp("diff", "diff", "-u", "-a", "--label", names[0], "--label", names[1], left,
		       right, (char *)NULL);
		_exit(127);
	}
	wait_for(pid);
}
