/*
 * What a Linkerd control plane's ConfigMaps say about it, and which clusters its
 * service mirrors watch.
 *
 * `linkerd-config` holds the values that the chart was installed with, as YAML in
 * a YAML string; `linkerd-identity-trust-roots` the certificates that proxies
 * judge callers by.
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/model.gen.h"

/* Ports of protocols whose servers speak first (the chart's proxy.opaquePorts). */
#define DEFAULT_OPAQUE_PORTS S("25,587,3306,4444,5432,6379,9300,11211")

static const struct resource *config_map(struct draft *d, const struct mesh *mesh, struct str name)
{
	const struct resource *map = catalog_find(d->catalog, KIND_CONFIG_MAP, d->cluster->name,
						  mesh->install_space, name);

	return map && !map->broken ? map : NULL;
}

static void take_values(struct draft *d, struct mesh *mesh, const struct node *text,
			const struct node *values)
{
	const struct node *proxy = node_get(values, S("proxy"));
	struct str trust_domain = scalar_of(values, S("identityTrustDomain"));
	struct str ports = scalar_of(proxy, S("opaquePorts"));

	if (!trust_domain.n)
		trust_domain = scalar_of(values, S("clusterDomain"));
	mesh_config_name(d, mesh, text, trust_domain, NAME_SUBDOMAIN, &mesh->trust_domain);
	mesh_config_name(d, mesh, text, scalar_of(values, S("clusterDomain")), NAME_SUBDOMAIN,
			 &d->mesh_domain);
	mesh->denies = str_eq(scalar_of(proxy, S("defaultInboundPolicy")), S("deny"));
	mesh->external_roots =
		node_is(node_get(node_get(values, S("identity")), S("externalCA")), S("true"));
	if (ports.n)
		mesh->opaque_ports = ports;
}

static void read_values(struct draft *d, struct mesh *mesh)
{
	const struct resource *map = config_map(d, mesh, S("linkerd-config"));
	const struct node *text, *values;

	if (!map) {
		mesh->missing_config = S("linkerd-config");
		return;
	}
	values = mesh_config_root(d, mesh, map, S("values"), &text);
	if (values)
		take_values(d, mesh, text, values);
}

/* The letters between the marks of a certificate; *rest goes behind it. False: there is none. */
static bool next_certificate(struct draft *d, struct str *rest, struct str *out)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----",
			  end[] = "-----END CERTIFICATE-----";
	const char *from = rest->n ? memmem(rest->p, rest->n, begin, sizeof begin - 1) : NULL;
	const char *stop = rest->p + rest->n, *to;
	char *p;

	if (!from)
		return false;
	from += sizeof begin - 1;
	to = memmem(from, (size_t)(stop - from), end, sizeof end - 1);
	if (!to)
		return false;
	p = NEW(d->mem, char, (size_t)(to - from) + 1);
	*out = (struct str){ p, 0 };
	for (const char *c = from; c < to; c++)
		if (!strchr(" \t\r\n", *c))
			p[out->n++] = *c;
	*rest = (struct str){ to + sizeof end - 1,
			      (uint32_t)(stop - to) - (uint32_t)(sizeof end - 1) };
	return true;
}

static void read_trust_roots(struct draft *d, struct mesh *mesh)
{
	const struct resource *map = config_map(d, mesh, S("linkerd-identity-trust-roots"));
	const struct k8s_config_map *body = map ? map->body : NULL;
	struct str rest = body ? scalar_of(body->data, S("ca-bundle.crt")) : S(""), one;

	while (next_certificate(d, &rest, &one))
		vec_add(d->mem, &mesh->trust_roots, one);
	sort_unique_texts(d->mem, mesh->trust_roots.at, &mesh->trust_roots.n);
}

static struct str mark(const struct k8s_metadata *metadata, struct str key)
{
	for (uint32_t i = 0; metadata && i < metadata->labels.n; i++)
		if (str_eq(metadata->labels.item[i].key.s, key))
			return metadata->labels.item[i].value.s;
	return S("");
}

/* A controller carries the name of the cluster that it mirrors, whoever installed it. */
static void read_mirrors(struct draft *d, struct mesh *mesh)
{
	struct resources all = catalog_folder(d->catalog, KIND_DEPLOYMENT, d->cluster->name);

	for (uint32_t i = 0; i < all.n; i++) {
		const struct k8s_workload *body = all.at[i].body;
		const struct k8s_pod_template *pods =
			!all.at[i].broken && body->spec ? body->spec->template : NULL;
		struct str cluster = S("");

		if (!all.at[i].broken)
			cluster = mark(body->metadata, S("mirror.linkerd.io/cluster-name"));
		if (!cluster.n && pods)
			cluster = mark(pods->metadata, S("mirror.linkerd.io/cluster-name"));
		if (!cluster.n)
			continue;
		vec_add(d->mem, &mesh->mirrored, cluster);
		mesh->mirror_space = all.at[i].space;
	}
	sort_unique_texts(d->mem, mesh->mirrored.at, &mesh->mirrored.n);
}

void linkerd_config_read(struct draft *d, struct mesh *mesh)
{
	mesh->opaque_ports = DEFAULT_OPAQUE_PORTS;
	mesh->admits_foreign =
		true; /* whoever signed a caller's certificate counts, not what it is called */
	read_values(d, mesh);
	read_trust_roots(d, mesh);
	read_mirrors(d, mesh);
}
