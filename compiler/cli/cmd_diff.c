/*
 * diff: two compiles of two versions of the sources, and what differs in what comes out.
 *
 * The head is reported on as by `check`; the base stands already, so its findings count
 * only where it does not compile. What is printed goes to stdout, findings to stderr.
 */
#include "base/base.h"
#include "cli/session.h"

#include "report/diff.h"

static const char *head_name(const struct options *o)
{
	switch (o->root_kind) {
	case ROOT_WORKTREE:
		return "worktree";
	case ROOT_STAGED:
		return "index";
	case ROOT_REVISION:
		return o->rev;
	}
	BUG("root %d", o->root_kind);
}

static struct diff_side side_of(struct session *s, const char *name)
{
	return (struct diff_side){
		.name = name,
		.files = s->result.sources.files,
		.plan = &s->result.plan,
		.bundle = &s->result.bundle,
		.fileset = &s->result.fileset,
		.lower = compile_lower,
		.cx = &s->result,
	};
}

/* --timings: beside the phases of a compile. */
static void put_timing(struct invocation *in, uint64_t ns)
{
	if (in->options.timings)
		buf_format(&in->err, "phase diff %" PRIu64 ".%03" PRIu64 " ms\n", ns / 1000000,
			   ns / 1000 % 1000);
}

static enum exit_code write_diff(struct session *base, struct session *head,
				 const struct diff_format *format)
{
	struct invocation *in = head->in;
	const struct diff_options options = { .color = in->color_out,
					      .all = in->options.all,
					      .stat = in->options.stat };
	struct diff_side old = side_of(base, base->run.options.root.rev),
			 new = side_of(head, head_name(&in->options));
	uint64_t started = in->clock();
	struct diff diff;

	if (format->needs_index) {
		compile_index(&base->run, &base->result);
		compile_index(&head->run, &head->result);
	}
	diff_make(in->mem, head->run.pool, &old, &new, &diff);
	if (!format->write(&diff, &options, &in->out))
		buf_lit(&in->err, "what looks like a secret is hidden: the patch does not apply\n");
	put_timing(in, in->clock() - started);
	return in->options.exit_code && diff.groups.n ? EXIT_ANSWER_NO : EXIT_CLEAN;
}

/* A repository that had no fleet yet: everything is new. */
static bool is_before_the_first(const struct session *s)
{
	const struct diags *d = &s->run.diags;

	return d->all.n == 1 && d->all.at[0]->code == CODE_no_fleet;
}

/* Compiled: its findings are known to whoever wrote it, and it is not what is judged. */
static enum exit_code compile_base(struct session *s, bool loaded)
{
	const struct root_choice root = s->run.options.root;

	if (loaded && compile_files(&s->run, &s->result))
		return EXIT_CLEAN;
	if (is_before_the_first(s)) {
		buf_format(&s->in->err, "the base `%s` has no meshc.yaml: everything is new\n",
			   root.rev);
		return EXIT_CLEAN;
	}
	if (exit_of(&s->run.diags, s->in->options.fail_on, true) == EXIT_NO_RESULT)
		buf_format(&s->in->err, "the base `%s` does not compile:\n\n", root.rev);
	return session_complain(s);
}

static enum exit_code compare(struct session *base, struct session *head,
			      const struct diff_format *format)
{
	struct confinement *c = &head->confinement;
	bool found = confine_find(c, head), found_base = confine_find(c, base);
	bool entered = found && confine_enter(c, head);
	bool loaded = entered && compile_sources(&head->run, &head->result);
	bool loaded_base = entered && found_base && compile_sources(&base->run, &base->result);
	bool compiled =
		loaded && confine_narrow(c, head) && compile_files(&head->run, &head->result);
	enum exit_code exit = session_complain(head);

	if (!compiled)
		return exit;
	exit = compile_base(base, loaded_base);
	return exit ? exit : write_diff(base, head, format);
}

enum exit_code cmd_diff(struct invocation *in)
{
	const struct diff_format *format = diff_format_find(str_of(in->options.output_name));
	struct readings readings = { 0 };
	struct session base, head;
	enum exit_code exit;

	if (!format)
		return command_complain(in,
					str_format(in->mem, "`meshc diff` takes no `--output %s`",
						   in->options.output_name));
	session_open(&head, in);
	session_open(&base, in);
	head.run.options.readings = base.run.options.readings = &readings;
	base.run.options.root.kind = ROOT_REVISION;
	base.run.options.root.rev = in->options.base ? in->options.base : "HEAD";
	base.run.options.strict = false;
	exit = compare(&base, &head, format);
	session_timings(&head);
	session_close(&base);
	session_close(&head);
	return exit;
}
