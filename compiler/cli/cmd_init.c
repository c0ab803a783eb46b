/*
 * init: a repository to begin with, out of the files that were built in.
 *
 * It only adds. A name that is taken is refused before anything is written, and
 * what was written before a failure is taken away again. meshc.yaml comes last:
 * it is what makes a folder a repository.
 */
#include "base/base.h"
#include "cli/scaffold.h"
#include "cli/session.h"
#include "git/worktree.h"
#include "git/write.h"
#include "source/render.h"

/* "mesh" of mesh/cart.yaml */
static struct str top_of(struct str path)
{
	int64_t slash = str_find(path, '/');

	return slash < 0 ? path : str_slice(path, 0, (uint32_t)slash);
}

static bool refuse_taken(struct diags *d, struct str path)
{
	struct finding *f = report_not_owned(d, (struct span){ 0 }, path);

	help(f, "`meshc init` only adds: move it away, or name another folder");
	return false;
}

/* All of them are said, not the first alone. */
static bool is_free(struct diags *d, const struct folder *root)
{
	struct str last = { 0 };
	enum entry_kind there;
	bool free = true;

	for (uint32_t i = 0; i < n_scaffold; i++) {
		struct str top = top_of(scaffold[i].path);

		if (str_eq(top, last))
			continue;
		last = top;
		if (!folder_look(d, root, top, &there))
			return false;
		if (there != ENTRY_NONE)
			free = refuse_taken(d, folder_path(d->mem, root, top));
	}
	return free;
}

static bool enter(struct diags *d, const struct folder *parent, struct str name, struct folder *out)
{
	if (!folder_enter(d, parent, name, out))
		return false;
	return out->fd >= 0 || write_folder(d, parent, name, out);
}

static bool put(struct diags *d, const struct folder *folder, struct str path, struct str bytes)
{
	struct str top = top_of(path);
	struct folder below;
	bool done;

	if (top.n == path.n)
		return write_file(d, folder, path, bytes);
	if (!enter(d, folder, top, &below))
		return false;
	done = put(d, &below, str_slice(path, top.n + 1, path.n), bytes);
	folder_close(&below);
	return done;
}

/* What was there before is not ours: is_free has looked. */
static void take_away(struct diags *d, const struct folder *root, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		write_drop(d, root, top_of(scaffold[i].path));
}

static bool put_all(struct diags *d, const struct folder *root)
{
	for (uint32_t i = 0; i < n_scaffold; i++) {
		if (put(d, root, scaffold[i].path, scaffold[i].text))
			continue;
		take_away(d, root, i + 1);
		return false;
	}
	return true;
}

static bool plant(struct diags *d, struct str path)
{
	struct folder root;
	bool made, done;

	if (!write_open(d, path, &root, &made))
		return false;
	done = write_lock(d, &root) && is_free(d, &root) && put_all(d, &root);
	if (!done && made)
		write_unmake(&root);
	folder_close(&root);
	return done;
}

/* "a/b" -> "a", "b" -> ".", "/b" -> "/" */
static struct str parent_of(struct str path)
{
	uint32_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	while (n > 1 && path.p[n - 1] == '/')
		n--;
	return n ? str_slice(path, 0, n) : S(".");
}

/* The folder itself or the first above it that is there. */
static struct str nearest_folder(struct diags *d, struct str path)
{
	struct folder folder;

	while (folder_open(d, path, &folder) && folder.fd < 0 && !str_eq(path, S(".")))
		path = parent_of(path);
	folder_close(&folder);
	return path;
}

/* A repository within another one would be read as a part of it. What cannot be looked at is reported by who writes. */
static bool is_within_another(struct invocation *in, struct str path, struct str *root)
{
	struct diags unheard = diags_new(in->mem);
	struct worktree tree = { .fd = -1 };
	const char *from = str_z(in->mem, nearest_folder(&unheard, path));
	bool found = worktree_open(in->mem, &unheard, from, &tree);

	*root = tree.root;
	worktree_close(&tree);
	return found;
}

static void report_made(struct invocation *in, struct str folder)
{
	bool here = str_eq(folder, S("."));
	const char *slash = here || str_ends(folder, S("/")) ? "" : "/";

	for (uint32_t i = 0; i < n_scaffold; i++) {
		if (!here)
			render_escaped(&in->out, folder);
		buf_format(&in->out, "%s%.*s\n", slash, STR(scaffold[i].path));
	}
	buf_lit(&in->out, "\nnext: meshc ");
	if (!here) {
		buf_lit(&in->out, "-C ");
		render_escaped(&in->out, folder);
		buf_char(&in->out, ' ');
	}
	buf_lit(&in->out, "build\n");
}

/* Without trailing slashes, which would be in the way of names. */
static struct str folder_named(const struct invocation *in)
{
	struct str path = in->n_words && *in->words[0] ? str_of(in->words[0]) : S(".");

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

enum exit_code cmd_init(struct invocation *in)
{
	struct str folder = folder_named(in), root;
	struct session s;
	enum exit_code exit;

	if (is_within_another(in, folder, &root) && !str_eq(root, folder))
		return command_complain(
			in,
			str_format(in->mem,
				   "`%.*s` is in a repository already: its meshc.yaml is in `%.*s`",
				   STR(folder), STR(root)));
	session_open(&s, in);
	if (plant(&s.run.diags, folder))
		report_made(in, folder);
	exit = session_complain(&s);
	session_close(&s);
	return exit;
}
