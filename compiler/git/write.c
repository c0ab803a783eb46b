/*
 * One file, one folder, one name at a time; see the header. What makes a whole
 * tree out of these lives in output/publish.c.
 */
#include "base/base.h"
#include "git/write.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/local.h"

enum { FILE_MODE = 0666, FOLDER_MODE = 0777 }; /* the umask takes the rest away */
enum { NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW };

static bool refuse(struct diags *d, struct str path, int error)
{
	if (error == ELOOP || error == EMLINK)
		report_link(d, (struct span){ 0 }, path, S("a symbolic link"));
	else
		report_cannot_write(d, (struct span){ 0 }, path, error_text(error));
	return false;
}

static bool refuse_name(struct diags *d, const struct folder *f, struct str name, int error)
{
	return refuse(d, folder_path(d->mem, f, name), error);
}

/* a/b/c -> a, a/b, a/b/c */
bool write_make(struct diags *d, struct str path, struct str *made)
{
	*made = (struct str){ 0 };
	for (uint32_t i = 1; i <= path.n; i++) {
		struct str part = str_slice(path, 0, i);

		if (i < path.n && path.p[i] != '/')
			continue;
		if (!mkdir(str_z(d->mem, part), FOLDER_MODE))
			*made = made->n ? *made : part;
		else if (errno != EEXIST)
			return refuse(d, path, errno);
	}
	return true;
}

void write_unmake_path(struct str path, struct str made)
{
	while (path.n >= made.n) {
		write_unmake(&(struct folder){ .path = path });
		while (path.n && path.p[path.n - 1] != '/')
			path.n--;
		while (path.n && path.p[path.n - 1] == '/')
			path.n--;
	}
}

bool write_open(struct diags *d, struct str path, struct folder *out, bool *made)
{
	struct str first;

	*made = false;
	if (!folder_open(d, path, out))
		return false;
	if (out->fd >= 0)
		return true;
	if (!write_make(d, path, &first))
		return false;
	*made = first.n;
	if (!folder_open(d, path, out))
		return false;
	return out->fd >= 0 || refuse(d, path, ENOENT);
}

bool write_lock(struct diags *d, const struct folder *f)
{
	if (!flock(f->fd, LOCK_EX | LOCK_NB))
		return true;
	if (errno != EWOULDBLOCK)
		return refuse(d, f->path, errno);
	report_cannot_write(d, (struct span){ 0 }, f->path, S("another run is writing there"));
	return false;
}

bool write_folder(struct diags *d, const struct folder *parent, struct str name, struct folder *out)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);

	out->fd = -1;
	if (!z || mkdirat(parent->fd, z, FOLDER_MODE))
		return refuse_name(d, parent, name, errno);
	if (!folder_enter(d, parent, name, out))
		return false;
	return out->fd >= 0 || refuse(d, out->path, ENOENT);
}

bool write_mode(struct diags *d, const struct folder *f, const struct folder *like)
{
	struct stat st;

	return (!fstat(like->fd, &st) && !fchmod(f->fd, st.st_mode & 07777)) ||
	       refuse(d, f->path, errno);
}

/* Closes the file that was written, with 0 or an errno so far. */
static int finish(int fd, int error)
{
	int closed = close_written(fd) ? 0 : errno;

	return error ? error : closed;
}

bool write_file(struct diags *d, const struct folder *f, struct str name, struct str bytes)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);
	int fd = z ? open_at(f->fd, z, NEW_FILE, FILE_MODE) : -1;
	int error = fd < 0 ? errno : finish(fd, write_all(fd, bytes.p, bytes.n) ? 0 : errno);

	return !error || refuse_name(d, f, name, error);
}

static int copy_bytes(int from, int into)
{
	char chunk[64 << 10];

	for (;;) {
		ssize_t n = read_all(from, chunk, sizeof chunk);

		if (n <= 0)
			return n < 0 ? errno : 0;
		if (!write_all(into, chunk, (size_t)n))
			return errno;
	}
}

static int copy_opened(int from, int into_folder, const char *name)
{
	struct stat st;
	int fd, error;

	if (fstat(from, &st))
		return errno;
	if (!S_ISREG(st.st_mode))
		return EPERM;
	fd = open_at(into_folder, name, NEW_FILE, 0600);
	if (fd < 0)
		return errno;
	error = copy_bytes(from, fd);
	if (!error && fchmod(fd, st.st_mode & 07777))
		error = errno;
	return finish(fd, error);
}

static int copy_link(int from_folder, int into_folder, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from_folder, name, target, sizeof target - 1);

	if (n < 0)
		return errno;
	target[n] = '\0';
	return symlinkat(target, into_folder, name) ? errno : 0;
}

static int copy_entry(int from_folder, int into_folder, const char *name)
{
	int fd = open_at(from_folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), error;

	if (fd < 0)
		return errno == ELOOP ? copy_link(from_folder, into_folder, name) : errno;
	error = copy_opened(fd, into_folder, name);
	close(fd);
	return error;
}

/* Not all file systems have hard links, and some owners may not make them. */
static bool may_copy(int error)
{
	return error == EPERM || error == EXDEV || error == EMLINK || error == ENOTSUP ||
	       error == ENOSYS;
}

bool write_keep(struct diags *d, const struct folder *from, const struct folder *into,
		struct str name)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);
	int error;

	if (z && !linkat(from->fd, z, into->fd, z, 0))
		return true;
	error = errno;
	if (z && may_copy(error))
		error = copy_entry(from->fd, into->fd, z);
	return !error || refuse_name(d, from, name, error);
}

bool write_sync(struct diags *d, const struct folder *f)
{
	return sync_with(syncfs, f->fd) || refuse(d, f->path, errno);
}

bool write_sync_names(struct diags *d, const struct folder *f)
{
	return sync_with(fsync, f->fd) || refuse(d, f->path, errno);
}

/* 0 or an errno. */
static int rename_within(const struct folder *f, struct str from, struct str to, unsigned flags)
{
	char from_room[NAME_ROOM], to_room[NAME_ROOM];
	const char *a = name_z(from, from_room), *b = name_z(to, to_room);

	if (!a || !b)
		return EINVAL;
	return renameat2(f->fd, a, f->fd, b, flags) ? errno : 0;
}

bool write_rename(struct diags *d, const struct folder *f, struct str from, struct str to)
{
	int error = rename_within(f, from, to, 0);

	return !error || refuse_name(d, f, to, error);
}

bool write_exchange_plainly(struct diags *d, const struct folder *f, struct str built,
			    struct str live, struct str aside)
{
	if (!write_rename(d, f, live, aside))
		return false;
	if (write_rename(d, f, built, live))
		return true;
	write_repair(d, f, live, aside);
	return false;
}

bool write_exchange(struct diags *d, const struct folder *f, struct str built, struct str live,
		    struct str aside)
{
	enum entry_kind there;
	int error;

	if (!folder_look(d, f, live, &there))
		return false;
	if (there == ENTRY_NONE)
		return write_rename(d, f, built, live);
	error = rename_within(f, built, live, RENAME_EXCHANGE);
	if (error == EINVAL || error == ENOSYS || error == ENOTSUP)
		return write_exchange_plainly(d, f, built, live, aside);
	return !error || refuse_name(d, f, live, error);
}

void write_take_back(struct diags *d, const struct folder *f, struct str built, struct str live,
		     struct str aside)
{
	enum entry_kind there;

	if (!folder_look(d, f, built, &there))
		return;
	if (there != ENTRY_NONE)
		write_exchange(d, f, built, live, aside);
	else if (write_rename(d, f, live, built))
		write_repair(d, f, live, aside);
}

bool write_repair(struct diags *d, const struct folder *f, struct str live, struct str aside)
{
	enum entry_kind saved, there;

	if (!folder_look(d, f, aside, &saved) || !folder_look(d, f, live, &there))
		return false;
	if (saved == ENTRY_NONE)
		return true;
	if (there == ENTRY_NONE)
		return write_rename(d, f, aside, live);
	return write_drop(d, f, aside);
}

static bool drop_name(struct diags *d, const struct folder *parent, struct str name, int flags)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);

	if (z && (!unlinkat(parent->fd, z, flags) || errno == ENOENT))
		return true;
	return refuse_name(d, parent, name, errno);
}

static bool drop_below(struct diags *d, const struct folder *f)
{
	struct arena *mem = arena_new();
	struct entries entries;
	bool done = folder_list(mem, d, f, &entries);

	for (uint32_t i = 0; done && i < entries.all.n; i++) {
		const struct entry *e = &entries.all.at[i];

		done = e->kind == ENTRY_FOLDER ? write_drop(d, f, e->name)
					       : drop_name(d, f, e->name, 0);
	}
	arena_free(mem);
	return done;
}

bool write_drop(struct diags *d, const struct folder *parent, struct str name)
{
	enum entry_kind kind;
	struct folder f;
	bool done;

	if (!folder_look(d, parent, name, &kind))
		return false;
	if (kind == ENTRY_NONE)
		return true;
	if (kind != ENTRY_FOLDER)
		return drop_name(d, parent, name, 0);
	if (!folder_enter(d, parent, name, &f))
		return false;
	/* A folder that its owner may not change keeps its entries; if this fails, removing them says so. */
	if (f.fd >= 0 && fchmod(f.fd, 0700))
		errno = 0;
	done = f.fd < 0 || drop_below(d, &f);
	folder_close(&f);
	return done && drop_name(d, parent, name, AT_REMOVEDIR);
}

void write_unmake(const struct folder *f)
{
	char path[PATH_MAX];

	if (f->path.n >= sizeof path)
		return;
	memcpy(path, f->path.p, f->path.n);
	path[f->path.n] = '\0';
	rmdir(path);
}
