#!/usr/bin/env bash
# Every report of the golden cases is what its format says; SARIF is judged by its schema.
# Arguments: the root of the repository, meshc, the schema (.ci/judges fetches it). Without Python, jsonschema or the
# schema nothing is judged and the test is skipped, which is not the same as passed.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$2 schema=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() { echo "SKIPPED: $*; \`make -f Makefile.ci setup-test\` gets it"; exit 77; }
python=""
for candidate in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! "$candidate" -c 'import jsonschema' 2>/dev/null || python=$candidate
done
[ -n "$python" ] || skip "there is no Python with jsonschema"
[ -s "$schema" ] || skip "there is no $schema"

formats=$({ "$meshc" check -o '?' 2>&1 || true; } | sed -n 's/.*not an output format: //p' | sed 's/,/ /g; s/ or / /')
mkdir "$work/reports"
# report FOLDER: what check and build say of it, in every format but text.
report() {
	local format command
	for format in $formats; do
		[ "$format" != text ] || continue
		for command in check build; do
			(cd "$work/$1" && "$meshc" "$command" -o "$format") >"$work/reports/$1-$command.$format" 2>/dev/null || true
		done
	done
}

for name in single findings hostile; do
	cp -r "$root/golden/bases/$name" "$work/$name"
	report "$name"
done
for name in MSH0101 MSH0137 MSH0201 MSH0403 MSH0908; do
	cp -r "$root/golden/findings/base" "$work/$name"
	cp -r "$root/golden/findings/$name/bad/." "$work/$name"
	report "$name"
done
mkdir "$work/nothing"
report nothing
"$python" "$root/tests/formats/validate.py" "$schema" "$work"/reports/*
