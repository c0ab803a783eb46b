/*
 * Nodes -> model, for every kind: the first byte chooses it, the others grow a document of it. What is sound is the
 * same when it has been encoded and decoded again.
 */
#include "fuzz/fuzz.h"
#include "fuzz/grow.h"

#include "model/resource.h"
#include "schema/decode.h"
#include "schema/encode.h"

static struct node *encode_once(struct fuzz *f, const struct shape *shape, const struct node *node,
				bool *sound)
{
	return encode(f->mem, shape, decode(f->mem, &f->diags, shape, node, sound));
}

static void decode_document(struct fuzz *f, const struct shape *shape, const struct node *document)
{
	bool sound = true;
	struct node *once = encode_once(f, shape, document, &sound);

	if (!sound)
		return;
	LAW(node_eq(once, encode_once(f, shape, once, &sound)) && sound,
	    "a %s that is sound is not when it has been encoded", shape->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct fuzz f;
	struct grow grow;
	struct buf text;
	struct documents documents;
	const struct shape *shape;

	fuzz_open(&f);
	grow = grow_new(f.mem, bytes, n);
	shape = kind_row(grow_byte(&grow) % KIND_MAX)->shape;
	text = buf_new(f.mem, 0);
	yaml_write(&text, grow_object(&grow, shape));
	documents = fuzz_read(&f, "a.yaml", buf_view(&text));
	for (uint32_t i = 0; i < documents.all.n; i++)
		if (documents.all.at[i].root)
			decode_document(&f, shape, documents.all.at[i].root);
	fuzz_close(&f);
	return 0;
}
