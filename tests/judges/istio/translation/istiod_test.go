// One istiod: what it is told, and what it tells each proxy.
package translation

import (
	"os"
	"testing"

	meshapi "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/util"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pilot/test/xdstest"
	istiocluster "istio.io/istio/pkg/cluster"
	meshconfig "istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/network"
	"istio.io/istio/pkg/util/sets"
	core "k8s.io/api/core/v1"

	cds "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	eds "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	lds "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rds "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
)

type istiod struct {
	t       *testing.T // the server lives as long as it
	cluster *cluster
	mesh    meshName
	config  *meshapi.MeshConfig
	server  *xds.FakeDiscoveryServer
	proxies map[*workload]*proxy
}

type proxy struct {
	istiod *istiod
	node   *model.Proxy
	sim    *simulation.Simulation
	names  map[string][]string // host -> addresses, as the DNS proxy answers
}

func (i *istiod) configMap() *core.ConfigMap {
	name := "istio"
	if i.mesh.Revision != "default" {
		name += "-" + i.mesh.Revision
	}
	for _, object := range i.cluster.objects {
		if m, ok := object.(*core.ConfigMap); ok && m.Name == name && m.Data["mesh"] != "" {
			return m
		}
	}
	return nil
}

func (i *istiod) start() {
	if i.server != nil {
		return
	}
	var err error
	networks := &meshapi.MeshNetworks{}
	source := i.configMap()

	if source == nil {
		i.t.Fatalf("%s has no mesh config of revision %s", i.cluster.name, i.mesh.Revision)
	}
	if i.config, err = meshconfig.ApplyMeshConfigDefaults(source.Data["mesh"]); err != nil {
		i.t.Fatal(err)
	}
	if text := source.Data["meshNetworks"]; text != "" {
		if networks, err = meshconfig.ParseMeshNetworks(text); err != nil {
			i.t.Fatal(err)
		}
	}
	var configs []document
	for _, d := range append(append([]document{}, i.cluster.documents...), i.cluster.output...) {
		if isConfig(d) {
			configs = append(configs, d)
		}
	}
	i.server = xds.NewFakeDiscoveryServer(i.t, xds.FakeOptions{
		DefaultClusterName: istiocluster.ID(i.cluster.name),
		KubernetesObjects:  i.cluster.objects,
		Configs:            toConfigs(i.t, configs),
		MeshConfig:         i.config,
		NetworksWatcher:    meshwatcher.NewFixedNetworksWatcher(networks),
	})
	i.proxies = map[*workload]*proxy{}
}

// proxy is what the proxy of a workload is told.
func (i *istiod) proxy(w *workload) *proxy {
	i.start()
	if p := i.proxies[w]; p != nil {
		return p
	}
	kind := model.SidecarProxy
	if w.proxy == gateway {
		kind = model.Router
	}
	node := i.server.SetupProxy(&model.Proxy{
		Type: kind, ID: w.name + "." + w.space, IPAddresses: []string{w.ip},
		ConfigNamespace: w.space, DNSDomain: w.space + ".svc.cluster.local", Labels: w.labels,
		Locality: util.ConvertLocality(i.cluster.region + "/" + i.cluster.zone),
		Metadata: &model.NodeMetadata{
			Namespace: w.space, Labels: w.labels, ServiceAccount: w.account,
			ClusterID: istiocluster.ID(i.cluster.name), Network: network.ID(i.cluster.network),
			IstioVersion: i.mesh.Version, DNSCapture: model.StringBool(i.mesh.DNSProxying),
			InterceptionMode: model.InterceptionRedirect, NodeName: w.node,
		},
	})
	p := &proxy{
		istiod: i, node: node, names: map[string][]string{},
		sim: simulation.NewSimulation(i.t, i.server, node),
	}
	p.sim.Routes = i.routes(node, p.sim.Listeners)
	if i.mesh.DNSProxying {
		table := i.server.ConfigGen.BuildNameTable(node, i.server.PushContext())
		for name, info := range table.Table {
			p.names[name] = info.Ips
		}
	}
	i.proxies[w] = p
	return p
}

// routes asks for each table once, as proxies do: some are made wrong when they are asked for again in one go.
func (i *istiod) routes(node *model.Proxy, listeners []*lds.Listener) []*rds.RouteConfiguration {
	names := sets.New(xdstest.ExtractRoutesFromListeners(listeners)...)
	push := &model.PushRequest{Push: i.server.PushContext()}
	resources, _ := i.server.ConfigGen.BuildHTTPRoutes(node, push, sets.SortedList(names))
	var all []*rds.RouteConfiguration
	for _, resource := range resources {
		all = append(all, xdstest.UnmarshalAny[rds.RouteConfiguration](i.t, resource.Resource))
	}
	return all
}

// lookup is what a workload gets for a name: from its proxy, or from the cluster.
func (p *proxy) lookup(host string) (string, bool) {
	if ips := p.names[host]; len(ips) > 0 {
		return p.someone(ips), true
	}
	s := p.istiod.cluster.local(host)
	if s == nil {
		return "", false
	}
	if !isHeadless(s) {
		return s.Spec.ClusterIP, true
	}
	var ips []string
	for _, w := range p.istiod.cluster.behind(s) {
		ips = append(ips, w.ip)
	}
	return p.someone(ips), true
}

// someone else than the caller itself.
func (p *proxy) someone(ips []string) string {
	for _, ip := range ips {
		if ip != p.node.IPAddresses[0] {
			return ip
		}
	}
	return ""
}

func (p *proxy) cluster(name string) *cds.Cluster {
	for _, c := range p.sim.Clusters {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// endpoints are where connections of a cluster go, wherever the proxy is told them.
func (p *proxy) endpoints(c *cds.Cluster) []*eds.LocalityLbEndpoints {
	if c.GetType() == cds.Cluster_EDS {
		server := p.istiod.server
		builder := endpoints.NewEndpointBuilder(c.Name, p.node, server.PushContext())
		return builder.BuildClusterLoadAssignment(server.Env().EndpointIndex).GetEndpoints()
	}
	return c.GetLoadAssignment().GetEndpoints()
}

// What istiod prints is about a cluster that is not there; what matters is in what it tells its proxies.
func TestMain(m *testing.M) {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
	os.Exit(m.Run())
}
