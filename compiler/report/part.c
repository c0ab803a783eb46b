/*
 * The one rule of the plan's document: what holds nothing is left out. And how it names
 * services, meshes, declarations and places.
 */
#include "base/base.h"
#include "report/local.h"

struct part part_map(struct part p, const char *key)
{
	return (struct part){ doc_map(p.doc, key), p.files };
}

struct part part_list(struct part p, const char *key, uint32_t n)
{
	return n ? (struct part){ doc_list(p.doc, key), p.files } : p;
}

struct part part_item(struct part list)
{
	return (struct part){ doc_item(list.doc), list.files };
}

void part_text(struct part p, const char *key, struct str text)
{
	if (text.n)
		doc_text(p.doc, key, text);
}

void part_int(struct part p, const char *key, int64_t n)
{
	if (n)
		doc_int(p.doc, key, n);
}

void part_flag(struct part p, const char *key, bool value)
{
	if (value)
		doc_bool(p.doc, key, value);
}

void part_texts(struct part p, const char *key, const struct str *texts, uint32_t n)
{
	struct part list = part_list(p, key, n);

	for (uint32_t i = 0; i < n; i++)
		doc_add_text(list.doc, texts[i]);
}

void part_ints(struct part p, const char *key, const uint32_t *numbers, uint32_t n)
{
	struct part list = part_list(p, key, n);

	for (uint32_t i = 0; i < n; i++)
		doc_add_int(list.doc, numbers[i]);
}

void part_labels(struct part p, const char *key, const struct labels *labels)
{
	struct part map;

	if (!labels->n)
		return;
	map = part_map(p, key);
	for (uint32_t i = 0; i < labels->n; i++)
		doc_text(map.doc, str_z(map.doc.mem, labels->at[i].key), labels->at[i].value);
}

void part_tree(struct part p, const char *key, struct node *tree)
{
	if (tree)
		doc_tree(p.doc, key, tree);
}

void part_place_of(struct part p, const char *key, struct span at)
{
	const struct file *file;

	if (!span_set(at))
		return;
	file = files_get(p.files, at.file);
	doc_text(p.doc, key,
		 str_format(p.doc.mem, "%.*s:%" PRIu32, STR(file->path),
			    file_position(file, at.start).line));
}

void part_place(struct part p, struct span at)
{
	part_place_of(p, "at", at);
}

/* "shop/api" */
static struct str reference(struct arena *mem, struct str space, struct str name)
{
	return str_join(mem, space, S("/"), name);
}

void part_mesh(struct part p, const char *key, const struct mesh *mesh)
{
	doc_text(p.doc, key, reference(p.doc.mem, mesh->space, mesh->name));
}

void part_meshes(struct part p, const char *key, const struct mesh_list *meshes)
{
	struct part list = part_list(p, key, meshes->n);

	for (uint32_t i = 0; i < meshes->n; i++)
		doc_add_text(list.doc,
			     reference(p.doc.mem, meshes->at[i]->space, meshes->at[i]->name));
}

void part_service(struct part p, const struct service *service)
{
	if (service)
		doc_text(p.doc, "service", reference(p.doc.mem, service->space, service->name));
}

void part_service_anywhere(struct part p, const struct service *service)
{
	part_service(p, service);
	doc_text(p.doc, "cluster", service->cluster->name);
}

void part_declaration(struct part p, const char *key, const struct resource *declaration)
{
	if (declaration)
		doc_text(p.doc, key, policy_title(p.doc.mem, declaration));
}

void part_sources(struct part p, const struct resource_list *sources)
{
	struct part list = part_list(p, "sources", sources->n);

	for (uint32_t i = 0; i < sources->n; i++)
		doc_add_text(list.doc, policy_title(p.doc.mem, sources->at[i]));
}
