/*
 * The plan's document: what callers of a cluster can reach, and how their requests are
 * treated on the way.
 */
#include "base/base.h"
#include "report/local.h"

#include "schema/encode.h"

static void put_match(struct part p, const struct match *m)
{
	static const char *const words[] = {
		[MATCH_ANY] = "any",       [MATCH_EXACT] = "exact", [MATCH_PREFIX] = "prefix",
		[MATCH_SUFFIX] = "suffix", [MATCH_REGEX] = "regex", [MATCH_PRESENT] = "present",
	};

	part_text(p, "how", str_of(words[m->how]));
	part_text(p, "value", m->value);
	part_flag(p, "ignoreCase", m->ignore_case);
}

static void put_named_match(struct part p, const struct named_match *m)
{
	part_text(p, "name", m->name);
	put_match(part_map(p, "value"), &m->value);
	part_flag(p, "inverted", m->inverted);
}

static void put_condition(struct part p, const struct condition *c)
{
	if (c->path.how != MATCH_ANY)
		put_match(part_map(p, "path"), &c->path);
	part_text(p, "method", c->method);
	PUT_EACH(p, "headers", &c->headers, put_named_match);
	PUT_EACH(p, "query", &c->query, put_named_match);
	part_text(p, "sourceNamespace", c->source_space);
	part_labels(p, "sourceLabels", &c->source_labels);
}

/* As a TrafficPolicy would say it: the member of an object holds where it is, that of a number the number. */
static struct node *setting_tree(struct arena *mem, enum feature setting, const void *value)
{
	const struct shape_field *field = feature_field(setting);

	return encode_field(mem, field, field->type == FIELD_OBJECT ? &value : value);
}

static bool has_settings(const struct effect *e)
{
	for (enum feature f = 0; f < SETTING_MAX; f++)
		if (e->value[f])
			return true;
	return false;
}

static void put_effect(struct part p, const char *key, const struct effect *e)
{
	struct part settings;

	if (!has_settings(e))
		return;
	settings = part_map(p, key);
	for (enum feature f = 0; f < SETTING_MAX; f++) {
		struct part setting;

		if (!e->value[f])
			continue;
		setting = part_map(settings, feature_name(f));
		part_tree(setting, "value", setting_tree(p.doc.mem, f, e->value[f]));
		part_declaration(setting, "owner", e->owner[f]);
		part_place(setting, e->at[f]);
	}
}

static void put_backend(struct part p, const struct backend *b)
{
	part_service_anywhere(p, b->service);
	part_text(p, "host", b->host);
	part_int(p, "port", b->port);
	part_text(p, "subset", b->subset);
	part_int(p, "weight", b->weight);
	part_place_of(p, "weightAt", b->weight_at);
	part_place(p, b->at);
}

static void put_route(struct part p, const struct route *r)
{
	part_text(p, "name", r->name);
	part_int(p, "port", r->port);
	if (!condition_is_any(&r->when))
		put_condition(part_map(p, "when"), &r->when);
	put_effect(p, "effect", &r->effect);
	PUT_EACH(p, "to", &r->to, put_backend);
	if (r->mirror)
		put_backend(part_map(p, "mirror"), r->mirror);
	part_sources(p, &r->sources);
}

void put_subset(struct part p, const struct subset *s)
{
	part_text(p, "name", s->name);
	part_labels(p, "labels", &s->labels);
	part_place(p, s->at);
	part_sources(p, &s->sources);
}

void put_destination(struct part p, const struct destination_plan *d)
{
	part_service_anywhere(p, d->service);
	part_text(p, "host", d->host);
	part_flag(p, "remote", d->remote);
	part_meshes(p, "callers", &d->callers);
	PUT_EACH(p, "routes", &d->routes, put_route);
	put_effect(p, "client", &d->client);
	PUT_EACH(p, "subsets", &d->subsets, put_subset);
	if (d->import)
		put_import(part_map(p, "import"), d->import);
	part_sources(p, &d->sources);
}
