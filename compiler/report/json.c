/*
 * The report as one JSON document for machines. The same compile gives the same
 * bytes: no times, no paths of the machine, findings in their settled order.
 *
 *	{
 *	  "schema": "meshc.dev/report/v1",
 *	  "command": "check",
 *	  "status": "findings",              clean | findings | does-not-compile | guard | environment: the exit code in a word
 *	  "findings": [{
 *	    "code": "MSH0204", "slug": "unknown-cluster", "severity": "error",     error | warning | note
 *	    "message": "`c3` is not a cluster of the inventory",
 *	    "file": "mesh/a.yaml", "line": 18, "column": 16, "endLine": 18, "endColumn": 18,
 *	    "notes": [{ "message": "closest name", "file": ..., "line": ... }],
 *	    "help": "use `c2`",
 *	    "fix": { "file": ..., "line": ..., "start": 310, "end": 312, "text": "c2" },
 *	    "repeats": 0,                    further places with the same cause, not listed
 *	    "rendered": "error[MSH0204]: ..."  the text that people get, without colour
 *	  }],
 *	  "summary": {
 *	    "clusters": 2, "objects": 41, "new": 12, "changed": 3, "removed": 0, "errors": 1, "warnings": 0,
 *	    "perCluster": [{ "cluster": "c1", "objects": 20, "imports": 4, "bytes": 9812 }]
 *	  }
 *	}
 *
 * Lines and columns count from 1, columns in characters, the end is exclusive;
 * start and end are bytes of the file. What is not known is left out: the place
 * of a finding about no file, `help`, `fix`, and numbers of passes not reached.
 * Every finding is there, whatever --max-errors says. Keys are added, never
 * renamed or removed, while the schema is v1.
 */
#include "base/base.h"
#include "report/report.h"

#include "report/doc.h"
#include "source/render.h"

static void put_place(struct doc t, const struct files *files, struct span at)
{
	const struct file *file;
	struct position from, to;

	if (!span_set(at))
		return;
	file = files_get(files, at.file);
	from = file_position(file, at.start);
	to = file_position(file, at.end);
	doc_text(t, "file", file->path);
	doc_int(t, "line", from.line);
	doc_int(t, "column", from.column);
	doc_int(t, "endLine", to.line);
	doc_int(t, "endColumn", to.column);
}

static void put_notes(struct doc t, const struct files *files, const struct finding *f)
{
	struct doc list = doc_list(t, "notes");

	for (uint32_t i = 0; i < f->notes.n; i++) {
		struct doc item = doc_item(list);

		doc_text(item, "message", f->notes.at[i].text);
		put_place(item, files, f->notes.at[i].at);
	}
}

static void put_fix(struct doc t, const struct files *files, const struct finding *f)
{
	struct doc edit;

	if (!span_set(f->fix_at))
		return;
	edit = doc_map(t, "fix");
	put_place(edit, files, f->fix_at);
	doc_int(edit, "start", f->fix_at.start);
	doc_int(edit, "end", f->fix_at.end);
	doc_text(edit, "text", f->fix_text);
}

static void put_finding(struct doc t, const struct files *files, const struct finding *f)
{
	const struct diag_row *row = diag_row(f->code);
	struct buf rendered = buf_new(t.mem, 0);

	doc_text(t, "code", str_format(t.mem, "MSH%04u", row->number));
	doc_text(t, "slug", report_slug(t.mem, f->code));
	doc_text(t, "severity", str_of(report_severity(row->severity)));
	doc_text(t, "message", finding_message(t.mem, f));
	put_place(t, files, f->at);
	put_notes(t, files, f);
	if (f->help.n)
		doc_text(t, "help", f->help);
	put_fix(t, files, f);
	doc_int(t, "repeats", f->repeats);
	render_finding(&rendered, files, f, (struct render_options){ false });
	doc_text(t, "rendered", buf_view(&rendered));
}

static void put_clusters(struct doc t, const struct summary *s)
{
	struct doc list = doc_list(t, "perCluster");

	for (uint32_t i = 0; i < s->per_cluster.n; i++) {
		const struct cluster_summary *row = &s->per_cluster.at[i];
		struct doc item = doc_item(list);

		doc_text(item, "cluster", row->name);
		doc_int(item, "objects", row->objects);
		doc_int(item, "imports", row->imports);
		doc_int(item, "bytes", (int64_t)row->bytes);
	}
}

static void put_summary(struct doc t, const struct summary *s)
{
	if (s->has_clusters)
		doc_int(t, "clusters", s->clusters);
	if (s->has_objects)
		doc_int(t, "objects", s->objects);
	if (s->has_changes) {
		doc_int(t, "new", s->new);
		doc_int(t, "changed", s->changed);
		doc_int(t, "removed", s->removed);
	}
	doc_int(t, "errors", s->errors);
	doc_int(t, "warnings", s->warnings);
	if (s->has_objects)
		put_clusters(t, s);
}

void report_json(const struct report *r, struct buf *findings, struct buf *result)
{
	struct doc t = doc_new(result->mem);
	struct doc list;

	(void)findings;
	doc_text(t, "schema", S("meshc.dev/report/v1"));
	doc_text(t, "command", str_of(r->command));
	doc_text(t, "status", str_of(r->status));
	list = doc_list(t, "findings");
	for (uint32_t i = 0; i < r->diags->all.n; i++)
		put_finding(doc_item(list), r->files, r->diags->all.at[i]);
	put_summary(doc_map(t, "summary"), &r->summary);
	doc_write(t, result);
}
