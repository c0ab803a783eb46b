/*
 * publish: a commit of the sources becomes a commit of the output.
 */
#include "base/base.h"
#include "cli/session.h"
#include "driver/publish.h"
#include "report/doc.h"
#include "source/render.h"

static const char *const words[] = {
	[PUBLISH_FAILED] = "failed",       [PUBLISH_NEW] = "published",
	[PUBLISH_SAME] = "unchanged",      [PUBLISH_SUPERSEDED] = "superseded",
	[PUBLISH_WOULD] = "would-publish",
};

static uint32_t clusters_of(const struct tree_changes *c, bool changed)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->clusters.n; i++)
		n += c->clusters.at[i].part.n && (!changed || c->clusters.at[i].changed);
	return n;
}

static void put_where(struct buf *out, const struct published *p)
{
	render_escaped(out, p->ref);
	if (!p->address.n)
		return;
	buf_lit(out, " of ");
	render_escaped(out, p->address);
}

static void put_counts(struct buf *out, const struct published *p)
{
	const struct changes *c = &p->changes.changes;

	buf_format(out,
		   "%" PRIu32 " of %" PRIu32 " clusters, %" PRIu32 " new, %" PRIu32
		   " changed, %" PRIu32 " removed\n",
		   clusters_of(&p->changes, true), clusters_of(&p->changes, false), c->objects_new,
		   c->objects_changed, c->objects_removed);
}

static void say_text(struct buf *out, const struct published *p)
{
	switch (p->outcome) {
	case PUBLISH_FAILED:
		return;
	case PUBLISH_NEW:
		put_where(out, p);
		buf_format(out, " is now %s\n", p->commit.hex);
		put_counts(out, p);
		return;
	case PUBLISH_SAME:
		put_where(out, p);
		buf_format(out, " is up to date with %.12s%s\n", p->source.hex,
			   p->compiled ? "" : ": it was made from the same sources");
		return;
	case PUBLISH_SUPERSEDED:
		put_where(out, p);
		buf_format(out, ": superseded by %s\n", p->newer.hex);
		return;
	case PUBLISH_WOULD:
		put_where(out, p);
		buf_lit(out, " would change\n");
		put_counts(out, p);
		return;
	}
}

static void put_summary(struct doc d, const struct published *p)
{
	struct doc summary = doc_map(d, "summary");

	doc_int(summary, "clusters", clusters_of(&p->changes, false));
	doc_int(summary, "clustersChanged", clusters_of(&p->changes, true));
	doc_int(summary, "new", p->changes.changes.objects_new);
	doc_int(summary, "changed", p->changes.changes.objects_changed);
	doc_int(summary, "removed", p->changes.changes.objects_removed);
}

static void say_json(struct invocation *in, const struct published *p, enum exit_code exit)
{
	struct doc d = doc_new(in->mem);

	doc_text(d, "schema", S("meshc.dev/publish/v1"));
	doc_text(d, "status", str_of(exit_word(exit)));
	doc_text(d, "outcome", str_of(words[p->outcome]));
	doc_bool(d, "compiled", p->compiled);
	doc_text(d, "ref", p->ref);
	doc_text(d, "repository", p->address);
	doc_text(d, "source", str_of(p->source.hex));
	doc_text(d, "commit", str_of(p->commit.hex));
	doc_text(d, "supersededBy", str_of(p->newer.hex));
	if (p->compiled)
		put_summary(d, p);
	doc_write(d, &in->out);
}

static struct publish_request request_of(const struct invocation *in)
{
	const struct options *o = &in->options;

	return (struct publish_request){ .target = o->target,
					 .wave = o->wave,
					 .push = !o->no_push,
					 .dry_run = o->dry_run,
					 .recompile = o->recompile,
					 .removals = o->allow_removals,
					 .rewind = o->allow_rewind,
					 .confirmed = str_of(o->confirm),
					 .key = o->sign,
					 .environment = in->environment,
					 .version = MESHC_VERSION };
}

enum exit_code cmd_publish(struct invocation *in)
{
	struct publish_request request = request_of(in);
	struct published published;
	struct session s;
	enum exit_code exit;

	session_open(&s, in);
	s.run.options.root.kind = ROOT_REVISION;
	if (!s.run.options.root.rev)
		s.run.options.root.rev = "HEAD";
	publish(&s.run, &request, &s.result, &published);
	exit = session_complain(&s);
	if (in->options.output->json)
		say_json(in, &published, exit);
	else
		say_text(&in->out, &published);
	session_timings(&s);
	session_close(&s);
	return exit;
}
