/*
 * A guarded port -> Server, who may use it, and HTTPRoutes where that depends on the
 * request. And workloads that must refuse whom no policy lets in.
 *
 * Who may use the Server may use all of its routes; a route lets in more.
 *
 *	callers of everything        Server api-8080, AuthorizationPolicy api-8080
 *	callers of some requests     HTTPRoute api-8080.access, AuthorizationPolicy of it
 *	nobody without a policy      annotation of Namespaces: default-inbound-policy deny
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#include "base/limit.h"

#define GROUP "policy.linkerd.io"
#define DENIAL "config.linkerd.io/default-inbound-policy"

static const struct object_type server = { GROUP, GROUP "/v1beta3", "Server", STAGE_DENY };
static const struct object_type http_route = { "gateway.networking.k8s.io",
					       "gateway.networking.k8s.io/v1", "HTTPRoute",
					       STAGE_ROUTE };

/* NULL: Linkerd finds out by itself. gRPC is HTTP/2 here: routes of its own kind would be needed otherwise. */
static const char *protocol_of(enum port_protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_AUTO:
		return NULL;
	case PROTOCOL_HTTP:
		return "HTTP/1";
	case PROTOCOL_HTTP2:
	case PROTOCOL_GRPC:
	case PROTOCOL_GRPC_WEB:
		return "HTTP/2";
	default:
		return "opaque";
	}
}

static void put_without(struct lowering *lw, struct node *selector, const struct pod_selector *pods,
			struct span at)
{
	struct node *list = put_seq(lw, selector, S("matchExpressions"), at), *values = NULL;

	for (uint32_t i = 0; i < pods->without.n; i++) {
		const struct label *one = &pods->without.at[i];

		if (!i || !str_eq(pods->without.at[i - 1].key, one->key)) {
			struct node *item = add_map(lw, list, at);

			put_text(lw, item, S("key"), one->key, at);
			put_text(lw, item, S("operator"), S("NotIn"), at);
			values = put_seq(lw, item, S("values"), at);
		}
		add_text(lw, values, one->value, at);
	}
}

static void put_server(struct lowering *lw, const struct guard_plan *g)
{
	struct span at = g->sources.at[0]->at;
	struct node *spec = node_map(lw->mem, at), *selector;
	const char *protocol = protocol_of(g->protocol);

	selector = put_map(lw, spec, S("podSelector"), at);
	put_labels(lw, selector, S("matchLabels"), &g->pods.with, at);
	if (g->pods.without.n)
		put_without(lw, selector, &g->pods, at);
	put_int(lw, spec, S("port"), g->port, at);
	if (protocol)
		put_text(lw, spec, S("proxyProtocol"), str_of(protocol), at);
	ADD_SOURCES(lw, new_object(lw, &server, g->space, g->name, at, spec), g->sources);
}

/* A part of the openings with the same callers: one HTTPRoute. */
struct door {
	const struct grant_set *callers;
	VEC(const struct opening *) openings;
};

struct doors {
	VEC(struct door) all;
};

static bool is_for(const struct door *door, const struct grant_set *callers)
{
	if (door->callers->n != callers->n || door->openings.n >= LIMIT_HTTP_MATCHES)
		return false;
	for (uint32_t i = 0; i < callers->n; i++)
		if (door->callers->at[i] != callers->at[i])
			return false;
	return true;
}

static void sort_out(struct lowering *lw, const struct openings *o, struct doors *out)
{
	for (uint32_t i = 0; i < o->some.n; i++) {
		struct door *door = NULL;

		for (uint32_t k = 0; k < out->all.n && !door; k++)
			door = is_for(&out->all.at[k], &o->some.at[i].callers) ? &out->all.at[k]
									       : NULL;
		if (!door) {
			door = vec_push(lw->mem, &out->all);
			door->callers = &o->some.at[i].callers;
		}
		vec_add(lw->mem, &door->openings, &o->some.at[i]);
	}
}

static void put_parent(struct lowering *lw, struct node *spec, const struct guard_plan *g)
{
	struct node *ref = add_map(lw, put_seq(lw, spec, S("parentRefs"), spec->at), spec->at);

	put_text(lw, ref, S("group"), S(GROUP), spec->at);
	put_text(lw, ref, S("kind"), S("Server"), spec->at);
	put_text(lw, ref, S("name"), g->name, spec->at);
}

/* What the API takes a rule without matches for, said so that the rule can be read. */
static void put_any_path(struct lowering *lw, struct node *match)
{
	struct node *path = put_map(lw, match, S("path"), match->at);

	put_text(lw, path, S("type"), S("PathPrefix"), match->at);
	put_text(lw, path, S("value"), S("/"), match->at);
}

static void put_route(struct lowering *lw, const struct guard_plan *g, const struct grants *grants,
		      const struct door *door, struct str name)
{
	struct node *spec = node_map(lw->mem, door->openings.at[0]->at);
	struct node *rule, *matches;
	struct object *object;

	put_parent(lw, spec, g);
	rule = add_map(lw, put_seq(lw, spec, S("rules"), spec->at), spec->at);
	matches = put_seq(lw, rule, S("matches"), spec->at);
	for (uint32_t i = 0; i < door->openings.n; i++) {
		const struct opening *one = door->openings.at[i];

		struct node *match = add_map(lw, matches, one->at);

		if (condition_is_any(&one->when))
			put_any_path(lw, match);
		else
			gamma_match(lw, match, &one->when, one->at);
	}
	object = new_object(lw, &http_route, g->space, name, spec->at, spec);
	for (uint32_t i = 0; i < door->callers->n; i++)
		ADD_SOURCES(lw, object, grants->at[door->callers->at[i]].sources);
	if (!object->sources.n)
		ADD_SOURCES(lw, object, g->sources);
	linkerd_authorize(
		lw, grants, door->callers,
		&(struct authorized){ http_route.group, http_route.kind, g->space, name });
}

/* Numbered from the end: the route for everything else keeps its name. */
static void put_routes(struct lowering *lw, const struct guard_plan *g, const struct openings *o)
{
	struct doors doors = { { 0 } };

	sort_out(lw, o, &doors);
	for (uint32_t i = 0; i < doors.all.n; i++) {
		uint32_t number = doors.all.n - i;

		put_route(lw, g, &o->grants, &doors.all.at[i],
			  number == 1
				  ? str_join(lw->mem, g->name, S(".access"))
				  : str_format(lw->mem, "%.*s.access.%u", STR(g->name), number));
	}
}

static bool names_port(const struct workload *w, const struct foreign_object *other, uint32_t port)
{
	if (!other->port_name.n)
		return other->port == port;
	for (uint32_t i = 0; i < w->ports.n; i++)
		if (w->ports.at[i].number == port && str_eq(w->ports.at[i].name, other->port_name))
			return true;
	return false;
}

static bool selects(const struct foreign_object *other, const struct workload *w)
{
	struct pod_selector pods = { .with = other->selector };

	return str_eq(other->space, w->space) && pods_have(&pods, &w->labels);
}

static void check_foreign(struct lowering *lw, const struct guard_plan *g, const struct workload *w)
{
	const struct cluster *c = lw->cluster->cluster;

	for (uint32_t i = 0; i < c->n_foreign; i++) {
		const struct foreign_object *other = &c->foreign[i];

		if (other->kind != FOREIGN_SERVER || !selects(other, w) ||
		    !names_port(w, other, g->port))
			continue;
		note(report_guarded_by_others(
			     lw->diags, g->sources.at[0]->at,
			     str_format(lw->mem, "Server `%.*s` in namespace `%.*s`",
					STR(other->name), STR(other->space)),
			     str_format(lw->mem, "%u", g->port),
			     str_format(lw->mem, "%.*s.%.*s", STR(w->name), STR(w->space))),
		     other->at, "it is in cluster `%.*s`", STR(c->name));
	}
}

static void check_pods(struct lowering *lw, const struct guard_plan *g)
{
	const struct cluster *c = lw->cluster->cluster;

	for (uint32_t i = 0; c->n_foreign && i < c->n_workloads; i++) {
		const struct workload *w = &c->workloads[i];

		if (w->mesh == g->mesh && str_eq(w->space, g->space) &&
		    pods_have(&g->pods, &w->labels))
			check_foreign(lw, g, w);
	}
}

void linkerd_guard(struct lowering *lw, const struct guard_plan *g)
{
	struct openings openings;

	linkerd_openings(lw, g, &openings);
	check_pods(lw, g);
	put_server(lw, g);
	linkerd_authorize(lw, &openings.grants, &openings.whole,
			  &(struct authorized){ server.group, server.kind, g->space, g->name });
	put_routes(lw, g, &openings);
}

/* Gateways are left alone: their chart says who may reach them. */
static bool must_deny(const struct access_plan *a, const struct workload *w)
{
	return w->mesh == a->mesh && !w->is_proxy;
}

/* true: no workload of the namespace lets anybody in, whoever says so. */
static bool denies_all(const struct cluster *c, const struct access_plan *a, struct str space)
{
	for (uint32_t i = 0; i < c->n_workloads; i++)
		if (must_deny(a, &c->workloads[i]) && str_eq(c->workloads[i].space, space) &&
		    !c->workloads[i].denies)
			return false;
	return true;
}

static struct span asked_of(const struct access_plan *a)
{
	const struct virtual_mesh *virtual_mesh = a->sources.at[0]->body;

	return virtual_mesh->spec->global_access_policy.at;
}

static void require_of_space(struct lowering *lw, const struct access_plan *a, struct str space)
{
	static const struct label wanted = { { DENIAL, sizeof DENIAL - 1 }, { "deny", 4 } };

	require_of_namespace(lw, space, &wanted, 1, denies_all(lw->cluster->cluster, a, space),
			     a->sources.at[0], asked_of(a));
}

/* An annotation of its own counts before its namespace's. */
static void require_of_workload(struct lowering *lw, const struct access_plan *a,
				const struct workload *w)
{
	const struct namespace_ *space = cluster_namespace(lw->cluster->cluster, w->space);
	struct str said = space ? label_get(&space->annotations, S(DENIAL)) : S("");

	if (w->denies || !str_eq(said, S("deny")))
		return;
	require(lw, (struct requirement){
			    .kind = str_of(workload_kind_name(w->kind)),
			    .space = w->space,
			    .name = w->name,
			    .what = S("pods without an annotation `" DENIAL "` of their own"),
			    .found = S("one that lets callers in"),
			    .action = S("take it away, so that the namespace's counts"),
			    .state = REQUIREMENT_WRONG,
			    .by = a->sources.at[0],
			    .asked = asked_of(a),
			    .at = w->at });
}

void linkerd_denial(struct lowering *lw, const struct access_plan *a)
{
	const struct cluster *c = lw->cluster->cluster;
	struct str last = S("");

	for (uint32_t i = 0; i < c->n_workloads; i++) {
		const struct workload *w = &c->workloads[i];

		if (!must_deny(a, w))
			continue;
		if (!str_eq(w->space, last))
			require_of_space(lw, a, w->space);
		require_of_workload(lw, a, w);
		last = w->space;
	}
}
