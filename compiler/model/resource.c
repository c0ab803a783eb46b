/*
 * The kinds of kinds.def as a table, and finding a row by what a document says.
 */
#include "base/base.h"
#include "model/resource.h"
#include "schema/model.gen.h"

static const struct kind_row rows[] = {
#define KIND(constant, type, name, api, role)                                                      \
	[KIND_##constant] = { name, api, role, &shape_##type },
#define ALSO(api, as)
#define SKIPPED(name, api)
#define LATER(name, api)
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
};

/* Kinds that are known by name only. */
struct other_row {
	const char *name, *api;
	enum kind_fate fate;
};

static const struct other_row others[] = {
#define KIND(constant, type, name, api, role)
#define ALSO(api, as)
#define SKIPPED(name, api) { name, api, KIND_SKIPPED },
#define LATER(name, api) { name, api, KIND_LATER },
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
};

static const struct {
	const char *api, *as;
} versions[] = {
#define KIND(constant, type, name, api, role)
#define ALSO(api, as) { api, as },
#define SKIPPED(name, api)
#define LATER(name, api)
#include "model/kinds.def"
#undef KIND
#undef ALSO
#undef SKIPPED
#undef LATER
};

_Static_assert(countof(rows) == KIND_MAX, "one row per kind");

const struct kind_row *kind_row(enum kind kind)
{
	return &rows[kind];
}

static struct str read_as(struct str api_version)
{
	for (uint32_t i = 0; i < countof(versions); i++)
		if (str_eq(api_version, str_of(versions[i].api)))
			return str_of(versions[i].as);
	return api_version;
}

bool kind_find(struct str api_version, struct str name, enum kind *out)
{
	api_version = read_as(api_version);
	for (uint32_t i = 0; i < countof(rows); i++) {
		if (!str_eq(name, str_of(rows[i].name)) ||
		    !str_eq(api_version, str_of(rows[i].api)))
			continue;
		*out = (enum kind)i;
		return true;
	}
	return false;
}

enum kind_fate kind_fate(struct str api_version, struct str name, enum kind *out)
{
	if (kind_find(api_version, name, out))
		return KIND_READ;
	for (uint32_t i = 0; i < countof(others); i++)
		if (str_eq(name, str_of(others[i].name)) &&
		    str_eq(api_version, str_of(others[i].api)))
			return others[i].fate;
	return KIND_UNKNOWN;
}

bool kind_name_at(uint32_t i, struct str *name, struct str *api)
{
	if (i >= countof(rows) + countof(others))
		return false;
	*name = str_of(i < countof(rows) ? rows[i].name : others[i - countof(rows)].name);
	*api = str_of(i < countof(rows) ? rows[i].api : others[i - countof(rows)].api);
	return true;
}
