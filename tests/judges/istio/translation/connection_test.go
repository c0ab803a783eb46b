// Where the connections of a backend end, and whom they take as an answer: the proxy of the caller,
// the gateway of the other cluster, and the workload behind it, each as its own istiod has told it.
package translation

import (
	"fmt"
	"sort"
	"time"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/config/host"
	core "k8s.io/api/core/v1"

	cds "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
)

// connect is Istio's answer to what becomes of a connection to a backend, for a caller that has dialled a host.
func (w *world) connect(p *proxy, dialled, b backend) *answer {
	a := &answer{}
	name := model.BuildSubsetKey(model.TrafficDirectionOutbound, b.subset, host.Name(b.host), b.port)
	c := p.cluster(name)
	if c == nil {
		a.say("error: no cluster %s", name)
		return a
	}
	sni := p.sayTLS(a, c)
	p.sayOutliers(a, c)
	if keepalive := c.GetUpstreamConnectionOptions().GetTcpKeepalive(); keepalive != nil {
		a.say("keepalive %d probes, after %ds, every %ds", keepalive.GetKeepaliveProbes().GetValue(),
			keepalive.GetKeepaliveTime().GetValue(), keepalive.GetKeepaliveInterval().GetValue())
	}
	arrivals := map[string]bool{}
	if c.GetType() == cds.Cluster_ORIGINAL_DST {
		w.arriveAsDialled(a, p.istiod.cluster, dialled)
		return a.sorted()
	}
	for _, locality := range p.endpoints(c) {
		for _, e := range locality.GetLbEndpoints() {
			address := e.GetEndpoint().GetAddress().GetSocketAddress()
			w.follow(a, arrivals, p, address.GetAddress(), int(address.GetPortValue()), sni)
		}
	}
	for arrival := range arrivals {
		a.say("arrives at %s", arrival)
	}
	if len(arrivals) == 0 {
		a.say("arrives nowhere")
	}
	return a.sorted()
}

// arriveAsDialled: the proxy keeps the address that the caller has chosen, whatever the route says.
func (w *world) arriveAsDialled(a *answer, c *cluster, dialled backend) {
	if service := c.local(dialled.host); service != nil {
		w.arriveAt(a, c, service, dialled.port, nil, isHeadless(service), false)
		return
	}
	a.say("error: %s is dialled", dialled)
}

// sayTLS gives the SNI, where Istio's own TLS is certain.
func (p *proxy) sayTLS(a *answer, c *cds.Cluster) string {
	if socket := c.GetTransportSocket(); socket != nil {
		context := xdstest.UnmarshalAny[tls.UpstreamTlsContext](p.istiod.t, socket.GetTypedConfig())
		a.say("tls mutual")
		for _, name := range subjects(context) {
			a.say("expects %s", name)
		}
		return context.GetSni()
	}
	if len(c.GetTransportSocketMatches()) > 0 {
		a.say("tls as the endpoint wants")
	} else {
		a.say("plain text")
	}
	return ""
}

func subjects(context *tls.UpstreamTlsContext) (names []string) {
	combined := context.GetCommonTlsContext().GetCombinedValidationContext().GetDefaultValidationContext()
	for _, name := range combined.GetMatchSubjectAltNames() { //nolint:staticcheck // what istiod writes
		names = append(names, name.GetExact())
	}
	for _, name := range combined.GetMatchTypedSubjectAltNames() {
		names = append(names, name.GetMatcher().GetExact())
	}
	return names
}

func (p *proxy) sayOutliers(a *answer, c *cds.Cluster) {
	o := c.GetOutlierDetection()
	if o == nil {
		return
	}
	a.say("out after %d errors in %s, for %s, %d%% at most", o.GetConsecutive_5Xx().GetValue(),
		o.GetInterval().AsDuration(), o.GetBaseEjectionTime().AsDuration(), o.GetMaxEjectionPercent().GetValue())
}

// follow goes from an address to the workloads behind it.
func (w *world) follow(a *answer, arrivals map[string]bool, from *proxy, address string, port int, sni string) {
	if here := from.istiod.cluster.byAddress(address); here != nil {
		arrivals[fmt.Sprintf("%s %s:%d", here.cluster.name, here, port)] = true
		return
	}
	found := false
	for _, name := range w.names() {
		c := w.clusters[name]
		for _, entry := range c.entries(address, port) {
			found = true
			w.enter(a, arrivals, entry.workload, entry.port, sni)
		}
	}
	if !found {
		a.say("error: nobody is at %s:%d", address, port)
	}
}

func (w *world) names() (all []string) {
	for name := range w.clusters {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

func (c *cluster) byAddress(address string) *workload {
	for _, w := range c.workloads {
		if w.ip == address {
			return w
		}
	}
	return nil
}

type entry struct {
	workload *workload
	port     int
}

// entries are the workloads that an address leads to from outside the cluster.
func (c *cluster) entries(address string, port int) (all []entry) {
	for _, service := range c.services {
		for _, p := range service.Spec.Ports {
			if !c.reached(service, p, address, port) {
				continue
			}
			for _, w := range c.behind(service) {
				all = append(all, entry{workload: w, port: w.target(p)})
			}
		}
	}
	return all
}

func (c *cluster) reached(service *core.Service, p core.ServicePort, address string, port int) bool {
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		if (ingress.IP == address || ingress.Hostname == address) && int(p.Port) == port {
			return true
		}
	}
	for _, external := range service.Spec.ExternalIPs {
		if external == address && int(p.Port) == port {
			return true
		}
	}
	if p.NodePort == 0 || int(p.NodePort) != port {
		return false
	}
	for _, object := range c.objects {
		if node, ok := object.(*core.Node); ok {
			for _, own := range node.Status.Addresses {
				if own.Address == address {
					return true
				}
			}
		}
	}
	return false
}

// enter is a connection with Istio's own TLS that comes to a gateway from outside.
func (w *world) enter(a *answer, arrivals map[string]bool, at *workload, port int, sni string) {
	i := at.istiod()
	if i == nil {
		a.say("error: %s %s has no proxy", at.cluster.name, at)
		return
	}
	p := i.proxy(at)
	verdict := p.judge(simulation.Call{
		Address: at.ip, Port: port, Protocol: simulation.TCP, TLS: simulation.MTLS, Sni: sni,
		Alpn: "istio", CallMode: simulation.CallModeGateway,
	}, &call{request: request{Port: port}}) // it does not open the connection, so nobody is known
	if verdict != allowed {
		a.say("error: %s %s: %s", at.cluster.name, at, verdict)
		return
	}
	c := p.cluster(sni)
	if c == nil {
		a.say("error: %s %s has no cluster %s", at.cluster.name, at, sni)
		return
	}
	if c.GetTransportSocket() != nil {
		a.say("error: %s %s opens the connection", at.cluster.name, at)
	}
	for _, locality := range p.endpoints(c) {
		for _, e := range locality.GetLbEndpoints() {
			address := e.GetEndpoint().GetAddress().GetSocketAddress()
			here := at.cluster.byAddress(address.GetAddress())
			if here == nil {
				a.say("error: %s leads to %s", sni, address.GetAddress())
				continue
			}
			arrivals[fmt.Sprintf("%s %s:%d", here.cluster.name, here, address.GetPortValue())] = true
		}
	}
}

// connect is the plan's answer.
func (w *world) connectByPlan(from *workload, b backend) *answer {
	a := &answer{}
	mesh := from.istiod().mesh
	d := from.cluster.plan.destination(mesh.String(), b.host)
	if d == nil && from.cluster.local(b.host) != nil {
		return w.connectLocal(a, from, b, nil)
	}
	if d == nil { // a route leads there, so it is federated to some mesh of the cluster, and all of them see it
		d = from.cluster.plan.anybodys(b.host)
	}
	if o := d.Client.OutlierDetection; o != nil {
		a.say("out after %d errors in %s, for %s, %d%% at most", o.Value.ConsecutiveErrors,
			time.Duration(o.Value.Interval), time.Duration(o.Value.BaseEjectionTime), o.Value.MaxEjectionPercent)
	}
	if !d.Remote {
		return w.connectLocal(a, from, b, d)
	}
	a.say("tls mutual")
	for _, id := range d.Import.Identities {
		a.say("expects spiffe://%s/ns/%s/sa/%s", id.TrustDomain, id.Namespace, id.Account)
	}
	if k := d.Import.Keepalive; k != nil {
		a.say("keepalive %d probes, after %gs, every %gs", k.Probes, time.Duration(k.Time).Seconds(),
			time.Duration(k.Interval).Seconds())
	}
	provider := w.clusters[d.Cluster]
	labels := labelsOf(d.Subsets, b.subset)
	for _, e := range d.Import.Endpoints {
		if selects(labels, e.Labels) && provider.plan.hasGateway(e.Address, e.Port) {
			w.arrive(a, provider, d, b, labels)
			break
		}
	}
	return a.sorted()
}

func (c *clusterPlan) hasGateway(address string, port int) bool {
	for _, g := range c.Gateways {
		if g.Port == port && contains(g.Addresses, address) {
			return true
		}
	}
	return false
}

func labelsOf(all []subset, name string) map[string]string {
	for _, s := range all {
		if s.Name == name {
			return s.Labels
		}
	}
	return nil
}

func (w *world) connectLocal(a *answer, from *workload, b backend, d *destination) *answer {
	mode, c := "", from.cluster
	if d != nil && d.Client.Mtls != nil {
		mode = d.Client.Mtls.Value.Istio.TlsMode
	}
	service := c.local(b.host)
	if mode == "" && isHeadless(service) {
		mode = "ISTIO_MUTUAL" // everything behind it is in the mesh
	}
	switch mode {
	case "":
		a.say("tls as the endpoint wants")
	case "DISABLE":
		a.say("plain text")
	case "ISTIO_MUTUAL":
		a.say("tls mutual")
		sayAccounts(a, c.behind(service), from.istiod().mesh.TrustDomain)
	default:
		a.say("tls %s", mode)
	}
	var labels map[string]string
	if d != nil {
		labels = labelsOf(d.Subsets, b.subset)
	}
	w.arriveAt(a, c, service, b.port, labels, isHeadless(service), false)
	return a.sorted()
}

func isHeadless(service *core.Service) bool {
	return service.Spec.ClusterIP == core.ClusterIPNone
}

// sayAccounts: those of all pods, as if each were of the mesh that the caller is of.
func sayAccounts(a *answer, all []*workload, trustDomain string) {
	said := map[string]bool{}
	for _, w := range all {
		if name := w.principal(trustDomain); !said[name] {
			a.say("expects spiffe://%s", name)
			said[name] = true
		}
	}
}

func (w *world) arrive(a *answer, provider *cluster, d *destination, b backend, labels map[string]string) {
	for _, e := range provider.plan.Exports {
		if e.Host == d.Host {
			w.arriveAt(a, provider, provider.service(e.Service), b.port, labels, false, true)
			return
		}
	}
	a.say("error: %s does not export %s", provider.name, d.Host)
}

// arriveAt: direct where no service stands between the caller and the pods, and so nobody to translate ports;
// through a gateway only those are reached who end the TLS of the mesh.
func (w *world) arriveAt(a *answer, c *cluster, service *core.Service, port int, labels map[string]string, direct, throughGateway bool) {
	arrived := false
	for _, p := range service.Spec.Ports {
		if int(p.Port) != port {
			continue
		}
		for _, target := range c.behind(service) {
			number := target.target(p)
			if direct {
				number = port
			}
			if selects(labels, target.labels) && number != 0 && (!throughGateway || target.proxy != noProxy) {
				a.say("arrives at %s %s:%d", c.name, target, number)
				arrived = true
			}
		}
	}
	if !arrived {
		a.say("arrives nowhere")
	}
}
