#!/usr/bin/env bash
# A report, not a gate: the longest functions and files of compiler/. Argument: the root of the repository.
set -euo pipefail
cd "$1"
files=$(find compiler -name '*.[ch]' | LC_ALL=C sort)
echo "longest functions"
awk '
	FNR == 1 { open = 0 }
	/^[a-zA-Z_].*\(/ { head = $0 }
	/^\{/ { open = FNR }
	/^\}/ { if (open) { name = head; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); printf "%5d  %s:%d %s\n", FNR - open - 1, FILENAME, open, name } open = 0 }
' $files >/tmp/lengths.$$
trap 'rm -f /tmp/lengths.$$' EXIT
LC_ALL=C sort -k1,1rn -k2 /tmp/lengths.$$ | sed -n 1,20p
LC_ALL=C sort -n /tmp/lengths.$$ | awk '{ n[NR] = $1; short += $1 <= 40 } END { if (NR) printf "%d functions, median %d, p90 %d, at most 40 lines: %d %%\n", NR, n[int((NR + 1) / 2)], n[int(NR * 0.9)], short * 100 / NR }'
echo
echo "longest files"
wc -l $files | grep -v ' total$' | LC_ALL=C sort -k1,1rn | sed -n 1,20p
