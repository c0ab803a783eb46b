// Package yaml judges that what meshc writes is one thing, whoever reads it: a reader of YAML 1.1 and one of YAML 1.2, the readers of
// kubectl and Flux and of kustomize and Argo CD, which take parts of both, and meshc's own.
package yaml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	yaml3 "go.yaml.in/yaml/v3"
	k8s "sigs.k8s.io/yaml"
)

// A reader turns files into JSON, one line each.
type reader struct {
	name string
	read func(files []string) ([]string, error)
}

var readers = []reader{
	{"meshc", command(os.Getenv("TREE_JSON"))},
	{"YAML 1.1 (PyYAML)", python("1.1")},
	{"YAML 1.2 (ruamel.yaml)", python("1.2")},
	{"sigs.k8s.io/yaml", each(k8s.YAMLToJSONStrict)},
	{"go.yaml.in/yaml/v3", each(func(text []byte) ([]byte, error) {
		var value any
		if err := yaml3.Unmarshal(text, &value); err != nil {
			return nil, err
		}
		return json.Marshal(value)
	})},
}

// interpreter is a Python that has both readers.
var interpreter string

func TestMain(m *testing.M) {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import yaml, ruamel.yaml").Run() == nil {
			interpreter = python
		}
	}
	if interpreter == "" {
		fmt.Println("no Python has PyYAML and ruamel.yaml")
		os.Exit(77)
	}
	status := m.Run()
	fmt.Printf("%d files, %d readers\n", judged, len(readers))
	os.Exit(status)
}

var judged int

// Every file of every golden output, stubs as well.
func TestReadersAgree(t *testing.T) {
	var files []string
	err := filepath.WalkDir("../../../golden", func(file string, _ fs.DirEntry, err error) error {
		if strings.Contains(file, "/out/") && filepath.Ext(file) == ".yaml" {
			files = append(files, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if judged = len(files); judged == 0 {
		t.Fatal("no file is there to judge")
	}
	for _, d := range disagreements(t, readers, files) {
		t.Error(d)
	}
}

// What one takes for a text and another does not: without finding it, the judge would prove nothing. meshc's reader refuses it.
func TestReadersDisagree(t *testing.T) {
	for _, plain := range []string{"on", "No", "0o17", "012", "1e3", "1:30", "2001-01-01"} {
		file := filepath.Join(t.TempDir(), "plain.yaml")
		for _, text := range []string{"key: " + plain, plain + ": value"} {
			if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if len(disagreements(t, readers[1:], []string{file})) == 0 {
				t.Errorf("all agree on %q", text)
			}
		}
	}
}

// disagreements says which files a reader does not take for what the first one does.
func disagreements(t *testing.T, readers []reader, files []string) (out []string) {
	t.Helper()
	var first []string
	for _, r := range readers {
		lines, err := r.read(files)
		if err != nil || len(lines) != len(files) {
			t.Fatalf("%s answers %d of %d files: %v", r.name, len(lines), len(files), err)
		}
		if first == nil {
			first = lines
		}
		for i, line := range lines {
			if !reflect.DeepEqual(parse(line), parse(first[i])) {
				out = append(out, fmt.Sprintf("%s:\n%s: %s\n%s: %s", files[i], readers[0].name, first[i], r.name, line))
			}
		}
	}
	return out
}

// parse reads JSON; numbers are the same however they are spelled.
func parse(line string) any {
	from := json.NewDecoder(strings.NewReader(line))
	from.UseNumber()
	var value any
	if err := from.Decode(&value); err != nil {
		return err.Error()
	}
	return exact(value)
}

func exact(value any) any {
	switch v := value.(type) {
	case json.Number:
		if number, ok := new(big.Rat).SetString(v.String()); ok {
			return "number " + number.RatString()
		}
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = exact(v[key])
		}
	}
	return value
}

// command is a reader that gets the files on standard input.
func command(name string, args ...string) func([]string) ([]string, error) {
	return func(files []string) ([]string, error) {
		program := exec.Command(name, args...)
		program.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
		program.Stderr = os.Stderr
		out, err := program.Output()
		return slices.Collect(strings.SplitSeq(strings.TrimSuffix(string(out), "\n"), "\n")), err
	}
}

func python(version string) func([]string) ([]string, error) {
	return func(files []string) ([]string, error) {
		return command(interpreter, "readers.py", version)(files)
	}
}

func each(convert func([]byte) ([]byte, error)) func([]string) ([]string, error) {
	return func(files []string) (out []string, err error) {
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			line, err := convert(bytes.TrimSpace(text))
			if err != nil {
				line, _ = json.Marshal(map[string]string{"not read": err.Error()})
			}
			out = append(out, string(bytes.TrimSpace(line)))
		}
		return out, nil
	}
}
