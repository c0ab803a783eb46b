// Who may call: the RBAC filters in front of a workload, as istiod writes them.
package translation

import (
	"fmt"
	"net/netip"
	"strings"

	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pkg/config/kube"

	envoy "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	lds "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	rds "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// call is a connection to a workload, and the request on it.
type call struct {
	request
	Principal string // of its certificate, without spiffe://; empty: plain text
	From      string // address of the client, as proxies in front say it
	// Port of the request is the one of the workload.
}

const (
	allowed = "allowed"
	denied  = "denied"
)

// admits is what a workload's own proxy says to a call.
func (p *proxy) admits(c *call) string {
	in := simulation.Call{
		Address: p.node.IPAddresses[0], Port: c.Port, Path: c.path(), Protocol: simulation.HTTP,
		HostHeader: c.Host, CallMode: simulation.CallModeInbound, TLS: simulation.Plaintext,
	}
	if c.Principal != "" {
		in.TLS = simulation.MTLS
	}
	return p.judge(in, c)
}

// judge lets a call in by the filters that it meets.
func (p *proxy) judge(in simulation.Call, c *call) string {
	var chain *lds.FilterChain
	in.CustomListenerValidations = []simulation.CustomFilterChainValidation{
		func(fc *lds.FilterChain) error {
			chain = fc
			return nil
		},
	}
	result := p.sim.Run(in)
	if result.Error != nil {
		return fmt.Sprintf("error: %v", result.Error)
	}
	j := &judgement{call: c}
	verdict := j.chain(chain)
	if j.unknown != "" {
		return "error: " + j.unknown
	}
	if verdict {
		return allowed
	}
	return denied
}

type judgement struct {
	call    *call
	unknown string
}

func (j *judgement) notKnown(what any) bool {
	j.unknown = fmt.Sprintf("%T is not known here", what)
	return false
}

// chain asks every RBAC filter on the way; each may turn the call away.
func (j *judgement) chain(chain *lds.FilterChain) bool {
	for _, filter := range chain.GetFilters() {
		config := filter.GetTypedConfig()
		switch {
		case config.MessageIs(&tcprbac.RBAC{}):
			message := &tcprbac.RBAC{}
			if err := config.UnmarshalTo(message); err != nil {
				j.unknown = err.Error()
			}
			if !j.passes(message.GetRules(), message.GetMatcher() != nil) {
				return false
			}
		case config.MessageIs(&hcm.HttpConnectionManager{}):
			message := &hcm.HttpConnectionManager{}
			if err := config.UnmarshalTo(message); err != nil {
				j.unknown = err.Error()
			}
			for _, inner := range message.GetHttpFilters() {
				if !j.http(inner) {
					return false
				}
			}
		}
	}
	return true
}

func (j *judgement) http(filter *hcm.HttpFilter) bool {
	message := &httprbac.RBAC{}
	if !filter.GetTypedConfig().MessageIs(message) {
		return true
	}
	if err := filter.GetTypedConfig().UnmarshalTo(message); err != nil {
		j.unknown = err.Error()
	}
	return j.passes(message.GetRules(), message.GetMatcher() != nil)
}

func (j *judgement) passes(rules *rbac.RBAC, hasMatcher bool) bool {
	if hasMatcher {
		return j.notKnown("a matcher in place of rules")
	}
	if rules == nil { // it only watches
		return true
	}
	hit := false
	for _, policy := range rules.GetPolicies() {
		if policy.GetCondition() != nil || policy.GetCheckedCondition() != nil {
			return j.notKnown(policy.GetCondition())
		}
		if j.anyPermission(policy.GetPermissions()) && j.anyPrincipal(policy.GetPrincipals()) {
			hit = true
		}
	}
	switch rules.GetAction() {
	case rbac.RBAC_ALLOW:
		return hit
	case rbac.RBAC_DENY:
		return !hit
	case rbac.RBAC_LOG:
		return true
	}
	return j.notKnown(rules.GetAction())
}

func (j *judgement) anyPermission(all []*rbac.Permission) bool {
	for _, p := range all {
		if j.permission(p) {
			return true
		}
	}
	return false
}

func (j *judgement) permission(p *rbac.Permission) bool {
	switch rule := p.GetRule().(type) {
	case *rbac.Permission_Any:
		return rule.Any
	case *rbac.Permission_AndRules:
		for _, part := range rule.AndRules.GetRules() {
			if !j.permission(part) {
				return false
			}
		}
		return true
	case *rbac.Permission_OrRules:
		return j.anyPermission(rule.OrRules.GetRules())
	case *rbac.Permission_NotRule:
		return !j.permission(rule.NotRule)
	case *rbac.Permission_DestinationPort:
		return int(rule.DestinationPort) == j.call.Port
	case *rbac.Permission_Header:
		return j.header(rule.Header)
	case *rbac.Permission_UrlPath:
		return j.text(rule.UrlPath.GetPath(), j.call.path())
	}
	return j.notKnown(p.GetRule())
}

func (j *judgement) anyPrincipal(all []*rbac.Principal) bool {
	for _, p := range all {
		if j.principal(p) {
			return true
		}
	}
	return false
}

func (j *judgement) principal(p *rbac.Principal) bool {
	switch id := p.GetIdentifier().(type) {
	case *rbac.Principal_Any:
		return id.Any
	case *rbac.Principal_AndIds:
		for _, part := range id.AndIds.GetIds() {
			if !j.principal(part) {
				return false
			}
		}
		return true
	case *rbac.Principal_OrIds:
		return j.anyPrincipal(id.OrIds.GetIds())
	case *rbac.Principal_NotId:
		return !j.principal(id.NotId)
	case *rbac.Principal_Authenticated_:
		name := id.Authenticated.GetPrincipalName()
		if name == nil {
			return j.call.Principal != ""
		}
		return j.isPrincipal(name)
	case *rbac.Principal_FilterState:
		if id.FilterState.GetKey() != "io.istio.peer_principal" {
			return j.notKnown(id)
		}
		return j.isPrincipal(id.FilterState.GetStringMatch())
	case *rbac.Principal_RemoteIp:
		return j.address(id.RemoteIp)
	case *rbac.Principal_DirectRemoteIp:
		return j.notKnown(id)
	case *rbac.Principal_Header:
		return j.header(id.Header)
	}
	return j.notKnown(p.GetIdentifier())
}

func (j *judgement) isPrincipal(name *matcher.StringMatcher) bool {
	return j.call.Principal != "" && j.text(name, "spiffe://"+j.call.Principal)
}

func (j *judgement) address(block *envoy.CidrRange) bool {
	prefix, err := netip.ParsePrefix(fmt.Sprintf("%s/%d", block.GetAddressPrefix(), block.GetPrefixLen().GetValue()))
	if err != nil {
		j.unknown = err.Error()
		return false
	}
	from, err := netip.ParseAddr(j.call.From)
	return err == nil && prefix.Contains(from)
}

func (j *judgement) header(m *rds.HeaderMatcher) bool {
	a := &answer{}
	matches := headerMatches(a, m, &j.call.request)
	j.errorsOf(a)
	return matches
}

func (j *judgement) text(m *matcher.StringMatcher, value string) bool {
	a := &answer{}
	matches := stringMatches(a, m, value)
	j.errorsOf(a)
	return matches
}

func (j *judgement) errorsOf(a *answer) {
	if len(a.lines) > 0 {
		j.unknown = strings.Join(a.lines, "; ")
	}
}

// admits is what the plan says to a call of a workload.
func (w *workload) admits(c *call) string {
	selected, deniedByDefault, http := false, false, w.takesHTTP(c.Port)
	mesh := w.istiod().mesh
	for _, entry := range w.cluster.plan.Access {
		if entry.Mesh != mesh.String() {
			continue
		}
		if entry.Kind == "nothing" {
			deniedByDefault = true
			continue
		}
		space, _, _ := strings.Cut(entry.Service, "/")
		if space != w.space || !selects(entry.Selector, w.labels) {
			continue
		}
		selected = true
		for i := range entry.Rules {
			if r := &entry.Rules[i]; (http || len(r.Paths)+len(r.Methods) == 0) && r.lets(c) {
				return allowed
			}
		}
	}
	if selected || deniedByDefault {
		return denied
	}
	return allowed
}

// takesHTTP: somebody looks for paths and methods in what comes to that port. On others no rule that asks for them lets in.
func (w *workload) takesHTTP(port int) bool {
	for _, s := range w.cluster.services {
		if s.Namespace != w.space || len(s.Spec.Selector) == 0 || !selects(s.Spec.Selector, w.labels) {
			continue
		}
		for _, p := range s.Spec.Ports {
			if w.target(p) == port {
				return kube.ConvertProtocol(p.Port, p.Name, p.Protocol, p.AppProtocol).IsHTTPOrSniffed()
			}
		}
	}
	return true
}

func (r *rule) lets(c *call) bool {
	return r.letsCaller(c) && r.letsAddress(c.From) && (len(r.Ports) == 0 || contains(r.Ports, c.Port)) &&
		(len(r.Methods) == 0 || contains(r.Methods, c.Method)) && r.letsPath(c.path())
}

func contains[T comparable](all []T, one T) bool {
	for _, item := range all {
		if item == one {
			return true
		}
	}
	return false
}

func (r *rule) letsCaller(c *call) bool {
	if r.Anybody {
		return true
	}
	var trustDomain, space, account string
	if parts := strings.Split(c.Principal, "/"); len(parts) == 5 {
		trustDomain, space, account = parts[0], parts[2], parts[4]
	} else {
		return false
	}
	for _, id := range r.Identities {
		if (id.TrustDomain == "" || id.TrustDomain == trustDomain) &&
			(id.Namespace == "" || id.Namespace == space) && (id.Account == "" || id.Account == account) {
			return true
		}
	}
	return false
}

func (r *rule) letsAddress(from string) bool {
	if len(r.Networks) == 0 {
		return true
	}
	for _, network := range r.Networks {
		if within(network.Cidr, from) && !anyWithin(network.Except, from) {
			return true
		}
	}
	return false
}

func anyWithin(ranges []string, address string) bool {
	for _, r := range ranges {
		if within(r, address) {
			return true
		}
	}
	return false
}

func within(cidr, address string) bool {
	if !strings.Contains(cidr, "/") {
		return cidr == address
	}
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil {
		return false
	}
	parsed, err := netip.ParseAddr(address)
	return err == nil && prefix.Contains(parsed)
}

// letsPath: a path, or with a star at one end what begins or ends so.
func (r *rule) letsPath(path string) bool {
	for _, wanted := range r.Paths {
		switch {
		case wanted == "*",
			wanted == path,
			strings.HasSuffix(wanted, "*") && strings.HasPrefix(path, strings.TrimSuffix(wanted, "*")),
			strings.HasPrefix(wanted, "*") && strings.HasSuffix(path, strings.TrimPrefix(wanted, "*")):
			return true
		}
	}
	return len(r.Paths) == 0
}
