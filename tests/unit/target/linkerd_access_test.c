/*
 * Who may send what to a port that Linkerd guards. The objects are read as its proxies
 * read them (the longest path, then method; between equals the older object, which may
 * be any) and must say of every request and caller what the rules say.
 */
#include "base/base.h"

#include "scene.h"

#include "target/linkerd/local.h"

#include <regex.h>

enum { N_ACCOUNTS = 3, N_RULES = 3, N_ROUNDS = 3000 };

static const char *const accounts[N_ACCOUNTS] = { "web", "shop", "admin" };
static const char *const patterns[] = { "/a",  "/a/*", "/a/b", "/a/b/*", "/*",
					"*/b", "/",    "*",    "/ab*" };
static const char *const paths[] = {
	"/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/abc", "/x/b", "/c"
};
static const char *const methods[] = { "GET", "POST", "PUT" };

struct client {
	uint32_t account;
	bool near; /* in 10.0.0.0/8 */
};

struct world {
	struct scene s;
	struct access_rule rules[N_RULES];
	const struct access_rule *listed[N_RULES];
	const struct resource *sources[1];
	struct probe probe;
	struct guard_plan guard;
	struct object_set out;
};

static uint64_t next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	uint64_t z = *state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint32_t pick(uint64_t *state, size_t n)
{
	return (uint32_t)(next(state) % n);
}

static struct identity caller(uint32_t account)
{
	return (struct identity){ S("cluster.local"), S("front"), str_of(accounts[account]),
				  S("linkerd") };
}

static void make_rule(struct world *w, struct access_rule *rule, uint64_t *state)
{
	rule->policy = &w->s.policy;
	rule->at = w->s.at;
	for (uint32_t i = 0; i < N_ACCOUNTS; i++)
		if (pick(state, 2))
			identities_add(w->s.f.mem, &rule->identities, caller(i));
	for (uint32_t i = pick(state, 3); i > 0; i--)
		vec_add(w->s.f.mem, &rule->paths, str_of(patterns[pick(state, countof(patterns))]));
	for (uint32_t i = pick(state, 3); i > 0; i--)
		vec_add(w->s.f.mem, &rule->methods, str_of(methods[pick(state, 2)]));
	if (pick(state, 4) == 0) {
		vec_push(w->s.f.mem, &rule->networks)->cidr = S("10.0.0.0/8");
		rule->anybody = pick(state, 2) == 0;
	}
	if (rule->anybody)
		rule->identities.n = 0;
}

static void open_world(struct world *w)
{
	*w = (struct world){ 0 };
	scene_open(&w->s);
	w->sources[0] = &w->s.policy;
	w->guard = (struct guard_plan){ .mesh = &w->s.meshes[0],
					.name = S("reviews-9080"),
					.space = S("bookinfo"),
					.pods = { { w->s.labels, 1 }, { 0 } },
					.port = 9080,
					.sources = { w->sources, 1, 1 } };
}

static void lower_guard(struct world *w)
{
	struct lowering lw = { .mem = w->s.f.mem,
			       .diags = &w->s.f.diags,
			       .plan = &w->s.plan,
			       .cluster = &w->s.plans[0],
			       .out = &w->out };

	linkerd_guard(&lw, &w->guard);
}

static void random_world(struct world *w, uint64_t seed)
{
	uint64_t state = seed;
	uint32_t n;

	open_world(w);
	n = 1 + pick(&state, N_RULES);
	for (uint32_t i = 0; i < n; i++) {
		make_rule(w, &w->rules[i], &state);
		w->listed[i] = &w->rules[i];
	}
	w->guard.rules.at = w->listed;
	w->guard.rules.n = n;
	if (pick(&state, 4) == 0) {
		w->probe = (struct probe){ S("/a/b"), 9080 };
		w->guard.probes.at = &w->probe;
		w->guard.probes.n = 1;
	}
	lower_guard(w);
}

/* What the rules say, without a look at how they are printed. */
static bool pattern_matches(struct str pattern, struct str path)
{
	bool first = pattern.p[0] == '*', last = pattern.p[pattern.n - 1] == '*';
	struct str rest = str_slice(pattern, first, pattern.n - (last && pattern.n > 1));

	if (pattern.n == 1 && first)
		return true;
	if (first)
		return str_ends(path, rest);
	return last ? str_starts(path, rest) : str_eq(path, rest);
}

static bool rule_allows(const struct access_rule *rule, const struct client *c, struct str path,
			struct str method)
{
	bool who = rule->anybody, where = !rule->paths.n, how = !rule->methods.n;
	struct identity me = caller(c->account);

	for (uint32_t i = 0; i < rule->identities.n; i++)
		who = who || !identity_order(&rule->identities.at[i], &me);
	for (uint32_t i = 0; i < rule->paths.n; i++)
		where = where || pattern_matches(rule->paths.at[i], path);
	for (uint32_t i = 0; i < rule->methods.n; i++)
		how = how || str_eq(rule->methods.at[i], method);
	return who && where && how && (c->near || !rule->networks.n);
}

static bool is_probe(const struct world *w, struct str path, struct str method)
{
	bool routed = false;

	for (uint32_t i = 0; i < w->guard.rules.n; i++)
		routed = routed || ((w->rules[i].anybody || w->rules[i].identities.n) &&
				    (w->rules[i].paths.n || w->rules[i].methods.n));
	return routed && w->guard.probes.n && str_eq(path, S("/a/b")) && str_eq(method, S("GET"));
}

static bool allowed(const struct world *w, const struct client *c, struct str path,
		    struct str method)
{
	for (uint32_t i = 0; i < w->guard.rules.n; i++)
		if (rule_allows(&w->rules[i], c, path, method))
			return true;
	return is_probe(w, path, method);
}

/* What a proxy does with the objects. */
static struct str text_at(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, str_of(key));

	return n ? n->u.text : S("");
}

static const struct node *spec_of(const struct object *o)
{
	return node_get(o->body, S("spec"));
}

static const struct object *named(const struct world *w, const char *kind, struct str name)
{
	for (uint32_t i = 0; i < w->out.all.n; i++)
		if (str_eq(w->out.all.at[i].key.kind, str_of(kind)) &&
		    str_eq(w->out.all.at[i].key.name, name))
			return &w->out.all.at[i];
	fail_msg("no %s %.*s", kind, STR(name));
	return NULL;
}

static struct str identity_text(const struct world *w, const struct client *c)
{
	return str_format(w->s.f.mem, "%s.front.serviceaccount.identity.linkerd.cluster.local",
			  accounts[c->account]);
}

static bool is_from(const struct node *networks, const struct client *c)
{
	for (uint32_t i = 0; i < networks->n; i++)
		if (c->near || !str_eq(text_at(networks->u.items[i], "cidr"), S("10.0.0.0/8")))
			return true;
	return false;
}

static bool authenticates(const struct world *w, const struct node *ref, const struct client *c)
{
	const struct object *to =
		named(w, str_z(w->s.f.mem, text_at(ref, "kind")), text_at(ref, "name"));
	const struct node *list = node_get(spec_of(to), S("identities"));

	struct str identity = identity_text(w, c);

	if (!list)
		return is_from(node_get(spec_of(to), S("networks")), c);
	for (uint32_t i = 0; i < list->n; i++)
		if (str_eq(list->u.items[i]->u.text, identity))
			return true;
	return false;
}

/* Linkerd admits no policy with two authentications of a kind, and takes an empty list for everybody. */
static void check_refs(const struct node *refs)
{
	assert_in_range(refs->n, 1, 2);
	if (refs->n == 2)
		assert_false(str_eq(text_at(refs->u.items[0], "kind"),
				    text_at(refs->u.items[1], "kind")));
}

/* Some policy about the object, all of whose authentications hold. */
static bool authorizes(const struct world *w, const char *kind, struct str name,
		       const struct client *c)
{
	for (uint32_t i = 0; i < w->out.all.n; i++) {
		const struct object *o = &w->out.all.at[i];
		const struct node *target, *refs;
		bool all = true;

		if (!str_eq(o->key.kind, S("AuthorizationPolicy")))
			continue;
		target = node_get(spec_of(o), S("targetRef"));
		if (!str_eq(text_at(target, "kind"), str_of(kind)) ||
		    !str_eq(text_at(target, "name"), name))
			continue;
		refs = node_get(spec_of(o), S("requiredAuthenticationRefs"));
		check_refs(refs);
		for (uint32_t k = 0; k < refs->n; k++)
			all = all && authenticates(w, refs->u.items[k], c);
		if (all)
			return true;
	}
	return false;
}

static bool regex_holds(struct arena *mem, struct str pattern, struct str text)
{
	regex_t compiled;
	bool holds;

	assert_int_equal(regcomp(&compiled, str_format(mem, "^(%.*s)$", STR(pattern)).p,
				 REG_EXTENDED | REG_NOSUB),
			 0);
	holds = regexec(&compiled, str_z(mem, text), 0, NULL, 0) == 0;
	regfree(&compiled);
	return holds;
}

/* 0: no match. Longer paths weigh more, then a method. */
static uint32_t weight(struct arena *mem, const struct node *match, struct str path,
		       struct str method)
{
	const struct node *at = node_get(match, S("path"));
	struct str wanted = text_at(match, "method");
	uint32_t length = 1; /* as of the prefix `/` */

	if (wanted.n && !str_eq(wanted, method))
		return 0;
	if (at && !str_eq(text_at(at, "type"), S("PathPrefix"))) {
		struct str value = text_at(at, "value");

		if (str_eq(text_at(at, "type"), S("Exact")) ? !str_eq(value, path)
							    : !regex_holds(mem, value, path))
			return 0;
		length = path.n;
	}
	return length * 2 + (wanted.n > 0);
}

static uint32_t weight_of_route(struct arena *mem, const struct object *route, struct str path,
				struct str method)
{
	const struct node *rules = node_get(spec_of(route), S("rules"));
	uint32_t best = 0;

	for (uint32_t r = 0; r < rules->n; r++) {
		const struct node *matches = node_get(rules->u.items[r], S("matches"));

		for (uint32_t m = 0; m < matches->n; m++) {
			uint32_t one = weight(mem, matches->u.items[m], path, method);

			best = one > best ? one : best;
		}
	}
	return best;
}

/* May / may not / depends on which of two objects is the older. */
enum verdict { REFUSED, ALLOWED, DEPENDS };

static enum verdict judge(const struct world *w, const struct client *c, struct str path,
			  struct str method)
{
	bool by_server = authorizes(w, "Server", S("reviews-9080"), c);
	bool routed = false, some = false, all = true;
	uint32_t best = 0;

	for (uint32_t i = 0; i < w->out.all.n; i++) {
		const struct object *o = &w->out.all.at[i];
		uint32_t one;

		if (!str_eq(o->key.kind, S("HTTPRoute")))
			continue;
		routed = true;
		one = weight_of_route(w->s.f.mem, o, path, method);
		if (!one || one < best)
			continue;
		if (one > best) {
			best = one;
			some = false;
			all = true;
		}
		if (by_server || authorizes(w, "HTTPRoute", o->key.name, c))
			some = true;
		else
			all = false;
	}
	if (!routed)
		return by_server ? ALLOWED : REFUSED;
	if (!best || !some)
		return REFUSED;
	return all ? ALLOWED : DEPENDS;
}

static void check_request(const struct world *w, uint64_t seed, const struct client *c,
			  const char *path, const char *method)
{
	enum verdict got = judge(w, c, str_of(path), str_of(method));
	bool want = allowed(w, c, str_of(path), str_of(method));

	if (got != (want ? ALLOWED : REFUSED))
		fail_msg("seed %" PRIu64 ": %s %s by %s, %s: wanted %d, got %d", seed, method, path,
			 accounts[c->account], c->near ? "near" : "far", want, (int)got);
}

static void check_names(const struct world *w, uint64_t seed)
{
	for (uint32_t i = 0; i < w->out.all.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (!object_key_compare(&w->out.all.at[i].key, &w->out.all.at[k].key))
				fail_msg("seed %" PRIu64 ": two objects %.*s", seed,
					 STR(w->out.all.at[i].key.name));
}

static void check_requests(const struct world *w, uint64_t seed)
{
	check_names(w, seed);
	for (uint32_t i = 0; i < 2 * N_ACCOUNTS; i++) {
		struct client c = { i / 2, i % 2 };

		for (size_t p = 0; p < countof(paths); p++)
			for (size_t m = 0; m < countof(methods); m++)
				check_request(w, seed, &c, paths[p], methods[m]);
	}
}

static void test_objects_say_what_the_rules_say(void **state)
{
	uint32_t sound = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= N_ROUNDS; seed++) {
		struct world w;

		random_world(&w, seed);
		if (!w.s.f.diags.all.n)
			check_requests(&w, seed);
		sound += !w.s.f.diags.all.n;
		scene_close(&w.s);
	}
	assert_true(sound > N_ROUNDS / 3); /* not everything is refused */
}

static void one_rule(struct world *w, const char *path, const char *method, uint32_t account)
{
	struct access_rule *rule = &w->rules[w->guard.rules.n];

	rule->policy = &w->s.policy;
	identities_add(w->s.f.mem, &rule->identities, caller(account));
	if (path)
		vec_add(w->s.f.mem, &rule->paths, str_of(path));
	if (method)
		vec_add(w->s.f.mem, &rule->methods, str_of(method));
	w->listed[w->guard.rules.n++] = rule;
	w->guard.rules.at = w->listed;
}

static void test_nested_paths_with_different_callers_are_refused(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	one_rule(&w, "/a/*", NULL, 0);
	one_rule(&w, "/a/b", NULL, 1);
	lower_guard(&w);
	assert_int_equal(fixture_count(&w.s.f, CODE_unsupported), 1);
	scene_close(&w.s);
}

static void test_nested_paths_with_the_same_callers_are_one_route(void **state)
{
	struct world w;
	uint32_t routes = 0;

	(void)state;
	open_world(&w);
	one_rule(&w, "/a/*", NULL, 0);
	one_rule(&w, "/a/b", NULL, 0);
	lower_guard(&w);
	assert_int_equal(w.s.f.diags.all.n, 0);
	for (uint32_t i = 0; i < w.out.all.n; i++)
		routes += str_eq(w.out.all.at[i].key.kind, S("HTTPRoute"));
	assert_int_equal(routes, 2); /* and the one for everything else */
	scene_close(&w.s);
}

static void test_more_matches_than_a_rule_takes_go_into_two_routes(void **state)
{
	struct world w;
	uint32_t routes = 0;

	(void)state;
	open_world(&w);
	one_rule(&w, "/0", NULL, 0);
	for (int i = 1; i <= 64; i++)
		vec_add(w.s.f.mem, &w.rules[0].paths, str_format(w.s.f.mem, "/%d", i));
	lower_guard(&w);
	for (uint32_t i = 0; i < w.out.all.n; i++)
		routes += str_eq(w.out.all.at[i].key.kind, S("HTTPRoute"));
	assert_int_equal(routes, 3);
	scene_close(&w.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_say_what_the_rules_say),
		cmocka_unit_test(test_nested_paths_with_different_callers_are_refused),
		cmocka_unit_test(test_nested_paths_with_the_same_callers_are_one_route),
		cmocka_unit_test(test_more_matches_than_a_rule_takes_go_into_two_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
