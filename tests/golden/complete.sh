#!/usr/bin/env bash
# No folder below golden/ that no test runs. Argument: the root of the repository.
set -euo pipefail
cd "$1"
status=0
for folder in golden/*/*/; do
	[ -d "$folder" ] || continue
	case=${folder#golden/}
	case $case in
	bases/* | findings/base/) continue ;;
	findings/MSH[0-9][0-9][0-9][0-9]/) continue ;;
	examples/*) [ -f "$case/meshc.yaml" ] || { echo "$folder: there is no $case"; status=1; } ;;
	*) [ -f "$folder/case.yaml" ] || { echo "$folder: case.yaml is missing"; status=1; } ;;
	esac
done
for folder in golden/*/*/case.yaml; do
	[ -f "$folder" ] || continue
	base=$(sed -n 's/^base: *//p' "$folder")
	[ -z "$base" ] || [ -d "golden/bases/$base" ] || { echo "$folder: there is no golden/bases/$base"; status=1; }
done
exit $status
