// A source tree, compiled by the real binary, and an istiod for each Istio mesh of its clusters.
package translation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type world struct {
	plan     plan
	clusters map[string]*cluster
}

type cluster struct {
	name, network, region, zone string
	plan                        *clusterPlan
	documents                   []document // beside the output
	output                      []document
	objects                     []runtime.Object
	workloads                   []*workload
	services                    []*core.Service
	istiods                     []*istiod
}

// binary is a program of this project, as the build has made it.
func binary(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s does not say where the program is", variable)
	}
	return path
}

func run(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, err bytes.Buffer
	command := exec.Command(args[0], args[1:]...)
	command.Stdout, command.Stderr = &out, &err
	if command.Run() != nil {
		t.Fatalf("%v: %v\n%s", args, command.ProcessState, err.String())
	}
	return out.Bytes()
}

// compile runs the compiler on a source tree, once for each thing that is wanted of it.
func compile(t *testing.T, source string) *world {
	t.Helper()
	meshc, folder := binary(t, "MESHC"), t.TempDir()
	out, stubs := filepath.Join(folder, "out"), filepath.Join(folder, "stubs")
	w := &world{clusters: map[string]*cluster{}}
	var list inventory

	run(t, meshc, "-C", source, "build", "--out-dir", out, "--stubs", stubs)
	w.plan = readPlan(t, run(t, meshc, "-C", source, "build", "--dump-plan", "json"))
	if err := json.Unmarshal(run(t, meshc, "-C", source, "inventory", "list", "-o", "json"), &list); err != nil {
		t.Fatal(err)
	}
	for _, known := range list.Clusters {
		c := &cluster{
			name: known.Name, network: known.Network, region: known.Region, zone: known.Zone,
			plan: w.plan.cluster(known.Name),
		}
		c.documents = readDocuments(t, filepath.Join(stubs, "clusters", known.Name))
		c.output = readDocuments(t, filepath.Join(out, "clusters", known.Name))
		c.populate(t)
		for _, mesh := range known.Meshes {
			if mesh.Kind == "Istio" {
				c.istiods = append(c.istiods, &istiod{t: t, cluster: c, mesh: mesh})
			}
		}
		w.clusters[known.Name] = c
	}
	return w
}

type inventory struct {
	Clusters []struct {
		Name, Network, Region, Zone, Domain string
		Meshes                              []meshName
	}
}

type meshName struct {
	Name, Namespace, Kind, Version, Revision, TrustDomain string
	DNSProxying                                           bool
}

func (m *meshName) String() string {
	return m.Namespace + "/" + m.Name
}

// populate reads what the cluster holds besides the output.
func (c *cluster) populate(t *testing.T) {
	t.Helper()
	spaces := map[string]*core.Namespace{}

	for _, d := range c.documents {
		if !isKubernetes(d) {
			continue
		}
		object := toObject(t, d)
		c.objects = append(c.objects, object)
		switch o := object.(type) {
		case *core.Namespace:
			spaces[o.Name] = o
		case *core.Service:
			c.services = append(c.services, o)
		}
	}
	for _, object := range c.objects {
		if pod, ok := object.(*core.Pod); ok {
			if spaces[pod.Namespace] == nil {
				t.Fatalf("%s has no namespace %s", c.name, pod.Namespace)
			}
			fillIn(pod)
			c.addWorkload(pod, spaces[pod.Namespace])
		}
	}
}

// fillIn sets what an API server sets where nothing is said.
func fillIn(pod *core.Pod) {
	for i := range pod.Spec.Containers {
		for k := range pod.Spec.Containers[i].Ports {
			if port := &pod.Spec.Containers[i].Ports[k]; port.Protocol == "" {
				port.Protocol = core.ProtocolTCP
			}
		}
	}
}

func (c *cluster) workload(t *testing.T, name string) *workload {
	t.Helper()
	for _, w := range c.workloads {
		if w.String() == name {
			return w
		}
	}
	t.Fatalf("%s has no workload %s", c.name, name)
	return nil
}

func (c *cluster) service(name string) *core.Service {
	for _, s := range c.services {
		if s.Namespace+"/"+s.Name == name {
			return s
		}
	}
	return nil
}

// istiod is the control plane of a workload, nil where it has no proxy of Istio's.
func (w *workload) istiod() *istiod {
	for _, i := range w.cluster.istiods {
		if w.proxy != noProxy && i.mesh.Revision == w.revision {
			return i
		}
	}
	return nil
}

// local is the service of the cluster that has this name in its DNS.
func (c *cluster) local(host string) *core.Service {
	for _, s := range c.services {
		if host == hostOf(s) {
			return s
		}
	}
	return nil
}

func hostOf(s *core.Service) string {
	return fmt.Sprintf("%s.%s.svc.cluster.local", s.Name, s.Namespace)
}
