#!/bin/sh
# An annotation of 300,000 bytes.
set -e
cat >mesh/policy.yaml <<'EOF'
apiVersion: networking.mesh.gloo.solo.io/v1
kind: TrafficPolicy
metadata:
  name: api-timeout
  namespace: shop
  annotations:
EOF
printf '    note: ' >>mesh/policy.yaml
head -c 300000 /dev/zero | tr '\0' x >>mesh/policy.yaml
cat >>mesh/policy.yaml <<'EOF'

spec:
  destinationSelector:
  - kubeServiceMatcher:
      labels:
        app: api
  policy:
    requestTimeout: 2s
EOF
