// The source trees of the repository that compile: golden cases, examples of findings and the examples,
// each compiled by the real binary, with stubs beside the output. Some random fleets beside them.
package analyze

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The root of the repository, and how many random fleets are compiled beside what it holds.
const (
	root   = "../../../.."
	fleets = 5
)

// tree is a compiled source tree.
type tree struct {
	name       string // golden/traffic/retries
	out, stubs string // folders; output and stubs
}

// source is a source tree: folders that are laid over each other.
type source struct {
	name   string
	layers []string
	sound  bool // it has to compile
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, in := range glob(t, "golden/*/*/in") {
		folder := filepath.Dir(in)
		base, builds := settings(t, folder)
		all = append(all, source{folder, layers(base, in), builds})
	}
	for _, good := range glob(t, "golden/findings/MSH*/good") {
		folder := filepath.Dir(good)
		base, _ := settings(t, folder)
		if base == "" {
			base = "golden/findings/base"
		}
		all = append(all, source{folder + "/good", layers(base, good), false})
	}
	for _, fleet := range glob(t, "examples/*/meshc.yaml") {
		folder := filepath.Dir(fleet)
		all = append(all, source{folder, layers(folder), true})
	}
	for seed := range fleets {
		all = append(all, fleet(t, strconv.Itoa(seed)))
	}
	return all
}

// fleet is a random one, of the tool that the bench has them from.
func fleet(t *testing.T, seed string) source {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "fleet")
	said, err := exec.Command(program(t, "FLEET"), "--clusters", "3", "--linkerd", "1", "--services", "8", "--policies", "30",
		"--seed", seed, folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return source{"fleets/" + seed, []string{folder}, true}
}

func layers(folders ...string) (out []string) {
	for _, folder := range folders {
		if folder != "" {
			out = append(out, filepath.Join(root, folder))
		}
	}
	return out
}

var (
	baseLine = regexp.MustCompile(`(?m)^base: *(\S+)`)
	argsLine = regexp.MustCompile(`(?m)^args: *\[([^\]]*)\]`)
	exitLine = regexp.MustCompile(`(?m)^exit: *([1-9])`)
)

// settings of a case.yaml, as far as they matter here: the base, and whether it is one that builds.
func settings(t *testing.T, folder string) (base string, builds bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, folder, "case.yaml"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if found := baseLine.FindSubmatch(text); found != nil {
		base = "golden/bases/" + string(found[1])
	}
	args := argsLine.FindSubmatch(text)
	return base, (args == nil || string(args[1]) == "build") && !exitLine.Match(text)
}

// glob returns what matches the pattern below the root, in order.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := fs.Glob(os.DirFS(root), pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// compile runs the compiler on a copy of the sources. False: they do not compile, and need not.
func compile(t *testing.T, s source) (tree, bool) {
	t.Helper()
	folder := t.TempDir()
	in, built := filepath.Join(folder, "in"), tree{s.name, filepath.Join(folder, "out"), filepath.Join(folder, "stubs")}
	for _, layer := range s.layers {
		copyFolder(t, layer, in)
	}
	said, err := exec.Command(program(t, "MESHC"), "-C", in, "build", "--out-dir", built.out, "--stubs", built.stubs).CombinedOutput()
	if err != nil && s.sound {
		t.Fatalf("%v\n%s", err, said)
	}
	return built, err == nil
}

// program is one of this project, as the build has made it.
func program(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s does not say where the program is", variable)
	}
	return path
}

// copyFolder lays the files of a folder over those of another.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
