#!/usr/bin/env bash
# The walk of one scene: walk.sh SCENE ROOT MESHC WALK REFUSE EVERY. In memory where that is to be had. FAULT_EVERY=1: all points.
set -euo pipefail
scene=$1 root=$2 meshc=$(realpath "$3") walk=$4 refuse=$(realpath "$5")
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$0")/scene.sh" "$scene" "$root" "$meshc" "$work"
"$walk" "${FAULT_EVERY:-$6}" "$refuse" "$meshc" "$work"
