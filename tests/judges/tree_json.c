/*
 * YAML files as JSON, as meshc reads them: the names of the files on standard input, one a line, and a line of JSON
 * for each. What meshc refuses becomes {"not read": why}.
 */
#include "base/base.h"

#include "source/render.h"
#include "tree/json.h"
#include "tree/yaml.h"

#include "golden/disk.h"

static struct str why_not(struct arena *mem, const struct diags *diags)
{
	return diags->all.n ? finding_message(mem, diags->all.at[0]) : S("not one document");
}

static const struct node *read_file(struct arena *mem, const char *path)
{
	struct files files = files_new(mem);
	struct diags diags = diags_new(mem);
	struct documents docs = { 0 };
	struct str text = disk_read(mem, path);
	struct span at = { 0 };
	struct node *refused;

	yaml_read(mem, &diags, files_get(&files, files_add(&files, str_of(path), text)), &docs);
	if (!diags.all.n && docs.all.n == 1 && docs.all.at[0].root)
		return docs.all.at[0].root;
	refused = node_map(mem, at);
	node_put(mem, refused, S("not read"), node_string(mem, why_not(mem, &diags), at));
	return refused;
}

int main(void)
{
	struct arena *mem = arena_new();
	char path[4096];

	while (fgets(path, sizeof(path), stdin)) {
		struct arena_mark mark = arena_mark(mem);
		struct buf out = buf_new(mem, 0);

		path[strcspn(path, "\n")] = 0;
		json_write(&out, read_file(mem, path), false);
		printf("%.*s\n", STR(buf_view(&out)));
		arena_rewind(mem, mark);
	}
	arena_free(mem);
	return 0;
}
