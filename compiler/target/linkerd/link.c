/*
 * A mesh of another cluster -> Link, from which a service mirror makes Services.
 *
 *	exported through a gateway    selector                  mirror.linkerd.io/exported: "true"
 *	exported, pods reachable      remoteDiscoverySelector   mirror.linkerd.io/exported: remote-discovery
 *	under one name with others    federatedServiceSelector  mirror.linkerd.io/federated: member
 *
 * The labels stand on Services that others own: what is exported must carry them,
 * and what is not exported must not. The credentials are a Secret that never comes
 * near the repository.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#define DEFAULT_SPACE S("linkerd-multicluster")
#define EXPORTED S("mirror.linkerd.io/exported")
#define FEDERATED S("mirror.linkerd.io/federated")

static const struct object_type link_type = { "multicluster.linkerd.io",
					      "multicluster.linkerd.io/v1alpha3", "Link",
					      STAGE_DEFINE };

static struct str export_value(bool flat)
{
	return flat ? S("remote-discovery") : S("true");
}

/* What marks a service for one cluster where others get more. */
static struct str mark_for(struct lowering *lw, struct str cluster)
{
	return str_join(lw->mem, S("export.meshc.dev/"), cluster);
}

static struct str space_of(const struct peer_plan *peer)
{
	return peer->own->mirror_space.n ? peer->own->mirror_space : DEFAULT_SPACE;
}

static void put_selector(struct lowering *lw, struct node *spec, struct str key, struct label label,
			 const struct peer_plan *peer)
{
	struct node *map =
		put_map(lw, put_map(lw, spec, key, spec->at), S("matchLabels"), spec->at);

	if (peer->selective)
		put_text(lw, map, mark_for(lw, peer->own->cluster->name), S("true"), spec->at);
	put_text(lw, map, label.key, label.value, spec->at);
}

static struct str joined(struct lowering *lw, const struct gateway_plan *g)
{
	struct str text = g->addresses.at[0];

	for (uint32_t i = 1; i < g->addresses.n; i++)
		text = str_join(lw->mem, text, S(","), g->addresses.at[i]);
	return text;
}

static void put_probe(struct lowering *lw, struct node *spec, const struct gateway_plan *g)
{
	const struct gateway_probe *probe = &g->service->probe;
	struct node *map;

	if (!probe->port)
		return; /* linkerd_gateway says so, in the gateway's own cluster */
	map = put_map(lw, spec, S("probeSpec"), spec->at);
	put_text(lw, map, S("failureThreshold"), S("3"), spec->at);
	put_text(lw, map, S("path"), probe->path, spec->at);
	put_text(lw, map, S("period"), probe->period.n ? probe->period : S("3s"), spec->at);
	put_text(lw, map, S("port"), str_int(lw->mem, probe->port), spec->at);
	put_text(lw, map, S("timeout"), S("30s"), spec->at);
}

/* A Link has one gateway of one port and one identity, at several addresses. */
static void put_gateway(struct lowering *lw, struct node *spec, const struct peer_plan *peer)
{
	const struct gateway_plan *g = peer->gateways.at[0];

	if (peer->gateways.n > 1)
		note(report_unsupported(lw->diags, peer->virtual_mesh->at, LINKERD,
					S("several gateways of one cluster")),
		     peer->gateways.at[1]->service->at, "a gateway beside the first");
	if (g->identities.n != 1) {
		note(report_unsupported(
			     lw->diags, peer->virtual_mesh->at, LINKERD,
			     S("a gateway whose workloads have several accounts, or none")),
		     g->service->at, "this gateway");
		return;
	}
	put_text(lw, spec, S("gatewayAddress"), joined(lw, g), spec->at);
	put_text(lw, spec, S("gatewayPort"), str_int(lw->mem, g->port), spec->at);
	put_text(lw, spec, S("gatewayIdentity"), linkerd_identity(lw->mem, &g->identities.at[0]),
		 spec->at);
	put_probe(lw, spec, g);
	put_selector(lw, spec, S("selector"), (struct label){ EXPORTED, export_value(false) },
		     peer);
}

static struct str credentials_of(struct lowering *lw, const struct peer_plan *peer)
{
	return str_join(lw->mem, S("cluster-credentials-"), peer->mesh->cluster->name);
}

static void require_secret(struct lowering *lw, const struct peer_plan *peer, struct str space)
{
	struct str remote = peer->mesh->cluster->name;

	require(lw, (struct requirement){
			    .kind = S("Secret"),
			    .space = space,
			    .name = credentials_of(lw, peer),
			    .what = S("a kubeconfig of type `mirror.linkerd.io/remote-kubeconfig`"),
			    .action = str_format(lw->mem,
						 "`linkerd --context=%.*s multicluster link-gen "
						 "--cluster-name %.*s` prints it; it stays out of "
						 "the repository",
						 STR(remote), STR(remote)),
			    .state = REQUIREMENT_UNKNOWN,
			    .by = peer->virtual_mesh,
			    .asked = peer->virtual_mesh->at });
}

static bool is_mirrored(const struct mesh *own, struct str cluster)
{
	for (uint32_t i = 0; i < own->mirrored.n; i++)
		if (str_eq(own->mirrored.at[i], cluster))
			return true;
	return false;
}

static void require_controller(struct lowering *lw, const struct peer_plan *peer)
{
	struct str remote = peer->mesh->cluster->name;

	require(lw,
		(struct requirement){
			.kind = S("Deployment"),
			.space = space_of(peer),
			.name = str_join(lw->mem, S("controller-"), remote),
			.what = str_format(lw->mem, "a service mirror for cluster `%.*s`",
					   STR(remote)),
			.action = str_format(lw->mem,
					     "add `controllers: [{link: {ref: {name: %.*s}}}]` to "
					     "the values of the linkerd-multicluster chart",
					     STR(remote)),
			.state = is_mirrored(peer->own, remote) ? REQUIREMENT_MET
								: REQUIREMENT_ABSENT,
			.by = peer->virtual_mesh,
			.asked = peer->virtual_mesh->at });
}

static bool takes_bundle(const struct plan *plan, const struct mesh *mesh,
			 const struct resource *virtual_mesh)
{
	const struct cluster_plan *c = &plan->clusters[mesh->cluster->index];

	for (uint32_t i = 0; i < c->trusts.n; i++)
		if (c->trusts.at[i].mesh == mesh && c->trusts.at[i].virtual_mesh == virtual_mesh)
			return true;
	return false;
}

static bool share_root(const struct mesh *a, const struct mesh *b)
{
	for (uint32_t i = 0; i < a->trust_roots.n; i++)
		for (uint32_t k = 0; k < b->trust_roots.n; k++)
			if (str_eq(a->trust_roots.at[i], b->trust_roots.at[k]))
				return true;
	return false;
}

static void require_root(struct lowering *lw, const struct peer_plan *peer)
{
	const struct mesh *own = peer->own, *other = peer->mesh;

	if (takes_bundle(lw->plan, own, peer->virtual_mesh) &&
	    takes_bundle(lw->plan, other, peer->virtual_mesh))
		return; /* they get it with the same Bundle */

	require(lw,
		(struct requirement){
			.kind = S("ConfigMap"),
			.space = own->install_space,
			.name = S("linkerd-identity-trust-roots"),
			.what = str_format(lw->mem, "a root of trust in common with cluster `%.*s`",
					   STR(other->cluster->name)),
			.action = S("install both control planes with one trust anchor, or with a "
				    "bundle of both"),
			.state = !own->trust_roots.n || !other->trust_roots.n ? REQUIREMENT_UNKNOWN
				 : share_root(own, other)                     ? REQUIREMENT_MET
									      : REQUIREMENT_ABSENT,
			.by = peer->virtual_mesh,
			.asked = peer->virtual_mesh->at,
			.at = own->at });
}

/* Proxies find pods of other clusters by names that hold the control plane's namespace. */
static void check_namespaces(struct lowering *lw, const struct peer_plan *peer)
{
	if (!peer->flat || str_eq(peer->own->install_space, peer->mesh->install_space))
		return;
	note(report_unsupported(lw->diags, peer->virtual_mesh->at, LINKERD,
				S("a flat network between control planes in namespaces of "
				  "different names")),
	     peer->mesh->at, "this mesh is in namespace `%.*s`", STR(peer->mesh->install_space));
}

/* A Link by hand would be overwritten in the cluster. */
static void check_foreign(struct lowering *lw, const struct peer_plan *peer, struct str name)
{
	const struct cluster *c = lw->cluster->cluster;

	for (uint32_t i = 0; i < c->n_foreign; i++)
		if (c->foreign[i].kind == FOREIGN_LINK && str_eq(c->foreign[i].name, name) &&
		    str_eq(c->foreign[i].space, space_of(peer)))
			note(report_object_taken_over(lw->diags, peer->virtual_mesh->at,
						      str_format(lw->mem, "Link `%.*s`", STR(name)),
						      c->name),
			     c->foreign[i].at, "this object");
}

void linkerd_link(struct lowering *lw, const struct peer_plan *peer)
{
	const struct cluster *remote = peer->mesh->cluster;
	struct node *spec = node_map(lw->mem, peer->virtual_mesh->at);

	if (!peer->flat && !peer->gateways.n)
		return; /* reported where the gateway was looked for */
	check_namespaces(lw, peer);
	check_foreign(lw, peer, remote->name);
	put_text(lw, spec, S("clusterCredentialsSecret"), credentials_of(lw, peer), spec->at);
	if (!peer->flat)
		put_gateway(lw, spec, peer);
	else
		put_selector(lw, spec, S("remoteDiscoverySelector"),
			     (struct label){ EXPORTED, export_value(true) }, peer);
	if (peer->clusterset)
		put_selector(lw, spec, S("federatedServiceSelector"),
			     (struct label){ FEDERATED, S("member") }, peer);
	put_text(lw, spec, S("targetClusterDomain"), remote->domain, spec->at);
	put_text(lw, spec, S("targetClusterLinkerdNamespace"), peer->mesh->install_space, spec->at);
	put_text(lw, spec, S("targetClusterName"), remote->name, spec->at);
	add_source(lw, new_object(lw, &link_type, space_of(peer), remote->name, spec->at, spec),
		   peer->virtual_mesh);
	require_controller(lw, peer);
	require_secret(lw, peer, space_of(peer));
	if (peer->flat)
		require_secret(lw, peer, peer->own->install_space);
	require_root(lw, peer);
}

void linkerd_gateway(struct lowering *lw, const struct gateway_plan *g)
{
	if (g->service->probe.port)
		return;
	require(lw,
		(struct requirement){
			.kind = S("Service"),
			.space = g->service->space,
			.name = g->service->name,
			.what = S("port `mc-probe` and annotation `mirror.linkerd.io/probe-path`"),
			.action = S("install the gateway from the linkerd-multicluster chart"),
			.state = REQUIREMENT_ABSENT,
			.by = g->virtual_mesh,
			.asked = g->virtual_mesh->at,
			.at = g->service->at });
}

void linkerd_export(struct lowering *lw, const struct export_plan *e)
{
	struct label *wanted = NEW(lw->mem, struct label, e->marked_for.n + 2);
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->marked_for.n; i++)
		wanted[n++] = (struct label){ mark_for(lw, e->marked_for.at[i]), S("true") };
	wanted[n++] = (struct label){ EXPORTED, export_value(e->flat) };
	if (e->clusterset)
		wanted[n++] = (struct label){ FEDERATED, S("member") };
	require_labels(lw, e->service, wanted, n, e->virtual_mesh, e->virtual_mesh->at);
}

static bool is_exported(const struct cluster_plan *plan, const struct service *s)
{
	for (uint32_t i = 0; i < plan->exports.n; i++)
		if (plan->exports.at[i].service == s)
			return true;
	return false;
}

/* Links select by label: a service that carries it by chance would be exported with the others. */
void linkerd_check_labels(struct lowering *lw)
{
	const struct cluster_plan *plan = lw->cluster;
	const struct cluster *c = plan->cluster;
	static const struct str keys[] = { { "mirror.linkerd.io/exported", 26 },
					   { "mirror.linkerd.io/federated", 27 } };

	for (uint32_t i = 0; plan->exports.n && i < c->n_services; i++)
		for (size_t k = 0; k < countof(keys); k++) {
			const struct service *s = &c->services[i];
			struct str value = label_get(&s->labels, keys[k]);

			if (s->mesh->kind != MESH_LINKERD || !value.p ||
			    str_eq(value, S("false")) || is_exported(plan, s))
				continue;
			note(report_exported_by_label(lw->diags,
						      plan->exports.at[0].virtual_mesh->at,
						      service_title(lw->mem, s), keys[k]),
			     s->at, "this service");
		}
}

void linkerd_require_space(struct lowering *lw, const struct destination_plan *d)
{
	struct str space = d->service->space;

	if (!d->remote)
		return;
	require(lw, (struct requirement){
			    .kind = S("Namespace"),
			    .name = space,
			    .what = S("to be there for mirrored services"),
			    .action = str_format(lw->mem, "`kubectl create namespace %.*s`",
						 STR(space)),
			    .state = cluster_has_namespace(lw->cluster->cluster, space)
					     ? REQUIREMENT_MET
					     : REQUIREMENT_ABSENT,
			    .by = d->import->virtual_mesh,
			    .asked = d->import->virtual_mesh->at });
}
