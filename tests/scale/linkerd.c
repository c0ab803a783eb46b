/*
 * See linkerd.h.
 */
#include "base/base.h"

#include "scale/linkerd.h"

bool runs_linkerd(const struct fleet *f, uint32_t cluster)
{
	return cluster >= f->clusters - f->linkerd;
}

static void put_space(struct fleet *f, struct documents_of *out, const char *name)
{
	struct buf *b = document_start(f, out, "v1", "Namespace");

	buf_format(b, "metadata:\n  name: %s\n", name);
	document_end(f, out, b);
}

static void put_config(struct fleet *f, struct documents_of *out)
{
	struct buf *b = document_start(f, out, "v1", "ConfigMap");

	buf_format(b, "data:\n  values: |-\n    clusterDomain: cluster.local\n    "
		      "identityTrustDomain: cluster.local\n");
	buf_format(b, "metadata:\n  name: linkerd-config\n  namespace: linkerd\n");
	document_end(f, out, b);
	b = document_start(f, out, "v1", "ConfigMap");
	buf_format(b, "data:\n  ca-bundle.crt: |-\n    -----BEGIN CERTIFICATE-----\n    "
		      "c2hhcmVk\n    -----END CERTIFICATE-----\n");
	buf_format(b, "metadata:\n  name: linkerd-identity-trust-roots\n  namespace: linkerd\n");
	document_end(f, out, b);
}

struct part { /* a Deployment of the control plane or beside it */
	const char *space, *name, *labels, *annotations, *image;
};

static void put_part(struct fleet *f, struct documents_of *out, const struct part *part)
{
	struct buf *b = document_start(f, out, "apps/v1", "Deployment");

	buf_format(b, "metadata:\n  name: %s\n  namespace: %s\n", part->name, part->space);
	buf_format(b, "  labels:\n    linkerd.io/extension: multicluster\n%s", part->labels);
	buf_format(b, "spec:\n  template:\n    metadata:\n%s      labels:\n", part->annotations);
	buf_format(b, "        app: %s\n    %.*s\n", part->name, (int)strlen(part->labels) - 1,
		   part->labels);
	buf_format(b, "    spec:\n      serviceAccountName: %s\n      containers:\n", part->name);
	buf_format(b, "      - name: main\n        image: %s\n", part->image);
	document_end(f, out, b);
}

static void put_gateway(struct fleet *f, struct documents_of *out, uint32_t cluster)
{
	struct buf *b;

	put_part(f, out,
		 &(struct part){ .space = "linkerd-multicluster",
				 .name = "linkerd-gateway",
				 .labels = "    component: gateway\n",
				 .annotations = "      annotations:\n        linkerd.io/inject: "
						"enabled\n        "
						"config.linkerd.io/enable-gateway: \"true\"\n",
				 .image = "gcr.io/google_containers/pause:3.9" });
	b = document_start(f, out, "v1", "Service");
	buf_format(b, "metadata:\n  annotations:\n");
	buf_format(b, "    mirror.linkerd.io/gateway-identity: linkerd-gateway.linkerd-"
		      "multicluster.serviceaccount.identity.linkerd.cluster.local\n");
	buf_format(b, "    mirror.linkerd.io/multicluster-gateway: \"true\"\n    "
		      "mirror.linkerd.io/probe-path: /ready\n    mirror.linkerd.io/probe-period: "
		      "\"3\"\n");
	buf_format(b, "  labels:\n    linkerd.io/extension: multicluster\n  name: "
		      "linkerd-gateway\n  namespace: linkerd-multicluster\n");
	buf_format(b, "spec:\n  ports:\n  - name: mc-gateway\n    port: 4143\n  - name: "
		      "mc-probe\n    port: 4191\n");
	buf_format(b, "  selector:\n    app: linkerd-gateway\n  type: LoadBalancer\nstatus:\n  "
		      "loadBalancer:\n    ingress:\n");
	buf_format(b, "    - ip: 172.%u.%u.20\n", 16 + cluster / 250, cluster % 250);
	document_end(f, out, b);
}

static void put_controller(struct fleet *f, struct documents_of *out, uint32_t other)
{
	const char *label =
		str_format(f->mem, "    mirror.linkerd.io/cluster-name: c-%03u\n", other).p;

	put_part(f, out,
		 &(struct part){ .space = "linkerd-multicluster",
				 .name = str_format(f->mem, "controller-c-%03u", other).p,
				 .labels = label,
				 .annotations = "",
				 .image = "cr.l5d.io/linkerd/controller:edge-26.6.3" });
}

void put_linkerd(struct fleet *f, struct documents_of *out, uint32_t cluster)
{
	put_space(f, out, "linkerd");
	put_space(f, out, "linkerd-multicluster");
	put_config(f, out);
	put_part(f, out,
		 &(struct part){ .space = "linkerd",
				 .name = "linkerd-destination",
				 .labels = "    linkerd.io/control-plane-component: destination\n",
				 .annotations = "",
				 .image = "cr.l5d.io/linkerd/controller:edge-26.6.3" });
	put_gateway(f, out, cluster);
	for (uint32_t i = f->clusters - f->linkerd; i < f->clusters; i++)
		if (i != cluster)
			put_controller(f, out, i);
}

void put_linkerd_virtual_mesh(struct fleet *f, struct documents_of *out)
{
	struct buf *b = document_start(f, out, "networking.mesh.gloo.solo.io/v1", "VirtualMesh");

	buf_format(b, "metadata:\n  name: linkerd\n  namespace: gloo-mesh\nspec:\n  meshes:\n");
	for (uint32_t i = f->clusters - f->linkerd; i < f->clusters; i++)
		buf_format(b,
			   "  - name: linkerd-destination-linkerd-c-%03u\n    namespace: "
			   "gloo-mesh\n",
			   i);
	buf_format(b, "  federation:\n    selectors:\n    - destinationSelectors:\n      - "
		      "kubeServiceMatcher:\n");
	buf_format(b, "          labels:\n            federate: \"yes\"\n");
	document_end(f, out, b);
}
