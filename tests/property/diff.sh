#!/usr/bin/env bash
# What `meshc diff` says is what `meshc build` does: its patch, applied by git to the old output, gives the new one
# byte for byte; it says the same however many threads there are; one change in many clusters is said once.
# Arguments: meshc, the folder of the tool `fleet`.
set -euo pipefail
meshc=$1 fleet=$2/fleet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
source=$work/source

fail() { echo "$@"; status=1; }
build() { (cd "$source" && "$meshc" build --out-dir "$work/$1") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
compare() { (cd "$source" && "$meshc" diff "$@" 2>"$work/log") || { cat "$work/log"; exit 1; }; }

commit() {
	git -C "$source" add --all
	git -C "$source" -c user.name=test -c user.email=test@example.com commit --quiet --message "$1"
}

# patched WHAT: the difference between the last commit and now, as a patch, both ways.
patched() {
	rm -rf "$work/old" "$work/new"
	build new
	git -C "$source" stash push --quiet --include-untracked
	build old
	git -C "$source" stash pop --quiet >/dev/null
	compare -o unified >"$work/patch"
	cp -r "$work/old" "$work/applied"
	(cd "$work/applied" && GIT_CEILING_DIRECTORIES=$work git apply --whitespace=nowarn "$work/patch" 2>"$work/log") || fail "$1: git apply refuses the patch: $(head -n 3 "$work/log")"
	diff -r "$work/applied" "$work/new" >"$work/differs" || { head -n 5 "$work/differs"; fail "$1: the patch leads elsewhere"; }
	(cd "$work/applied" && GIT_CEILING_DIRECTORIES=$work git apply --whitespace=nowarn -R "$work/patch" 2>"$work/log") || fail "$1: git apply refuses the way back: $(head -n 3 "$work/log")"
	diff -r "$work/applied" "$work/old" >"$work/differs" || { head -n 5 "$work/differs"; fail "$1: the way back leads elsewhere"; }
	rm -rf "$work/applied"
}

# steady WHAT: every format says the same with one thread and with many, and a comment is none too large.
steady() {
	for format in text json markdown unified; do
		compare -o $format -j 1 >"$work/one"
		compare -o $format -j 8 >"$work/many"
		cmp -s "$work/one" "$work/many" || fail "$1: $format depends on the number of threads"
		[ $format != markdown ] || [ "$(wc -m <"$work/one")" -le 65000 ] || fail "$1: markdown is larger than a comment may be"
	done
}

policy() { # policy NAME TIMEOUT CLUSTER...
	cat <<POLICY
---
apiVersion: networking.mesh.gloo.solo.io/v1
kind: TrafficPolicy
metadata:
  name: $1
  namespace: gloo-mesh
spec:
  destinationSelector:
  - kubeServiceMatcher:
      namespaces:
      - istio-system
      clusters:
POLICY
	printf -- '      - %s\n' "${@:3}"
	printf '  policy:\n    requestTimeout: %s\n' "$2"
}

"$fleet" --clusters 12 --services 12 --policies 6 --seed 7 "$source"
git -C "$source" init --quiet
commit first

# Ten clusters of one region get one thing, two of another region something else.
{
	policy most 7s c-00{0..9}
	policy others 9s c-010 c-011
} >"$source/mesh/gateways.yaml"
patched "a policy for ten clusters"
compare >"$work/text"
wanted='same change in 10 clusters matching region=region-0; 2 differ: c-010, c-011'
grep -qF "$wanted" "$work/text" || { cat "$work/text"; fail "nothing says: $wanted"; }
grep -q '^    mesh/gateways.yaml:' "$work/text" || fail "the cause is not named"
grep -q '^Plan: 1 to add, 0 to change, 0 to remove in 12 of 12 clusters (12 objects)$' "$work/text" || fail "the sum is another: $(tail -n 1 "$work/text")"
commit second

# Services that come and go, everything else by another seed, and a cluster more.
rm -rf "$source/mesh" "$source/inventory"
"$fleet" --clusters 13 --services 14 --policies 9 --seed 8 "$source"
patched "another fleet"
steady "another fleet"
compare >"$work/text"
grep -q '^+ cluster c-012: new' "$work/text" || fail "the new cluster is not named"

# The other way round: a cluster less.
commit third
rm -rf "$source/mesh" "$source/inventory"
git -C "$source" checkout --quiet HEAD~1 -- .
git -C "$source" reset --quiet
patched "back again"
compare >"$work/text"
grep -q '^- cluster c-012: gone' "$work/text" || fail "the cluster that went is not named"

exit $status
