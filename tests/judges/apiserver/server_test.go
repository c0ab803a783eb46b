// Package apiserver judges what meshc writes as a cluster would: a Kubernetes API server, with the CRDs of the projects whose objects
// these are, is asked to take every object of every golden case by server-side apply. It reads the bytes of the file, refuses unknown
// fields and values outside the schema, and evaluates the CEL rules of the CRD.
//
// The server is the one for custom resources (k8s.io/apiextensions-apiserver), which kube-apiserver itself runs for them, over an etcd
// in the same process. meshc writes custom resources only; an object of a built-in kind fails here because no CRD defines it.
package apiserver

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	server "k8s.io/apiextensions-apiserver/pkg/cmd/server/testing"
	"k8s.io/apiserver/pkg/storage/etcd3/testserver"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

func TestMain(m *testing.M) {
	quiet := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(quiet)
	quiet.Parse([]string{"-logtostderr=false", "-stderrthreshold=FATAL"})
	klog.SetOutput(io.Discard)
	status := m.Run()
	for _, line := range told {
		fmt.Println(line)
	}
	if status == 0 && judged == 0 {
		status = 77
	}
	os.Exit(status)
}

// told is what the judge says of a run that may well have passed; one that could judge no object is skipped.
var (
	told   []string
	judged int
)

// start runs etcd and an API server without any CRD until the test ends. No kube-apiserver stands above it: it answers its own client,
// and what it would ask there (who calls, whether a namespace exists, webhooks) is off.
func start(t *testing.T) *rest.Config {
	t.Helper()
	above := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(above, []byte(nobody), 0o600); err != nil {
		t.Fatal(err)
	}
	api := server.StartTestServerOrDie(quiet{t}, nil, []string{
		"--etcd-servers=" + testserver.RunEtcd(t, nil).Endpoints()[0],
		"--kubeconfig=" + above,
		"--authentication-kubeconfig=" + above,
		"--authorization-kubeconfig=" + above,
		"--authentication-skip-lookup",
		"--enable-priority-and-fairness=false",
		"--disable-admission-plugins=NamespaceLifecycle,MutatingAdmissionWebhook,ValidatingAdmissionWebhook," +
			"MutatingAdmissionPolicy,ValidatingAdmissionPolicy",
	}, nil)
	t.Cleanup(api.TearDownFn)
	config := rest.CopyConfig(api.ClientConfig)
	config.QPS = -1
	return config
}

// quiet is a test that does not hear how the server starts.
type quiet struct{ *testing.T }

func (quiet) Logf(string, ...any) {}

// nobody is a kubeconfig of a server that is not there.
const nobody = `apiVersion: v1
kind: Config
clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: none, context: {cluster: none}}]
current-context: none
`
