/*
 * A small fleet as kubectl prints it: two clusters, Istio in both, bookinfo's
 * reviews in both and ratings in the second.
 */
#pragma once

#define ISTIOD(version)                                                                            \
	"apiVersion: apps/v1\n"                                                                    \
	"kind: Deployment\n"                                                                       \
	"metadata: {name: istiod, namespace: istio-system}\n"                                      \
	"spec:\n"                                                                                  \
	"  template:\n"                                                                            \
	"    metadata: {labels: {app: istiod, sidecar.istio.io/inject: \"false\"}}\n"              \
	"    spec: {serviceAccountName: istiod, containers: [{name: discovery, image: "            \
	"\"docker.io/istio/pilot:" version "\"}]}\n"                                               \
	"---\n"

#define MESH_CONFIG(text)                                                                          \
	"apiVersion: v1\n"                                                                         \
	"kind: ConfigMap\n"                                                                        \
	"metadata: {name: istio, namespace: istio-system}\n"                                       \
	"data:\n"                                                                                  \
	"  mesh: |-\n" text "---\n"

#define INJECTED(name)                                                                             \
	"apiVersion: v1\n"                                                                         \
	"kind: Namespace\n"                                                                        \
	"metadata: {name: " name ", labels: {istio-injection: enabled}}\n"                         \
	"---\n"

#define NODE(name, region)                                                                         \
	"apiVersion: v1\n"                                                                         \
	"kind: Node\n"                                                                             \
	"metadata: {name: " name ", labels: {topology.kubernetes.io/region: " region "}}\n"        \
	"status: {addresses: [{type: InternalIP, address: 10.0.0.9}, {type: ExternalIP, address: " \
	"198.51.100.9}]}\n"                                                                        \
	"---\n"

#define REVIEWS                                                                                    \
	"apiVersion: apps/v1\n"                                                                    \
	"kind: Deployment\n"                                                                       \
	"metadata: {name: reviews-v1, namespace: bookinfo}\n"                                      \
	"spec:\n"                                                                                  \
	"  template:\n"                                                                            \
	"    metadata: {labels: {app: reviews, version: v1}}\n"                                    \
	"    spec:\n"                                                                              \
	"      serviceAccountName: bookinfo-reviews\n"                                             \
	"      containers: [{name: reviews, image: reviews, ports: [{name: web, containerPort: "   \
	"9080}]}]\n"                                                                               \
	"---\n"                                                                                    \
	"apiVersion: v1\n"                                                                         \
	"kind: Service\n"                                                                          \
	"metadata: {name: reviews, namespace: bookinfo, labels: {app: reviews}}\n"                 \
	"spec:\n"                                                                                  \
	"  selector: {app: reviews}\n"                                                             \
	"  ports: [{name: http, port: 80, targetPort: web}]\n"                                     \
	"---\n"

#define GATEWAY                                                                                    \
	"apiVersion: apps/v1\n"                                                                    \
	"kind: Deployment\n"                                                                       \
	"metadata: {name: istio-ingressgateway, namespace: istio-system}\n"                        \
	"spec:\n"                                                                                  \
	"  template:\n"                                                                            \
	"    metadata: {labels: {istio: ingressgateway}}\n"                                        \
	"    spec: {containers: [{name: istio-proxy, image: "                                      \
	"\"docker.io/istio/proxyv2:1.29.0\"}]}\n"                                                  \
	"---\n"                                                                                    \
	"apiVersion: v1\n"                                                                         \
	"kind: Service\n"                                                                          \
	"metadata: {name: istio-ingressgateway, namespace: istio-system}\n"                        \
	"spec:\n"                                                                                  \
	"  type: LoadBalancer\n"                                                                   \
	"  selector: {istio: ingressgateway}\n"                                                    \
	"  externalIPs: [203.0.113.7]\n"                                                           \
	"  ports: [{name: tls, port: 15443, nodePort: 30443, targetPort: 15443}]\n"                \
	"status: {loadBalancer: {ingress: [{hostname: lb.example.com}, {ip: 192.0.2.1, hostname: " \
	"x}]}}\n"                                                                                  \
	"---\n"

#define CLUSTER_1                                                                                  \
	ISTIOD("1.29.0")                                                                           \
	MESH_CONFIG("    trustDomain: one.example\n"                                               \
		    "    defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: \"true\"}}\n")    \
	INJECTED("bookinfo") NODE("n1", "eu") REVIEWS GATEWAY

#define CLUSTER_2                                                                                  \
	ISTIOD("1.29.1-distroless")                                                                \
	MESH_CONFIG("    rootNamespace: istio-config\n")                                           \
	INJECTED("bookinfo")                                                                       \
	REVIEWS
