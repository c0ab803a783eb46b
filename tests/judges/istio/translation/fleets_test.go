// Random fleets and random questions: Istio and the plan must give the same answers. What is asked
// stays close to what the plan has conditions for, on both sides of them.
//
//	JUDGE_QUESTIONS   how many, 200 where nothing is said
//	JUDGE_SEED        which ones
package translation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	core "k8s.io/api/core/v1"
)

const questionsPerFleet = 50

func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFleets(t *testing.T) {
	total, seed := number(t, "JUDGE_QUESTIONS", 200), number(t, "JUDGE_SEED", 1)

	for asked := uint64(0); asked < total; asked += questionsPerFleet {
		fleet := seed + asked/questionsPerFleet
		t.Run(fmt.Sprintf("seed %d", fleet), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(fleet, 0))
			guess(t, dice, compile(t, randomFleet(t, dice, fleet)), min(questionsPerFleet, total-asked))
		})
	}
}

func TestVillages(t *testing.T) {
	total, seed := number(t, "JUDGE_QUESTIONS", 200), number(t, "JUDGE_SEED", 1)

	for asked := uint64(0); asked < total; asked += questionsPerFleet {
		village := seed + asked/questionsPerFleet
		t.Run(fmt.Sprintf("seed %d", village), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(village, 1))
			folder, policies := buildVillage(t, dice)
			t.Logf("%d policies", policies)
			guess(t, dice, compile(t, folder), min(questionsPerFleet, total-asked))
		})
	}
}

func guess(t *testing.T, dice *rand.Rand, w *world, questions uint64) {
	t.Helper()
	g := &guesser{Rand: dice, t: t, world: w, places: w.places()}
	for range questions {
		if dice.IntN(3) == 0 {
			g.asksAccess()
		} else {
			g.asksRequest()
		}
	}
	t.Logf("%+v", g.counts)
}

func randomFleet(t *testing.T, dice *rand.Rand, seed uint64) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "fleet")
	run(t, binary(t, "FLEET"), "--clusters", strconv.Itoa(2+dice.IntN(3)), "--services",
		strconv.Itoa(5+dice.IntN(20)), "--policies", strconv.Itoa(1+dice.IntN(9)), "--seed",
		strconv.FormatUint(seed, 10), folder)
	return folder
}

// guesser makes up questions about a world.
type guesser struct {
	*rand.Rand
	t      *testing.T
	world  *world
	places []*workload // with a proxy
	counts struct{ Requests, Connections, Policies, Calls, Allowed int }
}

func (w *world) places() (all []*workload) {
	for _, name := range w.names() {
		for _, place := range w.clusters[name].workloads {
			if place.istiod() != nil {
				all = append(all, place)
			}
		}
	}
	return all
}

func pick[T any](g *guesser, all []T) T {
	return all[g.IntN(len(all))]
}

func (g *guesser) often() bool {
	return g.IntN(4) > 0
}

func (g *guesser) asksRequest() {
	from := pick(g, g.places)
	if from.proxy != sidecar {
		return
	}
	r, d := g.request(from)
	if from.isAlone(r.Host) {
		return
	}
	about := fmt.Sprintf("%s %s asks %+v", from.cluster.name, from, r)
	istio, plan := from.istiod().proxy(from).ask(&r), g.world.ask(from, &r)
	g.counts.Requests++
	if d != nil && len(d.Routes) > 0 {
		g.counts.Policies++
	}
	g.compare(about, istio.lines, plan.lines)
	for _, b := range plan.backends {
		g.counts.Connections++
		g.compare(about+": "+b.String(), g.world.connect(from.istiod().proxy(from), backend{host: r.Host, port: r.Port}, b).lines,
			g.world.connectByPlan(from, b).lines)
	}
}

// isAlone: nobody else is behind that headless service, and connections to itself are nobody's business.
func (w *workload) isAlone(host string) bool {
	s := w.cluster.local(host)
	if s == nil || !isHeadless(s) {
		return false
	}
	behind := w.cluster.behind(s)
	return len(behind) == 1 && behind[0] == w
}

func (g *guesser) compare(about string, istio, plan []string) {
	if !slices.Equal(istio, plan) {
		g.t.Errorf("%s\nIstio says\n\t%s\nthe plan says\n\t%s", about, strings.Join(istio, "\n\t"),
			strings.Join(plan, "\n\t"))
	}
}

// request is one to some service, often near to what a policy asks for.
func (g *guesser) request(from *workload) (request, *destination) {
	r := request{Path: "/", Method: "GET", Headers: map[string]string{}}
	d := g.destination(from)
	if d == nil || !g.often() {
		r.Host, r.Port = g.anyHost(from)
		return r, nil
	}
	r.Host, r.Port = d.Host, d.port(g, from.cluster)
	if len(d.Routes) > 0 && g.often() {
		route := pick(g, d.Routes)
		r.Port = route.Port
		g.meet(&r, &route.When)
		if g.IntN(2) == 0 {
			g.spoil(&r)
		}
		return r, d
	}
	r.Path, r.Method = pick(g, villagePaths), pick(g, villageMethods)
	for _, name := range []string{"x-a", "x-b", "origin"} {
		if g.IntN(2) == 0 {
			r.Headers[name] = pick(g, villageHeaders)
		}
	}
	return r, d
}

/*
 * destination that the plan has something to say about. The istiods of a cluster all read what is in it, so
 * that a revision which no virtual mesh has federated anything to can call what is federated to the other
 * one: nobody promises that it cannot, and only the meshes of the virtual mesh are asked about other clusters.
 */
func (g *guesser) destination(from *workload) *destination {
	var all []*destination
	for _, d := range from.cluster.plan.Destinations {
		if !d.Remote || from.revision == "default" {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(g, all)
}

func (d *destination) port(g *guesser, c *cluster) int {
	if d.Remote {
		return pick(g, d.Import.Ports).Number
	}
	return int(pick(g, c.local(d.Host).Spec.Ports).Port)
}

// anyHost is a service of the own cluster, or of another one whether or not it can be called.
func (g *guesser) anyHost(from *workload) (string, int) {
	c := from.cluster
	if g.IntN(3) == 0 && from.revision == "default" {
		c = g.world.clusters[pick(g, g.world.names())]
	}
	services := slices.DeleteFunc(slices.Clone(c.services), func(s *core.Service) bool {
		return len(s.Spec.Ports) == 0 || len(s.Spec.Selector) == 0
	})
	s := pick(g, services)
	port := int(pick(g, s.Spec.Ports).Port)
	if c == from.cluster {
		return hostOf(s), port
	}
	return fmt.Sprintf("%s.%s.svc.%s.global", s.Name, s.Namespace, c.name), port
}

// meet makes a request that a condition takes.
func (g *guesser) meet(r *request, when *condition) {
	if when.Path != nil {
		if r.Path = g.text(when.Path); !strings.HasPrefix(r.Path, "/") {
			r.Path = pick(g, villagePaths)
		}
	}
	if when.Method != "" {
		r.Method = when.Method
	}
	for _, header := range when.Headers {
		if !header.Inverted {
			r.Headers[header.Name] = g.text(&header.Value)
		}
	}
}

func (g *guesser) text(m *textMatch) string {
	switch m.How {
	case "prefix":
		return m.Value + pick(g, []string{"", "x", "/x?y=1"})
	case "suffix":
		return "/x" + m.Value
	case "exact":
		return m.Value
	}
	return pick(g, villageHeaders)
}

// spoil changes one thing.
func (g *guesser) spoil(r *request) {
	switch g.IntN(4) {
	case 0:
		r.Path += pick(g, []string{"x", "/", "?a=b"})
	case 1:
		r.Path = strings.ToUpper(r.Path)
	case 2:
		r.Method = pick(g, []string{"GET", "POST", "DELETE"})
	case 3:
		for name := range r.Headers {
			r.Headers[name] += "x"
		}
	}
}

func (g *guesser) asksAccess() {
	at := pick(g, g.places)
	if at.proxy != sidecar || len(at.ports) == 0 {
		return
	}
	c := &call{request: request{
		Host: "workload", Path: "/", Method: pick(g, []string{"GET", "POST", "DELETE"}),
		Port: int(pick(g, at.ports).ContainerPort),
	}}
	caller := pick(g, g.places)
	c.Principal = caller.principal(caller.istiod().mesh.TrustDomain)
	if rules := at.rules(); len(rules) > 0 && g.often() {
		g.satisfy(c, pick(g, rules))
	}
	if g.IntN(4) == 0 {
		g.spoil(&c.request)
	}
	if g.IntN(10) == 0 {
		c.Principal = ""
	}
	c.From = pick(g, villageClients)
	istio, plan := at.istiod().proxy(at).admits(c), at.admits(c)
	g.counts.Calls++
	if plan == allowed {
		g.counts.Allowed++
	}
	g.compare(fmt.Sprintf("%s %s is called: %+v", at.cluster.name, at, c), []string{istio}, []string{plan})
}

func (w *workload) rules() (all []*rule) {
	for _, entry := range w.cluster.plan.Access {
		if space, _, _ := strings.Cut(entry.Service, "/"); space == w.space && selects(entry.Selector, w.labels) {
			for i := range entry.Rules {
				all = append(all, &entry.Rules[i])
			}
		}
	}
	return all
}

func (g *guesser) satisfy(c *call, r *rule) {
	if len(r.Identities) > 0 {
		id := pick(g, r.Identities)
		c.Principal = fmt.Sprintf("%s/ns/%s/sa/%s", said(id.TrustDomain), said(id.Namespace), said(id.Account))
	}
	if len(r.Paths) > 0 {
		c.Path = "/" + strings.TrimPrefix(strings.ReplaceAll(pick(g, r.Paths), "*", "x"), "/")
	}
	if len(r.Methods) > 0 {
		c.Method = pick(g, r.Methods)
	}
	if len(r.Ports) > 0 {
		c.Port = pick(g, r.Ports)
	}
}

func said(part string) string {
	if part == "" {
		return "any"
	}
	return part
}
