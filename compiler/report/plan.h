/*
 * The plan as a document: what the compiler understood of the declarations, in the words of
 * plan/plan.h, before any mesh is printed for. Every member of every struct of a plan is in
 * it (tests/plan_members.sh); a key has the member's name, `space` is `namespace`.
 *
 *	{
 *	  "schema": "meshc.dev/plan/v1",
 *	  "clusters": [{
 *	    "cluster": "c1",
 *	    "destinations": [{                     what workloads here can call
 *	      "service": "shop/api", "cluster": "c2", "host": "api.shop.svc.c2.global", "remote": true,
 *	      "callers": ["gloo-mesh/istiod-istio-system-c1"],
 *	      "routes": [{
 *	        "name": "canary", "port": 80,
 *	        "when": {                          left out: every request to the port
 *	          "path": { "how": "prefix", "value": "/api", "ignoreCase": true },
 *	          "method": "GET",
 *	          "headers": [{ "name": "x-user", "value": { "how": "exact", "value": "jason" }, "inverted": true }],
 *	          "query": [{ "name": "q", "value": { "how": "present" } }],
 *	          "sourceNamespace": "front", "sourceLabels": { "app": "web" }
 *	        },
 *	        "effect": {                        by the name of the setting in a TrafficPolicy
 *	          "requestTimeout": { "value": "2s", "owner": "TrafficPolicy shop/api", "at": "mesh/api.yaml:12" }
 *	        },
 *	        "to": [{ "service": "shop/api", "cluster": "c2", "host": ..., "port": 80, "subset": "version-v1", "weight": 100, "at": ... }],
 *	        "mirror": {},                      like an item of `to`
 *	        "sources": ["TrafficPolicy shop/api"]
 *	      }],
 *	      "client": {},                        like `effect`, for every connection
 *	      "subsets": [{ "name": "version-v1", "labels": {}, "at": ..., "sources": [] }],
 *	      "import": {
 *	        "service": ..., "cluster": ..., "virtualMesh": "VirtualMesh gloo-mesh/east-west", "host": ..., "address": ..., "mirror": ...,
 *	        "ports": [{ "number": 80, "target": 8080, "name": "http", "protocol": "http" }],
 *	        "endpoints": [{ "address": ..., "port": 15443, "labels": {}, "locality": { "region": ..., "zone": ... }, "network": ... }],
 *	        "byName": true,
 *	        "identities": [{ "trustDomain": ..., "namespace": ..., "account": ..., "issuer": ... }],
 *	        "keepalive": {}                    like the field `tcpKeepalive` of the VirtualMesh
 *	      },
 *	      "sources": []
 *	    }],
 *	    "exports": [{ "service", "virtualMesh", "host", "address", "ports", "gatewayNamespaces", "subsets", "flat", "clusterset", "to", "markedFor" }],
 *	    "gateways": [{ "service", "mesh", "virtualMesh", "selector", "suffix", "addresses", "port", "containerPort", "identities" }],
 *	    "trusts": [{ "mesh", "virtualMesh", "secret", "namespace", "at" }],
 *	    "peers": [{ "mesh", "own", "virtualMesh", "flat", "selective", "clusterset", "gateways": [{ "service", "cluster" }] }],
 *	    "clustersets": [{ "name", "namespace", "host", "members": [{ "service", "cluster" }], "virtualMesh" }],
 *	    "guards": [{ "mesh", "name", "namespace", "pods": { "with": {}, "without": [{ "key", "value" }] }, "port", "protocol", "rules", "probes": [{ "path", "port" }], "sources" }],
 *	    "access": [{
 *	      "kind": "service",                   service | nothing | gateway
 *	      "mesh": ..., "service": ..., "selector": {},
 *	      "rules": [{ "anybody", "identities", "networks": [{ "cidr", "except": [] }], "paths", "methods", "ports", "policy", "at" }],
 *	      "sources": []
 *	    }]
 *	  }]
 *	}
 *
 * What is empty, 0 or false is left out, whatever it is; inside of settings (`value`, `keepalive`)
 * nothing is that the declaration gave or that has a default. Services and meshes are
 * `namespace/name`; where a service may be of another cluster, `cluster` stands beside it.
 * Declarations are `Kind namespace/name`, places `file:line`. Lists are in the order of plan.h.
 * Keys are added, never renamed or removed, while the schema is v1.
 */
#pragma once

#include "base/buf.h"
#include "plan/plan.h"
#include "source/file.h"

void report_plan_json(struct buf *, const struct files *, const struct plan *);
void report_plan_text(struct buf *, const struct files *, const struct plan *); /* YAML */
