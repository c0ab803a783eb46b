/*
 * The plan's document: what goes from one cluster to another, seen from both sides, and
 * what the meshes must know of each other for it.
 */
#include "base/base.h"
#include "report/local.h"

#include "schema/encode.h"

static void put_port(struct part p, const struct mesh_port *port)
{
	part_int(p, "number", port->number);
	part_int(p, "target", port->target);
	part_text(p, "name", port->name);
	part_text(p, "protocol", str_of(port_protocol_name(port->protocol)));
}

static void put_locality(struct part p, const struct locality *l)
{
	struct part place;

	if (!l->region.n && !l->zone.n)
		return;
	place = part_map(p, "locality");
	part_text(place, "region", l->region);
	part_text(place, "zone", l->zone);
}

static void put_endpoint(struct part p, const struct endpoint *e)
{
	part_text(p, "address", e->address);
	part_int(p, "port", e->port);
	part_labels(p, "labels", &e->labels);
	put_locality(p, &e->locality);
	part_text(p, "network", e->network);
}

void put_import(struct part p, const struct import *i)
{
	part_service_anywhere(p, i->service);
	part_declaration(p, "virtualMesh", i->virtual_mesh);
	part_text(p, "host", i->host);
	part_text(p, "address", i->address);
	part_text(p, "mirror", i->mirror);
	PUT_EACH(p, "ports", &i->ports, put_port);
	PUT_EACH(p, "endpoints", &i->endpoints, put_endpoint);
	part_flag(p, "byName", i->by_name);
	PUT_EACH(p, "identities", &i->identities, put_identity);
	if (i->keepalive)
		part_tree(p, "keepalive", encode(p.doc.mem, &shape_tcp_keepalive, i->keepalive));
}

void put_export(struct part p, const struct export_plan *e)
{
	part_service(p, e->service);
	part_declaration(p, "virtualMesh", e->virtual_mesh);
	part_text(p, "host", e->host);
	part_text(p, "address", e->address);
	PUT_EACH(p, "ports", &e->ports, put_port);
	part_texts(p, "gatewayNamespaces", e->gateway_spaces.at, e->gateway_spaces.n);
	PUT_EACH(p, "subsets", &e->subsets, put_subset);
	part_flag(p, "flat", e->flat);
	part_flag(p, "clusterset", e->clusterset);
	part_texts(p, "to", e->to.at, e->to.n);
	part_texts(p, "markedFor", e->marked_for.at, e->marked_for.n);
}

void put_gateway(struct part p, const struct gateway_plan *g)
{
	part_service(p, g->service);
	part_mesh(p, "mesh", g->mesh);
	part_declaration(p, "virtualMesh", g->virtual_mesh);
	part_labels(p, "selector", &g->selector);
	part_text(p, "suffix", g->suffix);
	part_texts(p, "addresses", g->addresses.at, g->addresses.n);
	part_int(p, "port", g->port);
	part_int(p, "containerPort", g->container_port);
	PUT_EACH(p, "identities", &g->identities, put_identity);
}

void put_trust(struct part p, const struct trust_plan *t)
{
	part_mesh(p, "mesh", t->mesh);
	part_declaration(p, "virtualMesh", t->virtual_mesh);
	part_text(p, "secret", t->secret);
	part_text(p, "namespace", t->space);
	part_place(p, t->at);
}

/* Whole it stands in the plan of its own cluster. */
static void put_gateway_of_peer(struct part p, const struct gateway_plan *const *g)
{
	part_service_anywhere(p, (*g)->service);
}

void put_peer(struct part p, const struct peer_plan *peer)
{
	part_mesh(p, "mesh", peer->mesh);
	part_mesh(p, "own", peer->own);
	part_declaration(p, "virtualMesh", peer->virtual_mesh);
	part_flag(p, "flat", peer->flat);
	part_flag(p, "selective", peer->selective);
	part_flag(p, "clusterset", peer->clusterset);
	PUT_EACH(p, "gateways", &peer->gateways, put_gateway_of_peer);
}

static void put_member(struct part p, const struct service *const *member)
{
	part_service_anywhere(p, *member);
}

void put_clusterset(struct part p, const struct clusterset_plan *c)
{
	part_text(p, "name", c->name);
	part_text(p, "namespace", c->space);
	part_text(p, "host", c->host);
	PUT_EACH(p, "members", &c->members, put_member);
	part_declaration(p, "virtualMesh", c->virtual_mesh);
}
