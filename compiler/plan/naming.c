/*
 * Names and addresses that follow from a service alone, so that every cluster
 * and every run agrees on them.
 */
#include "base/base.h"

#include "plan/local.h"

#include "model/mesh_traits.h"

struct str policy_title(struct arena *mem, const struct resource *r)
{
	return str_format(mem, "%s %.*s/%.*s", kind_row(r->kind)->name, STR(r->space),
			  STR(r->name));
}

struct str host_local(struct arena *mem, const struct service *s)
{
	return str_join(mem, s->name, S("."), s->space, S(".svc."), s->cluster->domain);
}

struct str host_federated(struct arena *mem, const struct service *s, struct str suffix)
{
	return str_join(mem, s->name, S("."), s->space, S(".svc."), s->cluster->name, S("."),
			suffix);
}

struct str mirror_name(struct arena *mem, const struct service *s)
{
	return str_join(mem, s->name, S("-"), s->cluster->name);
}

struct str host_from(struct arena *mem, const struct builder *b, const struct service *s,
		     const struct cluster *c)
{
	const struct federated *f = b->federated[id_of(b, s)];

	if (s->cluster == c || !f)
		return host_local(mem, s);
	if (!mesh_traits(s->mesh)->mirrors)
		return f->host;
	return str_join(mem, mirror_name(mem, s), S("."), s->space, S(".svc."), c->domain);
}

/* {version: v1, foo: bar} -> foo-bar-version-v1, as Gloo names subsets. */
struct str subset_name(struct arena *mem, const struct labels *labels)
{
	struct str name = S("");

	for (uint32_t i = 0; i < labels->n; i++)
		name = str_format(mem, "%.*s%s%.*s-%.*s", STR(name), i ? "-" : "",
				  STR(labels->at[i].key), STR(labels->at[i].value));
	name = name_sanitize(mem, name);
	while (name.n && name.p[name.n - 1] == '-') /* of an empty value: no name ends so */
		name.n--;
	return name;
}

static uint32_t fnv1(uint32_t hash, struct str s)
{
	for (uint32_t i = 0; i < s.n; i++)
		hash = (hash * 16777619u) ^ (unsigned char)s.p[i];
	return hash;
}

/*
 * Gloo's virtual address (destinationutils/unique_ip.go): FNV-1 over name,
 * namespace, cluster and scope; its bytes, little end first, are the octets;
 * the first is lifted into 240.0.0.0/4.
 */
uint32_t federated_address(const struct service *s)
{
	uint32_t hash = 2166136261u;

	hash = fnv1(hash, s->name);
	hash = fnv1(hash, s->space);
	hash = fnv1(hash, s->cluster->name);
	hash = fnv1(hash, S("kube-service"));
	return ((hash & 0xff) | 240) << 24 | (hash >> 8 & 0xff) << 16 | (hash >> 16 & 0xff) << 8 |
	       hash >> 24;
}

struct str address_text(struct arena *mem, uint32_t a)
{
	return str_format(mem, "%u.%u.%u.%u", a >> 24, a >> 16 & 0xff, a >> 8 & 0xff, a & 0xff);
}

bool address_is_ip(struct str s)
{
	bool digits = s.n > 0;

	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':')
			return true;
		digits = digits && (s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9'));
	}
	return digits;
}

bool protocol_carries_http(enum port_protocol p)
{
	return p == PROTOCOL_AUTO || p == PROTOCOL_HTTP || p == PROTOCOL_HTTP2 ||
	       p == PROTOCOL_GRPC || p == PROTOCOL_GRPC_WEB;
}
