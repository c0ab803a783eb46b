#!/usr/bin/env bash
# Everything that a fleet compiles to, and every golden output, reads back as it was meant.
# Arguments: meshc, the folder of the tools `fleet` and `roundtrip`.
set -euo pipefail
meshc=$1 tools=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
golden=$(cd "$(dirname "$0")/../.." && pwd)/golden

"$tools/fleet" --clusters 4 --linkerd 2 --services 24 --policies 8 --seed 9 "$work/in"
(cd "$work/in" && "$meshc" build --out-dir "$work/out") >/dev/null 2>"$work/findings" || { cat "$work/findings"; exit 1; }
mapfile -t outputs < <(find "$golden" -type d -name out)
"$tools/roundtrip" "$work/out" "${outputs[@]}"
