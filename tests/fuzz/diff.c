/*
 * What a change does: the declarations before and after a line `%%`, compared in every format. A comment for a pull
 * request keeps its ceiling whatever the change is.
 */
#include "fuzz/fleet.h"

#include "report/diff.h"

enum { COMMENT_MOST = 65000 };

static struct diff_side side_of(const char *name, struct result *r)
{
	return (struct diff_side){
		.name = name,
		.files = r->sources.files,
		.plan = &r->plan,
		.bundle = &r->bundle,
		.fileset = &r->fileset,
		.lower = compile_lower,
		.cx = r,
	};
}

static void compare(struct run *run, struct result *a, struct result *b)
{
	struct diff_side base = side_of("HEAD", a), head = side_of("worktree", b);
	struct diff diff;

	diff_make(run->mem, run->pool, &base, &head, &diff);
	for (const struct diff_format *f = diff_formats; f->name; f++) {
		struct buf out = buf_new(run->mem, 0);

		f->write(&diff, &(struct diff_options){ .all = true }, &out);
		LAW(strcmp(f->name, "markdown") || out.n <= COMMENT_MOST, "a comment of %zu bytes",
		    out.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str old = fuzz_text(bytes, n), new = fuzz_cut(&old);
	struct run base, head;
	struct result a, b;
	bool compiled;

	fleet_write("mesh/a.yaml", old);
	compiled = fleet_compile(&base, &a);
	if (compiled) {
		fleet_write("mesh/a.yaml", new);
		if (fleet_compile(&head, &b)) {
			compile_index(&base, &a);
			compile_index(&head, &b);
			compare(&head, &a, &b);
		}
		run_close(&head);
	}
	run_close(&base);
	return 0;
}
