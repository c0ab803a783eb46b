#!/usr/bin/env bash
# A thousand services more, each of which gets a VirtualService.
set -euo pipefail
for ((i = 1; i <= 1000; i++)); do
	cat <<-END
		---
		apiVersion: v1
		kind: Service
		metadata:
		  name: many-$i
		  namespace: shop
		spec:
		  selector:
		    app: api
		  ports:
		  - name: http
		    port: 80
	END
done >inventory/c1/many.yaml
