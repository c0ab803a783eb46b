#!/usr/bin/env bash
# Manual pages that two readers understand, one per command, with every option. Arguments: the root of the repository, meshc.
# Exits 77 (skipped) where no reader is installed.
set -euo pipefail
meshc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
wrong() { echo "$1"; status=1; }
readers=$(for reader in mandoc man; do command -v $reader || true; done)
[ -n "$readers" ] || { echo "neither mandoc nor man is installed: manual pages are not tested"; exit 77; }

mapfile -t commands < <("$meshc" help | sed -n '/^Commands:$/,/^$/s/^  \([a-z-]*\( [a-z-]\+\)\?\)  .*/\1/p')
[ "${#commands[@]}" -gt 5 ] || wrong "no commands found in meshc help"
for command in "" "${commands[@]}"; do
	page=$work/meshc${command:+-${command// /-}}.1
	"$meshc" man $command >"$page"
	if command -v mandoc >/dev/null; then
		# A date would be one more thing that differs between builds.
		said=$(mandoc -Tlint "$page" | grep -v 'missing date' || true)
		[ -z "$said" ] || wrong "$said"
	fi
	if command -v man >/dev/null; then
		MANWIDTH=100 man --warnings -E UTF-8 -l -Tutf8 "$page" >"$work/text" 2>"$work/said" || wrong "man refuses $page"
		[ ! -s "$work/said" ] || wrong "$page: $(cat "$work/said")"
	fi
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' FILES 'SEE ALSO'; do
		grep -qx ".SH $section" "$page" || wrong "$page has no $section"
	done
	[ -n "$command" ] || continue
	for option in $("$meshc" help $command | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
		grep -qF -- "\\fB${option//-/\\-}\\fR" "$page" || wrong "$page does not tell of $option"
	done
	grep -qF "meshc\\-${command// /\\-} (1)" "$work/meshc.1" || wrong "meshc.1 does not name $command"
done
diff <("$meshc" man build) <("$meshc" man build)
[ $status -ne 0 ] || echo "$((${#commands[@]} + 1)) pages"
exit $status
