// Files of a cluster -> Kubernetes objects and configurations, as its istiod gets them.
package translation

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/kube"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

type document = map[string]any

// at returns what stands below some keys, nil where one is missing.
func at(d document, keys ...string) any {
	var value any = d
	for _, key := range keys {
		m, ok := value.(document)
		if !ok {
			return nil
		}
		value = m[key]
	}
	return value
}

func text(d document, keys ...string) string {
	s, _ := at(d, keys...).(string)
	return s
}

func readDocuments(t *testing.T, folder string) (all []document) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json":
		default:
			return nil
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, part := range strings.Split("\n"+string(bytes), "\n---") {
			var d document
			if err := yaml.Unmarshal([]byte(part), &d); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			all = append(all, unlisted(d)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func unlisted(d document) (all []document) {
	if len(d) == 0 {
		return nil
	}
	if !strings.HasSuffix(text(d, "kind"), "List") {
		return []document{d}
	}
	items, _ := d["items"].([]any)
	for _, item := range items {
		if m, ok := item.(document); ok {
			all = append(all, unlisted(m)...)
		}
	}
	return all
}

func group(d document) string {
	group, _, found := strings.Cut(text(d, "apiVersion"), "/")
	if !found {
		return ""
	}
	return group
}

func isConfig(d document) bool {
	return strings.HasSuffix(group(d), ".istio.io")
}

// isKubernetes tells the objects that Kubernetes itself serves and istiod reads.
func isKubernetes(d document) bool {
	switch group(d) {
	case "", "apps", "discovery.k8s.io":
		return true
	}
	return false
}

func toYAML(t *testing.T, d document) string {
	t.Helper()
	bytes, err := yaml.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

func toObject(t *testing.T, d document) runtime.Object {
	t.Helper()
	object, _, err := kube.IstioCodec.UniversalDeserializer().Decode([]byte(toYAML(t, d)), nil, nil)
	if err != nil {
		t.Fatalf("%s %s: %v", text(d, "kind"), text(d, "metadata", "name"), err)
	}
	return object
}

func toConfigs(t *testing.T, all []document) []config.Config {
	t.Helper()
	var parts []string
	for _, d := range all {
		parts = append(parts, toYAML(t, d))
	}
	configs, others, err := crd.ParseInputs(strings.Join(parts, "\n---\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range others {
		t.Fatalf("istiod does not know %s %s", other.Kind, other.Name)
	}
	return configs
}
