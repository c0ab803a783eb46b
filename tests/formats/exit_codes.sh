#!/usr/bin/env bash
# The exit code never depends on the format. Arguments: the root of the repository, meshc.
#
# Every command that reports findings, in every format, over a clean source, one with a warning, one with an error,
# one that the environment refuses and one with a guard in the way; with and without --fail-on. What text says is right.
set -euo pipefail
root=$(cd "$1" && pwd) meshc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
ran=0

# The program knows its formats: "meshc: `?` is not an output format: text, json, ... or markdown".
formats=$({ "$meshc" check -o '?' 2>&1 || true; } | sed -n 's/.*not an output format: //p' | sed 's/,/ /g; s/ or / /')
[ "$(wc -w <<<"$formats")" -ge 7 ] || { echo "formats: $formats"; exit 1; }

for source in clean warning erroneous; do
	cp -r "$root/golden/bases/single" "$work/$source"
done
cp -r "$root/golden/findings/base" "$work/guarded"
cp -r "$root/golden/findings/MSH0908/bad/." "$work/guarded"
mkdir -p "$work/refused" "$work/warning/mesh" "$work/erroneous/mesh"
echo '# nothing' >"$work/warning/mesh/a.yaml"
echo 'kind: TrafficPolicy' >"$work/erroneous/mesh/a.yaml"

# code FORMAT SOURCE WORDS...: what it ends with. Only a plain build writes, so only that gets a copy.
code() {
	local format=$1 source=$2 folder=$work/$2 code=0
	shift 2
	if [ "$1 ${2:-}" = "build --fail-on" ]; then
		folder=$work/run
		rm -rf "$folder"
		cp -r "$work/$source" "$folder"
	fi
	"$meshc" -C "$folder" "$@" -o "$format" >"$work/out" 2>"$work/err" || code=$?
	echo "$code"
}

# A document is on stdout whatever happens; text says nothing there where the environment refused.
says_something() {
	[ "$1" = text ] || [ -s "$work/out" ] || { echo "$*: nothing on stdout"; status=1; }
}

seen=""
for command in check build "build --dry-run"; do
	for source in clean warning erroneous refused guarded; do
		for level in error warning never; do
			wanted=$(code text "$source" $command --fail-on "$level")
			seen="$seen $wanted"
			for format in $formats; do
				got=$(code "$format" "$source" $command --fail-on "$level")
				ran=$((ran + 1))
				says_something "$format" "$command" "$source"
				[ "$got" = "$wanted" ] && continue
				echo "meshc $command --fail-on $level over a $source source ends with $got as $format and with $wanted as text"
				status=1
			done
		done
	done
done
# The sources are what they are called: all of these have been seen.
for wanted in 0 1 3 5 6; do
	grep -qw "$wanted" <<<"$seen" || { echo "nothing ended with $wanted"; status=1; }
done
echo "$ran runs, exit codes $(tr ' ' '\n' <<<"$seen" | sort -u | tr '\n' ' ')"
exit $status
