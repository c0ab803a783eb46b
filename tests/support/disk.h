/*
 * A folder of files for one test, removed with everything in it.
 *
 *	struct disk d;
 *	disk_setup(&d);
 *	disk_write(&d, "inventory/c1/a.yaml", "kind: X\n");
 *	... d.path ...
 *	disk_teardown(&d);
 */
#pragma once

#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct disk {
	char path[64];
	int fd;
};

static inline void disk_setup(struct disk *d)
{
	snprintf(d->path, sizeof d->path, "/tmp/meshc-test-XXXXXX");
	assert_non_null(mkdtemp(d->path));
	d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(d->fd >= 0);
}

static inline int disk_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void disk_teardown(struct disk *d)
{
	close(d->fd);
	assert_int_equal(nftw(d->path, disk_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Folders on the way to the path. */
static inline void disk_folders(const struct disk *d, const char *path)
{
	char part[4096];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
		mkdirat(d->fd, part, 0755);
	}
}

static inline void disk_write_bytes(const struct disk *d, const char *path, const char *bytes,
				    size_t n)
{
	int fd;

	disk_folders(d, path);
	fd = openat(d->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

static inline void disk_write(const struct disk *d, const char *path, const char *text)
{
	disk_write_bytes(d, path, text, strlen(text));
}

static inline void disk_link(const struct disk *d, const char *path, const char *target)
{
	disk_folders(d, path);
	assert_int_equal(symlinkat(target, d->fd, path), 0);
}
