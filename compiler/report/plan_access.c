/*
 * The plan's document: who may call what.
 */
#include "base/base.h"
#include "report/local.h"

void put_identity(struct part p, const struct identity *i)
{
	part_text(p, "trustDomain", i->trust_domain);
	part_text(p, "namespace", i->space);
	part_text(p, "account", i->account);
	part_text(p, "issuer", i->issuer);
}

static void put_network(struct part p, const struct network *n)
{
	part_text(p, "cidr", n->cidr);
	part_texts(p, "except", n->except.at, n->except.n);
}

static void put_rule(struct part p, const struct access_rule *r)
{
	part_flag(p, "anybody", r->anybody);
	PUT_EACH(p, "identities", &r->identities, put_identity);
	PUT_EACH(p, "networks", &r->networks, put_network);
	part_texts(p, "paths", r->paths.at, r->paths.n);
	part_texts(p, "methods", r->methods.at, r->methods.n);
	part_ints(p, "ports", r->ports.at, r->ports.n);
	part_declaration(p, "policy", r->policy);
	part_place(p, r->at);
}

static void put_rule_of_guard(struct part p, const struct access_rule *const *r)
{
	put_rule(p, *r);
}

static void put_label(struct part p, const struct label *l)
{
	part_text(p, "key", l->key);
	part_text(p, "value", l->value);
}

static void put_pods(struct part p, const struct pod_selector *pods)
{
	struct part selector;

	if (!pods->with.n && !pods->without.n)
		return;
	selector = part_map(p, "pods");
	part_labels(selector, "with", &pods->with);
	PUT_EACH(selector, "without", &pods->without, put_label);
}

static void put_probe(struct part p, const struct probe *probe)
{
	part_text(p, "path", probe->path);
	part_int(p, "port", probe->port);
}

void put_guard(struct part p, const struct guard_plan *g)
{
	part_mesh(p, "mesh", g->mesh);
	part_text(p, "name", g->name);
	part_text(p, "namespace", g->space);
	put_pods(p, &g->pods);
	part_int(p, "port", g->port);
	part_text(p, "protocol", str_of(port_protocol_name(g->protocol)));
	PUT_EACH(p, "rules", &g->rules, put_rule_of_guard);
	PUT_EACH(p, "probes", &g->probes, put_probe);
	part_sources(p, &g->sources);
}

void put_access(struct part p, const struct access_plan *a)
{
	static const char *const words[] = {
		[ACCESS_SERVICE] = "service",
		[ACCESS_NOTHING] = "nothing",
		[ACCESS_GATEWAY] = "gateway",
	};

	part_text(p, "kind", str_of(words[a->kind]));
	part_mesh(p, "mesh", a->mesh);
	part_service(p, a->service);
	part_labels(p, "selector", &a->selector);
	PUT_EACH(p, "rules", &a->rules, put_rule);
	part_sources(p, &a->sources);
}
