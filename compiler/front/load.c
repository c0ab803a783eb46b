/*
 * Pass 1: which files there are, their bytes, and what each is for.
 *
 * Files get their ids in the order of their paths. A file below the inventory
 * belongs to the cluster whose name the folder has; the output is never read.
 */
#include "base/base.h"
#include "base/limit.h"
#include "base/sort.h"
#include "front/local.h"

static const struct span nowhere;

/* inventory/<cluster>/... -> cluster; files directly in the inventory: empty. */
static struct str cluster_folder(struct str path, struct str inventory)
{
	struct str rest = str_slice(path, inventory.n + 1, path.n);
	int64_t slash = str_find(rest, '/');

	return slash < 0 ? S("") : str_slice(rest, 0, (uint32_t)slash);
}

static bool is_below(struct str path, struct str folder)
{
	return path.n > folder.n && str_starts(path, folder) && path.p[folder.n] == '/';
}

static bool is_bad_folder(struct pass *p, struct sources *out, uint32_t file, struct str folder,
			  struct str last_bad)
{
	const char *why = folder.n ? name_fault(folder, NAME_LABEL) : NULL;

	if (!why)
		return false;
	if (!str_eq(folder, last_bad)) {
		struct finding *f =
			report_bad_name(p->diags, (struct span){ file, 0, 0 }, folder, str_of(why));

		help(f, "a folder below `%.*s` is named like its cluster",
		     STR(out->fleet.inventory));
	}
	return true;
}

static void register_files(struct pass *p, const struct tree_listing *listing, struct sources *out)
{
	struct str inventory = out->fleet.inventory, last_bad = { 0 };

	for (uint32_t i = 0; i < listing->all.n; i++) {
		const struct tree_file *file = &listing->all.at[i];
		struct source source = { .file = files_add(out->files, file->path, file->text) };

		if (str_eq(file->path, S("meshc.yaml"))) {
			source.place = SOURCE_FLEET;
		} else if (inventory.n && is_below(file->path, inventory)) {
			source.place = SOURCE_INVENTORY;
			source.folder = cluster_folder(file->path, inventory);
		} else {
			source.place = SOURCE_DECLARATION;
		}
		if (is_bad_folder(p, out, source.file, source.folder, last_bad)) {
			last_bad = source.folder;
			continue;
		}
		vec_add(p->mem, &out->all, source);
	}
}

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

/* Folders may be given that lie in one another: each file counts once. */
static void sort_unique(struct arena *mem, struct tree_listing *listing)
{
	uint32_t n = 0;

	sort_stable(mem, listing->all.at, listing->all.n, sizeof *listing->all.at, compare_files);
	for (uint32_t i = 0; i < listing->all.n; i++)
		if (!n || !str_eq(listing->all.at[n - 1].path, listing->all.at[i].path))
			listing->all.at[n++] = listing->all.at[i];
	listing->all.n = n;
}

static bool list_sources(struct pass *p, struct root *root, const struct fleet_options *fleet,
			 struct tree_listing *out)
{
	bool sound = true;

	root->skip = fleet->output;
	if (fleet->inventory.n)
		sound = root_read(p->mem, p->diags, root, fleet->inventory,
				  LIMIT_INVENTORY_FILE_BYTES, out);
	for (uint32_t i = 0; i < fleet->mesh.n; i++)
		sound = root_read(p->mem, p->diags, root, fleet->mesh.at[i], LIMIT_FILE_BYTES,
				  out) &&
			sound;
	return sound;
}

static uint32_t fleet_file(const struct sources *sources)
{
	for (uint32_t i = 0; i < sources->all.n; i++)
		if (sources->all.at[i].place == SOURCE_FLEET)
			return sources->all.at[i].file;
	BUG("meshc.yaml is not among the sources");
}

static void place(struct span *at, uint32_t file)
{
	if (span_set(*at))
		at->file = file;
}

/* meshc.yaml was read before the files were numbered. */
static void place_fleet(struct fleet_options *fleet, uint32_t file)
{
	place(&fleet->at, file);
	for (uint32_t i = 0; i < fleet->targets.n; i++)
		place(&fleet->targets.at[i].at, file);
	for (uint32_t i = 0; i < fleet->rollout.n; i++)
		place(&fleet->rollout.at[i].at, file);
}

static void report_paths(struct pass *p, const struct path_faults *faults, uint32_t file)
{
	for (uint32_t i = 0; i < faults->all.n; i++) {
		struct path_fault *fault = &faults->all.at[i];

		place(&fault->at, file);
		report_bad_name(p->diags, fault->at, fault->path, str_of(fault->why));
	}
}

bool front_fleet(struct pass *p, struct root *root, struct sources *out)
{
	const struct str marker = S("meshc.yaml");
	struct path_faults faults = { 0 };
	struct source source = { .place = SOURCE_FLEET };
	struct str text;

	*out = (struct sources){ .files = out->files };
	if (!root_read_file(p->mem, p->diags, root, marker, LIMIT_FILE_BYTES, &text) || !text.p)
		return false;
	source.file = files_add(out->files, marker, text);
	vec_add(p->mem, &out->all, source);
	fleet_read(p->mem, marker, text, &out->fleet, &faults);
	return !faults.all.n;
}

bool front_load(struct pass *p, struct root *root, struct sources *out)
{
	const struct str marker = S("meshc.yaml");
	struct tree_listing listing = { 0 };
	struct path_faults faults = { 0 };
	struct str text;
	bool sound;

	*out = (struct sources){ .files = out->files };
	if (!root_read_file(p->mem, p->diags, root, marker, LIMIT_FILE_BYTES, &text))
		return false;
	if (!text.p) {
		report_no_fleet(p->diags, nowhere, root->path);
		return false;
	}
	fleet_read(p->mem, marker, text, &out->fleet, &faults);
	vec_add(p->mem, &listing.all, ((struct tree_file){ marker, text }));
	sound = list_sources(p, root, &out->fleet, &listing);
	sort_unique(p->mem, &listing);
	register_files(p, &listing, out);

	place_fleet(&out->fleet, fleet_file(out));
	report_paths(p, &faults, fleet_file(out));
	return sound && !faults.all.n;
}
