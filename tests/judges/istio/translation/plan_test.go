// The plan, as `meshc build --dump-plan=json` prints it, and its answers to the same questions.
package translation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"istio.io/istio/pkg/config/kube"
	"istio.io/istio/pkg/config/protocol"
)

type plan struct {
	Clusters []*clusterPlan
}

type clusterPlan struct {
	Cluster      string
	Destinations []*destination
	Exports      []*export
	Gateways     []*gatewayPlan
	Access       []*access
}

type destination struct {
	Service, Cluster, Host string
	Remote                 bool
	Callers                []string
	Routes                 []*route
	Client                 effect
	Subsets                []subset
	Import                 *imported
}

type route struct {
	Port   int
	When   condition
	Effect effect
	To     []target
	Mirror *target
}

type target struct {
	Host, Subset string
	Port         int
	Weight       uint32
}

func (t *target) backend() backend {
	return backend{host: t.Host, subset: t.Subset, port: t.Port}
}

type condition struct {
	Path            *textMatch
	Method          string
	Headers, Query  []namedMatch
	SourceNamespace string
	SourceLabels    map[string]string
}

type namedMatch struct {
	Name     string
	Value    textMatch
	Inverted bool
}

type textMatch struct {
	How, Value string
	IgnoreCase bool
}

type effect struct {
	RequestTimeout     *struct{ Value duration }
	Retries            *struct{ Value retries }
	FaultInjection     *struct{ Value faultInjection }
	Mirror             *struct{ Value struct{ Percentage *float64 } }
	HeaderManipulation *struct{ Value headerManipulation }
	CorsPolicy         *struct{ Value corsPolicy }
	TrafficShift       *struct{ Value any } // said again by `to`
	OutlierDetection   *struct{ Value outlierDetection }
	Mtls               *struct {
		Value struct{ Istio struct{ TlsMode string } }
	}
}

type retries struct {
	Attempts      uint32
	PerTryTimeout duration
}

type faultInjection struct {
	FixedDelay duration
	Abort      *struct{ HttpStatus uint32 }
	Percentage *float64
}

type headerManipulation struct {
	AppendRequestHeaders, AppendResponseHeaders map[string]string
	RemoveRequestHeaders, RemoveResponseHeaders []string
}

type corsPolicy struct {
	AllowOrigins                              []originMatch
	AllowMethods, AllowHeaders, ExposeHeaders []string
	MaxAge                                    *duration
	AllowCredentials                          bool
}

func (o *originMatch) matches(origin string) bool {
	text := folded(origin, o.IgnoreCase)
	switch {
	case o.Exact != nil:
		return text == folded(*o.Exact, o.IgnoreCase)
	case o.Prefix != nil:
		return strings.HasPrefix(text, folded(*o.Prefix, o.IgnoreCase))
	case o.Suffix != nil:
		return strings.HasSuffix(text, folded(*o.Suffix, o.IgnoreCase))
	}
	return matchesWhole(*o.Regex, origin)
}

type originMatch struct {
	Exact, Prefix, Suffix, Regex *string
	IgnoreCase                   bool
}

type outlierDetection struct {
	ConsecutiveErrors          uint32
	Interval, BaseEjectionTime duration
	MaxEjectionPercent         uint32
}

type subset struct {
	Name   string
	Labels map[string]string
}

type imported struct {
	Address string
	Ports   []struct {
		Number   int
		Protocol string
	}
	Endpoints  []endpoint
	Identities []identity
	Keepalive  *struct {
		Probes         uint32
		Time, Interval duration
	}
}

type endpoint struct {
	Address string
	Port    int
	Labels  map[string]string
}

type identity struct {
	TrustDomain, Namespace, Account string
}

type export struct {
	Service, Host string
	Ports         []struct{ Number, Target int }
	Subsets       []subset
	To            []string
}

type gatewayPlan struct {
	Service             string
	Addresses           []string
	Port, ContainerPort int
}

type access struct {
	Kind, Mesh, Service string
	Selector            map[string]string
	Rules               []rule
}

type rule struct {
	Anybody        bool
	Identities     []identity
	Networks       []networkRange
	Paths, Methods []string
	Ports          []int
}

type networkRange struct {
	Cidr   string
	Except []string
}

// duration is one as a declaration writes it.
type duration time.Duration

func (d *duration) UnmarshalJSON(bytes []byte) error {
	var text string
	if err := json.Unmarshal(bytes, &text); err != nil {
		return err
	}
	parsed, err := time.ParseDuration(text)
	*d = duration(parsed)
	return err
}

func readPlan(t *testing.T, bytes []byte) (p plan) {
	t.Helper()
	if err := json.Unmarshal(bytes, &p); err != nil {
		t.Fatalf("%v in the plan", err)
	}
	return p
}

func (p *plan) cluster(name string) *clusterPlan {
	for _, c := range p.Clusters {
		if c.Cluster == name {
			return c
		}
	}
	return &clusterPlan{Cluster: name}
}

// destination is the plan of a host for a caller; a service of the cluster itself may have none.
func (c *clusterPlan) destination(mesh, host string) *destination {
	for _, d := range c.Destinations {
		if d.Host != host {
			continue
		}
		for _, caller := range d.Callers {
			if caller == mesh {
				return d
			}
		}
	}
	return nil
}

func (c *clusterPlan) anybodys(host string) *destination {
	for _, d := range c.Destinations {
		if d.Host == host {
			return d
		}
	}
	return nil
}

// ask is the plan's answer to what a workload's request comes to.
func (w *world) ask(from *workload, r *request) *answer {
	a := &answer{}
	mesh := from.istiod().mesh
	d := from.cluster.plan.destination(mesh.String(), r.Host)
	if d == nil && from.cluster.local(r.Host) == nil {
		a.say(unreachable)
		return a
	}
	if d != nil {
		for _, route := range d.Routes {
			if route.Port == r.Port && route.When.matches(a, from, r) {
				return route.say(a, r).sorted()
			}
		}
	}
	a.send(100, backend{host: r.Host, port: r.Port})
	if from.cluster.isHTTP(d, r) {
		sayRetries(a, istioRetries, 0)
	}
	return a.sorted()
}

// isHTTP: the proxy looks into what goes to that port, or finds out by itself.
func (c *cluster) isHTTP(d *destination, r *request) bool {
	if d != nil && d.Remote {
		for _, p := range d.Import.Ports {
			if p.Number == r.Port {
				return p.Protocol == "auto" || protocol.Parse(p.Protocol).IsHTTP()
			}
		}
		return false
	}
	for _, p := range c.local(r.Host).Spec.Ports {
		if int(p.Port) == r.Port {
			return kube.ConvertProtocol(p.Port, p.Name, p.Protocol, p.AppProtocol).IsHTTPOrSniffed()
		}
	}
	return false
}

// istioRetries is how often Istio tries again where nobody says anything.
const istioRetries = 2

func (r *route) say(a *answer, q *request) *answer {
	for i := range r.To {
		a.send(r.To[i].Weight, r.To[i].backend())
	}
	if timeout := r.Effect.RequestTimeout; timeout != nil {
		a.say("timeout %s", time.Duration(timeout.Value))
	}
	if set := r.Effect.Retries; set != nil {
		sayRetries(a, set.Value.Attempts, time.Duration(set.Value.PerTryTimeout))
	} else {
		sayRetries(a, istioRetries, 0)
	}
	if set := r.Effect.FaultInjection; set != nil {
		if set.Value.Abort != nil {
			sayAbort(a, set.Value.Abort.HttpStatus, share(set.Value.Percentage))
		} else {
			sayDelay(a, time.Duration(set.Value.FixedDelay), share(set.Value.Percentage))
		}
	}
	if r.Mirror != nil {
		sayMirror(a, r.Mirror.backend(), share(r.Effect.Mirror.Value.Percentage))
	}
	if set := r.Effect.HeaderManipulation; set != nil {
		set.Value.say(a)
	}
	if set := r.Effect.CorsPolicy; set != nil {
		set.Value.say(a, q)
	}
	return a
}

// share in percent; all where it is not said.
func share(percentage *float64) float64 {
	if percentage == nil {
		return 100
	}
	return *percentage
}

func (h *headerManipulation) say(a *answer) {
	for _, edits := range []struct {
		what   string
		add    map[string]string
		remove []string
	}{
		{"request", h.AppendRequestHeaders, h.RemoveRequestHeaders},
		{"answer", h.AppendResponseHeaders, h.RemoveResponseHeaders},
	} {
		for name, value := range edits.add {
			a.say("%s + %s: %s", edits.what, name, value)
		}
		for _, name := range edits.remove {
			a.say("%s - %s", edits.what, name)
		}
	}
}

func (c *corsPolicy) say(a *answer, r *request) {
	origin, _ := r.header("origin")
	for i := range c.AllowOrigins {
		if c.AllowOrigins[i].matches(origin) {
			sayOrigin(a, origin)
			break
		}
	}
	age := ""
	if c.MaxAge != nil {
		age = fmt.Sprintf("%g", time.Duration(*c.MaxAge).Seconds())
	}
	sayCors(a, strings.Join(c.AllowMethods, ","), strings.Join(c.AllowHeaders, ","),
		strings.Join(c.ExposeHeaders, ","), age, c.AllowCredentials)
}

func (m *condition) matches(a *answer, from *workload, r *request) bool {
	if m.SourceNamespace != "" && m.SourceNamespace != from.space {
		return false
	}
	if !selects(m.SourceLabels, from.labels) {
		return false
	}
	if m.Path != nil && !m.Path.matches(a, r.path(), true) {
		return false
	}
	if m.Method != "" && m.Method != r.Method {
		return false
	}
	for _, header := range m.Headers {
		value, present := r.header(header.Name)
		if header.Value.matches(a, value, present) == header.Inverted {
			return false
		}
	}
	for _, parameter := range m.Query {
		values, present := r.query()[parameter.Name]
		if !present {
			values = []string{""}
		}
		if parameter.Value.matches(a, values[0], present) == parameter.Inverted {
			return false
		}
	}
	return true
}

func (m *textMatch) matches(a *answer, value string, present bool) bool {
	text, wanted := folded(value, m.IgnoreCase), folded(m.Value, m.IgnoreCase)
	switch m.How {
	case "any":
		return true
	case "present":
		return present
	case "exact":
		return present && text == wanted
	case "prefix":
		return present && strings.HasPrefix(text, wanted)
	case "suffix":
		return present && strings.HasSuffix(text, wanted)
	case "regex":
		return present && matchesWhole(m.Value, value)
	}
	a.say("error: match %q is not known here", m.How)
	return false
}
