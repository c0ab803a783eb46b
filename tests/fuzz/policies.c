/*
 * As pipeline.c, but the bytes grow declarations that fit their schemas: syntax is never what is wrong, so that the
 * plan and the targets get to see what nobody would write.
 */
#include "fuzz/fleet.h"
#include "fuzz/grow.h"

#include "model/resource.h"

static const enum kind kinds[] = { KIND_VIRTUAL_MESH, KIND_TRAFFIC_POLICY, KIND_ACCESS_POLICY };
static const struct span nowhere;

static void put(struct grow *g, struct node *map, const char *key, struct node *value)
{
	struct pair *pair = node_pair(map, str_of(key));

	if (pair)
		pair->value = value;
	else
		node_put(g->mem, map, str_of(key), value);
}

static struct node *grow_declaration(struct grow *g, uint32_t i)
{
	const struct kind_row *row = kind_row(kinds[grow_byte(g) % countof(kinds)]);
	struct node *out = grow_object(g, row->shape), *metadata = node_map(g->mem, nowhere);

	put(g, out, "apiVersion", node_string(g->mem, str_of(row->api), nowhere));
	put(g, out, "kind", node_string(g->mem, str_of(row->name), nowhere));
	put(g, metadata, "name", node_string(g->mem, str_format(g->mem, "p%u", i), nowhere));
	put(g, metadata, "namespace", node_string(g->mem, S("shop"), nowhere));
	put(g, out, "metadata", metadata);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct run run;
	struct result result;
	struct arena *mem = arena_new();
	struct grow grow = grow_new(mem, bytes, n);
	struct buf text = buf_new(mem, 0);

	for (uint32_t i = 0; grow.n && i < 16; i++) {
		buf_lit(&text, "---\n");
		yaml_write(&text, grow_declaration(&grow, i));
	}
	fleet_write("mesh/a.yaml", buf_view(&text));
	arena_free(mem);
	if (fleet_compile(&run, &result))
		compile_index(&run, &result);
	fleet_report(&run, &result);
	run_close(&run);
	return 0;
}
