/*
 * Reading what was listed, in the order of paths: see git/taking.h.
 */
#include "base/base.h"
#include "git/taking.h"

#include "base/limit.h"
#include "base/sort.h"

static const struct span nowhere;

void taking_refuse(struct taking *t, struct str path, int error)
{
	t->in.sound = false;
	if (error != GIT_ENOTFOUND) {
		refuse_object(t->in.diags, &t->from->repository, path, error);
		return;
	}
	help(report_object_missing(t->in.diags, nowhere, path),
	     "in a partial clone `git fetch --refetch --no-filter` brings what is missing; "
	     "otherwise "
	     "`git fsck` says what is broken");
}

void taking_refuse_name(struct taking *t, struct str path, const char *why)
{
	t->in.sound = false;
	report_bad_name(t->in.diags, nowhere, path, str_of(why));
}

/* 0, or what libgit2 answered. */
static int size_of(struct taking *t, const git_oid *id, size_t *size)
{
	git_object_t type;
	int error = git_odb_read_header(size, &type, t->odb, id);

	return error || type == GIT_OBJECT_BLOB ? error : GIT_ENOTFOUND;
}

/* 0, or what libgit2 answered; GIT_ENOTFOUND too where it is of another size than its header says. */
static int read_bytes(struct arena *mem, git_odb *odb, const git_oid *id, size_t size,
		      struct str *out)
{
	git_odb_object *object = NULL;
	int error = git_odb_read(&object, odb, id);

	if (error)
		return error;
	if (git_odb_object_size(object) == size)
		*out = str_copy(mem, (struct str){ git_odb_object_data(object), (uint32_t)size });
	git_odb_object_free(object);
	return out->p ? 0 : GIT_ENOTFOUND;
}

static bool read_blob(struct taking *t, const struct listed *h, struct str *out)
{
	size_t size = h->text.n;
	int error = h->text.p ? 0 : size_of(t, &h->id, &size);

	*out = h->text;
	if (!error && !intake_has_room(&t->in, h->path, size))
		return false;
	if (!error && !out->p)
		error = read_bytes(t->in.mem, t->odb, &h->id, size, out);
	if (error) {
		taking_refuse(t, h->path, error);
		return false;
	}
	return intake_accepts(&t->in, h->path, *out);
}

bool taking_read(struct taking *t, const struct listed *h, struct str *out)
{
	if (h->mode == GIT_FILEMODE_LINK)
		intake_refuse_link(&t->in, h->path, "a symbolic link");
	else if (h->mode == GIT_FILEMODE_COMMIT)
		intake_refuse_link(&t->in, h->path, "a submodule or another repository");
	else if (!h->unmerged)
		return read_blob(t, h, out);
	else
		report_unmerged(t->in.diags, nowhere, h->path);
	t->in.sound = false;
	return false;
}

static int compare_held(const void *a, const void *b)
{
	return str_cmp(((const struct listed *)a)->path, ((const struct listed *)b)->path);
}

/* ---- Fetching: many at once, before they are looked at one by one ---- */

enum { FETCH_FILES = 16 }; /* of a job: a few are as large as all others */

struct fetch {
	struct taking *t;
	struct arena **mem; /* of each job */
};

static void fetch_some(uint32_t i, void *cx)
{
	struct fetch *f = cx;
	uint32_t from = i * FETCH_FILES, n = f->t->held.n;

	f->mem[i] = arena_new();
	for (uint32_t k = from; k < n && k < from + FETCH_FILES; k++) {
		struct listed *h = &f->t->held.at[k];

		struct str text = { 0 };

		/* What cannot be read is read once more, by who reports it. */
		if (h->wanted)
			read_bytes(f->mem[i], f->t->odb, &h->id, h->text.n, &text);
		h->text = text;
	}
}

/* What will be taken, and how much it is together. */
static uint64_t want_all(struct taking *t)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < t->held.n; i++) {
		struct listed *h = &t->held.at[i];
		size_t size;

		if (h->unmerged ||
		    (h->mode != GIT_FILEMODE_BLOB && h->mode != GIT_FILEMODE_BLOB_EXECUTABLE) ||
		    size_of(t, &h->id, &size) || size > t->in.max_file_bytes)
			continue;
		total += size;
		h->wanted = true;
		h->text.n = (uint32_t)size;
	}
	return total;
}

static void fetch_all(struct taking *t)
{
	struct fetch f = { .t = t };
	uint32_t jobs = (t->held.n + FETCH_FILES - 1) / FETCH_FILES;

	if (!intake_may_hold(&t->in, want_all(t)))
		return;
	f.mem = NEW(t->in.mem, struct arena *, jobs);
	pool_map(t->from->pool, jobs, fetch_some, &f);
	for (uint32_t i = 0; i < jobs; i++)
		arena_adopt(t->in.mem, f.mem[i]);
}

void taking_read_all(struct taking *t)
{
	struct str text;

	sort_stable(t->in.mem, t->held.at, t->held.n, sizeof *t->held.at, compare_held);
	if (t->from->pool && !t->in.full)
		fetch_all(t);
	for (uint32_t i = 0; i < t->held.n && !t->in.full; i++) {
		if (i && str_eq(t->held.at[i].path, t->held.at[i - 1].path))
			taking_refuse_name(t, t->held.at[i].path, "it stands twice in its folder");
		else if (intake_may_add(&t->in) && taking_read(t, &t->held.at[i], &text))
			intake_add(&t->in, t->held.at[i].path, text);
	}
}
