package apiserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

// A cluster is an API server that serves the CRDs of a release, but for those of missing groups.
type cluster struct {
	http    *http.Client
	host    string
	served  map[schema.GroupKind]*apiextensions.CustomResourceDefinition
	missing []string
}

func newCluster(t *testing.T, r release) *cluster {
	t.Helper()
	folders, missing := fetch(t, r.modules)
	config := start(t)
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return &cluster{client, config.Host, install(t, config, folders), missing}
}

// misses says that the CRD of the object's kind could not be had.
func (c *cluster) misses(o *object) bool {
	return slices.ContainsFunc(c.missing, func(group string) bool {
		of := o.GroupVersionKind().Group
		return of == group || strings.HasSuffix(of, "."+group)
	})
}

// An object is the text of a document and what it says of itself.
type object struct {
	metav1.PartialObjectMetadata
	text []byte
	file string
}

func parse(text []byte) (*object, error) {
	o := &object{text: text}
	return o, yaml.Unmarshal(text, &o.PartialObjectMetadata)
}

func (o *object) String() string {
	return fmt.Sprintf("%s %s", o.GroupVersionKind().GroupKind(), path.Join(o.Namespace, o.Name))
}

// path is where a server serves the object; there is none when no CRD defines its kind.
func (c *cluster) path(o *object) (string, error) {
	kind := o.GroupVersionKind()
	crd := c.served[kind.GroupKind()]
	if crd == nil {
		return "", fmt.Errorf("no CRD defines %s", kind.GroupKind())
	}
	space := ""
	if crd.Spec.Scope == apiextensions.NamespaceScoped {
		if o.Namespace == "" {
			return "", fmt.Errorf("%s without a namespace", kind.GroupKind())
		}
		space = path.Join("namespaces", o.Namespace)
	}
	return "/" + path.Join("apis", kind.Group, kind.Version, space, crd.Spec.Names.Plural, o.Name), nil
}

// apply asks the server to take the object, without force; created says that it was not there. A warning counts as a refusal.
func (c *cluster) apply(o *object) (created bool, err error) {
	at, err := c.path(o)
	if err != nil {
		return false, err
	}
	query := url.Values{"fieldManager": {"meshc"}, "fieldValidation": {"Strict"}}
	answer, err := c.ask(http.MethodPatch, at+"?"+query.Encode(), o.text)
	if err != nil {
		return false, err
	}
	if warnings := answer.Header.Values("Warning"); len(warnings) > 0 {
		return false, fmt.Errorf("warning: %s", strings.Join(warnings, "; "))
	}
	return answer.StatusCode == http.StatusCreated, nil
}

func (c *cluster) remove(o *object) error {
	at, err := c.path(o)
	if err == nil {
		_, err = c.ask(http.MethodDelete, at, nil)
	}
	return err
}

// ask sends a request; an answer other than a success becomes an error with the server's words.
func (c *cluster) ask(method, at string, body []byte) (*http.Response, error) {
	request, err := http.NewRequest(method, c.host+at, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", string(types.ApplyYAMLPatchType))
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode/100 == 2 {
		return answer, err
	}
	said := metav1.Status{}
	if json.Unmarshal(text, &said) != nil || said.Message == "" {
		said.Message = string(text)
	}
	return nil, fmt.Errorf("%s: %s", answer.Status, said.Message)
}
