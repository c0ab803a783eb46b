/*
 * The formats of a difference. They are not those of findings: a difference has
 * no place in a source file that a code scanner could show.
 */
#include "base/base.h"
#include "report/diff_local.h"

const struct diff_format diff_formats[] = {
	{ .name = "text", .write = diff_text },
	{ .name = "unified", .needs_index = true, .write = diff_unified },
	{ .name = "json", .write = diff_json },
	{ .name = "markdown", .write = diff_markdown },
	{ .name = NULL },
};

const struct diff_format *diff_format_find(struct str name)
{
	for (const struct diff_format *row = diff_formats; row->name; row++)
		if (str_eq(name, str_of(row->name)))
			return row;
	return NULL;
}
