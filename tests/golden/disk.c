/*
 * See disk.h. Paths here are short and ours: plain NUL-terminated strings.
 */
#include "base/base.h"

#include "golden/disk.h"

#include "base/buf.h"
#include "base/sort.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

const char *path_join(struct arena *mem, const char *folder, const char *name)
{
	return str_format(mem, "%s/%s", folder, name).p;
}

bool path_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int compare_str(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Names in a folder without "." and ".."; sorted. */
static struct disk_paths names_of(struct arena *mem, const char *folder)
{
	struct disk_paths names = { 0 };
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return names;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			vec_add(mem, &names.all, str_copy(mem, str_of(entry->d_name)));
	closedir(dir);
	if (names.all.n)
		sort_stable(mem, names.all.at, names.all.n, sizeof *names.all.at, compare_str);
	return names;
}

static void list_into(struct arena *mem, const char *root, const char *below,
		      struct disk_paths *out)
{
	struct disk_paths names = names_of(mem, *below ? path_join(mem, root, below) : root);

	for (uint32_t i = 0; i < names.all.n; i++) {
		const char *name = names.all.at[i].p;
		const char *path = *below ? path_join(mem, below, name) : name;

		if (is_folder(path_join(mem, root, path)))
			list_into(mem, root, path, out);
		else
			vec_add(mem, &out->all, str_of(path));
	}
}

struct disk_paths disk_list(struct arena *mem, const char *folder)
{
	struct disk_paths out = { 0 };

	list_into(mem, folder, "", &out);
	if (out.all.n)
		sort_stable(mem, out.all.at, out.all.n, sizeof *out.all.at, compare_str);
	return out;
}

void disk_make(struct arena *mem, const char *path)
{
	char *copy = NEW(mem, char, strlen(path) + 1);

	memcpy(copy, path, strlen(path));
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0777);
		*slash = '/';
	}
	if (mkdir(copy, 0777) != 0 && errno != EEXIST)
		give_up("cannot make %s: %s", path, strerror(errno));
}

static void make_parent(struct arena *mem, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash && slash != path)
		disk_make(mem, str_format(mem, "%.*s", (int)(slash - path), path).p);
}

static void copy_link(const char *from, const char *to)
{
	char target[4096];
	ssize_t n = readlink(from, target, sizeof target - 1);

	if (n < 0)
		give_up("cannot read link %s: %s", from, strerror(errno));
	target[n] = '\0';
	unlink(to);
	if (symlink(target, to) != 0)
		give_up("cannot make link %s: %s", to, strerror(errno));
}

void disk_overlay(struct arena *mem, const char *from, const char *to)
{
	struct disk_paths files = disk_list(mem, from);

	disk_make(mem, to);
	for (uint32_t i = 0; i < files.all.n; i++) {
		const char *source = path_join(mem, from, files.all.at[i].p);
		const char *target = path_join(mem, to, files.all.at[i].p);
		struct stat st;

		make_parent(mem, target);
		if (lstat(source, &st) != 0)
			give_up("cannot read %s: %s", source, strerror(errno));
		if (S_ISLNK(st.st_mode))
			copy_link(source, target);
		else
			disk_write(mem, target, disk_read(mem, source));
	}
}

void disk_remove(struct arena *mem, const char *folder)
{
	struct disk_paths names = names_of(mem, folder);

	for (uint32_t i = 0; i < names.all.n; i++) {
		const char *path = path_join(mem, folder, names.all.at[i].p);

		if (is_folder(path))
			disk_remove(mem, path);
		else
			unlink(path);
	}
	rmdir(folder);
}

void disk_prune(struct arena *mem, const char *folder)
{
	struct disk_paths names = names_of(mem, folder);

	for (uint32_t i = 0; i < names.all.n; i++) {
		const char *path = path_join(mem, folder, names.all.at[i].p);

		if (is_folder(path))
			disk_prune(mem, path);
	}
	rmdir(folder);
}

struct str disk_read(struct arena *mem, const char *path)
{
	struct buf text = buf_new(mem, 0);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[16384];
	ssize_t n;

	if (fd < 0)
		return buf_view(&text);
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		buf_put(&text, chunk, (size_t)n);
	close(fd);
	return buf_view(&text);
}

void disk_write(struct arena *mem, const char *path, struct str text)
{
	const char *beside = str_format(mem, "%s.new-%d", path, (int)getpid()).p;
	FILE *file;

	make_parent(mem, path);
	file = fopen(beside, "we");
	if (!file || (text.n && fwrite(text.p, 1, text.n, file) != text.n) || fclose(file) != 0 ||
	    rename(beside, path) != 0)
		give_up("cannot write %s: %s", path, strerror(errno));
}
