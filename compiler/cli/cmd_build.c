/*
 * build: compile and make the output folder so, in one step or not at all.
 */
#include "base/base.h"
#include "cli/session.h"
#include "report/requirements.h"

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

/* A bare repository has no folder of its own to write to. */
static bool has_out_dir(struct session *s)
{
	if (!s->result.rootless || s->in->options.out_dir)
		return true;
	help(report_cannot_write(&s->run.diags, (struct span){ 0 }, s->result.sources.fleet.output,
				 S("the repository is bare")),
	     "`--out-dir DIR` says where to write");
	return false;
}

static void make_so(struct session *s)
{
	const char *out_dir = out_dir_of(s);

	if (!has_out_dir(s))
		return;
	if (!compile_settle(&s->run, out_dir, &s->result))
		return;
	if (s->in->options.dry_run)
		buf_lit(&s->in->err, "dry run: nothing is written\n");
	else
		compile_publish(&s->run, out_dir, &s->result);
}

/* Findings go to stderr whatever is printed here; there is a list as soon as there were objects. */
static enum exit_code report_requirements(struct session *s)
{
	struct invocation *in = s->in;
	enum exit_code exit = session_complain(s);

	if (!s->result.has_files)
		return exit;
	if (in->options.output->json)
		report_requirements_json(&in->out, &s->result.bundle);
	else
		report_requirements_text(&in->out, &s->result.bundle);
	return exit;
}

enum exit_code cmd_build(struct invocation *in)
{
	struct session s;
	enum exit_code exit;

	if (in->options.requirements && in->options.output->findings_only)
		return command_complain_format(in, "build --requirements");
	session_open(&s, in);
	if (compile(&s.run, &s.result))
		make_so(&s);
	exit = in->options.requirements ? report_requirements(&s) : session_report(&s, true);
	session_timings(&s);
	session_close(&s);
	return exit;
}
