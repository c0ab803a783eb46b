/*
 * A plan of one cluster, made by hand: `reviews.bookinfo` runs in c1 and in c2.
 * What it becomes is compared as one text, "---" between the objects.
 */
#pragma once

#include "support/fixture.h"

#include "target/local.h"

#define NOWHERE ((struct span){ 0 })

struct scene {
	struct fixture f;
	struct plan_pass pass;
	struct fleet_options fleet;
	struct snapshot snapshot;
	struct cluster clusters[2]; /* c1, which gets the objects, and c2 */
	struct mesh meshes[2];
	struct service reviews[2]; /* of c1, of c2 */
	struct label labels[1], version[1];
	struct resource policy, virtual_mesh;
	struct traffic_policy_spec policy_spec;
	struct traffic_policy policy_body;
	struct virtual_mesh_spec virtual_mesh_spec;
	struct virtual_mesh virtual_mesh_body;
	struct span at; /* of the policy */
	struct cluster_plan plans[1];
	struct plan plan;
};

static inline void scene_cluster(struct scene *s, int i, const char *name)
{
	struct service *r = &s->reviews[i];

	s->clusters[i].name = str_of(name);
	s->meshes[i] = (struct mesh){ .kind = MESH_ISTIO,
				      .name = S("istiod-istio-system"),
				      .space = S("gloo-mesh") };
	s->meshes[i].cluster = &s->clusters[i];
	s->meshes[i].version = S("1.30.3");
	s->meshes[i].release = (struct release){ 1, 30 };
	s->meshes[i].install_space = s->meshes[i].root_space = S("istio-system");
	vec_add(s->f.mem, &s->clusters[i].meshes, &s->meshes[i]);
	r->name = S("reviews");
	r->space = S("bookinfo");
	r->discovered_name = str_format(s->f.mem, "reviews-bookinfo-%s", name);
	r->cluster = &s->clusters[i];
	r->mesh = &s->meshes[i];
	r->selector = (struct labels){ s->labels, 1 };
}

static inline void scene_open(struct scene *s)
{
	*s = (struct scene){ 0 };
	fixture_setup(&s->f);
	s->pass = (struct plan_pass){ s->f.mem, &s->f.diags, s->f.pool };
	fixture_file(&s->f, "mesh/policy.yaml", "0123456789");
	s->at = (struct span){ 1, 2, 4 };
	s->labels[0] = (struct label){ S("app"), S("reviews") };
	s->version[0] = (struct label){ S("version"), S("v1") };
	s->policy = (struct resource){
		.kind = KIND_TRAFFIC_POLICY, .name = S("p"), .space = S("bookinfo"), .at = s->at
	};
	s->virtual_mesh =
		(struct resource){ .kind = KIND_VIRTUAL_MESH, .name = S("vm"), .at = { 1, 0, 1 } };
	s->policy_body.spec = &s->policy_spec;
	s->policy.body = &s->policy_body;
	s->virtual_mesh_body.spec = &s->virtual_mesh_spec;
	s->virtual_mesh.body = &s->virtual_mesh_body;
	scene_cluster(s, 0, "c1");
	scene_cluster(s, 1, "c2");
	s->fleet.gloo_namespace = S("gloo-mesh");
	s->snapshot.fleet = &s->fleet;
	s->plans[0].cluster = &s->clusters[0];
	s->plan = (struct plan){ &s->snapshot, s->plans, 1 };
}

static inline void scene_close(struct scene *s)
{
	fixture_teardown(&s->f);
}

/* reviews as callers in its own cluster see it, nothing asked for. */
static inline struct destination_plan *scene_local(struct scene *s)
{
	struct destination_plan *d = vec_push(s->f.mem, &s->plans[0].destinations);

	d->service = &s->reviews[0];
	d->host = S("reviews.bookinfo.svc.cluster.local");
	vec_add(s->f.mem, &d->callers, &s->meshes[0]);
	return d;
}

/* reviews of c2 as callers in c1 see it. */
static inline struct destination_plan *scene_remote(struct scene *s)
{
	struct destination_plan *d = vec_push(s->f.mem, &s->plans[0].destinations);
	struct import *import = NEW(s->f.mem, struct import, 1);

	d->service = import->service = &s->reviews[1];
	d->host = import->host = S("reviews.bookinfo.svc.c2.global");
	d->remote = true;
	d->import = import;
	import->virtual_mesh = &s->virtual_mesh;
	import->address = S("240.0.0.1");
	vec_add(s->f.mem, &d->callers, &s->meshes[0]);
	vec_add(s->f.mem, &import->ports,
		((struct mesh_port){ 9080, 9080, S("http"), PROTOCOL_HTTP }));
	identities_add(s->f.mem, &import->identities,
		       (struct identity){ S("c2.example"), S("bookinfo"), S("reviews"), S("") });
	return d;
}

/* A route of everything on port 9080 to the whole service. */
static inline struct route *scene_route(struct scene *s, struct destination_plan *d)
{
	struct route *r = vec_push(s->f.mem, &d->routes);

	r->port = 9080;
	vec_add(s->f.mem, &r->to,
		((struct backend){
			.service = d->service, .host = d->host, .port = 9080, .weight = 100 }));
	vec_add(s->f.mem, &r->sources, &s->policy);
	return r;
}

static inline void scene_set(struct scene *s, struct effect *e, enum feature f, const void *value)
{
	e->value[f] = value;
	e->owner[f] = &s->policy;
	e->at[f] = s->at;
}

static inline struct number number_of(struct scene *s, int64_t v)
{
	return (struct number){ v, s->at };
}

static inline struct text text_of(struct scene *s, const char *text)
{
	return (struct text){ str_of(text), s->at };
}

static inline const char *scene_objects(struct scene *s, struct bundle *out)
{
	struct buf text = buf_new(s->f.mem, 0);

	target_lower(&s->pass, &s->plan, out);
	assert_int_equal(out->n, 1);
	assert_true(str_eq(out->clusters[0].cluster, S("c1")));
	for (uint32_t i = 0; i < out->clusters[0].all.n; i++) {
		if (i)
			buf_lit(&text, "---\n");
		yaml_write(&text, out->clusters[0].all.at[i].body);
	}
	return str_z(s->f.mem, buf_view(&text));
}

/* The bodies of everything that the plan becomes. */
static inline const char *scene_text(struct scene *s)
{
	struct bundle out;

	return scene_objects(s, &out);
}

/* From `key:` of the spec to the end: what a test is about. */
static inline const char *scene_tail(struct scene *s, const char *key)
{
	const char *text = scene_text(s), *from = strstr(text, key);

	if (!from)
		fail_msg("no `%s` in\n%s", key, text);
	return from;
}

#define HEAD(api, kind, name, space)                                                               \
	"apiVersion: " api ".istio.io/v1\nkind: " kind "\nmetadata:\n  name: " name                \
	"\n  namespace: " space "\n  labels:\n    app.kubernetes.io/managed-by: meshc\n"
