#!/usr/bin/env bash
# Every row of diag.def has its folder golden/findings/MSHnnnn, and every folder its row. Argument: the root of the repository.
# A folder explains (explain.md), shows what is wrong (bad/, or bad.sh where git cannot hold it) and what is right (good/).
# What no file can show has `manual` instead: one line "room/file_test: test_name, test_name" that names the unit tests that do.
set -euo pipefail
cd "$1"
status=0
wrong() { echo "$1"; status=1; }

rows=$(sed -n 's/^FINDING( *\([0-9]*\),.*/\1/p' compiler/source/diag.def)
for number in $rows; do
	folder=golden/findings/MSH$(printf '%04d' "$number")
	[ -d "$folder" ] || { wrong "diag.def has $number, but there is no $folder/"; continue; }
	[ -s "$folder/explain.md" ] || wrong "$folder/explain.md is missing"
	if [ -f "$folder/manual" ]; then
		file=tests/unit/$(cut -d: -f1 "$folder/manual").c
		for test in $(cut -d: -f2 "$folder/manual" | tr , ' '); do
			grep -q "^static void $test(" "$file" || wrong "$folder/manual: $file has no $test"
		done
		continue
	fi
	[ -d "$folder/bad" ] || [ -x "$folder/bad.sh" ] || wrong "$folder/bad/ is missing"
	[ -d "$folder/good" ] || wrong "$folder/good/ is missing"
	[ -s "$folder/findings.txt" ] || wrong "$folder/findings.txt is missing: make -f Makefile.ci golden-update"
done
for folder in golden/findings/MSH*/; do
	[ -d "$folder" ] || continue
	number=$((10#$(basename "$folder" | tr -dc 0-9)))
	grep -qx "$number" <<<"$rows" || wrong "$folder has no row in diag.def"
done
numbers=$(sed -n 's/^\(FINDING\|RETIRED\)( *\([0-9]*\)[,)].*/\2/p' compiler/source/diag.def)
[ "$numbers" = "$(sort -n -u <<<"$numbers")" ] || wrong "the numbers of diag.def are not sorted and unique"
exit $status
