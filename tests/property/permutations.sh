#!/usr/bin/env bash
# permute.c over the examples: permutations.sh N PERMUTE WORLD ROOT MESHC...
set -euo pipefail
n=$1 permute=$2 world=$(realpath "$3") root=$4
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t programs < <(realpath "${@:5}")
cp -r "$root/examples/bookinfo" "$work/appliers"
printf 'spec:\n  appliers: {repository: "https://git.example.com/rendered.git", argocd: {}, flux: {}}\n' >>"$work/appliers/meshc.yaml"
"$permute" "$n" "$world" "$work" "${programs[@]}" -- "$work/appliers" "$root/examples/mixed"
