/*
 * A root that comes from a Secret -> a Bundle of trust-manager, which writes the
 * ConfigMap that proxies judge callers by (linkerd.io, "Automatically Rotating
 * Control Plane TLS Credentials").
 *
 * Only the certificate leaves the Secret. The installation must not write the same
 * ConfigMap, and the Secret must be where trust-manager looks.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#define ROOTS S("linkerd-identity-trust-roots")
#define ROOT_KEY S("root-cert.pem") /* as Gloo names it in the Secret */

static const struct object_type bundle = { "trust.cert-manager.io",
					   "trust.cert-manager.io/v1alpha1", "Bundle",
					   STAGE_DEFINE };

static void require_secret(struct lowering *lw, const struct trust_plan *t)
{
	require(lw, (struct requirement){
			    .kind = S("Secret"),
			    .space = t->space,
			    .name = t->secret,
			    .what = str_join(lw->mem, S("a root certificate under `"), ROOT_KEY,
					     S("`")),
			    .action = str_format(lw->mem,
						 "`%.*s` must be the namespace that trust-manager "
						 "reads (`app.trust.namespace`)",
						 STR(t->space)),
			    .state = REQUIREMENT_UNKNOWN,
			    .by = t->virtual_mesh,
			    .asked = t->at });
}

static void require_external(struct lowering *lw, const struct trust_plan *t)
{
	require(lw, (struct requirement){
			    .kind = S("ConfigMap"),
			    .space = t->mesh->install_space,
			    .name = S("linkerd-config"),
			    .what = S("`identity.externalCA: true`"),
			    .action = S("set it in the values of the linkerd-control-plane chart, "
					"which writes the roots itself otherwise"),
			    .state = t->mesh->missing_config.n ? REQUIREMENT_UNKNOWN
				     : t->mesh->external_roots ? REQUIREMENT_MET
							       : REQUIREMENT_ABSENT,
			    .by = t->virtual_mesh,
			    .asked = t->at,
			    .at = t->mesh->at });
}

void linkerd_trust(struct lowering *lw, const struct trust_plan *t)
{
	struct node *spec = node_map(lw->mem, t->at), *source, *target, *map;

	source = add_map(lw, put_seq(lw, spec, S("sources"), t->at), t->at);
	source = put_map(lw, source, S("secret"), t->at);
	put_text(lw, source, S("name"), t->secret, t->at);
	put_text(lw, source, S("key"), ROOT_KEY, t->at);
	target = put_map(lw, spec, S("target"), t->at);
	put_text(lw, put_map(lw, target, S("configMap"), t->at), S("key"), S("ca-bundle.crt"),
		 t->at);
	map = put_map(lw, put_map(lw, target, S("namespaceSelector"), t->at), S("matchLabels"),
		      t->at);
	put_text(lw, map, S("kubernetes.io/metadata.name"), t->mesh->install_space, t->at);
	add_source(lw, new_object(lw, &bundle, S(""), ROOTS, t->at, spec), t->virtual_mesh);
	require_secret(lw, t);
	require_external(lw, t);
}
