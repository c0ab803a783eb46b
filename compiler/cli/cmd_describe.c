/*
 * describe: what the program can do, from the tables it works by.
 */
#include "base/base.h"
#include "cli/command.h"
#include "driver/capability.h"
#include "report/doc.h"
#include "report/table.h"

static struct str title_of(struct arena *mem, const struct capability *c)
{
	return c->when ? str_format(mem, "%s: %s", c->path, c->when) : str_of(c->path);
}

static struct str level_of(struct arena *mem, const struct capability_cell *cell)
{
	return cell->since.n ? str_format(mem, "%s since %.*s", cell->level, STR(cell->since))
			     : str_of(cell->level);
}

static void put_text(struct invocation *in, const struct capabilities *all)
{
	static const char *const columns[] = { "kind", "field of its spec", "mesh", "can",
					       "as what, or what is lost" };
	struct table t = table_new(in->mem, columns, countof(columns));

	for (uint32_t i = 0; i < all->all.n; i++) {
		const struct capability *c = &all->all.at[i];

		for (uint32_t k = 0; k < all->n_cells; k++) {
			table_text(&t, str_of(k ? "" : c->kind));
			table_text(&t, k ? S("") : title_of(in->mem, c));
			table_text(&t, str_of(c->cells[k].mesh));
			table_text(&t, level_of(in->mem, &c->cells[k]));
			table_text(&t, str_of(c->cells[k].text));
		}
	}
	table_write(&t, &in->out);
}

static void put_heading(struct invocation *in, const struct capabilities *all, const char *kind)
{
	buf_format(&in->out, "%s| Field of `%s.spec` |", in->out.n ? "\n" : "", kind);
	for (uint32_t k = 0; k < all->n_cells; k++)
		buf_format(&in->out, " %s |", all->all.at[0].cells[k].mesh);
	buf_lit(&in->out, "\n|---|");
	for (uint32_t k = 0; k < all->n_cells; k++)
		buf_lit(&in->out, "---|");
	buf_char(&in->out, '\n');
}

/* `native` goes without saying. */
static void put_cell(struct invocation *in, const struct capability_cell *cell)
{
	bool native = strcmp(cell->level, "native") == 0;

	buf_char(&in->out, ' ');
	if (!native)
		buf_format(&in->out, "**%s**%s", cell->level, *cell->text ? ": " : "");
	buf_format(&in->out, "%s", cell->text);
	if (cell->since.n)
		buf_format(&in->out, " (since %.*s)", STR(cell->since));
	buf_lit(&in->out, " |");
}

static void put_markdown(struct invocation *in, const struct capabilities *all)
{
	const char *kind = "";

	for (uint32_t i = 0; i < all->all.n; i++) {
		const struct capability *c = &all->all.at[i];

		if (strcmp(kind, c->kind) != 0)
			put_heading(in, all, kind = c->kind);
		buf_format(&in->out, "| `%s`", c->path);
		if (c->when)
			buf_format(&in->out, ": %s", c->when);
		buf_lit(&in->out, " |");
		for (uint32_t k = 0; k < all->n_cells; k++)
			put_cell(in, &c->cells[k]);
		buf_char(&in->out, '\n');
	}
}

/* {"schema": "meshc.dev/capabilities/v1", "capabilities": [{"kind", "field", "case", "meshes": [{"mesh", "level", "since", "text"}]}]} */
static void put_json(struct invocation *in, const struct capabilities *all)
{
	struct doc d = doc_new(in->mem), list;

	doc_text(d, "schema", S("meshc.dev/capabilities/v1"));
	list = doc_list(d, "capabilities");
	for (uint32_t i = 0; i < all->all.n; i++) {
		const struct capability *c = &all->all.at[i];
		struct doc item = doc_item(list), meshes;

		doc_text(item, "kind", str_of(c->kind));
		doc_text(item, "field", str_of(c->path));
		doc_text(item, "case", str_of(c->when ? c->when : ""));
		meshes = doc_list(item, "meshes");
		for (uint32_t k = 0; k < all->n_cells; k++) {
			struct doc cell = doc_item(meshes);

			doc_text(cell, "mesh", str_of(c->cells[k].mesh));
			doc_text(cell, "level", str_of(c->cells[k].level));
			doc_text(cell, "since", c->cells[k].since);
			doc_text(cell, "text", str_of(c->cells[k].text));
		}
	}
	doc_write(d, &in->out);
}

enum exit_code cmd_describe(struct invocation *in)
{
	struct capabilities all;

	if (!in->options.capabilities)
		return command_complain(in, S("`meshc describe` needs `--capabilities`"));
	all = capabilities_of(in->mem);
	if (in->options.markdown)
		put_markdown(in, &all);
	else if (in->options.output->json)
		put_json(in, &all);
	else
		put_text(in, &all);
	return EXIT_CLEAN;
}
