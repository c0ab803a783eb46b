#!/usr/bin/env bash
# Every policy of a fleet shows: in a row of some MESHC.index or in a finding. Arguments: meshc, the folder of `fleet`.
set -euo pipefail
meshc=$1 fleet=$2/fleet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$fleet" --clusters 4 --linkerd 2 --services 24 --policies 8 --seed 5 "$work/in"
# One that selects nothing and one that sets nothing: they can show in findings only.
cat >"$work/in/mesh/odd.yaml" <<'YAML'
apiVersion: networking.mesh.gloo.solo.io/v1
kind: TrafficPolicy
metadata: {name: selects-nothing, namespace: gloo-mesh}
spec:
  destinationSelector:
  - kubeServiceMatcher: {labels: {app: nowhere}}
  policy: {requestTimeout: 1s}
---
apiVersion: networking.mesh.gloo.solo.io/v1
kind: TrafficPolicy
metadata: {name: sets-nothing, namespace: gloo-mesh}
spec:
  destinationSelector:
  - kubeServiceRefs: {services: [{name: svc-000, namespace: shop-0, clusterName: c-000}]}
  policy: {}
YAML
(cd "$work/in" && "$meshc" build --out-dir "$work/out") >/dev/null 2>"$work/findings" || { cat "$work/findings"; exit 1; }

cat "$work"/out/clusters/*/MESHC.index "$work/findings" >"$work/said"
grep -rhE -A 4 '^kind: (TrafficPolicy|AccessPolicy|VirtualMesh)$' "$work/in/mesh" |
	sed -nE 's/^ +name: (.*)$/\1/p; s/^metadata: \{name: ([^,]*),.*$/\1/p' | LC_ALL=C sort -u >"$work/names"
[ "$(wc -l <"$work/names")" -ge $((4 * 24 * 8 + 4)) ] || { echo "only $(wc -l <"$work/names") policies?"; exit 1; }

# Findings name files and lines; the odd ones are told by their lines in odd.yaml.
lost=0
while read -r name; do
	grep -qE "(^|[^a-z0-9-])$name([^a-z0-9-]|\$)" "$work/said" && continue
	case $name in
	selects-nothing) grep -q 'odd.yaml:6:' "$work/said" && continue ;;
	sets-nothing) grep -qE 'odd.yaml:(11|12|13|14|15|16):' "$work/said" && continue ;;
	esac
	echo "lost: $name"
	lost=$((lost + 1))
done <"$work/names"
[ $lost -eq 0 ]
