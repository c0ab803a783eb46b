/*
 * One text, read: what every test of this room starts from.
 */
#pragma once

#include "base/base.h"

#include "source/diag.h"
#include "tree/yaml.h"

#include <setjmp.h>

#include <cmocka.h>

struct reading {
	struct arena *mem;
	struct files files;
	const struct file *file;
	struct diags diags;
	struct documents documents;
};

static inline struct reading read_bytes(struct str text)
{
	struct reading in = { .mem = arena_new() };
	in.files = files_new(in.mem);
	/* On the heap without a NUL behind it: a sanitizer sees every byte too far. */
	char *exact = NEW(in.mem, char, text.n);
	if (text.n)
		memcpy(exact, text.p, text.n);
	in.file = files_get(&in.files,
			    files_add(&in.files, S("a.yaml"), (struct str){ exact, text.n }));
	in.diags = diags_new(in.mem);
	yaml_read(in.mem, &in.diags, in.file, &in.documents);
	return in;
}

static inline struct reading read_text(const char *text)
{
	return read_bytes(str_of(text));
}

static inline void reading_free(struct reading *in)
{
	arena_free(in->mem);
}

static inline const char *all_findings(const struct reading *in)
{
	struct str text = S("");
	for (uint32_t i = 0; i < in->diags.all.n; i++)
		text = str_format(in->mem, "%.*s\n%.*s", STR(text),
				  STR(finding_message(in->mem, in->diags.all.at[i])));
	return str_z(in->mem, text);
}

static inline void assert_clean(const struct reading *in)
{
	if (in->diags.all.n)
		fail_msg("unexpected findings:%s", all_findings(in));
}

/* The root of the only document. */
static inline struct node *only_root(const struct reading *in)
{
	assert_clean(in);
	assert_int_equal(in->documents.all.n, 1);
	assert_false(in->documents.all.at[0].broken);
	assert_non_null(in->documents.all.at[0].root);
	return in->documents.all.at[0].root;
}

static inline void assert_str(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got `%.*s`, want `%s`", STR(got), want);
}

/* The span covers exactly these bytes of the file. */
static inline void assert_covers(const struct reading *in, struct span at, const char *want)
{
	assert_int_equal(at.file, in->file->id);
	assert_true(at.start <= at.end && at.end <= in->file->text.n);
	assert_str(str_slice(in->file->text, at.start, at.end), want);
}

static inline const struct finding *find_finding(const struct reading *in, enum code code)
{
	for (uint32_t i = 0; i < in->diags.all.n; i++) {
		if (in->diags.all.at[i]->code == code)
			return in->diags.all.at[i];
	}
	fail_msg("no finding %s, but:%s", diag_row(code)->slug, all_findings(in));
	return NULL;
}

static inline const struct finding *only_finding(const struct reading *in, enum code code)
{
	if (in->diags.all.n != 1)
		fail_msg("%u findings:%s", in->diags.all.n, all_findings(in));
	return find_finding(in, code);
}
