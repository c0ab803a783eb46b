/*
 * fork, exec, and reading two pipes at once; see the header.
 */
#include "base/base.h"
#include "git/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/vec.h"

enum { TEXT_MAX = 1 << 20, NOT_STARTED = 127 };

struct pipes {
	int in[2], out[2], err[2];
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void shut_all(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		shut(&p->in[i]);
		shut(&p->out[i]);
		shut(&p->err[i]);
	}
}

static bool open_pipes(struct pipes *p)
{
	*p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	if (!pipe2(p->in, O_CLOEXEC) && !pipe2(p->out, O_CLOEXEC) && !pipe2(p->err, O_CLOEXEC))
		return true;
	shut_all(p);
	return false;
}

static void become(const struct child *c, const struct pipes *p)
{
	signal(SIGPIPE, SIG_DFL);
	if (dup2(p->in[0], STDIN_FILENO) < 0 || dup2(p->out[1], STDOUT_FILENO) < 0 ||
	    dup2(p->err[1], STDERR_FILENO) < 0)
		_exit(NOT_STARTED);
	execvpe(c->arguments[0], (char *const *)c->arguments, (char *const *)c->environment);
	_exit(NOT_STARTED);
}

/* 1: there may be more; 0: the pipe has ended; -1: what it says cannot be had. */
static int take(int fd, struct buf *into)
{
	char chunk[4096];
	ssize_t n = read(fd, chunk, sizeof chunk);

	if (n < 0)
		return errno == EINTR ? 1 : -1;
	if (n > 0 && into->n < TEXT_MAX)
		buf_put(into, chunk, (size_t)n);
	return n > 0;
}

/* false: it takes no more, or has all of it. */
static bool give(int fd, struct str *rest)
{
	ssize_t n = rest->n ? write(fd, rest->p, rest->n) : 0;

	if (n < 0 && errno == EINTR)
		return true;
	if (n > 0)
		*rest = str_slice(*rest, (uint32_t)n, rest->n);
	return n > 0 && rest->n;
}

/* false: a part of what it says is lost. */
static bool take_ready(const struct pollfd *ready, int *fd, struct buf *into)
{
	int more = ready->revents ? take(*fd, into) : 1;

	if (more < 1)
		shut(fd);
	return more >= 0;
}

/* false: not all that it says could be read. */
static bool converse(struct pipes *p, struct str input, struct buf *out, struct buf *err)
{
	bool whole = true;

	while (p->out[0] >= 0 || p->err[0] >= 0) {
		struct pollfd fds[] = { { p->out[0], POLLIN, 0 },
					{ p->err[0], POLLIN, 0 },
					{ p->in[1], POLLOUT, 0 } };

		if (poll(fds, countof(fds), -1) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		whole &= take_ready(&fds[0], &p->out[0], out);
		whole &= take_ready(&fds[1], &p->err[0], err);
		if (fds[2].revents && !give(p->in[1], &input))
			shut(&p->in[1]);
	}
	return whole;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return NOT_STARTED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_run(struct arena *mem, const struct child *c, struct str *out, struct str *err)
{
	struct buf said = buf_new(mem, 0), complained = buf_new(mem, 0);
	void (*old)(int) = signal(SIGPIPE, SIG_IGN);
	int status = NOT_STARTED;
	struct pipes p;

	if (open_pipes(&p)) {
		pid_t pid = fork();

		if (!pid)
			become(c, &p);
		shut(&p.in[0]);
		shut(&p.out[1]);
		shut(&p.err[1]);
		if (pid > 0) {
			bool whole = converse(&p, c->input, &said, &complained);

			shut_all(&p); /* whoever still writes must end */
			status = wait_for(pid);
			if (!whole)
				status = NOT_STARTED;
		}
		shut_all(&p);
	}
	signal(SIGPIPE, old);
	*out = buf_view(&said);
	*err = buf_view(&complained);
	return status;
}

static const char *const allowed[] = {
	"PATH",
	"HOME",
	"USER",
	"LOGNAME",
	"TMPDIR",
	"XDG_CONFIG_HOME",
	"XDG_RUNTIME_DIR",
	"SSH_AUTH_SOCK",
	"HTTPS_PROXY",
	"https_proxy",
	"HTTP_PROXY",
	"http_proxy",
	"ALL_PROXY",
	"all_proxy",
	"NO_PROXY",
	"no_proxy",
	"SSL_CERT_FILE",
	"SSL_CERT_DIR",
	"GIT_SSL_CAINFO",
	"GIT_SSL_CAPATH",
};

void environment_take(struct arena *mem, const char *const *from, struct environment *out)
{
	*out = (struct environment){ 0 };
	for (; from && *from; from++)
		for (size_t i = 0; i < countof(allowed); i++)
			if (str_starts(str_of(*from), str_format(mem, "%s=", allowed[i])))
				vec_add(mem, out, *from);
	vec_add(mem, out, NULL);
}

void environment_add(struct arena *mem, struct environment *e, struct str name, struct str value)
{
	e->at[e->n - 1] = str_format(mem, "%.*s=%.*s", STR(name), STR(value)).p;
	vec_add(mem, e, NULL);
}
