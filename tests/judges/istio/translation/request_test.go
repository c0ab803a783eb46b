// A request of a workload -> what its proxy does with it, as istiod has told it. Lines, so that
// answers of different judges can be compared and read. What is not known here is said aloud.
package translation

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"time"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xdstest"

	envoy "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	rds "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	cors "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/cors/v3"
	fault "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/fault/v3"
	matcher "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	percent "github.com/envoyproxy/go-control-plane/envoy/type/v3"
)

type request struct {
	Host    string
	Port    int
	Path    string // with a query, if it has one
	Method  string
	Headers map[string]string
}

func (r *request) path() string {
	path, _, _ := strings.Cut(r.Path, "?")
	return path
}

func (r *request) query() url.Values {
	_, query, _ := strings.Cut(r.Path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return values
}

// header looks a header up as Envoy does, with those that HTTP/2 has for the first line.
func (r *request) header(name string) (string, bool) {
	switch strings.ToLower(name) {
	case ":method":
		return r.Method, true
	case ":path":
		return r.Path, true
	case ":authority", "host":
		return r.Host, true
	}
	for key, value := range r.Headers {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// backend is where some of the requests go.
type backend struct {
	host, subset string
	port         int
}

func (b backend) String() string {
	if b.subset == "" {
		return fmt.Sprintf("%s:%d", b.host, b.port)
	}
	return fmt.Sprintf("%s:%d %s", b.host, b.port, b.subset)
}

type answer struct {
	lines    []string // sorted
	backends []backend
}

func (a *answer) say(format string, args ...any) {
	a.lines = append(a.lines, fmt.Sprintf(format, args...))
}

func (a *answer) send(share uint32, b backend) {
	if share == 0 {
		return
	}
	a.say("%d%% to %s", share, b)
	a.backends = append(a.backends, b)
}

func (a *answer) sorted() *answer {
	sort.Strings(a.lines)
	sort.Slice(a.backends, func(i, k int) bool { return a.backends[i].String() < a.backends[k].String() })
	return a
}

const unreachable = "no such host"

// ask is Istio's answer.
func (p *proxy) ask(r *request) *answer {
	a := &answer{}
	address, found := p.lookup(r.Host)
	if !found {
		a.say(unreachable)
		return a
	}
	call := simulation.Call{
		Address: address, Port: r.Port, Path: r.path(), Protocol: simulation.HTTP,
		Headers: http.Header{"Host": {r.Host}}, CallMode: simulation.CallModeOutbound,
	}
	result := p.sim.Run(call)
	switch {
	case result.VirtualHostMatched != "":
		p.route(a, r, result)
	case result.Error != nil:
		a.say("error: %v", result.Error)
	case result.ClusterMatched != "": // a connection that nobody looks into
		p.send(a, 100, result.ClusterMatched)
	default:
		a.say("error: weighted TCP routes are not known here")
	}
	return a.sorted()
}

func (p *proxy) send(a *answer, share uint32, name string) {
	switch name {
	case "PassthroughCluster", "BlackHoleCluster":
		a.say("%d%% to %s", share, name)
		return
	}
	_, subset, host, port := model.ParseSubsetKey(name)
	a.send(share, backend{host: string(host), subset: subset, port: port})
	if p.cluster(name) == nil {
		a.say("error: no cluster %s", name)
	}
}

func (p *proxy) route(a *answer, r *request, result simulation.Result) {
	table := xdstest.ExtractRouteConfigurations(p.sim.Routes)[result.RouteConfigMatched]
	for _, host := range table.GetVirtualHosts() {
		if host.Name != result.VirtualHostMatched {
			continue
		}
		for _, route := range host.Routes {
			if routeMatches(a, route.GetMatch(), r) {
				p.act(a, r, route)
				return
			}
		}
	}
	a.say("no route")
}

func (p *proxy) act(a *answer, r *request, route *rds.Route) {
	action := route.GetRoute()
	if action == nil {
		a.say("error: action %T is not known here", route.GetAction())
		return
	}
	switch to := action.GetClusterSpecifier().(type) {
	case *rds.RouteAction_Cluster:
		p.send(a, 100, to.Cluster)
	case *rds.RouteAction_WeightedClusters:
		for _, part := range to.WeightedClusters.GetClusters() {
			p.send(a, part.GetWeight().GetValue(), part.Name)
			sayHeaders(a, part.RequestHeadersToAdd, part.RequestHeadersToRemove,
				part.ResponseHeadersToAdd, part.ResponseHeadersToRemove)
		}
	default:
		a.say("error: cluster specifier %T is not known here", to)
	}
	if timeout := action.GetTimeout().AsDuration(); timeout != 0 {
		a.say("timeout %s", timeout)
	}
	sayRetries(a, action.GetRetryPolicy().GetNumRetries().GetValue(),
		action.GetRetryPolicy().GetPerTryTimeout().AsDuration())
	for _, mirror := range action.GetRequestMirrorPolicies() {
		_, subset, host, port := model.ParseSubsetKey(mirror.Cluster)
		share := 100.0
		if mirror.RuntimeFraction != nil {
			share = fraction(mirror.RuntimeFraction.GetDefaultValue())
		}
		sayMirror(a, backend{host: string(host), subset: subset, port: port}, share)
		if p.cluster(mirror.Cluster) == nil {
			a.say("error: no cluster %s", mirror.Cluster)
		}
	}
	sayHeaders(a, route.RequestHeadersToAdd, route.RequestHeadersToRemove,
		route.ResponseHeadersToAdd, route.ResponseHeadersToRemove)
	if action.GetPrefixRewrite() != "" || action.GetHostRewriteSpecifier() != nil || action.GetRegexRewrite() != nil {
		a.say("error: rewrites are not known here")
	}
	p.filters(a, r, route)
}

// filters says what filters do with the requests of one route.
func (p *proxy) filters(a *answer, r *request, route *rds.Route) {
	for name, config := range route.GetTypedPerFilterConfig() {
		switch name {
		case "envoy.filters.http.fault":
			f := xdstest.UnmarshalAny[fault.HTTPFault](p.istiod.t, config)
			if delay := f.GetDelay(); delay != nil {
				sayDelay(a, delay.GetFixedDelay().AsDuration(), fraction(delay.GetPercentage()))
			}
			if abort := f.GetAbort(); abort != nil {
				sayAbort(a, abort.GetHttpStatus(), fraction(abort.GetPercentage()))
			}
		case "envoy.filters.http.cors":
			c := xdstest.UnmarshalAny[cors.CorsPolicy](p.istiod.t, config)
			origin, _ := r.header("origin")
			for _, wanted := range c.GetAllowOriginStringMatch() {
				if stringMatches(a, wanted, origin) {
					sayOrigin(a, origin)
					break
				}
			}
			sayCors(a, c.AllowMethods, c.AllowHeaders, c.ExposeHeaders, c.MaxAge,
				c.GetAllowCredentials().GetValue())
		default:
			a.say("error: filter %s is not known here", name)
		}
	}
}

func sayRetries(a *answer, attempts uint32, each time.Duration) {
	switch {
	case attempts == 0:
		a.say("no retries")
	case each == 0:
		a.say("%d retries", attempts)
	default:
		a.say("%d retries of %s", attempts, each)
	}
}

func sayMirror(a *answer, to backend, share float64) {
	a.say("%g%% mirrored to %s", share, to)
}

func sayDelay(a *answer, delay time.Duration, share float64) {
	if share > 0 {
		a.say("%g%% wait %s", share, delay)
	}
}

func sayAbort(a *answer, status uint32, share float64) {
	if share > 0 {
		a.say("%g%% fail with %d", share, status)
	}
}

func sayOrigin(a *answer, origin string) {
	a.say("cors origin %s", origin)
}

func sayCors(a *answer, methods, headers, exposed, age string, credentials bool) {
	for _, item := range []struct{ what, value string }{
		{"methods", methods}, {"headers", headers}, {"exposed", exposed}, {"age", age},
	} {
		if item.value != "" {
			a.say("cors %s %s", item.what, item.value)
		}
	}
	if credentials {
		a.say("cors credentials")
	}
}

func sayHeaders(a *answer, add []*envoy.HeaderValueOption, remove []string,
	answerAdd []*envoy.HeaderValueOption, answerRemove []string) {
	sayEdits(a, "request", add, remove)
	sayEdits(a, "answer", answerAdd, answerRemove)
}

func sayEdits(a *answer, what string, add []*envoy.HeaderValueOption, remove []string) {
	for _, option := range add {
		if option.GetAppendAction() != envoy.HeaderValueOption_APPEND_IF_EXISTS_OR_ADD {
			a.say("error: header %s is not added but %s", option.Header.Key, option.GetAppendAction())
		}
		a.say("%s + %s: %s", what, option.GetHeader().GetKey(), option.GetHeader().GetValue())
	}
	for _, name := range remove {
		a.say("%s - %s", what, name)
	}
}

// fraction in percent.
func fraction(f *percent.FractionalPercent) float64 {
	whole := map[percent.FractionalPercent_DenominatorType]float64{
		percent.FractionalPercent_HUNDRED:      100,
		percent.FractionalPercent_TEN_THOUSAND: 10000,
		percent.FractionalPercent_MILLION:      1000000,
	}[f.GetDenominator()]
	return float64(f.GetNumerator()) * 100 / whole
}

// routeMatches is Envoy's matching of a route, as far as istiod asks for it.
func routeMatches(a *answer, m *rds.RouteMatch, r *request) bool {
	if m.GetRuntimeFraction() != nil || m.GetGrpc() != nil || m.GetTlsContext() != nil ||
		len(m.GetDynamicMetadata()) > 0 || len(m.GetCookies()) > 0 || len(m.GetFilterState()) > 0 {
		a.say("error: a match of a route is not known here: %v", m)
	}
	fold := m.GetCaseSensitive() != nil && !m.GetCaseSensitive().GetValue()
	path := folded(r.path(), fold)
	switch p := m.GetPathSpecifier().(type) {
	case *rds.RouteMatch_Prefix:
		if !strings.HasPrefix(path, folded(p.Prefix, fold)) {
			return false
		}
	case *rds.RouteMatch_Path:
		if path != folded(p.Path, fold) {
			return false
		}
	case *rds.RouteMatch_SafeRegex:
		if !matchesWhole(p.SafeRegex.GetRegex(), r.path()) {
			return false
		}
	default:
		a.say("error: path specifier %T is not known here", p)
		return false
	}
	for _, header := range m.GetHeaders() {
		if !headerMatches(a, header, r) {
			return false
		}
	}
	for _, parameter := range m.GetQueryParameters() {
		if !queryMatches(a, parameter, r) {
			return false
		}
	}
	return true
}

func headerMatches(a *answer, m *rds.HeaderMatcher, r *request) bool {
	value, present := r.header(m.GetName())
	matches := false
	switch how := m.GetHeaderMatchSpecifier().(type) {
	case *rds.HeaderMatcher_PresentMatch:
		matches = present == how.PresentMatch
	case *rds.HeaderMatcher_StringMatch:
		if !present && !m.GetTreatMissingHeaderAsEmpty() {
			return false
		}
		matches = stringMatches(a, how.StringMatch, value)
	default:
		a.say("error: header match %T is not known here", how)
		return false
	}
	return matches != m.GetInvertMatch()
}

func queryMatches(a *answer, m *rds.QueryParameterMatcher, r *request) bool {
	values, present := r.query()[m.GetName()]
	switch how := m.GetQueryParameterMatchSpecifier().(type) {
	case nil:
		return present
	case *rds.QueryParameterMatcher_PresentMatch:
		return present == how.PresentMatch
	case *rds.QueryParameterMatcher_StringMatch:
		return present && stringMatches(a, how.StringMatch, values[0])
	default:
		a.say("error: query match %T is not known here", how)
		return false
	}
}

func folded(s string, fold bool) string {
	if fold {
		return strings.ToLower(s)
	}
	return s
}

var expressions = map[string]*regexp.Regexp{}

// matchesWhole: Envoy's regular expressions match the whole text.
func matchesWhole(expression, text string) bool {
	compiled := expressions[expression]
	if compiled == nil {
		compiled = regexp.MustCompile("^(?:" + expression + ")$")
		expressions[expression] = compiled
	}
	return compiled.MatchString(text)
}

func stringMatches(a *answer, m *matcher.StringMatcher, value string) bool {
	fold := m.GetIgnoreCase()
	text := folded(value, fold)
	switch how := m.GetMatchPattern().(type) {
	case *matcher.StringMatcher_Exact:
		return text == folded(how.Exact, fold)
	case *matcher.StringMatcher_Prefix:
		return strings.HasPrefix(text, folded(how.Prefix, fold))
	case *matcher.StringMatcher_Suffix:
		return strings.HasSuffix(text, folded(how.Suffix, fold))
	case *matcher.StringMatcher_Contains:
		return strings.Contains(text, folded(how.Contains, fold))
	case *matcher.StringMatcher_SafeRegex:
		return matchesWhole(how.SafeRegex.GetRegex(), value)
	}
	a.say("error: string match %T is not known here", m.GetMatchPattern())
	return false
}
