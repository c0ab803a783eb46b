/*
 * What a command says about a compile, in one of several formats.
 *
 * A format gets the findings and the numbers; it adds no meaning and never
 * changes the exit code. A new format is a function and a row of formats.c.
 */
#pragma once

#include "report/summary.h"
#include "source/diag.h"

struct report_options {
	bool color;    /* of the findings */
	bool all;      /* text: no cap on findings */
	bool verbose;  /* text: the table shows every cluster */
	bool table;    /* text: the table per cluster comes before the line */
	uint32_t most; /* text: errors shown; as many warnings and notes */
};

struct report {
	const char *command; /* "check", "build" */
	const char *status;  /* "clean", "findings", ... one word per exit code */
	const char *version; /* of the program */
	const struct files *files;
	const struct diags *diags; /* settled */
	struct summary summary;
	int64_t elapsed_ms; /* < 0: not measured; never part of machine formats */
	/* From where meshc was started to the folder of meshc.yaml, ending in '/'; empty: there. */
	struct str folder;
	struct str (*explain)(
		uint16_t number); /* the long text of a finding in Markdown; may be NULL */
	struct report_options options;
};

struct report_format {
	const char *name;
	bool json;          /* other documents of a command are JSON as well */
	bool findings_only; /* there is no other document in this format */
	/* Findings and result may be one buffer: then findings come first. */
	void (*write)(const struct report *, struct buf *findings, struct buf *result);
};

extern const struct report_format report_formats[]; /* ends with a row without a name */

const struct report_format *report_format_find(struct str name); /* NULL: no such format */

/* "text, json, ... or markdown": those that can hold any document, or all. */
struct str report_format_names(struct arena *, bool all);

void report_text(const struct report *, struct buf *findings, struct buf *result);
void report_json(const struct report *, struct buf *findings, struct buf *result);
void report_sarif(const struct report *, struct buf *findings, struct buf *result);
void report_junit(const struct report *, struct buf *findings, struct buf *result);
void report_github(const struct report *, struct buf *findings, struct buf *result);
void report_gitlab(const struct report *, struct buf *findings, struct buf *result);
void report_markdown(const struct report *, struct buf *findings, struct buf *result);

/* "unknown-cluster" of unknown_cluster: the slug as people read and write it. */
struct str report_slug(struct arena *, enum code);
const char *report_severity(enum severity);
