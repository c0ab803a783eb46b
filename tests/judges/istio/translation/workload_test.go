// The workloads of a cluster: what stands behind its pods, one of each.
package translation

import (
	"fmt"
	"sort"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type proxyKind int

const (
	noProxy proxyKind = iota
	sidecar
	gateway
)

type workload struct {
	cluster     *cluster
	name, space string
	account     string
	labels      map[string]string
	ip, node    string
	ports       []core.ContainerPort
	proxy       proxyKind
	revision    string
}

func (w *workload) String() string {
	return w.space + "/" + w.name
}

// principal is the name in its certificate, without spiffe://.
func (w *workload) principal(trustDomain string) string {
	return fmt.Sprintf("%s/ns/%s/sa/%s", trustDomain, w.space, w.account)
}

func (c *cluster) addWorkload(pod *core.Pod, space *core.Namespace) {
	w := &workload{
		cluster: c, name: pod.Name, space: pod.Namespace, account: pod.Spec.ServiceAccountName,
		labels: pod.Labels, ip: pod.Status.PodIP, node: pod.Spec.NodeName,
	}
	if len(pod.OwnerReferences) > 0 {
		w.name = pod.OwnerReferences[0].Name
	}
	for _, container := range pod.Spec.Containers {
		w.ports = append(w.ports, container.Ports...)
		if container.Name == "istio-proxy" {
			w.proxy, w.revision = sidecar, revisionOf(pod, space)
		}
	}
	if w.proxy == sidecar && strings.Contains(pod.Annotations["inject.istio.io/templates"], "gateway") {
		w.proxy = gateway
	}
	c.workloads = append(c.workloads, w)
	sort.Slice(c.workloads, func(i, k int) bool { return c.workloads[i].String() < c.workloads[k].String() })
}

// revisionOf names the control plane that has injected the proxy.
func revisionOf(pod *core.Pod, space *core.Namespace) string {
	for _, revision := range []string{pod.Labels["istio.io/rev"], space.Labels["istio.io/rev"]} {
		if revision != "" {
			return revision
		}
	}
	return "default"
}

// target is the port of the workload that a port of a service leads to, 0 where it has none of that name.
func (w *workload) target(port core.ServicePort) int {
	switch {
	case port.TargetPort.Type == intstr.String:
		for _, p := range w.ports {
			if p.Name == port.TargetPort.StrVal {
				return int(p.ContainerPort)
			}
		}
		return 0
	case port.TargetPort.IntVal != 0:
		return int(port.TargetPort.IntVal)
	}
	return int(port.Port)
}

func selects(selector, of map[string]string) bool {
	return labels.SelectorFromSet(selector).Matches(labels.Set(of))
}

func (c *cluster) behind(service *core.Service) (all []*workload) {
	if len(service.Spec.Selector) == 0 {
		return nil
	}
	for _, w := range c.workloads {
		if w.space == service.Namespace && selects(service.Spec.Selector, w.labels) {
			all = append(all, w)
		}
	}
	return all
}
