/*
 * Callers of a Server or an HTTPRoute -> AuthorizationPolicies and what they refer to.
 *
 *	identities             MeshTLSAuthentication: any of them
 *	addresses              NetworkAuthentication: any of them
 *	identities, addresses  one policy that refers to both: both must hold
 *	anybody                NetworkAuthentication of all addresses
 *
 * A policy refers to at most one of each (linkerd-policy-controller, admission.rs), so
 * callers that differ in their addresses stand in several policies.
 */
#include "base/base.h"
#include "target/linkerd/local.h"

#define GROUP "policy.linkerd.io"

static const struct object_type authorization = { GROUP, GROUP "/v1alpha1", "AuthorizationPolicy",
						  STAGE_ALLOW };
static const struct object_type mesh_tls = { GROUP, GROUP "/v1alpha1", "MeshTLSAuthentication",
					     STAGE_DEFINE };
static const struct object_type network_type = { GROUP, GROUP "/v1alpha1", "NetworkAuthentication",
						 STAGE_DEFINE };

/* Grants of one policy: they have the addresses in common. */
struct batch {
	bool anybody;
	struct identity_list identities;
	const struct networks *networks;
	struct resource_list sources;
	struct span at;
};

struct batches {
	VEC(struct batch) all;
};

static bool same_text_lists(const struct network *a, const struct network *b)
{
	if (!str_eq(a->cidr, b->cidr) || a->except.n != b->except.n)
		return false;
	for (uint32_t i = 0; i < a->except.n; i++)
		if (!str_eq(a->except.at[i], b->except.at[i]))
			return false;
	return true;
}

static bool fits(const struct batch *batch, const struct grant *g)
{
	if (batch->anybody != g->anybody || batch->networks->n != g->networks.n)
		return false;
	for (uint32_t i = 0; i < g->networks.n; i++)
		if (!same_text_lists(&batch->networks->at[i], &g->networks.at[i]))
			return false;
	return true;
}

static void add_grant(struct lowering *lw, struct batches *out, const struct grant *g)
{
	struct batch *batch = NULL;

	for (uint32_t i = 0; i < out->all.n && !batch; i++)
		batch = fits(&out->all.at[i], g) ? &out->all.at[i] : NULL;
	if (!batch) {
		batch = vec_push(lw->mem, &out->all);
		*batch = (struct batch){ .anybody = g->anybody,
					 .networks = &g->networks,
					 .at = g->at };
	}
	for (uint32_t i = 0; i < g->identities.n; i++)
		identities_add(lw->mem, &batch->identities, g->identities.at[i]);
	for (uint32_t i = 0; i < g->sources.n; i++)
		vec_add(lw->mem, &batch->sources, g->sources.at[i]);
}

static void put_ref(struct lowering *lw, struct node *list, const struct object_type *type,
		    struct str name, struct span at)
{
	struct node *ref = add_map(lw, list, at);

	put_text(lw, ref, S("group"), str_of(type->group), at);
	put_text(lw, ref, S("kind"), str_of(type->kind), at);
	put_text(lw, ref, S("name"), name, at);
}

static void put_network(struct lowering *lw, struct node *list, struct str cidr,
			const struct network *of, struct span at)
{
	struct node *item = add_map(lw, list, at), *except;

	put_text(lw, item, S("cidr"), cidr, at);
	if (!of || !of->except.n)
		return;
	except = put_seq(lw, item, S("except"), at);
	for (uint32_t i = 0; i < of->except.n; i++)
		add_text(lw, except, of->except.at[i], at);
}

static void put_networks(struct lowering *lw, const struct batch *batch, struct str space,
			 struct str name)
{
	struct node *spec = node_map(lw->mem, batch->at);
	struct node *list = put_seq(lw, spec, S("networks"), batch->at);

	for (uint32_t i = 0; i < batch->networks->n; i++)
		put_network(lw, list, batch->networks->at[i].cidr, &batch->networks->at[i],
			    batch->at);
	if (!batch->networks->n) {
		put_network(lw, list, S("0.0.0.0/0"), NULL, batch->at);
		put_network(lw, list, S("::/0"), NULL, batch->at);
	}
	ADD_SOURCES(lw, new_object(lw, &network_type, space, name, batch->at, spec),
		    batch->sources);
}

static void put_identities(struct lowering *lw, const struct batch *batch, struct str space,
			   struct str name)
{
	struct node *spec = node_map(lw->mem, batch->at);
	struct node *list = put_seq(lw, spec, S("identities"), batch->at);

	for (uint32_t i = 0; i < batch->identities.n; i++)
		add_text(lw, list, linkerd_identity(lw->mem, &batch->identities.at[i]), batch->at);
	ADD_SOURCES(lw, new_object(lw, &mesh_tls, space, name, batch->at, spec), batch->sources);
}

static void put_policy(struct lowering *lw, const struct batch *batch, const struct authorized *to,
		       struct str name)
{
	struct node *spec = node_map(lw->mem, batch->at), *target, *refs;

	target = put_map(lw, spec, S("targetRef"), batch->at);
	put_text(lw, target, S("group"), str_of(to->group), batch->at);
	put_text(lw, target, S("kind"), str_of(to->kind), batch->at);
	put_text(lw, target, S("name"), to->name, batch->at);
	/* An empty list would let everybody in. */
	refs = put_seq(lw, spec, S("requiredAuthenticationRefs"), batch->at);
	if (!batch->anybody) {
		put_ref(lw, refs, &mesh_tls, name, batch->at);
		put_identities(lw, batch, to->space, name);
	}
	if (batch->anybody || batch->networks->n) {
		put_ref(lw, refs, &network_type, name, batch->at);
		put_networks(lw, batch, to->space, name);
	}
	ADD_SOURCES(lw, new_object(lw, &authorization, to->space, name, batch->at, spec),
		    batch->sources);
}

/* api-8080, api-8080.also, api-8080.also.2: never the name of another target. */
static struct str policy_name(struct lowering *lw, const struct authorized *to, uint32_t number)
{
	if (number < 2)
		return number ? str_join(lw->mem, to->name, S(".also")) : to->name;
	return str_format(lw->mem, "%.*s.also.%u", STR(to->name), number);
}

void linkerd_authorize(struct lowering *lw, const struct grants *grants,
		       const struct grant_set *callers, const struct authorized *to)
{
	struct batches batches = { { 0 } };

	for (uint32_t i = 0; i < callers->n; i++)
		add_grant(lw, &batches, &grants->at[callers->at[i]]);
	for (uint32_t i = 0; i < batches.all.n; i++)
		put_policy(lw, &batches.all.at[i], to, policy_name(lw, to, i));
}
