/*
 * Documents -> resources, file by file.
 *
 * A document says what it is (apiVersion, kind, metadata.name); the row of
 * kinds.def says how it is read and where it may stand. What is broken stays in
 * the catalog as broken, so that whoever refers to it hears nothing.
 */
#include "base/base.h"
#include "front/local.h"
#include "schema/decode.h"
#include "schema/model.gen.h"

static struct span scalar_at(const struct node *map, struct str key)
{
	const struct node *value = node_get(map, key);

	return value ? value->at : map->at;
}

/* Where something is missing from an object: its first key. */
static struct span head(const struct node *map)
{
	return map->n ? map->u.pairs[0].key_at : map->at;
}

static bool is_namespaced(enum kind kind)
{
	return kind != KIND_FLEET && kind != KIND_CLUSTER && kind != KIND_NAMESPACE &&
	       kind != KIND_NODE && kind != KIND_CRD;
}

/* Gloo's objects live beside Gloo, everything else where kubectl would put it. */
static struct str default_space(const struct reader *r, enum kind kind)
{
	if (!is_namespaced(kind))
		return S("");
	return kind_row(kind)->role == ROLE_RAW ? S("default") : r->fleet->gloo_namespace;
}

static const struct metadata *metadata_of(const struct shape *shape, const void *body)
{
	for (uint32_t i = 0; i < shape->n_fields; i++)
		if (!strcmp(shape->fields[i].name, "metadata"))
			return *(const struct metadata *const *)((const char *)body +
								 shape->fields[i].offset);
	return NULL;
}

static bool is_name_usable(struct reader *r, struct str name, struct span at, int strictness)
{
	const char *why = name_fault(name, strictness);

	if (why)
		report_bad_name(r->diags, at, name, str_of(why));
	return !why;
}

static bool are_names_usable(struct reader *r, const struct node *metadata, enum kind kind,
			     struct resource *out)
{
	bool raw = kind_row(kind)->role == ROLE_RAW;
	bool sound = is_name_usable(r, out->name, out->at, raw ? NAME_ANY : NAME_SUBDOMAIN);
	struct str space = scalar_of(metadata, S("namespace"));

	out->space = is_namespaced(kind) && space.n ? space : default_space(r, kind);
	if (space.n && !is_name_usable(r, space, scalar_at(metadata, S("namespace")),
				       raw ? NAME_ANY : NAME_LABEL))
		sound = false;
	return sound;
}

static void add_torn(struct reader *r)
{
	struct decoded *out = r->out;

	if (!out->torn.n || !str_eq(out->torn.at[out->torn.n - 1], r->source->folder))
		vec_add(r->mem, &out->torn, r->source->folder);
}

static void read_resource(struct reader *r, const struct node *root, enum kind kind)
{
	const struct kind_row *row = kind_row(kind);
	const struct node *metadata = node_get(root, S("metadata"));
	struct resource resource = { .kind = kind, .folder = r->source->folder };
	bool sound = true;

	resource.name = scalar_of(metadata, S("name"));
	if (!resource.name.n) {
		report_missing_name(r->diags, head(root));
		add_torn(r);
		return;
	}
	resource.at = scalar_at(metadata, S("name"));
	if (!are_names_usable(r, metadata, kind, &resource))
		sound = false;
	resource.body = decode(r->mem, r->diags, row->shape, root, &sound);
	if (row->role != ROLE_RAW)
		resource.metadata = metadata_of(row->shape, resource.body);
	resource.broken = !sound;
	if (!sound && row->role != ROLE_DECLARATION)
		add_torn(r);
	vec_add(r->mem, &r->out->all, resource);
}

static bool is_kubeconfig(const struct node *root, const struct identity *id)
{
	return str_eq(id->kind, S("Config")) && str_eq(id->api, S("v1")) &&
	       node_get(root, S("users"));
}

/* Kinds that are never decoded. */
static void leave_out(struct reader *r, const struct identity *id, enum tally_kind what)
{
	bool secret = str_eq(id->kind, S("Secret")) && str_eq(id->api, S("v1"));

	if (r->source->place == SOURCE_INVENTORY && r->source->folder.n)
		tally_count(r->mem, &r->out->tally, what, r->source->folder, id->kind, id->kind_at);
	else if (secret)
		report_secret(r->diags, id->kind_at, S("a Secret"));
	else if (what == TALLY_SKIPPED)
		refuse_misplaced(r, id, ROLE_RAW);
	else
		refuse_unknown(r, id);
}

static void read_later(struct reader *r, const struct identity *id)
{
	if (r->source->place == SOURCE_DECLARATION)
		report_not_implemented(r->diags, id->kind_at, id->kind);
	else
		refuse_misplaced(r, id, ROLE_DECLARATION);
}

/* Quotes stay: the file may be JSON. */
static void fix_scalar(struct reader *r, struct finding *f, const struct node *scalar,
		       struct str text)
{
	bool quoted = scalar->style == STYLE_QUOTED;

	fix(f, scalar->at, quoted ? str_format(r->mem, "\"%.*s\"", STR(text)) : text);
}

static void rename_old(struct reader *r, const struct node *root, struct identity *id)
{
	struct identity old = *id;
	struct finding *f;

	if (!legacy_rename(&id->api, &id->kind))
		return;
	if (str_eq(old.kind, id->kind)) {
		f = report_deprecated_api(r->diags, id->api_at, old.api, id->api);
		help(f, "write `apiVersion: %.*s`", STR(id->api));
		fix_scalar(r, f, node_get(root, S("apiVersion")), id->api);
		return;
	}
	f = report_deprecated_api(r->diags, id->kind_at,
				  str_format(r->mem, "%.*s %.*s", STR(old.api), STR(old.kind)),
				  str_format(r->mem, "%.*s %.*s", STR(id->api), STR(id->kind)));
	help(f, "write `apiVersion: %.*s` and `kind: %.*s`", STR(id->api), STR(id->kind));
}

static bool is_last(const struct reader *r, const struct identity *id)
{
	return str_eq(id->kind, r->last.kind) && str_eq(id->api, r->last.api);
}

static void judge(struct reader *r, const struct node *root, struct identity *id)
{
	if (is_last(r, id))
		return;
	rename_old(r, root, id);
	r->last = (struct verdict){ .api = id->api, .kind = id->kind };
	r->last.fate = kind_fate(id->api, id->kind, &r->last.row);
}

static void read_kind(struct reader *r, const struct node *root, struct identity *id)
{
	enum kind kind;

	judge(r, root, id);
	kind = r->last.row;
	if (is_kubeconfig(root, id)) {
		report_secret(r->diags, id->kind_at, S("a kubeconfig"));
		return;
	}
	switch (r->last.fate) {
	case KIND_READ:
		if (is_at_home(r->source, kind_row(kind)->role))
			read_resource(r, root, kind);
		else
			refuse_misplaced(r, id, kind_row(kind)->role);
		return;
	case KIND_SKIPPED:
		leave_out(r, id, TALLY_SKIPPED);
		return;
	case KIND_LATER:
		read_later(r, id);
		return;
	case KIND_UNKNOWN:
		leave_out(r, id, TALLY_UNUSED);
		return;
	}
}

static const struct node *list_items(const struct node *root, struct str kind)
{
	const struct node *items = str_ends(kind, S("List")) ? node_get(root, S("items")) : NULL;

	return items && (items->kind == NODE_SEQ || items->kind == NODE_NULL) ? items : NULL;
}

/* `list`: what a typed list (ServiceList) says of items that do not say it themselves; NULL: nothing. */
static void read_object(struct reader *r, const struct node *root, const struct identity *list)
{
	struct identity id = { 0 };
	const struct node *items;

	if (root->kind != NODE_MAP) {
		report_document_not_map(r->diags, root->at, str_of(node_kind_name(root->kind)));
		return;
	}
	id.api = scalar_of(root, S("apiVersion"));
	id.kind = scalar_of(root, S("kind"));
	id.api_at = id.api.n ? scalar_at(root, S("apiVersion")) : head(root);
	id.kind_at = id.kind.n ? scalar_at(root, S("kind")) : head(root);
	if (list && !id.api.n)
		id.api = list->api;
	if (list && !id.kind.n)
		id.kind = list->kind;
	if (!id.api.n)
		report_missing_api_version(r->diags, id.api_at);
	if (!id.kind.n)
		report_missing_kind(r->diags, id.kind_at);
	if (!id.api.n || !id.kind.n)
		return;
	items = list_items(root, id.kind);
	if (!items) {
		read_kind(r, root, &id);
		return;
	}
	id.kind = str_slice(id.kind, 0, id.kind.n - 4);
	for (uint32_t i = 0; items->kind == NODE_SEQ && i < items->n; i++)
		read_object(r, items->u.items[i], id.kind.n ? &id : NULL);
}

static bool has_fleet(const struct decoded *out, uint32_t from)
{
	for (uint32_t i = from; i < out->all.n; i++)
		if (out->all.at[i].kind == KIND_FLEET)
			return true;
	return false;
}

void read_documents(struct reader *r, const struct documents *documents)
{
	struct span start = { r->source->file, 0, 0 };
	uint32_t errors = r->diags->errors, first = r->out->all.n;
	bool broken = false;

	for (uint32_t i = 0; i < documents->all.n; i++) {
		const struct document *document = &documents->all.at[i];

		broken = broken || document->broken;
		if (document->broken && r->source->place == SOURCE_INVENTORY)
			add_torn(r);
		if (document->root && !document->broken)
			read_object(r, document->root, NULL);
	}
	if (r->source->place != SOURCE_FLEET) {
		if (!documents->all.n)
			report_empty_file(r->diags, start);
	} else if (!broken && errors == r->diags->errors && !has_fleet(r->out, first)) {
		report_fleet_missing(r->diags, start);
	}
}
