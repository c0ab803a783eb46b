package apiserver

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// Every cluster of every output takes all its objects.
func TestOutput(t *testing.T) {
	for _, r := range releases {
		t.Run(r.name, func(t *testing.T) {
			c := newCluster(t, r)
			t.Run("refuses", func(t *testing.T) { refuses(t, c) })
			var all count
			for _, output := range outputs(t) {
				for _, folder := range folders(t, output) {
					all.add(judge(t, c, folder))
				}
			}
			judged += all.taken + all.refused
			if judged == 0 && len(all.skipped) == 0 {
				t.Error("no object is there to judge")
			}
			told = append(told, fmt.Sprintf("%s CRDs: %s", r.name, &all))
		})
	}
}

// What became of the objects; of those that could not be judged, how many there are of each kind.
type count struct {
	taken, refused int
	skipped        map[string]int
}

func (c *count) add(one count) {
	c.taken += one.taken
	c.refused += one.refused
	for kind, n := range one.skipped {
		c.skip(kind, n)
	}
}

func (c *count) skip(kind string, n int) {
	if c.skipped == nil {
		c.skipped = map[string]int{}
	}
	c.skipped[kind] += n
}

func (c *count) String() string {
	var kinds []string
	for kind, n := range c.skipped {
		kinds = append(kinds, fmt.Sprintf("%d %s", n, kind))
	}
	sort.Strings(kinds)
	said := fmt.Sprintf("%d objects taken, %d refused", c.taken, c.refused)
	if len(kinds) > 0 {
		said += ", SKIPPED for want of their CRDs: " + strings.Join(kinds, ", ")
	}
	return said
}

// outputs returns the folders that meshc wrote: those that are named as arguments, or else those of all golden cases. Stubs are not
// applied to any cluster.
func outputs(t *testing.T) []string {
	t.Helper()
	if flag.NArg() > 0 {
		return flag.Args()
	}
	return slices.DeleteFunc(glob(t, "../../../golden/*/*/out"), func(out string) bool {
		return strings.Contains(out, "/golden/stubs/")
	})
}

// folders returns what of an output is applied to one cluster each: the folder of a cluster, of Argo CD, and of Flux in a cluster or,
// where it has objects beside those folders, in a hub, which gets them all.
func folders(t *testing.T, output string) []string {
	t.Helper()
	out := slices.Concat(glob(t, output+"/clusters/*"), glob(t, output+"/appliers/argocd"))
	flux := output + "/appliers/flux"
	if len(glob(t, flux+"/*.yaml")) > 0 {
		return append(out, flux)
	}
	return append(out, glob(t, flux+"/*")...)
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// objects reads the YAML files below the folder, one object each.
func objects(t *testing.T, folder string) []*object {
	t.Helper()
	var out []*object
	err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		o, err := parse(text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		o.file = file
		out = append(out, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judge applies the objects below a folder to the cluster, which is empty before and afterwards.
func judge(t *testing.T, c *cluster, folder string) count {
	t.Helper()
	var n count
	var taken []*object
	for _, o := range objects(t, folder) {
		if c.misses(o) {
			n.skip(o.GroupVersionKind().GroupKind().String(), 1)
			continue
		}
		created, err := c.apply(o)
		if err == nil && !created {
			err = errors.New("another file of the cluster holds it as well")
		}
		if err != nil {
			t.Errorf("%s: %s: %v", o.file, o, err)
			n.refused++
			continue
		}
		taken = append(taken, o)
	}
	n.taken = len(taken)
	for _, o := range taken {
		if err := c.remove(o); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
