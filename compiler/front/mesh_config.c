/*
 * What an Istio control plane's own ConfigMap says about it.
 *
 * The text is YAML inside a YAML string. Only values leave this file, no spans:
 * a finding about it stands at the ConfigMap.
 */
#include "base/base.h"
#include "front/local.h"
#include "model/mesh_traits.h"
#include "schema/model.gen.h"

static const struct node *find_text(struct draft *d, const struct mesh *mesh,
				    const struct resource *map, struct str key)
{
	const struct k8s_config_map *body = map->body;
	const struct node *text = node_get(body->data, key);

	if (text && text->kind == NODE_STRING)
		return text;
	report_mesh_config_invalid(d->diags, map->at, mesh->name,
				   str_format(d->mem, "it has no key `%.*s`", STR(key)));
	return NULL;
}

const struct node *mesh_config_root(struct draft *d, const struct mesh *mesh,
				    const struct resource *map, struct str key,
				    const struct node **text)
{
	struct files files = files_new(d->mem);
	struct diags quiet = diags_new(d->mem);
	struct documents documents = { 0 };
	const struct node *root;
	uint32_t id;

	*text = find_text(d, mesh, map, key);
	if (!*text)
		return NULL;
	id = files_add(&files, key, (*text)->u.text);
	yaml_read(d->mem, &quiet, files_get(&files, id), &documents);
	if (quiet.errors) {
		struct str why = finding_message(d->mem, quiet.all.at[0]);

		report_mesh_config_invalid(d->diags, (*text)->at, mesh->name, why);
		return NULL;
	}
	root = documents.all.n == 1 ? documents.all.at[0].root : NULL;
	if (root && root->kind == NODE_MAP)
		return root;
	report_mesh_config_invalid(d->diags, (*text)->at, mesh->name, S("it is not an object"));
	return NULL;
}

void mesh_config_name(struct draft *d, struct mesh *mesh, const struct node *text, struct str value,
		      int strictness, struct str *into)
{
	const char *why;

	if (!value.n)
		return;
	why = name_fault(value, strictness);
	if (!why) {
		*into = value;
		return;
	}
	report_mesh_config_invalid(d->diags, text->at, mesh->name,
				   str_format(d->mem, "`%.*s`: %s", STR(value), why));
}

/* An identity of one of these is one of the mesh's own to every policy. */
static void take_aliases(struct draft *d, struct mesh *mesh, const struct node *text,
			 const struct node *list)
{
	for (uint32_t i = 0; list && list->kind == NODE_SEQ && i < list->n; i++) {
		struct str alias = { 0 };

		if (list->u.items[i]->kind == NODE_STRING)
			mesh_config_name(d, mesh, text, list->u.items[i]->u.text, NAME_SUBDOMAIN,
					 &alias);
		if (alias.n)
			vec_add(d->mem, &mesh->trust_aliases, alias);
	}
	sort_unique_texts(d->mem, mesh->trust_aliases.at, &mesh->trust_aliases.n);
}

void mesh_config_read(struct draft *d, struct mesh *mesh, bool required)
{
	struct str name = mesh_config_map(d->mem, mesh);
	const struct resource *map = catalog_find(d->catalog, KIND_CONFIG_MAP, d->cluster->name,
						  mesh->install_space, name);
	const struct node *text, *root, *proxy;

	if (!map) {
		if (required)
			report_mesh_config_missing(d->diags, mesh->at, mesh->name, name);
		return;
	}
	root = map->broken ? NULL : mesh_config_root(d, mesh, map, S("mesh"), &text);
	if (!root)
		return;
	mesh_config_name(d, mesh, text, scalar_of(root, S("trustDomain")), NAME_SUBDOMAIN,
			 &mesh->trust_domain);
	take_aliases(d, mesh, text, node_get(root, S("trustDomainAliases")));
	mesh_config_name(d, mesh, text, scalar_of(root, S("rootNamespace")), NAME_LABEL,
			 &mesh->root_space);
	proxy = node_get(node_get(root, S("defaultConfig")), S("proxyMetadata"));
	mesh->dns_proxying = str_eq(scalar_of(proxy, S("ISTIO_META_DNS_CAPTURE")), S("true"));
}
