/* What makes a service reachable from another cluster: host, ports, identities, namespaces. */
#include "base/base.h"

#include "scene.h"

static void test_a_remote_service_gets_an_entry_and_a_rule(void **state)
{
	struct scene s;
	struct import *import;
	struct tcp_keepalive keepalive = { 0 };

	(void)state;
	scene_open(&s);
	import = (struct import *)scene_remote(&s)->import;
	vec_add(s.f.mem, &import->endpoints,
		((struct endpoint){ S("1.2.3.4"),
				    15443,
				    { s.version, 1 },
				    { S("eu"), S("eu-1") },
				    S("net-2") }));
	vec_add(s.f.mem, &import->endpoints,
		((struct endpoint){ .address = S("1.2.3.4"), .port = 15444 }));
	keepalive.probes = number_of(&s, 3);
	keepalive.time = number_of(&s, 75000000000ll);
	import->keepalive = &keepalive;
	assert_string_equal(
		scene_text(&s),
		HEAD("networking", "DestinationRule", "reviews-bookinfo-c2",
		     "istio-system") "spec:\n"
				     "  host: reviews.bookinfo.svc.c2.global\n"
				     "  trafficPolicy:\n"
				     "    connectionPool:\n"
				     "      tcp:\n"
				     "        tcpKeepalive:\n"
				     "          probes: 3\n"
				     "          time: \"75s\"\n"
				     "    tls:\n"
				     "      mode: ISTIO_MUTUAL\n"
				     "      subjectAltNames:\n"
				     "      - \"spiffe://c2.example/ns/bookinfo/sa/reviews\"\n"
				     "---\n" HEAD(
					     "networking", "ServiceEntry",
					     "reviews.bookinfo.svc.c2.global",
					     "istio-system") "spec:\n"
							     "  hosts:\n"
							     "  - reviews.bookinfo.svc.c2.global\n"
							     "  addresses:\n"
							     "  - \"240.0.0.1\"\n"
							     "  location: MESH_INTERNAL\n"
							     "  resolution: STATIC\n"
							     "  ports:\n"
							     "  - number: 9080\n"
							     "    name: http\n"
							     "    protocol: HTTP\n"
							     "  endpoints:\n"
							     "  - address: \"1.2.3.4\"\n"
							     "    ports:\n"
							     "      http: 15443\n"
							     "    labels:\n"
							     "      security.istio.io/tlsMode: "
							     "istio\n"
							     "      version: v1\n"
							     "    locality: eu/eu-1\n"
							     "    network: net-2\n"
							     "  - address: \"1.2.3.4\"\n"
							     "    ports:\n"
							     "      http: 15444\n");
	fixture_assert_sound(&s.f);
	scene_close(&s);
}

static const struct {
	enum port_protocol protocol;
	const char *want;
} protocols[] = {
	{ PROTOCOL_AUTO, "  - number: 1\n    name: p\n" },
	{ PROTOCOL_HTTP, "  - number: 1\n    name: p\n    protocol: HTTP\n" },
	{ PROTOCOL_HTTP2, "  - number: 1\n    name: p\n    protocol: HTTP2\n" },
	{ PROTOCOL_GRPC, "  - number: 1\n    name: p\n    protocol: GRPC\n" },
	{ PROTOCOL_GRPC_WEB, "  - number: 1\n    name: p\n    protocol: GRPC-Web\n" },
	{ PROTOCOL_HTTPS, "  - number: 1\n    name: p\n    protocol: HTTPS\n" },
	{ PROTOCOL_TLS, "  - number: 1\n    name: p\n    protocol: TLS\n" },
	{ PROTOCOL_TCP, "  - number: 1\n    name: p\n    protocol: TCP\n" },
	{ PROTOCOL_MONGO, "  - number: 1\n    name: p\n    protocol: MONGO\n" },
	{ PROTOCOL_REDIS, "  - number: 1\n    name: p\n    protocol: REDIS\n" },
	{ PROTOCOL_MYSQL, "  - number: 1\n    name: p\n    protocol: MYSQL\n" },
	{ PROTOCOL_UDP, "  - number: 1\n    name: p\n    protocol: UDP\n" },
};

static void test_every_protocol_has_istios_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < countof(protocols); i++) {
		struct scene s;
		struct import *import;
		const char *ports;

		scene_open(&s);
		import = (struct import *)scene_remote(&s)->import;
		import->by_name = true;
		import->ports.at[0] = (struct mesh_port){ 1, 1, S("p"), protocols[i].protocol };
		ports = scene_tail(&s, "  resolution: DNS\n  ports:\n") +
			strlen("  resolution: DNS\n  ports:\n");
		if (strncmp(ports, protocols[i].want, strlen(protocols[i].want)) != 0 ||
		    strncmp(ports + strlen(protocols[i].want), "  endpoints", 11) != 0)
			fail_msg("%s, not %s", ports, protocols[i].want);
		scene_close(&s);
	}
}

static void test_too_many_endpoints_or_ports_are_reported(void **state)
{
	struct scene s;
	struct import *import;

	(void)state;
	scene_open(&s);
	import = (struct import *)scene_remote(&s)->import;
	for (int i = 0; i < 4097; i++)
		vec_add(s.f.mem, &import->endpoints,
			((struct endpoint){ .address = S("1.2.3.4"), .port = 1 }));
	for (int i = 0; i < 129; i++)
		vec_add(s.f.mem, &import->ports,
			((struct mesh_port){ 1, 1, S("p"), PROTOCOL_TCP }));
	scene_text(&s);
	assert_int_equal(fixture_count(&s.f, CODE_limit_reached), 2);
	scene_close(&s);
}

static struct export_plan *export_reviews(struct scene *s)
{
	struct export_plan *e = vec_push(s->f.mem, &s->plans[0].exports);

	e->service = &s->reviews[0];
	e->virtual_mesh = &s->virtual_mesh;
	e->host = S("reviews.bookinfo.svc.c1.global");
	e->address = S("240.0.0.2");
	vec_add(s->f.mem, &e->ports, ((struct mesh_port){ 80, 9080, S("http"), PROTOCOL_HTTP }));
	vec_add(s->f.mem, &e->ports, ((struct mesh_port){ 9090, 9090, S("tcp"), PROTOCOL_TCP }));
	vec_add(s->f.mem, &e->gateway_spaces, S("istio-system"));
	return e;
}

static void test_an_exported_service_is_shown_to_its_gateways_alone(void **state)
{
	struct scene s;
	struct export_plan *e;

	(void)state;
	scene_open(&s);
	e = export_reviews(&s);
	vec_add(s.f.mem, &e->gateway_spaces, S("bookinfo"));
	vec_add(s.f.mem, &e->gateway_spaces, S("istio-system"));
	vec_add(s.f.mem, &e->subsets,
		((struct subset){ .name = S("version-v1"), .labels = { s.version, 1 } }));
	assert_string_equal(
		scene_text(&s),
		HEAD("networking", "DestinationRule", "reviews.bookinfo.svc.c1.global",
		     "bookinfo") "spec:\n"
				 "  host: reviews.bookinfo.svc.c1.global\n"
				 "  subsets:\n"
				 "  - name: version-v1\n"
				 "    labels:\n"
				 "      version: v1\n"
				 "  exportTo:\n"
				 "  - istio-system\n"
				 "  - \".\"\n"
				 "---\n" HEAD("networking", "ServiceEntry",
					      "reviews.bookinfo.svc.c1.global",
					      "bookinfo") "spec:\n"
							  "  hosts:\n"
							  "  - reviews.bookinfo.svc.c1.global\n"
							  "  addresses:\n"
							  "  - \"240.0.0.2\"\n"
							  "  exportTo:\n"
							  "  - istio-system\n"
							  "  - \".\"\n"
							  "  location: MESH_INTERNAL\n"
							  "  resolution: STATIC\n"
							  "  ports:\n"
							  "  - number: 80\n"
							  "    name: http\n"
							  "    protocol: HTTP\n"
							  "    targetPort: 9080\n"
							  "  - number: 9090\n"
							  "    name: tcp\n"
							  "    protocol: TCP\n"
							  "  workloadSelector:\n"
							  "    labels:\n"
							  "      app: reviews\n");
	scene_close(&s);
}

/* An empty exportTo means everybody to Istio. */
static void test_an_export_without_a_gateway_is_shown_to_nobody(void **state)
{
	struct scene s;

	(void)state;
	scene_open(&s);
	export_reviews(&s)->gateway_spaces.n = 0;
	assert_string_equal(scene_text(&s), "");
	scene_close(&s);
}

static void test_a_gateway_passes_connections_on_unopened(void **state)
{
	struct scene s;
	struct service gateway;
	struct gateway_plan *g;

	(void)state;
	scene_open(&s);
	gateway = s.reviews[0];
	gateway.name = S("istio-ingressgateway");
	gateway.discovered_name = S("istio-ingressgateway-istio-system-c1");
	g = vec_push(s.f.mem, &s.plans[0].gateways);
	g->service = &gateway;
	g->mesh = &s.meshes[0];
	g->virtual_mesh = &s.virtual_mesh;
	g->selector = (struct labels){ s.labels, 1 };
	g->suffix = S("global");
	g->port = 443;
	g->container_port = 15443;
	assert_string_equal(scene_text(&s), HEAD("networking", "Gateway",
						 "istio-ingressgateway-istio-system-c1-gloo-mesh",
						 "istio-system") "spec:\n"
								 "  selector:\n"
								 "    app: reviews\n"
								 "  servers:\n"
								 "  - port:\n"
								 "      number: 15443\n"
								 "      protocol: TLS\n"
								 "      name: tls\n"
								 "    hosts:\n"
								 "    - \"*.global\"\n"
								 "    tls:\n"
								 "      mode: AUTO_PASSTHROUGH\n");
	scene_close(&s);
}

static void test_a_local_rule_says_only_what_somebody_asked_for(void **state)
{
	struct scene s;
	struct destination_plan *d;
	struct outlier_detection outlier = { .consecutive_errors = { .v = 5 },
					     .interval = { .v = 10000000000ll },
					     .base_ejection_time = { .v = 30000000000ll },
					     .max_ejection_percent = { .v = 100 } };
	struct istio_mtls istio = { .tls_mode = { .v = TLS_MODE_DISABLE } };
	struct mtls_policy mtls = { .istio = &istio };

	(void)state;
	scene_open(&s);
	d = scene_local(&s);
	assert_string_equal(scene_text(&s), "");
	vec_add(s.f.mem, &d->subsets,
		((struct subset){ .name = S("version-v1"), .labels = { s.version, 1 } }));
	assert_string_equal(scene_tail(&s, "spec:"), "spec:\n"
						     "  host: reviews.bookinfo.svc.cluster.local\n"
						     "  subsets:\n"
						     "  - name: version-v1\n"
						     "    labels:\n"
						     "      version: v1\n");
	d->subsets.n = 0;
	scene_set(&s, &d->client, FEATURE_OUTLIER_DETECTION, &outlier);
	scene_set(&s, &d->client, FEATURE_MTLS, &mtls);
	assert_string_equal(scene_text(&s),
			    HEAD("networking", "DestinationRule", "reviews",
				 "bookinfo") "spec:\n"
					     "  host: reviews.bookinfo.svc.cluster.local\n"
					     "  trafficPolicy:\n"
					     "    outlierDetection:\n"
					     "      consecutive5xxErrors: 5\n"
					     "      interval: \"10s\"\n"
					     "      baseEjectionTime: \"30s\"\n"
					     "      maxEjectionPercent: 100\n"
					     "    tls:\n"
					     "      mode: DISABLE\n");
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_remote_service_gets_an_entry_and_a_rule),
		cmocka_unit_test(test_every_protocol_has_istios_name),
		cmocka_unit_test(test_too_many_endpoints_or_ports_are_reported),
		cmocka_unit_test(test_an_exported_service_is_shown_to_its_gateways_alone),
		cmocka_unit_test(test_an_export_without_a_gateway_is_shown_to_nobody),
		cmocka_unit_test(test_a_gateway_passes_connections_on_unopened),
		cmocka_unit_test(test_a_local_rule_says_only_what_somebody_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
