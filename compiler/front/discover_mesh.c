/*
 * Control planes: from their Deployments, from Gloo's Mesh objects, from the
 * cluster's settings, each correcting the ones before.
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/model.gen.h"

/* Known by their Deployments, those that meshc emits nothing for included: it says what it has found. */
static const struct {
	enum mesh_kind kind;
	const char *prefix, *image[2]; /* of the Deployment's name; all parts of the image's */
} planes[] = {
	{ MESH_ISTIO, "istiod", { "istio", "pilot" } },
	{ MESH_LINKERD, "linkerd-destination", { "controller", "" } },
	{ MESH_OSM, "osm-controller", { "osm-controller", "" } },
	{ MESH_CONSUL, "consul", { "consul-k8s", "" } },
	{ MESH_KUMA, "kuma-control-plane", { "kuma-cp", "" } },
	{ MESH_APP_MESH, "appmesh-controller", { "appmesh-controller", "" } },
	{ MESH_CILIUM, "clustermesh-apiserver", { "clustermesh-apiserver", "" } },
};

static bool has(struct str text, const char *part)
{
	return text.n && memmem(text.p, text.n, part, strlen(part)) != NULL;
}

/* registry:5000/istio/pilot:1.29.0@sha256:... -> 1.29.0 */
static struct str image_tag(struct str image)
{
	int64_t digest = str_find(image, '@'), at;

	if (digest >= 0)
		image = str_slice(image, 0, (uint32_t)digest);
	while ((at = str_find(image, '/')) >= 0)
		image = str_slice(image, (uint32_t)at + 1, image.n);
	at = str_find(image, ':');
	return at < 0 ? S("") : str_slice(image, (uint32_t)at + 1, image.n);
}

static const struct k8s_pod_spec *pod_spec(const struct k8s_workload *workload)
{
	if (!workload->spec || !workload->spec->template)
		return NULL;
	return workload->spec->template->spec;
}

static bool runs_image(const struct k8s_workload *workload, uint32_t plane, struct str *image)
{
	const struct k8s_pod_spec *pod = pod_spec(workload);

	for (uint32_t i = 0; pod && i < pod->containers.n; i++) {
		*image = pod->containers.item[i].image.s;
		if (has(*image, planes[plane].image[0]) && has(*image, planes[plane].image[1]))
			return true;
	}
	return false;
}

/* Without it istiod tells proxies to admit identities of the mesh's own trust domains only. */
static bool skips_trust_validation(const struct k8s_workload *workload)
{
	const struct k8s_pod_spec *pod = pod_spec(workload);

	for (uint32_t i = 0; pod && i < pod->containers.n; i++)
		for (uint32_t j = 0; j < pod->containers.item[i].env.n; j++) {
			const struct k8s_env_var *v = &pod->containers.item[i].env.item[j];

			if (str_eq(v->name.s, S("PILOT_SKIP_VALIDATE_TRUST_DOMAIN")))
				return str_eq(v->value.s, S("true"));
		}
	return false;
}

/* The label says it; older charts only the name: istiod-canary. */
static struct str revision_of(const struct resource *deployment, const struct k8s_workload *body)
{
	for (uint32_t i = 0; body->metadata && i < body->metadata->labels.n; i++)
		if (str_eq(body->metadata->labels.item[i].key.s, S("istio.io/rev")))
			return body->metadata->labels.item[i].value.s;
	if (str_starts(deployment->name, S("istiod-")))
		return str_slice(deployment->name, 7, deployment->name.n);
	return S("");
}

static struct str mesh_name(struct draft *d, struct str deployment, struct str space)
{
	return name_sanitize(d->mem, str_format(d->mem, "%.*s-%.*s-%.*s", STR(deployment),
						STR(space), STR(d->cluster->name)));
}

struct mesh *mesh_drafted(struct draft *d, struct str name, struct str space)
{
	for (uint32_t i = 0; i < d->meshes.n; i++)
		if (str_eq(d->meshes.at[i].name, name) && str_eq(d->meshes.at[i].space, space))
			return &d->meshes.at[i];
	return NULL;
}

static bool is_said(const struct draft *d, struct str name)
{
	for (uint32_t i = 0; i < d->meshes_said.n; i++)
		if (str_eq(d->meshes_said.at[i]->name, name))
			return true;
	return false;
}

static struct str space_of(const struct mesh_settings *s)
{
	if (given(s->namespace))
		return s->namespace.s;
	return s->kind.v == MESH_SETTINGS_KIND_LINKERD ? S("linkerd") : S("istio-system");
}

static bool settings_say_trust(const struct draft *d, struct str deployment, struct str space)
{
	for (uint32_t i = 0; d->settings && i < d->settings->meshes.n; i++) {
		const struct mesh_settings *s = &d->settings->meshes.item[i];

		if (str_eq(s->name.s, deployment) && str_eq(space_of(s), space))
			return given(s->trust_domain);
	}
	return false;
}

static void add_plane(struct draft *d, const struct resource *deployment, enum mesh_kind kind,
		      struct str image)
{
	struct mesh *mesh = vec_push(d->mem, &d->meshes);

	mesh->kind = kind;
	mesh->name = mesh_name(d, deployment->name, deployment->space);
	mesh->space = d->fleet->gloo_namespace;
	mesh->at = mesh->version_at = deployment->at;
	mesh->install_space = deployment->space;
	mesh->version = image_tag(image);
	if (kind == MESH_LINKERD)
		linkerd_config_read(d, mesh);
	if (kind != MESH_ISTIO)
		return;
	mesh->revision = revision_of(deployment, deployment->body);
	mesh->admits_foreign = skips_trust_validation(deployment->body);
	mesh_config_read(d, mesh,
			 !is_said(d, mesh->name) &&
				 !settings_say_trust(d, deployment->name, deployment->space));
}

static void take_deployment(struct draft *d, const struct resource *deployment)
{
	for (uint32_t k = 0; k < countof(planes); k++) {
		struct str image;

		if (!str_starts(deployment->name, str_of(planes[k].prefix)))
			continue;
		if (!runs_image(deployment->body, k, &image))
			continue;
		/* Consul has several Deployments of one image: one of them stands for the mesh. */
		if (planes[k].kind == MESH_CONSUL &&
		    !str_ends(deployment->name, S("connect-injector")))
			continue;
		add_plane(d, deployment, planes[k].kind, image);
		return;
	}
}

static void apply_settings(struct draft *d, const struct mesh_settings *s)
{
	struct str name = mesh_name(d, s->name.s, space_of(s));
	struct mesh *m = mesh_drafted(d, name, d->fleet->gloo_namespace);
	enum mesh_kind kind = s->kind.v == MESH_SETTINGS_KIND_LINKERD ? MESH_LINKERD : MESH_ISTIO;

	if (!m) {
		m = vec_push(d->mem, &d->meshes);
		*m = (struct mesh){ .kind = kind, .name = name, .at = s->at };
		m->space = d->fleet->gloo_namespace;
		m->install_space = space_of(s);
		m->version_at = s->at;
		if (kind == MESH_LINKERD)
			linkerd_config_read(d, m);
	}
	if (given(s->revision))
		m->revision = s->revision.s;
	if (given(s->version)) {
		m->version = s->version.s;
		m->version_at = s->version.at;
	}
	if (given(s->trust_domain)) {
		m->trust_domain = s->trust_domain.s;
		m->missing_config = S("");
	}
	if (given(s->root_namespace))
		m->root_space = s->root_namespace.s;
	if (given(s->dns_proxying))
		m->dns_proxying = s->dns_proxying.v;
	if (given(s->denies_by_default))
		m->denies = s->denies_by_default.v;
	if (given(s->foreign_trust_domains))
		m->admits_foreign = s->foreign_trust_domains.v;
}

static void complete(struct draft *d, struct mesh *mesh)
{
	mesh->cluster = d->cluster;
	mesh->release = release_of(mesh->kind, mesh->version);
	if (!mesh->trust_domain.n && mesh->kind == MESH_LINKERD)
		mesh->trust_domain = d->mesh_domain;
	if (!mesh->trust_domain.n)
		mesh->trust_domain = S("cluster.local");
	if (mesh->kind == MESH_ISTIO)
		mesh->trust_self = S("cluster.local");
	if (!mesh->root_space.n && mesh->kind == MESH_ISTIO)
		mesh->root_space = mesh->install_space;
	if (!mesh->region.n)
		mesh->region = d->cluster->locality.region;
}

void discover_meshes(struct draft *d)
{
	struct resources deployments =
		catalog_folder(d->catalog, KIND_DEPLOYMENT, d->cluster->name);

	for (uint32_t i = 0; i < deployments.n; i++)
		if (!deployments.at[i].broken)
			take_deployment(d, &deployments.at[i]);
	for (uint32_t i = 0; i < d->meshes_said.n; i++)
		gloo_mesh(d, d->meshes_said.at[i]);
	for (uint32_t i = 0; d->settings && i < d->settings->meshes.n; i++)
		apply_settings(d, &d->settings->meshes.item[i]);
	for (uint32_t i = 0; i < d->meshes.n; i++)
		complete(d, &d->meshes.at[i]);
}
