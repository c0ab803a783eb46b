#!/usr/bin/env bash
# What `meshc init` writes is examples/init, compiles without a word, and says the truth about defaults.
# Arguments: the root of the repository, meshc.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

quiet_build() {
	"$meshc" -C "$1" build --fail-on warning --color never >"$work/said" 2>&1 && ! grep -Eq '^(error|warning|note)' "$work/said" && return
	cat "$work/said"
	return 1
}

"$meshc" init a/fleet >listed
diff -r "$root/examples/init" a/fleet
(cd a/fleet && find . -type f -printf 'a/fleet/%P\n' | LC_ALL=C sort) >found
diff found <(sed '/^$/,$d' listed)
grep -qx 'next: meshc -C a/fleet build' listed
quiet_build a/fleet

# Here, next to what is there already.
mkdir here
echo mine >here/README.md
(cd here && git init -q && "$meshc" init) | grep -qx 'next: meshc build'
quiet_build here
diff -r a/fleet/rendered here/rendered

# The options that are commented out have their default values.
sed -i -E 's/^# (spec:|  [a-zA-Z]+: )/\1/' a/fleet/meshc.yaml
[ "$(grep -c '^  [a-zA-Z]*: ' a/fleet/meshc.yaml)" -ge 6 ]
mv a/fleet/rendered before
quiet_build a/fleet
diff -r before a/fleet/rendered

# Once is enough.
code=0
"$meshc" init here 2>said || code=$?
[ "$code" -eq 5 ] && grep -q '`here/meshc.yaml` exists' said
echo "init: compiles"
