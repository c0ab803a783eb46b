/* Who is let in, as Istio reads it: the safe reading where something is empty. */
#include "base/base.h"

#include "scene.h"

static struct access_plan *access_to_reviews(struct scene *s, enum access_kind kind)
{
	struct access_plan *a = vec_push(s->f.mem, &s->plans[0].access);

	a->kind = kind;
	a->service = &s->reviews[0];
	a->mesh = &s->meshes[0];
	a->selector = (struct labels){ s->labels, 1 };
	return a;
}

static void test_callers_are_principals_and_requests_are_operations(void **state)
{
	struct scene s;
	struct access_plan *a;
	struct access_rule *rule;

	(void)state;
	scene_open(&s);
	a = access_to_reviews(&s, ACCESS_SERVICE);
	rule = vec_push(s.f.mem, &a->rules);
	identities_add(s.f.mem, &rule->identities,
		       (struct identity){ S("c1.example"), S("web"), S(""), S("") });
	identities_add(s.f.mem, &rule->identities,
		       (struct identity){ S("c2.example"), S("web"), S("front"), S("") });
	vec_add(s.f.mem, &rule->paths, S("/api/*"));
	vec_add(s.f.mem, &rule->methods, S("GET"));
	vec_add(s.f.mem, &rule->ports, 9080u);
	assert_string_equal(scene_text(&s),
			    HEAD("security", "AuthorizationPolicy", "reviews",
				 "bookinfo") "spec:\n"
					     "  selector:\n"
					     "    matchLabels:\n"
					     "      app: reviews\n"
					     "  action: ALLOW\n"
					     "  rules:\n"
					     "  - from:\n"
					     "    - source:\n"
					     "        principals:\n"
					     "        - \"c1.example/ns/web/sa/*\"\n"
					     "        - c2.example/ns/web/sa/front\n"
					     "    to:\n"
					     "    - operation:\n"
					     "        paths:\n"
					     "        - \"/api/*\"\n"
					     "        methods:\n"
					     "        - GET\n"
					     "        ports:\n"
					     "        - \"9080\"\n");
	fixture_assert_sound(&s.f);
	scene_close(&s);
}

static void test_anybody_may_do_anything_is_an_empty_rule(void **state)
{
	struct scene s;
	struct access_plan *a;
	struct access_rule *rule;

	(void)state;
	scene_open(&s);
	a = access_to_reviews(&s, ACCESS_GATEWAY);
	rule = vec_push(s.f.mem, &a->rules);
	rule->anybody = true;
	assert_string_equal(scene_text(&s),
			    HEAD("security", "AuthorizationPolicy", "allow-ingress-gateway-reviews",
				 "bookinfo") "spec:\n"
					     "  selector:\n"
					     "    matchLabels:\n"
					     "      app: reviews\n"
					     "  action: ALLOW\n"
					     "  rules:\n"
					     "  - {}\n");
	scene_close(&s);
}

/* A rule without `from` would let everybody in. */
static void test_a_rule_for_nobody_lets_nobody_in(void **state)
{
	struct scene s;
	struct access_plan *a;
	struct access_rule *rule;

	(void)state;
	scene_open(&s);
	a = access_to_reviews(&s, ACCESS_SERVICE);
	rule = vec_push(s.f.mem, &a->rules);
	vec_add(s.f.mem, &rule->methods, S("GET"));
	assert_string_equal(scene_tail(&s, "  action:"), "  action: ALLOW\n");
	scene_close(&s);
}

static void test_nobody_by_default_is_an_empty_spec_in_the_root_namespace(void **state)
{
	struct scene s;
	struct access_plan *a;

	(void)state;
	scene_open(&s);
	a = vec_push(s.f.mem, &s.plans[0].access);
	a->kind = ACCESS_NOTHING;
	a->mesh = &s.meshes[0];
	assert_string_equal(scene_text(&s),
			    HEAD("security", "AuthorizationPolicy", "global-access-control",
				 "istio-system") "spec: {}\n");
	scene_close(&s);
}

static void test_more_rules_than_istio_takes_are_reported(void **state)
{
	struct scene s;
	struct access_plan *a;

	(void)state;
	scene_open(&s);
	a = access_to_reviews(&s, ACCESS_SERVICE);
	for (int i = 0; i < 513; i++)
		((struct access_rule *)vec_push(s.f.mem, &a->rules))->anybody = true;
	scene_text(&s);
	assert_true(fixture_has(&s.f, CODE_limit_reached));
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_callers_are_principals_and_requests_are_operations),
		cmocka_unit_test(test_anybody_may_do_anything_is_an_empty_rule),
		cmocka_unit_test(test_a_rule_for_nobody_lets_nobody_in),
		cmocka_unit_test(test_nobody_by_default_is_an_empty_spec_in_the_root_namespace),
		cmocka_unit_test(test_more_rules_than_istio_takes_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
