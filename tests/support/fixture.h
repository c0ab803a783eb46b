/*
 * What a unit test stands on: an arena, a registry of texts, a sink of findings
 * and a pool, and short ways to ask what was found.
 *
 *	struct fixture f;
 *	fixture_setup(&f);
 *	struct documents docs = fixture_parse(&f, "mesh/a.yaml", "kind: X\n");
 *	assert_true(fixture_has(&f, CODE_missing_api_version));
 *	fixture_teardown(&f);
 *
 * Header only: a test links the rooms it tests, nothing else. Parsing needs tree/.
 */
#pragma once

#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/pool.h"
#include "source/diag.h"
#include "source/render.h"
#include "tree/yaml.h"

struct fixture {
	struct arena *mem;
	struct files files;
	struct diags diags;
	struct pool *pool;
};

static inline void fixture_setup(struct fixture *f)
{
	f->mem = arena_new();
	f->files = files_new(f->mem);
	f->diags = diags_new(f->mem);
	f->pool = pool_new(2);
}

static inline void fixture_teardown(struct fixture *f)
{
	pool_free(f->pool);
	arena_free(f->mem);
}

/* Registers the text (it is not copied) and returns its id. Paths come in rising order. */
static inline uint32_t fixture_file(struct fixture *f, const char *path, const char *text)
{
	return files_add(&f->files, str_of(path), str_of(text));
}

static inline struct documents fixture_parse(struct fixture *f, const char *path, const char *text)
{
	struct documents out = { 0 };
	uint32_t id = fixture_file(f, path, text);

	yaml_read(f->mem, &f->diags, files_get(&f->files, id), &out);
	return out;
}

/* The root of a text that holds one sound document. */
static inline struct node *fixture_node(struct fixture *f, const char *path, const char *text)
{
	struct documents out = fixture_parse(f, path, text);

	assert_int_equal(out.all.n, 1);
	assert_non_null(out.all.at[0].root);
	return out.all.at[0].root;
}

static inline uint32_t fixture_count(const struct fixture *f, enum code code)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->diags.all.n; i++)
		n += f->diags.all.at[i]->code == code;
	return n;
}

static inline bool fixture_has(const struct fixture *f, enum code code)
{
	return fixture_count(f, code) > 0;
}

/* The first finding of that code, NULL: none. */
static inline const struct finding *fixture_finding(const struct fixture *f, enum code code)
{
	for (uint32_t i = 0; i < f->diags.all.n; i++)
		if (f->diags.all.at[i]->code == code)
			return f->diags.all.at[i];
	return NULL;
}

/* All findings as the user would see them; settles them first. */
static inline const char *fixture_text(struct fixture *f)
{
	struct buf out = buf_new(f->mem, 0);

	diags_settle(&f->diags, f->mem);
	for (uint32_t i = 0; i < f->diags.all.n; i++)
		render_finding(&out, &f->files, f->diags.all.at[i],
			       (struct render_options){ false });
	return str_z(f->mem, buf_view(&out));
}

/* Fails with the findings when there are errors. */
static inline void fixture_assert_sound(struct fixture *f)
{
	if (f->diags.errors)
		print_error("%s\n", fixture_text(f));
	assert_int_equal(f->diags.errors, 0);
}
