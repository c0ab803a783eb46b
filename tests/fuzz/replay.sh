#!/usr/bin/env bash
# Replays the corpus of a fuzz target and the seeds that other tests give.
# Arguments: the root of the repository, the replayer, the target, seconds of processor time for an input.
set -euo pipefail
root=$1 replay=$2 target=$3 seconds=$4
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
"$root/tests/fuzz/seeds.sh" "$root" "$target" "$TMPDIR/seeds"
inputs=("$root/tests/fuzz/corpus/$target")
[ -z "$(ls "$TMPDIR/seeds")" ] || inputs+=("$TMPDIR/seeds")
"$replay" "$seconds" "${inputs[@]}"
