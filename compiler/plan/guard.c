/*
 * Access control port by port, for meshes that have it so.
 *
 * Services that select alike are one group per container port. Where workloads are
 * behind several groups at one port, what counts for them is what any of these lets
 * in; they get a guard of their own, and the guards of the single groups leave them
 * out:
 *
 *	api     app=api               api-8080          app=api, version not v2
 *	api-v2  app=api, version=v2   api.api-v2-8080   app=api, version=v2
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/buf.h"
#include "base/sort.h"
#include "model/mesh_traits.h"

struct group {
	uint32_t port;
	enum port_protocol protocol;
	struct id_list members; /* access entries of the job */
	struct id_list beside;  /* groups with which it has workloads in common at the port */
};

struct guarding {
	struct cluster_job *job;
	struct arena *scratch;
	VEC(struct group) groups;
	struct map by_key;      /* port, namespace and selector -> index + 1 in groups */
	struct id_list *behind; /* per workload of the cluster: groups */
	struct map seen;        /* sets of groups that have a guard */
};

static const struct access_plan *entry_of(const struct guarding *x, const struct group *g)
{
	return &x->job->out->access.at[g->members.at[0]];
}

static void add_id(struct arena *mem, struct id_list *list, uint32_t id)
{
	uint32_t i = list->n;

	while (i > 0 && list->at[i - 1] > id)
		i--;
	if (i > 0 && list->at[i - 1] == id)
		return;
	(void)vec_push(mem, list);
	memmove(&list->at[i + 1], &list->at[i], (list->n - 1 - i) * sizeof *list->at);
	list->at[i] = id;
}

static struct str group_key(struct arena *mem, const struct service *s, uint32_t port)
{
	struct buf out = buf_new(mem, 0);

	buf_format(&out, "%u %p %.*s", port, (const void *)s->mesh, STR(s->space));
	for (uint32_t i = 0; i < s->selector.n; i++)
		buf_format(&out, " %.*s=%.*s", STR(s->selector.at[i].key),
			   STR(s->selector.at[i].value));
	return buf_view(&out);
}

/* What two services say of one port: alike, or that nothing must be looked into, or nothing. */
static enum port_protocol unite(enum port_protocol a, enum port_protocol b)
{
	if (a == b)
		return a;
	return a == PROTOCOL_TCP || b == PROTOCOL_TCP ? PROTOCOL_TCP : PROTOCOL_AUTO;
}

static void add_port(struct guarding *x, uint32_t entry, const struct service_port *port,
		     uint32_t number)
{
	const struct service *s = x->job->out->access.at[entry].service;
	void **slot = map_put(&x->by_key, group_key(x->scratch, s, number));
	struct group *g;

	if (!*slot) {
		g = vec_push(x->scratch, &x->groups);
		*g = (struct group){ .port = number, .protocol = port->protocol };
		*slot = (void *)(uintptr_t)x->groups.n;
	}
	g = &x->groups.at[(uintptr_t)*slot - 1];
	g->protocol = unite(g->protocol, port->protocol);
	add_id(x->scratch, &g->members, entry);
	for (uint32_t i = 0; i < s->workloads.n; i++)
		add_id(x->scratch, &x->behind[s->workloads.at[i] - s->cluster->workloads],
		       (uint32_t)((uintptr_t)*slot - 1));
}

/* A gateway is open to whoever comes, and whoever installs it sees to that. */
static bool is_gateway(const struct service *s)
{
	for (uint32_t i = 0; i < s->workloads.n; i++)
		if (!s->workloads.at[i]->is_proxy)
			return false;
	return s->workloads.n > 0;
}

static void add_entry(struct guarding *x, uint32_t entry)
{
	const struct access_plan *a = &x->job->out->access.at[entry];

	if (a->kind != ACCESS_SERVICE || !mesh_traits(a->mesh)->guards_ports ||
	    is_gateway(a->service))
		return;
	for (uint32_t i = 0; i < a->service->ports.n; i++) {
		const struct service_port *port = &a->service->ports.at[i];
		struct port_numbers targets = { 0 };

		if (port->protocol == PROTOCOL_UDP)
			continue; /* no proxy sees it */
		port_targets(x->scratch, a->service, port, &targets);
		for (uint32_t k = 0; k < targets.n; k++)
			add_port(x, entry, port, targets.at[k]);
	}
}

static bool takes_port(const struct access_rule *rule, uint32_t port)
{
	for (uint32_t i = 0; i < rule->ports.n; i++)
		if (rule->ports.at[i] == port)
			return true;
	return !rule->ports.n;
}

static void take_rules(struct guarding *x, const struct group *g, struct guard_plan *out)
{
	for (uint32_t m = 0; m < g->members.n; m++) {
		const struct access_plan *a = &x->job->out->access.at[g->members.at[m]];

		for (uint32_t i = 0; i < a->rules.n; i++)
			if (takes_port(&a->rules.at[i], g->port))
				vec_add(x->job->mem, &out->rules, &a->rules.at[i]);
		for (uint32_t i = 0; i < a->sources.n; i++)
			sources_add(x->job->mem, &out->sources, a->sources.at[i]);
	}
}

static void add_probe(struct arena *mem, struct guard_plan *out, const struct probe *probe)
{
	for (uint32_t i = 0; i < out->probes.n; i++)
		if (str_eq(out->probes.at[i].path, probe->path))
			return;
	vec_add(mem, &out->probes, *probe);
}

static void take_probes(struct guarding *x, const struct group *g, struct guard_plan *out)
{
	const struct service *s = entry_of(x, g)->service;

	for (uint32_t i = 0; i < s->workloads.n; i++) {
		const struct workload *w = s->workloads.at[i];

		if (!pods_have(&out->pods, &w->labels))
			continue;
		for (uint32_t k = 0; k < w->probes.n; k++)
			if (w->probes.at[k].port == g->port)
				add_probe(x->job->mem, out, &w->probes.at[k]);
	}
}

static void add_guard(struct guarding *x, const struct id_list *set, struct str name,
		      const struct pod_selector *pods)
{
	struct guard_plan *g = vec_push(x->job->mem, &x->job->out->guards);
	const struct group *first = &x->groups.at[set->at[0]];

	g->mesh = entry_of(x, first)->mesh;
	g->space = entry_of(x, first)->service->space;
	g->name = name;
	g->pods = *pods;
	g->port = first->port;
	g->protocol = first->protocol;
	for (uint32_t i = 0; i < set->n; i++) {
		const struct group *group = &x->groups.at[set->at[i]];

		g->protocol = unite(g->protocol, group->protocol);
		take_rules(x, group, g);
		take_probes(x, group, g);
	}
}

static bool has_id(const struct id_list *set, uint32_t id)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->at[i] == id)
			return true;
	return false;
}

/* Selectors of groups that share workloads with the set and are not of it. */
static struct labels_list others_of(struct guarding *x, const struct id_list *set)
{
	struct labels_list out = { 0 };

	for (uint32_t i = 0; i < set->n; i++) {
		const struct id_list *beside = &x->groups.at[set->at[i]].beside;

		for (uint32_t k = 0; k < beside->n; k++)
			if (!has_id(set, beside->at[k]))
				vec_add(x->scratch, &out,
					entry_of(x, &x->groups.at[beside->at[k]])
						->service->selector);
	}
	return out;
}

static struct str name_of(struct guarding *x, const struct id_list *set, uint32_t part)
{
	struct str name = S("");

	for (uint32_t i = 0; i < set->n; i++) {
		struct str one = entry_of(x, &x->groups.at[set->at[i]])->service->name;

		name = i ? str_join(x->job->mem, name, S("."), one) : one;
	}
	name = str_format(x->job->mem, "%.*s-%u", STR(name), x->groups.at[set->at[0]].port);
	return part ? str_format(x->job->mem, "%.*s.%u", STR(name), part + 1) : name;
}

/* Workloads that are behind all groups of the set and no other at that port. */
static void add_set(struct guarding *x, const struct id_list *set)
{
	struct labels_list others = others_of(x, set);
	struct pod_selectors pods = { 0 };
	struct labels all = { 0 };

	for (uint32_t i = 0; i < set->n; i++)
		all = labels_unite(x->job->mem, &all,
				   &entry_of(x, &x->groups.at[set->at[i]])->service->selector);
	pods_without(x->job->mem, &all, &others, &pods);
	for (uint32_t i = 0; i < pods.n; i++)
		add_guard(x, set, name_of(x, set, i), &pods.at[i]);
}

/* The groups among those of a workload that are about one port. */
static struct id_list at_port(struct guarding *x, const struct id_list *groups, uint32_t port)
{
	struct id_list out = { 0 };

	for (uint32_t i = 0; i < groups->n; i++)
		if (x->groups.at[groups->at[i]].port == port)
			vec_add(x->scratch, &out, groups->at[i]);
	return out;
}

static void note_beside(struct guarding *x, const struct id_list *set)
{
	for (uint32_t i = 0; i < set->n; i++)
		for (uint32_t k = 0; k < set->n; k++)
			if (i != k)
				add_id(x->scratch, &x->groups.at[set->at[i]].beside, set->at[k]);
}

static bool is_new(struct guarding *x, const struct id_list *set)
{
	struct buf key = buf_new(x->scratch, 0);
	void **slot;
	bool first;

	for (uint32_t i = 0; i < set->n; i++)
		buf_format(&key, "%u ", set->at[i]);
	slot = map_put(&x->seen, buf_view(&key));
	first = !*slot;
	*slot = x;
	return first;
}

struct id_lists {
	VEC(struct id_list) all;
};

/* Sets of two and more groups that some workload is behind. */
static void find_sets(struct guarding *x, struct id_lists *out)
{
	for (uint32_t w = 0; w < x->job->cluster->n_workloads; w++) {
		const struct id_list *groups = &x->behind[w];

		for (uint32_t i = 0; groups->n > 1 && i < groups->n; i++) {
			struct id_list set = at_port(x, groups, x->groups.at[groups->at[i]].port);

			if (set.n < 2 || !is_new(x, &set))
				continue;
			note_beside(x, &set);
			vec_add(x->scratch, &out->all, set);
		}
	}
}

static int by_name(const void *a, const void *b)
{
	const struct guard_plan *x = a, *y = b;
	int order = str_cmp(x->space, y->space);

	return order ? order : str_cmp(x->name, y->name);
}

void guards_build(struct cluster_job *job)
{
	struct guarding x = { .job = job, .scratch = arena_new() };
	struct id_lists sets = { { 0 } };

	x.by_key = map_new(x.scratch);
	x.seen = map_new(x.scratch);
	x.behind = NEW(x.scratch, struct id_list, job->cluster->n_workloads);
	for (uint32_t i = 0; i < job->out->access.n; i++)
		add_entry(&x, i);
	if (x.groups.n > 1)
		find_sets(&x, &sets);
	for (uint32_t i = 0; i < x.groups.n; i++)
		add_set(&x, &(struct id_list){ &i, 1, 1 });
	for (uint32_t i = 0; i < sets.all.n; i++)
		add_set(&x, &sets.all.at[i]);
	sort_stable(job->mem, job->out->guards.at, job->out->guards.n, sizeof *job->out->guards.at,
		    by_name);
	arena_free(x.scratch);
}
