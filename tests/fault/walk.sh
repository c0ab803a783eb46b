#!/usr/bin/env bash
# The walk of one scene: walk.sh SCENE ROOT MESHC WALK REFUSE. In memory where that is to be had.
set -euo pipefail
scene=$1 root=$2 meshc=$(realpath "$3") walk=$4 refuse=$(realpath "$5")
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$0")/scene.sh" "$scene" "$root" "$meshc" "$work"
"$walk" --ways "$refuse" "$meshc" "$work"
