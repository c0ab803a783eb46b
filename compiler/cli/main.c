/*
 * The process: environment, clock and streams. Everything that a command does is
 * in command.c and below; this file only hands it the world and prints.
 *
 * The locale is never set: nothing here may depend on it.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/command.h"

static uint64_t monotonic_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool shows_color(int stream)
{
	const char *terminal = getenv("TERM");

	return isatty(stream) && !is_set("NO_COLOR") &&
	       !(terminal && strcmp(terminal, "dumb") == 0);
}

/* All of it or false; a closed stream counts as refused only if there is something to say. */
static bool print(int stream, struct str text)
{
	while (text.n) {
		ssize_t n = write(stream, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_slice(text, (uint32_t)n, text.n);
	}
	return true;
}

static enum exit_code print_all(const struct invocation *in, enum exit_code exit)
{
	const char *why;

	if (in->out.overflow || in->err.overflow)
		out_of_memory();
	print(STDERR_FILENO, buf_view(&in->err));
	if (print(STDOUT_FILENO, buf_view(&in->out)))
		return exit;
	why = strerrordesc_np(errno);
	print(STDERR_FILENO, str_format(in->mem, "meshc: cannot write to standard output: %s\n",
					why ? why : "unknown error"));
	return EXIT_ENVIRONMENT;
}

/*
 * A process may be started without streams. Their numbers must not go to files
 * that the compiler opens; writing to what stands there instead is refused.
 */
static void occupy_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			_exit(EXIT_ENVIRONMENT);
}

int main(int argc, char **argv)
{
	struct invocation in = { .mem = arena_new(),
				 .clock = monotonic_now,
				 .started = monotonic_now(),
				 .environment = (const char *const *)environ,
				 .is_process = true };
	const char *const *arguments = (const char *const *)argv + (argc > 0);
	enum exit_code exit;

	occupy_streams();
	in.color_out = shows_color(STDOUT_FILENO);
	in.color_err = shows_color(STDERR_FILENO);
	exit = command_run(&in, arguments, argc > 0 ? (uint32_t)argc - 1 : 0);
	exit = print_all(&in, exit);
	arena_free(in.mem);
	return (int)exit;
}
