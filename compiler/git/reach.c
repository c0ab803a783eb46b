/*
 * The folders of a repository, for who wants to let nothing else be read: its own,
 * the one that its worktrees share, and the objects of its alternates.
 *
 * Links and lists of alternates are followed as git follows them, but a folder that
 * does not look like one of git's is left out: nobody shall name any folder of the
 * machine there.
 */
#include "base/base.h"
#include "git/repository.h"

#include <git2.h>

#include "git/local.h"

enum {
	CHAIN = 5, /* of alternates of alternates, as git has it */
	FOLDERS = 64,
	LIST_BYTES = 16 << 10,
};

static void add_alternates(struct arena *mem, struct str objects, uint32_t depth,
			   struct folder_paths *out);

/* Whether the folder, a link to it included, has the one in it that git always makes there. */
static bool holds(struct arena *mem, struct str path, struct str name)
{
	struct diags unheard = diags_new(mem);
	enum entry_kind kind;
	struct folder folder;
	bool found;

	found = folder_open(&unheard, str_format(mem, "%.*s/.", STR(path)), &folder) &&
		folder.fd >= 0 && folder_look(&unheard, &folder, name, &kind) &&
		kind == ENTRY_FOLDER;
	folder_close(&folder);
	return found;
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
	if (out->n >= FOLDERS || !holds(mem, path, S("pack")))
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
	struct str objects = str_format(mem, "%.*sobjects", STR(common));
	struct str refs = str_format(mem, "%.*srefs", STR(common));

	vec_add(mem, out, own);
	vec_add(mem, out, common);
	if (holds(mem, refs, S("heads")))
		vec_add(mem, out, refs);
	if (holds(mem, objects, S("pack")))
		vec_add(mem, out, objects);
	add_alternates(mem, objects, 0, out);
}
