// istioctl analyze over every cluster that runs Istio, of everything in the repository that compiles: with
// the output and the stubs it has nothing to say at Warning or above, but for what exceptions.yaml excuses.
//
// The analyzers are run as a library: the command leaves out pods, services and namespaces that it is given as
// files, and with them most of what it could see.
package analyze

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/diag"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/config/resource"
	"istio.io/istio/pkg/log"
)

// Fewer clusters than this mean that the judge does not find them.
const fewest = 200

// mesh is an Istio control plane: where it is, and its settings.
type mesh struct {
	namespace string
	settings  string // a file
}

// document is a file of a cluster.
type document struct {
	path string // below the folder of the cluster
	text []byte
}

func TestMain(m *testing.M) {
	quiet := log.DefaultOptions()
	quiet.SetDefaultOutputLevel(log.OverrideScopeName, log.ErrorLevel)
	if err := log.Configure(quiet); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestAnalyze(t *testing.T) {
	j := &judgement{excused: readExceptions(t)}
	t.Run("clusters", func(t *testing.T) {
		for _, s := range sources(t) {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				j.judge(t, s)
			})
		}
	})
	if j.clusters.Load() < fewest {
		t.Errorf("only %d clusters are there to judge", j.clusters.Load())
	}
	j.excused.unused(t)
	fmt.Printf("istioctl analyze: %d clusters\n", j.clusters.Load())
}

type judgement struct {
	excused  exceptions
	clusters atomic.Int64
}

func (j *judgement) judge(t *testing.T, s source) {
	built, ok := compile(t, s)
	if !ok {
		t.Skip("it does not compile")
	}
	for _, cluster := range built.clusters(t) {
		for _, m := range meshes(t, built, cluster) {
			j.clusters.Add(1)
			for _, finding := range analyze(t, m, built.documents(t, cluster)) {
				if !j.excused.have(s.name+" "+cluster, finding) {
					t.Errorf("%s: %s", cluster, finding.String())
				}
			}
		}
	}
}

// What is not there must be missed: without its subsets, a route of bookinfo leads nowhere.
func TestAnalyzersSee(t *testing.T) {
	built, _ := compile(t, source{"bookinfo", layers("examples/bookinfo"), true})
	documents := slices.DeleteFunc(built.documents(t, "cluster-1"), func(d document) bool {
		return strings.Contains(d.path, "destinationrule")
	})
	for _, m := range meshes(t, built, "cluster-1") {
		for _, finding := range analyze(t, m, documents) {
			if finding.Type.Code() == "IST0101" {
				return
			}
		}
	}
	t.Error("nobody misses the DestinationRules")
}

func (b tree) clusters(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.stubs, "clusters"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// documents are those of the output and the stubs of a cluster.
func (b tree) documents(t *testing.T, cluster string) []document {
	t.Helper()
	return append(documents(t, filepath.Join(b.stubs, "clusters", cluster)),
		documents(t, filepath.Join(b.out, "clusters", cluster))...)
}

func documents(t *testing.T, folder string) (out []document) {
	t.Helper()
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		return nil
	}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		out = append(out, document{strings.TrimPrefix(path, folder+"/"), text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// meshes are the control planes whose settings are among the stubs.
func meshes(t *testing.T, b tree, cluster string) (out []mesh) {
	t.Helper()
	for _, d := range documents(t, filepath.Join(b.stubs, "clusters", cluster)) {
		var m core.ConfigMap
		if !strings.HasPrefix(filepath.Base(d.path), "configmap.istio") {
			continue
		}
		if err := yaml.Unmarshal(d.text, &m); err != nil {
			t.Fatal(err)
		}
		settings := filepath.Join(t.TempDir(), "mesh.yaml")
		if err := os.WriteFile(settings, []byte(m.Data["mesh"]), 0o644); err != nil {
			t.Fatal(err)
		}
		out = append(out, mesh{m.Namespace, settings})
	}
	return out
}

// analyze returns what Istio has to say, from Warning on.
func analyze(t *testing.T, m mesh, all []document) (out []diag.Message) {
	t.Helper()
	var readers []local.ReaderSource
	for _, d := range all {
		readers = append(readers, local.ReaderSource{Name: d.path, Reader: bytes.NewReader(d.text)})
	}
	a := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", resource.Namespace(m.namespace), nil)
	if err := a.AddFileKubeMeshConfig(m.settings); err != nil {
		t.Fatal(err)
	}
	if err := a.AddTestReaderKubeSource(readers); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	defer close(stop)
	result, err := a.Analyze(stop)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.SkippedAnalyzers) > 0 {
		t.Fatalf("not run: %v", result.SkippedAnalyzers)
	}
	for _, finding := range result.Messages {
		if finding.Type.Level().IsWorseThanOrEqualTo(diag.Warning) {
			out = append(out, finding)
		}
	}
	return out
}
