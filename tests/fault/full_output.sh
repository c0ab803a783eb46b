#!/usr/bin/env bash
# A result that cannot be written is a failure of the environment. Argument: meshc.
set -u
"$1" version >/dev/full 2>/dev/null
code=$?
[ "$code" -eq 6 ] || { echo "meshc version >/dev/full ends with $code, not 6"; exit 1; }
