#!/usr/bin/env bash
# Every change of the scenes, and some of a generated fleet, other ones for another SEED. Arguments: the root of the
# repository, the folder of the tools `any_field_test` and `fleet`, a seed.
set -euo pipefail
root=$1 tools=$2 seed=${3:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

"$tools/any_field_test" "$root"/golden/bases/{pair,linkerd-pair} "$root"/tests/property/fields/{world,scenes} || status=1
"$tools/fleet" --clusters 4 --linkerd 2 --services 6 --policies 8 --seed "$seed" "$work/fleet"
"$tools/any_field_test" --some 100 "$seed" "$work/fleet" || status=1
exit $status
