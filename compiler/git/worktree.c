/*
 * Source files from a plain directory that may be hostile.
 *
 * Every name is opened relative to its folder's descriptor and never through a
 * link, so what is read lies below the root whatever somebody swaps meanwhile.
 * What cannot be read safely is reported, never guessed; nothing here writes.
 */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/sort.h"
#include "git/local.h"
#include "git/worktree.h"

enum { OPEN_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

struct walk {
	struct intake in;
	struct str skip;
};

static void refuse(struct walk *w, struct str path, int error)
{
	if (error == ELOOP || error == EMLINK)
		intake_refuse_link(&w->in, path, "a symbolic link");
	else
		intake_refuse(&w->in, path, error_text(error));
}

static void refuse_because(struct walk *w, struct str path, const char *why)
{
	intake_refuse(&w->in, path, str_of(why));
}

/* Linux answers ENOTDIR for a link where a folder is asked for: say what it is. */
static int open_folder(int parent, const char *name)
{
	int fd = open_at(parent, name, OPEN_FLAGS | O_DIRECTORY, 0);
	struct stat st;

	if (fd < 0 && errno == ENOTDIR) {
		bool is_link =
			!fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode);

		errno = is_link ? ELOOP : ENOTDIR;
	}
	return fd;
}

/* One byte more than the size is asked for: that is how a growing file shows. */
static bool read_bytes(struct walk *w, int fd, struct str path, size_t size, struct str *out)
{
	char *p = NEW(w->in.mem, char, size + 1);
	ssize_t n = read_all(fd, p, size + 1);

	if (n < 0) {
		refuse(w, path, errno);
		return false;
	}
	if ((size_t)n > size) {
		refuse_because(w, path, "it changes while it is read");
		return false;
	}
	p[n] = '\0';
	*out = (struct str){ p, (uint32_t)n };
	return intake_accepts(&w->in, path, *out);
}

static bool read_opened(struct walk *w, int fd, struct str path, struct str *out)
{
	struct stat st;

	if (fstat(fd, &st)) {
		refuse(w, path, errno);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		refuse_because(w, path, "it is not a regular file");
		return false;
	}
	return intake_has_room(&w->in, path, (uint64_t)st.st_size) &&
	       read_bytes(w, fd, path, (size_t)st.st_size, out);
}

static bool read_file(struct walk *w, int folder, const char *name, struct str path,
		      struct str *out)
{
	int fd = open_at(folder, name, OPEN_FLAGS, 0);
	bool done;

	if (fd < 0) {
		/* A socket cannot be opened at all. */
		refuse(w, path, errno);
		return false;
	}
	done = read_opened(w, fd, path, out);
	close(fd);
	return done;
}

static void add_file(struct walk *w, int folder, const char *name, struct str path)
{
	struct str text;

	if (intake_may_add(&w->in) && read_file(w, folder, name, path, &text))
		intake_add(&w->in, path, text);
}

struct name {
	struct str text;
	mode_t mode;
	int error; /* 0: it was looked at */
};

struct names {
	VEC(struct name) all;
};

static int compare_names(const void *a, const void *b)
{
	return str_cmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

/* The names of a folder in byte order: which finding comes first may not depend on the disk. */
static bool list_names(struct walk *w, int fd, struct str path, struct names *out)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		refuse(w, path, errno);
		if (copy >= 0)
			close(copy);
		return false;
	}
	while (errno = 0, (entry = readdir(dir)) && intake_may_look(&w->in, path))
		if (entry->d_name[0] != '.')
			vec_add(w->in.mem, &out->all,
				((struct name){
					.text = str_copy(w->in.mem, str_of(entry->d_name)) }));
	if (errno)
		refuse(w, path, errno);
	closedir(dir);
	sort_stable(w->in.mem, out->all.at, out->all.n, sizeof *out->all.at, compare_names);
	return true;
}

static void walk_folder(struct walk *w, int fd, struct str path, uint32_t depth);

static void enter_folder(struct walk *w, int folder, const char *name, struct str path,
			 uint32_t depth)
{
	int fd, nested;

	if (w->skip.n && str_eq(path, w->skip))
		return;
	if (depth >= LIMIT_DEPTH) {
		refuse_because(w, path, "its folders are nested too deep");
		return;
	}
	fd = open_folder(folder, name);
	if (fd < 0) {
		refuse(w, path, errno);
		return;
	}
	nested = depth ? has_entry(fd, ".git") : 0;
	if (nested < 0)
		refuse(w, path, errno);
	else if (nested)
		intake_refuse_link(&w->in, path, "a submodule or another repository");
	else
		walk_folder(w, fd, path, depth);
	close(fd);
}

/* The bytes of the files that will be read. */
static uint64_t look_at(const struct walk *w, int folder, struct names *names)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < names->all.n; i++) {
		struct name *name = &names->all.at[i];
		struct stat st;

		if (fstatat(folder, name->text.p, &st, AT_SYMLINK_NOFOLLOW)) {
			name->error = errno;
			continue;
		}
		name->mode = st.st_mode;
		if (S_ISREG(st.st_mode) && is_source_name(name->text) &&
		    (uint64_t)st.st_size <= w->in.max_file_bytes)
			bytes += (uint64_t)st.st_size;
	}
	return bytes;
}

static void visit(struct walk *w, int folder, const struct name *name, struct str path,
		  uint32_t depth)
{
	if (name->error)
		refuse(w, path, name->error);
	else if (S_ISLNK(name->mode))
		intake_refuse_link(&w->in, path, "a symbolic link");
	else if (S_ISDIR(name->mode))
		enter_folder(w, folder, name->text.p, path, depth + 1);
	else if (is_source_name(name->text))
		add_file(w, folder, name->text.p, path);
}

static void walk_folder(struct walk *w, int fd, struct str path, uint32_t depth)
{
	struct names names = { 0 };

	/* Nothing is read of a folder that goes beyond what may be held. */
	if (!list_names(w, fd, path, &names) || w->in.full ||
	    !intake_may_hold(&w->in, look_at(w, fd, &names)))
		return;
	for (uint32_t i = 0; i < names.all.n && !w->in.full; i++) {
		const struct name *name = &names.all.at[i];

		visit(w, fd, name, path_below(w->in.mem, path, name->text), depth);
	}
}

static bool is_plain_part(struct str part)
{
	return part.n && !str_eq(part, S("..")) && !memchr(part.p, '\0', part.n);
}

/*
 * a/b/c -> a descriptor of a/b and the name c; every step refuses links. -1 with
 * errno ENOENT or ENOTDIR: not there. Otherwise it has been reported.
 */
static int open_parent(struct walk *w, const struct worktree *tree, struct str path,
		       const char **name)
{
	int fd = fcntl(tree->fd, F_DUPFD_CLOEXEC, 0);
	uint32_t from = 0;
	int64_t slash;

	while (fd >= 0 && (slash = str_find(str_slice(path, from, path.n), '/')) >= 0) {
		struct str part = str_slice(path, from, from + (uint32_t)slash);
		int next, error;

		from += (uint32_t)slash + 1;
		if (!is_plain_part(part)) {
			refuse_because(w, path, "it does not lie below the root");
			close(fd);
			errno = EINVAL;
			return -1;
		}
		next = open_folder(fd, str_z(w->in.mem, part));
		error = errno;
		close(fd);
		errno = error;
		fd = next;
	}
	*name = str_z(w->in.mem, str_slice(path, from, path.n));
	return fd;
}

static bool is_absent(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

/* False: it is not there, or what is wrong has been reported. */
static bool open_place(struct walk *w, const struct worktree *tree, struct str path, int *parent,
		       const char **name, struct stat *st)
{
	*parent = -1;
	if (!is_plain_part(path) || path.p[0] == '/') {
		refuse_because(w, path, "it does not lie below the root");
		return false;
	}
	*parent = open_parent(w, tree, path, name);
	if (*parent < 0) {
		if (!is_absent(errno) && errno != EINVAL)
			refuse(w, path, errno);
		return false;
	}
	if (!is_plain_part(str_of(*name))) {
		refuse_because(w, path, "it does not lie below the root");
		return false;
	}
	if (!fstatat(*parent, *name, st, AT_SYMLINK_NOFOLLOW))
		return true;
	if (!is_absent(errno))
		refuse(w, path, errno);
	return false;
}

static int is_root(int fd)
{
	return has_entry(fd, "meshc.yaml");
}

struct finding *refuse_rootless(struct diags *diags, struct str from)
{
	struct finding *f = report_no_fleet(diags, (struct span){ 0 }, from);

	help(f,
	     "run meshc in the repository or with `-C DIR`; a fleet begins with a file meshc.yaml "
	     "that holds `apiVersion: meshc.dev/v1alpha1`, `kind: Fleet` and a `metadata.name`; "
	     "`meshc init` writes one with a small fleet");
	return f;
}

bool worktree_open(struct arena *mem, struct diags *diags, const char *from, struct worktree *out)
{
	struct climbed root;

	if (!climb(mem, diags, from, is_root, &root))
		return false;
	*out = (struct worktree){ .root = root.path, .fd = root.fd };
	if (root.fd < 0)
		refuse_rootless(diags, str_of(from));
	return root.fd >= 0;
}

void worktree_close(struct worktree *tree)
{
	if (tree->fd >= 0)
		close(tree->fd);
	tree->fd = -1;
}

static struct walk walk_new(struct arena *mem, struct diags *diags, const struct worktree *tree,
			    size_t max_bytes)
{
	return (struct walk){ intake_new(mem, diags, max_bytes, NULL), tree->skip };
}

bool worktree_read(struct arena *mem, struct diags *diags, const struct worktree *tree,
		   struct str folder, size_t max_file_bytes, struct tree_listing *out)
{
	struct walk w = walk_new(mem, diags, tree, max_file_bytes);
	const char *name;
	struct stat st;
	int parent;

	w.in = intake_new(mem, diags, max_file_bytes, out);
	if (open_place(&w, tree, folder, &parent, &name, &st)) {
		if (S_ISLNK(st.st_mode))
			intake_refuse_link(&w.in, folder, "a symbolic link");
		else if (S_ISDIR(st.st_mode))
			enter_folder(&w, parent, name, folder, 0);
		else
			add_file(&w, parent, name, str_copy(mem, folder));
	}
	if (parent >= 0)
		close(parent);
	return intake_done(&w.in);
}

bool worktree_read_file(struct arena *mem, struct diags *diags, const struct worktree *tree,
			struct str path, size_t max_bytes, struct str *out)
{
	struct walk w = walk_new(mem, diags, tree, max_bytes);
	const char *name;
	struct stat st;
	int parent;

	*out = (struct str){ 0 };
	if (open_place(&w, tree, path, &parent, &name, &st))
		read_file(&w, parent, name, path, out);
	if (parent >= 0)
		close(parent);
	return w.in.sound;
}
