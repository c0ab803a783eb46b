/*
 * Who may call -> AuthorizationPolicy.
 *
 *	nobody, unless another policy lets them    spec: {} in the root namespace
 *	callers of a service                       ALLOW with a rule per AccessPolicy
 *	anybody to a gateway                       ALLOW with rules: [{}]
 */
#include "base/base.h"
#include "target/istio/local.h"

#include "base/limit.h"

static void put_strs(struct lowering *lw, struct node *map, struct str key, const struct str *texts,
		     uint32_t n, struct span at)
{
	struct node *list;

	if (!n)
		return;
	list = put_seq(lw, map, key, at);
	for (uint32_t i = 0; i < n; i++)
		add_text(lw, list, texts[i], at);
}

static void put_principals(struct lowering *lw, struct node *source, const struct access_rule *rule)
{
	struct node *principals;

	if (rule->anybody)
		return;
	principals = put_seq(lw, source, S("principals"), rule->at);
	for (uint32_t i = 0; i < rule->identities.n; i++)
		add_text(lw, principals, istio_principal(lw, &rule->identities.at[i]), rule->at);
}

struct str_list {
	VEC(struct str) all;
};

static void add_once(struct lowering *lw, struct str_list *list, struct str s)
{
	for (uint32_t i = 0; i < list->all.n; i++)
		if (str_eq(list->all.at[i], s))
			return;
	vec_add(lw->mem, &list->all, s);
}

/*
 * Addresses of clients, as proxies in front say them (X-Forwarded-For, PROXY protocol).
 * What one range leaves out no other lets in, so exceptions need not stand beside theirs.
 */
static void put_addresses(struct lowering *lw, struct node *source, const struct access_rule *rule)
{
	struct str_list blocks = { { 0 } }, holes = { { 0 } };

	for (uint32_t i = 0; i < rule->networks.n; i++) {
		const struct network *network = &rule->networks.at[i];

		add_once(lw, &blocks, network->cidr);
		for (uint32_t k = 0; k < network->except.n; k++)
			add_once(lw, &holes, network->except.at[k]);
	}
	put_strs(lw, source, S("remoteIpBlocks"), blocks.all.at, blocks.all.n, rule->at);
	put_strs(lw, source, S("notRemoteIpBlocks"), holes.all.at, holes.all.n, rule->at);
}

static void put_callers(struct lowering *lw, struct node *item, const struct access_rule *rule)
{
	struct node *from, *source;

	if (rule->anybody && !rule->networks.n)
		return;
	from = add_map(lw, put_seq(lw, item, S("from"), rule->at), rule->at);
	source = put_map(lw, from, S("source"), rule->at);
	put_principals(lw, source, rule);
	put_addresses(lw, source, rule);
}

static void put_requests(struct lowering *lw, struct node *item, const struct access_rule *rule)
{
	struct node *to, *operation, *ports;

	if (!rule->paths.n && !rule->methods.n && !rule->ports.n)
		return;
	to = add_map(lw, put_seq(lw, item, S("to"), rule->at), rule->at);
	operation = put_map(lw, to, S("operation"), rule->at);
	put_strs(lw, operation, S("paths"), rule->paths.at, rule->paths.n, rule->at);
	put_strs(lw, operation, S("methods"), rule->methods.at, rule->methods.n, rule->at);
	if (!rule->ports.n)
		return;
	ports = put_seq(lw, operation, S("ports"), rule->at);
	for (uint32_t i = 0; i < rule->ports.n; i++)
		add_text(lw, ports, str_format(lw->mem, "%" PRIu32, rule->ports.at[i]), rule->at);
}

/* Without callers a rule would let everybody in; it means nobody, so it is left out. ALLOW without rules denies. */
static void put_rules(struct lowering *lw, struct node *spec, const struct access_plan *a)
{
	struct node *list = node_seq(lw->mem, spec->at);

	for (uint32_t i = 0; i < a->rules.n; i++) {
		const struct access_rule *rule = &a->rules.at[i];
		struct node *item;

		if (!rule->anybody && !rule->identities.n)
			continue;
		item = add_map(lw, list, rule->at);
		put_callers(lw, item, rule);
		put_requests(lw, item, rule);
	}
	if (list->n)
		node_put(lw->mem, spec, S("rules"), list);
}

static struct str name_of(struct lowering *lw, const struct access_plan *a)
{
	switch (a->kind) {
	case ACCESS_SERVICE:
		return a->service->name;
	case ACCESS_NOTHING:
		return S("global-access-control");
	case ACCESS_GATEWAY:
		return str_format(lw->mem, "allow-ingress-gateway-%.*s", STR(a->service->name));
	}
	BUG("access kind %d", (int)a->kind);
}

void istio_authorization_policy(struct lowering *lw, const struct access_plan *a)
{
	struct span at = a->sources.n ? a->sources.at[0]->at : (struct span){ 0 };
	struct node *spec = node_map(lw->mem, at), *selector;
	struct str name = name_of(lw, a);
	struct str space = a->service ? a->service->space : a->mesh->root_space;
	struct object *object;

	if (a->kind != ACCESS_NOTHING) {
		/* An empty selector would mean the whole namespace. */
		if (!a->selector.n)
			BUG("access to %.*s selects no workload", STR(name));
		selector = put_map(lw, spec, S("selector"), at);
		put_labels(lw, selector, S("matchLabels"), &a->selector, at);
		put_text(lw, spec, S("action"), S("ALLOW"), at);
		put_rules(lw, spec, a);
		check_limit(lw, at,
			    str_format(lw->mem, "rules of AuthorizationPolicy %.*s", STR(name)),
			    a->rules.n, LIMIT_RULES);
	}
	object = istio_object(lw, ISTIO_AUTHORIZATION_POLICY, space, name, at, spec);
	if (a->kind == ACCESS_NOTHING)
		object->stage = STAGE_DENY;
	ADD_SOURCES(lw, object, a->sources);
}
