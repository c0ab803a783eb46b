/*
 * Findings of the decoder: the message, the place and the fix, one row each.
 */
#include "base/base.h"

#include "support/fixture.h"

#include "schema/decode.h"
#include "schema/model.gen.h"

#define POLICY(rules)                                                                              \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\nmetadata: {name: x}\n"  \
	"spec: {policy: " rules "}\n"
#define ACCESS(spec)                                                                               \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: AccessPolicy\nmetadata: {name: x}\n"   \
	"spec: " spec "\n"
#define MESH(spec)                                                                                 \
	"apiVersion: networking.mesh.gloo.solo.io/v1\nkind: VirtualMesh\nmetadata: {name: x}\n"    \
	"spec: {meshes: [{name: m}], " spec "}\n"

struct refusal {
	const struct shape *shape;
	const char *text;
	const char *message, *at; /* at: what the span covers */
	const char *fix;          /* NULL: none */
};

static void check_finding(struct fixture *f, const struct refusal *want, const struct finding *got)
{
	const char *message = str_z(f->mem, finding_message(f->mem, got));
	struct str text = files_get(&f->files, got->at.file)->text;
	const char *at = str_z(f->mem, str_slice(text, got->at.start, got->at.end));
	const char *fixed = span_set(got->fix_at) ? str_z(f->mem, got->fix_text) : NULL;

	if (strcmp(message, want->message))
		fail_msg("%s\nmessage: %s\n   want: %s", want->text, message, want->message);
	if (strcmp(at, want->at))
		fail_msg("%s\n  at: %s\nwant: %s", want->text, at, want->at);
	if (!fixed != !want->fix || (fixed && strcmp(fixed, want->fix)))
		fail_msg("%s\n fix: %s\nwant: %s", want->text, fixed ? fixed : "none",
			 want->fix ? want->fix : "none");
}

/* Exactly one error, and it is this one. */
static void check(const struct refusal *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fixture f;
		bool sound = true;

		fixture_setup(&f);
		const struct node *root = fixture_node(&f, "a.yaml", cases[i].text);
		void *out = decode(f.mem, &f.diags, cases[i].shape, root, &sound);
		assert_non_null(out);
		if (f.diags.all.n != 1 || f.diags.errors != 1 || sound)
			fail_msg("%s\n%u findings, want one error:\n%s", cases[i].text,
				 f.diags.all.n, fixture_text(&f));
		check_finding(&f, &cases[i], f.diags.all.at[0]);
		fixture_teardown(&f);
	}
}

static void test_decode_reports_unknown_field_with_closest_name(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("{retrys: {}}"),
		  "`retrys` is not a field of `TrafficPolicy.spec.policy`", "retrys", NULL },
		{ &shape_traffic_policy, POLICY("{retries: {attempt: 1}}"),
		  "`attempt` is not a field of `TrafficPolicy.spec.policy.retries`", "attempt",
		  "attempts" },
		{ &shape_traffic_policy, POLICY("{Retries: {attempts: 1}}"),
		  "`Retries` is not a field of `TrafficPolicy.spec.policy`", "Retries", "retries" },
		{ &shape_traffic_policy, POLICY("{}}\nextra: {"),
		  "`extra` is not a field of `TrafficPolicy`", "extra", NULL },
		/* No second error that the right name is missing. */
		{ &shape_traffic_policy, POLICY("{mirror: {kubeServices: {name: a}}}"),
		  "`kubeServices` is not a field of `TrafficPolicy.spec.policy.mirror`",
		  "kubeServices", "kubeService" },
		{ &shape_traffic_policy, POLICY("{faultInjection: {fixedDelays: 1s}}"),
		  "`fixedDelays` is not a field of `TrafficPolicy.spec.policy.faultInjection`",
		  "fixedDelays", "fixedDelay" },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_what_is_missing_at_its_parent(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("{mirror: {percentage: 5}}"),
		  "`kubeService` is missing from `TrafficPolicy.spec.policy.mirror`", "mirror",
		  NULL },
		{ &shape_traffic_policy,
		  POLICY("{trafficShift: {destinations: [{kubeService: {name: a}}]}}"),
		  "`weight` is missing from `TrafficPolicy.spec.policy.trafficShift.destinations`",
		  "{kubeService: {name: a}}", NULL },
		{ &shape_traffic_policy, POLICY("{trafficShift: {destinations: [{weight: 100}]}}"),
		  "`kubeService` is missing from "
		  "`TrafficPolicy.spec.policy.trafficShift.destinations`",
		  "{weight: 100}", NULL },
		{ &shape_traffic_policy, POLICY("{faultInjection: {percentage: 5}}"),
		  "`TrafficPolicy.spec.policy.faultInjection` needs one of `fixedDelay` or `abort`",
		  "faultInjection", NULL },
		{ &shape_traffic_policy, POLICY("{trafficShift: {destinations: []}}"),
		  "`destinations` holds too few items: at least 1", "[]", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_what_excludes_each_other(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy,
		  POLICY("{faultInjection: {abort: {httpStatus: 503}, fixedDelay: 1s}}"),
		  "`abort` and `fixedDelay` exclude each other", "fixedDelay", NULL },
		{ &shape_virtual_mesh,
		  MESH("mtlsConfig: {shared: {intermediateCertificateAuthority: {vault: {caPath: "
		       "a, csrPath: b, server: "
		       "c, caBundle: d, caLocalPath: e, tokenSecretRef: {name: f}}}}}"),
		  "`caBundle` and `caLocalPath` exclude each other", "caLocalPath", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_both_spellings_of_a_field(void **state)
{
	static const char *const texts[] = {
		MESH("federation: {ingressGatewaySelectors: [], eastWestIngressGatewaySelectors: "
		     "[]}"),
		MESH("federation: {eastWestIngressGatewaySelectors: [], ingressGatewaySelectors: "
		     "[]}"),
	};

	(void)state;
	for (size_t i = 0; i < countof(texts); i++) {
		struct fixture f;
		bool sound = true;

		fixture_setup(&f);
		decode(f.mem, &f.diags, &shape_virtual_mesh, fixture_node(&f, "a.yaml", texts[i]),
		       &sound);
		assert_false(sound);
		assert_int_equal(fixture_count(&f, CODE_one_of_conflict), 1);
		assert_int_equal(fixture_count(&f, CODE_deprecated_field), 1);
		assert_int_equal(fixture_finding(&f, CODE_one_of_conflict)->notes.n, 1);
		fixture_teardown(&f);
	}
}

static void test_decode_reports_types(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("[]"), "`policy` takes an object, not a list", "[]",
		  NULL },
		{ &shape_traffic_policy, POLICY("null"), "`policy` takes an object, not null",
		  "null", NULL },
		{ &shape_traffic_policy, POLICY("{retries: {attempts: '3'}}"),
		  "`attempts` takes a whole number, not text", "'3'", "3" },
		{ &shape_traffic_policy, POLICY("{retries: {attempts: 1.5}}"),
		  "`attempts` takes a whole number, not a number", "1.5", NULL },
		{ &shape_traffic_policy, POLICY("{requestTimeout: [5s]}"),
		  "`requestTimeout` takes a duration such as `5s`, not a list", "[5s]", NULL },
		{ &shape_traffic_policy, POLICY("{corsPolicy: {allowCredentials: yes}}"),
		  "`allowCredentials` takes true or false, not text", "yes", "true" },
		{ &shape_traffic_policy, POLICY("{corsPolicy: {exposeHeaders: x-a}}"),
		  "`exposeHeaders` takes a list, not text", "x-a", NULL },
		{ &shape_traffic_policy, POLICY("{trafficShift: {destinations: [5]}}"),
		  "`destinations` takes a list of objects, not a whole number", "5", NULL },
		{ &shape_access_policy, ACCESS("{allowedPaths: [{a: b}]}"),
		  "`allowedPaths` takes text, not an object", "{a: b}", NULL },
		{ &shape_virtual_mesh, MESH("federation: {permissive: true}"),
		  "`permissive` takes an object, not true or false", "true", NULL },
		{ &shape_traffic_policy, "[]\n", "`TrafficPolicy` takes an object, not a list",
		  "[]", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_ranges(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("{requestTimeout: 0s}"),
		  "`requestTimeout` must be at least 1ms, not 0s", "0s", NULL },
		{ &shape_traffic_policy, POLICY("{requestTimeout: 9999999999h}"),
		  "`requestTimeout` must be at least 1ms, not 9999999999h", "9999999999h", NULL },
		{ &shape_traffic_policy,
		  POLICY("{faultInjection: {fixedDelay: 1s, percentage: 100.5}}"),
		  "`percentage` must be from 0 to 100, not 100.5", "100.5", NULL },
		{ &shape_traffic_policy, POLICY("{outlierDetection: {consecutiveErrors: 0}}"),
		  "`consecutiveErrors` must be from 1 to 4294967295, not 0", "0", NULL },
		{ &shape_traffic_policy, POLICY("{retries: {attempts: -1}}"),
		  "`attempts` must be from 0 to 2147483647, not -1", "-1", NULL },
		{ &shape_access_policy, ACCESS("{allowedPorts: [70000]}"),
		  "`allowedPorts` must be from 1 to 65535, not 70000", "70000", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_formats(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("{requestTimeout: 5}"), "`5` is not a duration",
		  "5", NULL },
		{ &shape_traffic_policy, POLICY("{requestTimeout: 500us}"),
		  "`500us` is not a duration of whole milliseconds", "500us", NULL },
		{ &shape_traffic_policy,
		  POLICY("{faultInjection: {fixedDelay: 1s, percentage: 0.00001}}"),
		  "`0.00001` is not a percentage with at most four decimals", "0.00001", NULL },
		{ &shape_traffic_policy, POLICY("{retries: {attempts: 0x10}}"),
		  "`0x10` is not a whole number", "0x10", NULL },
		{ &shape_access_policy, ACCESS("{allowedMethods: [get]}"),
		  "`get` is not an HTTP method", "get", NULL },
		{ &shape_access_policy, ACCESS("{allowedPaths: [info]}"), "`info` is not a path",
		  "info", NULL },
		{ &shape_virtual_mesh, MESH("federation: {hostnameSuffix: a_b}"),
		  "`a_b` is not a host name", "a_b", NULL },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {a b: c}}}]}"),
		  "`a b` is not a label key", "a b", NULL },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {a: b c}}}]}"),
		  "`b c` is not a label value", "b c", NULL },
		{ &shape_traffic_policy,
		  POLICY("{headerManipulation: {appendRequestHeaders: {'a:': b}}}"),
		  "`a:` is not a header name", "'a:'", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_unknown_values_with_closest_name(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_virtual_mesh, MESH("globalAccessPolicy: enabled"),
		  "`enabled` is not a value of `globalAccessPolicy`", "enabled", "ENABLED" },
		{ &shape_virtual_mesh, MESH("globalAccessPolicy: true"),
		  "`true` is not a value of `globalAccessPolicy`", "true", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_refuses_scalars_that_readers_retype(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {namespaces: [no]}}]}"),
		  "`no` reads as a boolean in one YAML version and as text in another", "no",
		  "\"no\"" },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {namespaces: [0o17]}}]}"),
		  "`0o17` reads as a number in one YAML version and as text in another", "0o17",
		  "\"0o17\"" },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {a: 1:30}}}]}"),
		  "`1:30` reads as a number in one YAML version and as text in another", "1:30",
		  "\"1:30\"" },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {version: 12}}}]}"),
		  "`version` takes text, not a whole number", "12", "\"12\"" },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {on: 1e3}}}]}"),
		  "`on` takes text, not a number", "1e3", "\"1e3\"" },
		{ &shape_access_policy,
		  ACCESS("{destinationSelector: [{kubeServiceMatcher: {labels: {a: ~}}}]}"),
		  "`a` takes text, not null", "~", "\"~\"" },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_reports_items_listed_twice(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_access_policy, ACCESS("{allowedMethods: [GET, PUT, \"GET\"]}"),
		  "`GET` is listed twice", "\"GET\"", NULL },
		{ &shape_access_policy,
		  ACCESS("{allowedPorts: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, "
			 "17, 18, 18]}"),
		  "`18` is listed twice", "18", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_says_what_is_not_implemented(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_traffic_policy, POLICY("{csrf: {filterEnabled: true}}"),
		  "`policy.csrf` is not implemented by this version of meshc", "csrf", NULL },
		{ &shape_traffic_policy,
		  POLICY("{trafficShift: {destinations: [{weight: 100, virtualDestination: {name: "
			 "a}}]}}"),
		  "`policy.trafficShift.destinations.virtualDestination` is not implemented by "
		  "this version of meshc",
		  "virtualDestination", NULL },
		{ &shape_virtual_mesh, MESH("federation: {tlsEnforcementSettings: {}}"),
		  "`federation.tlsEnforcementSettings` is not implemented by this version of meshc",
		  "tlsEnforcementSettings", NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_shortens_what_it_shows(void **state)
{
	static const struct refusal cases[] = {
		{ &shape_access_policy,
		  ACCESS("{allowedPaths: "
			 "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			 "\xc3\xa9"
			 "bbbbbb]}"),
		  "`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...` is not a "
		  "path",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "\xc3\xa9"
		  "bbbbbb",
		  NULL },
	};

	(void)state;
	check(cases, countof(cases));
}

static void test_decode_warns_of_inline_paths(void **state)
{
	static const char text[] = "apiVersion: networking.mesh.gloo.solo.io/v1\nkind: "
				   "TrafficPolicy\nmetadata: {name: x}\n"
				   "spec: {httpRequestMatchers: [{prefix: /api}]}\n";
	struct fixture f;
	bool sound = true;

	(void)state;
	fixture_setup(&f);
	const struct traffic_policy *policy = decode(f.mem, &f.diags, &shape_traffic_policy,
						     fixture_node(&f, "a.yaml", text), &sound);
	assert_true(sound);
	assert_true(given(policy->spec->http_request_matchers.item[0].prefix));
	assert_true(fixture_has(&f, CODE_deprecated_field));
	fixture_teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode_reports_unknown_field_with_closest_name),
		cmocka_unit_test(test_decode_reports_what_is_missing_at_its_parent),
		cmocka_unit_test(test_decode_reports_what_excludes_each_other),
		cmocka_unit_test(test_decode_reports_both_spellings_of_a_field),
		cmocka_unit_test(test_decode_reports_types),
		cmocka_unit_test(test_decode_reports_ranges),
		cmocka_unit_test(test_decode_reports_formats),
		cmocka_unit_test(test_decode_reports_unknown_values_with_closest_name),
		cmocka_unit_test(test_decode_refuses_scalars_that_readers_retype),
		cmocka_unit_test(test_decode_reports_items_listed_twice),
		cmocka_unit_test(test_decode_says_what_is_not_implemented),
		cmocka_unit_test(test_decode_shortens_what_it_shows),
		cmocka_unit_test(test_decode_warns_of_inline_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
