/* The two ends nobody returns from: their exit codes and what they say. */
#include "base/base.h"
#include "base/arena.h"
#include "fault/plan.h"

#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static void end_by_bug(void)
{
	bug_("base/x.c", 7, "no row for %s\n::error::%d \x1b[31m", "it", 3);
}

static void end_by_long_bug(void)
{
	bug_("base/x.c", 7, "%02000d", 1);
}

static void end_by_overflow(void)
{
	struct arena *mem = arena_new();

	NEW(mem, uint64_t, SIZE_MAX / 4);
}

#ifndef SANITIZED
static void end_by_refusal(void)
{
	refuse(CLASS_MEMORY, ENOMEM, 2);
	arena_new();
	arena_new();
}
#endif

/* Runs it in a child: what it wrote to stderr and its exit code. */
static int end_of(void (*end)(void), char text[2048])
{
	int pipes[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(pipes[1], 2);
		end();
		_exit(0);
	}
	close(pipes[1]);
	while ((got = read(pipes[0], text + n, 2047 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_a_bug_says_where_on_one_safe_line_and_exits_with_70(void **state)
{
	char text[2048];

	(void)state;
	assert_int_equal(end_of(end_by_bug, text), 70);
	assert_string_equal(text, "meshc: bug: base/x.c:7: no row for it?::error::3 ?[31m\n");
	assert_int_equal(end_of(end_by_long_bug, text), 70);
	assert_int_equal(strlen(text), 1023);
	assert_int_equal(text[1022], '\n');
}

static void test_no_memory_exits_with_6(void **state)
{
	char text[2048];

	(void)state;
	assert_int_equal(end_of(end_by_overflow, text), 6);
	assert_string_equal(text, "meshc: out of memory\n");
#ifndef SANITIZED
	assert_int_equal(end_of(end_by_refusal, text), 6);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bug_says_where_on_one_safe_line_and_exits_with_70),
		cmocka_unit_test(test_no_memory_exits_with_6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
