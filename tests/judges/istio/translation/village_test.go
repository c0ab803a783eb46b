// Small random source trees that ask for much: services of every shape in a few clusters, and policies
// whose selectors and matchers meet. What the compiler refuses is taken out again.
package translation

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

type object = map[string]any
type list = []any

type village struct {
	*rand.Rand
	t        *testing.T
	folder   string
	clusters []string
	meshes   list // that the virtual mesh is of
	services []serviceName
}

type serviceName struct {
	name, space, cluster string
	ports                []int
}

func (s serviceName) ref() object {
	return object{"name": s.name, "namespace": s.space, "clusterName": s.cluster}
}

func (v *village) chance(percent int) bool {
	return v.IntN(100) < percent
}

func oneOf[T any](v *village, all ...T) T {
	return all[v.IntN(len(all))]
}

func (v *village) write(path string, all ...object) {
	var bytes []byte
	for _, o := range all {
		part, err := yaml.Marshal(o)
		if err != nil {
			v.t.Fatal(err)
		}
		bytes = append(append(bytes, "---\n"...), part...)
	}
	path = filepath.Join(v.folder, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes, 0o644); err != nil {
		v.t.Fatal(err)
	}
}

func made(version, kind, space, name string, more object) object {
	metadata := object{"name": name}
	if space != "" {
		metadata["namespace"] = space
	}
	for key, value := range more {
		if key == "labels" || key == "annotations" {
			metadata[key] = value
		}
	}
	o := object{"apiVersion": version, "kind": kind, "metadata": metadata}
	for key, value := range more {
		if key != "labels" && key != "annotations" {
			o[key] = value
		}
	}
	return o
}

// build gives a folder that compiles, and how many policies are left in it.
func buildVillage(t *testing.T, dice *rand.Rand) (folder string, policies int) {
	v := &village{Rand: dice, t: t, folder: filepath.Join(t.TempDir(), "village")}
	v.write("meshc.yaml", made("meshc.dev/v1alpha1", "Fleet", "", "village", nil))
	shared := v.chance(15)
	for i := range 2 + v.IntN(2) {
		v.cluster(fmt.Sprintf("c%d", i+1), shared)
	}
	v.write("mesh/00.yaml", v.virtualMesh())
	for i := range 8 + v.IntN(12) {
		v.write(fmt.Sprintf("mesh/%02d.yaml", i+1), v.policy(i))
	}
	return v.folder, v.reduce()
}

// reduce takes out policies that findings are about, until it compiles.
func (v *village) reduce() int {
	for range 40 {
		command := exec.Command(binary(v.t, "MESHC"), "-C", v.folder, "check", "-o", "json")
		out, _ := command.Output()
		var report struct {
			Findings []struct{ Severity, File, Message string }
		}
		if err := json.Unmarshal(out, &report); err != nil {
			v.t.Fatal(err)
		}
		bad := ""
		for _, f := range report.Findings {
			if f.Severity == "error" {
				bad = f.File
				if filepath.Dir(bad) != "mesh" || bad == "mesh/00.yaml" {
					v.t.Fatalf("%s: %s", bad, f.Message)
				}
			}
		}
		if bad == "" {
			rest, err := os.ReadDir(filepath.Join(v.folder, "mesh"))
			if err != nil {
				v.t.Fatal(err)
			}
			return len(rest) - 1
		}
		if err := os.Remove(filepath.Join(v.folder, bad)); err != nil {
			v.t.Fatal(err)
		}
	}
	v.t.Fatal("it does not compile")
	return 0
}

func (v *village) cluster(name string, shared bool) {
	number := len(v.clusters) + 1
	domain, root := name+".example", "istio-system"
	if shared {
		domain = "cluster.local"
	}
	v.clusters = append(v.clusters, name)
	v.meshes = append(v.meshes, object{"name": "istiod-istio-system-" + name, "namespace": "gloo-mesh"})
	if v.chance(25) {
		root = "mesh-root"
	}
	spec := object{}
	if v.chance(60) {
		spec["network"] = "net-" + name
	}
	v.write("inventory/"+name+"/cluster.yaml", made("meshc.dev/v1alpha1", "Cluster", "", name, object{"spec": spec}))

	all := []object{
		made("v1", "Namespace", "", "istio-system", nil),
		made("v1", "Node", "", "node-"+name, object{
			"labels": object{"topology.kubernetes.io/region": "region-" + oneOf(v, "a", "b"), "topology.kubernetes.io/zone": "z"},
			"status": object{"addresses": list{object{"type": "ExternalIP", "address": fmt.Sprintf("198.51.100.%d", number)}}},
		}),
		deployment("istio-system", "eastwest", "eastwest", object{"istio": "eastwest", "sidecar.istio.io/inject": "true"},
			object{"inject.istio.io/templates": "gateway"}, object{"name": "istio-proxy", "image": "auto"}),
		v.gateway(number),
	}
	all = append(all, v.controlPlane("", domain, root)...)
	if root != "istio-system" {
		all = append(all, made("v1", "Namespace", "", root, nil))
	}
	label := object{"istio-injection": "enabled"}
	for _, space := range []string{"shop", "pay"} {
		all = append(all, made("v1", "Namespace", "", space, object{"labels": label}))
		for _, account := range []string{"one", "two"} {
			all = append(all, made("v1", "ServiceAccount", space, account, nil))
		}
		for _, name := range []string{"api", "web", "db"} {
			if v.chance(80) {
				all = append(all, v.service(space, name)...)
			}
		}
	}
	if v.chance(25) {
		label = object{"istio.io/rev": "next"}
		all = append(all, made("v1", "Namespace", "", "new", object{"labels": label}),
			made("v1", "ServiceAccount", "new", "one", nil), made("v1", "ServiceAccount", "new", "two", nil))
		all = append(all, v.controlPlane("next", domain, root)...)
		all = append(all, v.service("new", "api")...)
	}
	v.write("inventory/"+name+"/objects.yaml", all...)
}

// controlPlane of a revision, with its settings.
func (v *village) controlPlane(revision, domain, root string) []object {
	suffix, labels := "", object{}
	if revision != "" {
		suffix, labels = "-"+revision, object{"istio.io/rev": revision}
	}
	text, err := yaml.Marshal(object{
		"trustDomain": domain, "rootNamespace": root,
		"defaultConfig": object{"proxyMetadata": object{"ISTIO_META_DNS_CAPTURE": "true"}},
	})
	if err != nil {
		v.t.Fatal(err)
	}
	env := list{object{"name": "PILOT_SKIP_VALIDATE_TRUST_DOMAIN", "value": "true"}}
	istiod := deployment("istio-system", "istiod"+suffix, "istiod", object{"app": "istiod"}, nil,
		object{"name": "discovery", "image": "docker.io/istio/pilot:1.30.3", "env": env})
	istiod["metadata"].(object)["labels"] = labels
	return []object{
		made("v1", "ConfigMap", "istio-system", "istio"+suffix, object{"data": object{"mesh": string(text)}}), istiod,
	}
}

// gateway is reached in one of three ways.
func (v *village) gateway(number int) object {
	ingress := object{"ip": fmt.Sprintf("203.0.113.%d", number)}
	kind := "LoadBalancer"
	switch v.IntN(4) {
	case 0:
		ingress = object{"hostname": fmt.Sprintf("gateway-%d.example.com", number)}
	case 1:
		kind, ingress = "NodePort", nil
	}
	status := object{}
	if ingress != nil {
		status = object{"loadBalancer": object{"ingress": list{ingress}}}
	}
	return made("v1", "Service", "istio-system", "eastwest", object{
		"labels": object{"istio": "eastwest"},
		"spec": object{
			"type": kind, "selector": object{"istio": "eastwest"},
			"ports": list{object{"name": "tls", "port": oneOf(v, 15443, 443), "targetPort": 15443, "nodePort": 30443}},
		},
		"status": status,
	})
}

func deployment(space, name, account string, labels, annotations object, container object) object {
	metadata := object{"labels": labels}
	if annotations != nil {
		metadata["annotations"] = annotations
	}
	return made("apps/v1", "Deployment", space, name, object{"spec": object{"template": object{
		"metadata": metadata,
		"spec":     object{"serviceAccountName": account, "containers": list{container}},
	}}})
}

// service with one to three versions behind it, in one of many shapes.
func (v *village) service(space, name string) (all []object) {
	ports := []list{
		{object{"name": "http", "port": 80, "targetPort": 8080}},
		{object{"port": 8080}},
		{object{"name": "http", "port": 80, "targetPort": "main"}},
		{object{"name": "main", "port": 80, "targetPort": 8080, "appProtocol": "http"}},
		{object{"name": "http-a", "port": 80, "targetPort": 8080}, object{"name": "grpc-b", "port": 9000, "targetPort": 9000}},
		{object{"name": "http", "port": 80, "targetPort": 8080}, object{"name": "tcp-raw", "port": 9000}},
		{object{"name": "web", "port": 80, "targetPort": 8080}, object{"name": "main", "port": 81, "targetPort": 9000}},
		{object{"name": "http", "port": 80}, object{"name": "https", "port": 443, "targetPort": 9000}},
	}
	if name == "db" {
		ports = []list{{object{"name": "tcp-sql", "port": 5432}}, {object{"name": "mysql", "port": 3306}}}
	}
	chosen := oneOf(v, ports...)
	spec := object{"selector": object{"app": name}, "ports": chosen}
	known := serviceName{name: name, space: space, cluster: v.clusters[len(v.clusters)-1]}
	for _, port := range chosen {
		known.ports = append(known.ports, port.(object)["port"].(int))
	}
	if v.chance(25) {
		spec["clusterIP"] = "None"
	}
	all = append(all, made("v1", "Service", space, name, object{"labels": object{"app": name, "tier": oneOf(v, "front", "back")}, "spec": spec}))
	v.services = append(v.services, known)
	for i := range 1 + v.IntN(3) {
		version := fmt.Sprintf("v%d", i+1)
		container := object{"name": "app", "image": "example.com/app:1", "ports": list{
			object{"name": "main", "containerPort": oneOf(v, 8080, 8080, 8081)}, object{"containerPort": 9000},
			object{"containerPort": 5432}, object{"containerPort": 3306},
		}}
		labels := object{"app": name, "version": version}
		if i > 0 && spec["clusterIP"] == nil && v.chance(15) {
			labels["sidecar.istio.io/inject"] = "false"
		}
		all = append(all, deployment(space, name+"-"+version, oneOf(v, "one", "two"), labels, nil, container))
	}
	if v.chance(15) { // a second name for the same pods
		all = append(all, made("v1", "Service", space, name+"-too", object{"labels": object{"app": name}, "spec": object{
			"selector": object{"app": name}, "ports": list{object{"name": "http-too", "port": 8088, "targetPort": 9000}},
		}}))
		v.services = append(v.services, serviceName{name + "-too", space, known.cluster, []int{8088}})
	}
	return all
}

func (v *village) virtualMesh() object {
	selectors := list{object{}}
	if v.chance(60) {
		selectors = list{object{"destinationSelectors": list{v.destinations()}}, object{"destinationSelectors": list{v.destinations()}}}
	}
	federation := object{
		"ingressGatewaySelectors": list{object{"destinationSelectors": list{
			object{"kubeServiceMatcher": object{"labels": object{"istio": "eastwest"}}}}}},
		"selectors": selectors,
	}
	if v.chance(20) {
		federation["tcpKeepalive"] = object{"probes": 3, "time": "60s", "interval": "10s"}
	}
	return made("networking.mesh.gloo.solo.io/v1", "VirtualMesh", "gloo-mesh", "village", object{"spec": object{
		"meshes": v.meshes, "federation": federation, "globalAccessPolicy": oneOf(v, "MESH_DEFAULT", "ENABLED", "DISABLED"),
	}})
}

// destinations selects some services.
func (v *village) destinations() object {
	if v.chance(50) {
		return object{"kubeServiceRefs": object{"services": list{oneOf(v, v.services...).ref()}}}
	}
	matcher := object{}
	switch v.IntN(3) {
	case 0:
		matcher["labels"] = object{"app": oneOf(v, "api", "web")}
	case 1:
		matcher["labels"] = object{"tier": oneOf(v, "front", "back")}
	case 2:
		matcher["namespaces"] = list{oneOf(v, "shop", "pay")}
	}
	if v.chance(30) {
		matcher["clusters"] = list{oneOf(v, v.clusters...)}
	}
	return object{"kubeServiceMatcher": matcher}
}

func (v *village) policy(i int) object {
	name := fmt.Sprintf("p%02d", i)
	if v.chance(30) {
		return made("networking.mesh.gloo.solo.io/v1", "AccessPolicy", "shop", name, object{"spec": v.access()})
	}
	if v.chance(15) {
		return made("networking.mesh.gloo.solo.io/v1", "TrafficPolicy", "shop", name, object{"spec": object{
			"destinationSelector": list{v.destinations()}, "policy": v.connectionSettings(),
		}})
	}
	spec := object{"destinationSelector": list{v.destinations()}, "policy": v.settings()}
	if v.chance(35) {
		matcher := object{}
		switch v.IntN(3) {
		case 0:
			matcher["namespaces"] = list{oneOf(v, "shop", "pay")}
		case 1:
			matcher["labels"] = object{"app": oneOf(v, "api", "web")}
		case 2:
			matcher["clusters"] = list{oneOf(v, v.clusters...)}
		}
		spec["sourceSelector"] = list{object{"kubeWorkloadMatcher": matcher}}
	}
	if v.chance(60) {
		matchers := list{}
		for range 1 + v.IntN(2) {
			matchers = append(matchers, v.matcher())
		}
		spec["httpRequestMatchers"] = matchers
	}
	return made("networking.mesh.gloo.solo.io/v1", "TrafficPolicy", "shop", name, object{"spec": spec})
}

// Words of the matchers, and so of the requests.
var (
	villagePaths   = []string{"/", "/a", "/a/", "/a/b", "/A/b", "/ab", "/b", "/a/12", "/a/12x", "/b/x.js", "/x.JS", "/a?q=1", "/b?q=", "/a/b?q=12&z"}
	villageHeaders = []string{"", "1", "12", "a", "A", "ab"}
	villageMethods = []string{"GET", "POST", "DELETE"}
	villageClients = []string{"", "10.0.0.1", "10.1.0.9", "192.0.2.7", "203.0.113.77"}
)

func (v *village) matcher() object {
	m := object{}
	if v.chance(60) {
		m["uri"] = oneOf(v,
			object{"exact": "/a"}, object{"prefix": "/a"}, object{"prefix": "/a/"}, object{"prefix": "/"}, object{"exact": "/a/b"},
			object{"exact": "/a/B", "ignoreCase": true}, object{"suffix": ".js"}, object{"suffix": ".js", "ignoreCase": true},
			object{"regex": "/a/[0-9]+"}, object{"regex": ".*/b.*"}, object{"prefix": "/A", "ignoreCase": true})
	}
	if v.chance(30) {
		m["method"] = oneOf(v, villageMethods...)
	}
	headers := list{}
	for _, name := range []string{"x-a", "X-B"} {
		if v.chance(30) {
			h := object{"name": name}
			switch v.IntN(4) {
			case 0:
				h["value"] = oneOf(v, "1", "a")
			case 1:
				h["value"], h["regex"] = oneOf(v, "[0-9]+", "a.*", "1|a", "1?"), true
			}
			if v.chance(30) {
				h["invertMatch"] = true
			}
			headers = append(headers, h)
		}
	}
	if len(headers) > 0 {
		m["headers"] = headers
	}
	if v.chance(15) {
		m["queryParameters"] = list{oneOf(v, object{"name": "q", "value": "1"}, object{"name": "q"},
			object{"name": "q", "value": "[0-9]+", "regex": true})}
	}
	if len(m) == 0 {
		m["method"] = "GET"
	}
	return m
}

func (v *village) settings() object {
	policy := object{}
	for range 1 + v.IntN(2) {
		switch v.IntN(10) {
		case 0:
			policy["requestTimeout"] = oneOf(v, "1s", "1500ms", "1m")
		case 1:
			policy["retries"] = oneOf(v, object{"attempts": 0}, object{"attempts": 3}, object{"attempts": 2, "perTryTimeout": "250ms"})
		case 2:
			policy["faultInjection"] = oneOf(v, object{"abort": object{"httpStatus": 503}, "percentage": 12.5},
				object{"fixedDelay": "1s"}, object{"fixedDelay": "10ms", "percentage": 0.01})
		case 3:
			policy["headerManipulation"] = oneOf(v, object{"appendRequestHeaders": object{"x-new": "a b"}},
				object{"removeRequestHeaders": list{"x-a"}, "appendResponseHeaders": object{"x-out": "1"}},
				object{"removeResponseHeaders": list{"server"}})
		case 4:
			to := oneOf(v, v.services...)
			policy["mirror"] = object{"kubeService": to.ref(), "port": oneOf(v, to.ports...), "percentage": oneOf(v, 10.0, 100.0)}
		case 5:
			policy["corsPolicy"] = object{"allowOrigins": list{object{"exact": "https://a.example"}, object{"suffix": ".b.example"}}, "maxAge": "1m"}
		case 6:
			policy["faultInjection"] = object{"abort": object{"httpStatus": 418}, "percentage": 1.0}
		case 7:
			policy["requestTimeout"] = "7s"
		default:
			policy["trafficShift"] = v.shift()
		}
	}
	return policy
}

// connectionSettings act on every connection, so no matcher may stand beside them.
func (v *village) connectionSettings() object {
	policy := object{}
	if v.chance(60) {
		policy["outlierDetection"] = oneOf(v, object{},
			object{"consecutiveErrors": 7, "interval": "3s", "baseEjectionTime": "1m", "maxEjectionPercent": 10})
	}
	if v.chance(60) || len(policy) == 0 {
		policy["mtls"] = object{"istio": object{"tlsMode": oneOf(v, "DISABLE", "ISTIO_MUTUAL")}}
	}
	return policy
}

func (v *village) shift() object {
	first := v.IntN(100)
	destinations := list{}
	for _, weight := range []int{first, 100 - first} {
		service := oneOf(v, v.services...)
		to := service.ref()
		if v.chance(50) {
			to["subset"] = object{"version": oneOf(v, "v1", "v1", "v2")}
		}
		if v.chance(50) || len(service.ports) > 1 {
			to["port"] = oneOf(v, service.ports...)
		}
		destinations = append(destinations, object{"weight": weight, "kubeService": to})
	}
	return object{"destinations": destinations}
}

func (v *village) access() object {
	spec := object{"destinationSelector": list{v.destinations()}}
	if v.chance(85) {
		source := object{}
		switch v.IntN(3) {
		case 0:
			account := object{"name": oneOf(v, "one", "two"), "namespace": oneOf(v, "shop", "pay")}
			if v.chance(60) {
				account["clusterName"] = oneOf(v, v.clusters...)
			}
			source["kubeServiceAccountRefs"] = object{"serviceAccounts": list{account}}
		case 1:
			source["kubeIdentityMatcher"] = object{"namespaces": list{oneOf(v, "shop", "pay")}}
		case 2:
			source["kubeIdentityMatcher"] = object{"clusters": list{oneOf(v, v.clusters...)}}
		}
		if v.chance(30) {
			source["requestIpMatcher"] = oneOf(v, object{"forwardedIPs": list{"10.0.0.0/8", "192.0.2.7"}, "notForwardedIPs": list{"10.1.0.0/16"}},
				object{"notForwardedIPs": list{"10.1.0.0/16"}})
			if v.chance(30) {
				delete(source, "kubeServiceAccountRefs")
				delete(source, "kubeIdentityMatcher")
			}
		}
		spec["sourceSelector"] = list{source}
	}
	if v.chance(40) {
		spec["allowedPaths"] = list{oneOf(v, "/a", "/a/*", "*.js", "/b*")}
	}
	if v.chance(40) {
		spec["allowedMethods"] = list{oneOf(v, villageMethods...)}
	}
	if v.chance(30) {
		spec["allowedPorts"] = list{oneOf(v, 80, 8080, 9000, 5432)}
	}
	return spec
}
