/*
 * Runs one golden case with the real binary: golden_runner MESHC REPOSITORY AREA/CASE
 *
 * Bytes are compared, both ways: a file that is expected and missing, and one that
 * nobody expects, fail alike. MESHC_GOLDEN=update writes what came out instead and
 * removes what did not; the exit code is never rewritten, and nothing is where it is wrong.
 */
#include "base/base.h"

#include "base/buf.h"
#include "golden/case.h"
#include "golden/disk.h"
#include "golden/process.h"

#include <unistd.h>

enum { SECONDS = 120 };

struct trial {
	struct arena *mem;
	const char *meshc, *work; /* work: our temporary folder */
	bool update, failed;
};

static void complain(struct trial *t, const char *format, ...) PRINTF_LIKE(2, 3);

static void complain(struct trial *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	t->failed = true;
}

/* The one line that differs between two runs: "2 clusters, 41 objects (...), 38 ms". It is not a finding. */
static bool is_summary(struct str line)
{
	return line.n && line.p[0] >= '0' && line.p[0] <= '9' && str_ends(line, S(" ms"));
}

/* Without summary lines; our temporary folder is called WORK. */
static void put_stable(struct trial *t, struct buf *out, struct str text)
{
	struct str work = str_of(t->work);

	while (text.n) {
		int64_t newline = str_find(text, '\n');
		uint32_t end = newline < 0 ? text.n : (uint32_t)newline + 1;
		struct str line = str_slice(text, 0, newline < 0 ? end : end - 1);

		text = str_slice(text, end, text.n);
		if (is_summary(line))
			continue;
		for (uint32_t i = 0; i < line.n;) {
			bool ours = str_starts(str_slice(line, i, line.n), work);

			buf_put(out, ours ? "WORK" : &line.p[i], ours ? 4 : 1);
			i += ours ? work.n : 1;
		}
		buf_char(out, '\n');
	}
}

static struct str stable(struct trial *t, struct str text)
{
	struct buf out = buf_new(t->mem, 0);
	struct str all;

	put_stable(t, &out, text);
	all = buf_view(&out);
	while (all.n > 1 && all.p[all.n - 1] == '\n' && all.p[all.n - 2] == '\n')
		all.n--;
	return str_eq(all, S("\n")) ? S("") : all;
}

/* What was found: beside the table of `build`, the whole answer of the other commands. */
static struct str said(struct trial *t, const struct golden_case *c, const struct process *p)
{
	if (strcmp(c->args.at[0], "build") == 0)
		return stable(t, p->err);
	return stable(t, str_format(t->mem, "%.*s%.*s", STR(p->out), STR(p->err)));
}

/* The arguments as they are; `build` without a place to write to gets the folder of the trial. */
static struct process run_meshc(struct trial *t, const struct golden_case *c, const char *folder)
{
	VEC(const char *) argv = { 0 };
	bool placed = strcmp(c->args.at[0], "build") != 0;

	vec_add(t->mem, &argv, t->meshc);
	for (uint32_t i = 0; i < c->args.n; i++) {
		placed = placed || str_starts(str_of(c->args.at[i]), S("--out-dir"));
		vec_add(t->mem, &argv, c->args.at[i]);
	}
	if (!placed) {
		vec_add(t->mem, &argv, "--out-dir");
		vec_add(t->mem, &argv, "../out");
	}
	vec_add(t->mem, &argv, NULL);
	return process_run(t->mem, folder, argv.at, t->work, SECONDS);
}

static void compare_file(struct trial *t, const char *expected, const char *got, const char *label)
{
	bool both = path_exists(expected) && path_exists(got);

	if (both && str_eq(disk_read(t->mem, expected), disk_read(t->mem, got)))
		return;
	if (t->update && t->failed)
		return; /* what did not end as it must is not worth recording */
	if (!t->update) {
		t->failed = true;
		process_diff(t->mem, expected, got, label);
		return;
	}
	if (path_exists(got))
		disk_write(t->mem, expected, disk_read(t->mem, got));
	else
		unlink(expected);
}

static void compare_folder(struct trial *t, const char *expected, const char *got)
{
	struct disk_paths wanted = disk_list(t->mem, expected), found = disk_list(t->mem, got);
	uint32_t i = 0, k = 0;

	while (i < wanted.all.n || k < found.all.n) {
		int order = i == wanted.all.n  ? 1
			    : k == found.all.n ? -1
					       : str_cmp(wanted.all.at[i], found.all.at[k]);
		const char *name = order <= 0 ? wanted.all.at[i].p : found.all.at[k].p;

		compare_file(t, path_join(t->mem, expected, name), path_join(t->mem, got, name),
			     name);
		i += order <= 0;
		k += order >= 0;
	}
	if (t->update)
		disk_prune(t->mem, expected);
}

static void compare_text(struct trial *t, const struct golden_case *c, const char *name,
			 struct str text)
{
	const char *expected = path_join(t->mem, c->folder, name);
	const char *got = path_join(t->mem, t->work, name);

	if (text.n)
		disk_write(t->mem, got, text);
	if (text.n || path_exists(expected))
		compare_file(t, expected, got, name);
}

/* What `build` prints counts only where there is a stdout.txt; an empty one expects nothing. */
static void compare_printed(struct trial *t, const struct golden_case *c, struct str text)
{
	const char *expected = path_join(t->mem, c->folder, "stdout.txt");
	const char *got = path_join(t->mem, t->work, "stdout.txt");

	if (!path_exists(expected))
		return;
	disk_write(t->mem, got, text);
	compare_file(t, expected, got, "stdout.txt");
}

/* An absent findings.txt expects silence. */
static void compare_said(struct trial *t, const struct golden_case *c, const struct process *p)
{
	compare_text(t, c, "findings.txt", said(t, c, p));
	compare_printed(t, c, stable(t, p->out));
}

static void check_exit(struct trial *t, const struct process *p, int expected)
{
	if (p->exit != expected)
		complain(t, "exit code %d, expected %d; it said:\n%.*s%.*s", p->exit, expected,
			 STR(p->out), STR(p->err));
}

static const char *base_of(struct trial *t, const struct golden_case *c, const char *otherwise)
{
	if (!c->base.n)
		return str_format(t->mem, "%s/golden/%s", c->repository, otherwise).p;
	return str_format(t->mem, "%s/golden/bases/%.*s", c->repository, STR(c->base)).p;
}

static void lay_sources(struct trial *t, const struct golden_case *c, const char *input,
			const char *to)
{
	if (c->base.n)
		disk_overlay(t->mem, base_of(t, c, ""), to);
	disk_overlay(t->mem, input, to);
}

static void run_git(struct trial *t, const char *folder, const char *const *argv)
{
	struct process p = process_run(t->mem, folder, argv, t->work, SECONDS);

	if (p.exit != 0)
		give_up("git %s: %.*s", argv[1], STR(p.err));
}

/* The sources as they were, as the only commit of a repository whose folder is empty again. */
static void commit_before(struct trial *t, const struct golden_case *c, const char *before,
			  const char *in)
{
	static const char *const init[] = { "git", "init", "--quiet", NULL };
	static const char *const add[] = { "git", "add", "--all", NULL };
	static const char *const commit[] = {
		"git",    "-c",      "user.name=golden", "-c", "user.email=golden@example.com",
		"commit", "--quiet", "--message=before", NULL
	};
	struct disk_paths files;

	lay_sources(t, c, before, in);
	run_git(t, in, init);
	run_git(t, in, add);
	run_git(t, in, commit);
	files = disk_list(t->mem, in);
	for (uint32_t i = 0; i < files.all.n; i++)
		if (!str_starts(files.all.at[i], S(".git/")))
			unlink(path_join(t->mem, in, files.all.at[i].p));
}

/* One folder in, one folder out. */
static void try_tree(struct trial *t, const struct golden_case *c, const char *input)
{
	const char *in = path_join(t->mem, t->work, "in"), *out = path_join(t->mem, t->work, "out");
	const char *before = path_join(t->mem, c->folder, "before");
	struct process p;

	if (path_exists(before))
		commit_before(t, c, before, in);
	lay_sources(t, c, input, in);
	if (path_exists(path_join(t->mem, c->folder, "old")))
		disk_overlay(t->mem, path_join(t->mem, c->folder, "old"), out);
	p = run_meshc(t, c, in);
	check_exit(t, &p, c->exit < 0 ? 0 : c->exit);
	compare_said(t, c, &p);
	compare_folder(t, path_join(t->mem, c->folder, "out"), out);
}

/* The base, the folder over it, and what only a script can make. */
static const char *lay_out(struct trial *t, const struct golden_case *c, const char *name)
{
	const char *in = path_join(t->mem, t->work, name);
	const char *script = str_format(t->mem, "%s/%s.sh", c->folder, name).p;
	const char *const argv[] = { script, NULL };

	disk_overlay(t->mem, base_of(t, c, "findings/base"), in);
	disk_overlay(t->mem, path_join(t->mem, c->folder, name), in);
	if (path_exists(script) && process_run(t->mem, in, argv, t->work, SECONDS).exit != 0)
		give_up("%s failed", script);
	return in;
}

static bool mentions(struct trial *t, struct str text, struct str word)
{
	return strstr(str_z(t->mem, text), str_z(t->mem, word)) != NULL;
}

/* bad/ must show the finding, good/ must not, and must compile. */
static void try_finding(struct trial *t, const struct golden_case *c)
{
	struct str code = str_slice(c->name, sizeof "findings/" - 1, c->name.n);
	struct process bad, good;
	struct str bad_text, good_text;

	if (path_exists(path_join(t->mem, c->folder, "manual")))
		return; /* files cannot show it; catalogue.sh checks that a unit test does */
	bad = run_meshc(t, c, lay_out(t, c, "bad"));
	bad_text = said(t, c, &bad);
	if (c->exit >= 0)
		check_exit(t, &bad, c->exit);
	if (bad.exit >= 64)
		complain(t, "bad/ ends with exit code %d", bad.exit);
	if (!mentions(t, bad_text, code))
		complain(t, "bad/ does not show %.*s; it said:\n%.*s", STR(code), STR(bad_text));
	compare_said(t, c, &bad);
	good = run_meshc(t, c, lay_out(t, c, "good"));
	good_text = said(t, c, &good);
	if (mentions(t, good_text, code))
		complain(t, "good/ shows %.*s as well:\n%.*s", STR(code), STR(good_text));
	check_exit(t, &good, 0);
}

static void try_case(struct trial *t, const struct golden_case *c)
{
	switch (c->kind) {
	case CASE_TREE:
		try_tree(t, c, path_join(t->mem, c->folder, "in"));
		return;
	case CASE_EXAMPLE:
		try_tree(t, c, str_format(t->mem, "%s/%.*s", c->repository, STR(c->name)).p);
		return;
	case CASE_FINDING:
		try_finding(t, c);
		return;
	}
}

int main(int argc, char **argv)
{
	struct trial t = { .mem = arena_new() };
	const char *update = getenv("MESHC_GOLDEN"), *tmp = getenv("TMPDIR");
	struct golden_case c;
	char *work;

	if (argc != 4)
		give_up("usage: golden_runner MESHC REPOSITORY AREA/CASE");
	t.update = update && strcmp(update, "update") == 0;
	work = NEW(t.mem, char, 4096);
	snprintf(work, 4096, "%s/meshc-golden-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(work))
		give_up("cannot make a temporary folder below %s", tmp ? tmp : "/tmp");
	t.meshc = argv[1];
	t.work = work;
	c = case_read(t.mem, argv[2], argv[3]);
	try_case(&t, &c);
	disk_remove(t.mem, work);
	if (t.failed)
		printf("golden/%.*s differs; when the change is meant: make -f Makefile.ci "
		       "golden-update\n",
		       STR(c.name));
	arena_free(t.mem);
	return t.failed;
}
