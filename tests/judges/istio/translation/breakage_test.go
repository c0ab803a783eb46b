// A judge that notices nothing is none: outputs are broken, one value at a time, and some question
// must get another answer from Istio.
package translation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

// breakages: kind namespace/name, a path of keys and places in lists, the value that is put there;
// "" takes away what is there.
var breakages = map[string][][3]string{
	"examples/bookinfo": {
		{"VirtualService bookinfo/reviews", "spec http 0 route 0 weight", "65"},
		{"VirtualService bookinfo/reviews", "spec http 0 route 1 destination subset", "version-v4"},
		{"VirtualService bookinfo/reviews", "spec http 0 match 0 uri prefix", "/review/"},
		{"VirtualService bookinfo/reviews", "spec http 0 match 0 method exact", "POST"},
		{"VirtualService bookinfo/reviews", "spec http 0 timeout", "3s"},
		{"VirtualService bookinfo/reviews", "spec http 1 retries attempts", "2"},
		{"VirtualService bookinfo/reviews", "spec http 0 retries perTryTimeout", "1s"},
		{"VirtualService bookinfo/ratings", "spec http 0 fault delay fixedDelay", "2s"},
		{"VirtualService bookinfo/ratings", "spec http 0 fault delay percentage value", "49"},
		{"VirtualService bookinfo/ratings", "spec http 0 match 0 headers end-user exact", "Jason"},
		{"DestinationRule bookinfo/reviews", "spec subsets 0 labels version", "v2"},
		{"DestinationRule istio-system/reviews-bookinfo-cluster-2", "spec subsets 0 labels version", "v2"},
		{"DestinationRule istio-system/reviews-bookinfo-cluster-2", "spec trafficPolicy tls subjectAltNames", ""},
		{"DestinationRule istio-system/reviews-bookinfo-cluster-2", "spec trafficPolicy tls mode", "DISABLE"},
		{"DestinationRule bookinfo/reviews", "spec trafficPolicy outlierDetection interval", "11s"},
		{"ServiceEntry istio-system/reviews.bookinfo.svc.cluster-2.global", "spec endpoints 0 ports http", "15444"},
		{"ServiceEntry istio-system/reviews.bookinfo.svc.cluster-2.global", "spec endpoints 0 labels version", "v1"},
		{"ServiceEntry istio-system/ratings.bookinfo.svc.cluster-2.global", "spec hosts 0", "ratings.elsewhere"},
		{"ServiceEntry bookinfo/reviews.bookinfo.svc.cluster-2.global", "spec workloadSelector labels app", "ratings"},
		{"ServiceEntry bookinfo/reviews.bookinfo.svc.cluster-2.global", "spec exportTo 0", "elsewhere"},
		{"ServiceEntry bookinfo/reviews.bookinfo.svc.cluster-2.global", "spec ports 0 targetPort", "9081"},
		{"DestinationRule bookinfo/reviews.bookinfo.svc.cluster-2.global", "spec subsets", ""},
		{"Gateway istio-system/istio-eastwestgateway-istio-system-cluster-2-gloo-mesh", "spec servers 0 port number", "15444"},
		{"Gateway istio-system/istio-eastwestgateway-istio-system-cluster-2-gloo-mesh", "spec servers 0 hosts 0", "*.local"},
		{"AuthorizationPolicy bookinfo/details", "spec rules 0 to 0 operation methods 0", "POST"},
		{"AuthorizationPolicy bookinfo/details", "spec rules 0 to 0 operation ports 0", "9081"},
		{"AuthorizationPolicy bookinfo/details", "spec rules 0 from 0 source principals 0", "*"},
		{"AuthorizationPolicy bookinfo/ratings", "spec rules 0 to 0 operation paths 0", "/ratings*"},
	},
	"golden/access/deny-by-default": {
		{"AuthorizationPolicy istio-system/global-access-control", "spec selector matchLabels app", "nobody"},
	},
	"golden/access/addresses": {
		{"AuthorizationPolicy shop/api", "spec rules 0 from 0 source remoteIpBlocks", ""},
		{"AuthorizationPolicy shop/api", "spec rules 0 from 0 source notRemoteIpBlocks", ""},
	},
	"golden/traffic/headers": {
		{"VirtualService shop/api", "spec http 0 headers request add x-env", "test"},
		{"VirtualService shop/api", "spec http 0 headers response remove", ""},
	},
	"golden/traffic/cors": {
		{"VirtualService shop/api", "spec http 0 corsPolicy allowOrigins 2 regex", ".*.example.com"},
		{"VirtualService shop/api", "spec http 0 corsPolicy maxAge", "1h"},
	},
	"golden/traffic/mirror": {
		{"VirtualService shop/api", "spec http 0 mirrors 0 percentage value", "11"},
		{"VirtualService shop/api", "spec http 0 mirrors 0 destination host", "db.shop.svc.cluster.local"},
	},
	"golden/traffic/callers-by-labels": {
		{"VirtualService shop/api", "spec http 0 match 0 sourceLabels app", "db"},
	},
	"golden/traffic/tls-mode": {
		{"DestinationRule shop/api", "spec trafficPolicy tls mode", "ISTIO_MUTUAL"},
	},
	"golden/federation/keepalive": {
		{"DestinationRule istio-system/api-shop-c1", "spec trafficPolicy connectionPool tcp tcpKeepalive probes", "4"},
	},
}

func TestBreakages(t *testing.T) {
	for _, group := range readQuestions(t) {
		if len(breakages[group.In]) == 0 {
			continue
		}
		w := compile(t, sourceTree(t, group.In))
		for _, broken := range breakages[group.In] {
			t.Run(fmt.Sprintf("%s %s", broken[0], broken[1]), func(t *testing.T) {
				defer w.restart(t)()
				if w.spoil(broken[0], strings.Fields(broken[1]), broken[2]) == 0 {
					t.Fatal("there is no such value")
				}
				for _, q := range group.Questions {
					if istio, _ := q.answers(t, w); !slices.Equal(istio, q.Answer) {
						t.Logf("%s: %s", q.Ask, strings.Join(istio, "; "))
						return
					}
				}
				t.Error("nothing notices")
			})
		}
	}
}

// restart has every istiod begin anew. What it gives puts back the output as it is now.
func (w *world) restart(t *testing.T) (restore func()) {
	before := map[*cluster][]document{}
	for _, c := range w.clusters {
		for _, d := range c.output {
			before[c] = append(before[c], runtime.DeepCopyJSON(d))
		}
		for _, i := range c.istiods {
			i.t, i.server = t, nil
		}
	}
	return func() {
		for c, output := range before {
			c.output = output
		}
	}
}

// spoil gives how many values it has changed.
func (w *world) spoil(object string, path []string, value string) (n int) {
	for _, c := range w.clusters {
		for _, d := range c.output {
			if fmt.Sprintf("%s %s/%s", text(d, "kind"), text(d, "metadata", "namespace"), text(d, "metadata", "name")) == object {
				put(d, path, value)
				n++
			}
		}
	}
	return n
}

func put(in any, path []string, value string) {
	key := path[0]
	switch at := in.(type) {
	case document:
		switch {
		case len(path) == 1 && value == "":
			delete(at, key)
		case len(path) == 1:
			at[key] = typed(at[key], value)
		default:
			if at[key] == nil {
				at[key] = document{}
			}
			put(at[key], path[1:], value)
		}
	case []any:
		place, err := strconv.Atoi(key)
		switch {
		case err != nil || place >= len(at):
		case len(path) == 1:
			at[place] = typed(at[place], value)
		default:
			put(at[place], path[1:], value)
		}
	}
}

// typed is a number where one was.
func typed(before any, value string) any {
	if n, err := strconv.ParseFloat(value, 64); err == nil {
		if _, is := before.(string); !is {
			return n
		}
	}
	return value
}
