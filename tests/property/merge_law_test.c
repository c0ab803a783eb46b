/*
 * For random sets of TrafficPolicies: the route that a request meets first has exactly the settings that
 * brute force finds (law.c), or the plan says that policies conflict where brute force says so.
 *
 *	merge_law_test [ROUNDS [FIRST SEED]]
 */
#include "base/base.h"

#include "front/front.h"
#include "plan/plan.h"
#include "property/law.h"
#include "source/render.h"

#include <regex.h>

struct trial {
	struct arena *mem;
	uint64_t seed;
	struct world world;
	struct files files;
	struct diags diags;
	struct sources sources;
	struct catalog catalog;
	struct snapshot snapshot;
	struct plan plan;
	bool conflict, unknown;      /* what the plan said */
	const struct request *clash; /* where brute force finds a conflict */
	struct request clash_copy;
	bool possible; /* ... or would accept one */
	uint32_t wrong, requests;
};

static const char fleet_text[] =
	"apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata: {name: law}\n";

static const char cluster_text[] =
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n---\n"
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: "
	"enabled}}\n---\n"
	"apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {istio-injection: "
	"enabled}}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\n"
	"data:\n  mesh: |\n    trustDomain: %s.example.org\n    defaultConfig:\n      "
	"proxyMetadata:\n"
	"        ISTIO_META_DNS_CAPTURE: \"true\"\n---\n"
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system}\n"
	"spec:\n  selector: {matchLabels: {app: istiod}}\n  template:\n"
	"    metadata: {labels: {app: istiod}}\n    spec:\n      serviceAccountName: istiod\n"
	"      containers: [{name: discovery, image: \"docker.io/istio/pilot:1.29.0\"}]\n---\n"
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gateway, namespace: "
	"istio-system}\n"
	"spec:\n  selector: {matchLabels: {istio: ingressgateway}}\n  template:\n"
	"    metadata: {labels: {istio: ingressgateway, sidecar.istio.io/inject: \"true\"}}\n"
	"    spec:\n      containers: [{name: istio-proxy, image: auto, ports: [{containerPort: "
	"15443}]}]\n---\n"
	"apiVersion: v1\nkind: Service\nmetadata: {name: gateway, namespace: istio-system, labels: "
	"{istio: ingressgateway}}\n"
	"spec:\n  type: LoadBalancer\n  selector: {istio: ingressgateway}\n"
	"  ports: [{name: tls, port: 15443, targetPort: 15443}]\n"
	"status: {loadBalancer: {ingress: [{ip: 172.16.0.%u}]}}\n";

static const char service_text[] =
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s, labels: {app: %s, "
	"tier: %s, federate: \"%s\"}}\n"
	"spec:\n  selector: {app: %s}\n  ports: [{name: http, port: 8080, targetPort: 8080}]\n---\n"
	"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s, namespace: %s}\n"
	"spec:\n  selector: {matchLabels: {app: %s}}\n  template:\n    metadata: {labels: {app: "
	"%s, version: v1}}\n"
	"    spec:\n      serviceAccountName: %s\n      containers: [{name: main, image: shop, "
	"ports: [{containerPort: 8080}]}]\n";

static const char virtual_mesh_text[] =
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: VirtualMesh\nmetadata: {name: law, "
	"namespace: gloo-mesh}\n"
	"spec:\n  meshes:\n  - {name: istiod-istio-system-one, namespace: gloo-mesh}\n"
	"  - {name: istiod-istio-system-two, namespace: gloo-mesh}\n  federation:\n    selectors:\n"
	"    - destinationSelectors:\n      - kubeServiceMatcher: {labels: {federate: \"yes\"}}\n";

static void put_cluster(struct buf *b, const char *name, unsigned address)
{
	buf_format(b, cluster_text, name, address);
	for (uint32_t i = 0; i < N_SERVICES; i++) {
		const struct service_of_world *s = &services[i];

		if (strcmp(s->cluster, name) == 0)
			buf_format(b, service_text, s->name, s->space, s->label_app, s->label_tier,
				   s->federated ? "yes" : "no", s->name, s->name, s->space, s->name,
				   s->name, s->name);
	}
}

static void add_source(struct trial *t, const char *path, struct str text, struct source source)
{
	source.file = files_add(&t->files, str_of(path), text);
	vec_add(t->mem, &t->sources.all, source);
}

static struct str text_of_cluster(struct trial *t, const char *name, unsigned address)
{
	struct buf b = buf_new(t->mem, 0);

	put_cluster(&b, name, address);
	return buf_view(&b);
}

static struct source inventory_of(const char *cluster)
{
	return (struct source){ .folder = str_of(cluster), .place = SOURCE_INVENTORY };
}

static void add_sources(struct trial *t)
{
	const struct source declaration = { .place = SOURCE_DECLARATION };
	struct buf policies = buf_new(t->mem, 0);

	world_put_yaml(&policies, &t->world);
	add_source(t, "inventory/one/all.yaml", text_of_cluster(t, "one", 1), inventory_of("one"));
	add_source(t, "inventory/two/all.yaml", text_of_cluster(t, "two", 2), inventory_of("two"));
	add_source(t, "mesh/policies.yaml", buf_view(&policies), declaration);
	add_source(t, "mesh/virtual-mesh.yaml", str_of(virtual_mesh_text), declaration);
	add_source(t, "meshc.yaml", str_of(fleet_text), (struct source){ .place = SOURCE_FLEET });
	t->sources.files = &t->files;
	t->sources.fleet = (struct fleet_options){ .name = S("law"),
						   .inventory = S("inventory"),
						   .output = S("rendered"),
						   .gloo_namespace = S("gloo-mesh") };
	vec_add(t->mem, &t->sources.fleet.mesh, S("mesh"));
}

static void show(struct trial *t)
{
	struct buf b = buf_new(t->mem, 0);

	world_put_yaml(&b, &t->world);
	buf_char(&b, '\n');
	for (uint32_t i = 0; i < t->diags.all.n; i++)
		render_finding(&b, &t->files, t->diags.all.at[i], (struct render_options){ false });
	printf("seed %" PRIu64 ":\n%.*s\n", t->seed, STR(buf_view(&b)));
}

static void show_request(const struct request *r)
{
	printf("%s %s x-user: %s q: %s from %s %s %s to %s of cluster %s: ", r->method, r->path,
	       r->header ? r->header : "-", r->query ? r->query : "-", r->cluster, r->space,
	       r->version, services[r->service].name, services[r->service].cluster);
}

static void compile_world(struct trial *t, struct pool *pool)
{
	struct pass p = { t->mem, &t->diags, pool };
	struct plan_pass plan = { t->mem, &t->diags, pool };

	add_sources(t);
	front_read(&p, &t->sources, &t->catalog);
	front_resolve(&p, &t->sources, &t->catalog, &t->snapshot);
	plan_build(&plan, &t->snapshot, &t->plan);
	diags_settle(&t->diags, t->mem);
	for (uint32_t i = 0; i < t->diags.all.n; i++) {
		const struct finding *f = t->diags.all.at[i];

		if (f->code == CODE_policy_conflict)
			t->conflict = true;
		else if (f->code == CODE_overlap_unknown)
			t->unknown = true;
		else if (diag_row(f->code)->severity == SEVERITY_ERROR)
			t->wrong++;
	}
	if (t->wrong) {
		printf("the world does not compile\n");
		show(t);
	}
}

/* --- what a route's condition says about a request --- */

static bool regex_matches(struct str pattern, const char *text)
{
	char anchored[256];
	regex_t regex;
	bool matches;

	snprintf(anchored, sizeof anchored, "^(%.*s)$", STR(pattern));
	if (regcomp(&regex, anchored, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	matches = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static bool match_holds(const struct match *m, const char *text)
{
	struct str s = str_of(text);

	switch (m->how) {
	case MATCH_ANY:
		return true;
	case MATCH_PRESENT:
		return text != NULL;
	case MATCH_EXACT:
		return text && str_eq(s, m->value);
	case MATCH_PREFIX:
		return text && str_starts(s, m->value);
	case MATCH_SUFFIX:
		return text && str_ends(s, m->value);
	case MATCH_REGEX:
		return text && regex_matches(m->value, text);
	}
	BUG("match");
}

static bool word_holds(struct str wanted, const char *is)
{
	return !wanted.n || str_eq(wanted, str_of(is));
}

static bool condition_holds(const struct condition *c, const struct request *r)
{
	for (uint32_t i = 0; i < c->headers.n; i++)
		if (match_holds(&c->headers.at[i].value, r->header) == c->headers.at[i].inverted)
			return false;
	for (uint32_t i = 0; i < c->query.n; i++)
		if (!match_holds(&c->query.at[i].value, r->query))
			return false;
	for (uint32_t i = 0; i < c->source_labels.n; i++)
		if (!str_eq(c->source_labels.at[i].key, S("version")) ||
		    !str_eq(c->source_labels.at[i].value, str_of(r->version)))
			return false;
	return match_holds(&c->path, r->path) && word_holds(c->method, r->method) &&
	       word_holds(c->source_space, r->space);
}

static const struct destination_plan *destination_for(const struct trial *t,
						      const struct request *r)
{
	const struct cluster_plan *c = NULL;

	for (uint32_t i = 0; i < t->plan.n_clusters; i++)
		if (str_eq(t->plan.clusters[i].cluster->name, str_of(r->cluster)))
			c = &t->plan.clusters[i];
	for (uint32_t i = 0; c && i < c->destinations.n; i++) {
		const struct service *s = c->destinations.at[i].service;

		if (str_eq(s->name, str_of(services[r->service].name)) &&
		    str_eq(s->cluster->name, str_of(services[r->service].cluster)))
			return &c->destinations.at[i];
	}
	return NULL;
}

static const struct route *route_for(const struct destination_plan *d, const struct request *r)
{
	for (uint32_t i = 0; d && i < d->routes.n; i++)
		if (condition_holds(&d->routes.at[i].when, r))
			return &d->routes.at[i];
	return NULL;
}

static int64_t value_in_plan(const struct route *route, enum field field)
{
	const struct effect *e = route ? &route->effect : NULL;

	if (!e)
		return 0;
	switch (field) {
	case FIELD_timeout:
		return effect_timeout(e) ? effect_timeout(e)->v / 1000000000 : 0;
	case FIELD_retries:
		return effect_retries(e) ? effect_retries(e)->attempts.v : 0;
	case FIELD_abort:
		return effect_fault(e) ? effect_fault(e)->abort->http_status.v : 0;
	}
	BUG("field");
}

static void complain(struct trial *t, const struct request *r, const char *what, int64_t got,
		     int64_t wanted)
{
	if (t->wrong++ == 0)
		show(t);
	if (t->wrong > 5)
		return;
	show_request(r);
	printf("%s: the plan has %" PRId64 ", the law %" PRId64 "\n", what, got, wanted);
}

/* Requests that no policy shifts go where they were sent: one backend, the whole weight. */
static void check_default(struct trial *t, const struct request *r,
			  const struct destination_plan *d, const struct route *route)
{
	if (!d || !d->routes.n)
		return;
	if (!route)
		complain(t, r, "no route", 0, 1);
	else if (route->to.n != 1 || route->to.at[0].weight != 100 ||
		 route->to.at[0].service != d->service)
		complain(t, r, "backends", route->to.n, 1);
}

static void check_request(const struct request *r, void *cx)
{
	static const char *const names[N_FIELDS] = { "requestTimeout", "retries",
						     "faultInjection" };
	struct trial *t = cx;
	const struct destination_plan *d = destination_for(t, r);
	const struct route *route = route_for(d, r);

	t->requests++;
	for (uint32_t i = 0; i < N_FIELDS; i++) {
		enum field f = (enum field)i;
		int64_t wanted, got = value_in_plan(route, f);
		enum verdict verdict = law_decides(&t->world, r, f, &wanted);

		if (verdict == CONFLICT && !t->clash) {
			t->clash_copy = *r;
			t->clash = &t->clash_copy;
		}
		t->possible = t->possible || verdict != DECIDED;
		/* Two paths of one policy may have no meet: then what a conflict leaves open on the route of one is so for more. */
		if (verdict == DECIDED && got != wanted && !t->unknown &&
		    !(t->conflict && t->world.has_regex && !got))
			complain(t, r, names[f], got, wanted);
	}
	check_default(t, r, d, route);
}

/* The plan's word about the whole set against what brute force found request by request. */
static void check_findings(struct trial *t)
{
	if (t->clash && !t->conflict && !t->unknown)
		complain(t, t->clash, "conflict not reported", 0, 1);
	if (t->conflict && !t->possible && !t->unknown && t->wrong++ == 0) {
		printf("a conflict is reported where there is none\n");
		show(t);
	}
	if (t->unknown && !t->world.has_regex && t->wrong++ == 0) {
		printf("an overlap is called unknown without suffix or regular expression\n");
		show(t);
	}
}

struct totals {
	uint32_t rounds, decided, conflicts, unknown, wrong;
};

static void try_world(uint64_t seed, struct pool *pool, struct totals *totals)
{
	struct trial t = { .mem = arena_new(), .seed = seed, .world = world_random(seed) };

	t.files = files_new(t.mem);
	t.diags = diags_new(t.mem);
	compile_world(&t, pool);
	if (!t.wrong) {
		requests_each(check_request, &t);
		check_findings(&t);
	}
	totals->rounds++;
	totals->conflicts += t.conflict;
	totals->unknown += t.unknown;
	totals->decided += !t.conflict && !t.unknown;
	totals->wrong += t.wrong > 0;
	arena_free(t.mem);
}

int main(int argc, char **argv)
{
	uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 500;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	struct pool *pool = pool_new(1);
	struct totals totals = { 0 };

	for (uint64_t seed = first; seed < first + rounds && totals.wrong < 5; seed++)
		try_world(seed, pool, &totals);
	pool_free(pool);
	printf("%u sets of policies: %u without conflict, %u with, %u that cannot be told, %u "
	       "wrong\n",
	       totals.rounds, totals.decided, totals.conflicts, totals.unknown, totals.wrong);
	return totals.wrong > 0 || !totals.decided || !totals.conflicts;
}
