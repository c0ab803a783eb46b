/*
 * The inventory as the compiler understood it. Everything is in the inventory's
 * own order, which is sorted.
 */
#include "base/base.h"
#include "report/inventory.h"

#include "model/mesh_traits.h"

#include "report/doc.h"
#include "report/table.h"

static struct str or_dash(struct str text)
{
	return text.n ? text : S("-");
}

static struct str revision_of(const struct mesh *mesh)
{
	return mesh->revision.n ? mesh->revision : S("default");
}

static void mesh_cells(struct table *t, const struct mesh *mesh)
{
	table_text(t, mesh ? mesh->name : S("-"));
	table_text(t, mesh ? str_of(mesh_kind_name(mesh->kind)) : S(""));
	table_text(t, mesh ? or_dash(mesh->version) : S(""));
	table_text(t, mesh ? revision_of(mesh) : S(""));
	table_text(t, mesh ? mesh->trust_domain : S(""));
	table_text(t, !mesh                        ? S("")
		      : mesh_traits(mesh)->mirrors ? S("-")
		      : mesh->dns_proxying         ? S("on")
						   : S("off"));
}

/* A cluster with two meshes takes two rows; its counts stand in the first. */
static void cluster_rows(struct table *t, const struct cluster *c)
{
	uint32_t rows = c->meshes.n ? c->meshes.n : 1;

	for (uint32_t i = 0; i < rows; i++) {
		table_text(t, i == 0 ? c->name : S(""));
		mesh_cells(t, c->meshes.n ? c->meshes.at[i] : NULL);
		if (i == 0) {
			table_number(t, c->n_services);
			table_number(t, c->n_workloads);
		} else {
			table_text(t, S(""));
			table_text(t, S(""));
		}
	}
}

static struct str ports_text(struct arena *mem, const struct service *s)
{
	struct buf b = buf_new(mem, 0);

	for (uint32_t i = 0; i < s->ports.n; i++)
		buf_format(&b, "%s%" PRIu32 "/%s", i ? "," : "", s->ports.at[i].number,
			   port_protocol_name(s->ports.at[i].protocol));
	return buf_view(&b);
}

static struct str addresses_text(struct arena *mem, const struct service *s)
{
	struct buf b = buf_new(mem, 0);

	for (uint32_t i = 0; i < s->addresses.n; i++) {
		if (i)
			buf_char(&b, ',');
		buf_str(&b, s->addresses.at[i]);
	}
	return buf_view(&b);
}

static void service_rows(struct table *t, const struct cluster *c)
{
	for (uint32_t i = 0; i < c->n_services; i++) {
		const struct service *s = &c->services[i];

		table_text(t, c->name);
		table_text(t, str_format(t->mem, "%.*s/%.*s", STR(s->space), STR(s->name)));
		table_text(t, or_dash(ports_text(t->mem, s)));
		table_number(t, s->workloads.n);
		table_text(t, addresses_text(t->mem, s));
	}
}

void report_inventory_text(struct buf *out, const struct inventory *in, bool with_services)
{
	static const char *const columns[] = { "cluster",   "mesh",     "kind",
					       "version",   "revision", "trust domain",
					       "dns proxy", "services", "workloads" };
	static const char *const service_columns[] = { "cluster", "service", "ports", "workloads",
						       "reachable at" };
	struct table clusters = table_new(out->mem, columns, countof(columns));
	struct table services = table_new(out->mem, service_columns, countof(service_columns));

	for (uint32_t i = 0; i < in->n_clusters; i++) {
		cluster_rows(&clusters, &in->clusters[i]);
		service_rows(&services, &in->clusters[i]);
	}
	table_write(&clusters, out);
	if (!with_services)
		return;
	buf_char(out, '\n');
	table_write(&services, out);
}

static void mesh_doc(struct doc d, const struct mesh *mesh)
{
	doc_text(d, "name", mesh->name);
	doc_text(d, "namespace", mesh->space);
	doc_text(d, "kind", str_of(mesh_kind_name(mesh->kind)));
	doc_text(d, "version", mesh->version);
	doc_text(d, "revision", revision_of(mesh));
	doc_text(d, "trustDomain", mesh->trust_domain);
	doc_bool(d, "dnsProxying", mesh->dns_proxying);
}

static void service_doc(struct doc d, const struct service *s)
{
	struct doc ports, addresses;

	doc_text(d, "namespace", s->space);
	doc_text(d, "name", s->name);
	doc_text(d, "mesh", s->mesh->name);
	ports = doc_list(d, "ports");
	for (uint32_t i = 0; i < s->ports.n; i++) {
		struct doc port = doc_item(ports);

		doc_int(port, "number", s->ports.at[i].number);
		doc_text(port, "name", s->ports.at[i].name);
		doc_text(port, "protocol", str_of(port_protocol_name(s->ports.at[i].protocol)));
	}
	addresses = doc_list(d, "addresses");
	for (uint32_t i = 0; i < s->addresses.n; i++)
		doc_add_text(addresses, s->addresses.at[i]);
}

static void cluster_doc(struct doc d, const struct cluster *c, bool with_services)
{
	struct doc meshes, services;

	doc_text(d, "name", c->name);
	doc_text(d, "network", c->network);
	doc_text(d, "region", c->locality.region);
	doc_text(d, "zone", c->locality.zone);
	doc_text(d, "domain", c->domain);
	meshes = doc_list(d, "meshes");
	for (uint32_t i = 0; i < c->meshes.n; i++)
		mesh_doc(doc_item(meshes), c->meshes.at[i]);
	doc_int(d, "services", c->n_services);
	doc_int(d, "workloads", c->n_workloads);
	if (!with_services)
		return;
	services = doc_list(d, "serviceList");
	for (uint32_t i = 0; i < c->n_services; i++)
		service_doc(doc_item(services), &c->services[i]);
}

void report_inventory_json(struct buf *out, const struct inventory *in, bool with_services)
{
	struct doc d = doc_new(out->mem);
	struct doc clusters;

	doc_text(d, "schema", S("meshc.dev/inventory/v1"));
	clusters = doc_list(d, "clusters");
	for (uint32_t i = 0; i < in->n_clusters; i++)
		cluster_doc(doc_item(clusters), &in->clusters[i], with_services);
	doc_write(d, out);
}
