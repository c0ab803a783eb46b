/*
 * The folders of a repository, for who wants to let nothing else be read: its own,
 * the one that its worktrees share, and the objects of its alternates.
 *
 * A list of alternates is read as git reads it, but a folder on it that is not one
 * of objects is left out: nobody shall name any folder of the machine there.
 */
#include "base/base.h"
#include "git/repository.h"

#include <git2.h>

#include "git/local.h"

enum {
	CHAIN = 5,
	ALTERNATES = 64,
	LIST_BYTES = 16 << 10
}; /* as deep as git follows them; how many; a list */

static void add_alternates(struct arena *mem, struct str objects, uint32_t depth,
			   struct folder_paths *out);

static bool holds_objects(struct str path)
{
	struct arena *scratch = arena_new();
	struct diags unheard = diags_new(scratch);
	struct folder folder;
	bool holds;

	holds = folder_open(&unheard, path, &folder) && folder.fd >= 0 &&
		folder_look(&folder, S("pack")) == ENTRY_FOLDER;
	folder_close(&folder);
	arena_free(scratch);
	return holds;
}

static void add_alternate(struct arena *mem, struct str objects, struct str line, uint32_t depth,
			  struct folder_paths *out)
{
	struct str path = line;

	if (!line.n || line.p[0] == '#' || memchr(line.p, '\0', line.n))
		return;
	if (line.p[0] != '/')
		path = str_format(mem, "%.*s/%.*s", STR(objects), STR(line));
	path = str_of(str_z(mem, path));
	if (out->n >= ALTERNATES || !holds_objects(path))
		return;
	vec_add(mem, out, path);
	add_alternates(mem, path, depth + 1, out);
}

static void add_alternates(struct arena *mem, struct str objects, uint32_t depth,
			   struct folder_paths *out)
{
	struct diags unheard = diags_new(mem);
	struct folder info;
	struct str list = { 0 };

	if (depth >= CHAIN)
		return;
	if (folder_open(&unheard, str_format(mem, "%.*s/info", STR(objects)), &info) &&
	    info.fd >= 0)
		folder_read(mem, &unheard, &info, S("alternates"), LIST_BYTES, &list);
	folder_close(&info);
	while (list.n) {
		int64_t end = str_find(list, '\n');
		struct str line = str_slice(list, 0, end < 0 ? list.n : (uint32_t)end);

		add_alternate(mem, objects, line, depth, out);
		list = str_slice(list, line.n + 1, list.n);
	}
}

void repository_folders(struct arena *mem, const struct repository *r, struct folder_paths *out)
{
	struct str own = str_copy(mem, str_of(git_repository_path(r->git)));
	struct str common = str_copy(mem, str_of(git_repository_commondir(r->git)));

	vec_add(mem, out, own);
	vec_add(mem, out, common);
	add_alternates(mem, str_format(mem, "%.*sobjects", STR(common)), 0, out);
}
