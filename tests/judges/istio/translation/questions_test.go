// Questions written by hand, with the answers that a reader of the declarations would give:
// Istio and the plan must both give them.
package translation

import (
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

type questions struct {
	In        string
	Questions []question
}

// question is one of three: a request, `to` a host; the connections behind a `backend`; or a call that
// comes `at` a workload.
type question struct {
	Ask     string
	From    string // cluster namespace/workload
	To      string // host:port
	Backend string // host:port and perhaps a subset
	At      string // cluster namespace/workload:port
	As      string // trust domain, namespace, account; empty: plain text
	Address string // of the client, for `at`
	Path    string
	Method  string
	Headers map[string]string
	Answer  []string
}

func (q *question) request(t *testing.T, hostAndPort string) request {
	host, port := splitPort(t, hostAndPort)
	r := request{Host: host, Port: port, Path: q.Path, Method: q.Method, Headers: q.Headers}
	if r.Path == "" {
		r.Path = "/"
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	return r
}

func splitPort(t *testing.T, s string) (string, int) {
	t.Helper()
	name, number, _ := strings.Cut(s, ":")
	port, err := strconv.Atoi(number)
	if err != nil {
		t.Fatalf("%q has no port", s)
	}
	return name, port
}

// workload reads "cluster namespace/name".
func (w *world) workload(t *testing.T, s string) *workload {
	t.Helper()
	name, inner, _ := strings.Cut(s, " ")
	c := w.clusters[name]
	if c == nil {
		t.Fatalf("there is no cluster %q", name)
	}
	found := c.workload(t, inner)
	if found.istiod() == nil {
		t.Fatalf("%s is in no Istio mesh", s)
	}
	return found
}

// answers are Istio's and the plan's.
func (q *question) answers(t *testing.T, w *world) (istio, plan []string) {
	switch {
	case q.To != "":
		from, r := w.workload(t, q.From), q.request(t, q.To)
		return from.istiod().proxy(from).ask(&r).lines, w.ask(from, &r).lines
	case q.Backend != "":
		from := w.workload(t, q.From)
		name, subset, _ := strings.Cut(q.Backend, " ")
		host, port := splitPort(t, name)
		b := backend{host: host, port: port, subset: subset}
		return w.connect(from.istiod().proxy(from), b, b).lines, w.connectByPlan(from, b).lines
	case q.At != "":
		name, port := splitPort(t, q.At)
		at := w.workload(t, name)
		c := &call{request: q.request(t, "workload:"+strconv.Itoa(port)), From: q.Address}
		if id := strings.Fields(q.As); len(id) == 3 {
			c.Principal = id[0] + "/ns/" + id[1] + "/sa/" + id[2]
		}
		return []string{at.istiod().proxy(at).admits(c)}, []string{at.admits(c)}
	}
	t.Fatal("it asks nothing")
	return nil, nil
}

func readQuestions(t *testing.T) (all []questions) {
	t.Helper()
	bytes, err := os.ReadFile("questions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(bytes, &all); err != nil {
		t.Fatal(err)
	}
	for _, group := range all {
		for i := range group.Questions {
			sort.Strings(group.Questions[i].Answer)
		}
	}
	return all
}

func TestQuestions(t *testing.T) {
	for _, group := range readQuestions(t) {
		t.Run(group.In, func(t *testing.T) {
			w := compile(t, sourceTree(t, group.In))
			for _, q := range group.Questions {
				t.Run(q.Ask, func(t *testing.T) {
					istio, plan := q.answers(t, w)
					compare(t, "Istio", istio, q.Answer)
					compare(t, "the plan", plan, q.Answer)
				})
			}
		})
	}
}

func compare(t *testing.T, who string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s says\n\t%s\nnot\n\t%s", who, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
