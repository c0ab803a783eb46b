/*
 * The floor of publishing: the git blob id of every file, by libgit2, and nothing else.
 * hashfloor PATH... (files, or folders with everything below). What a publication that changes nothing is compared with.
 */
#include "base/base.h"

#include "base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <git2.h>
#include <sys/stat.h>
#include <unistd.h>

struct tally {
	uint64_t bytes, files;
	unsigned char folded; /* of all ids: the work is not for nothing */
};

static _Noreturn void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void hash_file(struct arena *mem, const char *path, size_t size, struct tally *tally)
{
	struct arena_mark mark = arena_mark(mem);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = NEW(mem, char, size + 1);
	git_oid id;

	if (fd < 0 || read(fd, text, size) != (ssize_t)size)
		fail(path);
	close(fd);
	if (git_odb_hash(&id, text, size, GIT_OBJECT_BLOB))
		fail(path);
	tally->folded ^= id.id[0];
	tally->bytes += size;
	tally->files++;
	arena_rewind(mem, mark);
}

static void hash_path(struct arena *mem, const char *path, struct tally *tally)
{
	struct stat st;
	struct dirent *entry;
	DIR *dir;

	if (lstat(path, &st) != 0)
		fail(path);
	if (S_ISREG(st.st_mode))
		hash_file(mem, path, (size_t)st.st_size, tally);
	if (!S_ISDIR(st.st_mode) || !(dir = opendir(path)))
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			hash_path(mem, str_format(mem, "%s/%s", path, entry->d_name).p, tally);
	closedir(dir);
}

int main(int argc, char **argv)
{
	struct arena *mem = arena_new();
	struct tally tally = { 0 };

	git_libgit2_init();
	for (int i = 1; i < argc; i++)
		hash_path(mem, argv[i], &tally);
	printf("%" PRIu64 " files, %" PRIu64 " bytes, ids fold to %02x\n", tally.files, tally.bytes,
	       tally.folded);
	git_libgit2_shutdown();
	arena_free(mem);
	return 0;
}
