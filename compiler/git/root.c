/*
 * Which folder is the root: the one with meshc.yaml, here or above.
 *
 * The search stops at a repository's edge, at a file system's edge and where the
 * owner changes, so that nobody else's meshc.yaml is picked up by accident.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/worktree.h"

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

static bool has(int folder, const char *name)
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

	if (has(fd, ".git") || fstat(fd, &here))
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

bool worktree_open(struct arena *mem, struct diags *diags, const char *from, struct worktree *out)
{
	int fd = open(from, FOLDER_FLAGS);
	struct str root = str_copy(mem, str_of(from));

	if (fd < 0) {
		const char *why = strerrordesc_np(errno);

		report_cannot_read(diags, (struct span){ 0 }, root,
				   str_of(why ? why : "unknown error"));
		return false;
	}
	while (!has(fd, "meshc.yaml")) {
		int up = step_up(fd);

		close(fd);
		if (up < 0) {
			struct finding *f =
				report_no_fleet(diags, (struct span){ 0 }, str_of(from));

			help(f, "run meshc in the repository or with `-C DIR`; a fleet begins with "
				"a file meshc.yaml "
				"that holds `apiVersion: meshc.dev/v1alpha1`, `kind: Fleet` and a "
				"`metadata.name`");
			return false;
		}
		fd = up;
		root = str_format(mem, "%.*s/..", STR(root));
	}
	*out = (struct worktree){ .root = root, .fd = fd };
	return true;
}

void worktree_close(struct worktree *tree)
{
	if (tree->fd >= 0)
		close(tree->fd);
	tree->fd = -1;
}
