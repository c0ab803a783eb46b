/*
 * Which of the fences a command needs, on kernels that lack one: a child takes
 * Landlock away from itself, as an old kernel would, and runs the command.
 */
#include "support/disk.h"

#include "cli/command.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define FLEET SOURCE_DIR "/examples/minimal"

enum { LANDLOCK_CREATE_RULESET = 444, NO_SECCOMP = 99 };

static uint64_t stopped_clock(void)
{
	return 0;
}

/* From here on asking for Landlock gives this errno. */
static void lose_landlock(uint32_t error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LANDLOCK_CREATE_RULESET, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { countof(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter))
		_exit(NO_SECCOMP);
}

/* The exit code; what goes to stderr in `said`. */
static int run(uint32_t landlock_error, const char *const *arguments, uint32_t n, char *said,
	       size_t room)
{
	int pipes[2], status;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct invocation in = { .mem = arena_new(),
					 .clock = stopped_clock,
					 .is_process = true };
		enum exit_code exit;

		if (landlock_error)
			lose_landlock(landlock_error);
		exit = command_run(&in, arguments, n);
		if (write(pipes[1], in.err.p, in.err.n) < 0)
			_exit(98);
		_exit((int)exit);
	}
	close(pipes[1]);
	for (*said = '\0'; (got = read(pipes[0], said, room - 1)) > 0; room -= (size_t)got) {
		said += got;
		*said = '\0';
	}
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_SECCOMP) {
		print_message("SKIPPED: there is no seccomp here\n");
		skip();
	}
	return WEXITSTATUS(status);
}

static void expect(const char *said, const char *words)
{
	if (!strstr(said, words))
		fail_msg("`%s` is not in:\n%s", words, said);
}

#ifdef MESHC_NO_SANDBOX
#define WITHOUT "this meshc was built without"
#define SECCOMP "none"
#else
#define WITHOUT "the kernel has no landlock"
#define SECCOMP "seccomp"
#endif

static void test_what_is_required_and_cannot_be_had_is_refused(void **state)
{
	const char *const arguments[] = { "-C", FLEET, "check", "--sandbox=require" };
	char said[4096];

	(void)state;
	assert_int_equal(run(ENOSYS, arguments, countof(arguments), said, sizeof said),
			 EXIT_ENVIRONMENT);
	expect(said, "error[MSH0930]: there is no complete sandbox: " WITHOUT "\n");
}

static void test_what_cannot_be_had_is_done_without_and_said(void **state)
{
	const char *const arguments[] = { "-C", FLEET, "check", "-v" };
	char said[4096];

	(void)state;
	assert_int_equal(run(ENOSYS, arguments, countof(arguments), said, sizeof said), EXIT_CLEAN);
	expect(said, "sandbox: " SECCOMP ", " WITHOUT "\n");
}

static void test_why_there_is_no_landlock_is_said(void **state)
{
#ifdef MESHC_NO_SANDBOX
	(void)state;
	skip();
#else
	const char *const arguments[] = { "-C", FLEET, "check", "-v" };
	char said[4096];

	(void)state;
	assert_int_equal(run(EOPNOTSUPP, arguments, countof(arguments), said, sizeof said),
			 EXIT_CLEAN);
	expect(said, "sandbox: seccomp, landlock is switched off in the kernel\n");
	assert_int_equal(run(EPERM, arguments, countof(arguments), said, sizeof said), EXIT_CLEAN);
	expect(said, "sandbox: seccomp, landlock is not to be had here\n");
#endif
}

static void test_what_is_switched_off_is_said(void **state)
{
	const char *const arguments[] = { "-C", FLEET, "check", "-v", "--sandbox=off" };
	char said[4096];

	(void)state;
	assert_int_equal(run(0, arguments, countof(arguments), said, sizeof said), EXIT_CLEAN);
	assert_string_equal(said, "sandbox: off\n");
}

static void test_what_runs_a_program_cannot_be_confined(void **state)
{
	const char *const arguments[] = { "-C",       FLEET,
					  "verify",   "--sandbox=require",
					  "--staged", "--allowed-signers=/dev/null" };
	char said[4096];

	(void)state;
	assert_int_equal(run(0, arguments, countof(arguments), said, sizeof said),
			 EXIT_ENVIRONMENT);
	expect(said, "error[MSH0930]: there is no complete sandbox: `--allowed-signers` runs "
		     "ssh-keygen\n");
}

/* Who is not the whole process may not take rights from it. */
static void test_a_guest_of_a_process_confines_nothing(void **state)
{
	const char *const arguments[] = { "-C", FLEET, "check", "-v" };
	struct invocation in = { .mem = arena_new(), .clock = stopped_clock };

	(void)state;
	assert_int_equal(command_run(&in, arguments, countof(arguments)), EXIT_CLEAN);
	expect(str_z(in.mem, buf_view(&in.err)), "sandbox: off\n");
	assert_int_equal(access("/etc/passwd", R_OK), 0);
	assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	arena_free(in.mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_required_and_cannot_be_had_is_refused),
		cmocka_unit_test(test_what_cannot_be_had_is_done_without_and_said),
		cmocka_unit_test(test_why_there_is_no_landlock_is_said),
		cmocka_unit_test(test_what_is_switched_off_is_said),
		cmocka_unit_test(test_what_runs_a_program_cannot_be_confined),
		cmocka_unit_test(test_a_guest_of_a_process_confines_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
