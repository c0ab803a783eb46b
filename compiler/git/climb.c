/*
 * From a folder upwards to the one that is looked for.
 *
 * The search stops at a file system's edge, where the owner changes, and above a
 * repository, so that nothing of somebody else's is picked up by accident.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/local.h"

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

bool has_entry(int folder, const char *name)
{
	struct stat st;

	return !fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder above, -1: the search ends here. */
static int step_up(int fd)
{
	struct stat here, above;
	int up;

	if (has_entry(fd, ".git") || fstat(fd, &here))
		return -1;
	up = openat(fd, "..", FOLDER_FLAGS);
	if (up < 0)
		return -1;
	if (fstat(up, &above) || is_same(&here, &above) || here.st_dev != above.st_dev ||
	    here.st_uid != above.st_uid) {
		close(up);
		return -1;
	}
	return up;
}

bool climb(struct arena *mem, struct diags *diags, const char *from, bool (*wanted)(int fd),
	   struct climbed *out)
{
	int fd = open(from, FOLDER_FLAGS);

	*out = (struct climbed){ .fd = -1, .path = str_copy(mem, str_of(from)) };
	if (fd < 0) {
		report_cannot_read(diags, (struct span){ 0 }, out->path, error_text(errno));
		return false;
	}
	while (!wanted(fd)) {
		int up = step_up(fd);

		close(fd);
		if (up < 0)
			return true;
		fd = up;
		out->path = str_format(mem, "%.*s/..", STR(out->path));
		out->steps++;
	}
	out->fd = fd;
	return true;
}
