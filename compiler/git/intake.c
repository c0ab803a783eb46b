/*
 * What holds for source files wherever they come from: see git/local.h.
 */
#include "base/base.h"
#include "git/local.h"

#include "base/limit.h"
#include "base/sort.h"

static const struct span nowhere;

struct intake intake_new(struct arena *mem, struct diags *diags, size_t max_file_bytes,
			 struct tree_listing *out)
{
	struct intake in = { .mem = mem,
			     .diags = diags,
			     .max_file_bytes = max_file_bytes,
			     .sound = true,
			     .out = out };

	for (uint32_t i = 0; out && i < out->all.n; i++)
		in.total += out->all.at[i].text.n;
	return in;
}

void intake_refuse(struct intake *in, struct str path, struct str why)
{
	in->sound = false;
	report_cannot_read(in->diags, nowhere, path, why);
}

void intake_refuse_link(struct intake *in, struct str path, const char *what)
{
	in->sound = false;
	report_link(in->diags, nowhere, path, str_of(what));
}

bool is_path_below_root(struct str path)
{
	struct str rest = path;

	if (!path.n || path.p[0] == '/' || memchr(path.p, '\0', path.n))
		return false;
	for (int64_t slash; (slash = str_find(rest, '/')) >= 0;
	     rest = str_slice(rest, (uint32_t)slash + 1, rest.n))
		if (slash == 0 || str_eq(str_slice(rest, 0, (uint32_t)slash), S("..")))
			return false;
	return rest.n && !str_eq(rest, S(".."));
}

bool is_source_name(struct str name)
{
	return str_ends(name, S(".yaml")) || str_ends(name, S(".yml")) ||
	       str_ends(name, S(".json"));
}

struct str path_below(struct arena *mem, struct str folder, struct str name)
{
	if (!folder.n || str_eq(folder, S(".")))
		return str_copy(mem, name);
	return str_format(mem, "%.*s/%.*s", STR(folder), STR(name));
}

bool intake_may_hold(struct intake *in, uint64_t bytes)
{
	if (in->total + bytes <= LIMIT_TOTAL_BYTES)
		return true;
	in->sound = false;
	in->full = true;
	report_total_too_large(in->diags, nowhere, str_format(in->mem, "%llu", LIMIT_TOTAL_BYTES));
	return false;
}

bool intake_has_room(struct intake *in, struct str path, uint64_t size)
{
	if (size > in->max_file_bytes) {
		in->sound = false;
		report_file_too_large(in->diags, nowhere, path,
				      str_format(in->mem, "%zu", in->max_file_bytes));
		return false;
	}
	return intake_may_hold(in, size);
}

bool intake_accepts(struct intake *in, struct str path, struct str text)
{
	in->total += text.n;
	if (!str_starts(text, S("version https://git-lfs.github.com/spec/")))
		return true;
	in->sound = false;
	report_lfs_pointer(in->diags, nowhere, path);
	return false;
}

void intake_overflow(struct intake *in)
{
	in->sound = false;
	in->full = true;
	report_too_many_files(in->diags, nowhere, str_format(in->mem, "%u", LIMIT_FILES));
}

bool intake_may_add(struct intake *in)
{
	if (in->out->all.n < LIMIT_FILES)
		return true;
	intake_overflow(in);
	return false;
}

bool intake_may_look(struct intake *in, struct str folder)
{
	if (in->diags->errors >= LIMIT_REFUSED) {
		in->full = true;
		return false;
	}
	if (in->seen++ < LIMIT_NAMES)
		return true;
	in->full = true;
	intake_refuse(in, folder,
		      str_format(in->mem, "there are more than %u names up to here", LIMIT_NAMES));
	return false;
}

void intake_add(struct intake *in, struct str path, struct str text)
{
	vec_add(in->mem, &in->out->all, ((struct tree_file){ path, text }));
}

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

bool intake_done(struct intake *in)
{
	sort_stable(in->mem, in->out->all.at, in->out->all.n, sizeof *in->out->all.at,
		    compare_files);
	return in->sound;
}
