/*
 * libgit2 as a whole: beginning to use it, and ending.
 *
 * It does not survive that memory runs out (1.5.1 crashes in many places), so it takes memory as the compiler does: who gets
 * none ends.
 */
#include "base/base.h"
#include "git/local.h"

#include <git2.h>
#include <git2/sys/alloc.h>
#include <stdlib.h>

static void *given(void *p)
{
	if (!p)
		out_of_memory();
	return p;
}

static void *take(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(malloc(n));
}

static void *take_more(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(realloc(old, n));
}

#if LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 6

static void *take_zeroed(size_t n, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(calloc(n, size));
}

static char *copy(const char *text, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(strdup(text));
}

static char *copy_most(const char *text, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(strndup(text, n));
}

static char *copy_exactly(const char *text, size_t n, const char *file, int line)
{
	char *p = take(n + 1, file, line);

	memcpy(p, text, n);
	p[n] = '\0';
	return p;
}

static void *take_more_of(void *old, size_t n, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return given(reallocarray(old, n, size));
}

static void *take_several(size_t n, size_t size, const char *file, int line)
{
	return take_more_of(NULL, n, size, file, line);
}

static git_allocator or_end = { take,      take_zeroed,  copy,         copy_most, copy_exactly,
				take_more, take_more_of, take_several, free };

#else

static git_allocator or_end = { take, take_more, free };

#endif

void library_open(void)
{
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &or_end);
	if (git_libgit2_init() < 0)
		out_of_memory();
}

void library_close(void)
{
	git_libgit2_shutdown();
}
