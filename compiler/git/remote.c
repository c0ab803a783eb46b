/*
 * Running git for what crosses the network; see the header.
 */
#include "base/base.h"
#include "git/remote.h"

#include <errno.h>
#include <git2.h>
#include <stdlib.h>

#include "git/local.h"
#include "git/write.h"

static const struct span nowhere;

#define BRANCH_HERE "refs/meshc/branch" /* in the folder of its own */
#define NOTES_HERE "refs/meshc/notes"

enum { ARGUMENTS_MAX = 32 };

struct command {
	const char *arguments[ARGUMENTS_MAX];
	uint32_t n;
};

static void add(struct command *c, const char *argument)
{
	if (c->n + 1 >= ARGUMENTS_MAX)
		BUG("too many arguments for git");
	c->arguments[c->n++] = argument;
}

static void begin(struct command *c, const char *verb)
{
	static const char *const always[] = {
		"git",
		"-c",
		"core.hooksPath=/dev/null",
		"-c",
		"core.fsmonitor=false",
		"-c",
		"protocol.allow=never",
		"-c",
		"protocol.https.allow=always",
		"-c",
		"protocol.ssh.allow=always",
		"-c",
		"protocol.file.allow=always",
		"-c",
		"gc.auto=0",
		"-c",
		"maintenance.auto=false",
		"-c",
		"push.gpgSign=false",
	};

	*c = (struct command){ 0 };
	for (size_t i = 0; i < countof(always); i++)
		add(c, always[i]);
	add(c, verb);
}

static int run(struct arena *mem, const struct remote *r, const struct command *c, struct str *out,
	       struct str *err)
{
	return child_run(mem, &(struct child){ c->arguments, r->environment.at, { 0 } }, out, err);
}

static const char *find(struct str text, const char *part)
{
	return text.n ? memmem(text.p, text.n, part, strlen(part)) : NULL;
}

struct str address_shown(struct arena *mem, struct str text)
{
	const char *scheme = find(text, "://");
	uint32_t from = scheme ? (uint32_t)(scheme - text.p) + 3 : 0, to = from, at = from;

	if (!scheme)
		return text;
	for (; to < text.n && !strchr("/ '\"?#", text.p[to]); to++)
		if (text.p[to] == '@')
			at = to + 1;
	return str_join(mem, str_slice(text, 0, from), str_slice(text, at, text.n));
}

/* The first line of what git said, without anybody's password. */
static struct str complaint(struct arena *mem, struct str err)
{
	int64_t end = str_find(err, '\n');
	struct str line = str_slice(err, 0, end < 0 ? err.n : (uint32_t)end);

	return line.n ? address_shown(mem, line) : S("it says no more");
}

static bool refuse(struct arena *mem, struct diags *d, const struct remote *r, struct str err)
{
	report_remote_refused(d, nowhere, complaint(mem, r->address), complaint(mem, err));
	return false;
}

bool is_absolute_address(struct str text)
{
	int64_t colon = str_find(text, ':'), slash = str_find(text, '/');

	return slash == 0 || (colon > 0 && (slash < 0 || colon < slash));
}

bool remote_address(struct arena *mem, struct diags *d, const struct repository *r, struct str name,
		    struct str *out)
{
	git_remote *remote = NULL;
	int error = git_remote_lookup(&remote, r->git, str_z(mem, name));

	*out = (struct str){ 0 };
	if (error == GIT_ERROR)
		report_repository_unreadable(d, nowhere, r->path, git_cause());
	if (error)
		return error != GIT_ERROR;
	*out = str_copy(mem, str_of(git_remote_pushurl(remote) ? git_remote_pushurl(remote)
							       : git_remote_url(remote)));
	git_remote_free(remote);
	if (!is_absolute_address(*out))
		*out = path_below(mem, r->path, *out);
	return true;
}

/* transport::address runs a program of that name; of file: addresses those in plain text are known. */
static bool is_harmless(struct str address)
{
	return address.n && address.p[0] != '-' && !find(address, "::") &&
	       !(str_starts(address, S("file:")) && find(address, "%"));
}

/* A path of this machine, as git tells them from others. p == NULL: it is none. */
static struct str local_path(struct str address)
{
	int64_t colon = str_find(address, ':'), slash = str_find(address, '/');

	while (address.n > 1 && address.p[address.n - 1] == '/')
		address.n--;
	if (str_starts(address, S("file://"))) {
		/* What stands before the path is the name of a host, which git does not look at. */
		address = str_slice(address, 7, address.n);
		slash = str_find(address, '/');
		return slash < 0 ? (struct str){ 0 }
				 : str_slice(address, (uint32_t)slash, address.n);
	}
	return colon < 0 || (slash >= 0 && slash < colon) ? address : (struct str){ 0 };
}

/* Without links and dots; the last part need not be there. Empty: it leads nowhere. */
static struct str real_path(struct arena *mem, struct str path)
{
	char *real = realpath(str_z(mem, path), NULL);
	uint32_t cut = path.n;
	struct str out;

	if (!real) {
		while (cut && path.p[cut - 1] != '/')
			cut--;
		real = cut ? realpath(str_z(mem, str_slice(path, 0, cut)), NULL) : NULL;
	}
	if (!real)
		return S("");
	out = str_format(mem, "%s%s%.*s", real, cut < path.n ? "/" : "",
			 STR(str_slice(path, cut, path.n)));
	free(real);
	return out;
}

/*
 * Whether somebody has committed what stands there: hooks of a repository that is pushed
 * to on this machine run, and nothing that was committed may.
 */
static bool is_committed(struct arena *mem, const struct repository *r, struct str address)
{
	struct str path = real_path(mem, local_path(address));
	struct str top = real_path(mem, r->path);
	git_index *index = NULL;
	bool found;
	size_t at;

	if (r->bare || path.n <= top.n + 1 || !str_starts(path, top) || path.p[top.n] != '/' ||
	    git_repository_index(&index, r->git))
		return false;
	/* A prefix: git tries the name with ".git" at its end as well. */
	found = !git_index_find_prefix(&at, index, str_z(mem, str_slice(path, top.n + 1, path.n)));
	git_index_free(index);
	return found;
}

/* http.<url>.extraheader: how CI runners leave their token. Headers are data; nothing else is taken over. */
static void take_headers(struct arena *mem, const struct repository *r, struct environment *e)
{
	git_config *config = NULL;
	git_config_iterator *i = NULL;
	git_config_entry *entry;
	uint32_t n = 0;

	if (!git_repository_config_snapshot(&config, r->git) &&
	    !git_config_iterator_glob_new(&i, config, "^http\\..*\\.extraheader$"))
		while (!git_config_next(&entry, i)) {
			environment_add(mem, e, str_format(mem, "GIT_CONFIG_KEY_%" PRIu32, n),
					str_copy(mem, str_of(entry->name)));
			environment_add(mem, e, str_format(mem, "GIT_CONFIG_VALUE_%" PRIu32, n++),
					str_copy(mem, str_of(entry->value)));
		}
	environment_add(mem, e, S("GIT_CONFIG_COUNT"), str_int(mem, n));
	git_config_iterator_free(i);
	git_config_free(config);
}

/* Where a shallow clone ends must be known to whoever sends from it. */
static bool take_shallow(struct diags *d, const struct remote *r)
{
	struct folder from = { .fd = -1 }, into = { .fd = -1 };
	enum entry_kind there;
	bool done;

	if (!r->repository->shallow)
		return true;
	done = folder_open(d, str_of(git_repository_commondir(r->repository->git)), &from) &&
	       folder_open(d, r->folder, &into) && folder_look(d, &from, S("shallow"), &there) &&
	       (there == ENTRY_NONE || write_keep(d, &from, &into, S("shallow")));
	folder_close(&from);
	folder_close(&into);
	return done;
}

static void make_environment(struct arena *mem, struct remote *r, const char *const *environment)
{
	struct str objects =
		str_format(mem, "%sobjects", git_repository_commondir(r->repository->git));
	struct environment *e = &r->environment;

	environment_take(mem, environment, e);
	environment_add(mem, e, S("GIT_DIR"), r->folder);
	environment_add(mem, e, S("GIT_OBJECT_DIRECTORY"), objects);
	environment_add(mem, e, S("GIT_TERMINAL_PROMPT"), S("0"));
	environment_add(mem, e, S("LC_ALL"), S("C"));
	take_headers(mem, r->repository, e);
}

bool remote_open(struct arena *mem, struct diags *d, const struct repository *r, struct str address,
		 const char *const *environment, struct remote *out)
{
	git_repository *made = NULL;

	*out = (struct remote){ .repository = r, .address = address };
	if (!is_harmless(address))
		return refuse(mem, d, out, S("it is neither a URL nor a path"));
	if (is_committed(mem, r, address))
		return refuse(mem, d, out, S("it is among the files of this repository"));
	out->folder = scratch_make(mem);
	if (!out->folder.n)
		return refuse(mem, d, out, error_text(errno));
	if (git_repository_init(&made, out->folder.p, 1)) {
		refuse(mem, d, out, git_cause());
		remote_close(mem, out);
		return false;
	}
	git_repository_free(made);
	make_environment(mem, out, environment);
	return take_shallow(d, out);
}

void remote_close(struct arena *scratch, struct remote *r)
{
	scratch_drop(scratch, r->folder);
	r->folder = S("");
}

/* The id before a tab and the ref's name among the lines; empty: none. */
static struct object_id id_of(struct str lines, struct str ref)
{
	struct object_id id = { 0 };

	while (lines.n > OBJECT_HEX) {
		int64_t end = str_find(lines, '\n');
		struct str line = str_slice(lines, 0, end < 0 ? lines.n : (uint32_t)end);

		if (str_eq(str_slice(line, OBJECT_HEX + 1, line.n), ref))
			memcpy(id.hex, line.p, OBJECT_HEX);
		lines = str_slice(lines, line.n + 1, lines.n);
	}
	return id;
}

static bool list_remote(struct arena *mem, struct diags *d, const struct remote *r,
			struct str branch, struct str notes, struct remote_tips *out)
{
	struct command c;
	struct str lines, err;

	begin(&c, "ls-remote");
	add(&c, "--refs");
	add(&c, "--");
	add(&c, str_z(mem, r->address));
	add(&c, str_z(mem, branch));
	add(&c, str_z(mem, notes));
	if (run(mem, r, &c, &lines, &err))
		return refuse(mem, d, r, err);
	*out = (struct remote_tips){ id_of(lines, branch), id_of(lines, notes) };
	return true;
}

/* What has arrived: it may be younger than what was listed. */
static bool list_here(struct arena *mem, struct diags *d, const struct remote *r,
		      struct remote_tips *out)
{
	struct command c;
	struct str lines, err;

	begin(&c, "for-each-ref");
	add(&c, "--format=%(objectname)\t%(refname)");
	if (run(mem, r, &c, &lines, &err))
		return refuse(mem, d, r, err);
	*out = (struct remote_tips){ id_of(lines, S(BRANCH_HERE)), id_of(lines, S(NOTES_HERE)) };
	return true;
}

bool remote_fetch(struct arena *mem, struct diags *d, const struct remote *r, struct str branch,
		  struct str notes, struct remote_tips *out)
{
	struct command c;
	struct str said, err;

	if (!list_remote(mem, d, r, branch, notes, out))
		return false;
	if (!out->branch.hex[0] && !out->notes.hex[0])
		return true;
	begin(&c, "fetch");
	add(&c, "--quiet");
	add(&c, "--no-tags");
	add(&c, "--no-write-fetch-head");
	add(&c, "--");
	add(&c, str_z(mem, r->address));
	if (out->branch.hex[0])
		add(&c, str_format(mem, "+%.*s:" BRANCH_HERE, STR(branch)).p);
	if (out->notes.hex[0])
		add(&c, str_format(mem, "+%.*s:" NOTES_HERE, STR(notes)).p);
	if (run(mem, r, &c, &said, &err))
		return refuse(mem, d, r, err);
	return list_here(mem, d, r, out);
}

static void add_ref(struct arena *mem, struct command *c, struct command *specs, struct str ref,
		    const struct object_id *from, const struct object_id *to)
{
	if (!to->hex[0] || same_hex(from->hex, to->hex))
		return;
	add(c, str_format(mem, "--force-with-lease=%.*s:%s", STR(ref), from->hex).p);
	add(specs, str_format(mem, "%s:%.*s", to->hex, STR(ref)).p);
}

enum swap remote_push(struct arena *mem, struct diags *d, const struct remote *r,
		      const struct remote_push *push)
{
	struct command c, specs = { 0 };
	struct remote_tips now;
	struct str said, err;

	begin(&c, "push");
	add(&c, "--quiet");
	add(&c, "--atomic");
	add_ref(mem, &c, &specs, push->branch, &push->from.branch, &push->to.branch);
	add_ref(mem, &c, &specs, push->notes, &push->from.notes, &push->to.notes);
	add(&c, "--");
	add(&c, str_z(mem, r->address));
	for (uint32_t i = 0; i < specs.n; i++)
		add(&c, specs.arguments[i]);
	if (!specs.n || !run(mem, r, &c, &said, &err))
		return SWAP_DONE;
	/* Servers word it in many ways: whoever moved the ref in between shows in the ref. */
	if (!list_remote(mem, d, r, push->branch, push->notes, &now))
		return SWAP_REFUSED;
	if (!same_hex(now.branch.hex, push->from.branch.hex) ||
	    !same_hex(now.notes.hex, push->from.notes.hex) || find(err, "lock"))
		return SWAP_MOVED;
	refuse(mem, d, r, err);
	return SWAP_REFUSED;
}
