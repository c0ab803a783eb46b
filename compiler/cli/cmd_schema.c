/*
 * schema: the JSON Schema of a kind, complete in itself, as editors want it.
 */
#include "base/base.h"
#include "cli/command.h"
#include "model/resource.h"
#include "schema/describe.h"
#include "schema/model.gen.h"

static const struct schema_text *find(struct str kind)
{
	for (uint32_t i = 0; i < n_schema_texts; i++)
		if (str_eq_nocase(kind, str_of(schema_texts[i].kind)))
			return &schema_texts[i];
	return NULL;
}

static enum exit_code complain_kind(struct invocation *in, struct str kind)
{
	struct str *names = NEW(in->mem, struct str, n_schema_texts);
	struct str closest;

	for (uint32_t i = 0; i < n_schema_texts; i++)
		names[i] = str_of(schema_texts[i].kind);
	closest = str_nearest(kind, names, n_schema_texts);
	if (!closest.n)
		return command_complain(in, str_format(in->mem, "`%.*s` is not a kind", STR(kind)));
	return command_complain(in,
				str_format(in->mem, "`%.*s` is not a kind; closest name: `%.*s`",
					   STR(kind), STR(closest)));
}

/* The kinds that people write, in the order in which a newcomer meets them. */
static void print_tables(struct invocation *in)
{
	static const enum kind kinds[] = {
		KIND_FLEET,        KIND_CLUSTER,        KIND_KUBERNETES_CLUSTER,
		KIND_VIRTUAL_MESH, KIND_TRAFFIC_POLICY, KIND_ACCESS_POLICY
	};
	const struct shape *shapes[countof(kinds)];

	for (size_t i = 0; i < countof(kinds); i++)
		shapes[i] = kind_row(kinds[i])->shape;
	describe_markdown(&in->out, shapes, countof(kinds));
}

enum exit_code cmd_schema(struct invocation *in)
{
	const struct schema_text *schema;

	if (in->options.markdown) {
		print_tables(in);
		return EXIT_CLEAN;
	}
	if (!in->options.kind) {
		for (uint32_t i = 0; i < n_schema_texts; i++)
			buf_format(&in->out, "%s\n", schema_texts[i].kind);
		return EXIT_CLEAN;
	}
	if (in->options.list)
		return command_complain(in, S("`--list` and `--kind` exclude each other"));
	schema = find(str_of(in->options.kind));
	if (!schema)
		return complain_kind(in, str_of(in->options.kind));
	buf_put(&in->out, schema->text, schema->n);
	if (schema->n && schema->text[schema->n - 1] != '\n')
		buf_char(&in->out, '\n');
	return EXIT_CLEAN;
}
