package apiserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
)

// A module is a Go module that holds the CRDs of a project's API group and those below it; sum is what go.sum would say of it.
type module struct {
	group              string
	path, version, sum string
	crds               string
}

// A release is a set of CRDs that a cluster may have. An object must be taken by the oldest and by the newest.
type release struct {
	name    string
	modules []module
}

// The oldest are the oldest of those that meshc supports and that the Go module proxy has.
var releases = []release{
	{"oldest", []module{
		{"istio.io", "istio.io/api", "v1.30.8", "h1:/weRNO9YbJsKqFibiGCjXG1i+UwNhJb3vts6ChGR554=", "kubernetes"},
		{"gateway.networking.k8s.io", "sigs.k8s.io/gateway-api", "v1.2.1", "h1:fZZ/+RyRb+Y5tGkwxFKuYuSRQHu9dZtbjenblleOLHM=", "config/crd/standard"},
		{"trust.cert-manager.io", "github.com/cert-manager/trust-manager", "v0.25.0", "h1:nGtkHH9wEacI5uACdsq8wqCKWsCw1PMrwHPJcrUFUXA=", "deploy/crds"},
		{"argoproj.io", "github.com/argoproj/argo-cd/v2", "v2.14.21", "h1:Ux50vfMUITW+Y+6GAYgQlZbr6WHE5ogiLg9OxxvP9EA=", "manifests/crds"},
		{"source.toolkit.fluxcd.io", "github.com/fluxcd/source-controller", "v1.8.5", "h1:3zKSTGc2FPoZcQ5BjnyOrwdHDWeYqst3uAoZ+c0DG3c=", "config/crd/bases"},
		{"kustomize.toolkit.fluxcd.io", "github.com/fluxcd/kustomize-controller", "v1.7.3", "h1:SzNnGn/4ObAPEHHleM5U7y/AKxKXph3Vj6ZhteeXw8M=", "config/crd/bases"},
	}},
	{"newest", []module{
		{"istio.io", "istio.io/api", "v1.32.0", "h1:37mJvg9I0biYZAEQF+MATs4FNeCpXEIVO3LFpVb6iNM=", "kubernetes"},
		{"gateway.networking.k8s.io", "sigs.k8s.io/gateway-api", "v1.6.3", "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=", "config/crd/standard"},
		{"trust.cert-manager.io", "github.com/cert-manager/trust-manager", "v0.25.0", "h1:nGtkHH9wEacI5uACdsq8wqCKWsCw1PMrwHPJcrUFUXA=", "deploy/crds"},
		{"argoproj.io", "github.com/argoproj/argo-cd/v3", "v3.5.7", "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=", "manifests/crds"},
		{"source.toolkit.fluxcd.io", "github.com/fluxcd/source-controller", "v1.9.6", "h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc=", "config/crd/bases"},
		{"kustomize.toolkit.fluxcd.io", "github.com/fluxcd/kustomize-controller", "v1.9.6", "h1:XB+G3A0mky0j5uVHZWv4oSlS2RvZBoNIUhstIvY0JKE=", "config/crd/bases"},
	}},
}

// No Go module with the CRDs of Linkerd can be had. MESHC_CRDS names a folder that holds them: what linkerd install --crds and linkerd
// multicluster install print.
const linkerd = "linkerd.io"

// fetch downloads the modules and returns the folders of their CRDs, and the groups of those that cannot be had.
func fetch(t *testing.T, modules []module) (folders, missing []string) {
	t.Helper()
	download := exec.Command("go", "mod", "download", "-json")
	for _, m := range modules {
		download.Args = append(download.Args, m.path+"@"+m.version)
	}
	download.Dir = t.TempDir()
	download.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	out, _ := download.Output() // it fails when one module does
	type answer struct{ Path, Dir, Sum, Error string }
	got := map[string]answer{}
	for from := json.NewDecoder(bytes.NewReader(out)); from.More(); {
		var one answer
		if err := from.Decode(&one); err != nil {
			t.Fatal(err)
		}
		got[one.Path] = one
	}
	for _, m := range modules {
		switch one := got[m.path]; {
		case one.Sum == m.sum:
			folders = append(folders, filepath.Join(one.Dir, m.crds))
		case one.Sum != "":
			t.Fatalf("%s %s: the sum is %s, not %s", m.path, m.version, one.Sum, m.sum)
		default:
			told = append(told, fmt.Sprintf("%s %s cannot be fetched: %s", m.path, m.version, one.Error))
			missing = append(missing, m.group)
		}
	}
	if more := os.Getenv("MESHC_CRDS"); more != "" {
		return append(folders, more), missing
	}
	return folders, append(missing, linkerd)
}

// definitions reads the CRDs among the documents of a folder's YAML files.
func definitions(t *testing.T, folder string) []*apiextensions.CustomResourceDefinition {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var out []*apiextensions.CustomResourceDefinition
	for _, file := range files {
		bytes, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer bytes.Close()
		for from := yaml.NewYAMLOrJSONDecoder(bytes, 1<<16); ; {
			crd := &apiextensions.CustomResourceDefinition{}
			if err := from.Decode(crd); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if crd.Kind == "CustomResourceDefinition" {
				out = append(out, crd)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no CRD", folder)
	}
	return out
}

// install has the server take the CRDs and returns what it then serves.
func install(t *testing.T, config *rest.Config, folders []string) map[schema.GroupKind]*apiextensions.CustomResourceDefinition {
	t.Helper()
	client := clientset.NewForConfigOrDie(config).ApiextensionsV1().CustomResourceDefinitions()
	served := map[schema.GroupKind]*apiextensions.CustomResourceDefinition{}
	for _, folder := range folders {
		for _, crd := range definitions(t, folder) {
			if _, err := client.Create(context.Background(), crd, metav1.CreateOptions{}); err != nil {
				t.Fatalf("%s: %v", folder, err)
			}
			served[schema.GroupKind{Group: crd.Spec.Group, Kind: crd.Spec.Names.Kind}] = crd
		}
	}
	all := func(ctx context.Context) (bool, error) {
		list, err := client.List(ctx, metav1.ListOptions{})
		if err != nil {
			return false, err
		}
		for i := range list.Items {
			if !established(&list.Items[i]) {
				return false, nil
			}
		}
		return len(list.Items) == len(served), nil
	}
	if err := wait.PollUntilContextTimeout(context.Background(), 50*time.Millisecond, time.Minute, true, all); err != nil {
		t.Fatalf("the CRDs are not established: %v", err)
	}
	return served
}

func established(crd *apiextensions.CustomResourceDefinition) bool {
	for _, condition := range crd.Status.Conditions {
		if condition.Type == apiextensions.Established {
			return condition.Status == apiextensions.ConditionTrue
		}
	}
	return false
}
