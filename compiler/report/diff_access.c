/*
 * Who may call a service, before and after: by what the rules let in, not by how they are written.
 *
 * A service is open to anybody, to those that rules list, or to nobody. Between lists a caller
 * counts as new where no old rule for it, or for anybody, covers what the new rule lets it do.
 */
#include "base/base.h"
#include "report/diff_effect.h"

#define ANYBODY "anybody"

enum door { DOOR_OPEN, DOOR_LISTED, DOOR_CLOSED };

static bool denies(const struct cluster_plan *c, const struct mesh *mesh)
{
	for (uint32_t i = 0; i < c->access.n; i++)
		if (c->access.at[i].kind == ACCESS_NOTHING && c->access.at[i].mesh == mesh)
			return true;
	return mesh->denies;
}

static enum door door_of(const struct cluster_plan *c, const struct service_view *v)
{
	if (v->access)
		return DOOR_LISTED;
	return denies(c, v->service->mesh) ? DOOR_CLOSED : DOOR_OPEN;
}

static struct str identity_text(struct arena *mem, const struct identity *id)
{
	struct buf out = buf_new(mem, 0);

	if (id->account.n)
		buf_format(&out, "`%.*s`", STR(id->account));
	else
		buf_lit(&out, "every account");
	if (id->space.n)
		buf_format(&out, " of namespace `%.*s`", STR(id->space));
	if (id->trust_domain.n)
		buf_format(&out, " of `%.*s`", STR(id->trust_domain));
	return buf_view(&out);
}

static void put_list(struct buf *out, const char *before, const struct str *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		buf_str(out, str_of(i ? ", " : before));
		buf_str(out, at[i]);
	}
}

/* Everything about a rule but who: " GET on /a, /b at port 80 from 10.0.0.0/8". Empty: no limit. */
static struct str limits_of(struct arena *mem, const struct access_rule *rule)
{
	struct buf out = buf_new(mem, 0);

	put_list(&out, " with ", rule->methods.at, rule->methods.n);
	put_list(&out, " on ", rule->paths.at, rule->paths.n);
	for (uint32_t i = 0; i < rule->ports.n; i++)
		buf_format(&out, "%s%" PRIu32, i ? ", " : " at port ", rule->ports.at[i]);
	for (uint32_t i = 0; i < rule->networks.n; i++) {
		const struct network *network = &rule->networks.at[i];

		buf_str(&out, str_of(i ? ", " : " from "));
		buf_str(&out, network->cidr);
		put_list(&out, " without ", network->except.at, network->except.n);
	}
	return buf_view(&out);
}

struct grant {
	struct str who;
	const struct access_rule *rule;
};

struct granted { /* to one caller */
	VEC(const struct access_rule *) rules;
};

struct grants {
	VEC(struct grant) all;
	struct map by_caller; /* struct granted */
};

static void add_grant(struct arena *mem, struct grants *out, struct grant grant)
{
	void **slot = map_put(&out->by_caller, grant.who);
	struct granted *granted = *slot;

	if (!granted)
		*slot = granted = NEW(mem, struct granted, 1);
	vec_add(mem, &granted->rules, grant.rule);
	vec_add(mem, &out->all, grant);
}

static void add_rule(struct arena *mem, struct grants *out, const struct access_rule *rule)
{
	if (rule->anybody || !rule->identities.n)
		add_grant(mem, out, (struct grant){ S(ANYBODY), rule });
	for (uint32_t i = 0; !rule->anybody && i < rule->identities.n; i++)
		add_grant(mem, out,
			  (struct grant){ identity_text(mem, &rule->identities.at[i]), rule });
}

static struct grants grants_of(struct arena *mem, const struct access_plan *access)
{
	struct grants out = { .by_caller = map_new(mem) };

	for (uint32_t i = 0; access && i < access->rules.n; i++)
		add_rule(mem, &out, &access->rules.at[i]);
	return out;
}

/* An empty list stands for everything. */
static bool holds(const struct str *wide, uint32_t n_wide, const struct str *narrow,
		  uint32_t n_narrow)
{
	for (uint32_t i = 0; n_wide && i < n_narrow; i++)
		if (!has_text(wide, n_wide, narrow[i]))
			return false;
	return !n_wide || n_narrow;
}

static bool has_port(const struct access_rule *rule, uint32_t port)
{
	for (uint32_t i = 0; i < rule->ports.n; i++)
		if (rule->ports.at[i] == port)
			return true;
	return false;
}

static bool holds_ports(const struct access_rule *wide, const struct access_rule *narrow)
{
	for (uint32_t i = 0; wide->ports.n && i < narrow->ports.n; i++)
		if (!has_port(wide, narrow->ports.at[i]))
			return false;
	return !wide->ports.n || narrow->ports.n;
}

/* Every exception of the wide one is one of the narrow one. */
static bool holds_network(const struct network *wide, const struct network *narrow)
{
	return str_eq(wide->cidr, narrow->cidr) &&
	       (!wide->except.n || (narrow->except.n && holds(narrow->except.at, narrow->except.n,
							      wide->except.at, wide->except.n)));
}

/* Ranges by their texts: one within another counts as something else. */
static bool holds_networks(const struct access_rule *wide, const struct access_rule *narrow)
{
	for (uint32_t i = 0; wide->networks.n && i < narrow->networks.n; i++) {
		bool found = false;

		for (uint32_t k = 0; k < wide->networks.n; k++)
			found |= holds_network(&wide->networks.at[k], &narrow->networks.at[i]);
		if (!found)
			return false;
	}
	return !wide->networks.n || narrow->networks.n;
}

/* Whether one rule lets in whatever the other does, whoever it is. */
static bool covers(const struct access_rule *wide, const struct access_rule *narrow)
{
	return holds(wide->methods.at, wide->methods.n, narrow->methods.at, narrow->methods.n) &&
	       holds(wide->paths.at, wide->paths.n, narrow->paths.at, narrow->paths.n) &&
	       holds_ports(wide, narrow) && holds_networks(wide, narrow);
}

static bool is_granted_to(const struct grants *g, struct str who, const struct access_rule *rule)
{
	const struct granted *granted = map_get(&g->by_caller, who);

	for (uint32_t i = 0; granted && i < granted->rules.n; i++)
		if (covers(granted->rules.at[i], rule))
			return true;
	return false;
}

static bool is_granted(const struct grants *g, const struct grant *one)
{
	return is_granted_to(g, one->who, one->rule) || is_granted_to(g, S(ANYBODY), one->rule);
}

/* "; before GET at port 80": what the caller could do already. */
static struct str before_text(struct arena *mem, const struct grants *was, struct str who)
{
	const struct granted *granted = map_get(&was->by_caller, who);
	struct buf out = buf_new(mem, 0);

	for (uint32_t i = 0; granted && i < granted->rules.n; i++) {
		struct str limits = limits_of(mem, granted->rules.at[i]);

		buf_str(&out, str_of(i ? " or" : ", before"));
		buf_str(&out, limits.n ? limits : S(" without a limit"));
	}
	return buf_view(&out);
}

static struct str said_key(struct arena *mem, const struct workload *w, struct str who)
{
	return str_join(mem, w->space, S("/"), w->name, S(" "), who);
}

static void add_allowed(struct effects *e, const struct service_view *new, struct found f,
			const struct grants *was, const struct grant *one)
{
	f.risk = RISK_IDENTITY_ALLOWED;
	f.new_at = one->rule->at;
	f.text = str_format(e->mem, "%.*s may call `%.*s`%.*s%.*s", STR(one->who),
			    STR(effect_title(e, new->service)), STR(limits_of(e->mem, one->rule)),
			    STR(before_text(e->mem, was, one->who)));
	effect_for_service(e, new->service, &f);
	for (uint32_t i = 0; i < new->service->workloads.n; i++)
		*map_put(&e->said, said_key(e->mem, new->service->workloads.at[i], one->who)) = e;
}

/* A caller who may still do something else has fewer rights: that is said with what is left. */
static void add_refused(struct effects *e, const struct service_view *new, struct found f,
			const struct grants *is, const struct grant *one)
{
	const struct granted *left = map_get(&is->by_caller, one->who);

	f.risk = RISK_IDENTITY_REFUSED;
	f.old_at = one->rule->at;
	f.text = str_format(e->mem, "%.*s may no longer call `%.*s`%.*s%s", STR(one->who),
			    STR(effect_title(e, new->service)), STR(limits_of(e->mem, one->rule)),
			    left ? ", only in fewer ways" : "");
	effect_for_service(e, new->service, &f);
}

/* A rule that was widened covers what it was: only the widening is worth a word. */
static void compare_grants(struct effects *e, const struct service_view *old,
			   const struct service_view *new)
{
	struct grants was = grants_of(e->mem, old->access), is = grants_of(e->mem, new->access);
	struct found f = { .old = old->access ? &old->access->sources : NULL,
			   .new = new->access ? &new->access->sources : NULL };

	for (uint32_t i = 0; i < is.all.n; i++)
		if (!is_granted(&was, &is.all.at[i]))
			add_allowed(e, new, f, &was, &is.all.at[i]);
	for (uint32_t i = 0; i < was.all.n; i++)
		if (!is_granted(&is, &was.all.at[i]))
			add_refused(e, new, f, &is, &was.all.at[i]);
}

void effects_of_access(struct effects *e, const struct service_view *old,
		       const struct service_view *new)
{
	enum door was = door_of(e->cluster->old, old), is = door_of(e->cluster->new, new);
	struct str title = effect_title(e, new->service);
	struct found f = { .old = old->access ? &old->access->sources : NULL,
			   .new = new->access ? &new->access->sources : NULL };

	if (was != DOOR_OPEN && is != DOOR_OPEN) {
		compare_grants(e, old, new);
		return;
	}
	if (was == DOOR_LISTED) {
		f.risk = RISK_DENY_REMOVED;
		f.text = str_format(e->mem, "anybody may call `%.*s`", STR(title));
		effect_for_service(e, new->service, &f);
	}
	if (is == DOOR_LISTED) {
		f.risk = RISK_DENY_ADDED;
		f.text = str_format(e->mem, "only listed callers may call `%.*s`", STR(title));
		effect_for_service(e, new->service, &f);
	}
}

/*
 * Guards: where a mesh controls access port by port, workloads that two services share take
 * the callers of both. What no service said already is said of the workload.
 */

static const struct guard_plan *guard_of(const struct cluster_plan *c, const struct workload *w,
					 uint32_t port)
{
	for (uint32_t i = 0; i < c->guards.n; i++) {
		const struct guard_plan *g = &c->guards.at[i];

		if (g->port == port && g->mesh == w->mesh && str_eq(g->space, w->space) &&
		    pods_have(&g->pods, &w->labels))
			return g;
	}
	return NULL;
}

static struct grants guard_grants(struct arena *mem, const struct guard_plan *guard)
{
	struct grants out = { .by_caller = map_new(mem) };

	for (uint32_t i = 0; guard && i < guard->rules.n; i++)
		add_rule(mem, &out, guard->rules.at[i]);
	return out;
}

static const struct workload *workload_like(const struct cluster *c, const struct workload *w)
{
	for (uint32_t i = 0; i < c->n_workloads; i++)
		if (c->workloads[i].kind == w->kind && str_eq(c->workloads[i].name, w->name) &&
		    str_eq(c->workloads[i].space, w->space))
			return &c->workloads[i];
	return NULL;
}

static void add_guarded(struct effects *e, const struct workload *w, const struct guard_plan *g,
			const struct grant *one)
{
	struct found f = { .risk = RISK_IDENTITY_ALLOWED,
			   .new = &g->sources,
			   .new_at = one->rule->at };

	if (map_get(&e->said, said_key(e->mem, w, one->who)))
		return;
	f.text = str_format(e->mem, "%.*s may call workload `%.*s.%.*s` at port %" PRIu32 "%.*s",
			    STR(one->who), STR(w->name), STR(w->space), g->port,
			    STR(limits_of(e->mem, one->rule)));
	effect_for_mesh(e, &f);
}

static void compare_guard(struct effects *e, const struct workload *was, const struct workload *is,
			  const struct guard_plan *new)
{
	const struct guard_plan *old = guard_of(e->cluster->old, was, new->port);
	struct grants before, now;

	if (!old && !denies(e->cluster->old, was->mesh))
		return; /* it was open */
	before = guard_grants(e->mem, old);
	now = guard_grants(e->mem, new);
	for (uint32_t i = 0; i < now.all.n; i++)
		if (!is_granted(&before, &now.all.at[i]))
			add_guarded(e, is, new, &now.all.at[i]);
}

void effects_of_guards(struct effects *e)
{
	const struct cluster *cluster = e->cluster->new->cluster;

	for (uint32_t i = 0; i < e->cluster->new->guards.n; i++) {
		const struct guard_plan *g = &e->cluster->new->guards.at[i];

		for (uint32_t k = 0; k < cluster->n_workloads; k++) {
			const struct workload *is = &cluster->workloads[k], *was;

			if (is->mesh != g->mesh || !str_eq(is->space, g->space) ||
			    !pods_have(&g->pods, &is->labels))
				continue;
			was = workload_like(e->cluster->old->cluster, is);
			if (was)
				compare_guard(e, was, is, g);
		}
	}
}
