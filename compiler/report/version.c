/*
 * The program about itself.
 */
#include "base/base.h"
#include "report/version.h"

#include "report/doc.h"

void report_version_text(struct buf *out, const struct report_version *v)
{
	buf_format(out, "meshc %s\n", v->version);
	for (uint32_t i = 0; i < v->n_libraries; i++)
		buf_format(out, "%s%s %s", i ? ", " : "with ", v->libraries[i].name,
			   v->libraries[i].version);
	buf_lit(out, "\nkinds:");
	for (uint32_t i = 0; i < v->n_kinds; i++)
		buf_format(out, "%s %s", i ? "," : "", v->kinds[i]);
	buf_char(out, '\n');
}

void report_version_json(struct buf *out, const struct report_version *v)
{
	struct doc d = doc_new(out->mem);
	struct doc libraries, kinds;

	doc_text(d, "schema", S("meshc.dev/version/v1"));
	doc_text(d, "version", str_of(v->version));
	libraries = doc_map(d, "libraries");
	for (uint32_t i = 0; i < v->n_libraries; i++)
		doc_text(libraries, v->libraries[i].name, str_of(v->libraries[i].version));
	kinds = doc_list(d, "kinds");
	for (uint32_t i = 0; i < v->n_kinds; i++)
		doc_add_text(kinds, str_of(v->kinds[i]));
	doc_write(d, out);
}
