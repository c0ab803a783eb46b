/*
 * One root, three places to read it from; see the header.
 */
#include "base/base.h"
#include "git/root.h"

bool root_open(struct arena *mem, struct diags *diags, const struct root_choice *choice,
	       struct root *out)
{
	*out = (struct root){ .kind = choice->kind, .worktree = { .fd = -1 } };
	if (choice->kind == ROOT_WORKTREE) {
		if (!worktree_open(mem, diags, choice->from, &out->worktree))
			return false;
		out->path = out->worktree.root;
		return true;
	}
	if (!objects_open(mem, diags, choice->from, choice->repository,
			  choice->kind == ROOT_REVISION ? choice->rev : NULL, &out->objects))
		return false;
	out->path = out->objects.path;
	out->bare = out->objects.repository.bare;
	return true;
}

void root_close(struct root *root)
{
	if (root->kind == ROOT_WORKTREE)
		worktree_close(&root->worktree);
	else
		objects_close(&root->objects);
}

bool root_read(struct arena *mem, struct diags *diags, struct root *root, struct str folder,
	       size_t max_file_bytes, struct tree_listing *out)
{
	root->worktree.skip = root->objects.skip = root->skip;
	root->objects.pool = root->pool;
	if (root->kind == ROOT_WORKTREE)
		return worktree_read(mem, diags, &root->worktree, folder, max_file_bytes, out);
	return objects_read(mem, diags, &root->objects, folder, max_file_bytes, out);
}

bool root_read_file(struct arena *mem, struct diags *diags, const struct root *root,
		    struct str path, size_t max_bytes, struct str *out)
{
	if (root->kind == ROOT_WORKTREE)
		return worktree_read_file(mem, diags, &root->worktree, path, max_bytes, out);
	return objects_read_file(mem, diags, &root->objects, path, max_bytes, out);
}
