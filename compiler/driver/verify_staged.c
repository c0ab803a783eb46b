/*
 * The index against itself: what stands in it as output, and what its sources compile
 * to. Nothing on disk counts and nothing is written.
 */
#include "base/base.h"
#include "driver/verify.h"

#include "driver/local.h"
#include "git/objects.h"

static const struct span nowhere;

struct freshness {
	struct run *run;
	struct verified *out;
	struct str folder;
};

static void refuse(struct freshness *f, struct finding *finding)
{
	help(finding, "`meshc build` and `git add %.*s` make it so", STR(f->folder));
}

static struct str full_path(struct freshness *f, struct str path)
{
	return str_format(f->run->mem, "%.*s/%.*s", STR(f->folder), STR(path));
}

static bool is_owned(struct str path)
{
	return str_starts(path, S("clusters/")) || str_starts(path, S("appliers/"));
}

/* Both are sorted by path. */
static void compare(struct freshness *f, const struct fileset *files,
		    const struct listed_files *there)
{
	struct diags *d = &f->run->diags;
	uint32_t i = 0, k = 0;

	while (i < files->all.n || k < there->n) {
		int order = i == files->all.n ? 1
			    : k == there->n   ? -1
					      : str_cmp(files->all.at[i].path, there->at[k].path);

		if (order > 0) {
			if (is_owned(there->at[k].path))
				refuse(f, report_output_foreign(d, nowhere,
								full_path(f, there->at[k].path)));
			k++;
			continue;
		}
		f->out->files++;
		if (order < 0)
			refuse(f, report_output_missing(d, nowhere,
							full_path(f, files->all.at[i].path)));
		else if (is_owned(there->at[k].path) &&
			 !same_hex(files->all.at[i].digest.hex, there->at[k].id.hex))
			refuse(f, report_edited_by_hand(d, nowhere,
							full_path(f, files->all.at[i].path)));
		k += !order;
		i++;
	}
}

bool verify_staged(struct run *run, struct result *result, struct verified *out)
{
	struct freshness f = { run, out, { 0 } };
	struct listed_files there;
	struct output_pass pass;
	struct objects index;

	*out = (struct verified){ .ref = S("the index") };
	run->options.root.kind = ROOT_STAGED;
	if (!compile(run, result) || !objects_open(run->mem, &run->diags, run->options.root.from,
						   run->options.root.repository, NULL, &index))
		return false;
	f.folder = result->sources.fleet.output;
	pass = run_output_pass(run);
	output_index(&pass, &result->fileset);
	objects_staged(run->mem, &index, f.folder, &there);
	out->clusters = count_clusters(&result->fileset);
	compare(&f, &result->fileset, &there);
	objects_close(&index);
	return true;
}
