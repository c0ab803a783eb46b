/*
 * Landlock: which folders can be opened, and for what.
 *
 * A version of its rules forbids all that it knows; what is listed is then let
 * through. linux/landlock.h is not used: it may be older than the kernel, whose
 * interface only grows. See landlock(7).
 */
#include "base/base.h"
#include "sandbox/local.h"

#if defined(__linux__) && !defined(MESHC_NO_SANDBOX)

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { ASK_VERSION = 1, PATH_BENEATH = 1 };

enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	/* Up to version 1: remove files, make entries of all kinds; 2: between folders; 3: cut; 5: ioctl of devices. */
	ALL_1 = (1 << 13) - 1,
	ALL_2 = (1 << 14) - 1,
	ALL_3 = (1 << 15) - 1,
	ALL_5 = (1 << 16) - 1,
	CHANGE = ALL_3 & ~EXECUTE,
};

struct ruleset {
	uint64_t files;
	uint64_t network; /* binding and connecting TCP */
	uint64_t scoped;  /* abstract sockets and signals of others */
};

struct beneath {
	uint64_t rights;
	int32_t folder;
} __attribute__((packed));

static const struct ruleset versions[] = {
	[1] = { ALL_1, 0, 0 }, [2] = { ALL_2, 0, 0 }, [3] = { ALL_3, 0, 0 },
	[4] = { ALL_3, 3, 0 }, [5] = { ALL_5, 3, 0 }, [6] = { ALL_5, 3, 3 },
};

static uint64_t rights_of(unsigned rights)
{
	uint64_t r = 0;

	if (rights & SANDBOX_READ)
		r |= READ_FILE | READ_DIR;
	if (rights & SANDBOX_CHANGE)
		r |= CHANGE;
	if (rights & SANDBOX_UNMAKE)
		r |= REMOVE_DIR;
	return r;
}

/* What is not there cannot be opened later either. false: a rule was refused. */
static bool let_through(int ruleset, uint64_t known, const struct sandbox_folder *f)
{
	struct beneath b = { .rights = rights_of(f->rights) & known };
	bool done;

	do
		b.folder = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (b.folder < 0 && errno == EINTR);
	if (b.folder < 0)
		return true;
	done = !syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &b, 0);
	close(b.folder);
	return done;
}

static bool restrict_to(const struct ruleset *rules, const struct sandbox_folders *folders)
{
	int fd = (int)syscall(SYS_landlock_create_ruleset, rules, sizeof *rules, 0);
	bool done = fd >= 0;

	for (uint32_t i = 0; done && i < folders->n; i++)
		done = let_through(fd, rules->files, &folders->at[i]);
	done = done && !syscall(SYS_landlock_restrict_self, fd, 0);
	if (fd >= 0)
		close(fd);
	return done;
}

const char *landlock_restrict(const struct sandbox_folders *folders, uint32_t *version)
{
	long newest = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

	*version = 0;
	if (newest < 1)
		return newest < 0 && errno == EOPNOTSUPP ? "landlock is switched off in the kernel"
		       : newest < 0 && errno == ENOSYS   ? "the kernel has no landlock"
							 : "landlock is not to be had here";
	if (newest >= (long)countof(versions))
		newest = countof(versions) - 1;
	if (!restrict_to(&versions[newest], folders))
		return "landlock takes no more rules";
	*version = (uint32_t)newest;
	return NULL;
}

#endif
