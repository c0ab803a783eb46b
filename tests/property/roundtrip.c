/*
 * What was emitted reads back as what was meant: for every YAML file below the folders, reading and writing
 * gives the same bytes, and reading those gives the same tree.
 */
#include "base/base.h"

#include "source/render.h"
#include "tree/yaml.h"

#include "golden/disk.h"

static bool fails(const char *path, const char *what)
{
	printf("%s: %s\n", path, what);
	return false;
}

static bool reads(struct arena *mem, const char *path, struct str text, struct node **root)
{
	struct files files = files_new(mem);
	struct diags diags = diags_new(mem);
	struct documents docs = { 0 };

	yaml_read(mem, &diags, files_get(&files, files_add(&files, str_of(path), text)), &docs);
	if (diags.all.n)
		return fails(path, finding_message(mem, diags.all.at[0]).p);
	if (docs.all.n != 1 || !docs.all.at[0].root)
		return fails(path, "not one object");
	*root = docs.all.at[0].root;
	return true;
}

static bool try_file(struct arena *mem, const char *path)
{
	struct str text = disk_read(mem, path);
	struct buf again = buf_new(mem, 0);
	struct node *root, *second;

	if (!reads(mem, path, text, &root))
		return false;
	yaml_write(&again, root);
	if (!str_eq(buf_view(&again), text))
		return fails(path, "written again, it differs");
	return reads(mem, path, buf_view(&again), &second) &&
	       (node_eq(root, second) || fails(path, "read again, it is another tree"));
}

int main(int argc, char **argv)
{
	struct arena *list = arena_new(), *mem = arena_new();
	uint32_t n = 0, wrong = 0;

	for (int i = 1; i < argc; i++) {
		struct disk_paths files = disk_list(list, argv[i]);

		for (uint32_t k = 0; k < files.all.n; k++) {
			struct arena_mark mark = arena_mark(mem);

			if (!str_ends(files.all.at[k], S(".yaml")))
				continue;
			n++;
			wrong += !try_file(mem, path_join(mem, argv[i], files.all.at[k].p));
			arena_rewind(mem, mark);
		}
	}
	printf("%u files, %u differ\n", n, wrong);
	arena_free(mem);
	arena_free(list);
	return wrong > 0 || !n;
}
