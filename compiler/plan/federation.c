/*
 * Who may call whose services: what each virtual mesh federates, to which
 * meshes, under which host and address.
 *
 * A mesh is never federated to itself, nor to another mesh of its own cluster:
 * there the local name works.
 */
#include "base/base.h"

#include "plan/local.h"

#include "base/limit.h"
#include "base/sort.h"
#include "model/mesh_traits.h"

struct work {
	struct arena *mem;
	struct diags *diags;
	struct builder *builder;
	struct map addresses; /* address -> struct federated * */
};

uint32_t mesh_index(const struct inventory *inventory, const struct mesh *mesh)
{
	return (uint32_t)(mesh - inventory->meshes);
}

static const struct virtual_mesh_spec *spec_of(const struct resource *r)
{
	return ((const struct virtual_mesh *)r->body)->spec;
}

static struct str mesh_title(struct arena *mem, const struct mesh *mesh)
{
	return str_format(mem, "%.*s.%.*s", STR(mesh->name), STR(mesh->space));
}

/* First by key wins, so that the rest of the plan is of one piece; the error stops the output anyway. */
static void claim_meshes(struct work *x, const struct resource *virtual_mesh)
{
	const struct virtual_mesh_spec *spec = spec_of(virtual_mesh);
	struct builder *b = x->builder;

	for (uint32_t i = 0; i < spec->meshes.n; i++) {
		const struct object_ref *ref = &spec->meshes.item[i];
		const struct mesh *mesh =
			inventory_mesh(&b->snapshot->inventory, ref->name.s, ref->namespace.s);
		const struct resource **owner;
		struct finding *f;

		if (!mesh)
			continue;
		owner = &b->virtual_mesh[mesh_index(&b->snapshot->inventory, mesh)];
		if (!*owner) {
			*owner = virtual_mesh;
			continue;
		}
		f = report_mesh_in_two(x->diags, ref->at, mesh_title(x->mem, mesh),
				       policy_title(x->mem, *owner),
				       policy_title(x->mem, virtual_mesh));
		note(f, (*owner)->at, "it is already in this one");
		help(f, "a mesh has one trust and one federation: list it once");
	}
}

static bool is_member(const struct builder *b, const struct mesh *mesh,
		      const struct resource *virtual_mesh)
{
	return b->virtual_mesh[mesh_index(&b->snapshot->inventory, mesh)] == virtual_mesh;
}

/* true: every mesh that the selectors name is a member. */
static bool check_selector_meshes(struct work *x, const struct resource *virtual_mesh)
{
	const struct federation *spec = spec_of(virtual_mesh)->federation;
	bool sound = true;

	for (uint32_t i = 0; i < spec->selectors.n; i++) {
		const struct federation_selector *selector = &spec->selectors.item[i];

		for (uint32_t j = 0; j < selector->meshes.n; j++) {
			const struct object_ref *ref = &selector->meshes.item[j];
			const struct mesh *mesh = inventory_mesh(&x->builder->snapshot->inventory,
								 ref->name.s, ref->namespace.s);

			if (mesh && is_member(x->builder, mesh, virtual_mesh))
				continue;
			sound = false;
			if (mesh)
				help(report_mesh_outside(x->diags, ref->at,
							 mesh_title(x->mem, mesh),
							 policy_title(x->mem, virtual_mesh)),
				     "add it to `meshes` of the virtual mesh, or leave it out "
				     "here");
		}
	}
	return sound;
}

static bool selector_admits_mesh(const struct federation_selector *selector,
				 const struct mesh *mesh)
{
	if (!selector->meshes.n)
		return true;
	for (uint32_t i = 0; i < selector->meshes.n; i++)
		if (str_eq(selector->meshes.item[i].name.s, mesh->name) &&
		    str_eq(selector->meshes.item[i].namespace.s, mesh->space))
			return true;
	return false;
}

static bool selector_has_service(const struct federation_selector *selector,
				 const struct service *s)
{
	if (!selector->destination_selectors.n)
		return true;
	for (uint32_t i = 0; i < selector->destination_selectors.n; i++)
		if (destination_selector_matches(&selector->destination_selectors.item[i], s))
			return true;
	return false;
}

/* Without selectors `permissive` federates everything to everybody; without both nothing is. */
static bool is_federated(const struct federation *spec, const bool *selected, const struct mesh *to)
{
	if (!spec->selectors.n)
		return spec->permissive != NULL;
	for (uint32_t i = 0; i < spec->selectors.n; i++)
		if (selected[i] && selector_admits_mesh(&spec->selectors.item[i], to))
			return true;
	return false;
}

/* A mesh that does not make Services of them must resolve hosts that only meshc's output knows. */
static void check_dns(struct work *x, const struct federation *spec, const struct mesh *to)
{
	struct span at = given(spec->hostname_suffix) ? spec->hostname_suffix.at : spec->at;
	struct str title = mesh_title(x->mem, to), suffix = spec->hostname_suffix.s;

	if (mesh_traits(to)->mirrors || to->dns_proxying)
		return;
	help(str_eq(suffix, S("global")) ? report_dns_proxy_advised(x->diags, at, title, suffix)
					 : report_dns_proxy_required(x->diags, at, title, suffix),
	     "%s of cluster `%.*s`", mesh_traits(to)->resolve_help, STR(to->cluster->name));
}

/* One virtual mesh while its services are looked at. */
struct member_list {
	const struct resource *virtual_mesh;
	const struct federation *spec;
	VEC(const struct mesh *) meshes;
	bool *selected;        /* per federation selector: matches the service at hand */
	bool *calling;         /* per mesh of the list: imports something of the mesh at hand */
	bool *crossing;        /* per mesh of the list: would import, but is of another kind */
	bool *importing;       /* per mesh of the list */
	bool found, federated; /* some service: is selected; is federated */
};

/* The annotation's value; NULL: it has none. */
static const struct text *annotation_of(const struct resource *r, struct str key)
{
	for (uint32_t i = 0; r->metadata && i < r->metadata->annotations.n; i++)
		if (str_eq(r->metadata->annotations.item[i].key.s, key))
			return &r->metadata->annotations.item[i].value;
	return NULL;
}

bool is_clusterset(const struct resource *virtual_mesh)
{
	const struct text *said = annotation_of(virtual_mesh, S(CLUSTERSET));

	return said && str_eq(said->s, S("true"));
}

static struct federated *federated_new(struct work *x, const struct member_list *m,
				       const struct service *s)
{
	struct federated *f = NEW(x->mem, struct federated, 1);

	f->service = s;
	f->virtual_mesh = m->virtual_mesh;
	f->spec = m->spec;
	f->suffix = m->spec->hostname_suffix.s;
	f->flat = m->spec->flat_network.v;
	f->clusterset = is_clusterset(m->virtual_mesh);
	f->host = host_federated(x->mem, s, f->suffix);
	x->builder->federated[id_of(x->builder, s)] = f;
	return f;
}

/* Datagrams never meet a gateway. */
static bool has_stream_port(const struct service *s)
{
	for (uint32_t i = 0; i < s->ports.n; i++)
		if (s->ports.at[i].protocol != PROTOCOL_UDP)
			return true;
	return false;
}

static bool admits(const struct mesh *mesh, struct str trust_domain)
{
	bool own = mesh->admits_foreign || str_eq(mesh->trust_domain, trust_domain);

	for (uint32_t i = 0; i < mesh->trust_aliases.n && !own; i++)
		own = str_eq(mesh->trust_aliases.at[i], trust_domain);
	return own;
}

/* A caller with a valid certificate of another trust domain is refused all the same. */
static void check_trust(struct work *x, const struct member_list *m, const struct mesh *from,
			const struct mesh *to)
{
	struct finding *f;

	if (admits(from, to->trust_domain))
		return;
	f = report_foreign_trust_refused(x->diags, m->spec->at, mesh_title(x->mem, from),
					 to->trust_domain);
	note(f, from->at, "this mesh");
	help(f, "%s in cluster `%.*s`", mesh_traits(from)->admit_help, STR(from->cluster->name));
}

/*
 * The name of a mirror is made in the consumer's cluster, where nobody looks whether
 * it is free or short enough.
 */
static void check_mirror(struct work *x, const struct member_list *m, const struct service *s,
			 const struct cluster *c)
{
	struct str name = mirror_name(x->mem, s);
	const struct service *taken = cluster_service(c, s->space, name);

	if (name.n > LIMIT_LABEL_BYTES)
		note(report_value_too_long(x->diags, m->spec->at, name,
					   str_format(x->mem, "%u", LIMIT_LABEL_BYTES)),
		     s->at, "the service that would be mirrored by this name");
	if (!taken && !cluster_has_plain_service(c, s->space, name))
		return;
	note(report_mirror_name_taken(x->diags, m->spec->at, service_title(x->mem, s), name,
				      s->space, c->name),
	     taken ? taken->at : s->at, taken ? "the other service" : "the service to be mirrored");
}

static bool is_named(const struct federation *spec, const struct service *s)
{
	for (uint32_t i = 0; i < spec->selectors.n; i++) {
		const struct federation_selector *selector = &spec->selectors.item[i];

		for (uint32_t k = 0; k < selector->destination_selectors.n; k++) {
			struct destination_selector names = selector->destination_selectors.item[k];

			names.kube_service_matcher = NULL;
			if (destination_selector_matches(&names, s))
				return true;
		}
	}
	return false;
}

/* Behind a gateway must be somebody who ends the mesh's TLS: another gateway would not. */
static bool is_refused_gateway(struct work *x, const struct member_list *m, const struct service *s)
{
	if (!runs_proxies_only(s))
		return false;
	if (is_named(m->spec, s))
		note(report_gateway_not_federated(x->diags, m->spec->at, service_title(x->mem, s)),
		     s->at, "this service");
	return true;
}

static void federate(struct work *x, struct member_list *m, const struct service *s)
{
	struct federated *f = NULL;

	if (is_refused_gateway(x, m, s))
		return;
	m->found |= m->spec->permissive != NULL;
	for (uint32_t i = 0; i < m->spec->selectors.n; i++) {
		m->selected[i] = selector_has_service(&m->spec->selectors.item[i], s);
		m->found |= m->selected[i];
	}
	for (uint32_t i = 0; i < m->meshes.n; i++) {
		const struct mesh *to = m->meshes.at[i];

		if (to->cluster == s->cluster || !is_federated(m->spec, m->selected, to))
			continue;
		if (to->kind != s->mesh->kind) {
			m->crossing[i] = m->federated = true;
			continue;
		}
		if (!has_stream_port(s)) {
			note(report_no_stream_port(x->diags, m->spec->at, service_title(x->mem, s)),
			     s->at, "this service");
			m->federated = true; /* nothing more to say */
			return;
		}
		if (!f)
			f = federated_new(x, m, s);
		vec_add(x->mem, &f->to, to);
		if (mesh_traits(s->mesh)->mirrors)
			check_mirror(x, m, s, to->cluster);
		m->importing[i] = m->calling[i] = true;
	}
	m->federated |= f != NULL;
}

/* No proxy of the one can check a certificate of the other, nor does it know its names. */
static void refuse_crossing(struct work *x, const struct member_list *m, const struct mesh *from,
			    const struct mesh *to)
{
	struct finding *f = report_cross_mesh(
		x->diags, m->spec->at, mesh_title(x->mem, from), str_of(mesh_traits(from)->name),
		mesh_title(x->mem, to), str_of(mesh_traits(to)->name));

	note(f, to->at, "this mesh");
	help(f, "name the meshes that may call them in `selectors[].meshes`, or give each kind of "
		"mesh a virtual mesh of its own");
}

static void federate_services(struct work *x, struct member_list *m, const struct mesh *from)
{
	const struct cluster *c = from->cluster;

	for (uint32_t i = 0; i < m->meshes.n; i++)
		m->calling[i] = m->crossing[i] = false;
	for (uint32_t i = 0; i < c->n_services; i++)
		if (c->services[i].mesh == from)
			federate(x, m, &c->services[i]);
	for (uint32_t i = 0; i < m->meshes.n; i++) {
		if (m->calling[i])
			check_trust(x, m, from, m->meshes.at[i]);
		if (m->crossing[i])
			refuse_crossing(x, m, from, m->meshes.at[i]);
	}
}

static void federate_mesh(struct work *x, const struct resource *virtual_mesh)
{
	struct builder *b = x->builder;
	const struct inventory *inventory = &b->snapshot->inventory;
	struct member_list m = { .virtual_mesh = virtual_mesh,
				 .spec = spec_of(virtual_mesh)->federation };
	bool sound;

	if (!m.spec)
		return;
	sound = check_selector_meshes(x, virtual_mesh);
	for (uint32_t i = 0; i < inventory->n_meshes; i++)
		if (is_member(b, &inventory->meshes[i], virtual_mesh))
			vec_add(x->mem, &m.meshes, &inventory->meshes[i]);
	m.selected = NEW(x->mem, bool, m.spec->selectors.n);
	m.importing = NEW(x->mem, bool, m.meshes.n);
	m.calling = NEW(x->mem, bool, m.meshes.n);
	m.crossing = NEW(x->mem, bool, m.meshes.n);
	for (uint32_t i = 0; i < m.meshes.n; i++)
		federate_services(x, &m, m.meshes.at[i]);
	for (uint32_t i = 0; i < m.meshes.n; i++)
		if (m.importing[i])
			check_dns(x, m.spec, m.meshes.at[i]);
	if (sound && m.found && !m.federated)
		help(report_nothing_federated(x->diags, m.spec->at,
					      policy_title(x->mem, virtual_mesh)),
		     "a service that a selector matches is federated to the virtual mesh's meshes "
		     "of "
		     "other clusters");
}

static int by_host(const void *a, const void *b)
{
	return str_cmp((*(struct federated *const *)a)->host,
		       (*(struct federated *const *)b)->host);
}

/* A taken address: the lexically later host moves to the next free one, and says so. */
static void place(struct work *x, struct federated *f)
{
	uint32_t wanted = federated_address(f->service), address = wanted;
	void **slot = map_put(&x->addresses, address_text(x->mem, address));

	while (*slot) {
		address = (address + 1) | 240u << 24;
		slot = map_put(&x->addresses, address_text(x->mem, address));
	}
	*slot = f;
	f->address = address_text(x->mem, address);
	if (address != wanted)
		report_address_moved(x->diags, f->service->at, address_text(x->mem, wanted),
				     f->host, f->address);
}

static void place_all(struct work *x)
{
	struct builder *b = x->builder;
	VEC(struct federated *) hosts = { 0 };

	for (service_id id = 0; id < b->n_services; id++)
		if (b->federated[id] && !mesh_traits(b->federated[id]->service->mesh)->mirrors)
			vec_add(x->mem, &hosts, b->federated[id]);
	sort_stable(x->mem, hosts.at, hosts.n, sizeof *hosts.at, by_host);
	x->addresses = map_new(x->mem);
	for (uint32_t i = 0; i < hosts.n; i++)
		place(x, hosts.at[i]);
}

static void list_ends(struct work *x)
{
	struct builder *b = x->builder;

	for (service_id id = 0; id < b->n_services; id++) {
		const struct federated *f = b->federated[id];

		if (!f)
			continue;
		vec_add(x->mem, &b->exports[f->service->cluster->index], id);
		for (uint32_t i = 0; i < f->to.n; i++) {
			struct id_list *list = &b->imports[f->to.at[i]->cluster->index];

			if (!list->n || list->at[list->n - 1] != id)
				vec_add(x->mem, list, id);
		}
	}
}

bool is_federated_to(const struct builder *b, const struct service *s, const struct cluster *c)
{
	const struct federated *f = b->federated[id_of(b, s)];

	for (uint32_t i = 0; f && i < f->to.n; i++)
		if (f->to.at[i]->cluster == c)
			return true;
	return false;
}

void federation_build(struct arena *mem, struct diags *diags, struct builder *b)
{
	const struct snapshot *snapshot = b->snapshot;
	struct work x = { .mem = mem, .diags = diags, .builder = b };

	b->federated = NEW(mem, struct federated *, b->n_services);
	b->imports = NEW(mem, struct id_list, snapshot->inventory.n_clusters);
	b->exports = NEW(mem, struct id_list, snapshot->inventory.n_clusters);
	b->virtual_mesh = NEW(mem, const struct resource *, snapshot->inventory.n_meshes);
	for (uint32_t i = 0; i < snapshot->virtual_meshes.n; i++)
		claim_meshes(&x, snapshot->virtual_meshes.at[i]);
	for (uint32_t i = 0; i < snapshot->virtual_meshes.n; i++)
		federate_mesh(&x, snapshot->virtual_meshes.at[i]);
	place_all(&x);
	list_ends(&x);
}
