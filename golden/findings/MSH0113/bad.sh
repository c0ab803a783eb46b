#!/bin/sh
# 10,001 policies in one file.
set -e
i=0
while [ $i -le 10000 ]; do
	printf -- '---\napiVersion: networking.mesh.gloo.solo.io/v1\nkind: TrafficPolicy\nmetadata: {name: p%d, namespace: shop}\n' $i
	printf 'spec: {destinationSelector: [{kubeServiceMatcher: {labels: {app: api}}}], policy: {requestTimeout: 2s}}\n'
	i=$((i + 1))
done >mesh/policy.yaml
