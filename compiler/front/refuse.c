/*
 * Documents that are refused for what they are: kinds nobody knows, and kinds
 * that stand where they have no effect. Each finding says where they belong or
 * what was probably meant.
 */
#include "base/base.h"
#include "front/local.h"

static struct str place_name(const struct reader *r)
{
	switch (r->source->place) {
	case SOURCE_FLEET:
		return S("meshc.yaml");
	case SOURCE_DECLARATION:
		return S("a folder of declarations");
	case SOURCE_INVENTORY:
		break;
	}
	if (!r->source->folder.n)
		return S("the inventory outside of a cluster's folder");
	return str_format(r->mem, "the inventory of cluster `%.*s`", STR(r->source->folder));
}

bool is_at_home(const struct source *source, enum role role)
{
	bool inventory = source->place == SOURCE_INVENTORY;

	switch (role) {
	case ROLE_FLEET:
		return source->place == SOURCE_FLEET;
	case ROLE_DECLARATION:
		return source->place == SOURCE_DECLARATION;
	case ROLE_INVENTORY:
		return inventory;
	case ROLE_RAW:
		return inventory && source->folder.n;
	case ROLE_ANYWHERE:
		return source->place != SOURCE_FLEET;
	}
	return false;
}

static void say_home(struct reader *r, struct finding *f, enum role role)
{
	struct str inventory = r->fleet->inventory;
	struct str mesh = r->fleet->mesh.n ? r->fleet->mesh.at[0] : S("mesh");

	switch (role) {
	case ROLE_FLEET:
		help(f, "it belongs in meshc.yaml");
		return;
	case ROLE_DECLARATION:
		help(f, "it belongs below `%.*s`", STR(mesh));
		return;
	case ROLE_INVENTORY:
	case ROLE_RAW:
		help(f, "it belongs below `%.*s/<cluster>`", STR(inventory));
		return;
	case ROLE_ANYWHERE:
		help(f, "it belongs below `%.*s` or `%.*s`", STR(mesh), STR(inventory));
		return;
	}
}

void refuse_misplaced(struct reader *r, const struct identity *id, enum role role)
{
	say_home(r, report_misplaced_kind(r->diags, id->kind_at, id->kind, place_name(r)), role);
}

/* Names of the kinds of one API, or of all APIs when `api` is empty. */
static struct str nearest_known(struct reader *r, struct str wanted, struct str api)
{
	VEC(struct str) names = { 0 };
	struct str name, its_api;

	for (uint32_t i = 0; kind_name_at(i, &name, &its_api); i++) {
		if (!api.n)
			vec_add(r->mem, &names, its_api);
		else if (str_eq(api, its_api))
			vec_add(r->mem, &names, name);
	}
	return str_nearest(wanted, names.at, names.n);
}

static bool is_known_api(struct str api)
{
	struct str name, its_api;

	for (uint32_t i = 0; kind_name_at(i, &name, &its_api); i++)
		if (str_eq(api, its_api))
			return true;
	return false;
}

static struct str api_of_kind(struct str kind)
{
	struct str name, api;

	for (uint32_t i = 0; kind_name_at(i, &name, &api); i++)
		if (str_eq(kind, name))
			return api;
	return (struct str){ 0 };
}

static void report_unknown_api(struct reader *r, const struct identity *id)
{
	struct finding *f = report_unknown_api_version(r->diags, id->api_at, id->api);
	struct str api = api_of_kind(id->kind);

	if (!api.n)
		api = nearest_known(r, id->api, S(""));
	if (!api.n)
		return;
	if (str_eq(api, api_of_kind(id->kind)))
		help(f, "%.*s is of `%.*s`", STR(id->kind), STR(api));
	else
		help(f, "closest: `%.*s`", STR(api));
}

void refuse_unknown(struct reader *r, const struct identity *id)
{
	struct str near;
	struct finding *f;

	if (!is_known_api(id->api)) {
		report_unknown_api(r, id);
		return;
	}
	near = nearest_known(r, id->kind, id->api);
	f = report_unknown_kind(r->diags, id->kind_at, id->kind, id->api);
	if (near.n) {
		help(f, "use `%.*s`", STR(near));
		fix(f, id->kind_at, near);
	}
}
