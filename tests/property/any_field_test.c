/*
 * Change any one field of a declaration, and what is emitted changes, or what is said of it.
 *
 *	any_field_test FOLDER...                 every change of every declaration of every scene
 *	any_field_test --some N SEED FOLDER      N changes of a fleet
 *
 * FOLDER... are laid over each other, the last one once for each scene in it: FOLDER/SCENE/mesh. A scene is compiled
 * as it is, then once for each change, and the objects and the findings are compared: not where findings stand, but
 * all of their words. Together the scenes give every field that a declaration can have.
 */
#include "base/base.h"

#include "driver/compile.h"
#include "golden/disk.h"
#include "model/resource.h"
#include "property/mutate.h"
#include "tree/yaml.h"

#include <stdlib.h>
#include <unistd.h>

/*
 * A change may show in nothing where one of these says that nothing comes of the field: at the field itself, or at
 * something that it is part of. What only comes close is looked for as if nobody had allowed it.
 */
static const struct {
	enum code code;
	bool of_parts;
} answers[] = {
	{ CODE_approximate, false },
	{ CODE_trust_not_emitted, true },
	{ CODE_trust_part_not_emitted, true },
};

/* May be left out of a fleet: services have one port as well as several, and what is Gloo's lives beside Gloo. */
static const char *const redundant[] = {
	"TrafficPolicy.spec.policy.trafficShift.destinations.kubeService.port",
	"AccessPolicy.spec.allowedPorts",
	"VirtualMesh.metadata.namespace",
};

/* Fields that no scene need give: nothing is made of them. */
static const char *const idle[] = { "metadata.labels" };

struct declaration {
	struct node *root;
	enum kind kind;
};

struct answer {
	struct span at;
	bool of_parts;
};

struct outcome {
	struct str bare, full; /* objects and findings; full: with the indexes */
	bool said[CODE_MAX];
	VEC(struct answer) answers;
};

struct trial {
	struct arena *mem, *moment; /* moment: of one compile */
	const char *name, *folder;
	VEC(struct declaration) all;
	struct outcome first;       /* of what is unchanged */
	VEC(struct answer) answers; /* to what is unchanged, if nothing were allowed */
	uint32_t changes, step, offset, wrong;
	struct mutator *mutator;
};

/* --- one compile --- */

static void put_finding(struct buf *out, const struct finding *f)
{
	buf_format(out, "%s %.*s +%u\n", diag_row(f->code)->slug, STR(finding_message(out->mem, f)),
		   f->repeats);
	for (uint32_t i = 0; i < f->notes.n; i++)
		buf_format(out, "  %.*s\n", STR(f->notes.at[i].text));
	buf_format(out, "  %.*s\n", STR(f->help));
}

static void put_files(struct buf *out, const struct fileset *files, bool objects)
{
	for (uint32_t i = 0; i < files->all.n; i++) {
		const struct output_file *file = &files->all.at[i];

		if (objects == (file->object || file->beside))
			buf_format(out, "--- %.*s\n%.*s", STR(file->path), STR(file->bytes));
	}
}

static struct str write_declarations(struct trial *t)
{
	struct buf text = buf_new(t->moment, 0);

	for (uint32_t i = 0; i < t->all.n; i++) {
		buf_lit(&text, "---\n");
		yaml_write(&text, t->all.at[i].root);
	}
	disk_write(t->moment, path_join(t->moment, t->folder, "mesh/all.yaml"), buf_view(&text));
	return buf_view(&text);
}

static void take_finding(struct trial *t, const struct finding *f, struct outcome *out)
{
	out->said[f->code] = true;
	for (uint32_t i = 0; i < countof(answers); i++)
		if (answers[i].code == f->code)
			vec_add(t->moment, &out->answers,
				((struct answer){ f->at, answers[i].of_parts }));
}

/* What comes of it lives in `moment`. */
static void compile_trial(struct trial *t, struct outcome *out)
{
	struct buf bare = buf_new(t->moment, 0), indexes = buf_new(t->moment, 0);
	struct run run;
	struct result result;

	*out = (struct outcome){ 0 };
	write_declarations(t);
	run_open(&run, (struct run_options){ .root.from = t->folder, .jobs = 1 });
	if (compile(&run, &result)) {
		struct output_pass p = { .mem = run.mem, .diags = &run.diags, .pool = run.pool };

		output_index(&p, &result.fileset);
		put_files(&bare, &result.fileset, true);
		put_files(&indexes, &result.fileset, false);
	}
	diags_settle(&run.diags, run.mem);
	for (uint32_t i = 0; i < run.diags.all.n; i++) {
		put_finding(&bare, run.diags.all.at[i]);
		take_finding(t, run.diags.all.at[i], out);
	}
	out->bare = buf_view(&bare);
	buf_str(&indexes, out->bare);
	out->full = buf_view(&indexes);
	run_close(&run);
}

/* --- one change --- */

static bool is_within(struct span inner, struct span outer)
{
	return inner.start >= outer.start && inner.end <= outer.end;
}

static bool is_redundant(const struct trial *t, const struct mutation *m)
{
	for (uint32_t i = 0; t->step > 1 && m->dropped && i < countof(redundant); i++)
		if (strcmp(redundant[i], m->path) == 0)
			return true;
	return false;
}

static bool is_answered(const struct trial *t, const struct mutation *m)
{
	for (uint32_t i = 0; i < t->answers.n; i++)
		if (is_within(t->answers.at[i].at, m->at) ||
		    (t->answers.at[i].of_parts && is_within(m->at, t->answers.at[i].at)))
			return true;
	return false;
}

/* What the schema says of a value that it does not take. */
static bool is_refused(const bool *said)
{
	return said[CODE_yaml_syntax] || said[CODE_wrong_type] || said[CODE_out_of_range] ||
	       said[CODE_unknown_value] || said[CODE_bad_format] || said[CODE_ambiguous_scalar] ||
	       said[CODE_unknown_field];
}

static void complain(struct trial *t, const struct mutation *m, const char *what)
{
	if (t->wrong++ < 100)
		printf("%s: %s: %s: %s\n", t->name, m->path, m->how, what);
}

/* Names and annotations may show in an index alone; all that is in a spec must show in objects or words. */
static bool is_in_metadata(const char *path)
{
	return strstr(path, ".metadata") != NULL;
}

static bool shows(const struct trial *t, const struct mutation *m, const struct outcome *now)
{
	return is_in_metadata(m->path) ? !str_eq(now->full, t->first.full)
				       : !str_eq(now->bare, t->first.bare);
}

static void try_change(void *cx, const struct mutation *m)
{
	struct trial *t = cx;
	struct arena_mark mark;
	struct outcome now;

	if (t->changes++ % t->step != t->offset)
		return;
	mark = arena_mark(t->moment);
	compile_trial(t, &now);
	if (!m->dropped && is_refused(now.said))
		complain(t, m, "the schema does not take that");
	else if (!shows(t, m, &now) && !is_answered(t, m) && !is_redundant(t, m))
		complain(t, m, "nothing changes");
	arena_rewind(t->moment, mark);
}

static void change_all(struct trial *t)
{
	for (uint32_t i = 0; i < t->all.n; i++) {
		const struct kind_row *row = kind_row(t->all.at[i].kind);

		mutate(t->mutator, t->all.at[i].root, row->name, row->shape);
	}
}

/* --- a scene --- */

static void add_declarations(struct trial *t, struct files *files, const char *path,
			     struct str text)
{
	struct diags diags = diags_new(t->mem);
	struct documents documents = { 0 };
	uint32_t file = files_add(files, str_of(path), text);

	yaml_read(t->mem, &diags, files_get(files, file), &documents);
	for (uint32_t i = 0; i < documents.all.n; i++) {
		struct declaration *d = vec_push(t->mem, &t->all);

		d->root = documents.all.at[i].root;
		if (!d->root || !kind_find(node_get(d->root, S("apiVersion"))->u.text,
					   node_get(d->root, S("kind"))->u.text, &d->kind))
			give_up("%s: document %u is no declaration", path, i);
	}
}

/* All of them become one file, and are read from there: findings point into it. */
static void read_declarations(struct trial *t)
{
	const char *mesh = path_join(t->mem, t->folder, "mesh");
	struct disk_paths paths = disk_list(t->mem, mesh);
	struct files files = files_new(t->mem);
	struct str text;

	for (uint32_t i = 0; i < paths.all.n; i++) {
		const char *path = path_join(t->mem, mesh, paths.all.at[i].p);

		add_declarations(t, &files, path, disk_read(t->mem, path));
		unlink(path);
	}
	text = str_copy(t->mem, write_declarations(t));
	t->all.n = 0;
	add_declarations(t, &files, "mesh/all.yaml", text);
}

/* Under a name as long that means nothing, so that everything stays where it is. */
static void name_allowances(struct trial *t, struct str from, struct str to)
{
	for (uint32_t i = 0; i < t->all.n; i++) {
		struct node *metadata = node_get(t->all.at[i].root, S("metadata"));
		struct pair *pair = node_pair(node_get(metadata, S("annotations")), from);

		if (pair)
			pair->key = to;
	}
}

static void find_answers(struct trial *t)
{
	struct outcome out;

	name_allowances(t, S(ALLOWANCE), S("other.dev/allow-approximate"));
	compile_trial(t, &out);
	name_allowances(t, S("other.dev/allow-approximate"), S(ALLOWANCE));
	for (uint32_t i = 0; i < out.answers.n; i++)
		vec_add(t->mem, &t->answers, out.answers.at[i]);
}

static bool compiles(struct trial *t)
{
	compile_trial(t, &t->first);
	for (enum code code = 0; code < CODE_MAX; code++)
		if (t->first.said[code] && diag_row(code)->severity == SEVERITY_ERROR) {
			printf("%s does not compile:\n%.*s", t->name, STR(t->first.bare));
			return false;
		}
	return true;
}

/* some: so many changes, others for another seed; 0: all. */
static bool run_trial(struct trial *t, uint32_t some, uint32_t seed)
{
	read_declarations(t);
	if (!compiles(t))
		return false;
	find_answers(t);
	t->mutator->each = try_change;
	t->mutator->cx = t;
	t->step = t->offset = UINT32_MAX;
	if (some) {
		change_all(t);
		t->step = t->changes / some + 1;
		t->offset = seed % t->step;
		t->changes = 0;
	} else {
		t->step = 1;
		t->offset = 0;
	}
	change_all(t);
	printf("%s: %u declarations, %u changes, %u of them wrong\n", t->name, t->all.n,
	       t->changes / t->step, t->wrong);
	return !t->wrong;
}

/* The folders laid over each other, in a folder of its own for as long as it takes. */
static bool run_in_copy(struct mutator *mutator, const char *name, const char *const *folders,
			int n, uint32_t some, uint32_t seed)
{
	struct trial t = { .mem = mutator->mem, .moment = arena_new(), .name = name };
	char folder[] = "/tmp/meshc-fields-XXXXXX";
	bool right;

	if (!mkdtemp(folder))
		give_up("cannot make %s", folder);
	t.folder = folder;
	t.mutator = mutator;
	for (int i = 0; i < n; i++)
		disk_overlay(t.mem, folders[i], folder);
	right = run_trial(&t, some, seed);
	disk_remove(t.mem, folder);
	arena_free(t.moment);
	return right;
}

static bool run_scenes(struct mutator *m, const char **folders, int n)
{
	const char *scenes = folders[n - 1];
	struct disk_paths paths = disk_list(m->mem, scenes);
	struct str last = { 0 };
	bool right = true;

	for (uint32_t i = 0; i < paths.all.n; i++) {
		struct str path = paths.all.at[i];
		struct str scene = str_slice(path, 0, (uint32_t)str_find(path, '/'));

		if (str_eq(scene, last))
			continue;
		last = scene;
		folders[n - 1] = path_join(m->mem, scenes, str_z(m->mem, scene));
		right = run_in_copy(m, str_z(m->mem, scene), folders, n, 0, 0) && right;
	}
	return right;
}

/* --- every field --- */

static bool is_idle(const char *path)
{
	for (uint32_t i = 0; i < countof(idle); i++)
		if (str_ends(str_of(path), str_of(idle[i])))
			return true;
	return false;
}

static bool all_met(const struct mutator *m, const struct shape *shape, const char *path)
{
	bool all = true;

	for (uint32_t i = 0; i < shape->n_fields; i++) {
		const struct shape_field *field = &shape->fields[i];
		const char *below = str_format(m->mem, "%s.%s", path, field->name).p;

		if (field->type == FIELD_IGNORED || field->type == FIELD_LATER || is_idle(below))
			continue;
		if (!mutator_met(m, field)) {
			printf("no scene gives %s\n", below);
			all = false;
		} else if (field->shape) {
			all = all_met(m, field->shape, below) && all;
		}
	}
	return all;
}

static bool all_declarations_met(const struct mutator *m)
{
	static const enum kind kinds[] = { KIND_VIRTUAL_MESH, KIND_TRAFFIC_POLICY,
					   KIND_ACCESS_POLICY };
	bool all = true;

	for (uint32_t i = 0; i < countof(kinds); i++)
		all = all_met(m, kind_row(kinds[i])->shape, kind_row(kinds[i])->name) && all;
	return all;
}

static uint32_t number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

int main(int argc, const char **argv)
{
	struct mutator m = { .mem = arena_new() };
	bool right;

	if (argc == 5 && strcmp(argv[1], "--some") == 0) {
		right = run_in_copy(&m, argv[4], &argv[4], 1, number(argv[2]), number(argv[3]));
	} else if (argc > 1 && argv[1][0] != '-') {
		right = run_scenes(&m, &argv[1], argc - 1);
		right = all_declarations_met(&m) && right;
	} else {
		give_up("usage: any_field_test FOLDER... | --some N SEED FOLDER");
	}
	arena_free(m.mem);
	return right ? 0 : 1;
}
