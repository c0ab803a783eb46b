/*
 * A world that refuses, loaded in front of a program (LD_PRELOAD) or linked into a test: it takes the place of the C
 * library's calls that can fail, for the program and for every library that it uses. See plan.h; without a plan all goes
 * through.
 *
 * What the C library calls within itself is not seen. Standard error is left alone, so that what failed can be said, and
 * so is memory where a sanitizer gives it.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/plan.h"

static struct fault_plan *plan, here;
static _Atomic uint64_t points;
static _Atomic int64_t memory;
static int opened_before;
static _Thread_local bool inside; /* a call made by this file */

/* How the calls that led here look, the last few of them. */
static uint64_t way_here(void)
{
	void *frames[16];
	uint64_t hash = 0xcbf29ce484222325u;
	int n;

	inside = true;
	n = backtrace(frames, 16);
	inside = false;
	for (int i = 0; i < n; i++)
		hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 0x100000001b3u;
	return hash;
}

/* Libraries and their functions that led here from the program, the innermost first. */
static void name_callers(void)
{
	const void *address = (const void *)getauxval(AT_PHDR); /* in the program */
	char *to = plan->within, *end = to + sizeof plan->within - 1;
	void *frames[40];
	Dl_info program, frame;
	int n;

	inside = true;
	n = backtrace(frames, 40);
	if (!dladdr(address, &program))
		n = 0;
	for (int i = 2; i < n && dladdr(frames[i], &frame) && to < end; i++) {
		const char *slash = strrchr(frame.dli_fname, '/');

		if (frame.dli_fbase == program.dli_fbase)
			break;
		to += snprintf(to, (size_t)(end - to), " %s:%s",
			       slash ? slash + 1 : frame.dli_fname,
			       frame.dli_sname ? frame.dli_sname : "?");
	}
	inside = false;
}

/* FAULT_NONE: make the call. FAULT_ERROR has set errno. */
static enum fault at_point(uint32_t class, const char *call)
{
	uint64_t n;

	if (!plan || inside || !(plan->classes & class))
		return FAULT_NONE;
	n = atomic_fetch_add(&points, 1) + 1;
	plan->points = n;
	if (plan->survey && n <= MOST_POINTS)
		plan->ways[n - 1] = way_here();
	if (n != plan->nth)
		return FAULT_NONE;
	plan->fired = 1;
	strncpy(plan->call, call, sizeof plan->call - 1);
	name_callers();
	if (plan->fault == FAULT_KILL)
		syscall(SYS_tgkill, getpid(), gettid(),
			SIGKILL); /* a sandbox lets nobody kill others */
	if (plan->fault == FAULT_ERROR)
		errno = plan->error;
	return (enum fault)plan->fault;
}

static void *next_of(const char *call)
{
	bool was = inside;
	void *next;

	inside = true;
	next = dlsym(RTLD_NEXT, call);
	inside = was;
	if (!next)
		abort();
	return next;
}

/* The same call of the C library. */
#define NEXT(call)                                                                                 \
	({                                                                                         \
		static __typeof__(&call) _Atomic next_;                                            \
		__typeof__(&call) found_ = atomic_load(&next_);                                    \
		if (!found_)                                                                       \
			atomic_store(&next_, found_ = (__typeof__(&call))next_of(#call));          \
		found_;                                                                            \
	})

/* A call that is refused with `bad`. */
#define POINT(class, bad, type, call, parameters, arguments)                                       \
	type call parameters                                                                       \
	{                                                                                          \
		if (at_point(class, #call) == FAULT_ERROR)                                         \
			return bad;                                                                \
		return NEXT(call) arguments;                                                       \
	}

/* clang-format off */
POINT(CLASS_NAME, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))
POINT(CLASS_NAME, -1, int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
POINT(CLASS_NAME, -1, int, rmdir, (const char *path), (path))
POINT(CLASS_NAME, -1, int, unlink, (const char *path), (path))
POINT(CLASS_NAME, -1, int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
POINT(CLASS_NAME, -1, int, rename, (const char *from, const char *to), (from, to))
POINT(CLASS_NAME, -1, int, renameat2, (int from, const char *a, int to, const char *b, unsigned flags), (from, a, to, b, flags))
POINT(CLASS_NAME, -1, int, link, (const char *from, const char *to), (from, to))
POINT(CLASS_NAME, -1, int, linkat, (int from, const char *a, int to, const char *b, int flags), (from, a, to, b, flags))
POINT(CLASS_NAME, -1, int, symlink, (const char *to, const char *path), (to, path))
POINT(CLASS_NAME, -1, int, symlinkat, (const char *to, int at, const char *path), (to, at, path))
POINT(CLASS_NAME, -1, int, chmod, (const char *path, mode_t mode), (path, mode))
POINT(CLASS_NAME, -1, int, fchmod, (int fd, mode_t mode), (fd, mode))
POINT(CLASS_NAME, -1, int, utimes, (const char *path, const struct timeval times[2]), (path, times))
POINT(CLASS_NAME, NULL, char *, mkdtemp, (char *path), (path))
POINT(CLASS_NAME, -1, int, mkstemp, (char *path), (path))
POINT(CLASS_NAME, -1, int, flock, (int fd, int operation), (fd, operation))
POINT(CLASS_OPEN, NULL, DIR *, opendir, (const char *path), (path))
POINT(CLASS_LOOK, NULL, DIR *, fdopendir, (int fd), (fd))
POINT(CLASS_LOOK, NULL, struct dirent *, readdir, (DIR *dir), (dir))
POINT(CLASS_LOOK, -1, int, stat, (const char *path, struct stat *st), (path, st))
POINT(CLASS_LOOK, -1, int, lstat, (const char *path, struct stat *st), (path, st))
POINT(CLASS_LOOK, -1, int, fstat, (int fd, struct stat *st), (fd, st))
POINT(CLASS_LOOK, -1, int, fstatat, (int at, const char *path, struct stat *st, int flags), (at, path, st, flags))
POINT(CLASS_LOOK, -1, int, access, (const char *path, int how), (path, how))
POINT(CLASS_LOOK, NULL, char *, realpath, (const char *path, char *room), (path, room))
POINT(CLASS_LOOK, -1, ssize_t, readlinkat, (int at, const char *path, char *room, size_t n), (at, path, room, n))
POINT(CLASS_CHILD, -1, int, pipe2, (int fds[2], int flags), (fds, flags))
POINT(CLASS_CHILD, -1, pid_t, fork, (void), ())
POINT(CLASS_WAIT, -1, int, poll, (struct pollfd *fds, nfds_t n, int ms), (fds, n, ms))
POINT(CLASS_WAIT, -1, pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options))
/* clang-format on */

/* Nobody pulls a plug here: the disk itself need not be waited for. */
int fsync(int fd)
{
	return at_point(CLASS_SYNC, "fsync") == FAULT_ERROR ? -1 : plan ? 0 : NEXT(fsync)(fd);
}

int syncfs(int fd)
{
	return at_point(CLASS_SYNC, "syncfs") == FAULT_ERROR ? -1 : plan ? 0 : NEXT(syncfs)(fd);
}

/* ---- Bytes ---- */

/* What is left of n bytes after the fault; -1: nothing. */
static ssize_t bytes_at_point(uint32_t class, const char *call, size_t n)
{
	enum fault fault = at_point(class, call);

	if (fault == FAULT_ERROR)
		return -1;
	return (ssize_t)(fault == FAULT_SHORT && n > 1 ? n / 2 : n);
}

ssize_t read(int fd, void *room, size_t n)
{
	ssize_t left = bytes_at_point(CLASS_READ, "read", n);

	return left < 0 ? -1 : NEXT(read)(fd, room, (size_t)left);
}

ssize_t pread(int fd, void *room, size_t n, off_t from)
{
	ssize_t left = bytes_at_point(CLASS_READ, "pread", n);

	return left < 0 ? -1 : NEXT(pread)(fd, room, (size_t)left, from);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	ssize_t left = fd == STDERR_FILENO ? (ssize_t)n : bytes_at_point(CLASS_WRITE, "write", n);

	return left < 0 ? -1 : NEXT(write)(fd, bytes, (size_t)left);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t to)
{
	ssize_t left = bytes_at_point(CLASS_WRITE, "pwrite", n);

	return left < 0 ? -1 : NEXT(pwrite)(fd, bytes, (size_t)left, to);
}

/* ---- Descriptors ---- */

static mode_t mode_of(int flags, va_list more)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

/* A file that is made is a name first. */
static uint32_t class_of(int flags)
{
	return flags & O_CREAT ? CLASS_NAME : CLASS_OPEN;
}

int open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return at_point(class_of(flags), "open") == FAULT_ERROR ? -1
								: NEXT(open)(path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return at_point(class_of(flags), "openat") == FAULT_ERROR
		       ? -1
		       : NEXT(openat)(at, path, flags, mode);
}

/* Even where it fails it closes. */
int close(int fd)
{
	enum fault fault = at_point(CLASS_CLOSE, "close");
	int error = errno, done = NEXT(close)(fd);

	if (fault != FAULT_ERROR)
		return done;
	errno = error;
	return -1;
}

/* ---- Memory ---- */

#ifndef SANITIZED

/* The C library's own, which need no name looked up: looking one up takes memory. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static void *given(void *p)
{
	if (p)
		atomic_fetch_add(&memory, 1);
	return p;
}

void *malloc(size_t n)
{
	return at_point(CLASS_MEMORY, "malloc") == FAULT_ERROR ? NULL : given(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	return at_point(CLASS_MEMORY, "calloc") == FAULT_ERROR ? NULL
							       : given(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
	void *bigger;

	if (at_point(CLASS_MEMORY, "realloc") == FAULT_ERROR)
		return NULL;
	bigger = __libc_realloc(p, n);
	if (!p)
		given(bigger);
	else if (!n && !bigger)
		atomic_fetch_sub(&memory, 1);
	return bigger;
}

void *memalign(size_t align, size_t n)
{
	return at_point(CLASS_MEMORY, "memalign") == FAULT_ERROR ? NULL
								 : given(__libc_memalign(align, n));
}

void *aligned_alloc(size_t align, size_t n)
{
	return memalign(align, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
	void *got = memalign(align, n);

	if (got)
		*p = got;
	return got ? 0 : ENOMEM;
}

void free(void *p)
{
	if (p)
		atomic_fetch_sub(&memory, 1);
	__libc_free(p);
}

#endif

/* Of a file: its bytes are read. Otherwise memory. */
void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t from)
{
	if (at_point(flags & MAP_ANONYMOUS ? CLASS_MEMORY : CLASS_LOOK, "mmap") == FAULT_ERROR)
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, from);
}

/* ---- Beginning and end ---- */

static int count_open(void)
{
	int n = 0;

	for (int fd = 0; fd < 64; fd++)
		n += syscall(SYS_fcntl, fd, F_GETFD) >= 0;
	return n;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("MESHC_FAULT_PLAN");
	long fd = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
	void *map;

	if (fd < 0)
		return;
	map = mmap(NULL, PLAN_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
	syscall(SYS_close, fd);
	if (map == MAP_FAILED)
		abort();
	opened_before = count_open();
	way_here(); /* its first call loads a library */
	atomic_store(&points, 0);
	plan = map;
}

__attribute__((destructor)) static void end(void)
{
	if (!plan || plan == &here)
		return;
	plan->memory = atomic_load(&memory);
	plan->opened = count_open() - opened_before;
	plan->ended = 1;
}

void refuse(uint32_t classes, int error, uint64_t nth)
{
	here = (struct fault_plan){
		.classes = classes, .fault = FAULT_ERROR, .error = error, .nth = nth
	};
	atomic_store(&points, 0);
	plan = &here;
}

bool refuse_end(void)
{
	plan = NULL;
	return here.fired;
}
