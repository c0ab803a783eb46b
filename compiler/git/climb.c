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

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY };

int has_entry(int folder, const char *name)
{
	struct stat st;

	if (!fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
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

	if (has_entry(fd, ".git") != 0 || fstat(fd, &here))
		return -1;
	up = open_at(fd, "..", FOLDER_FLAGS, 0);
	if (up < 0)
		return -1;
	if (fstat(up, &above) || is_same(&here, &above) || here.st_dev != above.st_dev ||
	    here.st_uid != above.st_uid) {
		close(up);
		return -1;
	}
	return up;
}

static bool refuse(struct diags *diags, struct str path, int error)
{
	report_cannot_read(diags, (struct span){ 0 }, path, error_text(error));
	return false;
}

bool climb(struct arena *mem, struct diags *diags, const char *from, int (*wanted)(int fd),
	   struct climbed *out)
{
	int fd = open_at(AT_FDCWD, from, FOLDER_FLAGS, 0), found;

	*out = (struct climbed){ .fd = -1, .path = str_copy(mem, str_of(from)) };
	if (fd < 0)
		return refuse(diags, out->path, errno);
	while ((found = wanted(fd)) != 1) {
		int error = errno, up = found ? -1 : step_up(fd);

		close(fd);
		if (found < 0)
			return refuse(diags, out->path, error);
		if (up < 0)
			return true;
		fd = up;
		out->path = str_format(mem, "%.*s/..", STR(out->path));
		out->steps++;
	}
	out->fd = fd;
	return true;
}
