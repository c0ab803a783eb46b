/* Routes as Istio reads them: host, port, match, weights, and every setting. */
#include "base/base.h"

#include "scene.h"

#define SECOND 1000000000ll

static void test_a_route_becomes_one_http_entry_with_port_and_host(void **state)
{
	struct scene s;

	(void)state;
	scene_open(&s);
	scene_route(&s, scene_local(&s));
	assert_string_equal(scene_text(&s),
			    HEAD("networking", "VirtualService", "reviews",
				 "bookinfo") "spec:\n"
					     "  hosts:\n"
					     "  - reviews.bookinfo.svc.cluster.local\n"
					     "  http:\n"
					     "  - match:\n"
					     "    - port: 9080\n"
					     "    route:\n"
					     "    - destination:\n"
					     "        host: reviews.bookinfo.svc.cluster.local\n"
					     "        port:\n"
					     "          number: 9080\n");
	fixture_assert_sound(&s.f);
	scene_close(&s);
}

static void test_several_backends_carry_weights_and_subsets(void **state)
{
	struct scene s;
	struct route *r;

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	r->to.at[0].weight = 75;
	r->to.at[0].subset = S("version-v1");
	vec_add(s.f.mem, &r->to,
		((struct backend){ .service = &s.reviews[1],
				   .host = S("reviews.bookinfo.svc.c2.global"),
				   .port = 9080,
				   .weight = 25 }));
	assert_string_equal(scene_tail(&s, "    route:"),
			    "    route:\n"
			    "    - destination:\n"
			    "        host: reviews.bookinfo.svc.cluster.local\n"
			    "        port:\n"
			    "          number: 9080\n"
			    "        subset: version-v1\n"
			    "      weight: 75\n"
			    "    - destination:\n"
			    "        host: reviews.bookinfo.svc.c2.global\n"
			    "        port:\n"
			    "          number: 9080\n"
			    "      weight: 25\n");
	scene_close(&s);
}

static void test_a_remote_service_is_named_by_cluster_in_every_root_namespace(void **state)
{
	struct scene s;
	struct destination_plan *d;
	struct mesh canary;
	struct bundle out;

	(void)state;
	scene_open(&s);
	canary = s.meshes[0];
	canary.root_space = S("istio-canary");
	d = scene_remote(&s);
	scene_route(&s, d);
	vec_add(s.f.mem, &d->callers, &canary);
	scene_objects(&s, &out);
	assert_int_equal(out.clusters[0].all.n, 6);
	for (uint32_t i = 4; i < 6; i++) {
		const struct object *o = &out.clusters[0].all.at[i];

		assert_true(str_eq(o->key.kind, S("VirtualService")));
		assert_true(str_eq(o->key.name, S("reviews-bookinfo-c2")));
		assert_true(str_eq(o->key.space, i == 4 ? S("istio-canary") : S("istio-system")));
		assert_int_equal(o->sources.n, 2);
		assert_ptr_equal(o->sources.at[0], &s.policy);
		assert_ptr_equal(o->sources.at[1], &s.virtual_mesh);
	}
	scene_close(&s);
}

static const struct {
	const char *name;
	enum match_how how;
	bool ignore_case;
	const char *value;
	const char *want;
} paths[] = {
	{ "exact", MATCH_EXACT, false, "/a.b",
	  "    - uri:\n        exact: \"/a.b\"\n      port: 9080\n" },
	{ "prefix", MATCH_PREFIX, false, "/a",
	  "    - uri:\n        prefix: \"/a\"\n      port: 9080\n" },
	{ "regex", MATCH_REGEX, false, "/a.*",
	  "    - uri:\n        regex: \"/a.*\"\n      port: 9080\n" },
	{ "suffix", MATCH_SUFFIX, false, ".png",
	  "    - uri:\n        regex: \".*\\\\.png\"\n      port: 9080\n" },
	{ "exact in any case", MATCH_EXACT, true, "/a",
	  "    - uri:\n        exact: \"/a\"\n      ignoreUriCase: true\n      port: 9080\n" },
	{ "suffix in any case", MATCH_SUFFIX, true, "+x",
	  "    - uri:\n        regex: \"(?i).*\\\\+x\"\n      port: 9080\n" },
	{ "regex in any case", MATCH_REGEX, true, "a|b",
	  "    - uri:\n        regex: \"(?i)a|b\"\n      port: 9080\n" },
};

static const char *match_of(struct scene *s)
{
	const char *from = scene_tail(s, "  - match:\n") + strlen("  - match:\n");
	const char *to = strstr(from, "    route:\n");

	return str_z(s->f.mem, (struct str){ from, (uint32_t)(to - from) });
}

static void test_paths_become_what_istio_can_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(paths); i++) {
		struct scene s;

		scene_open(&s);
		scene_route(&s, scene_local(&s))->when.path = match_new(
			s.f.mem, paths[i].how, paths[i].ignore_case, str_of(paths[i].value));
		if (strcmp(match_of(&s), paths[i].want) != 0)
			fail_msg("%s:\n%s", paths[i].name, match_of(&s));
		scene_close(&s);
	}
}

static void add_named(struct scene *s, struct condition *c, bool query, const char *name,
		      struct match m, bool inverted)
{
	struct named_match named = { str_of(name), m, inverted };

	if (query)
		vec_add(s->f.mem, &c->query, named);
	else
		vec_add(s->f.mem, &c->headers, named);
}

static void test_all_parts_of_a_condition_are_matched(void **state)
{
	struct scene s;
	struct condition *c;

	(void)state;
	scene_open(&s);
	c = &scene_route(&s, scene_local(&s))->when;
	c->method = S("GET");
	c->source_space = S("web");
	c->source_labels = (struct labels){ s.version, 1 };
	add_named(&s, c, false, "x-a", match_new(s.f.mem, MATCH_PRESENT, false, S("")), false);
	add_named(&s, c, false, "x-b", match_new(s.f.mem, MATCH_EXACT, false, S("on")), true);
	add_named(&s, c, false, "x-c", match_new(s.f.mem, MATCH_REGEX, false, S("[0-9]+")), false);
	add_named(&s, c, true, "q", match_new(s.f.mem, MATCH_PRESENT, false, S("")), false);
	add_named(&s, c, true, "r", match_new(s.f.mem, MATCH_PREFIX, false, S("a.")), false);
	assert_string_equal(match_of(&s), "    - method:\n"
					  "        exact: GET\n"
					  "      headers:\n"
					  "        x-a: {}\n"
					  "        x-c:\n"
					  "          regex: \"[0-9]+\"\n"
					  "      withoutHeaders:\n"
					  "        x-b:\n"
					  "          exact: \"on\"\n"
					  "      queryParams:\n"
					  "        q:\n"
					  "          regex: \".*\"\n"
					  "        r:\n"
					  "          regex: \"a\\\\..*\"\n"
					  "      sourceNamespace: web\n"
					  "      sourceLabels:\n"
					  "        version: v1\n"
					  "      port: 9080\n");
	scene_close(&s);
}

static void test_timeout_and_retries(void **state)
{
	struct scene s;
	struct route *r;
	struct number timeout;
	struct retry_policy retries = { 0 };

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	timeout = number_of(&s, SECOND / 10);
	retries.attempts = number_of(&s, 3);
	retries.per_try_timeout = number_of(&s, 3 * SECOND / 2);
	scene_set(&s, &r->effect, FEATURE_REQUEST_TIMEOUT, &timeout);
	scene_set(&s, &r->effect, FEATURE_RETRIES, &retries);
	assert_string_equal(scene_tail(&s, "    timeout:"), "    timeout: \"0.1s\"\n"
							    "    retries:\n"
							    "      attempts: 3\n"
							    "      perTryTimeout: \"1.5s\"\n");
	scene_close(&s);
}

static void test_faults_are_delay_or_abort_with_a_share(void **state)
{
	struct scene s;
	struct route *r;
	struct fault_injection fault = { 0 };
	struct fault_abort abort = { 0 };

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	fault.fixed_delay = number_of(&s, 5 * SECOND);
	fault.percentage = (struct number){ .v = 1000000 };
	scene_set(&s, &r->effect, FEATURE_FAULT_INJECTION, &fault);
	assert_string_equal(scene_tail(&s, "    fault:"), "    fault:\n"
							  "      delay:\n"
							  "        fixedDelay: \"5s\"\n"
							  "        percentage:\n"
							  "          value: 100\n");
	abort.http_status = number_of(&s, 503);
	fault.abort = &abort;
	fault.percentage.v = 125000;
	assert_string_equal(scene_tail(&s, "    fault:"), "    fault:\n"
							  "      abort:\n"
							  "        httpStatus: 503\n"
							  "        percentage:\n"
							  "          value: 12.5\n");
	scene_close(&s);
}

static void test_a_mirror_is_a_list_with_a_share(void **state)
{
	struct scene s;
	struct route *r;
	struct mirror mirror = { .percentage = { .v = 1 } };
	struct backend to;

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	to = (struct backend){ .service = &s.reviews[1],
			       .host = S("reviews.bookinfo.svc.c2.global"),
			       .port = 9081 };
	r->mirror = &to;
	scene_set(&s, &r->effect, FEATURE_MIRROR, &mirror);
	assert_string_equal(scene_tail(&s, "    mirrors:"),
			    "    mirrors:\n"
			    "    - destination:\n"
			    "        host: reviews.bookinfo.svc.c2.global\n"
			    "        port:\n"
			    "          number: 9081\n"
			    "      percentage:\n"
			    "        value: 0.0001\n");
	scene_close(&s);
}

static void test_header_edits_leave_out_what_is_empty(void **state)
{
	struct scene s;
	struct route *r;
	struct header_manipulation h = { 0 };
	struct text_pair add = { { S("x-a"), NOWHERE }, { S("yes"), NOWHERE } };
	struct text remove = { S("server"), NOWHERE };

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	h.append_request_headers = (struct text_map){ .item = &add, .n = 1 };
	h.remove_response_headers = (struct texts){ .item = &remove, .n = 1 };
	scene_set(&s, &r->effect, FEATURE_HEADER_MANIPULATION, &h);
	assert_string_equal(scene_tail(&s, "    headers:"), "    headers:\n"
							    "      request:\n"
							    "        add:\n"
							    "          x-a: \"yes\"\n"
							    "      response:\n"
							    "        remove:\n"
							    "        - server\n");
	scene_close(&s);
}

static void test_cors_origins_become_what_istio_can_match(void **state)
{
	struct scene s;
	struct route *r;
	struct cors_policy cors = { 0 };
	struct string_match origins[4] = { 0 };
	struct text method = { S("GET"), NOWHERE };

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	origins[0].exact = text_of(&s, "https://a.example");
	origins[1].suffix = text_of(&s, ".example");
	origins[2].prefix = text_of(&s, "https://");
	origins[2].ignore_case.v = true;
	origins[3].regex = text_of(&s, "https://.*");
	cors.allow_origins.item = origins;
	cors.allow_origins.n = 4;
	cors.allow_methods = (struct texts){ .item = &method, .n = 1 };
	cors.max_age = number_of(&s, 60 * SECOND);
	cors.allow_credentials = (struct flag){ false, s.at };
	scene_set(&s, &r->effect, FEATURE_CORS_POLICY, &cors);
	assert_string_equal(scene_tail(&s, "    corsPolicy:"),
			    "    corsPolicy:\n"
			    "      allowOrigins:\n"
			    "      - exact: \"https://a.example\"\n"
			    "      - regex: \".*\\\\.example\"\n"
			    "      - regex: \"(?i)https://.*\"\n"
			    "      - regex: \"https://.*\"\n"
			    "      allowMethods:\n"
			    "      - GET\n"
			    "      maxAge: \"60s\"\n"
			    "      allowCredentials: false\n");
	scene_close(&s);
}

static void test_a_regex_longer_than_istio_takes_is_reported(void **state)
{
	struct scene s;
	char text[1025];

	(void)state;
	memset(text, 'a', sizeof text);
	scene_open(&s);
	scene_route(&s, scene_local(&s))->when.path =
		match_new(s.f.mem, MATCH_REGEX, false, (struct str){ text, sizeof text });
	scene_text(&s);
	assert_true(fixture_has(&s.f, CODE_value_too_long));
	assert_int_equal(fixture_finding(&s.f, CODE_value_too_long)->at.start, s.at.start);
	scene_close(&s);
}

static const struct node *at_path(const struct node *n, const char *const *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++)
		n = *keys[i] ? node_get(n, str_of(keys[i])) : n->u.items[0];
	return n;
}

static void test_values_remember_the_field_that_asked_for_them(void **state)
{
	static const char *const attempts[] = { "spec", "http", "", "retries", "attempts" };
	static const char *const retries_path[] = { "spec", "http", "", "retries" };
	struct scene s;
	struct route *r;
	struct retry_policy retries = { .attempts = { 3, { 1, 7, 8 } } };
	struct bundle out;

	(void)state;
	scene_open(&s);
	r = scene_route(&s, scene_local(&s));
	scene_set(&s, &r->effect, FEATURE_RETRIES, &retries);
	scene_objects(&s, &out);
	assert_int_equal(at_path(out.clusters[0].all.at[0].body, attempts, 5)->at.start, 7);
	assert_int_equal(at_path(out.clusters[0].all.at[0].body, retries_path, 4)->at.start,
			 s.at.start);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_route_becomes_one_http_entry_with_port_and_host),
		cmocka_unit_test(test_several_backends_carry_weights_and_subsets),
		cmocka_unit_test(test_a_remote_service_is_named_by_cluster_in_every_root_namespace),
		cmocka_unit_test(test_paths_become_what_istio_can_match),
		cmocka_unit_test(test_all_parts_of_a_condition_are_matched),
		cmocka_unit_test(test_timeout_and_retries),
		cmocka_unit_test(test_faults_are_delay_or_abort_with_a_share),
		cmocka_unit_test(test_a_mirror_is_a_list_with_a_share),
		cmocka_unit_test(test_header_edits_leave_out_what_is_empty),
		cmocka_unit_test(test_cors_origins_become_what_istio_can_match),
		cmocka_unit_test(test_a_regex_longer_than_istio_takes_is_reported),
		cmocka_unit_test(test_values_remember_the_field_that_asked_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
