/*
 * Ports of a service: what is spoken on them and which container port is behind.
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/model.gen.h"

/* The words that Istio knows; anything else is found out on the wire. */
static const struct {
	const char *name;
	enum port_protocol protocol;
} protocols[] = {
	{ "http", PROTOCOL_HTTP },   { "http2", PROTOCOL_HTTP2 }, { "grpc", PROTOCOL_GRPC },
	{ "https", PROTOCOL_HTTPS }, { "tls", PROTOCOL_TLS },     { "tcp", PROTOCOL_TCP },
	{ "mongo", PROTOCOL_MONGO }, { "redis", PROTOCOL_REDIS }, { "mysql", PROTOCOL_MYSQL },
	{ "udp", PROTOCOL_UDP },
};

/* Kubernetes has words of its own, in appProtocol only. */
static const struct {
	const char *name;
	enum port_protocol protocol;
} kubernetes_protocols[] = {
	{ "kubernetes.io/h2c", PROTOCOL_HTTP2 },
	{ "kubernetes.io/ws", PROTOCOL_HTTP },
	{ "kubernetes.io/wss", PROTOCOL_HTTPS },
};

/* Servers that speak first: sniffing would wait for a client that waits for them. */
static const uint32_t tcp_ports[] = { 25, 53, 3306, 27017 };

static enum port_protocol by_word(uint32_t number, struct str word)
{
	int64_t dash = str_find(word, '-');

	if (word.n >= 8 && str_eq_nocase(str_slice(word, 0, 8), S("grpc-web")))
		return PROTOCOL_GRPC_WEB;
	if (dash >= 0)
		word = str_slice(word, 0, (uint32_t)dash);
	for (uint32_t i = 0; i < countof(protocols); i++)
		if (str_eq_nocase(word, str_of(protocols[i].name)))
			return protocols[i].protocol;
	for (uint32_t i = 0; i < countof(tcp_ports); i++)
		if (number == tcp_ports[i])
			return PROTOCOL_TCP;
	return PROTOCOL_AUTO;
}

/* http-metrics -> HTTP, grpc-web -> GRPC_WEB, web -> AUTO; appProtocol counts before the name */
enum port_protocol protocol_of(uint32_t number, struct str name, struct str protocol,
			       struct str app_protocol)
{
	/* SCTP is as foreign to proxies as UDP. */
	if (protocol.n && !str_eq(protocol, S("TCP")))
		return PROTOCOL_UDP;
	for (uint32_t i = 0; i < countof(kubernetes_protocols); i++)
		if (str_eq(app_protocol, str_of(kubernetes_protocols[i].name)))
			return kubernetes_protocols[i].protocol;
	return by_word(number, app_protocol.n ? app_protocol : name);
}

/* 25,587,4444-4446: a number, or a number in a range. */
static bool is_listed(struct str list, uint32_t number)
{
	while (list.n) {
		int64_t comma = str_find(list, ',');
		struct str item = str_slice(list, 0, comma < 0 ? list.n : (uint32_t)comma);
		int64_t dash;

		list = comma < 0 ? S("") : str_slice(list, (uint32_t)comma + 1, list.n);
		while (item.n && item.p[0] == ' ')
			item = str_slice(item, 1, item.n);
		dash = str_find(item, '-');
		if (dash < 0 && port_number(item) == number)
			return true;
		if (dash > 0 && port_number(str_slice(item, 0, (uint32_t)dash)) <= number &&
		    number <= port_number(str_slice(item, (uint32_t)dash + 1, item.n)))
			return true;
	}
	return false;
}

/*
 * Linkerd reads nothing into the name of a port. appProtocol decides; a word that
 * it does not know means bytes; without one, ports listed as opaque are bytes and
 * the others are looked into.
 */
enum port_protocol protocol_without_names(const struct mesh *mesh, const struct labels *annotations,
					  uint32_t number, struct str protocol,
					  struct str app_protocol)
{
	struct str listed = label_get(annotations, S("config.linkerd.io/opaque-ports"));

	if (protocol.n && !str_eq(protocol, S("TCP")))
		return PROTOCOL_UDP;
	if (str_eq_nocase(app_protocol, S("http")))
		return PROTOCOL_HTTP;
	if (str_eq_nocase(app_protocol, S("kubernetes.io/h2c")))
		return PROTOCOL_HTTP2;
	if (app_protocol.n || is_listed(listed.p ? listed : mesh->opaque_ports, number))
		return PROTOCOL_TCP;
	return PROTOCOL_AUTO;
}

uint32_t target_named(const struct service *s, struct str name)
{
	for (uint32_t i = 0; i < s->workloads.n; i++) {
		const struct workload *w = s->workloads.at[i];

		for (uint32_t k = 0; k < w->ports.n; k++)
			if (str_eq(w->ports.at[k].name, name))
				return w->ports.at[k].number;
	}
	return 0;
}

/* targetPort: 8080 | http | nothing, which is the port itself; so is 0, as an API server leaves it */
static void take_target(const struct service *s, struct service_port *port,
			const struct node *target)
{
	if (target && target->kind == NODE_STRING && target->u.text.n) {
		port->target_name = target->u.text;
		port->target = target_named(s, target->u.text);
		return;
	}
	if (target && target->kind == NODE_INT)
		port->target = port_number(target->u.text);
	if (!port->target)
		port->target = port->number;
}

void ports_of(struct draft *d, struct service *s, const struct k8s_service *body)
{
	for (uint32_t i = 0; i < body->spec->ports.n; i++) {
		const struct k8s_service_port *said = &body->spec->ports.item[i];
		struct service_port *port = vec_push(d->mem, &s->ports);

		port->number = (uint32_t)said->port.v;
		port->node_port = (uint32_t)said->node_port.v;
		port->name = said->name.s;
		port->protocol =
			s->mesh->kind == MESH_LINKERD
				? protocol_without_names(s->mesh, &s->annotations, port->number,
							 said->protocol.s, said->app_protocol.s)
				: protocol_of(port->number, said->name.s, said->protocol.s,
					      said->app_protocol.s);
		take_target(s, port, said->target_port);
	}
}
