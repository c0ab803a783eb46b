/*
 * build: compile and make the output folder so, in one step or not at all.
 */
#include "base/base.h"
#include "cli/session.h"

/* A path that was given counts from -C, the one in meshc.yaml from the folder of meshc.yaml. */
static const char *out_dir_of(const struct session *s)
{
	const char *given = s->in->options.out_dir;
	struct str path = given ? str_of(given) : s->result.sources.fleet.output;
	struct str base = given ? str_of(s->in->options.directory) : s->result.root;

	if (str_starts(path, S("/")) || str_eq(base, S(".")))
		return str_z(s->in->mem, path);
	return str_format(s->in->mem, "%.*s/%.*s", STR(base), STR(path)).p;
}

static void make_so(struct session *s)
{
	const char *out_dir = out_dir_of(s);

	if (!compile_settle(&s->run, out_dir, &s->result))
		return;
	if (s->in->options.dry_run)
		buf_lit(&s->in->err, "dry run: nothing is written\n");
	else
		compile_publish(&s->run, out_dir, &s->result);
}

enum exit_code cmd_build(struct invocation *in)
{
	struct session s;
	enum exit_code exit;

	session_open(&s, in);
	if (compile(&s.run, &s.result))
		make_so(&s);
	exit = session_report(&s, true);
	session_timings(&s);
	session_close(&s);
	return exit;
}
