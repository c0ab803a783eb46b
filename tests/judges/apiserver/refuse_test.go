package apiserver

import (
	"strings"
	"testing"
)

// What a cluster must not take, and a part of what it says then: without this the judge would prove nothing.
var bad = []struct{ name, text, says string }{
	{"unknown field", `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: a}
spec:
  hosts: [a]
  http: [{route: [{destination: {host: a}}], retry: {attempts: 3}}]
`, `.spec.http[0].retry: field not declared in schema`},
	{"key twice", `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: a}
spec:
  hosts: [a]
  hosts: [b]
  http: [{route: [{destination: {host: a}}]}]
`, `key "hosts" already set in map`},
	{"number for a text", `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: a}
spec:
  hosts: [1]
  http: [{route: [{destination: {host: a}}]}]
`, `.spec.hosts[0]: expected string`},
	{"CEL rule of Istio", `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: a, namespace: a}
spec:
  hosts: [a.example.com]
  resolution: STATIC
  endpoints: [{address: 10.0.0.1}]
  workloadSelector: {labels: {app: a}}
`, `only one of WorkloadSelector or Endpoints can be set`},
	{"CEL rule of the Gateway API", `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a, namespace: a}
spec:
  rules:
  - filters: [{type: RequestRedirect, requestRedirect: {hostname: a.example.com}}]
    backendRefs: [{name: a, port: 80}]
`, `RequestRedirect filter must not be used together with backendRefs`},
	{"CEL rule of Flux", `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: a, namespace: a}
spec:
  interval: 1m
  url: https://git.example.com/a.git
  serviceAccountName: a
`, `serviceAccountName can only be set when provider is 'azure'`},
	{"built-in kind", `
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: a}
`, `no CRD defines ConfigMap`},
}

func refuses(t *testing.T, c *cluster) {
	t.Helper()
	for _, b := range bad {
		o, err := parse([]byte(b.text))
		if err != nil {
			t.Fatal(err)
		}
		if c.misses(o) {
			continue
		}
		_, err = c.apply(o)
		if err == nil || !strings.Contains(err.Error(), b.says) {
			t.Errorf("%s: the cluster should say %q, not: %v", b.name, b.says, err)
		}
	}
}
