/*
 * See fuzz.h.
 */
#include "fuzz/fuzz.h"

#include "source/render.h"

#include <stdlib.h>
#include <unistd.h>

/* -Wl,--wrap=_exit: code 70 of BUG and 6 of out of memory are findings here. */
_Noreturn void __wrap__exit(int code);
_Noreturn void __real__exit(int code);

_Noreturn void __wrap__exit(int code)
{
	if (code == 70 || code == 6)
		abort();
	__real__exit(code);
}

void fuzz_open(struct fuzz *f)
{
	f->mem = arena_new();
	f->files = files_new(f->mem);
	f->diags = diags_new(f->mem);
}

void fuzz_close(struct fuzz *f)
{
	struct buf out = buf_new(f->mem, 0);

	diags_settle(&f->diags, f->mem);
	for (uint32_t i = 0; i < f->diags.all.n; i++)
		render_finding(&out, &f->files, f->diags.all.at[i],
			       (struct render_options){ false });
	arena_free(f->mem);
}

struct documents fuzz_read(struct fuzz *f, const char *path, struct str text)
{
	struct documents out = { 0 };
	uint32_t id = files_add(&f->files, str_of(path), text);

	yaml_read(f->mem, &f->diags, files_get(&f->files, id), &out);
	return out;
}

struct str fuzz_text(const uint8_t *bytes, size_t n)
{
	return (struct str){ n ? (const char *)bytes : "", (uint32_t)n };
}

struct str fuzz_cut(struct str *text)
{
	static const char line[] = "\n%%\n";
	const char *at = memmem(text->p, text->n, line, sizeof line - 1);
	struct str rest;

	if (!at)
		return S("");
	rest = str_slice(*text, (uint32_t)(at - text->p) + sizeof line - 1, text->n);
	*text = str_slice(*text, 0, (uint32_t)(at - text->p) + 1);
	return rest;
}
