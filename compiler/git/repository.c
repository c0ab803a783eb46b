/*
 * Opening a repository through libgit2 so that nothing but its objects, refs and
 * index counts; see the header.
 */
#include "base/base.h"
#include "git/repository.h"

#include <errno.h>
#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "git/local.h"

_Static_assert(OBJECT_HEX == GIT_OID_HEXSZ, "SHA-1 ids");

static const struct span nowhere;

/* Formats under which all that we read stays what it is. Never objectformat and refstorage: they would be misread. */
static const char *harmless[] = { "worktreeconfig", "partialclone", "preciousobjects" };

/* What libgit2 says of a repository that it cannot open, and what helps. */
static const struct {
	const char *says, *why, *help;
} refusals[] = {
	{ "objectformat", "its object ids are not SHA-1",
	  "meshc reads repositories with SHA-1 ids; `git init` makes one unless it is told "
	  "otherwise" },
	{ "refstorage", "it keeps its refs in a format other than files",
	  "`git refs migrate --ref-format=files` turns them into files" },
	{ "relativeworktrees", "its worktrees are linked by relative paths",
	  "`git worktree repair --no-relative-paths` and `git config --unset "
	  "extensions.relativeWorktrees` undo it" },
};

struct str git_cause(void)
{
	const git_error *e = git_error_last();

	return str_of(e && e->message ? e->message : "no reason is known");
}

bool refuse_object(struct diags *d, const struct repository *r, struct str name, int error)
{
	if (error == GIT_ENOTFOUND)
		report_object_missing(d, nowhere, name);
	else
		report_repository_unreadable(d, nowhere, r->path, git_cause());
	return false;
}

static void forget_surroundings(void)
{
	static const int levels[] = { GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				      GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL };

	for (size_t i = 0; i < countof(levels); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless, countof(harmless));
	/* Whoever owns it: nothing in it acts. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

static int is_repository(int fd)
{
	static const char *const bare[] = { "HEAD", "objects", "refs" };
	int has = has_entry(fd, ".git");

	if (has)
		return has;
	for (size_t i = 0; i < countof(bare); i++) {
		has = has_entry(fd, bare[i]);
		if (has != 1)
			return has;
	}
	return 1;
}

/* The last `steps` names of the folder's real path. */
static struct str names_below(struct arena *mem, const char *from, uint32_t steps)
{
	char *real = realpath(from, NULL);
	struct str path = str_copy(mem, str_of(real));
	uint32_t at = path.n;

	free(real);
	if (!steps)
		return S("");
	while (at > 0 && (path.p[at - 1] != '/' || --steps))
		at--;
	return str_slice(path, at, path.n);
}

static int has_dot_git(int fd)
{
	return has_entry(fd, ".git");
}

static int open_there(git_repository **out, struct arena *mem, struct str path)
{
	return git_repository_open_ext(out, str_z(mem, path), GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
}

static bool is_tracked(struct arena *mem, struct str repository, struct str path)
{
	git_repository *git = NULL;
	git_index *index = NULL;
	size_t at;
	bool tracked = !open_there(&git, mem, repository) && !git_repository_index(&index, git) &&
		       !git_index_find(&at, index, str_z(mem, path));

	git_index_free(index);
	git_repository_free(git);
	return tracked;
}

/*
 * A folder that looks like a bare repository, and whose HEAD is a file that the repository
 * around it tracks, is what somebody committed there: the one around it counts.
 */
static void leave_files_of_another(struct arena *mem, struct climbed *found)
{
	struct diags unheard = diags_new(mem);
	struct str inner = found->path;
	struct climbed around;

	if (!climb(mem, &unheard, str_format(mem, "%.*s/..", STR(inner)).p, has_dot_git, &around) ||
	    around.fd < 0)
		return;
	close(around.fd);
	if (!is_tracked(mem, around.path,
			path_below(mem, names_below(mem, inner.p, around.steps + 1), S("HEAD"))))
		return;
	found->path = around.path;
	found->steps += 1 + around.steps;
}

static bool refuse(struct diags *diags, struct str path)
{
	struct str cause = git_cause();

	for (size_t i = 0; i < countof(refusals); i++)
		if (strcasestr(cause.p, refusals[i].says)) {
			help(report_repository_unreadable(diags, nowhere, path,
							  str_of(refusals[i].why)),
			     "%s", refusals[i].help);
			return false;
		}
	report_repository_unreadable(diags, nowhere, path, cause);
	return false;
}

bool repository_open(struct arena *mem, struct diags *diags, const char *from,
		     struct repository *out)
{
	struct climbed found;
	bool bare;

	*out = (struct repository){ 0 };
	if (!climb(mem, diags, from, is_repository, &found))
		return false;
	if (found.fd < 0) {
		help(report_no_repository(diags, nowhere, str_of(from)),
		     "run meshc in a clone or with `-C DIR`");
		return false;
	}
	bare = has_dot_git(found.fd) == 0;
	close(found.fd);
	library_open();
	forget_surroundings();
	if (bare)
		leave_files_of_another(mem, &found);
	out->path = found.path;
	out->below = names_below(mem, from, found.steps);
	if (open_there(&out->git, mem, found.path) < 0) {
		refuse(diags, found.path);
		library_close();
		out->git = NULL;
		return false;
	}
	out->bare = git_repository_is_bare(out->git);
	out->shallow = git_repository_is_shallow(out->git) == 1;
	return true;
}

void repository_close(struct repository *r)
{
	if (r->git && !r->borrowed) {
		git_repository_free(r->git);
		library_close();
	}
	r->git = NULL;
}

bool repository_share(struct arena *mem, struct diags *diags, const char *from,
		      const struct repository *opened, struct repository *out)
{
	if (!opened)
		return repository_open(mem, diags, from, out);
	*out = *opened;
	out->borrowed = true;
	return true;
}

/* libgit2 takes an object that it may not look at for one that is not there. */
static bool is_kept_loose(struct arena *scratch, const struct repository *r, struct str id)
{
	struct str path =
		str_format(scratch, "%sobjects/%.*s/%.*s", git_repository_commondir(r->git),
			   STR(str_slice(id, 0, 2)), STR(str_slice(id, 2, id.n)));

	return !access(path.p, F_OK) || (errno != ENOENT && errno != ENOTDIR);
}

static bool is_id(struct str rev)
{
	git_oid id;

	return rev.n == OBJECT_HEX && !git_oid_fromstrn(&id, rev.p, rev.n);
}

/* Whether the commit that is named may well exist, but cannot be read. A shallow clone lacks many. */
static bool is_unreadable(struct arena *scratch, const struct repository *r, struct str rev,
			  int error)
{
	const git_error *e = git_error_last();

	if (error == GIT_ERROR)
		return !e || e->klass != GIT_ERROR_INVALID;
	if (error == GIT_ENOTFOUND && is_id(rev) && is_kept_loose(scratch, r, rev))
		return true;
	return error == GIT_ENOTFOUND && e && e->klass == GIT_ERROR_ODB && !r->shallow;
}

static void refuse_revision(struct diags *diags, const struct repository *r, struct str rev,
			    int error)
{
	struct finding *f;

	if (is_unreadable(diags->mem, r, rev, error)) {
		report_repository_unreadable(diags, nowhere, r->path, git_cause());
		return;
	}
	f = report_unknown_commit(diags, nowhere, rev);
	if (r->shallow)
		help(f, "the clone is shallow: `git fetch --unshallow` brings its history, on a CI "
			"runner a fetch depth of 0 does");
	else
		help(f, "`git log --oneline --all` lists the commits of this clone");
}

/* REV:FOLDER -> the commit before the first colon. */
static int parse_folder(struct arena *mem, const struct repository *r, struct str rev,
			git_object **commit, struct str *folder)
{
	int64_t colon = str_find(rev, ':');

	if (colon <= 0)
		return GIT_ENOTFOUND;
	*folder = str_slice(rev, (uint32_t)colon + 1, rev.n);
	while (str_ends(*folder, S("/")))
		folder->n--;
	return git_revparse_single(commit, r->git, str_z(mem, str_slice(rev, 0, (uint32_t)colon)));
}

bool repository_commit(struct arena *mem, struct diags *diags, const struct repository *r,
		       struct str rev, struct object_id *commit, struct str *folder)
{
	git_object *named = NULL, *peeled = NULL;
	int error;

	*folder = S("");
	error = git_revparse_single(&named, r->git, str_z(mem, rev));
	if (!error && git_object_type(named) == GIT_OBJECT_TREE) {
		git_object_free(named);
		named = NULL;
		error = parse_folder(mem, r, rev, &named, folder);
	}
	if (!error)
		error = git_object_peel(&peeled, named, GIT_OBJECT_COMMIT);
	if (!error)
		git_oid_tostr(commit->hex, sizeof commit->hex, git_object_id(peeled));
	else
		refuse_revision(diags, r, rev, error);
	git_object_free(peeled);
	git_object_free(named);
	return !error;
}
