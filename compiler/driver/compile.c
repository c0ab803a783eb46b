/*
 * The program: eleven passes, each const input in and own output out.
 *
 * Passes report what they find and work on with what is sound; only the gates
 * here turn findings into an end. Nothing is written before every gate is open.
 */
#include "base/base.h"
#include "driver/compile.h"

#include "applier/applier.h"
#include "driver/local.h"
#include "rules/rules.h"
#include "stub/stub.h"
#include "target/target.h"

static struct pass front_pass(struct run *run)
{
	return (struct pass){ .mem = run->mem, .diags = &run->diags, .pool = run->pool };
}

static struct plan_pass plan_pass(struct run *run)
{
	return (struct plan_pass){ .mem = run->mem, .diags = &run->diags, .pool = run->pool };
}

struct output_pass run_output_pass(struct run *run)
{
	return (struct output_pass){ .mem = run->mem,
				     .diags = &run->diags,
				     .pool = run->pool,
				     .sizes_only = run->options.only_check };
}

static bool gate(const struct run *run)
{
	return run->diags.errors == 0 && !(run->options.strict && run->diags.warnings);
}

static bool load(struct run *run, struct pass *p, struct result *out)
{
	struct root root;
	bool loaded;

	/* Findings need a registry of texts, even where no text could be read. */
	out->sources.files = NEW(run->mem, struct files, 1);
	*out->sources.files = files_new(run->mem);
	if (!root_open(run->mem, &run->diags, &run->options.root, &root))
		return false;
	if (root.kind != ROOT_WORKTREE)
		run_read_git(run);
	root.pool = run->pool;
	out->root = root.path;
	out->rootless = root.bare;
	out->commit = root.objects.commit;
	out->folder = root.objects.root;
	loaded = front_load(p, &root, &out->sources);
	root_close(&root);
	return loaded;
}

bool compile_sources(struct run *run, struct result *out)
{
	struct pass p = front_pass(run);
	bool loaded;

	*out = (struct result){ 0 };
	loaded = load(run, &p, out);
	run_lap(run, PHASE_load);
	return loaded;
}

bool compile_snapshot(struct run *run, struct result *out)
{
	struct pass p = front_pass(run);

	if (run->options.readings)
		front_read_again(&p, &out->sources, run->options.readings, &out->catalog);
	else
		front_read(&p, &out->sources, &out->catalog);
	run_lap(run, PHASE_read);
	front_resolve(&p, &out->sources, &out->catalog, &out->snapshot);
	run_lap(run, PHASE_resolve);
	out->has_snapshot = true;
	return run->diags.errors == 0;
}

static bool build_plan(struct run *run, struct result *r)
{
	struct plan_pass p = plan_pass(run);

	plan_build(&p, &r->snapshot, &r->plan);
	run_lap(run, PHASE_plan);
	r->has_plan = true;
	rules_audit(&p, &r->plan);
	run_lap(run, PHASE_rules);
	return run->diags.errors == 0;
}

void compile_lower(void *result, uint32_t i, struct arena *mem, struct diags *diags,
		   struct object_set *out)
{
	const struct result *r = result;
	struct str name = r->plan.clusters[i].cluster->name;

	if (!scope_takes(&r->scope, str_join(mem, output_folder(mem, name), S("/")))) {
		out->cluster = name;
		return;
	}
	target_lower_cluster(mem, diags, &r->plan, i, out);
	applier_mark(mem, &r->snapshot, out);
}

static void build_appliers(struct output_pass *p, struct result *r)
{
	struct bundle appliers;

	applier_objects(p->mem, p->diags, &r->snapshot, &appliers);
	output_render_appliers(p, &appliers, &r->fileset);
}

static void keep_shard(struct run *run, struct result *r)
{
	struct fileset all = r->fileset;

	scope_files(run->mem, &r->scope, &all, &r->fileset);
}

/* Each cluster is lowered and rendered in one go, so that the trees of a fleet never exist all at once. */
static bool build_files(struct run *run, struct result *r)
{
	struct output_pass p = run_output_pass(run);

	r->scope = (struct scope){ .inventory = &r->snapshot.inventory,
				   .fleet = &r->sources.fleet,
				   .shard = run->options.shard };
	output_render_each(&p, r->plan.n_clusters, compile_lower, r, &r->bundle, &r->fileset);
	build_appliers(&p, r);
	if (run->options.shard.count)
		keep_shard(run, r);
	run_lap(run, PHASE_render);
	r->has_files = true;
	return gate(run);
}

static bool compile_plan(struct run *run, struct result *out)
{
	struct plan_pass p = plan_pass(run);

	compile_snapshot(run, out);
	rules_check(&p, &out->snapshot);
	run_lap(run, PHASE_rules);
	if (run->diags.errors)
		return false;
	return build_plan(run, out);
}

bool compile_files(struct run *run, struct result *out)
{
	return compile_plan(run, out) && build_files(run, out);
}

bool compile(struct run *run, struct result *out)
{
	return compile_sources(run, out) && compile_files(run, out);
}

bool compile_objects(struct run *run, struct result *out)
{
	struct plan_pass p = plan_pass(run);

	if (!compile_plan(run, out))
		return false;
	target_lower(&p, &out->plan, &out->bundle);
	for (uint32_t i = 0; i < out->bundle.n; i++)
		applier_mark(run->mem, &out->snapshot, &out->bundle.clusters[i]);
	run_lap(run, PHASE_render);
	return run->diags.errors == 0;
}

void compile_index(struct run *run, struct result *r)
{
	struct output_pass p = run_output_pass(run);

	output_index(&p, &r->fileset);
}

static void lower_stubs(void *result, uint32_t i, struct arena *mem, struct diags *diags,
			struct object_set *out)
{
	const struct result *r = result;
	const struct cluster *cluster = r->plan.clusters[i].cluster;

	(void)diags;
	out->cluster = cluster->name;
	if (scope_takes(&r->scope, str_join(mem, output_folder(mem, cluster->name), S("/"))))
		stub_objects(mem, &r->snapshot, cluster, out);
}

/* Of the shard's clusters alone, as the output. */
static void keep_stubs(struct run *run, struct result *r)
{
	struct fileset all = r->stubs.fileset;

	if (run->options.shard.count)
		scope_files(run->mem, &r->scope, &all, &r->stubs.fileset);
}

bool compile_settle_stubs(struct run *run, const char *dir, struct result *r)
{
	struct output_pass p = run_output_pass(run);
	struct stubs *stubs = &r->stubs;
	bool settled;

	p.takes = scope_takes;
	p.takes_cx = &r->scope;
	output_render_each(&p, r->plan.n_clusters, lower_stubs, r, &stubs->bundle, &stubs->fileset);
	keep_stubs(run, r);
	run_lap(run, PHASE_render);
	output_index(&p, &stubs->fileset);
	settled = output_settle(&p, dir, &stubs->fileset, &stubs->changes);
	run_lap(run, PHASE_settle);
	return settled && gate(run);
}

bool compile_publish_stubs(struct run *run, const char *dir, struct result *r)
{
	struct output_pass p = run_output_pass(run);
	bool published = output_publish(&p, dir, &r->stubs.fileset, &r->stubs.changes);

	run_lap(run, PHASE_publish);
	r->has_changes = r->has_changes && published;
	return published;
}

bool compile_settle(struct run *run, const char *out_dir, struct result *r)
{
	struct output_pass p = run_output_pass(run);

	p.takes = scope_takes;
	p.takes_cx = &r->scope;
	output_index(&p, &r->fileset);
	r->has_changes = output_settle(&p, out_dir, &r->fileset, &r->changes);
	run_lap(run, PHASE_settle);
	return r->has_changes && gate(run);
}

bool compile_publish(struct run *run, const char *out_dir, struct result *r)
{
	struct output_pass p = run_output_pass(run);
	bool published = output_publish(&p, out_dir, &r->fileset, &r->changes);

	run_lap(run, PHASE_publish);
	r->has_changes = published;
	return published;
}
