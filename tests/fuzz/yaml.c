/*
 * Bytes -> nodes. What was read is the same tree when it has been written and read again, as YAML and as JSON.
 */
#include "fuzz/fuzz.h"

#include "tree/json.h"

static const struct node *read_again(struct fuzz *f, const char *path, const struct buf *text)
{
	struct documents again = fuzz_read(f, path, buf_view(text));

	LAW(again.all.n == 1 && again.all.at[0].root, "what was written as %s cannot be read",
	    path);
	return again.all.at[0].root;
}

static void write_back(struct fuzz *f, const struct node *root)
{
	struct buf yaml = buf_new(f->mem, 0), json = buf_new(f->mem, 0);

	yaml_write(&yaml, root);
	LAW(node_eq(read_again(f, "b.yaml", &yaml), root), "YAML: another tree");
	json_write(&json, root, false);
	read_again(f, "c.json", &json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct documents documents;
	struct fuzz f;

	fuzz_open(&f);
	documents = fuzz_read(&f, "a.yaml", fuzz_text(bytes, n));
	for (uint32_t i = 0; i < documents.all.n && i < 20; i++)
		if (documents.all.at[i].root)
			write_back(&f, documents.all.at[i].root);
	fuzz_close(&f);
	return 0;
}
