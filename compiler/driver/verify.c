/*
 * Finding the commit of meshc's, compiling its source, comparing; see the header.
 */
#include "base/base.h"
#include "driver/verify.h"

#include "base/limit.h"
#include "driver/local.h"
#include "git/sign.h"

enum { STEPS = 10000 }; /* commits looked through for who published, or edited */

static const struct span nowhere;

struct verification {
	struct run *run;
	const struct verify_request *request;
	struct result *result;
	struct verified *out;
	struct repository repository;
	const struct publish_target_options *target;
	struct scope scope; /* what its commit was about: later waves come from other sources */
	struct fileset files;
	struct commit_tree tree;
};

/* "Meshc-Source-Commit: " at the start of a line of the message -> the rest of the line. */
static struct str trailer(struct str body, struct str key)
{
	while (body.n) {
		int64_t end = str_find(body, '\n');
		struct str line = str_slice(body, 0, end < 0 ? body.n : (uint32_t)end);

		if (str_starts(line, key))
			return str_slice(line, key.n, line.n);
		body = str_slice(body, line.n + 1, body.n);
	}
	return (struct str){ 0 };
}

/* Anything else would be read as a revision, which whoever commits to the branch could choose. */
static bool read_id(struct str text, struct object_id *out)
{
	struct object_id id = { 0 };

	if (text.n != OBJECT_HEX)
		return false;
	for (uint32_t i = 0; i < OBJECT_HEX; i++) {
		if (!text.p[i] || !strchr("0123456789abcdef", text.p[i]))
			return false;
		id.hex[i] = text.p[i];
	}
	*out = id;
	return true;
}

/* ---- Which commit ---- */

/* The branch of the target, as HEAD's Fleet names it: here, or as it was last fetched. */
static bool find_branch(struct verification *v)
{
	const struct publish_target_options *t;
	struct object_id id = { 0 };

	v->run->options.root.kind = ROOT_REVISION;
	v->run->options.root.rev = "HEAD";
	if (!compile_sources(v->run, v->result))
		return false;
	t = target_find(&v->run->diags, &v->result->sources.fleet, v->request->target);
	if (!t)
		return false;
	v->out->ref = S("HEAD");
	if (!t->branch.n)
		return true;
	v->out->ref = str_format(v->run->mem, "refs/heads/%.*s", STR(t->branch));
	if (!ref_is_valid(v->run->mem, v->out->ref) ||
	    !ref_read(v->run->mem, &v->run->diags, &v->repository, v->out->ref, &id) || !id.hex[0])
		v->out->ref = str_format(v->run->mem, "refs/remotes/%.*s/%.*s", STR(t->remote),
					 STR(t->branch));
	return true;
}

static bool find_commit(struct verification *v)
{
	struct str rev, folder;

	if (!v->out->ref.n && !find_branch(v))
		return false;
	rev = v->out->ref;
	return repository_commit(v->run->mem, &v->run->diags, &v->repository, rev, &v->out->commit,
				 &folder);
}

/* The last commit that says that meshc made it, by first parents. */
static bool find_published(struct verification *v, struct commit *out)
{
	struct object_id id = v->out->commit;
	struct finding *f;

	for (uint32_t i = 0; i < STEPS && id.hex[0]; i++) {
		struct str source;

		if (!commit_read(v->run->mem, &v->run->diags, &v->repository, &id, out))
			return false;
		source = trailer(out->body, S(SOURCE_TRAILER));
		if (read_id(source, &v->out->source)) {
			v->out->published = id;
			v->out->version = trailer(out->body, S("Meshc-Version: "));
			return true;
		}
		if (!commit_parent(&v->run->diags, &v->repository, &id, &id))
			return false;
	}
	f = report_not_published(&v->run->diags, nowhere, v->out->ref);
	help(f, "commits of meshc end with `Meshc-Source-Commit:`");
	return false;
}

static bool find_target(struct verification *v, const struct commit *published)
{
	const char *name = v->request->target;

	if (!name)
		name = str_z(v->run->mem, trailer(published->body, S("Meshc-Target: ")));
	v->target = target_find(&v->run->diags, &v->result->sources.fleet, name);
	return v->target;
}

/* ---- Comparing ---- */

/* Whether the commit has that file under the path. */
static bool holds(struct verification *v, const struct object_id *commit, struct str path,
		  const struct object_id *file)
{
	struct object_id there = { 0 };
	enum entry_kind kind = ENTRY_NONE;
	struct commit_tree tree;

	if (!commit_tree_open(&v->run->diags, &v->repository, commit, v->target->directory, &tree))
		return false;
	commit_tree_look(v->run->mem, &v->run->diags, &tree, path, &kind, &there);
	commit_tree_close(&tree);
	return kind == ENTRY_FILE && same_hex(file->hex, there.hex);
}

/* Who gave the path what it holds: the last commit by first parents that changed it. */
static void name_editor(struct verification *v, struct finding *f, struct str path)
{
	struct object_id id = v->out->commit, here = { 0 }, parent;
	struct diags *d = &v->run->diags;
	enum entry_kind kind;
	struct commit c;

	if (!commit_tree_look(v->run->mem, d, &v->tree, path, &kind, &here))
		return;
	for (uint32_t i = 0; i < STEPS; i++) {
		if (!commit_parent(d, &v->repository, &id, &parent) || !parent.hex[0] ||
		    !holds(v, &parent, path, &here))
			break;
		id = parent;
	}
	if (commit_read(v->run->mem, &v->run->diags, &v->repository, &id, &c))
		note(f, nowhere, "%.12s by %.*s <%.*s>: %.*s", id.hex, STR(c.author.name),
		     STR(c.author.email), STR(c.subject));
}

static void compare_file(struct verification *v, const struct output_file *file)
{
	struct object_id there;
	enum entry_kind kind;

	v->out->files++;
	if (!commit_tree_look(v->run->mem, &v->run->diags, &v->tree, file->path, &kind, &there))
		return;
	if (kind == ENTRY_NONE)
		report_output_missing(&v->run->diags, nowhere, file->path);
	else if (kind != ENTRY_FILE || !same_hex(there.hex, file->digest.hex))
		name_editor(v, report_edited_by_hand(&v->run->diags, nowhere, file->path),
			    file->path);
}

static bool is_wanted(const struct verification *v, struct str path)
{
	uint32_t from = 0, to = v->files.all.n;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = str_cmp(v->files.all.at[middle].path, path);

		if (!order)
			return true;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

/* clusters/c1/... -> clusters/c1/ */
static bool is_in_scope(const struct verification *v, struct str path)
{
	int64_t first = str_find(path, '/'), second;

	second = first < 0 ? -1 : str_find(str_slice(path, (uint32_t)first + 1, path.n), '/');
	return second < 0 ||
	       scope_takes(&v->scope, str_slice(path, 0, (uint32_t)(first + second) + 2));
}

/* Files in the folders of clusters that meshc did not write: Argo CD and Flux apply them all the same. */
static void find_foreign(struct verification *v, struct str folder, uint32_t depth)
{
	struct entries there;

	commit_tree_list(v->run->mem, &v->run->diags, &v->tree, folder, &there);
	for (uint32_t i = 0; i < there.all.n; i++) {
		const struct entry *e = &there.all.at[i];
		struct str path = str_format(v->run->mem, "%.*s/%.*s", STR(folder), STR(e->name));

		if (e->kind == ENTRY_FOLDER && depth < LIMIT_DEPTH)
			find_foreign(v, path, depth + 1);
		else if (!is_wanted(v, path) && is_in_scope(v, path))
			name_editor(v, report_output_foreign(&v->run->diags, nowhere, path), path);
	}
}

static void compare_provenance(struct verification *v, const struct commit *source)
{
	struct str text,
		want = provenance_text(v->run->mem, source, v->result->sources.fleet.repo_url);

	if (commit_tree_read(v->run->mem, &v->run->diags, &v->tree, S(PROVENANCE), LIMIT_PROVENANCE,
			     &text) &&
	    !str_eq(text, want))
		report_bad_provenance(&v->run->diags, nowhere, S(PROVENANCE));
}

static void compare(struct verification *v, const struct commit *source)
{
	for (uint32_t i = 0; i < v->files.all.n; i++)
		if (!str_eq(v->files.all.at[i].path, S(".gitattributes")))
			compare_file(v, &v->files.all.at[i]);
	v->out->clusters = count_clusters(&v->files);
	find_foreign(v, S("clusters"), 0);
	find_foreign(v, S("appliers"), 0);
	compare_provenance(v, source);
}

static void judge_signature(struct verification *v)
{
	struct str signature, text;
	struct finding *f;

	if (!commit_signature(v->run->mem, &v->run->diags, &v->repository, &v->out->published,
			      &signature, &text))
		return;
	v->out->is_signed = signature.p;
	if (!v->request->signers)
		return;
	if (v->out->is_signed && sign_verify(v->run->mem, v->request->signers, signature, text,
					     v->request->environment, &v->out->signer))
		return;
	f = report_bad_signature(&v->run->diags, nowhere, str_of(v->out->published.hex));
	help(f,
	     v->out->is_signed ? "nobody in the file of allowed signers made it" : "it has none");
}

/* ---- All of it ---- */

/* Up to the wave that the commit names; without one it is about everything. */
static void set_scope(struct verification *v, const struct commit *published)
{
	const struct fleet_options *fleet = &v->result->sources.fleet;
	struct str wave = trailer(published->body, S("Meshc-Wave: "));

	v->scope = (struct scope){ .inventory = &v->result->snapshot.inventory,
				   .fleet = fleet,
				   .target = v->target };
	for (uint32_t i = 0; i + 1 < fleet->rollout.n; i++)
		if (str_eq(fleet->rollout.at[i].name, wave)) {
			v->scope.waves = WAVES_BEFORE;
			v->scope.wave = i + 1;
		}
}

static bool compile_source(struct verification *v, const struct commit *published)
{
	struct output_pass pass;

	v->run->options.root.kind = ROOT_REVISION;
	v->run->options.root.rev = v->out->source.hex;
	if (!compile(v->run, v->result) || !find_target(v, published))
		return false;
	pass = run_output_pass(v->run);
	output_index(&pass, &v->result->fileset);
	set_scope(v, published);
	scope_files(v->run->mem, &v->scope, &v->result->fileset, &v->files);
	return true;
}

static bool verify_opened(struct verification *v)
{
	struct commit published, source;

	if (!find_commit(v) || !find_published(v, &published) || !compile_source(v, &published) ||
	    !commit_read(v->run->mem, &v->run->diags, &v->repository, &v->out->source, &source) ||
	    !commit_tree_open(&v->run->diags, &v->repository, &v->out->commit, v->target->directory,
			      &v->tree))
		return false;
	compare(v, &source);
	judge_signature(v);
	commit_tree_close(&v->tree);
	return true;
}

bool verify(struct run *run, const struct verify_request *request, struct result *result,
	    struct verified *out)
{
	struct verification v = { .run = run, .request = request, .result = result, .out = out };
	bool done;

	*out = (struct verified){ .ref = str_of(request->ref) };
	*result = (struct result){ .sources.files = NEW(run->mem, struct files, 1) };
	*result->sources.files = files_new(run->mem);
	if (!repository_share(run->mem, &run->diags, run->options.root.from,
			      run->options.root.repository, &v.repository))
		return false;
	done = verify_opened(&v);
	repository_close(&v.repository);
	return done;
}
