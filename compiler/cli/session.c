/*
 * What commands that compile have in common.
 */
#include "base/base.h"
#include "cli/session.h"

#include "cli/catalogue.h"

void session_open(struct session *s, struct invocation *in)
{
	const struct options *o = &in->options;

	*s = (struct session){ .in = in };
	run_open(&s->run, (struct run_options){
				  .root = { o->directory, o->root_kind, o->rev, NULL },
				  .shard = o->shard,
				  .jobs = o->jobs,
				  .strict = o->fail_on == FAIL_ON_WARNING,
				  .clock = o->timings ? in->clock : NULL,
			  });
	s->result.sources.files = NEW(s->run.mem, struct files, 1);
	*s->result.sources.files = files_new(s->run.mem);
}

bool session_load(struct session *s)
{
	struct confinement *c = &s->confinement;

	return confine_find(c, s) && confine_enter(c, s) && compile_sources(&s->run, &s->result) &&
	       confine_narrow(c, s);
}

void session_close(struct session *s)
{
	confine_end(&s->confinement, s);
	repository_close(&s->repository);
	run_close(&s->run);
}

static int64_t elapsed_ms(const struct invocation *in)
{
	return (int64_t)((in->clock() - in->started + 999999) / 1000000);
}

static struct summary summarize(struct session *s)
{
	const struct result *r = &s->result;

	return summary_of(s->in->mem,
			  &(struct summary_input){
				  .inventory = r->has_snapshot ? &r->snapshot.inventory : NULL,
				  .plan = r->has_plan ? &r->plan : NULL,
				  .bundle = r->has_files ? &r->bundle : NULL,
				  .fileset = r->has_files ? &r->fileset : NULL,
				  .changes = r->has_changes ? &r->changes : NULL,
				  .diags = &s->run.diags,
			  });
}

static struct str explain(uint16_t number)
{
	const struct catalogue_entry *entry = catalogue_find(number);

	return entry ? entry->explain : (struct str){ 0 };
}

static void drop_last_part(struct buf *path)
{
	do
		path->n--;
	while (path->n > 0 && path->p[path->n - 1] != '/');
}

/* One part of a path onto those before it, each with its '/'. false: it leads up from all of them. */
static bool put_part(struct buf *path, struct str part)
{
	if (!part.n || str_eq(part, S(".")))
		return true;
	if (!str_eq(part, S(".."))) {
		buf_format(path, "%.*s/", STR(part));
		return true;
	}
	if (path->n == 0)
		return false;
	drop_last_part(path);
	return true;
}

/*
 * What CI systems call the folder of meshc.yaml, if meshc was started at the root
 * of the checkout: "fleet/" of "fleet/mesh/..". Empty where it does not lie below.
 */
static struct str folder_of(struct arena *mem, struct str root)
{
	struct buf path = buf_new(mem, 0);

	if (str_starts(root, S("/")))
		return (struct str){ 0 };
	while (root.n) {
		int64_t slash = str_find(root, '/');
		uint32_t end = slash < 0 ? root.n : (uint32_t)slash;

		if (!put_part(&path, str_slice(root, 0, end)))
			return (struct str){ 0 };
		root = str_slice(root, end + 1, root.n);
	}
	return buf_view(&path);
}

static struct report report_of(struct session *s, enum exit_code exit, bool color)
{
	const struct options *o = &s->in->options;

	return (struct report){
		.command = s->in->command->name,
		.status = exit_word(exit),
		.version = MESHC_VERSION,
		.files = s->result.sources.files,
		.diags = &s->run.diags,
		.summary = summarize(s),
		.elapsed_ms = elapsed_ms(s->in),
		.folder = folder_of(s->in->mem, s->result.root),
		.explain = explain,
		.options = { .color = color,
			     .all = o->all,
			     .verbose = o->verbose,
			     .most = o->max_errors },
	};
}

enum exit_code session_report(struct session *s, bool wants_result)
{
	struct invocation *in = s->in;
	const struct report_format *format = in->options.output;
	struct report report;
	enum exit_code exit;
	bool refused, aside;

	diags_settle(&s->run.diags, s->run.mem);
	exit = exit_of(&s->run.diags, in->options.fail_on, wants_result);
	/* Where the world refused there is no answer: nothing that is said is a result. */
	refused = exit == EXIT_ENVIRONMENT && !format->json && !format->findings_only;
	aside = wants_result || refused;
	report = report_of(s, exit, aside ? in->color_err : in->color_out);
	report.options.table = wants_result && exit == EXIT_CLEAN;
	format->write(&report, aside ? &in->err : &in->out, refused ? &in->err : &in->out);
	return exit;
}

enum exit_code session_complain(struct session *s)
{
	struct buf nowhere = buf_new(s->in->mem, 0);
	struct report report;
	enum exit_code exit;

	diags_settle(&s->run.diags, s->run.mem);
	exit = exit_of(&s->run.diags, s->in->options.fail_on, true);
	report = report_of(s, exit, s->in->color_err);
	report_text(&report, &s->in->err, &nowhere);
	return exit;
}

static uint64_t text_bytes(const struct files *files)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < files->all.n; i++)
		n += files->all.at[i].text.n;
	return n;
}

static uint64_t file_bytes(const struct fileset *files)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < files->all.n; i++)
		n += files->all.at[i].bytes.n;
	return n;
}

static void put_ms(struct buf *out, const char *name, uint64_t ns)
{
	buf_format(out, "phase %s %" PRIu64 ".%03" PRIu64 " ms\n", name, ns / 1000000,
		   ns / 1000 % 1000);
}

static void put_count(struct buf *out, const char *name, uint64_t n)
{
	buf_format(out, "count %s %" PRIu64 "\n", name, n);
}

void session_timings(struct session *s)
{
	struct buf *out = &s->in->err;

	if (!s->in->options.timings)
		return;
	for (enum phase phase = 0; phase < PHASE_MAX; phase++)
		put_ms(out, phase_name(phase), s->run.spent[phase]);
	put_ms(out, "total", s->in->clock() - s->in->started);
	put_count(out, "files-read", s->result.sources.files->all.n);
	put_count(out, "bytes-read", text_bytes(s->result.sources.files));
	put_count(out, "clusters",
		  s->result.has_snapshot ? s->result.snapshot.inventory.n_clusters : 0);
	put_count(out, "objects", s->result.fileset.objects);
	put_count(out, "bytes", file_bytes(&s->result.fileset));
	put_count(out, "findings", s->run.diags.all.n);
}
