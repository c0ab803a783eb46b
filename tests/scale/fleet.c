/*
 * Writes a fleet that compiles without errors, as large as asked, the same for the same seed:
 *
 *	fleet --clusters 20 --services 50 --policies 3 --seed 1 [--linkerd N] [--shuffle SEED] FOLDER
 *
 * Inventories look as kubectl prints them. One VirtualMesh spans all clusters; every tenth service is
 * federated to the nine other clusters of its region, so that output grows with the fleet and not with
 * its square. N of the clusters, the last ones, run Linkerd (linkerd.h). --shuffle spreads the same documents over other files in another order.
 */
#include "base/base.h"

#include "scale/document.h"
#include "scale/linkerd.h"
#include "scale/policy.h"

#include <errno.h>
#include <sys/stat.h>

enum { REGION = 10, FEDERATED_EVERY = 10, SERVICES_PER_SPACE = 10 };

_Noreturn static void usage(void)
{
	fputs("usage: fleet --clusters C --services S --policies P --seed N [--linkerd L] "
	      "[--shuffle SEED] FOLDER\n",
	      stderr);
	exit(2);
}

static void put_node(struct fleet *f, struct documents_of *out, uint32_t cluster, uint32_t i)
{
	struct buf *b = document_start(f, out, "v1", "Node");

	buf_format(b, "metadata:\n");
	put_identity(b, f, cluster, 1000 + i);
	buf_format(
		b,
		"  labels:\n    kubernetes.io/arch: amd64\n    kubernetes.io/hostname: node-%u\n",
		i);
	buf_format(b, "    topology.kubernetes.io/region: region-%u\n", cluster / REGION);
	buf_format(b, "    topology.kubernetes.io/zone: region-%u-a\n  name: node-%u\n",
		   cluster / REGION, i);
	buf_format(b, "spec:\n  podCIDR: 10.%u.%u.0/24\n", cluster % 250, i);
	buf_format(b, "status:\n  addresses:\n  - address: 10.0.%u.%u\n    type: InternalIP\n",
		   cluster % 250, i + 1);
	buf_format(b,
		   "  nodeInfo:\n    kubeletVersion: v1.33.1\n    osImage: Debian GNU/Linux 12\n");
	document_end(f, out, b);
}

static void put_namespace(struct fleet *f, struct documents_of *out, uint32_t cluster,
			  const char *name, bool mesh)
{
	struct buf *b = document_start(f, out, "v1", "Namespace");

	buf_format(b, "metadata:\n");
	put_identity(b, f, cluster, str_distance(str_of(name), S("")));
	if (mesh && runs_linkerd(f, cluster))
		buf_format(b, "  annotations:\n    linkerd.io/inject: enabled\n");
	buf_format(b, "  labels:\n%s    kubernetes.io/metadata.name: %s\n",
		   mesh && !runs_linkerd(f, cluster) ? "    istio-injection: enabled\n" : "", name);
	buf_format(b,
		   "  name: %s\nspec:\n  finalizers:\n  - kubernetes\nstatus:\n  phase: Active\n",
		   name);
	document_end(f, out, b);
}

static void put_config_map(struct fleet *f, struct documents_of *out, uint32_t cluster)
{
	struct buf *b = document_start(f, out, "v1", "ConfigMap");

	buf_format(b, "data:\n  mesh: |-\n    accessLogFile: /dev/stdout\n    defaultConfig:\n");
	buf_format(b,
		   "      discoveryAddress: istiod.istio-system.svc:15012\n      proxyMetadata:\n");
	buf_format(b,
		   "        ISTIO_META_DNS_CAPTURE: \"true\"\n    rootNamespace: istio-system\n");
	buf_format(b, "    trustDomain: c-%03u.example.org\n  meshNetworks: 'networks: {}'\n",
		   cluster);
	buf_format(b, "metadata:\n");
	put_identity(b, f, cluster, 1);
	buf_format(
		b,
		"  labels:\n    istio.io/rev: default\n  name: istio\n  namespace: istio-system\n");
	document_end(f, out, b);
}

static void put_service_account(struct fleet *f, struct documents_of *out, uint32_t cluster,
				const char *space, const char *name)
{
	struct buf *b = document_start(f, out, "v1", "ServiceAccount");

	buf_format(b, "metadata:\n");
	put_identity(b, f, cluster, 2);
	buf_format(b, "  name: %s\n  namespace: %s\n", name, space);
	document_end(f, out, b);
}

struct deployment {
	const char *space, *name, *app, *version, *account, *image, *extra_label, *annotation;
	uint32_t port;
};

static void put_deployment(struct fleet *f, struct documents_of *out, uint32_t cluster,
			   const struct deployment *d)
{
	struct buf *b = document_start(f, out, "apps/v1", "Deployment");

	buf_format(b, "metadata:\n  annotations:\n    deployment.kubernetes.io/revision: \"1\"\n");
	put_identity(b, f, cluster, d->port);
	buf_format(b, "  generation: 1\n  labels:\n    app: %s\n    version: %s\n", d->app,
		   d->version);
	buf_format(b, "  name: %s\n  namespace: %s\n", d->name, d->space);
	buf_format(b, "spec:\n  progressDeadlineSeconds: 600\n  replicas: 2\n  "
		      "revisionHistoryLimit: 10\n  selector:\n");
	buf_format(b,
		   "    matchLabels:\n      app: %s\n      version: %s\n  strategy:\n    "
		   "rollingUpdate:\n",
		   d->app, d->version);
	buf_format(b, "      maxSurge: 25%%\n      maxUnavailable: 25%%\n    type: RollingUpdate\n "
		      " template:\n");
	buf_format(b, "    metadata:\n%s      labels:\n        app: %s\n%s        version: %s\n",
		   d->annotation, d->app, d->extra_label, d->version);
	buf_format(b, "    spec:\n      containers:\n      - env:\n        - name: LOG_LEVEL\n     "
		      "     value: info\n");
	if (strcmp(d->name, "istiod") == 0)
		buf_format(b, "        - name: PILOT_SKIP_VALIDATE_TRUST_DOMAIN\n          "
			      "value: \"true\"\n");
	buf_format(b,
		   "        image: %s\n        imagePullPolicy: IfNotPresent\n        name: main\n "
		   "       ports:\n",
		   d->image);
	buf_format(b,
		   "        - containerPort: %u\n          name: main\n          protocol: TCP\n",
		   d->port);
	buf_format(b, "        resources:\n          limits:\n            memory: 256Mi\n          "
		      "requests:\n");
	buf_format(b, "            cpu: 100m\n            memory: 128Mi\n        "
		      "terminationMessagePath: /dev/termination-log\n");
	buf_format(b,
		   "      dnsPolicy: ClusterFirst\n      restartPolicy: Always\n      "
		   "serviceAccount: %s\n",
		   d->account);
	buf_format(b, "      serviceAccountName: %s\n      terminationGracePeriodSeconds: 30\n",
		   d->account);
	buf_format(b, "status:\n  availableReplicas: 2\n  observedGeneration: 1\n  readyReplicas: "
		      "2\n  replicas: 2\n");
	document_end(f, out, b);
}

static void put_istio(struct fleet *f, struct documents_of *out, uint32_t cluster)
{
	struct buf *b;

	put_namespace(f, out, cluster, "istio-system", false);
	put_config_map(f, out, cluster);
	put_service_account(f, out, cluster, "istio-system", "istiod");
	put_service_account(f, out, cluster, "istio-system", "eastwest");
	put_deployment(f, out, cluster,
		       &(struct deployment){ "istio-system", "istiod", "istiod", "v1", "istiod",
					     "docker.io/istio/pilot:1.29.0",
					     "        sidecar.istio.io/inject: \"false\"\n", "",
					     15012 });
	put_deployment(f, out, cluster,
		       &(struct deployment){
			       "istio-system", "istio-eastwestgateway", "istio-eastwestgateway",
			       "v1", "eastwest", "auto",
			       "        istio: eastwestgateway\n        sidecar.istio.io/inject: "
			       "\"true\"\n",
			       "      annotations:\n        inject.istio.io/templates: gateway\n",
			       15443 });
	b = document_start(f, out, "v1", "Service");
	buf_format(b, "metadata:\n");
	put_identity(b, f, cluster, 3);
	buf_format(b, "  labels:\n    istio: eastwestgateway\n  name: istio-eastwestgateway\n  "
		      "namespace: istio-system\n");
	buf_format(b, "spec:\n  clusterIP: 10.96.0.9\n  ports:\n  - name: status-port\n    port: "
		      "15021\n    targetPort: 15021\n");
	buf_format(b, "  - name: tls\n    port: 15443\n    protocol: TCP\n    targetPort: 15443\n  "
		      "selector:\n");
	buf_format(b, "    istio: eastwestgateway\n  type: LoadBalancer\nstatus:\n  "
		      "loadBalancer:\n    ingress:\n");
	buf_format(b, "    - ip: 172.%u.%u.10\n", 16 + cluster / 250, cluster % 250);
	document_end(f, out, b);
}

/* Linkerd reads these from the Service: what put_outlier asks for, and that it may be mirrored. */
static void put_for_linkerd(struct buf *b, bool federated)
{
	buf_format(b, "  annotations:\n    balancer.linkerd.io/failure-accrual: consecutive\n");
	buf_format(b, "    balancer.linkerd.io/failure-accrual-consecutive-max-failures: "
		      "\"5\"\n    "
		      "balancer.linkerd.io/failure-accrual-consecutive-min-penalty: 30s\n");
	buf_format(b, "  labels:\n%s",
		   federated ? "    mirror.linkerd.io/exported: \"true\"\n" : "");
}

static void put_service(struct fleet *f, struct documents_of *out, const struct member *m)
{
	static const char *const names[] = { "http", "grpc", "tcp-admin" };
	struct buf *b = document_start(f, out, "v1", "Service");
	bool federated = m->service % FEDERATED_EVERY == 0;

	buf_format(b, "metadata:\n");
	put_identity(b, f, m->cluster, 4000 + m->service);
	if (m->linkerd)
		put_for_linkerd(b, federated);
	else
		buf_format(b, "  labels:\n");
	buf_format(b, "    app: %s\n    federate: \"%s\"\n  name: %s\n  namespace: %s\n", m->name,
		   federated ? "yes" : "no", m->name, m->space);
	buf_format(b,
		   "spec:\n  clusterIP: 10.%u.%u.%u\n  internalTrafficPolicy: Cluster\n  ports:\n",
		   97 + m->cluster / 250, m->cluster % 250, m->service % 250);
	for (uint32_t i = 0; i < m->ports; i++)
		buf_format(b, "  - name: %s\n    port: %u\n    protocol: TCP\n    targetPort: %u\n",
			   names[i], 8080 + i, 8080 + i);
	buf_format(b,
		   "  selector:\n    app: %s\n  sessionAffinity: None\n  type: "
		   "ClusterIP\nstatus:\n  loadBalancer: {}\n",
		   m->name);
	document_end(f, out, b);
}

static void put_member(struct fleet *f, struct documents_of *out, const struct member *m)
{
	put_service(f, out, m);
	put_service_account(f, out, m->cluster, m->space, m->name);
	for (uint32_t v = 1; v <= m->versions; v++) {
		const char *version = str_format(f->mem, "v%u", v).p;

		put_deployment(f, out, m->cluster,
			       &(struct deployment){
				       m->space, str_format(f->mem, "%s-%s", m->name, version).p,
				       m->name, version, m->name,
				       str_format(f->mem, "registry.example.org/shop/%s:1.%u.0",
						  m->name, v)
					       .p,
				       "", "", 8080 });
	}
}

static struct member member_of(struct fleet *f, uint32_t cluster, uint32_t service)
{
	return (struct member){
		.cluster = cluster,
		.service = service,
		.name = str_format(f->mem, "svc-%03u", service).p,
		.space = str_format(f->mem, "shop-%u", service / SERVICES_PER_SPACE).p,
		.ports = 1 + service % 3,
		.versions = 1 + service % 2,
		.linkerd = runs_linkerd(f, cluster),
	};
}

static void put_cluster(struct fleet *f, uint32_t cluster)
{
	struct documents_of out = { 0 };

	if (runs_linkerd(f, cluster))
		put_linkerd(f, &out, cluster);
	else
		put_istio(f, &out, cluster);
	for (uint32_t i = 0; i < 2; i++)
		put_node(f, &out, cluster, i);
	for (uint32_t i = 0; i * SERVICES_PER_SPACE < f->services; i++)
		put_namespace(f, &out, cluster, str_format(f->mem, "shop-%u", i).p, true);
	for (uint32_t i = 0; i < f->services; i++) {
		struct member m = member_of(f, cluster, i);

		put_member(f, &out, &m);
	}
	documents_write(f, &out, str_format(f->mem, "inventory/c-%03u", cluster).p, true);
}

/* One selector per region: its marked services, for its meshes. */
static void put_virtual_mesh(struct fleet *f, struct documents_of *out)
{
	struct buf *b = document_start(f, out, "networking.mesh.gloo.solo.io/v1", "VirtualMesh");
	uint32_t n = f->clusters - f->linkerd;

	buf_format(b, "metadata:\n  name: fleet\n  namespace: gloo-mesh\nspec:\n  meshes:\n");
	for (uint32_t i = 0; i < n; i++)
		buf_format(b, "  - name: istiod-istio-system-c-%03u\n    namespace: gloo-mesh\n",
			   i);
	buf_format(b,
		   "  globalAccessPolicy: ENABLED\n  federation:\n    ingressGatewaySelectors:\n");
	buf_format(b,
		   "    - destinationSelectors:\n      - kubeServiceMatcher:\n          labels:\n");
	buf_format(b, "            istio: eastwestgateway\n      portName: tls\n    selectors:\n");
	for (uint32_t from = 0; from < n; from += REGION) {
		uint32_t to = from + REGION < n ? from + REGION : n;

		buf_format(b, "    - destinationSelectors:\n      - kubeServiceMatcher:\n          "
			      "labels:\n");
		buf_format(b, "            federate: \"yes\"\n          clusters:\n");
		for (uint32_t i = from; i < to; i++)
			buf_format(b, "          - c-%03u\n", i);
		buf_format(b, "      meshes:\n");
		for (uint32_t i = from; i < to; i++)
			buf_format(b,
				   "      - name: istiod-istio-system-c-%03u\n        namespace: "
				   "gloo-mesh\n",
				   i);
	}
	document_end(f, out, b);
}

static void put_declarations(struct fleet *f)
{
	struct documents_of all = { 0 }, mesh = { 0 };

	put_virtual_mesh(f, f->shuffle ? &all : &mesh);
	if (f->linkerd)
		put_linkerd_virtual_mesh(f, f->shuffle ? &all : &mesh);
	for (uint32_t cluster = 0; cluster < f->clusters; cluster++) {
		struct documents_of out = { 0 };

		for (uint32_t service = 0; service < f->services; service++) {
			struct member m = member_of(f, cluster, service);

			for (uint32_t k = 0; k < f->policies; k++)
				put_policy(f, f->shuffle ? &all : &out, &m, k);
		}
		if (!f->shuffle)
			documents_write(f, &out, str_format(f->mem, "mesh/c-%03u", cluster).p,
					false);
	}
	if (f->shuffle)
		documents_write(f, &all, "mesh", false);
	else
		documents_write(f, &mesh, "mesh/fleet", false);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = text ? strtoull(text, &end, 10) : 0;

	if (!text || *end || end == text)
		usage();
	return n;
}

static struct fleet options(int argc, char **argv)
{
	struct fleet f = {
		.mem = arena_new(), .clusters = 2, .services = 20, .policies = 3, .seed = 1
	};

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (argv[i][0] != '-') {
			f.folder = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--clusters") == 0)
			f.clusters = (uint32_t)number(value);
		else if (strcmp(argv[i], "--services") == 0)
			f.services = (uint32_t)number(value);
		else if (strcmp(argv[i], "--policies") == 0)
			f.policies = (uint32_t)number(value);
		else if (strcmp(argv[i], "--seed") == 0)
			f.seed = number(value);
		else if (strcmp(argv[i], "--linkerd") == 0)
			f.linkerd = (uint32_t)number(value);
		else if (strcmp(argv[i], "--shuffle") == 0)
			f.shuffle = number(value);
		else
			usage();
		i++;
	}
	if (!f.folder || !f.clusters || f.clusters > 999 || f.services > 999 ||
	    f.linkerd >= f.clusters)
		usage();
	return f;
}

int main(int argc, char **argv)
{
	struct fleet f = options(argc, argv);

	folder_make_below(&f, "");
	file_write_below(
		&f, "meshc.yaml",
		str_format(
			f.mem,
			"apiVersion: meshc.dev/v1alpha1\nkind: Fleet\nmetadata:\n  name: fleet\n%s",
			f.linkerd ? "spec:\n  allowApproximate: true\n" : ""));
	for (uint32_t i = 0; i < f.clusters; i++)
		put_cluster(&f, i);
	put_declarations(&f);
	arena_free(f.mem);
	return 0;
}
