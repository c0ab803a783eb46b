/*
 * why: from a file of the output, or a value in it, to the lines that it came from;
 * with --source the other way round.
 */
#include "base/base.h"
#include "cli/session.h"
#include "report/why.h"

/* rendered/clusters/... as the shell completes it -> clusters/... */
static struct str tidy(const struct session *s, struct str path)
{
	struct str output = s->result.sources.fleet.output;

	while (str_starts(path, S("./")))
		path = str_slice(path, 2, path.n);
	if (path.n > output.n && str_starts(path, output) && path.p[output.n] == '/')
		path = str_slice(path, output.n + 1, path.n);
	return path;
}

/* The answer is no. */
static enum exit_code nothing(struct invocation *in, struct str what)
{
	command_complain(in, what);
	return EXIT_ANSWER_NO;
}

static enum exit_code answer_output(struct session *s)
{
	struct invocation *in = s->in;
	struct str word = str_of(in->words[0]), pointer = S("");
	int64_t hash = str_find(word, '#');
	struct why_answer a;

	if (hash >= 0) {
		pointer = str_slice(word, (uint32_t)hash + 1, word.n);
		word = str_slice(word, 0, (uint32_t)hash);
	}
	while (str_ends(pointer, S("/")))
		pointer.n--;
	why_output(in->mem, &s->result.bundle, tidy(s, word), pointer, &a);
	if (!a.object)
		return nothing(in,
			       str_format(in->mem, "no object is written to `%.*s`", STR(word)));
	if (!a.found)
		return nothing(in, str_format(in->mem, "`%.*s` leads to nothing in `%.*s`",
					      STR(pointer), STR(word)));
	if (in->options.output->json)
		report_why_json(&in->out, s->result.sources.files, &a, &a.steps);
	else
		report_why_text(&in->out, s->result.sources.files, &a, in->color_out);
	return EXIT_CLEAN;
}

/* FILE:LINE. 0: it is none. */
static uint32_t parse_place(struct session *s, const char *place, uint32_t *file)
{
	const char *colon = strrchr(place, ':');
	struct str path = str_of(place);
	uint32_t line = 0;

	*file = 0;
	if (!colon)
		return 0;
	path.n = (uint32_t)(colon - place);
	for (const char *p = colon + 1; *p; p++) {
		if (*p < '0' || *p > '9' || line > 100000000)
			return 0;
		line = line * 10 + (uint32_t)(*p - '0');
	}
	while (str_starts(path, S("./")))
		path = str_slice(path, 2, path.n);
	for (uint32_t i = 0; i < s->result.sources.files->all.n; i++)
		if (str_eq(s->result.sources.files->all.at[i].path, path))
			*file = s->result.sources.files->all.at[i].id;
	return *file ? line : 0;
}

static enum exit_code answer_source(struct session *s)
{
	struct invocation *in = s->in;
	const char *place = in->options.source;
	struct why_steps steps;
	uint32_t file, line = parse_place(s, place, &file);

	if (!line)
		return command_complain(
			in,
			str_format(in->mem, "`%s` is no line of a source file: FILE:LINE", place));
	why_source(in->mem, &s->result.bundle, s->result.sources.files, file, line, &steps);
	if (!steps.n)
		return nothing(in, str_format(in->mem, "nothing is written for `%s`", place));
	if (in->options.output->json)
		report_why_json(&in->out, s->result.sources.files, NULL, &steps);
	else
		report_why_source_text(&in->out, &steps);
	return EXIT_CLEAN;
}

enum exit_code cmd_why(struct invocation *in)
{
	enum exit_code exit;
	struct session s;

	if ((in->n_words == 1) == (in->options.source != NULL))
		return command_complain(
			in, S("`meshc why` needs a file of the output, or `--source FILE:LINE`"));
	session_open(&s, in);
	if (session_load(&s) && compile_objects(&s.run, &s.result))
		exit = in->options.source ? answer_source(&s) : answer_output(&s);
	else
		exit = session_complain(&s);
	session_timings(&s);
	session_close(&s);
	return exit;
}
