/*
 * build: compile and make the output folder so, in one step or not at all.
 */
#include "base/base.h"
#include "cli/session.h"
#include "git/folder.h"
#include "report/plan.h"
#include "report/requirements.h"

/* A path that was given counts from -C, the one in meshc.yaml from the folder of meshc.yaml. */
static const char *path_from(const struct session *s, struct str base, struct str path)
{
	if (str_starts(path, S("/")) || str_eq(base, S(".")))
		return str_z(s->in->mem, path);
	return str_format(s->in->mem, "%.*s/%.*s", STR(base), STR(path)).p;
}

static const char *given_path(const struct session *s, const char *path)
{
	return path_from(s, str_of(s->in->options.directory), str_of(path));
}

static const char *fleet_path(const struct session *s, struct str path)
{
	return path_from(s, s->result.root, path);
}

static const char *out_dir_of(const struct session *s)
{
	const char *given = s->in->options.out_dir;

	return given ? given_path(s, given) : fleet_path(s, s->result.sources.fleet.output);
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

/* Stubs that would be read as sources, applied with the output or written over it. */
static bool is_in_the_way(const struct session *s, const char *stubs, const char *folder)
{
	struct arena *mem = s->in->mem;
	struct str written = str_format(mem, "%s/" OUTPUT_CLUSTERS, stubs);

	return folder_contains(mem, folder, stubs) || folder_contains(mem, written.p, folder);
}

static bool is_free_for_stubs(struct session *s, const char *stubs, const char *out_dir)
{
	const struct fleet_options *fleet = &s->result.sources.fleet;
	struct str taken = S("");

	if (is_in_the_way(s, stubs, out_dir) ||
	    is_in_the_way(s, stubs, fleet_path(s, fleet->output)))
		taken = S("the output");
	if (is_in_the_way(s, stubs, fleet_path(s, fleet->inventory)))
		taken = S("the inventory");
	for (uint32_t i = 0; i < fleet->mesh.n; i++)
		if (is_in_the_way(s, stubs, fleet_path(s, fleet->mesh.at[i])))
			taken = S("a folder of declarations");
	if (!taken.n)
		return true;
	help(report_stubs_in_the_way(&s->run.diags, (struct span){ 0 },
				     str_of(s->in->options.stubs), taken),
	     "give a folder that holds nothing else");
	return false;
}

/* Both are settled before either is written, and the stubs first: where they fail, the output stands. */
static void make_so(struct session *s)
{
	const char *out_dir = out_dir_of(s), *stubs = s->in->options.stubs;

	if (!has_out_dir(s))
		return;
	if (stubs) {
		stubs = given_path(s, stubs);
		if (!is_free_for_stubs(s, stubs, out_dir) ||
		    !compile_settle_stubs(&s->run, stubs, &s->result))
			return;
	}
	if (!compile_settle(&s->run, out_dir, &s->result))
		return;
	if (s->in->options.dry_run)
		buf_lit(&s->in->err, "dry run: nothing is written\n");
	else if (!stubs || compile_publish_stubs(&s->run, stubs, &s->result))
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

/* Where the build refuses there is no plan to rely on. */
static enum exit_code report_plan(struct session *s, bool sound)
{
	struct invocation *in = s->in;
	enum exit_code exit = session_complain(s);

	if (!sound)
		return exit;
	if (in->options.dump_plan->json)
		report_plan_json(&in->out, s->result.sources.files, &s->result.plan);
	else
		report_plan_text(&in->out, s->result.sources.files, &s->result.plan);
	return exit;
}

/* What asks for another document, or for a word on what would be written. OPTION_MAX: nothing does. */
static enum option beside_plan(const struct invocation *in)
{
	static const enum option others[] = { OPTION_OUTPUT, OPTION_DRY_RUN, OPTION_REQUIREMENTS,
					      OPTION_STUBS };

	for (uint32_t i = 0; in->options.dump_plan && i < countof(others); i++)
		if (in->options.given >> others[i] & 1)
			return others[i];
	return OPTION_MAX;
}

/* As session_load; the output stays open. */
static bool load(struct session *s)
{
	const struct options *o = &s->in->options;
	struct confinement *c = &s->confinement;
	bool builds = !o->dump_plan;

	c->writes = builds && !o->dry_run;
	c->anywhere = builds && !o->out_dir;
	if (builds && o->out_dir)
		confine_output(c, s, out_dir_of(s));
	if (o->stubs)
		confine_output(c, s, given_path(s, o->stubs));
	if (!confine_find(c, s) || !confine_enter(c, s) || !compile_sources(&s->run, &s->result))
		return false;
	if (c->anywhere && !s->result.rootless) {
		if (!folder_stays_below(&s->run.diags, s->result.root,
					s->result.sources.fleet.output))
			return false;
		confine_output(c, s, out_dir_of(s));
	}
	return confine_narrow(c, s);
}

static enum exit_code compile_and_report(struct session *s)
{
	bool sound = load(s) && compile_files(&s->run, &s->result);

	if (s->in->options.dump_plan)
		return report_plan(s, sound);
	if (sound)
		make_so(s);
	return s->in->options.requirements ? report_requirements(s) : session_report(s, true);
}

enum exit_code cmd_build(struct invocation *in)
{
	enum option other = beside_plan(in);
	struct session s;
	enum exit_code exit;

	if (in->options.requirements && in->options.output->findings_only)
		return command_complain_format(in, "build --requirements");
	if (other != OPTION_MAX)
		return command_complain(
			in, str_format(in->mem, "`--dump-plan` and `--%s` exclude each other",
				       option_row(other)->name));
	session_open(&s, in);
	s.run.options.only_check = in->options.dump_plan != NULL;
	exit = compile_and_report(&s);
	session_timings(&s);
	session_close(&s);
	return exit;
}
