/*
 * What the sandbox refuses, tried out by processes that went into it.
 *
 * Each try is a child: it enters as meshc does, does one thing, and exits with
 * the errno of what it did, 0 where it went well. Where the kernel lacks a fence
 * the tests of that fence are skipped.
 */
#include "support/disk.h"

#include "sandbox/sandbox.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { KILLED = 1000, NO_LANDLOCK = 2001, NO_SECCOMP, NOT_RUN };

struct world {
	struct disk disk; /* in/a.yaml, out/old.yaml, other/b.yaml */
	char in[128], out[128], other[128];
};

static int setup(void **state)
{
	static struct world w;

	disk_setup(&w.disk);
	disk_write(&w.disk, "in/a.yaml", "a: 1\n");
	disk_write(&w.disk, "in/deep/b.yaml", "b: 1\n");
	disk_write(&w.disk, "out/old.yaml", "c: 1\n");
	disk_write(&w.disk, "other/d.yaml", "d: 1\n");
	snprintf(w.in, sizeof w.in, "%s/in", w.disk.path);
	snprintf(w.out, sizeof w.out, "%s/out", w.disk.path);
	snprintf(w.other, sizeof w.other, "%s/other", w.disk.path);
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	disk_teardown(&w->disk);
	return 0;
}

static const char *at(const char *folder, const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

enum mode { READS, WRITES, NARROWED };

/* As check (READS), build (WRITES), and build once its sources are read (NARROWED). */
static void enter(const struct world *w, enum mode mode, struct sandbox *s)
{
	struct sandbox_folder at[2] = { { w->in, SANDBOX_READ },
					{ w->out, SANDBOX_READ | SANDBOX_CHANGE } };

	sandbox_enter(&(struct sandbox_folders){ at, mode == READS ? 1 : 2, 2 }, s);
	if (mode == NARROWED)
		sandbox_narrow(&(struct sandbox_folders){ &at[1], 1, 1 }, s);
}

/* The errno of the try, 0: it went well; KILLED + signal; NO_LANDLOCK, NO_SECCOMP: it cannot be told. */
static int try_in(const struct world *w, enum mode mode, bool needs_landlock,
		  int (*act)(const struct world *))
{
	int pipes[2], result = NOT_RUN, status;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct sandbox s;

		enter(w, mode, &s);
		result = needs_landlock && s.no_landlock ? NO_LANDLOCK
			 : s.no_seccomp                  ? NO_SECCOMP
							 : act(w);
		_exit(write(pipes[1], &result, sizeof result) != sizeof result);
	}
	close(pipes[1]);
	if (read(pipes[0], &result, sizeof result) != sizeof result)
		result = NOT_RUN;
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return KILLED + WTERMSIG(status);
	return result;
}

static int said(long result)
{
	return result < 0 ? errno : 0;
}

static int open_it(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0666);
	int error = said(fd);

	if (fd >= 0)
		close(fd);
	return error;
}

/* ---- Files ---- */

static int read_source(const struct world *w)
{
	return open_it(at(w->in, "deep/b.yaml"), O_RDONLY);
}

static int list_sources(const struct world *w)
{
	return open_it(w->in, O_RDONLY | O_DIRECTORY);
}

static int read_passwd(const struct world *w)
{
	(void)w;
	return open_it("/etc/passwd", O_RDONLY);
}

static int list_top(const struct world *w)
{
	(void)w;
	return open_it("/", O_RDONLY | O_DIRECTORY);
}

static int read_own_memory(const struct world *w)
{
	(void)w;
	return open_it("/proc/self/mem", O_RDONLY);
}

static int read_neighbour(const struct world *w)
{
	return open_it(at(w->in, "../other/d.yaml"), O_RDONLY);
}

static int write_source(const struct world *w)
{
	return open_it(at(w->in, "a.yaml"), O_WRONLY);
}

static int cut_source(const struct world *w)
{
	return open_it(at(w->in, "a.yaml"), O_RDONLY | O_TRUNC);
}

static int make_source(const struct world *w)
{
	return open_it(at(w->in, "new.yaml"), O_WRONLY | O_CREAT | O_EXCL);
}

static int remove_source(const struct world *w)
{
	return said(unlink(at(w->in, "a.yaml")));
}

static int take_source_away(const struct world *w)
{
	char to[256];

	snprintf(to, sizeof to, "%s/stolen.yaml", w->out);
	return said(rename(at(w->in, "a.yaml"), to));
}

static int change_mode(const struct world *w)
{
	return said(chmod(at(w->other, "d.yaml"), 0777));
}

static int write_output(const struct world *w)
{
	return open_it(at(w->out, "new.yaml"), O_WRONLY | O_CREAT | O_EXCL);
}

static int link_output(const struct world *w)
{
	char to[256];

	snprintf(to, sizeof to, "%s/next", w->out);
	if (mkdir(to, 0777))
		return errno;
	snprintf(to, sizeof to, "%s/next/old.yaml", w->out);
	return said(link(at(w->out, "old.yaml"), to));
}

static int make_device(const struct world *w)
{
	return said(mknod(at(w->out, "null"), S_IFCHR | 0666, 0x103));
}

/* ---- Everything else ---- */

static int make_socket(const struct world *w)
{
	(void)w;
	return said(socket(AF_INET, SOCK_STREAM, 0));
}

static int make_local_socket(const struct world *w)
{
	(void)w;
	return said(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int run_program(const struct world *w)
{
	char name[] = "/bin/true";
	char *const arguments[] = { name, NULL };

	(void)w;
	return said(execv(name, arguments));
}

static int start_process(const struct world *w)
{
	pid_t pid = fork();

	(void)w;
	if (!pid)
		_exit(0);
	return said(pid);
}

static int start_process_plainly(const struct world *w)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	(void)w;
	if (!pid)
		_exit(0);
	return said(pid);
}

static void *nothing(void *cx)
{
	return cx;
}

static int start_thread(const struct world *w)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, nothing, NULL);

	(void)w;
	return error ? error : pthread_join(thread, NULL);
}

static int signal_parent(const struct world *w)
{
	(void)w;
	return said(kill(getppid(), 0));
}

static int signal_parent_thread(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int signal_itself(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_tgkill, getpid(), gettid(), 0));
}

static int make_code(const struct world *w)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	(void)w;
	return p == MAP_FAILED ? errno : 0;
}

static int type_into_terminal(const struct world *w)
{
	char c = 'x';

	(void)w;
	return said(ioctl(STDIN_FILENO, TIOCSTI, &c));
}

static int trace(const struct world *w)
{
	(void)w;
	return said(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int make_ring(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_io_uring_setup, 1, NULL));
}

static int load_bpf(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_bpf, 0, NULL, 0));
}

static int ask_keys(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
}

static int clone_newly(const struct world *w)
{
	(void)w;
	return said(syscall(SYS_clone3, NULL, 0));
}

struct attempt {
	const char *what;
	int (*act)(const struct world *);
	int want[3]; /* by mode */
};

/* clang-format off */
static const struct attempt files[] = {
	{ "reads a source",               read_source,      { 0,      0,      EACCES } },
	{ "lists the sources",            list_sources,     { 0,      0,      EACCES } },
	{ "reads another file",           read_passwd,      { EACCES, EACCES, EACCES } },
	{ "lists the top folder",         list_top,         { EACCES, EACCES, EACCES } },
	{ "reads its own memory",         read_own_memory,  { EACCES, EACCES, EACCES } },
	{ "reads beside the sources",     read_neighbour,   { EACCES, EACCES, EACCES } },
	{ "writes a source",              write_source,     { EPERM,  EACCES, EACCES } },
	{ "cuts a source",                cut_source,       { EPERM,  EACCES, EACCES } },
	{ "makes a source",               make_source,      { EPERM,  EACCES, EACCES } },
	{ "removes a source",             remove_source,    { EPERM,  EACCES, EACCES } },
	{ "renames a source",             take_source_away, { EPERM,  EACCES, EACCES } },
	{ "writes the output",            write_output,     { EPERM,  0,      0 } },
	{ "links in the output",          link_output,      { EPERM,  0,      0 } },
};

static const struct attempt others[] = {
	{ "makes a socket",               make_socket,           { EPERM, EPERM, EPERM } },
	{ "makes a local socket",         make_local_socket,     { EPERM, EPERM, EPERM } },
	{ "runs a program",               run_program,           { EPERM, EPERM, EPERM } },
	{ "starts a process",             start_process,         { EPERM, EPERM, EPERM } },
	{ "starts a process with clone",  start_process_plainly, { EPERM, EPERM, EPERM } },
	{ "starts a thread",              start_thread,          { 0,     0,     0 } },
	{ "signals another process",      signal_parent,         { EPERM, EPERM, EPERM } },
	{ "signals a thread of another",  signal_parent_thread,  { EPERM, EPERM, EPERM } },
	{ "signals itself",               signal_itself,         { 0,     0,     0 } },
	{ "makes code",                   make_code,             { EPERM, EPERM, EPERM } },
	{ "types into the terminal",      type_into_terminal,    { EPERM, EPERM, EPERM } },
	{ "changes the mode of a file",   change_mode,           { EPERM, EPERM, EPERM } },
	{ "makes a device",               make_device,           { EPERM, EPERM, EPERM } },
	{ "calls clone3",                 clone_newly,           { ENOSYS, ENOSYS, ENOSYS } },
	{ "traces",                       trace,     { KILLED + SIGSYS, KILLED + SIGSYS, KILLED + SIGSYS } },
	{ "makes an io_uring",            make_ring, { KILLED + SIGSYS, KILLED + SIGSYS, KILLED + SIGSYS } },
	{ "calls bpf",                    load_bpf,  { KILLED + SIGSYS, KILLED + SIGSYS, KILLED + SIGSYS } },
	{ "asks for keys",                ask_keys,  { KILLED + SIGSYS, KILLED + SIGSYS, KILLED + SIGSYS } },
};
/* clang-format on */

static bool skipped;

static void try_all(const struct world *w, const struct attempt *attempts, size_t n, enum mode mode,
		    bool needs_landlock)
{
	for (size_t i = 0; i < n; i++) {
		int got = try_in(w, mode, needs_landlock, attempts[i].act);

		if (got == NO_LANDLOCK || got == NO_SECCOMP) {
			print_message("SKIPPED: there is no %s here\n",
				      got == NO_LANDLOCK ? "landlock" : "seccomp");
			skipped = true;
			skip();
		}
		if (got != attempts[i].want[mode])
			fail_msg("who %s gets %d, not %d", attempts[i].what, got,
				 attempts[i].want[mode]);
	}
}

static void test_who_reads_opens_the_sources_and_nothing_else(void **state)
{
	try_all(*state, files, countof(files), READS, true);
}

static void test_who_writes_changes_the_output_and_nothing_else(void **state)
{
	try_all(*state, files, countof(files), WRITES, true);
}

static void test_once_narrowed_the_sources_cannot_be_opened_again(void **state)
{
	try_all(*state, files, countof(files), NARROWED, true);
}

static void test_no_network_no_process_no_code(void **state)
{
	try_all(*state, others, countof(others), READS, false);
}

static void test_who_writes_has_no_network_no_process_no_code_either(void **state)
{
	try_all(*state, others, countof(others), WRITES, false);
}

/* Outside, all of these go well or fail for another reason: it is the sandbox that refuses. */
static void test_without_the_sandbox_nothing_is_refused(void **state)
{
	struct world *w = *state;

	assert_int_equal(read_passwd(w), 0);
	assert_int_equal(list_top(w), 0);
	assert_int_equal(read_neighbour(w), 0);
	assert_int_equal(make_socket(w), 0);
	assert_int_equal(start_process(w), 0);
	assert_int_equal(change_mode(w), 0);
	assert_int_equal(make_code(w), 0);
	assert_int_not_equal(clone_newly(w), ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_reads_opens_the_sources_and_nothing_else,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_writes_changes_the_output_and_nothing_else,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_once_narrowed_the_sources_cannot_be_opened_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_network_no_process_no_code, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			test_who_writes_has_no_network_no_process_no_code_either, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_the_sandbox_nothing_is_refused, setup,
						teardown),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed ? failed : skipped ? 77 : 0;
}
