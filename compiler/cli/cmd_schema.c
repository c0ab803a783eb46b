/*
 * schema: the JSON Schema of a kind, complete in itself, as editors want it.
 */
#include "base/base.h"
#include "cli/command.h"
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

enum exit_code cmd_schema(struct invocation *in)
{
	const struct schema_text *schema;

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
