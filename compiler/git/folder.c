/*
 * Looking at a folder that may be hostile; see the header. Nothing here writes.
 */
#include "base/base.h"
#include "git/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sort.h"
#include "git/local.h"

enum { OPEN_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };
enum { CHUNK = 16 << 10 };

/* Not strerror: its text depends on the locale and its buffer on the thread. */
struct str error_text(int error)
{
	const char *text = strerrordesc_np(error);

	return str_of(text ? text : "unknown error");
}

const char *name_z(struct str name, char room[NAME_ROOM])
{
	errno = name.n >= NAME_ROOM ? ENAMETOOLONG : EINVAL;
	if (!name.n || name.n >= NAME_ROOM || memchr(name.p, '/', name.n) ||
	    memchr(name.p, '\0', name.n))
		return NULL;
	memcpy(room, name.p, name.n);
	room[name.n] = '\0';
	return room;
}

struct str folder_path(struct arena *mem, const struct folder *f, struct str name)
{
	return str_format(mem, "%.*s/%.*s", STR(f->path), STR(name));
}

static bool refuse(struct diags *d, struct str path, int error)
{
	if (error == ELOOP || error == EMLINK)
		report_link(d, (struct span){ 0 }, path, S("a symbolic link"));
	else
		report_cannot_read(d, (struct span){ 0 }, path, error_text(error));
	return false;
}

static bool refuse_name(struct diags *d, const struct folder *f, struct str name, int error)
{
	return refuse(d, folder_path(d->mem, f, name), error);
}

static bool is_link(int folder, const char *name)
{
	struct stat st;

	return !fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode);
}

/* Linux answers ENOTDIR for a link where a folder is asked for: say what it is. */
static int open_folder_at(int parent, const char *name)
{
	int fd = open_at(parent, name, OPEN_FLAGS | O_DIRECTORY, 0);

	if (fd < 0 && errno == ENOTDIR)
		errno = is_link(parent, name) ? ELOOP : ENOTDIR;
	return fd;
}

bool folder_open(struct diags *d, struct str path, struct folder *out)
{
	*out = (struct folder){ open_folder_at(AT_FDCWD, str_z(d->mem, path)), path };
	return out->fd >= 0 || errno == ENOENT || refuse(d, path, errno);
}

bool folder_enter(struct diags *d, const struct folder *parent, struct str name, struct folder *out)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);

	*out = (struct folder){ z ? open_folder_at(parent->fd, z) : -1,
				folder_path(d->mem, parent, name) };
	return out->fd >= 0 || errno == ENOENT || refuse(d, out->path, errno);
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

bool folder_stays_below(struct diags *d, struct str top, struct str path)
{
	struct folder at;
	bool plain = folder_open(d, str_format(d->mem, "%.*s/.", STR(top)), &at);

	at.path = top;
	while (plain && at.fd >= 0 && path.n) {
		int64_t slash = str_find(path, '/');
		struct str part = slash < 0 ? path : str_slice(path, 0, (uint32_t)slash);
		struct folder next;

		path = str_slice(path, part.n + 1, path.n);
		plain = folder_enter(d, &at, part, &next);
		folder_close(&at);
		at = next;
	}
	folder_close(&at);
	return plain;
}

static enum entry_kind kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return ENTRY_FILE;
	if (S_ISDIR(mode))
		return ENTRY_FOLDER;
	return S_ISLNK(mode) ? ENTRY_LINK : ENTRY_OTHER;
}

bool folder_look(struct diags *d, const struct folder *f, struct str name, enum entry_kind *out)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);
	struct stat st;

	*out = ENTRY_NONE;
	if (!z || f->fd < 0)
		return true;
	if (fstatat(f->fd, z, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT || refuse_name(d, f, name, errno);
	*out = kind_of(st.st_mode);
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	return str_cmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

void entries_sort(struct arena *scratch, struct entries *e)
{
	sort_stable(scratch, e->all.at, e->all.n, sizeof *e->all.at, compare_entries);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Not every file system tells the kind along with the name. */
static bool entry_kind(struct diags *d, const struct folder *f, const struct dirent *e,
		       enum entry_kind *out)
{
	switch (e->d_type) {
	case DT_REG:
		*out = ENTRY_FILE;
		return true;
	case DT_DIR:
		*out = ENTRY_FOLDER;
		return true;
	case DT_LNK:
		*out = ENTRY_LINK;
		return true;
	case DT_UNKNOWN:
		return folder_look(d, f, str_of(e->d_name), out);
	default:
		*out = ENTRY_OTHER;
		return true;
	}
}

static bool read_entries(struct arena *mem, struct diags *d, const struct folder *f, DIR *dir,
			 struct entries *out)
{
	const struct dirent *e;
	struct entry one;

	while (errno = 0, (e = readdir(dir))) {
		if (is_dots(e->d_name))
			continue;
		if (!entry_kind(d, f, e, &one.kind))
			return false;
		one.name = str_copy(mem, str_of(e->d_name));
		vec_add(mem, &out->all, one);
	}
	return !errno || refuse(d, f->path, errno);
}

bool folder_list(struct arena *mem, struct diags *d, const struct folder *f, struct entries *out)
{
	int fd = open_at(f->fd, ".", OPEN_FLAGS | O_DIRECTORY, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	bool done;

	*out = (struct entries){ 0 };
	if (!dir) {
		done = refuse(d, f->path, errno);
		if (fd >= 0)
			close(fd);
		return done;
	}
	done = read_entries(mem, d, f, dir, out);
	closedir(dir);
	entries_sort(mem, out);
	return done;
}

/* One byte more than the size is asked for: that is how a growing file shows. 0 or an errno. */
static int read_opened(struct arena *mem, int fd, size_t max_bytes, struct str *out)
{
	struct stat st;
	ssize_t n;
	char *p;

	if (fstat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if ((uint64_t)st.st_size > max_bytes)
		return EFBIG;
	p = NEW(mem, char, (size_t)st.st_size + 1);
	n = read_all(fd, p, (size_t)st.st_size + 1);
	if (n < 0)
		return errno;
	if (n > st.st_size)
		return EAGAIN;
	p[n] = '\0';
	*out = (struct str){ p, (uint32_t)n };
	return 0;
}

bool folder_read(struct arena *mem, struct diags *d, const struct folder *f, struct str name,
		 size_t max_bytes, struct str *out)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);
	int fd = z ? open_at(f->fd, z, OPEN_FLAGS, 0) : -1, error;

	*out = (struct str){ 0 };
	if (fd < 0)
		return errno == ENOENT || refuse_name(d, f, name, errno);
	error = read_opened(mem, fd, max_bytes, out);
	close(fd);
	return !error || refuse_name(d, f, name, error);
}

/* -1: errno says why. */
static int holds(int fd, struct str bytes)
{
	char chunk[CHUNK];

	for (uint32_t from = 0; from < bytes.n;) {
		size_t want = bytes.n - from < CHUNK ? bytes.n - from : CHUNK;
		ssize_t n = read_all(fd, chunk, want);

		if (n < 0)
			return -1;
		if ((size_t)n < want || memcmp(chunk, bytes.p + from, want) != 0)
			return 0;
		from += (uint32_t)want;
	}
	return 1;
}

static bool compare_opened(int fd, struct str bytes, enum held *out)
{
	struct stat st;
	int same;

	if (fstat(fd, &st))
		return false;
	*out = S_ISREG(st.st_mode) ? HELD_DIFFERENT : HELD_OTHER;
	if (*out == HELD_OTHER || st.st_size != bytes.n)
		return true;
	same = holds(fd, bytes);
	if (same > 0)
		*out = HELD_SAME;
	return same >= 0;
}

bool folder_compare(struct diags *d, const struct folder *f, struct str name, struct str bytes,
		    enum held *out)
{
	char room[NAME_ROOM];
	const char *z = name_z(name, room);
	int fd = z ? open_at(f->fd, z, OPEN_FLAGS, 0) : -1;
	bool done;

	*out = HELD_NOTHING;
	if (fd < 0)
		return errno == ENOENT || refuse_name(d, f, name, errno);
	done = compare_opened(fd, bytes, out) || refuse_name(d, f, name, errno);
	close(fd);
	return done;
}
