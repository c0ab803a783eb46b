/*
 * meshc.yaml, read before anything else because it says where everything else is.
 *
 * It is read here for its values only and once more, with findings, among the
 * other files: spans sort like paths, and its place among the paths is not known
 * before the folders that it names have been listed.
 */
#include "base/base.h"
#include "front/local.h"
#include "model/select.h"
#include "schema/decode.h"
#include "schema/model.gen.h"

/* The Fleet among the documents; NULL: none that can be read. */
static const struct node *find_fleet(const struct documents *documents)
{
	for (uint32_t i = 0; i < documents->all.n; i++) {
		const struct node *root = documents->all.at[i].root;
		enum kind kind;

		if (!root || root->kind != NODE_MAP)
			continue;
		if (kind_find(scalar_of(root, S("apiVersion")), scalar_of(root, S("kind")),
			      &kind) &&
		    kind == KIND_FLEET)
			return root;
	}
	return NULL;
}

/* ./mesh/ -> mesh */
static struct str tidy(struct str path)
{
	while (str_starts(path, S("./")))
		path = str_slice(path, 2, path.n);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path = str_slice(path, 0, path.n - 1);
	return path;
}

static bool has_part(struct str path, struct str wanted)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		if (str_eq(str_slice(path, from, i), wanted))
			return true;
		from = i + 1;
	}
	return false;
}

static const char *path_wrong(struct str path)
{
	if (!path.n)
		return "it is empty";
	if (path.p[0] == '/' || has_part(path, S("..")))
		return "it does not lie below the folder of meshc.yaml";
	if (has_part(path, S("")) || has_part(path, S(".")))
		return "it has an empty part";
	if (memchr(path.p, '\\', path.n))
		return "folders are separated by `/`";
	return NULL;
}

/* The same folder, or one below it. */
static bool is_within(struct str path, struct str folder)
{
	if (!str_starts(path, folder))
		return false;
	return path.n == folder.n || path.p[folder.n] == '/';
}

static bool overlap(struct str a, struct str b)
{
	return is_within(a, b) || is_within(b, a);
}

static void add_fault(struct arena *mem, struct path_faults *faults, const struct text *path,
		      const char *why)
{
	vec_add(mem, &faults->all, ((struct path_fault){ path->at, path->s, why }));
}

static struct str take_path(struct arena *mem, struct path_faults *faults, const struct text *path)
{
	struct str tidied = tidy(path->s);
	const char *why = path_wrong(tidied);

	if (why)
		add_fault(mem, faults, path, why);
	return why ? S("") : tidied;
}

static void take_mesh(struct arena *mem, struct path_faults *faults, const struct text *path,
		      struct fleet_options *out)
{
	struct str folder = take_path(mem, faults, path);

	if (!folder.n)
		return;
	if (overlap(folder, out->inventory)) {
		add_fault(mem, faults, path, "it overlaps the inventory");
		return;
	}
	if (is_within(folder, out->output)) {
		add_fault(mem, faults, path, "it lies in the output");
		return;
	}
	vec_add(mem, &out->mesh, folder);
}

static void take_texts(struct arena *mem, const struct texts *from, struct name_list *out)
{
	for (uint32_t i = 0; i < from->n; i++)
		vec_add(mem, out, from->item[i].s);
}

static void take_target(struct arena *mem, struct path_faults *faults,
			const struct publish_target *t, struct fleet_options *out)
{
	struct publish_target_options *to = vec_push(mem, &out->targets);

	to->name = t->name.s;
	to->at = t->name.at;
	to->branch = t->branch.s;
	to->repository = t->repository.s;
	to->remote = to->repository.n ? S("") : t->remote.s;
	take_texts(mem, &t->clusters, &to->clusters);
	if (t->directory.s.n)
		to->directory = take_path(mem, faults, &t->directory);
	else if (!t->branch.s.n)
		to->directory = out->output;
}

static void take_wave(struct arena *mem, const struct rollout_wave *w, struct fleet_options *out)
{
	struct wave_options *to = vec_push(mem, &out->rollout);

	to->name = w->name.s;
	to->at = w->name.at;
	to->labels = labels_of(mem, &w->labels);
	take_texts(mem, &w->clusters, &to->clusters);
}

static void take_publish(struct arena *mem, struct path_faults *faults,
			 const struct fleet_spec *spec, struct fleet_options *out)
{
	const struct publish_guards *g = spec->guards;

	for (uint32_t i = 0; i < spec->targets.n; i++)
		take_target(mem, faults, &spec->targets.item[i], out);
	for (uint32_t i = 0; i < spec->rollout.n; i++)
		take_wave(mem, &spec->rollout.item[i], out);
	take_texts(mem, &spec->decommission, &out->decommission);
	out->repo_url = spec->repo_url.s;
	if (!g)
		return;
	out->guards.removed_objects = (uint32_t)g->max_removed_objects.v;
	out->guards.removed_percent = (uint32_t)g->max_removed_percent.v;
	out->guards.clusters_percent = (uint32_t)g->max_clusters_percent.v;
	take_texts(mem, &g->protected_kinds, &out->guards.protected_kinds);
	if (given(g->protected_kinds))
		return;
	vec_add(mem, &out->guards.protected_kinds, S("PeerAuthentication.security.istio.io"));
	vec_add(mem, &out->guards.protected_kinds, S("Bundle.trust.cert-manager.io"));
}

/* Appliers may read another repository than this one: `.` is its root. */
static struct str take_applied(struct arena *mem, struct path_faults *faults,
			       const struct fleet_appliers *appliers, struct str output)
{
	if (!appliers || !given(appliers->path))
		return output;
	if (str_eq(tidy(appliers->path.s), S(".")))
		return S("");
	return take_path(mem, faults, &appliers->path);
}

static void take_spec(struct arena *mem, struct path_faults *faults, const struct fleet_spec *spec,
		      struct fleet_options *out)
{
	out->gloo_namespace = spec->gloo_namespace.s;
	out->allow_approximate = spec->allow_approximate.v;
	out->inventory = take_path(mem, faults, &spec->inventory);
	out->output = take_path(mem, faults, &spec->output);
	if (out->output.n && out->inventory.n && overlap(out->output, out->inventory))
		add_fault(mem, faults, &spec->output, "it overlaps the inventory");
	out->applied = take_applied(mem, faults, spec->appliers, out->output);
	for (uint32_t i = 0; i < spec->mesh.n; i++)
		take_mesh(mem, faults, &spec->mesh.item[i], out);
	take_publish(mem, faults, spec, out);
}

/* A field of the wrong type holds nothing: the folder is then where it is by default. */
static void fill_in(struct fleet_spec *spec, const struct fleet_spec *defaults)
{
	if (!spec->inventory.s.p)
		spec->inventory = defaults->inventory;
	if (!spec->output.s.p)
		spec->output = defaults->output;
	if (!spec->gloo_namespace.s.n)
		spec->gloo_namespace = defaults->gloo_namespace;
	if (!spec->mesh.n && !given(spec->mesh))
		spec->mesh = defaults->mesh;
}

void fleet_read(struct arena *mem, struct str path, struct str text, struct fleet_options *out,
		struct path_faults *faults)
{
	struct files files = files_new(mem);
	struct diags quiet = diags_new(mem);
	struct documents documents = { 0 };
	const struct node *nothing = node_map(mem, (struct span){ 0 }), *root;
	const struct fleet *fleet, *defaults;
	struct fleet_spec spec;
	bool sound = true;

	yaml_read(mem, &quiet, files_get(&files, files_add(&files, path, text)), &documents);
	root = find_fleet(&documents);
	fleet = decode(mem, &quiet, &shape_fleet, root ? root : nothing, &sound);
	defaults = decode(mem, &quiet, &shape_fleet, nothing, &sound);
	spec = fleet->spec ? *fleet->spec : *defaults->spec;
	fill_in(&spec, defaults->spec);
	*out = (struct fleet_options){ .at = fleet->at };
	if (fleet->metadata) {
		out->name = fleet->metadata->name.s;
		out->at = fleet->metadata->name.at;
	}
	take_spec(mem, faults, &spec, out);
}
