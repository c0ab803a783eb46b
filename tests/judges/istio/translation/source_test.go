// Source trees to compile: examples, and golden cases laid over their base.
package translation

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../../../.."

var baseOf = regexp.MustCompile(`(?m)^base: *(\S+)`)

// sourceTree is a folder that may be written to.
func sourceTree(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	if !strings.HasPrefix(name, "golden/") {
		copyTree(t, filepath.Join(root, name), folder)
		return folder
	}
	about, err := os.ReadFile(filepath.Join(root, name, "case.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if base := baseOf.FindSubmatch(about); base != nil {
		copyTree(t, filepath.Join(root, "golden/bases", string(base[1])), folder)
	}
	copyTree(t, filepath.Join(root, name, "in"), folder)
	return folder
}

// copyTree writes what is in a folder over what is in another.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.Walk(from, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		inner, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if info.IsDir() {
			return os.MkdirAll(filepath.Join(to, inner), 0o755)
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, inner), bytes, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
