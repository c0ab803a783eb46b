package analyze

import (
	"fmt"
	"os"
	"path"
	"sync/atomic"
	"testing"

	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/analysis/diag"
)

// exception is what Istio may say of some resources in some cases. `*` stands for anything in a pattern.
type exception struct {
	Code     string // IST0104
	Resource string // a pattern: Gateway istio-system/*
	Text     string // a pattern of the message without its place; empty: any
	Where    string // a pattern of the case and the cluster: golden/traffic/* c1; empty: everywhere
	Why      string
	used     atomic.Bool
}

type exceptions []*exception

func readExceptions(t *testing.T) (out exceptions) {
	t.Helper()
	text, err := os.ReadFile("exceptions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(text, &out); err != nil {
		t.Fatal(err)
	}
	for _, e := range out {
		if e.Code == "" || e.Resource == "" || e.Why == "" {
			t.Errorf("an exception needs a code, a resource and a reason: %s %s: %s", e.Code, e.Resource, e.Why)
		}
	}
	return out
}

// matches tells whether the pattern is that of the text; an empty one is that of any.
func matches(pattern, text string) bool {
	found, err := path.Match(pattern, text)
	return pattern == "" || err == nil && found
}

// text is what the message says, without what it says it about.
func text(m diag.Message) string {
	return fmt.Sprintf(m.Type.Template(), m.Parameters...)
}

func (all exceptions) have(where string, m diag.Message) bool {
	for _, e := range all {
		if e.Code == m.Type.Code() && matches(e.Resource, m.Resource.Origin.FriendlyName()) &&
			matches(e.Text, text(m)) && matches(e.Where, where) {
			e.used.Store(true)
			return true
		}
	}
	return false
}

// unused complains of exceptions that nothing needs any more.
func (all exceptions) unused(t *testing.T) {
	for _, e := range all {
		if !e.used.Load() {
			t.Errorf("nothing needs the exception %s %s: %s", e.Code, e.Resource, e.Why)
		}
	}
}
