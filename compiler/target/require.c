/*
 * What a mesh needs of objects that others own: looked for in the inventory, and
 * reported with the patch where it is not there.
 */
#include "base/base.h"
#include "target/local.h"

#include "base/buf.h"

static struct str title_of(struct lowering *lw, const struct requirement *r)
{
	if (!r->space.n)
		return str_format(lw->mem, "%.*s `%.*s`", STR(r->kind), STR(r->name));
	return str_format(lw->mem, "%.*s `%.*s` in namespace `%.*s`", STR(r->kind), STR(r->name),
			  STR(r->space));
}

static struct str patch_command(struct arena *mem, const struct requirement *r)
{
	struct buf out = buf_new(mem, 0);

	buf_lit(&out, "kubectl ");
	if (r->space.n)
		buf_format(&out, "-n %.*s ", STR(r->space));
	buf_lit(&out, "patch ");
	for (uint32_t i = 0; i < r->kind.n; i++)
		buf_char(&out, r->kind.p[i] >= 'A' && r->kind.p[i] <= 'Z'
				       ? (char)(r->kind.p[i] - 'A' + 'a')
				       : r->kind.p[i]);
	buf_format(&out, " %.*s --type=merge -p '%.*s'", STR(r->name), STR(r->patch));
	return buf_view(&out);
}

static void report(struct lowering *lw, const struct requirement *r)
{
	struct str title = title_of(lw, r), cluster = lw->cluster->cluster->name;
	struct finding *f = NULL;

	switch (r->state) {
	case REQUIREMENT_MET:
		return;
	case REQUIREMENT_ABSENT:
		f = report_requirement_absent(lw->diags, r->asked, title, cluster, r->what);
		break;
	case REQUIREMENT_WRONG:
		f = report_requirement_wrong(lw->diags, r->asked, title, cluster, r->found,
					     r->what);
		break;
	case REQUIREMENT_UNKNOWN:
		f = report_requirement_unknown(lw->diags, r->asked, title, cluster, r->what);
		break;
	}
	if (span_set(r->at))
		note(f, r->at, "this object");
	if (r->patch.n) {
		struct str command = patch_command(lw->mem, r);

		help(f, "its owner adds it: %.*s", STR(command));
	} else if (r->action.n) {
		help(f, "%.*s", STR(r->action));
	}
}

void require(struct lowering *lw, struct requirement r)
{
	vec_add(lw->mem, &lw->out->required, r);
	report(lw, &r);
}

/* JSON: the keys and values of labels need no escaping but for quotes and backslashes. */
static void put_json(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, text.p[i]);
	}
	buf_char(out, '"');
}

static bool is_served(const struct cluster *c, struct str api)
{
	for (uint32_t i = 0; i < c->served_apis.n; i++)
		if (str_eq(c->served_apis.at[i], api))
			return true;
	return false;
}

/* That an API is not served is said of every object of the cluster alike (served.c); here it is only listed. */
void require_api(struct lowering *lw, struct str plural, const char *group, const char *version,
		 const struct resource *by)
{
	const struct cluster *c = lw->cluster->cluster;
	struct str api = str_format(lw->mem, "%s/%s", group, version);
	struct requirement r = { .kind = S("CustomResourceDefinition"), .by = by };

	r.asked = by ? by->at : c->at;
	r.name = str_format(lw->mem, "%.*s.%s", STR(plural), group);
	r.what = str_format(lw->mem, "version `%s`", version);
	r.action =
		str_format(lw->mem,
			   "add CustomResourceDefinitions to the inventory of cluster `%.*s`, or "
			   "`%.*s` to `servedApis` of its Cluster",
			   STR(c->name), STR(api));
	r.state = !c->served_apis.n   ? REQUIREMENT_UNKNOWN
		  : is_served(c, api) ? REQUIREMENT_MET
				      : REQUIREMENT_ABSENT;
	if (r.state == REQUIREMENT_ABSENT) {
		r.action = S("install it");
		vec_add(lw->mem, &lw->out->required, r);
	} else {
		require(lw, r);
	}
}

struct marks {
	const char *word, *map; /* "label", "labels" */
	const struct labels *found;
	const struct label *wanted;
	uint32_t n;
};

static bool is_met(const struct marks *m, uint32_t i)
{
	struct str value = label_get(m->found, m->wanted[i].key);

	return value.p && str_eq(value, m->wanted[i].value);
}

/* Of those that are not met. */
static struct str patch_of(struct arena *mem, const struct marks *m)
{
	struct buf out = buf_new(mem, 0);
	bool any = false;

	buf_format(&out, "{\"metadata\":{\"%s\":{", m->map);
	for (uint32_t i = 0; i < m->n; i++) {
		if (is_met(m, i))
			continue;
		if (any)
			buf_char(&out, ',');
		put_json(&out, m->wanted[i].key);
		buf_char(&out, ':');
		put_json(&out, m->wanted[i].value);
		any = true;
	}
	buf_lit(&out, "}}}");
	return any ? buf_view(&out) : S("");
}

/* `key: value`, `key: value` */
static void put_mark(struct buf *out, struct str key, struct str value)
{
	buf_format(out, "%s`%.*s: %.*s`", out->n ? ", " : "", STR(key), STR(value));
}

static void judge_marks(struct arena *mem, const struct marks *m, struct requirement *r)
{
	struct buf wanted = buf_new(mem, 0), found = buf_new(mem, 0);

	r->state = REQUIREMENT_MET;
	for (uint32_t i = 0; i < m->n; i++) {
		struct str value = label_get(m->found, m->wanted[i].key);

		put_mark(&wanted, m->wanted[i].key, m->wanted[i].value);
		if (is_met(m, i))
			continue;
		if (value.p)
			put_mark(&found, m->wanted[i].key, value);
		if (value.p)
			r->state = REQUIREMENT_WRONG;
		else if (r->state == REQUIREMENT_MET)
			r->state = REQUIREMENT_ABSENT;
	}
	r->what =
		str_format(mem, "%s%s %.*s", m->word, m->n == 1 ? "" : "s", STR(buf_view(&wanted)));
	r->found = buf_view(&found);
	r->patch = patch_of(mem, m);
}

static void require_marks(struct lowering *lw, const struct service *s, const struct marks *m,
			  const struct resource *by, struct span asked)
{
	struct requirement r = { .kind = S("Service"),
				 .space = s->space,
				 .name = s->name,
				 .by = by,
				 .asked = asked,
				 .at = s->at };

	judge_marks(lw->mem, m, &r);
	require(lw, r);
}

void require_labels(struct lowering *lw, const struct service *s, const struct label *wanted,
		    uint32_t n, const struct resource *by, struct span asked)
{
	require_marks(lw, s, &(struct marks){ "label", "labels", &s->labels, wanted, n }, by,
		      asked);
}

void require_annotations(struct lowering *lw, const struct service *s, const struct label *wanted,
			 uint32_t n, const struct resource *by, struct span asked)
{
	require_marks(lw, s,
		      &(struct marks){ "annotation", "annotations", &s->annotations, wanted, n },
		      by, asked);
}

void require_of_namespace(struct lowering *lw, struct str space, const struct label *wanted,
			  uint32_t n, bool met, const struct resource *by, struct span asked)
{
	static const struct labels none;
	const struct namespace_ *found = cluster_namespace(lw->cluster->cluster, space);
	struct requirement r = { .kind = S("Namespace"), .name = space, .by = by, .asked = asked };

	judge_marks(lw->mem,
		    &(struct marks){ "annotation", "annotations",
				     found ? &found->annotations : &none, wanted, n },
		    &r);
	if (met)
		r.state = REQUIREMENT_MET;
	require(lw, r);
}

static int compare(const void *a, const void *b)
{
	return requirement_order(a, b);
}

/* One thing that two declarations need is needed once; the first of them stands for both. */
void settle_requirements(struct arena *mem, struct object_set *set)
{
	uint32_t n = 0;

	sort_stable(mem, set->required.at, set->required.n, sizeof *set->required.at, compare);
	for (uint32_t i = 0; i < set->required.n; i++)
		if (!n || compare(&set->required.at[n - 1], &set->required.at[i]))
			set->required.at[n++] = set->required.at[i];
	set->required.n = n;
}
