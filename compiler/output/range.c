/*
 * Parts of lists that are sorted by path: everything below one folder stands together.
 */
#include "base/base.h"
#include "output/local.h"

typedef struct str (*path_of)(const void *items, uint32_t i);

/* First of the items whose path is not before the prefix, and then the first that does not start with it. */
static struct range below(const void *items, uint32_t n, path_of path, struct str prefix)
{
	struct range r = { 0, n };
	uint32_t end = n;

	while (r.from < r.to) {
		uint32_t middle = r.from + (r.to - r.from) / 2;

		if (str_cmp(path(items, middle), prefix) < 0)
			r.from = middle + 1;
		else
			r.to = middle;
	}
	while (r.to < end) {
		uint32_t middle = r.to + (end - r.to) / 2;

		if (str_starts(path(items, middle), prefix))
			r.to = middle + 1;
		else
			end = middle;
	}
	return r;
}

static struct str row_path(const void *items, uint32_t i)
{
	return ((const struct change_row *)items)[i].path;
}

static struct str file_path(const void *items, uint32_t i)
{
	return ((const struct output_file *)items)[i].path;
}

struct range rows_below(const struct changes *c, struct str prefix)
{
	return below(c->all.at, c->all.n, row_path, prefix);
}

struct range files_below(const struct fileset *set, struct str prefix)
{
	return below(set->all.at, set->all.n, file_path, prefix);
}

bool pass_takes(const struct output_pass *p, struct str prefix, struct str part)
{
	return !p->takes || p->takes(p->takes_cx, str_join(p->mem, prefix, part, S("/")));
}
