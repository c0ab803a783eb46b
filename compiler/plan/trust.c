/*
 * The root that the meshes of a virtual mesh share.
 *
 * Keys and certificates never come near the repository, so what a mesh gets is a
 * reference: the name of the Secret in its own cluster. A mesh that cannot take
 * its roots from a bundle is set up by other means, and that is said.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

static const struct virtual_mesh_spec *spec_of(const struct resource *r)
{
	return ((const struct virtual_mesh *)r->body)->spec;
}

static const struct object_ref *secret_of(const struct virtual_mesh_spec *spec)
{
	const struct mtls_config *config = spec->mtls_config;
	const struct root_certificate_authority *root =
		config && config->shared ? config->shared->root_certificate_authority : NULL;

	return root ? root->secret : NULL;
}

static void add_trust(struct arena *mem, struct plan *plan, const struct resource *virtual_mesh,
		      const struct mesh *mesh, const struct object_ref *secret)
{
	struct trust_plan *t = vec_push(mem, &plan->clusters[mesh->cluster->index].trusts);

	t->mesh = mesh;
	t->virtual_mesh = virtual_mesh;
	t->secret = secret->name.s;
	t->space = secret->namespace.s;
	t->at = secret->at;
}

/* What says how certificates are made: a mesh that is given its root makes them as it was installed to. */
static void report_parts(struct diags *diags, const struct mtls_config *config)
{
	const struct common_cert_options *options = config->shared->intermediate_cert_options;
	const struct rotation_verification_method *method = config->rotation_verification_method;
	const struct {
		struct span at;
		struct str path;
	} parts[] = {
		{ options ? options->at : (struct span){ 0 },
		  S("mtlsConfig.shared.intermediateCertOptions") },
		{ config->auto_restart_pods.at, S("mtlsConfig.autoRestartPods") },
		{ method ? method->at : (struct span){ 0 },
		  S("mtlsConfig.rotationVerificationMethod") },
		{ config->rotation_strategy.at, S("mtlsConfig.rotationStrategy") },
	};

	for (uint32_t i = 0; i < countof(parts); i++)
		if (span_set(parts[i].at))
			report_trust_part_not_emitted(diags, parts[i].at, parts[i].path);
}

static void trust_of(struct arena *mem, struct diags *diags, const struct builder *b,
		     const struct resource *virtual_mesh, struct plan *plan)
{
	const struct inventory *inventory = &b->snapshot->inventory;
	const struct virtual_mesh_spec *spec = spec_of(virtual_mesh);
	const struct object_ref *secret = secret_of(spec);
	uint32_t without = inventory->n_meshes;
	bool takes_root = false;
	struct finding *f;

	for (uint32_t i = 0; spec->mtls_config && i < inventory->n_meshes; i++) {
		if (b->virtual_mesh[i] != virtual_mesh)
			continue;
		if (secret && mesh_traits(&inventory->meshes[i])->bundles_roots) {
			add_trust(mem, plan, virtual_mesh, &inventory->meshes[i], secret);
			takes_root = true;
		} else if (without == inventory->n_meshes) {
			without = i;
		}
	}
	if (takes_root)
		report_parts(diags, spec->mtls_config);
	if (without == inventory->n_meshes)
		return;
	f = report_trust_not_emitted(diags, spec->mtls_config->at, inventory->meshes[without].name);
	note(f, inventory->meshes[without].at, "this mesh");
	help(f, "the meshes must already share a root of trust");
}

void trust_build(struct arena *mem, struct diags *diags, const struct builder *b, struct plan *plan)
{
	for (uint32_t i = 0; i < b->snapshot->virtual_meshes.n; i++)
		trust_of(mem, diags, b, b->snapshot->virtual_meshes.at[i], plan);
}
